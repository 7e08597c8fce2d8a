// Checkpoints of the transparency log, in the form of C2SP tlog-checkpoint.
//
//   antwerp.example/log
//   20852163
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//
//   — antwerp.example/log Az3grl…
//
// The first line is the log's name, which is also its key's. No extension lines: what they could
// say no reader of ours would check (docs/spec/log.md).
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "crypto/signing_key.h"
#include "crypto/verifier_key.h"

namespace shield {

struct Checkpoint {
  std::string log_name;  // <network>/log
  uint64_t size = 0;
  Digest root = {};

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

std::string PrintCheckpoint(const Checkpoint& checkpoint);
// INVALID_ARGUMENT, rule CHECKPOINT_MALFORMED, saying what is wrong.
absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text);

// The signed note, by the key named as the log.
std::string SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key);

// The checkpoint of a note that `log_key` signed about the log of its own name; cosignatures of
// witnesses beside it are not looked at. DATA_LOSS, rule BAD_SIGNATURE, when it did not sign.
absl::StatusOr<Checkpoint> VerifyCheckpoint(absl::string_view note, const VerifierKey& log_key);

}  // namespace shield
