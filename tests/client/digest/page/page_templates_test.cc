#include "client/digest/page/page_templates.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>

#include "base/status.h"
#include "client/digest/page/html.h"
#include "tests/client/digest/support/sample_edition.h"
#include "tests/support/temporary_folder.h"

namespace shield {
namespace {

std::string Refusal(std::map<std::string, std::string> files) {
  const absl::StatusOr<PageTemplates> templates = PageTemplates::Create(std::move(files));
  if (templates.ok()) return "";
  EXPECT_TRUE(absl::IsInvalidArgument(templates.status()));
  EXPECT_FALSE(HintOf(templates.status()).empty());
  return std::string(templates.status().message());
}

// What becomes of the sample when a force's `file` says `text`.
absl::StatusOr<std::string> Page(const std::string& file, const std::string& text) {
  ASSIGN_OR_RETURN(const PageTemplates templates, PageTemplates::Create({{file, text}}));
  return WriteHtml(SampleEdition(Language::kEnglish), templates);
}

TEST(PageTemplates, AForcesTemplateStandsInPlaceOfTheBuiltInOne) {
  const absl::StatusOr<std::string> html =
      Page("head.mustache", "<h1>Politie Antwerpen</h1>\n<p>{{title}}</p>\n");
  ASSERT_TRUE(html.ok()) << html.status();
  EXPECT_NE(html->find("<h1>Politie Antwerpen</h1>\n<p>Weekly briefing 47/2026</p>"),
            std::string::npos);
  EXPECT_EQ(html->find("class=\"facts\""), std::string::npos);
}

TEST(PageTemplates, AnErrorNamesFileAndLine) {
  EXPECT_EQ(Refusal({{"item.mustache", "a\nb\n{{#status}}x"}}),
            "item.mustache:3: unclosed section \"status\"");
  EXPECT_EQ(Refusal({{"head.mustache", "a\n{{title"}}), "head.mustache:2: unclosed tag");
  EXPECT_EQ(Refusal({{"page.mustache", "\n\n{{/x}}"}}), "page.mustache:3: unopened section \"x\"");
  EXPECT_EQ(Refusal({{"page.css", "p { }\nb { background: url(x) }"}}),
            "page.css:2: `url(` may not stand in a style");
}

TEST(PageTemplates, WhatWouldNotEndOrIsNotThereIsRefused) {
  EXPECT_EQ(Refusal({{"section.mustache", "{{> section}}"}}),
            "section.mustache:1: `section` would stand in itself");
  EXPECT_NE(Refusal({{"item.mustache", "\n{{>page}}"}}).find("would stand in itself"),
            std::string::npos);
  EXPECT_EQ(Refusal({{"item.mustache", "{{> item_title}}"}}),
            "item.mustache:1: there is no template `item_title`");
  EXPECT_EQ(Refusal({{"item.mustache", "{{=<% %>=}}"}}), "item.mustache:1: `{{=` is not used here");
  EXPECT_EQ(Refusal({{"other.mustache", "x"}}),
            "`other.mustache`: there is no template of this name");
  EXPECT_NE(Refusal({{"page.css", std::string(kMaxTemplateBytes + 1, ' ')}}), "");
  EXPECT_EQ(Refusal({{"page.css", std::string(kMaxTemplateBytes, ' ')}}), "");
}

TEST(PageTemplates, WhatATemplateAddsCannotRunOrLoad) {
  for (const std::string text :
       {"a\n<script>x</script>", "a\n<img src=\"https://a.example/x.png\">",
        "a\n<p onclick=\"x\">y</p>", "a\n<p style=\"color: red\">y</p>",
        "a\n<a href=\"javascript:x\">y</a>", "a\n<iframe></iframe>", "a\n<!-- x -->"}) {
    const absl::StatusOr<std::string> html = Page("head.mustache", text);
    ASSERT_FALSE(html.ok()) << text;
    EXPECT_TRUE(absl::IsInvalidArgument(html.status()));
    EXPECT_EQ(std::string(html.status().message()).rfind("head.mustache:2: ", 0), 0U)
        << html.status().message();
  }
}

TEST(PageTemplates, ATemplateCannotSayAPersonsTextAsMarkup) {
  Edition edition = SampleEdition(Language::kEnglish);
  edition.items[0].bulletin.content.title = "<script>alert(1)</script>{{network}}";
  const absl::StatusOr<PageTemplates> templates =
      PageTemplates::Create({{"item.mustache", "<h3>{{{item_title}}} {{&item_title}}</h3>\n"}});
  ASSERT_TRUE(templates.ok()) << templates.status();
  const absl::StatusOr<std::string> html = WriteHtml(edition, *templates);
  ASSERT_TRUE(html.ok()) << html.status();
  const std::string escaped = "&lt;script&gt;alert(1)&lt;/script&gt;{{network}}";
  EXPECT_NE(html->find("<h3>" + escaped + " " + escaped + "</h3>"), std::string::npos);
}

TEST(PageTemplates, NoTemplateTakesTheLabelOrThePolicyAway) {
  const absl::StatusOr<std::string> html = Page("page.mustache", "<p>nothing</p>");
  ASSERT_TRUE(html.ok()) << html.status();
  EXPECT_NE(html->find("<header class=\"band\"><p class=\"label tlp-amber\">TLP:AMBER</p>"),
            std::string::npos);
  EXPECT_NE(html->find("default-src 'none'"), std::string::npos);
}

TEST(PageTemplates, AFolderGivesThoseFilesThatItHas) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder / "head.mustache") << "<h1>Ours</h1>\n";
  std::ofstream(folder / "notes.txt") << "{{#not a template";
  const absl::StatusOr<PageTemplates> templates = ReadPageTemplates(folder.path());
  ASSERT_TRUE(templates.ok()) << templates.status();
  EXPECT_EQ(templates->Text("head"), "<h1>Ours</h1>\n");
  EXPECT_EQ(templates->Text("item"), PageTemplates::BuiltIn().Text("item"));
  EXPECT_TRUE(absl::IsNotFound(ReadPageTemplates(folder / "absent").status()));
}

