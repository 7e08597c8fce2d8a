// What the texts that carry proofs have in common: lines of words, numbers and hashes.
//
//   ProofLines lines(text);
//   ASSIGN_OR_RETURN(const std::vector<std::string> words, lines.Words("log", 3));
//   ASSIGN_OR_RETURN(const std::vector<Digest> path, lines.HashLines(count));
//
// Everything that is out of form is INVALID_ARGUMENT, rule EXPORT_MALFORMED, with a sentence that
// says where.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"

namespace shield {

absl::Status ExportMalformed(absl::string_view why);

absl::StatusOr<uint64_t> ParseProofNumber(absl::string_view text);
// Nothing when it is not 32 bytes in base64.
std::optional<Digest> ParseProofHash(absl::string_view text);

// Hashes a line each, and all of them as the base64 of one.
std::string PrintHashLines(const std::vector<Digest>& hashes);
std::string PrintHashWord(const std::vector<Digest>& hashes);
// At most `max` of them.
absl::StatusOr<std::vector<Digest>> ParseHashWord(absl::string_view text, size_t max);

// Takes lines off a text, one after the other. Borrows the text. Thread-compatible.
class ProofLines {
 public:
  explicit ProofLines(absl::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  absl::string_view rest() const { return rest_; }
  // Whether the next line begins with this word and a space.
  bool NextIs(absl::string_view word) const;

  absl::StatusOr<absl::string_view> Next();
  // The words of a line that begins with `word` and has `count` in all.
  absl::StatusOr<std::vector<std::string>> Words(absl::string_view word, size_t count);
  // So many bytes, whatever they are.
  absl::StatusOr<absl::string_view> Take(uint64_t bytes);
  // At most kMaxMerklePath (crypto/merkle.h).
  absl::StatusOr<std::vector<Digest>> HashLines(uint64_t count);

 private:
  absl::string_view rest_;
};

}  // namespace shield
