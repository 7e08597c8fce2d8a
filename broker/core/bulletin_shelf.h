// Bulletins at hand: read from the store once, parsed once, encoded once for all their readers.
//
// A bulletin that goes to 10,000 members is delivered 10,000 times within a second or so; its
// statement, payload, audience and recipient tree are the same each time. The shelf keeps what was
// asked for last, within kMaxBytes; everything on it can be read again from the store. It holds
// sealed bytes only: the broker has no others.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/strong_id.h"
#include "broker/core/directory_board.h"
#include "broker/core/feed.h"
#include "broker/store/store.h"
#include "crypto/merkle.h"
#include "crypto/slot.h"
#include "policy/decision.h"
#include "policy/proof/hidden_audience.h"
#include "policy/proof/recipient_set.h"
#include "policy/statement.h"
#include "policy/terms.h"

namespace shield::broker {

// The slots of a bulletin that was committed a moment ago.
struct SlotsAtHand {
  std::shared_ptr<const Bytes> bytes;         // kSlotSize each, in the order of …
  std::shared_ptr<const RecipientSet> whose;  // … this set

  absl::string_view Slot(uint32_t leaf_index) const {
    return AsText(ByteSpan(*bytes).subspan(size_t{leaf_index} * kSlotSize, kSlotSize));
  }
  const Digest& DigestOf(uint32_t leaf_index) const {
    return whose->recipients()[leaf_index].slot_digest;
  }
};

// Immutable.
struct ShelvedBulletin {
  store::BulletinRecord record;
  Statement statement;
  std::vector<Opening> openings;
  // What policy knows of it under `directory_version`, its source being the author's organisation
  // at publish; nothing when the author is not in that directory any more, and then nobody is given
  // its payload.
  std::optional<Terms> terms;
  // Of a share: the same of its original, which decides who of its holders is given the payload.
  std::optional<Terms> original_terms;
  uint64_t directory_version = 0;
  std::shared_ptr<const MerkleTree> recipients;
  std::shared_ptr<const SharedPart> shared;
  absl::Time good_until = absl::InfiniteFuture();  // when time changes its state
  // Those of all its recipients; null when it was read from the store.
  std::shared_ptr<const SlotsAtHand> slots = nullptr;

  bool Ended() const;  // a tombstone: no slot, no payload
  // Whether the slot of this leaf is at hand.
  bool HasSlot(uint32_t leaf_index) const {
    return slots != nullptr && leaf_index < slots->whose->size();
  }
  // The holder of the entry with this leaf, as policy sees it.
  Reader HolderOf(const MemberId& member, uint32_t leaf_index) const;
  // The terms that decide about its holders: of a share, its original's.
  const std::optional<Terms>& Judged() const;
  // What policy says to that holder at this moment. Judged() is there.
  Decision DecideFor(const Directory& directory, const MemberId& member, uint32_t leaf_index,
                     absl::Time now) const;
  // Whether it lets that holder have it: the same without the words.
  bool LetsHave(const Directory& directory, const MemberId& member, uint32_t leaf_index,
                absl::Time now) const;
};
using ShelvedBulletinPtr = std::shared_ptr<const ShelvedBulletin>;

// A bulletin on its way to the committer, whole but for what the commit gives it.
struct FreshBulletin {
  ShelvedBulletin bulletin;
  SharedContent content;
};

// Thread-safe. Reading from the store happens outside its lock; two callers may read the same
// bulletin at once, and all get the one that was put up first.
class BulletinShelf {
 public:
  static constexpr size_t kMaxBytes = size_t{128} * 1024 * 1024;

  BulletinShelf(store::Store& store, Clock& clock, size_t max_bytes = kMaxBytes);

  // The bulletin as it stands now under `posted`. NOT_FOUND when there is none. DATA_LOSS when the
  // stored one is not what this broker writes; that fails the store (Store::ReportDamage).
  absl::StatusOr<ShelvedBulletinPtr> Take(const BulletinId& id, const PostedDirectory& posted);

  // The same of many, in their order; what is not at hand is read at once.
  absl::StatusOr<std::vector<ShelvedBulletinPtr>> TakeEach(std::span<const BulletinId> ids,
                                                           const PostedDirectory& posted);

  // The same of those that stand here already, up to the first that does not.
  std::vector<ShelvedBulletinPtr> AtHand(std::span<const BulletinId> ids,
                                         const PostedDirectory& posted);

  // Puts up what was committed this moment, so that nobody has to read it. On the committing
  // thread, before anybody is told of the commit: nothing can have ended it yet.
  void PutUpFresh(FreshBulletin fresh, const store::PublishReceipt& receipt);

  // These are not what they were: whoever takes one after this reads it again.
  void Forget(const std::vector<BulletinId>& ids);

  size_t bytes();

 private:
  using Place = std::list<std::pair<BulletinId, ShelvedBulletinPtr>>::iterator;

  ShelvedBulletinPtr Find(const BulletinId& id, uint64_t directory_version, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Puts it up unless something was forgotten since `generation`: it may have been read before.
  ShelvedBulletinPtr PutUp(ShelvedBulletinPtr bulletin, uint64_t generation);
  void Insert(const ShelvedBulletinPtr& bulletin) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint64_t Generation();
  void Remove(Place place) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<ShelvedBulletinPtr> Parse(store::BulletinContents contents,
                                           const PostedDirectory& posted);
  // Adds what a share shows of its original: terms, and the signed statement into `content`.
  absl::Status AddOriginal(const Reference& reference, const PostedDirectory& posted,
                           ShelvedBulletin& bulletin, SharedContent& content);

  store::Store& store_;
  Clock& clock_;
  const size_t max_bytes_;
  Mutex mutex_;
  std::list<std::pair<BulletinId, ShelvedBulletinPtr>> order_
      ABSL_GUARDED_BY(mutex_);  // newest first
  absl::flat_hash_map<BulletinId, Place> places_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;  // how often something was forgotten
};

// The state of a bulletin as policy asks for it; its window is no state.
BulletinState PolicyState(store::BulletinState state);

// What policy knows of a bulletin under `directory`, `audience` being its opened tokens; nothing
// when its author is not in it any more.
std::optional<Terms> TermsUnder(const Directory& directory, const store::BulletinRecord& record,
                                const Statement& statement, std::vector<AudienceToken> audience);

}  // namespace shield::broker
