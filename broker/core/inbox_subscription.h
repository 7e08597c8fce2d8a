// One reader's position in its own inbox.
//
// No copies wait anywhere: the next message is put together when the stream can take it, from what
// is at hand of the newest commits or else from the store, so a slow reader costs a tail of 8 KiB
// at most (inbox_tail.h) and holds up nobody. Before anything is given the reader is looked up in
// the directory of that moment; a reader that is no longer active ends its stream.
//
//   hello with a signed head of `after`, at once - entries, dense from `after` + 1 - a mark when
//   caught up - entries - a mark - …
//
// A chain hash leaves the broker with its entry or after it, never before (docs/spec/delivery.md
// G7): knowing one is what lets a member acknowledge.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/core/core_parts.h"
#include "broker/core/feed.h"

namespace shield::broker {

// One entry's own: where it stands and the slot that was sealed for it.
struct PlacedSlot {
  uint64_t seq = 0;
  uint32_t leaf_index = 0;
  absl::string_view slot;
  Digest slot_digest = {};
};

// Used by one thread at a time.
class InboxSubscription final : public Subscription {
 public:
  // The first mark comes as soon as the reader is caught up; after that at most one in this time,
  // because each costs a signature, by a clock that only goes forward. A mark that was due earlier
  // comes with the next call.
  static constexpr absl::Duration kMarkInterval = absl::Seconds(1);

  // DATA_LOSS ROLLBACK: reader and store hold different histories, or the store has lost entries.
  // OUT_OF_RANGE CURSOR_AHEAD: the query names an entry that does not exist.
  // UNAUTHENTICATED: the caller is not an active member.
  static absl::StatusOr<std::unique_ptr<Subscription>> Open(const CoreParts& parts,
                                                            const Caller& caller,
                                                            const SubscribeQuery& query);

  absl::StatusOr<std::optional<FeedMessage>> Next(const FeedLimits& limits) override;
  bool HasMore() const override;
  FeedHeartbeat Heartbeat() const override;

 private:
  // Where a reader stands, and the bulletin of the entry there if that is known without a read.
  struct Reached {
    shield::InboxPosition position;
    std::optional<BulletinId> id = {};
  };

  InboxSubscription(const CoreParts& parts, const Caller& caller, const MemberId& member,
                    std::shared_ptr<WatchedInbox> inbox, shield::InboxPosition position);

  absl::StatusOr<FeedMessage> Greet();
  absl::StatusOr<Seat> SeatNow() const;
  // The entries that fit, appended to `message`. Where the reader stands once it has them.
  absl::StatusOr<Reached> TakeEntries(const Seat& seat, const FeedLimits& limits,
                                      FeedMessage& message);
  // The same from what is at hand of the newest commits, without a read.
  Reached TakeFromTail(const Seat& seat, const FeedLimits& limits, FeedMessage& message);
  absl::StatusOr<Reached> TakeFromStore(const Seat& seat, const FeedLimits& limits,
                                        FeedMessage& message);
  // Of `offered` entries so many fitted into the message.
  void NoteFit(size_t fitted, size_t offered, const FeedLimits& limits);
  FeedEntry MakeEntry(const Seat& seat, const ShelvedBulletin& bulletin,
                      const PlacedSlot& placed) const;
  bool MarkIsDueAt(uint64_t seq) const;
  absl::Status AddMark(const Reached& reached, FeedMessage& message);

  const CoreParts parts_;
  const Caller caller_;
  const MemberId member_;
  const std::shared_ptr<WatchedInbox> inbox_;
  Reached at_;                 // the last entry of a message that Next returned
  size_t likely_to_fit_ = 16;  // entries in the next message
  bool greeted_ = false;
  uint64_t seen_generation_ = 0;    // of the board, when the caller was last looked up
  std::optional<uint64_t> marked_;  // the position of the last mark
  absl::Time marked_at_ = absl::InfinitePast();
};

}  // namespace shield::broker
