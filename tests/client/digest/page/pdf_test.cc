#include "client/digest/page/pdf.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/digest/page/bounded_child.h"
#include "client/digest/page/html.h"
#include "tests/client/digest/support/hostile_edition.h"
#include "tests/client/digest/support/hostile_strings.h"
#include "tests/client/digest/support/sample_edition.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace shield {
namespace {

using testing::RunProcess;
using testing::TemporaryFolder;

std::string Page(const Edition& edition) {
  absl::StatusOr<std::string> html = WriteHtml(edition, PageTemplates::BuiltIn());
  EXPECT_TRUE(html.ok()) << html.status();
  return html.ok() ? *std::move(html) : "";
}

PdfOptions Options() { return {.as_of = absl::FromUnixSeconds(1795413600)}; }

// What `program` of poppler says of the PDF.
std::string Say(const std::vector<std::string>& program, const std::string& pdf) {
  const TemporaryFolder folder;
  const std::string path = folder / "edition.pdf";
  std::ofstream(path, std::ios::binary) << pdf;
  std::vector<std::string> command = program;
  command.push_back(path);
  if (absl::StrContains(program.front(), "pdftotext")) command.push_back("-");
  return RunProcess(command).data;
}

class PdfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* program :
         {"/usr/bin/weasyprint", "/usr/bin/bwrap", "/usr/bin/pdftotext", "/usr/bin/pdfinfo"}) {
      ASSERT_EQ(access(program, X_OK), 0) << program << ": see deploy/packages.txt";
    }
    // As in a container that lets no user make namespaces.
    if (RunProcess(SandboxCommand(Options(), {"/usr/bin/true"})).exit_code != 0) {
      GTEST_SKIP() << "bubblewrap can make no sandbox here: NOTHING OF PDF IS TESTED";
    }
  }
};

TEST_F(PdfTest, HasTheLabelOnEveryPageTwiceAndAStructureTree) {
  const absl::StatusOr<std::string> pdf =
      WritePdf(Page(SampleEdition(Language::kEnglish)), Options());
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  std::vector<std::string> pages = absl::StrSplit(Say({"/usr/bin/pdftotext"}, *pdf), '\f');
  pages.pop_back();  // each page ends with a form feed
  ASSERT_GE(pages.size(), 3U);
  for (size_t i = 0; i < pages.size(); ++i) {
    size_t labels = 0;
    for (const absl::string_view line : absl::StrSplit(pages[i], '\n')) {
      if (line == "TLP:AMBER") ++labels;
    }
    EXPECT_GE(labels, 2U) << "page " << i + 1 << "\n" << pages[i];
    EXPECT_TRUE(absl::StrContains(pages[i], absl::StrCat("Page ", i + 1, " of ", pages.size())));
  }
  const std::string info = Say({"/usr/bin/pdfinfo"}, *pdf);
  EXPECT_TRUE(absl::StrContains(info, "Tagged:          yes")) << info;
  EXPECT_TRUE(absl::StrContains(info, "JavaScript:      no")) << info;
  const std::string tree = Say({"/usr/bin/pdfinfo", "-struct"}, *pdf);
  for (const char* element : {"H1", "H2", "H3", "Table", "TH"}) {
    EXPECT_TRUE(absl::StrContains(tree, element)) << element;
  }
}

TEST_F(PdfTest, TheSamePageIsTheSameBytes) {
  const std::string html = Page(QuietEdition(Language::kDutch));
  const absl::StatusOr<std::string> first = WritePdf(html, Options());
  const absl::StatusOr<std::string> second = WritePdf(html, Options());
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  EXPECT_EQ(*first, *second);
}

