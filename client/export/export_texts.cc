#include "client/export/export_texts.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/base64.h"
#include "base/status.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "policy/directory_note.h"

namespace shield {
namespace {

constexpr absl::string_view kProofHeader = "shield/proof/v2";
constexpr absl::string_view kLoggedHeader = "shield/logged/v1";
constexpr size_t kMaxOpenings = 256;
// Of all organisations together.
constexpr uint64_t kMaxOwnLines = 1'000'000;

absl::Status Malformed(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("export refused: ", why)),
                  "EXPORT_MALFORMED");
}

std::string PrintHashes(const std::vector<Digest>& hashes) {
  std::string text;
  for (const Digest& hash : hashes) {
    absl::StrAppend(&text, Base64Encode(hash.span(), Base64Form::kPadded), "\n");
  }
  return text;
}

std::optional<Digest> ParseHash(absl::string_view text) {
  const std::optional<Bytes> raw = Base64Decode(text, Base64Form::kPadded);
  return raw.has_value() ? Digest::FromBytes(*raw) : std::nullopt;
}

absl::string_view PrintForm(ExportForm form) {
  switch (form) {
    case ExportForm::kOpened:
      return "opened";
    case ExportForm::kSealed:
      return "sealed";
    case ExportForm::kNotice:
      break;
  }
  return "notice";
}

absl::StatusOr<ExportForm> ParseForm(absl::string_view text) {
  for (const ExportForm form : {ExportForm::kOpened, ExportForm::kSealed, ExportForm::kNotice}) {
    if (text == PrintForm(form)) return form;
  }
  return Malformed("proof.txt names no form of folder");
}

// Takes lines off a text, one after the other.
class Lines {
 public:
  explicit Lines(absl::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  absl::string_view rest() const { return rest_; }
  bool NextIs(absl::string_view word) const {
    return absl::StartsWith(rest_, word) && rest_.substr(word.size(), 1) == " ";
  }

  absl::StatusOr<absl::string_view> Next() {
    const size_t end = rest_.find('\n');
    if (end == absl::string_view::npos) return Malformed("a line is cut off");
    const absl::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  // The words of a line that begins with `word` and has `count` in all.
  absl::StatusOr<std::vector<std::string>> Words(absl::string_view word, size_t count) {
    ASSIGN_OR_RETURN(const absl::string_view line, Next());
    std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words.size() == count && words[0] == word) return words;
    return Malformed(absl::StrCat("`", line, "` is no `", word, "` line"));
  }
  absl::StatusOr<absl::string_view> Take(uint64_t bytes) {
    if (bytes > rest_.size()) return Malformed("a part is cut off");
    const absl::string_view part = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return part;
  }
  absl::StatusOr<std::vector<Digest>> Hashes(uint64_t count) {
    if (count > kMaxMerklePath) return Malformed("a proof is longer than any tree is high");
    std::vector<Digest> hashes;
    for (uint64_t i = 0; i < count; ++i) {
      ASSIGN_OR_RETURN(const absl::string_view line, Next());
      const std::optional<Digest> hash = ParseHash(line);
      if (!hash.has_value()) return Malformed(absl::StrCat("`", line, "` is no hash"));
      hashes.push_back(*hash);
    }
    return hashes;
  }

 private:
  absl::string_view rest_;
};

std::string PrintLogProof(const ExportProof::InLog& log) {
  return absl::StrCat("log ", log.index, " ", log.path.size(), "\n", PrintHashes(log.path), "\n",
                      log.checkpoint);
}

absl::StatusOr<uint64_t> Number(absl::string_view text) {
  uint64_t number = 0;
  if (absl::SimpleAtoi(text, &number)) return number;
  return Malformed(absl::StrCat("`", text, "` is no number"));
}

// A line of a record. What is no more than a line end would cost many times its size.
absl::StatusOr<std::string> RecordLine(Lines& lines) {
  ASSIGN_OR_RETURN(const absl::string_view line, lines.Next());
  if (line.empty()) return Malformed("directory.txt has an empty line among its records");
  return std::string(line);
}

// `orgs` is how many the note says there are; `own_lines_left` how many more lines may come.
absl::StatusOr<OrgPart> ParsePart(Lines& lines, uint64_t orgs, uint64_t& own_lines_left) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("part", 4));
  OrgPart part;
  ASSIGN_OR_RETURN(part.index, Number(words[1]));
  ASSIGN_OR_RETURN(const uint64_t hashes, Number(words[2]));
  ASSIGN_OR_RETURN(const uint64_t own_lines, Number(words[3]));
  if (part.index >= orgs) return Malformed("a part is of no organisation of the directory");
  if (own_lines > own_lines_left) return Malformed("directory.txt has too many lines");
  own_lines_left -= own_lines;
  ASSIGN_OR_RETURN(part.proof, lines.Hashes(hashes));
  ASSIGN_OR_RETURN(part.lines.line, RecordLine(lines));
  for (uint64_t i = 0; i < own_lines; ++i) {
    ASSIGN_OR_RETURN(std::string own, RecordLine(lines));
    part.lines.own_lines.push_back(std::move(own));
  }
  return part;
}

