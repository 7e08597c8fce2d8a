#include "client/digest/show/print_markdown.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/digest/show/escape_markdown.h"
#include "client/digest/show/lines.h"
#include "client/text/terminal_text.h"

namespace shield::show {
namespace {

// Stands for a space of a code span while lines are broken; no cleaned text has it.
constexpr char kFixedSpace = '\x01';
// Cells that are wider do not widen their column.
constexpr size_t kMaxPaddedCells = 36;

// Neighbours of one style as one: what is one text is escaped as one.
Runs Joined(const Runs& runs) {
  Runs joined;
  joined.reserve(runs.size());
  for (const Run& run : runs) {
    const bool same = !joined.empty() && joined.back().style == run.style &&
                      run.style != Run::Style::kBreak && run.style != Run::Style::kReference;
    if (same) {
      joined.back().text += run.text;
    } else {
      joined.push_back(run);
    }
  }
  return joined;
}

std::string Inline(const Run& run, bool in_table) {
  switch (run.style) {
    case Run::Style::kPlain:
      return EscapeMarkdown(run.text);
    case Run::Style::kStrong:
      return run.text.empty() ? "" : absl::StrCat("**", EscapeMarkdown(run.text), "**");
    case Run::Style::kEmphasis:
      return run.text.empty() ? "" : absl::StrCat("*", EscapeMarkdown(run.text), "*");
    case Run::Style::kCode: {
      std::string code = MarkdownCode(run.text);
      if (in_table) code = absl::StrReplaceAll(code, {{"|", "\\|"}});
      std::replace(code.begin(), code.end(), ' ', kFixedSpace);
      return code;
    }
    case Run::Style::kReference:
      return run.text;
    case Run::Style::kBreak:
      return "\n";
  }
  return "";
}

std::string Inline(const Runs& runs, bool in_table) {
  std::string text;
  for (const Run& run : Joined(runs)) absl::StrAppend(&text, Inline(run, in_table));
  return text;
}

std::string Unfixed(std::string line) {
  std::replace(line.begin(), line.end(), kFixedSpace, ' ');
  return line;
}

// One line of any length.
std::string OneLine(const Runs& runs, bool in_table) {
  const std::string text = Inline(runs, in_table);
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  return Unfixed(absl::StrJoin(words, " "));
}

// A stretch without hard breaks, broken between words.
void Wrap(absl::string_view text, size_t columns, Lines& lines) {
  std::string line;
  size_t used = 0;
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const size_t cells = TerminalCells(word);
    if (!line.empty() && used + 1 + cells > columns) {
      lines.push_back(Unfixed(std::exchange(line, "")));
    }
    if (line.empty()) {
      line = EscapeLineStart(word);
      used = cells;
    } else {
      absl::StrAppend(&line, " ", word);
      used += 1 + cells;
    }
  }
  if (!line.empty()) lines.push_back(Unfixed(std::move(line)));
}

Lines ParagraphLines(const Runs& runs, size_t columns) {
  Lines lines;
  for (const absl::string_view stretch : absl::StrSplit(Inline(runs, false), '\n')) {
    const size_t before = lines.size();
    Wrap(stretch, columns, lines);
    // The line before ends with a hard break.
    if (before > 0 && lines.size() > before) lines[before - 1] += "\\";
  }
  return lines;
}

Lines CodeLines(absl::string_view text) {
  const std::string fence(std::max<size_t>(3, LongestBackticks(text) + 1), '`');
  Lines lines = {fence};
  absl::ConsumeSuffix(&text, "\n");
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    lines.push_back(absl::StrReplaceAll(line, {{"\t", "    "}}));
  }
  lines.push_back(fence);
  return lines;
}