TEST(PageTemplates, AFolderWithoutTemplatesOrWithAMisspeltOneIsRefused) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder / "notes.txt") << "notes";
  EXPECT_TRUE(absl::IsInvalidArgument(ReadPageTemplates(folder.path()).status()));
  for (const char* name : {"heading.mustache", "style.css"}) {
    const testing::TemporaryFolder other;
    std::ofstream(other / "head.mustache") << "<h1>Ours</h1>\n";
    std::ofstream(other / name) << "p { color: red; }";
    const absl::Status refused = ReadPageTemplates(other.path()).status();
    EXPECT_TRUE(absl::IsInvalidArgument(refused)) << name;
    EXPECT_NE(refused.message().find(name), std::string::npos);
    EXPECT_NE(HintOf(refused).find("head.mustache"), std::string::npos);
  }
}

// Reads as somebody who is not allowed everything.
absl::Status ReadAsNobody(const std::filesystem::path& folder) {
  constexpr uid_t kNobody = 65534;
  const bool is_root = geteuid() == 0;
  EXPECT_EQ(is_root ? seteuid(kNobody) : 0, 0);
  absl::Status status = ReadPageTemplates(folder).status();
  EXPECT_EQ(is_root ? seteuid(0) : 0, 0);
  return status;
}

TEST(PageTemplates, AFolderThatCannotBeReadIsNotTakenForAnEmptyOne) {
  namespace fs = std::filesystem;
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "templates");
  std::ofstream(folder / "templates/head.mustache") << "<h1>Ours</h1>\n";
  fs::permissions(folder.path(), fs::perms(0711));
  fs::permissions(folder / "templates", fs::perms::none);
  EXPECT_TRUE(absl::IsPermissionDenied(ReadAsNobody(folder / "templates")));
  fs::permissions(folder / "templates", fs::perms(0755));
  EXPECT_TRUE(ReadAsNobody(folder / "templates").ok());
}

}  // namespace
}  // namespace shield