// All texts in one edition: a child for each would take minutes.
TEST_F(PdfTest, HostileTextsDoNothingInIt) {
  Edition edition = FillEveryField("x");
  edition.indicators.clear();
  for (const HostileString& hostile : HostileStrings()) {
    edition.indicators.push_back({{hostile.text, hostile.text, std::nullopt}, 1});
    edition.deeds[0].deeds.push_back({hostile.text, {1}});
  }
  edition.items[0].bulletin.content.title = "<script>alert(1)</script>";
  edition.items[0].bulletin.content.body =
      "[x](javascript:alert(1)) ![p](file:///etc/passwd) <img src=file:///etc/passwd>";
  const absl::StatusOr<std::string> pdf = WritePdf(Page(edition), Options());
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  for (const char* absent :
       {"/JavaScript", "/JS ", "/URI", "/Launch", "/EmbeddedFile", "/SubmitForm", "/GoToR"}) {
    EXPECT_FALSE(absl::StrContains(*pdf, absent)) << absent;
  }
  const std::string text = Say({"/usr/bin/pdftotext", "-raw"}, *pdf);
  EXPECT_TRUE(absl::StrContains(text, "<script>alert(1)</script>"));
  EXPECT_FALSE(absl::StrContains(text, "root:x:0"));
}

TEST_F(PdfTest, TheSandboxHasNoNetworkNoFilesAndNoEnvironment) {
  const TemporaryFolder folder;
  std::ofstream(folder / "secret") << "plaintext";
  ASSERT_EQ(setenv("SHIELD_SECRET", "x", 1), 0);
  const absl::StatusOr<ChildOutcome> outcome = RunBoundedChild(
      SandboxCommand(Options(),
                     {"/usr/bin/sh", "-c",
                      absl::StrCat("cat ", folder / "secret",
                                   "; ls /; ls /etc /home /root /var /tmp; cat /proc/net/dev; "
                                   "env; touch /usr/x; echo end")}),
      "", {absl::Seconds(60), 1 << 16, 1 << 16});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_TRUE(absl::StrContains(outcome->output, "end\n")) << outcome->notes;
  EXPECT_FALSE(absl::StrContains(outcome->output, "plaintext"));
  EXPECT_FALSE(absl::StrContains(outcome->output, "SHIELD_SECRET"));
  EXPECT_FALSE(absl::StrContains(outcome->output, "passwd"));
  EXPECT_FALSE(absl::StrContains(outcome->output, "home\n"));
  EXPECT_FALSE(absl::StrContains(outcome->output, "eth"));
  EXPECT_TRUE(absl::StrContains(outcome->notes, "touch: cannot touch '/usr/x': Read-only"))
      << outcome->notes;
}

TEST_F(PdfTest, APageThatAsksForAFileOrAnAddressGetsNeither) {
  const absl::StatusOr<std::string> pdf = WritePdf(
      "<!DOCTYPE html><title>t</title><link rel=attachment href=\"file:///etc/fonts/fonts.conf\">"
      "<img src=\"http://127.0.0.1:9/x\" alt=\"none\"><p>text",
      Options());
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  EXPECT_TRUE(absl::StrContains(Say({"/usr/bin/pdftotext"}, *pdf), "text"));
}

TEST_F(PdfTest, EachFailureSaysWhatToDo) {
  PdfOptions absent = Options();
  absent.weasyprint = "/usr/bin/no-weasyprint";
  const absl::Status not_installed = WritePdf("<p>x", absent).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(not_installed));
  EXPECT_TRUE(absl::StrContains(HintOf(not_installed), "apt-get install weasyprint"));

  PdfOptions late = Options();
  late.deadline = absl::Milliseconds(50);
  const absl::Status timed_out = WritePdf("<p>x", late).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(timed_out)) << timed_out;
  EXPECT_FALSE(HintOf(timed_out).empty());

  PdfOptions small = Options();
  small.max_bytes = 1000;
  const absl::Status too_large = WritePdf("<!DOCTYPE html><title>t</title><p>x", small).status();
  EXPECT_TRUE(absl::IsResourceExhausted(too_large)) << too_large;
  EXPECT_FALSE(HintOf(too_large).empty());
}

TEST_F(PdfTest, ARefusedSandboxIsNotAFaultOfThePage) {
  const TemporaryFolder folder;
  const std::string refusing = folder / "bwrap";
  std::ofstream(refusing) << "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\n"
                             "exit 1\n";
  std::filesystem::permissions(refusing, std::filesystem::perms::owner_all);
  PdfOptions options = Options();
  options.bwrap = refusing;
  const absl::Status status = WritePdf("<p>secret text", options).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_TRUE(absl::StrContains(HintOf(status), "user namespaces"));
  EXPECT_FALSE(absl::StrContains(status.ToString(), "secret text"));
}

}  // namespace
}  // namespace shield
