#include "client/cli/digest_formats.h"

#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/exit_code.h"
#include "client/digest/page/html.h"
#include "client/digest/page/pdf.h"
#include "client/digest/show/calendar.h"
#include "client/digest/show/json.h"
#include "client/digest/show/markdown.h"
#include "client/digest/show/terminal.h"

namespace shield::cli {
namespace {

// The format that a file of this ending has; empty where the ending says none.
absl::string_view FormatOfEnding(absl::string_view ending) {
  constexpr std::pair<absl::string_view, absl::string_view> kEndings[] = {
      {".md", "md"},   {".markdown", "md"}, {".txt", "term"}, {".html", "html"}, {".htm", "html"},
      {".pdf", "pdf"}, {".json", "json"},   {".ics", "ics"},  {".eml", "eml"}};
  for (const auto& [name, format] : kEndings) {
    if (ending == name) return format;
  }
  return "";
}

absl::StatusOr<std::string> WritePrinted(const Edition& edition, const PageTemplates& templates) {
  ASSIGN_OR_RETURN(const std::string html, WriteHtml(edition, templates));
  return WritePdf(html, {.as_of = edition.as_of});
}

absl::StatusOr<std::string> WriteMail(const Edition& edition, const FormatOptions& options) {
  MailOptions mail = options.mail;
  ASSIGN_OR_RETURN(mail.html, WriteHtml(edition, options.templates));
  return ComposeMail(edition, mail);
}

absl::StatusOr<std::string> WriteText(const Edition& edition, const FormatOptions& options,
                                      absl::string_view format) {
  if (format == "md") return WriteMarkdown(edition);
  if (format == "term") return WriteTerminal(edition, options.columns, options.colours);
  if (format == "html") return WriteHtml(edition, options.templates);
  if (format == "pdf") return WritePrinted(edition, options.templates);
  if (format == "json") return WriteJson(edition);
  if (format == "ics") return WriteCalendar(edition);
  if (format == "eml") return WriteMail(edition, options);
  return WithHint(
      UsageError(absl::StrCat("`", format, "` is no format of a briefing")),
      "md, term, html, pdf, json or ics; `all` writes each; for mail, `shield digest mail`");
}

absl::StatusOr<WrittenEdition> WriteOne(const Edition& edition, const FormatOptions& options,
                                        absl::string_view format) {
  ASSIGN_OR_RETURN(std::string text, WriteText(edition, options, format));
  const absl::string_view ending = format == "term" ? absl::string_view("txt") : format;
  return WrittenEdition{
      absl::StrCat("briefing-", edition.week.Print(), "-", PrintTier(edition.tier), ".", ending),
      std::move(text)};
}

}  // namespace

absl::Status CheckOutName(const std::string& out) {
  if (out != "-") return absl::OkStatus();
  return WithHint(UsageError("`-` names no file"),
                  "leave out --out: the text goes to standard output");
}

absl::StatusOr<std::string> FormatForFile(const std::string& format, const std::string& out) {
  const std::string ending = absl::AsciiStrToLower(std::filesystem::path(out).extension().string());
  const std::string named(FormatOfEnding(ending));
  if (format.empty()) return named.empty() ? std::string("md") : named;
  const bool plain = ending == ".txt" && format == "md";
  if (named.empty() || named == format || plain) return format;
  return WithHint(
      UsageError(absl::StrCat("--format ", format, " and a file ", ending, " are two formats")),
      format == "all" ? "`all` is a folder: name it without an ending"
                      : "leave out --format, or name the file as the format is");
}

absl::StatusOr<WrittenFormats> WriteFormats(const Edition& edition, const FormatOptions& options) {
  const bool all = options.format == "all";
  std::vector<std::string> formats = {options.format};
  if (all) formats = {"md", "term", "html", "json", "ics", "pdf"};
  WrittenFormats written;
  written.files.reserve(formats.size());
  for (const std::string& format : formats) {
    absl::StatusOr<WrittenEdition> each = WriteOne(edition, options, format);
    if (each.ok()) {
      written.files.push_back(*std::move(each));
    } else if (all && format == "pdf") {
      written.failed = each.status();
    } else {
      return each.status();
    }
  }
  return written;
}

}  // namespace shield::cli
