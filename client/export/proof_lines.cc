#include "client/export/proof_lines.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/base64.h"
#include "base/status.h"
#include "crypto/merkle.h"

namespace shield {
namespace {

constexpr size_t kHashBytes = 32;

}  // namespace

absl::Status ExportMalformed(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("export refused: ", why)),
                  "EXPORT_MALFORMED");
}

absl::StatusOr<uint64_t> ParseProofNumber(absl::string_view text) {
  uint64_t number = 0;
  if (absl::SimpleAtoi(text, &number)) return number;
  return ExportMalformed(absl::StrCat("`", text, "` is no number"));
}

std::optional<Digest> ParseProofHash(absl::string_view text) {
  const std::optional<Bytes> raw = Base64Decode(text, Base64Form::kPadded);
  return raw.has_value() ? Digest::FromBytes(*raw) : std::nullopt;
}

std::string PrintHashLines(const std::vector<Digest>& hashes) {
  std::string text;
  for (const Digest& hash : hashes) {
    absl::StrAppend(&text, Base64Encode(hash.span(), Base64Form::kPadded), "\n");
  }
  return text;
}

std::string PrintHashWord(const std::vector<Digest>& hashes) {
  Bytes raw;
  raw.reserve(hashes.size() * kHashBytes);
  for (const Digest& hash : hashes) raw.insert(raw.end(), hash.span().begin(), hash.span().end());
  return Base64Encode(raw, Base64Form::kPadded);
}

absl::StatusOr<std::vector<Digest>> ParseHashWord(absl::string_view text, size_t max) {
  const std::optional<Bytes> raw = Base64Decode(text, Base64Form::kPadded);
  if (!raw.has_value() || raw->size() % kHashBytes != 0 || raw->size() / kHashBytes > max) {
    return ExportMalformed("the hashes of a proof are out of form");
  }
  std::vector<Digest> hashes;
  hashes.reserve(raw->size() / kHashBytes);
  for (size_t at = 0; at < raw->size(); at += kHashBytes) {
    hashes.push_back(Digest::FromBytes(ByteSpan(*raw).subspan(at, kHashBytes)).value_or(Digest{}));
  }
  return hashes;
}

bool ProofLines::NextIs(absl::string_view word) const {
  return absl::StartsWith(rest_, word) && rest_.substr(word.size(), 1) == " ";
}

absl::StatusOr<absl::string_view> ProofLines::Next() {
  const size_t end = rest_.find('\n');
  if (end == absl::string_view::npos) return ExportMalformed("a line is cut off");
  const absl::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return line;
}

absl::StatusOr<std::vector<std::string>> ProofLines::Words(absl::string_view word, size_t count) {
  ASSIGN_OR_RETURN(const absl::string_view line, Next());
  std::vector<std::string> words = absl::StrSplit(line, ' ');
  if (words.size() == count && words[0] == word) return words;
  return ExportMalformed(absl::StrCat("`", line, "` is no `", word, "` line"));
}

absl::StatusOr<absl::string_view> ProofLines::Take(uint64_t bytes) {
  if (bytes > rest_.size()) return ExportMalformed("a part is cut off");
  const absl::string_view part = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return part;
}

absl::StatusOr<std::vector<Digest>> ProofLines::HashLines(uint64_t count) {
  if (count > kMaxMerklePath) {
    return ExportMalformed("a proof is longer than any tree is high");
  }
  std::vector<Digest> hashes;
  hashes.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(const absl::string_view line, Next());
    const std::optional<Digest> hash = ParseProofHash(line);
    if (!hash.has_value()) return ExportMalformed(absl::StrCat("`", line, "` is no hash"));
    hashes.push_back(*hash);
  }
  return hashes;
}

}  // namespace shield
