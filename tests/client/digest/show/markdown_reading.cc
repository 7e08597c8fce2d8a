#include "tests/client/digest/show/markdown_reading.h"

#include <md4c.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/digest/show/character_entity.h"
#include "client/text/clean_text.h"

namespace shield {
namespace {

// What is read so far. Not thread-safe.
struct Reading {
  MarkdownReading result;
  std::string text;
  int quotes = 0;
  std::string link;       // where the link leads that is being read
  std::string link_text;  // what it is called so far
  bool in_link = false;
  int heading = 0;
  std::string heading_text;
};

Reading& Of(void* reading) { return *static_cast<Reading*>(reading); }

char LetterOf(MD_BLOCKTYPE type) {
  switch (type) {
    case MD_BLOCK_UL:
      return 'u';
    case MD_BLOCK_OL:
      return 'o';
    case MD_BLOCK_LI:
      return 'i';
    case MD_BLOCK_HR:
      return 'r';
    case MD_BLOCK_CODE:
      return 'c';
    case MD_BLOCK_P:
      return 'p';
    case MD_BLOCK_TABLE:
      return 't';
    case MD_BLOCK_TR:
      return '-';
    case MD_BLOCK_TD:
    case MD_BLOCK_TH:
      return '.';
    default:
      return '\0';
  }
}

int EnterBlock(MD_BLOCKTYPE type, void* detail, void* state) {
  Reading& reading = Of(state);
  if (type == MD_BLOCK_HTML) reading.result.harms.emplace_back("a block of HTML");
  if (type == MD_BLOCK_LI && static_cast<MD_BLOCK_LI_DETAIL*>(detail)->is_task != 0) {
    reading.result.harms.emplace_back("a task");
  }
  if (type == MD_BLOCK_H) {
    reading.heading = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
    reading.heading_text.clear();
  }
  if (type == MD_BLOCK_QUOTE && reading.quotes++ == 0) reading.result.skeleton += 'q';
  if (reading.quotes > 0) return 0;
  if (type == MD_BLOCK_H) absl::StrAppend(&reading.result.skeleton, reading.heading);
  if (LetterOf(type) != '\0') reading.result.skeleton += LetterOf(type);
  return 0;
}

int LeaveBlock(MD_BLOCKTYPE type, void* /*detail*/, void* state) {
  Reading& reading = Of(state);
  if (type == MD_BLOCK_QUOTE) --reading.quotes;
  if (type == MD_BLOCK_H) {
    reading.result.headings.emplace_back(reading.heading, CleanLine(reading.heading_text));
    reading.heading = 0;
  }
  reading.text += ' ';
  return 0;
}

int EnterSpan(MD_SPANTYPE type, void* detail, void* state) {
  Reading& reading = Of(state);
  switch (type) {
    case MD_SPAN_EM:
    case MD_SPAN_STRONG:
    case MD_SPAN_CODE:
      return 0;
    case MD_SPAN_A: {
      const MD_ATTRIBUTE& href = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
      reading.link = std::string(href.text, href.size);
      reading.link_text.clear();
      reading.in_link = true;
      return 0;
    }
    default:
      reading.result.harms.push_back(absl::StrCat("span ", static_cast<int>(type)));
      return 0;
  }
}

int LeaveSpan(MD_SPANTYPE type, void* /*detail*/, void* state) {
  Reading& reading = Of(state);
  if (type != MD_SPAN_A) return 0;
  reading.in_link = false;
  const bool says_where =
      (absl::StartsWithIgnoreCase(reading.link, "https://") && reading.link == reading.link_text) ||
      reading.link == absl::StrCat("mailto:", reading.link_text);
  if (!says_where) {
    reading.result.harms.push_back(
        absl::StrCat("a link `", reading.link_text, "` to `", reading.link, "`"));
  }
  return 0;
}

int Text(MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* state) {
  Reading& reading = Of(state);
  if (type == MD_TEXT_HTML) reading.result.harms.emplace_back("HTML in a line");
  std::string said(text, size);
  if (type == MD_TEXT_ENTITY) said = show::CharacterOf(said);
  if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) said.assign(1, ' ');
  reading.text += said;
  if (reading.in_link) reading.link_text += said;
  if (reading.heading > 0) reading.heading_text += said;
  return 0;
}

}  // namespace

MarkdownReading ReadAsMarkdown(absl::string_view markdown) {
  Reading reading;
  MD_PARSER parser = {};
  parser.flags = MD_DIALECT_GITHUB | MD_FLAG_LATEXMATHSPANS | MD_FLAG_WIKILINKS;
  parser.enter_block = EnterBlock;
  parser.leave_block = LeaveBlock;
  parser.enter_span = EnterSpan;
  parser.leave_span = LeaveSpan;
  parser.text = Text;
  reading.result.read =
      md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &parser, &reading) == 0;
  reading.result.text = CleanLine(reading.text);
  return reading.result;
}

}  // namespace shield
