// Takes the sealed bytes of a bulletin, payload and objects, as they arrive: counts and hashes them
// against the statement and lays them down in the store, chunk by chunk, so that a bulletin of any
// size takes the memory of one chunk.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "broker/store/store.h"
#include "crypto/sha256.h"
#include "policy/statement.h"

namespace shield::broker {

// Thread-compatible. What was laid down and not handed over by Finish is dropped when it goes.
class PartIntake {
 public:
  PartIntake(store::Store& store, const Statement& statement);
  ~PartIntake();
  PartIntake(const PartIntake&) = delete;
  PartIntake& operator=(const PartIntake&) = delete;

  // Part 0 is the payload, part n the n-th object. Parts come whole, one after the other.
  // INVALID_ARGUMENT: DIGEST_MISMATCH for other bytes, fewer or more of them than the statement
  // says; MESSAGE_MALFORMED for a part that was passed already or that it does not name.
  absl::Status Take(uint32_t part, ByteSpan chunk);

  // Puts payload, upload and sizes into `command`, once everything has come.
  absl::Status Finish(store::PublishCommand& command);

 private:
  const SizedDigest& Expected(uint32_t part) const;
  bool KeptWhole(uint32_t part) const;
  // Closes the parts before `part`: each must be complete.
  absl::Status AdvanceTo(uint32_t part);
  absl::Status CloseCurrent();
  absl::Status LayDown(ByteSpan bytes, bool last);
  absl::Status PutChunk();

  store::Store& store_;
  const std::vector<SizedDigest> expected_;
  uint32_t current_ = 0;
  uint64_t received_ = 0;  // bytes of the current part
  uint32_t next_chunk_ = 0;
  Bytes chunk_;  // not yet laid down; of a payload that is kept whole, all of it
  Sha256Hasher hasher_;
  Bytes payload_;
  std::optional<store::UploadId> upload_;
};

}  // namespace shield::broker
