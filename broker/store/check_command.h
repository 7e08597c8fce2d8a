// The limits of commands.h, checked in one place for all implementations.
#pragma once

#include "absl/status/status.h"
#include "broker/store/commands.h"
#include "broker/store/records.h"

namespace shield::store {

inline constexpr size_t kMaxDirectoryNoteBytes = 64 * 1024;
inline constexpr size_t kMaxFreshBytes = 64 * 1024;
inline constexpr size_t kMaxAuthorityBytes = 64 * 1024;
inline constexpr size_t kMaxDirectoryLines = 1'000'000;

// INVALID_ARGUMENT/LIMIT_EXCEEDED one past a limit; INVALID_ARGUMENT for a command that contradicts
// itself: a member twice, an inline payload whose length is not part_bytes[0], parts without an
// upload, a share with bytes of its own, a receipt in no state.
absl::Status CheckCommand(const PublishCommand& command);
absl::Status CheckCommand(const DirectoryCommand& command);
absl::Status CheckCommand(const FreshCommand& command);
absl::Status CheckCommand(const ReceiptsCommand& command);

// The bulletin whose payload this one gives on; null when it gives none on.
const BulletinId* FindShared(const std::vector<Referral>& referrals);
// Whether it ends another bulletin.
bool EndsOthers(const std::vector<Referral>& referrals);
// Whether a bulletin in this state can still be referred to so.
bool Permits(Effect effect, BulletinState state);

// What PutChunk may take, whatever was stored before.
absl::Status CheckChunk(uint32_t part, uint32_t chunk, ByteSpan bytes);

// What may still follow in a part of `staged` bytes: chunk number staged / kChunkBytes, and only if
// the part does not end in a short chunk.
absl::Status CheckNextChunk(uint64_t staged, uint32_t chunk);

// LIMIT_EXCEEDED for a place that ReadDue would have to pass too many rows of one end for.
absl::Status CheckDuePlace(const DuePlace& place);

// Whether the staged sizes are what the command says its parts are.
absl::Status CheckParts(const PublishCommand& command, const std::vector<uint64_t>& staged);

// OUT_OF_RANGE unless part <= whole <= log_size: proofs are about past sizes of the log.
absl::Status CheckLogRange(uint64_t part, uint64_t whole, uint64_t log_size);
// OUT_OF_RANGE unless all these nodes of the log are complete.
absl::Status CheckLogNodes(uint32_t level, uint64_t first, uint32_t count, uint64_t log_size);

}  // namespace shield::store
