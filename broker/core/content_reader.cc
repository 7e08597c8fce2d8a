#include "broker/core/content_reader.h"

#include <utility>

#include "base/status.h"
#include "broker/core/refusals.h"
#include "policy/decision.h"

namespace shield::broker {
namespace {

// What policy says to this holder at this moment.
absl::Status CheckEntitled(const CoreParts& parts, const Seat& seat,
                           const ShelvedBulletin& bulletin, uint32_t leaf_index) {
  if (!bulletin.Judged().has_value()) return NoSuchBulletin();
  const Decision decision =
      bulletin.DecideFor(seat.directory(), seat.member->id, leaf_index, parts.clock.Now());
  if (decision.allowed) return absl::OkStatus();
  return NotServed(RuleName(decision.rule), decision.sentence);
}

}  // namespace

absl::StatusOr<std::unique_ptr<FetchReader>> ContentReader::Open(const CoreParts& parts,
                                                                 const Caller& caller,
                                                                 const FetchQuery& query) {
  ASSIGN_OR_RETURN(const Seat seat, parts.board.ActiveSeat(caller));
  ASSIGN_OR_RETURN(const std::optional<uint32_t> leaf,
                   parts.holders.LeafOf(seat.member->id, query.id));
  if (!leaf.has_value()) return NoSuchBulletin();
  ASSIGN_OR_RETURN(const ShelvedBulletinPtr bulletin, parts.shelf.Take(query.id, *seat.posted));
  RETURN_IF_ERROR(CheckEntitled(parts, seat, *bulletin, *leaf));
  const std::vector<uint64_t>& sizes = bulletin->record.part_bytes;
  if (query.object >= sizes.size()) {
    return NotServed("NO_SUCH_OBJECT", "it has fewer objects than that");
  }
  const uint64_t total = sizes[query.object];
  if (query.offset > total) return TooMuch("offset", query.offset, total);
  return std::unique_ptr<FetchReader>(new ContentReader(parts, caller, query, *leaf, total));
}

ContentReader::ContentReader(const CoreParts& parts, const Caller& caller, const FetchQuery& query,
                             uint32_t leaf_index, uint64_t total_bytes)
    : parts_(parts),
      caller_(caller),
      id_(query.id),
      part_(query.object),
      leaf_index_(leaf_index),
      total_bytes_(total_bytes),
      offset_(query.offset) {}

absl::StatusOr<std::optional<FetchChunk>> ContentReader::Next() {
  if (offset_ == total_bytes_) {
    if (std::exchange(given_, true)) return std::nullopt;
    return FetchChunk{{}, total_bytes_};
  }
  RETURN_IF_ERROR(CheckStillAllowed());
  const uint32_t chunk = static_cast<uint32_t>(offset_ / store::kChunkBytes);
  const size_t skip = static_cast<size_t>(offset_ % store::kChunkBytes);
  ASSIGN_OR_RETURN(const Bytes bytes, parts_.store.ReadChunk(id_, part_, chunk));
  if (bytes.size() <= skip) {
    return parts_.store.ReportDamage(absl::DataLossError("a stored chunk is shorter than it was"));
  }
  offset_ += bytes.size() - skip;
  given_ = true;
  return FetchChunk{ToString(ByteSpan(bytes).subspan(skip)), total_bytes_};
}

absl::Status ContentReader::CheckStillAllowed() {
  ASSIGN_OR_RETURN(const Seat seat, parts_.board.ActiveSeat(caller_));
  ASSIGN_OR_RETURN(const ShelvedBulletinPtr bulletin, parts_.shelf.Take(id_, *seat.posted));
  return CheckEntitled(parts_, seat, *bulletin, leaf_index_);
}

}  // namespace shield::broker
