#include "client/export/logged_proof.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/export/packed_text.h"
#include "client/export/proof_lines.h"
#include "crypto/merkle.h"

namespace shield {
namespace {

constexpr absl::string_view kHeader = "shield/logged/v2";

std::string PrintAuthor(const MemberPart& author) {
  std::vector<Digest> hashes = author.proof;
  hashes.insert(hashes.end(), author.own_proof.begin(), author.own_proof.end());
  return absl::StrCat("author ", author.index, " ", author.proof.size(), " ", author.key.index, " ",
                      author.member.index, "\n", PrintHashWord(hashes), "\n", author.org_line, "\n",
                      author.key.text, "\n", author.member.text, "\n");
}

absl::StatusOr<std::string> NextText(ProofLines& lines) {
  ASSIGN_OR_RETURN(const absl::string_view line, lines.Next());
  return std::string(line);
}

absl::StatusOr<MemberPart> ParseAuthor(ProofLines& lines) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("author", 5));
  MemberPart author;
  ASSIGN_OR_RETURN(author.index, ParseProofNumber(words[1]));
  ASSIGN_OR_RETURN(const uint64_t in_path, ParseProofNumber(words[2]));
  ASSIGN_OR_RETURN(author.key.index, ParseProofNumber(words[3]));
  ASSIGN_OR_RETURN(author.member.index, ParseProofNumber(words[4]));
  ASSIGN_OR_RETURN(const absl::string_view word, lines.Next());
  ASSIGN_OR_RETURN(const std::vector<Digest> hashes, ParseHashWord(word, 3 * kMaxMerklePath));
  if (in_path > hashes.size()) return ExportMalformed("the path of its organisation is cut off");
  const auto own = hashes.begin() + static_cast<std::ptrdiff_t>(in_path);
  author.proof.assign(hashes.begin(), own);
  author.own_proof.assign(own, hashes.end());
  ASSIGN_OR_RETURN(author.org_line, NextText(lines));
  ASSIGN_OR_RETURN(author.key.text, NextText(lines));
  ASSIGN_OR_RETURN(author.member.text, NextText(lines));
  return author;
}

absl::StatusOr<ExportProof::InLog> ParseLog(ProofLines& lines) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("log", 2));
  ExportProof::InLog log;
  ASSIGN_OR_RETURN(log.index, ParseProofNumber(words[1]));
  ASSIGN_OR_RETURN(const absl::string_view word, lines.Next());
  ASSIGN_OR_RETURN(log.path, ParseHashWord(word, kMaxMerklePath));
  ASSIGN_OR_RETURN(const absl::string_view blank, lines.Next());
  if (!blank.empty()) return ExportMalformed("the checkpoint does not follow the log proof");
  log.checkpoint = std::string(lines.rest());
  return log;
}

// The length of one of the parts that follow.
absl::StatusOr<uint64_t> LengthOf(ProofLines& lines, absl::string_view part) {
  ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words(part, 2));
  return ParseProofNumber(words[1]);
}

absl::StatusOr<std::string> TakeText(ProofLines& lines, uint64_t bytes) {
  ASSIGN_OR_RETURN(const absl::string_view text, lines.Take(bytes));
  return std::string(text);
}

}  // namespace

std::string PrintLoggedProof(const LoggedProof& proof) {
  return PackText(absl::StrCat(kHeader, "\nstatement ", proof.statement.size(), "\ndirectory ",
                               proof.directory.size(), "\nauthority ", proof.authority.size(), "\n",
                               proof.statement, proof.directory, proof.authority,
                               PrintAuthor(proof.author), "log ", proof.log.index, "\n",
                               PrintHashWord(proof.log.path), "\n\n", proof.log.checkpoint));
}

absl::StatusOr<LoggedProof> ParseLoggedProof(absl::string_view file) {
  const std::optional<std::string> text = UnpackText(file, kMaxLoggedProofBytes);
  if (!text.has_value()) {
    return ExportMalformed("the file is no proof of `shield audit prove`, or was changed");
  }
  ProofLines lines(*text);
  ASSIGN_OR_RETURN(const absl::string_view header, lines.Next());
  if (header != kHeader) return ExportMalformed("the proof is of another form");
  ASSIGN_OR_RETURN(const uint64_t statement_bytes, LengthOf(lines, "statement"));
  ASSIGN_OR_RETURN(const uint64_t directory_bytes, LengthOf(lines, "directory"));
  ASSIGN_OR_RETURN(const uint64_t authority_bytes, LengthOf(lines, "authority"));
  LoggedProof proof;
  ASSIGN_OR_RETURN(proof.statement, TakeText(lines, statement_bytes));
  ASSIGN_OR_RETURN(proof.directory, TakeText(lines, directory_bytes));
  ASSIGN_OR_RETURN(proof.authority, TakeText(lines, authority_bytes));
  ASSIGN_OR_RETURN(proof.author, ParseAuthor(lines));
  ASSIGN_OR_RETURN(proof.log, ParseLog(lines));
  return proof;
}

}  // namespace shield