// How many it says there are; form and signatures are checked with the rest.
uint64_t OrgsOfNote(absl::string_view note) {
  const absl::StatusOr<SignedNote> parsed = ParseNote(note);
  if (!parsed.ok()) return kMaxOrgs;
  const absl::StatusOr<DirectoryNote> read = ParseDirectoryNote(parsed->text);
  return read.ok() ? read->orgs : kMaxOrgs;
}

absl::StatusOr<ExportProof::InLog> ParseLogProof(Lines& lines) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("log", 3));
  ExportProof::InLog log;
  ASSIGN_OR_RETURN(log.index, Number(words[1]));
  ASSIGN_OR_RETURN(const uint64_t hashes, Number(words[2]));
  ASSIGN_OR_RETURN(log.path, lines.Hashes(hashes));
  ASSIGN_OR_RETURN(const absl::string_view blank, lines.Next());
  if (!blank.empty()) return Malformed("the checkpoint does not follow the log proof");
  log.checkpoint = std::string(lines.rest());
  return log;
}

std::string PrintReader(const ExportProof::InRecipients& reader) {
  std::string text =
      absl::StrCat("recipient ", reader.member.text(), " ", PrintAgeRecipient(reader.recipient.key),
                   " ", reader.leaf_index, " ", reader.leaf_path.size(), " ",
                   Base64Encode(reader.recipient.slot_digest.span(), Base64Form::kPadded), "\n",
                   PrintHashes(reader.leaf_path));
  for (const AudienceOpening& opening : reader.openings) {
    absl::StrAppend(&text, "opening ", Base64Encode(opening.salt, Base64Form::kPadded), " ",
                    opening.token, "\n");
  }
  return text;
}

absl::StatusOr<AudienceOpening> ParseOpening(Lines& lines) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("opening", 3));
  std::optional<Bytes> salt = Base64Decode(words[1], Base64Form::kPadded);
  if (!salt.has_value()) return Malformed("the salt of an opening is not base64");
  return AudienceOpening{*std::move(salt), words[2]};
}

absl::StatusOr<ExportProof::InRecipients> ParseReader(Lines& lines) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("recipient", 6));
  const std::optional<MemberId> member = MemberId::Parse(words[1]);
  const std::optional<Digest> slot_digest = ParseHash(words[5]);
  if (!member.has_value() || !slot_digest.has_value()) {
    return Malformed("the recipient line of proof.txt is out of form");
  }
  ASSIGN_OR_RETURN(const X25519PublicKey key, ParseAgeRecipient(words[2]));
  ExportProof::InRecipients reader{*member, {key, *slot_digest}, 0, {}, {}};
  ASSIGN_OR_RETURN(reader.leaf_index, Number(words[3]));
  ASSIGN_OR_RETURN(const uint64_t hashes, Number(words[4]));
  ASSIGN_OR_RETURN(reader.leaf_path, lines.Hashes(hashes));
  while (lines.NextIs("opening")) {
    if (reader.openings.size() == kMaxOpenings) return Malformed("proof.txt has too many openings");
    ASSIGN_OR_RETURN(AudienceOpening opening, ParseOpening(lines));
    reader.openings.push_back(std::move(opening));
  }
  return reader;
}

}  // namespace

std::string PrintDirectoryExtract(const DirectoryExtract& extract) {
  std::string text = absl::StrCat(extract.note, "\n");
  for (const OrgPart& part : extract.parts) {
    absl::StrAppend(&text, "part ", part.index, " ", part.proof.size(), " ",
                    part.lines.own_lines.size(), "\n", PrintHashes(part.proof), part.lines.line,
                    "\n");
    for (const std::string& line : part.lines.own_lines) absl::StrAppend(&text, line, "\n");
  }
  return text;
}