Lines TableLines(const Block& table) {
  std::vector<Lines> cells;
  cells.reserve(table.rows.size());
  std::vector<size_t> widths(table.rows.empty() ? 0 : table.rows.front().size(), 3);
  for (const std::vector<Runs>& row : table.rows) {
    Lines texts;
    texts.reserve(row.size());
    for (size_t i = 0; i < row.size(); ++i) {
      texts.push_back(OneLine(row[i], true));
      const size_t width = TerminalCells(texts.back());
      if (width <= kMaxPaddedCells) widths[i] = std::max(widths[i], width);
    }
    cells.push_back(std::move(texts));
  }
  Lines lines;
  lines.reserve(cells.size() + 1);
  for (const Lines& row : cells) {
    std::string line = "|";
    for (size_t i = 0; i < row.size(); ++i) {
      const size_t width = TerminalCells(row[i]);
      absl::StrAppend(&line, " ", row[i],
                      std::string(widths[i] > width ? widths[i] - width : 0, ' '), " |");
    }
    lines.push_back(std::move(line));
    if (lines.size() > 1) continue;
    std::string rule = "|";
    for (const size_t width : widths) absl::StrAppend(&rule, std::string(width + 2, '-'), "|");
    lines.push_back(std::move(rule));
  }
  return lines;
}

Lines BlocksLines(const Blocks& blocks, size_t columns);

// A list is tight when no entry of it is more than a line of text and a list below it.
bool IsTight(const Block& list) {
  return std::all_of(list.blocks.begin(), list.blocks.end(), [](const Block& entry) {
    return entry.blocks.size() == 1 && entry.blocks.front().kind == Block::Kind::kParagraph;
  });
}

// The marks of a list; one that follows another of its kind has other marks, else they were one.
Lines ListLines(const Block& list, size_t columns, bool follows) {
  Lines lines;
  const bool tight = IsTight(list);
  int number = list.number;
  for (const Block& entry : list.blocks) {
    const std::string mark = list.kind == Block::Kind::kNumbers
                                 ? absl::StrCat(number++, follows ? ") " : ". ")
                                 : std::string(follows ? "* " : "- ");
    if (!lines.empty() && !tight) lines.emplace_back();
    const size_t room = columns > mark.size() + 20 ? columns - mark.size() : 20;
    AppendBehind(BlocksLines(entry.blocks, room), mark, std::string(mark.size(), ' '), lines);
  }
  return lines;
}

Lines BlockLines(const Block& block, size_t columns, bool follows) {
  switch (block.kind) {
    case Block::Kind::kHeading:
      return {absl::StrCat(std::string(static_cast<size_t>(block.number), '#'), " ",
                           OneLine(block.runs, false))};
    case Block::Kind::kParagraph:
      return ParagraphLines(block.runs, columns);
    case Block::Kind::kCode:
      return CodeLines(block.text);
    case Block::Kind::kRule:
      return {"---"};
    case Block::Kind::kQuote: {
      Lines lines;
      AppendBehind(BlocksLines(block.blocks, columns > 22 ? columns - 2 : 20), "> ", "> ", lines);
      return lines;
    }
    case Block::Kind::kBullets:
    case Block::Kind::kNumbers:
      return ListLines(block, columns, follows);
    case Block::Kind::kEntry:
      return BlocksLines(block.blocks, columns);
    case Block::Kind::kTable:
      return TableLines(block);
  }
  return {};
}

Lines BlocksLines(const Blocks& blocks, size_t columns) {
  Lines lines;
  const Block* before = nullptr;
  bool follows = false;
  for (const Block& block : blocks) {
    follows = before != nullptr && before->kind == block.kind && !follows;
    Lines own = BlockLines(block, columns, follows);
    if (own.empty()) continue;
    before = &block;
    if (!lines.empty()) lines.emplace_back();
    std::move(own.begin(), own.end(), std::back_inserter(lines));
  }
  return lines;
}

}  // namespace

std::string PrintMarkdown(const Document& document) {
  const std::string label = absl::StrCat("**", TlpWithPrefix(document.label), "**\n");
  return absl::StrCat(label, "\n",
                      absl::StrJoin(BlocksLines(document.blocks, kMarkdownColumns), "\n"), "\n\n",
                      label);
}

}  // namespace shield::show
