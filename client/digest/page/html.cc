#include "client/digest/page/html.h"

#include <kainjow/mustache.hpp>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/status.h"
#include "client/digest/page/check_page.h"
#include "client/digest/page/escape_html.h"
#include "client/digest/page/page_data.h"
#include "client/digest/page/page_style.h"
#include "client/digest/page/print_html.h"
#include "client/digest/show/read_body.h"
#include "client/digest/words.h"
#include "client/text/clean_text.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

namespace mustache = kainjow::mustache;

// What the templates make of the edition. Texts are escaped in its data.
std::string Render(const Edition& edition, const PageTemplates& templates) {
  mustache::data data = page::PageData(edition);
  for (const char* name : {"head", "section", "item"}) {
    const std::string& text = templates.Text(name);
    data.set(name, mustache::data(mustache::partial([&text] { return text; })));
  }
  mustache::mustache page(templates.Text("page"));
  page.set_custom_escape([](const std::string& escaped) { return escaped; });
  std::string body;
  page.render(data, [&body](const std::string& piece) {
    if (body.size() <= kMaxPageBytes) body += piece;
  });
  return body;
}

absl::Status Check(absl::string_view body, const PageTemplates& templates) {
  if (body.size() > kMaxPageBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the templates make a page of more than ", kMaxPageBytes, " bytes"));
  }
  const std::optional<page::PageFault> fault = page::FindPageFault(body);
  if (!fault.has_value()) return absl::OkStatus();
  if (templates.built_in()) return absl::InternalError(absl::StrCat("the page: ", fault->what));
  const std::string place = templates.Locate(fault->piece);
  return WithHint(absl::InvalidArgumentError(absl::StrCat(
                      place.empty() ? "what the templates make" : place, ": ", fault->what)),
                  "mend the template, or take its file away to use the built-in one");
}

// How the policy names an inline style.
std::string StyleSource(absl::string_view style) {
  return absl::StrCat("'sha256-", Base64Encode(Sha256(style).span(), Base64Form::kPadded), "'");
}

// A fixed frame around what templates make, so that none takes the label or the policy away.
std::string Frame(const Edition& edition, absl::string_view style, absl::string_view body) {
  const std::string label = TlpWithPrefix(edition.label);
  const std::string banner =
      absl::StrCat("<p class=\"label tlp-", page::LabelClass(edition.label), "\">", label, "</p>");
  const std::string label_style = page::LabelStyle(edition);
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"", PrintLanguage(edition.language),
      "\">\n<head>\n<meta charset=\"utf-8\">\n",
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ",
      StyleSource(style), " ", StyleSource(label_style),
      "; base-uri 'none'; form-action 'none'\">\n",
      "<meta name=\"referrer\" content=\"no-referrer\">\n",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
      "<meta name=\"color-scheme\" content=\"light dark\">\n", "<title>", label, " ",
      page::EscapeHtml(page::PageTitle(edition)), "</title>\n<style>", style, "</style>\n<style>",
      label_style, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#briefing\">",
      page::EscapeHtml(Say(edition.language, Word::kBriefing)), "</a>\n<header class=\"band\">",
      banner, "</header>\n<main id=\"briefing\">\n", body, "</main>\n<footer class=\"band\">",
      banner, "</footer>\n</body>\n</html>\n");
}

}  // namespace

absl::StatusOr<std::string> WriteHtml(const Edition& edition, const PageTemplates& templates) {
  const std::string body = Render(edition, templates);
  RETURN_IF_ERROR(Check(body, templates));
  return Frame(edition, templates.Text("page.css"), body);
}

absl::StatusOr<std::string> WriteReceivedHtml(const Edition& head, absl::string_view markdown,
                                              const std::vector<std::string>& notices) {
  std::string body;
  for (const std::string& notice : notices) {
    absl::StrAppend(&body, "<p class=\"revision\"><strong>", page::EscapeHtml(CleanLine(notice)),
                    "</strong></p>\n");
  }
  show::Body document = show::ReadDocument(markdown);
  page::FitHeadings(document.blocks);
  absl::StrAppend(&body, page::PrintBlocks(document.blocks, {}),
                  document.shortened ? "<p>…</p>\n" : "");
  if (body.size() > kMaxPageBytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("its page would have more than ", kMaxPageBytes, " bytes"));
  }
  const std::optional<page::PageFault> fault = page::FindPageFault(body);
  if (fault.has_value()) return absl::InternalError(absl::StrCat("the page: ", fault->what));
  const PageTemplates templates = PageTemplates::BuiltIn();
  return Frame(head, templates.Text("page.css"), body);
}

}  // namespace shield
