#include "client/export/export_texts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/status.h"
#include "client/export/proof_lines.h"
#include "crypto/note.h"
#include "policy/directory_note.h"

namespace shield {
namespace {

constexpr absl::string_view kProofHeader = "shield/proof/v2";
constexpr size_t kMaxOpenings = 256;
// Of all organisations together.
constexpr uint64_t kMaxOwnLines = 1'000'000;

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
  return ExportMalformed("proof.txt names no form of folder");
}

std::string PrintLogProof(const ExportProof::InLog& log) {
  return absl::StrCat("log ", log.index, " ", log.path.size(), "\n", PrintHashLines(log.path), "\n",
                      log.checkpoint);
}

// A line of a record. What is no more than a line end would cost many times its size.
absl::StatusOr<std::string> RecordLine(ProofLines& lines) {
  ASSIGN_OR_RETURN(const absl::string_view line, lines.Next());
  if (line.empty()) return ExportMalformed("directory.txt has an empty line among its records");
  return std::string(line);
}

// `orgs` is how many the note says there are; `own_lines_left` how many more lines may come.
absl::StatusOr<OrgPart> ParsePart(ProofLines& lines, uint64_t orgs, uint64_t& own_lines_left) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("part", 4));
  OrgPart part;
  ASSIGN_OR_RETURN(part.index, ParseProofNumber(words[1]));
  ASSIGN_OR_RETURN(const uint64_t hashes, ParseProofNumber(words[2]));
  ASSIGN_OR_RETURN(const uint64_t own_lines, ParseProofNumber(words[3]));
  if (part.index >= orgs) return ExportMalformed("a part is of no organisation of the directory");
  if (own_lines > own_lines_left) return ExportMalformed("directory.txt has too many lines");
  own_lines_left -= own_lines;
  ASSIGN_OR_RETURN(part.proof, lines.HashLines(hashes));
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

absl::StatusOr<ExportProof::InLog> ParseLogProof(ProofLines& lines) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("log", 3));
  ExportProof::InLog log;
  ASSIGN_OR_RETURN(log.index, ParseProofNumber(words[1]));
  ASSIGN_OR_RETURN(const uint64_t hashes, ParseProofNumber(words[2]));
  ASSIGN_OR_RETURN(log.path, lines.HashLines(hashes));
  ASSIGN_OR_RETURN(const absl::string_view blank, lines.Next());
  if (!blank.empty()) return ExportMalformed("the checkpoint does not follow the log proof");
  log.checkpoint = std::string(lines.rest());
  return log;
}

std::string PrintReader(const ExportProof::InRecipients& reader) {
  std::string text =
      absl::StrCat("recipient ", reader.member.text(), " ", PrintAgeRecipient(reader.recipient.key),
                   " ", reader.leaf_index, " ", reader.leaf_path.size(), " ",
                   Base64Encode(reader.recipient.slot_digest.span(), Base64Form::kPadded), "\n",
                   PrintHashLines(reader.leaf_path));
  for (const AudienceOpening& opening : reader.openings) {
    absl::StrAppend(&text, "opening ", Base64Encode(opening.salt, Base64Form::kPadded), " ",
                    opening.token, "\n");
  }
  return text;
}

absl::StatusOr<AudienceOpening> ParseOpening(ProofLines& lines) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("opening", 3));
  std::optional<Bytes> salt = Base64Decode(words[1], Base64Form::kPadded);
  if (!salt.has_value()) return ExportMalformed("the salt of an opening is not base64");
  return AudienceOpening{*std::move(salt), words[2]};
}

absl::StatusOr<ExportProof::InRecipients> ParseReader(ProofLines& lines) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("recipient", 6));
  const std::optional<MemberId> member = MemberId::Parse(words[1]);
  const std::optional<Digest> slot_digest = ParseProofHash(words[5]);
  if (!member.has_value() || !slot_digest.has_value()) {
    return ExportMalformed("the recipient line of proof.txt is out of form");
  }
  ASSIGN_OR_RETURN(const X25519PublicKey key, ParseAgeRecipient(words[2]));
  ExportProof::InRecipients reader{*member, {key, *slot_digest}, 0, {}, {}};
  ASSIGN_OR_RETURN(reader.leaf_index, ParseProofNumber(words[3]));
  ASSIGN_OR_RETURN(const uint64_t hashes, ParseProofNumber(words[4]));
  ASSIGN_OR_RETURN(reader.leaf_path, lines.HashLines(hashes));
  while (lines.NextIs("opening")) {
    if (reader.openings.size() == kMaxOpenings)
      return ExportMalformed("proof.txt has too many openings");
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
                    part.lines.own_lines.size(), "\n", PrintHashLines(part.proof), part.lines.line,
                    "\n");
    for (const std::string& line : part.lines.own_lines) absl::StrAppend(&text, line, "\n");
  }
  return text;
}

absl::StatusOr<absl::string_view> NoteOfExtract(absl::string_view text) {
  constexpr absl::string_view kFirstPart = "\n\npart ";
  const size_t end = text.substr(0, kMaxDirectoryNoteBytes + kFirstPart.size()).find(kFirstPart);
  if (end == absl::string_view::npos) return ExportMalformed("directory.txt shows no organisation");
  return text.substr(0, end + 1);
}

absl::StatusOr<DirectoryExtract> ParseDirectoryExtract(absl::string_view text) {
  ASSIGN_OR_RETURN(const absl::string_view note, NoteOfExtract(text));
  const size_t end = note.size() - 1;
  DirectoryExtract extract{std::string(note), {}};
  const uint64_t orgs = OrgsOfNote(extract.note);
  uint64_t own_lines_left = kMaxOwnLines;
  ProofLines lines(text.substr(end + 2));
  while (!lines.done()) {
    if (extract.parts.size() == kMaxOrgs)
      return ExportMalformed("directory.txt has too many parts");
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
  ProofLines lines(text);
  ASSIGN_OR_RETURN(const absl::string_view header, lines.Next());
  if (header != kProofHeader) return ExportMalformed("proof.txt is of another form");
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

}  // namespace shield
