// What an edition says, as a plain document: headings, paragraphs, lists, tables, and the texts of
// authors in quotes. Markdown and the terminal are two ways of printing one document, so neither
// says what the other does not.
//
// Values. Every text is cleaned (client/text/clean_text.h) and marks nothing up: a printer escapes
// what its readers would obey.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/digest/language.h"
#include "policy/labels.h"

namespace shield::show {

// A stretch of text of one style. Only kBreak may stand for the end of a line; no text holds one.
struct Run {
  enum class Style {
    kPlain,
    kStrong,
    kEmphasis,
    kCode,       // to be typed or compared as it is
    kReference,  // [1]: a number of the edition, digits in brackets
    kBreak,
  };
  Style style = Style::kPlain;
  std::string text = {};
};
using Runs = std::vector<Run>;

struct Block {
  enum class Kind {
    kHeading,    // `runs`, `number` its level, 1 to 6
    kParagraph,  // `runs`
    kCode,       // `text`, lines; as it stands
    kRule,
    kQuote,    // `blocks`: what an author wrote
    kBullets,  // `blocks`: an kEntry each
    kNumbers,  // the same, counted from `number`
    kEntry,    // of a list: `blocks`
    kTable,    // `rows`, the first its header; all have as many cells
  };
  Kind kind = Kind::kParagraph;
  int number = 0;
  Runs runs = {};
  std::string text = {};
  std::vector<Block> blocks = {};
  std::vector<std::vector<Runs>> rows = {};
};
using Blocks = std::vector<Block>;

struct Document {
  Tlp label = Tlp::kUnspecified;  // stands first and last
  Language language = Language::kEnglish;
  Blocks blocks = {};
};

inline Run Plain(std::string text) { return {Run::Style::kPlain, std::move(text)}; }
inline Run Strong(std::string text) { return {Run::Style::kStrong, std::move(text)}; }
inline Run Code(std::string text) { return {Run::Style::kCode, std::move(text)}; }
inline Run ReferenceRun(int number) {
  return {Run::Style::kReference, "[" + std::to_string(number) + "]"};
}

inline Block Heading(int level, Runs runs) {
  return {.kind = Block::Kind::kHeading, .number = level, .runs = std::move(runs)};
}
inline Block Paragraph(Runs runs) {
  return {.kind = Block::Kind::kParagraph, .runs = std::move(runs)};
}
inline Block Entry(Blocks blocks) {
  return {.kind = Block::Kind::kEntry, .blocks = std::move(blocks)};
}
inline Block Bullets(Blocks entries) {
  return {.kind = Block::Kind::kBullets, .blocks = std::move(entries)};
}
inline Block Quote(Blocks blocks) {
  return {.kind = Block::Kind::kQuote, .blocks = std::move(blocks)};
}
inline Block Table(std::vector<std::vector<Runs>> rows) {
  return {.kind = Block::Kind::kTable, .rows = std::move(rows)};
}

}  // namespace shield::show
