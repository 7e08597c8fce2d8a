#include "client/digest/show/print_terminal.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/digest/show/lines.h"
#include "client/text/terminal_label.h"
#include "client/text/terminal_text.h"

namespace shield::show {
namespace {

constexpr absl::string_view kBold = "\033[1m";
constexpr absl::string_view kPlain = "\033[0m";
constexpr absl::string_view kQuoteMark = "| ";
constexpr absl::string_view kGap = "  ";
constexpr absl::string_view kFurther = "  ";
constexpr size_t kMinColumn = 6;  // cells that a column of a table keeps

std::string TextOf(const Runs& runs) {
  std::string text;
  for (const Run& run : runs) {
    absl::StrAppend(&text, run.style == Run::Style::kBreak ? "\n" : run.text);
  }
  return text;
}

// TerminalLines without the spaces that stay where a line was broken.
Lines LinesOf(absl::string_view text, size_t columns) {
  Lines lines = TerminalLines(text, columns);
  for (std::string& line : lines) absl::StripTrailingAsciiWhitespace(&line);
  return lines;
}

// Words of a command stay in one line where they fit in one: it is there to be copied. kKept stands
// between them while lines are broken, unless the text has it already.
constexpr absl::string_view kKept = "\u02cd";

std::string TextToBreak(const Runs& runs, size_t columns) {
  const std::string text = TextOf(runs);
  if (absl::StrContains(text, kKept)) return text;
  std::string kept;
  for (const Run& run : runs) {
    const bool whole = run.style == Run::Style::kCode && TerminalCells(run.text) <= columns;
    absl::StrAppend(&kept, whole ? absl::StrReplaceAll(run.text, {{" ", kKept}}) : TextOf({run}));
  }
  return kept;
}

Lines LinesOfRuns(const Runs& runs, size_t columns) {
  Lines lines = LinesOf(TextToBreak(runs, columns), columns);
  if (absl::StrContains(TextOf(runs), kKept)) return lines;
  for (std::string& line : lines) line = absl::StrReplaceAll(line, {{kKept, " "}});
  return lines;
}

bool IsBold(Run::Style style) {
  return style == Run::Style::kStrong || style == Run::Style::kCode ||
         style == Run::Style::kReference;
}

// Prints with one width and choice of colours. Immutable.
class TerminalPrinter {
 public:
  explicit TerminalPrinter(Colours colours) : colours_(colours) {}

  // At the left edge, where the next lines of a paragraph stand further right.
  Lines DocumentLines(const Blocks& blocks, size_t columns) const;

 private:
  std::string Bold(absl::string_view text) const {
    if (colours_ == Colours::kNone || text.empty()) return std::string(text);
    return absl::StrCat(kBold, text, kPlain);
  }
  Lines Wrapped(const Runs& runs, size_t columns) const;
  Lines HeadingLines(const Block& heading, size_t columns) const;
  Lines ListLines(const Block& list, size_t columns) const;
  Lines TableLines(const Block& table, size_t columns) const;
  Lines BlockLines(const Block& block, size_t columns) const;
  Lines BlocksLines(const Blocks& blocks, size_t columns) const;

  Colours colours_;
};

// The lines of `runs`, each stretch in its style again: the lines are the runs' bytes in their
// order but for the spaces and breaks that line ends took the place of.
Lines TerminalPrinter::Wrapped(const Runs& runs, size_t columns) const {
  Lines lines = LinesOfRuns(runs, columns);
  if (colours_ == Colours::kNone) return lines;
  size_t run = 0;
  size_t at = 0;  // in that run
  for (std::string& line : lines) {
    std::string styled;
    std::string stretch;
    bool bold = false;
    for (const char c : line) {
      while (run < runs.size() && (at >= runs[run].text.size() || runs[run].text[at] != c)) {
        if (at < runs[run].text.size()) {
          ++at;
        } else {
          ++run;
          at = 0;
        }
      }
      const bool now = run < runs.size() && IsBold(runs[run].style);
      if (now != bold) {
        absl::StrAppend(&styled, bold ? Bold(stretch) : stretch);
        stretch.clear();
        bold = now;
      }
      stretch.push_back(c);
      ++at;
    }
    absl::StrAppend(&styled, bold ? Bold(stretch) : stretch);
    line = std::move(styled);
  }
  return lines;
}

size_t Less(size_t columns, size_t by) { return columns > by + 8 ? columns - by : 8; }

Lines TerminalPrinter::HeadingLines(const Block& heading, size_t columns) const {
  Lines texts = LinesOf(TextOf(heading.runs), Less(columns, kFurther.size()));
  Lines lines;
  lines.reserve(texts.size() + 1);
  size_t widest = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    const absl::string_view before = i == 0 ? "" : kFurther;
    widest = std::max(widest, before.size() + TerminalCells(texts[i]));
    lines.push_back(absl::StrCat(before, Bold(texts[i])));
  }
  if (heading.number == 1) lines.emplace_back(widest, '=');
  if (heading.number == 2) lines.emplace_back(widest, '-');
  return lines;
}

Lines TerminalPrinter::ListLines(const Block& list, size_t columns) const {
  Lines lines;
  const bool tight = std::all_of(list.blocks.begin(), list.blocks.end(),
                                 [](const Block& entry) { return entry.blocks.size() <= 1; });
  int number = list.number;
  for (const Block& entry : list.blocks) {
    const std::string mark =
        list.kind == Block::Kind::kNumbers ? absl::StrCat(number++, ". ") : "- ";
    if (!tight && !lines.empty()) lines.emplace_back();
    AppendBehind(BlocksLines(entry.blocks, Less(columns, mark.size())), mark,
                 std::string(mark.size(), ' '), lines);
  }
  return lines;
}

// The widths of a table's columns, in cells: those that take most give way until all fit.
std::vector<size_t> FittingWidths(const Block& table, size_t columns) {
  const size_t count = table.rows.empty() ? 0 : table.rows.front().size();
  std::vector<size_t> widths(count, 1);
  for (const std::vector<Runs>& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], std::min(columns, TerminalCells(TextOf(row[i]))));
    }
  }
  const size_t gaps = count > 0 ? (count - 1) * kGap.size() : 0;
  while (count > 0 && std::accumulate(widths.begin(), widths.end(), size_t{0}) + gaps > columns) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kMinColumn) break;
    --*widest;
  }
  return widths;
}