absl::StatusOr<absl::string_view> NoteOfExtract(absl::string_view text) {
  constexpr absl::string_view kFirstPart = "\n\npart ";
  const size_t end = text.substr(0, kMaxDirectoryNoteBytes + kFirstPart.size()).find(kFirstPart);
  if (end == absl::string_view::npos) return Malformed("directory.txt shows no organisation");
  return text.substr(0, end + 1);
}

absl::StatusOr<DirectoryExtract> ParseDirectoryExtract(absl::string_view text) {
  ASSIGN_OR_RETURN(const absl::string_view note, NoteOfExtract(text));
  const size_t end = note.size() - 1;
  DirectoryExtract extract{std::string(note), {}};
  const uint64_t orgs = OrgsOfNote(extract.note);
  uint64_t own_lines_left = kMaxOwnLines;
  Lines lines(text.substr(end + 2));
  while (!lines.done()) {
    if (extract.parts.size() == kMaxOrgs) return Malformed("directory.txt has too many parts");
    ASSIGN_OR_RETURN(OrgPart part, ParsePart(lines, orgs, own_lines_left));
    extract.parts.push_back(std::move(part));
  }
  return extract;
}

std::string PrintExportProof(const ExportProof& proof) {
  std::string text = absl::StrCat(kProofHeader, "\nfiles ", PrintForm(proof.form), "\n");
  if (proof.reader.has_value()) absl::StrAppend(&text, PrintReader(*proof.reader));
  if (proof.log.has_value()) text += PrintLogProof(*proof.log);
  return text;
}

absl::StatusOr<ExportProof> ParseExportProof(absl::string_view text) {
  Lines lines(text);
  ASSIGN_OR_RETURN(const absl::string_view header, lines.Next());
  if (header != kProofHeader) return Malformed("proof.txt is of another form");
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("files", 2));
  ExportProof proof;
  ASSIGN_OR_RETURN(proof.form, ParseForm(words[1]));
  if (proof.form != ExportForm::kNotice) {
    ASSIGN_OR_RETURN(proof.reader, ParseReader(lines));
  }
  if (lines.done()) return proof;
  ASSIGN_OR_RETURN(proof.log, ParseLogProof(lines));
  return proof;
}

std::string PrintLoggedProof(const LoggedProof& proof) {
  const std::string directory = PrintDirectoryExtract(proof.directory);
  return absl::StrCat(kLoggedHeader, "\nstatement ", proof.statement.size(), "\ndirectory ",
                      directory.size(), "\nauthority ", proof.authority.size(), "\n",
                      proof.statement, directory, proof.authority, PrintLogProof(proof.log));
}

absl::StatusOr<LoggedProof> ParseLoggedProof(absl::string_view text) {
  Lines lines(text);
  ASSIGN_OR_RETURN(const absl::string_view header, lines.Next());
  if (header != kLoggedHeader) return Malformed("the file is no proof of `shield audit prove`");
  ASSIGN_OR_RETURN(const std::vector<std::string> statement, lines.Words("statement", 2));
  ASSIGN_OR_RETURN(const std::vector<std::string> directory, lines.Words("directory", 2));
  ASSIGN_OR_RETURN(const std::vector<std::string> authority, lines.Words("authority", 2));
  ASSIGN_OR_RETURN(const uint64_t statement_bytes, Number(statement[1]));
  ASSIGN_OR_RETURN(const uint64_t authority_bytes, Number(authority[1]));
  ASSIGN_OR_RETURN(const uint64_t directory_bytes, Number(directory[1]));
  LoggedProof proof;
  ASSIGN_OR_RETURN(const absl::string_view note, lines.Take(statement_bytes));
  proof.statement = std::string(note);
  ASSIGN_OR_RETURN(const absl::string_view extract, lines.Take(directory_bytes));
  ASSIGN_OR_RETURN(proof.directory, ParseDirectoryExtract(extract));
  ASSIGN_OR_RETURN(const absl::string_view rotations, lines.Take(authority_bytes));
  proof.authority = std::string(rotations);
  ASSIGN_OR_RETURN(proof.log, ParseLogProof(lines));
  return proof;
}

}  // namespace shield
