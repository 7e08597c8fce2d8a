#include "policy/proof/checkpoint.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "crypto/note.h"
#include "policy/fields.h"
#include "policy/proof/signed_text.h"

namespace shield {
namespace {

constexpr absl::string_view kRule = "CHECKPOINT_MALFORMED";

absl::Status Refused(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("checkpoint refused: ", why)), kRule);
}

}  // namespace

std::string PrintCheckpoint(const Checkpoint& checkpoint) {
  return absl::StrCat(checkpoint.log_name, "\n", checkpoint.size, "\n",
                      PrintDigest(checkpoint.root), "\n");
}

absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (lines.size() != 4 || !lines[3].empty())
    return Refused("it does not have exactly three lines");
  if (!IsKeyName(lines[0])) return Refused("its first line is not the name of a log");
  const std::optional<uint64_t> size = ParseNumber(lines[1]);
  if (!size.has_value()) return Refused("its second line is not the size of a log");
  const std::optional<Digest> root = ParseDigest(lines[2]);
  if (!root.has_value()) return Refused("its third line is not the base64 of 32 bytes");
  return Checkpoint{std::string(lines[0]), *size, *root};
}

std::string SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key) {
  return SignNote(PrintCheckpoint(checkpoint), checkpoint.log_name, key);
}

absl::StatusOr<Checkpoint> VerifyCheckpoint(absl::string_view note, const VerifierKey& log_key) {
  ASSIGN_OR_RETURN(const std::string text, VerifiedText(note, log_key, kRule));
  ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpoint(text));
  if (checkpoint.log_name != log_key.name()) {
    return Refused(absl::StrCat("it is of the log `", checkpoint.log_name, "`"));
  }
  return checkpoint;
}

}  // namespace shield