Lines TerminalPrinter::TableLines(const Block& table, size_t columns) const {
  const std::vector<size_t> widths = FittingWidths(table, columns);
  Lines lines;
  for (size_t r = 0; r < table.rows.size(); ++r) {
    std::vector<Lines> cells;
    cells.reserve(widths.size());
    size_t height = 0;
    for (size_t i = 0; i < widths.size(); ++i) {
      cells.push_back(LinesOf(TextOf(table.rows[r][i]), widths[i]));
      height = std::max(height, cells.back().size());
    }
    for (size_t y = 0; y < height; ++y) {
      std::string line;
      for (size_t i = 0; i < widths.size(); ++i) {
        const std::string text = y < cells[i].size() ? cells[i][y] : "";
        const size_t width = TerminalCells(text);
        absl::StrAppend(&line, i > 0 ? kGap : "", r == 0 ? Bold(text) : text,
                        std::string(widths[i] > width ? widths[i] - width : 0, ' '));
      }
      absl::StripTrailingAsciiWhitespace(&line);
      lines.push_back(std::move(line));
    }
    if (r > 0) continue;
    std::vector<std::string> rules;
    rules.reserve(widths.size());
    for (const size_t width : widths) rules.emplace_back(width, '-');
    lines.push_back(absl::StrJoin(rules, kGap));
  }
  return lines;
}

Lines TerminalPrinter::BlockLines(const Block& block, size_t columns) const {
  Lines lines;
  switch (block.kind) {
    case Block::Kind::kHeading:
      return HeadingLines(block, columns);
    case Block::Kind::kParagraph:
      return Wrapped(block.runs, columns);
    case Block::Kind::kCode: {
      absl::string_view text = block.text;
      absl::ConsumeSuffix(&text, "\n");
      const std::string spaced = absl::StrReplaceAll(text, {{"\t", "    "}});
      AppendBehind(LinesOf(spaced, Less(columns, 4)), "    ", "    ", lines);
      return lines;
    }
    case Block::Kind::kRule:
      return {std::string(std::min<size_t>(columns, 20), '-')};
    case Block::Kind::kQuote:
      AppendBehind(BlocksLines(block.blocks, Less(columns, kQuoteMark.size())), kQuoteMark,
                   kQuoteMark, lines);
      return lines;
    case Block::Kind::kBullets:
    case Block::Kind::kNumbers:
      return ListLines(block, columns);
    case Block::Kind::kEntry:
      return BlocksLines(block.blocks, columns);
    case Block::Kind::kTable:
      AppendBehind(TableLines(block, Less(columns, 2)), kFurther, kFurther, lines);
      return lines;
  }
  return lines;
}

Lines TerminalPrinter::BlocksLines(const Blocks& blocks, size_t columns) const {
  Lines lines;
  for (const Block& block : blocks) {
    Lines own = BlockLines(block, columns);
    if (own.empty()) continue;
    if (!lines.empty()) lines.emplace_back();
    std::move(own.begin(), own.end(), std::back_inserter(lines));
  }
  return lines;
}

Lines TerminalPrinter::DocumentLines(const Blocks& blocks, size_t columns) const {
  Lines lines;
  bool after_heading = true;
  for (const Block& block : blocks) {
    const bool heading = block.kind == Block::Kind::kHeading;
    if (!lines.empty()) lines.emplace_back();
    // What begins stands apart from what came before: parts and bulletins.
    if (heading && !after_heading) lines.emplace_back();
    after_heading = heading;
    if (block.kind == Block::Kind::kParagraph) {
      AppendBehind(Wrapped(block.runs, Less(columns, kFurther.size())), "", kFurther, lines);
    } else {
      AppendBehind(BlockLines(block, columns), "", "", lines);
    }
  }
  return lines;
}

}  // namespace

std::string PrintTerminal(const Document& document, size_t columns, Colours colours) {
  const std::string label = TerminalLabel(document.label, colours);
  return absl::StrCat(label, "\n\n", PrintTerminalBlocks(document.blocks, columns, colours), "\n\n",
                      label, "\n");
}

std::string PrintTerminalBlocks(const Blocks& blocks, size_t columns, Colours colours) {
  const TerminalPrinter printer(colours);
  return absl::StrJoin(printer.DocumentLines(blocks, std::max(columns, kMinTerminalColumns)), "\n");
}

}  // namespace shield::show
