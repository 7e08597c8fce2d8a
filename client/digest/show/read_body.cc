#include "client/digest/show/read_body.h"

#include <md4c.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/digest/show/character_entity.h"
#include "client/digest/words.h"
#include "client/text/clean_text.h"

namespace shield::show {
namespace {

absl::string_view View(const MD_CHAR* text, MD_SIZE size) { return {text, size}; }

// An attribute as the text it stands for.
std::string TextOf(const MD_ATTRIBUTE& attribute) {
  std::string text;
  for (size_t i = 0; attribute.text != nullptr && attribute.substr_offsets[i] < attribute.size;
       ++i) {
    const MD_SIZE begin = attribute.substr_offsets[i];
    const absl::string_view part =
        View(attribute.text + begin, attribute.substr_offsets[i + 1] - begin);
    absl::StrAppend(
        &text, attribute.substr_types[i] == MD_TEXT_ENTITY ? CharacterOf(part) : std::string(part));
  }
  return text;
}

// What a piece of text that md4c gives stands for.
std::string SaidBy(MD_TEXTTYPE type, absl::string_view text) {
  switch (type) {
    case MD_TEXT_SOFTBR:
      return " ";
    case MD_TEXT_NULLCHAR:
      return std::string(kReplacementCharacter);
    case MD_TEXT_ENTITY:
      return CharacterOf(text);
    default:
      return std::string(text);
  }
}

// How much of a text is read, and as what.
struct Reading {
  size_t bytes;
  size_t characters;
  int depth;
  int first_heading;
  unsigned flags;  // of md4c
};
constexpr Reading kBody = {kMaxBodyBytes, kMaxBodyCharacters, kMaxBodyDepth, kFirstBodyHeading,
                           MD_FLAG_NOHTML};
constexpr Reading kDocument = {kMaxDocumentBytes, kMaxDocumentBytes, kMaxDocumentDepth, 1,
                               MD_FLAG_NOHTML | MD_FLAG_TABLES};

// A few definitions and references, pictures in pictures, or cells of empty rows would be a hundred
// times, and more than memory, what they are written as.
constexpr size_t kMostMadeOfAByte = 8;

// Builds the blocks while md4c walks over the text. Not thread-safe; for one text.
class BodyReader {
 public:
  BodyReader(const Reading& reading, Language language) : reading_(reading), language_(language) {
    open_.emplace_back();
  }

  void EnterBlock(MD_BLOCKTYPE type, void* detail);
  void LeaveBlock(MD_BLOCKTYPE type);
  void EnterSpan(MD_SPANTYPE type, void* detail);
  void LeaveSpan(MD_SPANTYPE type);
  void Text(MD_TEXTTYPE type, absl::string_view text);

  // Whether it has made more of the text than any honest text gives.
  bool exhausted() const { return spent_ > kMostMadeOfAByte * reading_.bytes; }
  // Ends what md4c was stopped in.
  Body Take();

 private:
  // A link or picture that is being read, and what it is called so far.
  struct Link {
    std::string address;
    std::string name = {};
  };

  static bool Nests(MD_BLOCKTYPE type) {
    return type == MD_BLOCK_QUOTE || type == MD_BLOCK_UL || type == MD_BLOCK_OL;
  }
  Block& top() { return open_.back(); }
  bool full() const { return characters_ >= reading_.characters; }
  void Spend(size_t bytes) { spent_ += bytes; }
  // The part of `text` that there is still room for.
  std::string Fitting(const std::string& text);
  void Append(Run::Style style, absl::string_view text);
  void CloseLine();
  void Close();
  void CloseCell();
  void CloseTop();
  void DropUnfinishedRow();
  Run::Style style() const;  // of text where the walk is

