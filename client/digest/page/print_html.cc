#include "client/digest/page/print_html.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/digest/page/escape_html.h"

namespace shield::page {
namespace {

using show::Block;
using show::Blocks;
using show::Run;
using show::Runs;

constexpr size_t kMaxTagBytes = 35;  // of a language, RFC 5646 section 4.4.1

std::string Element(absl::string_view name, absl::string_view content) {
  return absl::StrCat("<", name, ">", content, "</", name, ">");
}

std::string Reference(absl::string_view text, int last_linked) {
  int number = 0;
  const bool linked = text.size() > 2 &&
                      absl::SimpleAtoi(text.substr(1, text.size() - 2), &number) && number >= 1 &&
                      number <= last_linked;
  if (!linked) return Element("span", EscapeHtml(text));
  return absl::StrCat("<a href=\"#b", number, "\">", EscapeHtml(text), "</a>");
}

std::string PrintRun(const Run& run, const PrintOptions& options) {
  switch (run.style) {
    case Run::Style::kPlain:
      return EscapeHtml(run.text);
    case Run::Style::kStrong:
      return Element("strong", EscapeHtml(run.text));
    case Run::Style::kEmphasis:
      return Element("em", EscapeHtml(run.text));
    case Run::Style::kCode:
      return Element("code", EscapeHtml(run.text));
    case Run::Style::kReference:
      return Reference(run.text, options.last_linked);
    case Run::Style::kBreak:
      return "<br>";
  }
  return "";
}

// An entry of one paragraph is that paragraph's text.
std::string PrintEntry(const Block& entry, const PrintOptions& options) {
  const bool line = entry.blocks.size() == 1 && entry.blocks[0].kind == Block::Kind::kParagraph;
  return Element(
      "li", line ? PrintRuns(entry.blocks[0].runs, options) : PrintBlocks(entry.blocks, options));
}

std::string PrintEntries(const Blocks& entries, const PrintOptions& options) {
  std::string html;
  for (const Block& entry : entries) absl::StrAppend(&html, PrintEntry(entry, options), "\n");
  return html;
}

std::string PrintRow(const std::vector<Runs>& row, bool header, const PrintOptions& options) {
  std::string html = "<tr>";
  for (const Runs& cell : row) {
    const bool heading = header && !cell.empty() && !cell.front().text.empty();
    absl::StrAppend(&html, heading ? "<th scope=\"col\">" : "<td>", PrintRuns(cell, options),
                    heading ? "</th>" : "</td>");
  }
  return html + "</tr>\n";
}

std::string PrintTable(const std::vector<std::vector<Runs>>& rows, const PrintOptions& options) {
  if (rows.empty()) return "";
  std::string html =
      absl::StrCat("<table>\n<thead>\n", PrintRow(rows[0], true, options), "</thead>\n<tbody>\n");
  for (size_t i = 1; i < rows.size(); ++i) {
    absl::StrAppend(&html, PrintRow(rows[i], false, options));
  }
  return html + "</tbody>\n</table>";
}

// Authors leave levels out; those who listen to a page go by them.
void FitHeadings(Blocks& blocks, int& level) {
  for (Block& block : blocks) {
    if (block.kind == Block::Kind::kHeading) {
      block.number = std::min(block.number, level + 1);
      level = block.number;
    }
    FitHeadings(block.blocks, level);
  }
}

std::string PrintQuote(const Block& quote, const PrintOptions& options) {
  Blocks blocks = quote.blocks;
  int level = options.heading_above;
  FitHeadings(blocks, level);
  return absl::StrCat("<blockquote", LanguageAttribute(options.language), ">",
                      PrintBlocks(blocks, {.last_linked = options.last_linked}), "</blockquote>");
}

std::string PrintBlock(const Block& block, const PrintOptions& options) {
  switch (block.kind) {
    case Block::Kind::kHeading:
      return Element(absl::StrCat("h", std::clamp(block.number, 1, 6)),
                     PrintRuns(block.runs, options));
    case Block::Kind::kParagraph:
      return Element("p", PrintRuns(block.runs, options));
    case Block::Kind::kCode:
      return Element("pre", Element("code", EscapeHtml(block.text)));
    case Block::Kind::kRule:
      return "<hr>";
    case Block::Kind::kQuote:
      return PrintQuote(block, options);
    case Block::Kind::kBullets:
      return Element("ul", PrintEntries(block.blocks, options));
    case Block::Kind::kNumbers:
      return absl::StrCat("<ol start=\"", block.number, "\">", PrintEntries(block.blocks, options),
                          "</ol>");
    case Block::Kind::kEntry:
      return PrintBlocks(block.blocks, options);
    case Block::Kind::kTable:
      return PrintTable(block.rows, options);
  }
  return "";
}

}  // namespace

void FitHeadings(Blocks& blocks) {
  int level = 0;
  FitHeadings(blocks, level);
}

std::string PrintRuns(const Runs& runs, const PrintOptions& options) {
  std::string html;
  bool said = options.language.empty();
  for (const Run& run : runs) {
    const std::string printed = PrintRun(run, options);
    if (!said && run.style == Run::Style::kPlain) {
      absl::StrAppend(&html, "<span", LanguageAttribute(options.language), ">", printed, "</span>");
      said = true;
    } else {
      absl::StrAppend(&html, printed);
    }
  }
  return html;
}

std::string PrintBlocks(const Blocks& blocks, const PrintOptions& options) {
  std::string html;
  for (const Block& block : blocks) absl::StrAppend(&html, PrintBlock(block, options), "\n");
  return html;
}

std::string ForeignLanguage(absl::string_view tag, absl::string_view of_page) {
  const auto may_stand = [](char c) { return absl::ascii_isalnum(c) || c == '-'; };
  const absl::string_view primary = tag.substr(0, tag.find('-'));
  const bool is_tag = primary.size() >= 2 && primary.size() <= 3 && tag.size() <= kMaxTagBytes &&
                      std::all_of(tag.begin(), tag.end(), may_stand) &&
                      std::all_of(primary.begin(), primary.end(), absl::ascii_isalpha);
  return is_tag && !absl::EqualsIgnoreCase(primary, of_page) ? std::string(tag) : "";
}

std::string LanguageAttribute(absl::string_view language) {
  if (language.empty()) return "";
  return absl::StrCat(" lang=\"", EscapeHtml(language), "\"");
}

}  // namespace shield::page