  const Reading reading_;
  const Language language_;
  std::vector<Block> open_;         // from the whole body to where the walk is
  std::vector<bool> kept_;          // of each nesting block around: whether it has one of its own
  std::vector<MD_SPANTYPE> spans_;  // around the text
  std::vector<Link> links_;
  int depth_ = 0;
  size_t characters_ = 0;
  size_t spent_ = 0;  // bytes that were made of the text, and one for each block
  bool shortened_ = false;
};

std::string BodyReader::Fitting(const std::string& text) {
  if (full()) {
    shortened_ = shortened_ || !text.empty();
    return "";
  }
  const size_t room = reading_.characters - characters_;
  // Bytes are at least as many as characters.
  if (text.size() <= room) {
    characters_ += text.size();
    return text;
  }
  std::string fitting = Shortened(text, room);
  if (fitting == text) {
    characters_ += room / 2;
    return text;
  }
  shortened_ = true;
  characters_ = reading_.characters;
  return fitting;
}

void BodyReader::Append(Run::Style style, absl::string_view text) {
  Runs& runs = top().runs;
  // What md4c gives in pieces is one text: a mark may follow what it stands on.
  if (!runs.empty() && runs.back().style == style && style != Run::Style::kBreak) {
    absl::StrAppend(&runs.back().text, text);
  } else {
    runs.push_back({style, std::string(text)});
  }
}

// Cleans the runs of the block that ends; those that there is no room for are left out.
void BodyReader::CloseLine() {
  Runs cleaned;
  cleaned.reserve(top().runs.size());
  for (Run& run : top().runs) {
    if (run.style == Run::Style::kBreak) {
      if (!full()) cleaned.push_back(std::move(run));
      continue;
    }
    // The spaces at its ends are those between words.
    const bool before = !run.text.empty() && run.text.front() == ' ';
    const bool after = run.text.size() > 1 && run.text.back() == ' ';
    const std::string whole = CleanLine(run.text);
    std::string line = Fitting(whole);
    // Nor are the spaces around what there is no room for.
    if (line.empty() && !whole.empty()) continue;
    if (before && !cleaned.empty()) cleaned.push_back(Plain(" "));
    if (!line.empty()) cleaned.push_back({run.style, std::move(line)});
    if (after) cleaned.push_back(Plain(" "));
  }
  top().runs = std::move(cleaned);
}

void BodyReader::Close() {
  Block block = std::move(top());
  open_.pop_back();
  const bool holds = !block.runs.empty() || !block.blocks.empty() || !block.text.empty() ||
                     !block.rows.empty() || (block.kind == Block::Kind::kRule && !full());
  if (holds) top().blocks.push_back(std::move(block));
}

void BodyReader::EnterBlock(MD_BLOCKTYPE type, void* detail) {
  Spend(1);
  Block block;
  if (Nests(type)) {
    kept_.push_back(depth_ < reading_.depth);
    if (!kept_.back()) return;
    ++depth_;
  }
  switch (type) {
    case MD_BLOCK_DOC:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
      return;
    case MD_BLOCK_TABLE:
      block.kind = Block::Kind::kTable;
      break;
    case MD_BLOCK_TR:
      top().rows.emplace_back();
      return;
    case MD_BLOCK_QUOTE:
      block.kind = Block::Kind::kQuote;
      break;
    case MD_BLOCK_UL:
      block.kind = Block::Kind::kBullets;
      break;
    case MD_BLOCK_OL:
      block.kind = Block::Kind::kNumbers;
      block.number = static_cast<int>(static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start);
      break;
    case MD_BLOCK_LI:
      if (!kept_.back()) return Append(Run::Style::kPlain, " ");
      block.kind = Block::Kind::kEntry;
      break;
    case MD_BLOCK_HR:
      block.kind = Block::Kind::kRule;
      break;
    case MD_BLOCK_H: {
      const int level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
      block.kind = Block::Kind::kHeading;
      block.number = std::min(6, level + reading_.first_heading - 1);
      break;
    }
    case MD_BLOCK_CODE:
      block.kind = Block::Kind::kCode;
      break;
    default:
      break;
  }
  open_.push_back(std::move(block));
}

// Rows of a table have as many cells as its header, so that each keeps as many.
void BodyReader::CloseCell() {
  CloseLine();
  Runs runs = std::move(top().runs);
  open_.pop_back();
  std::vector<Runs>& row = top().rows.back();
  if (row.size() < kMaxTableColumns) {
    row.push_back(std::move(runs));
    return;
  }
  if (runs.empty()) return;
  row.back().push_back(Plain(" "));
  std::move(runs.begin(), runs.end(), std::back_inserter(row.back()));
}

// Ends the block where the walk is, of whatever kind.
void BodyReader::CloseTop() {
  if (open_[open_.size() - 2].kind == Block::Kind::kTable) return CloseCell();
  if (top().kind == Block::Kind::kEntry) {
    // A tight entry has its text without a paragraph.
    if (!top().runs.empty()) {
      CloseLine();
      Runs runs = std::move(top().runs);
      top().runs.clear();
      if (!runs.empty()) top().blocks.insert(top().blocks.begin(), Paragraph(std::move(runs)));
    }
  } else if (top().kind == Block::Kind::kCode) {
    top().text = Fitting(CleanText(top().text));
  } else {
    CloseLine();
  }
  Close();
}

void BodyReader::LeaveBlock(MD_BLOCKTYPE type) {
  switch (type) {
    case MD_BLOCK_DOC:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_TR:
      return;
    default:
      break;
  }
  if (Nests(type)) {
    const bool kept = kept_.back();
    kept_.pop_back();
    if (!kept) return;
    --depth_;
  }
  if (type == MD_BLOCK_LI && !kept_.back()) return;
  CloseTop();
}

void BodyReader::EnterSpan(MD_SPANTYPE type, void* detail) {
  if (type == MD_SPAN_A) {
    const auto* link = static_cast<MD_SPAN_A_DETAIL*>(detail);
    links_.push_back({TextOf(link->href)});
    Spend(size_t{link->href.size} + link->title.size);
  } else if (type == MD_SPAN_IMG) {
    const auto* picture = static_cast<MD_SPAN_IMG_DETAIL*>(detail);
    Append(style(), SayFilled(language_, Word::kPicture, {""}));
    links_.push_back({TextOf(picture->src)});
    Spend(size_t{picture->src.size} + picture->title.size);
  }
  spans_.push_back(type);
}

void BodyReader::LeaveSpan(MD_SPANTYPE type) {
  spans_.pop_back();
  if (type != MD_SPAN_A && type != MD_SPAN_IMG) return;
  const Link link = std::move(links_.back());
  links_.pop_back();
  // `<https://a.example>` is called what it is.
  if (link.address == link.name || link.address == absl::StrCat("mailto:", link.name)) return;
  Append(style(), absl::StrCat(link.name.empty() ? "(" : " (", link.address, ")"));
}

Run::Style BodyReader::style() const {
  Run::Style style = Run::Style::kPlain;
  for (const MD_SPANTYPE span : spans_) {
    if (span == MD_SPAN_CODE) return Run::Style::kCode;
    if (span == MD_SPAN_STRONG) style = Run::Style::kStrong;
    if (span == MD_SPAN_EM && style == Run::Style::kPlain) style = Run::Style::kEmphasis;
  }
  return style;
}

void BodyReader::Text(MD_TEXTTYPE type, absl::string_view text) {
  if (top().kind == Block::Kind::kCode) {
    absl::StrAppend(&top().text, text);
    return;
  }
  if (type == MD_TEXT_BR) {
    top().runs.push_back({Run::Style::kBreak});
    return;
  }
  const std::string said = SaidBy(type, text);
  for (Link& link : links_) {
    if (exhausted()) return;
    absl::StrAppend(&link.name, said);
    Spend(said.size());
  }
  Append(style(), said);
}

void BodyReader::DropUnfinishedRow() {
  std::vector<std::vector<Runs>>& rows = top().rows;
  if (!rows.empty() && (rows.back().empty() || rows.back().size() < rows.front().size())) {
    rows.pop_back();
  }
}

Body BodyReader::Take() {
  while (open_.size() > 1) {
    DropUnfinishedRow();
    CloseTop();
  }
  return {std::move(top().blocks), shortened_};
}

// What md4c calls back: other than 0 asks it to stop.
BodyReader& ReaderOf(void* reader) { return *static_cast<BodyReader*>(reader); }
int OnEnterBlock(MD_BLOCKTYPE type, void* detail, void* reader) {
  ReaderOf(reader).EnterBlock(type, detail);
  return ReaderOf(reader).exhausted() ? 1 : 0;
}
int OnLeaveBlock(MD_BLOCKTYPE type, void* /*detail*/, void* reader) {
  ReaderOf(reader).LeaveBlock(type);
  return ReaderOf(reader).exhausted() ? 1 : 0;
}
int OnEnterSpan(MD_SPANTYPE type, void* detail, void* reader) {
  ReaderOf(reader).EnterSpan(type, detail);
  return ReaderOf(reader).exhausted() ? 1 : 0;
}
int OnLeaveSpan(MD_SPANTYPE type, void* /*detail*/, void* reader) {
  ReaderOf(reader).LeaveSpan(type);
  return ReaderOf(reader).exhausted() ? 1 : 0;
}
int OnText(MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* reader) {
  ReaderOf(reader).Text(type, View(text, size));
  return ReaderOf(reader).exhausted() ? 1 : 0;
}

// As much of `text` as is read: whole lines where there are any.
absl::string_view ReadPart(absl::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text;
  const size_t line = text.rfind('\n', bytes - 1);
  return text.substr(0, line == absl::string_view::npos ? bytes : line + 1);
}

Body Read(absl::string_view text, const Reading& reading, Language language) {
  const absl::string_view part = ReadPart(text, reading.bytes);
  BodyReader reader(reading, language);
  MD_PARSER parser = {};
  parser.flags = reading.flags;
  parser.enter_block = OnEnterBlock;
  parser.leave_block = OnLeaveBlock;
  parser.enter_span = OnEnterSpan;
  parser.leave_span = OnLeaveSpan;
  parser.text = OnText;
  const int failed = md_parse(part.data(), static_cast<MD_SIZE>(part.size()), &parser, &reader);
  Body body = reader.Take();
  body.shortened = body.shortened || failed != 0 || part.size() < text.size();
  return body;
}

}  // namespace

Body ReadBody(absl::string_view text, Language language) { return Read(text, kBody, language); }

// Nothing is said in it but what stands there: the language is that of pictures, which it has none
// of.
Body ReadDocument(absl::string_view text) { return Read(text, kDocument, Language::kEnglish); }

}  // namespace shield::show
