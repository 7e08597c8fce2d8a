#include "broker/core/inbox_subscription.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/status.h"
#include "broker/core/refusals.h"
#include "broker/store/store_errors.h"
#include "policy/proof/shown_openings.h"

namespace shield::broker {
namespace {

constexpr size_t kFixedEntryBytes = 64;
constexpr size_t kFixedOpeningBytes = 8;

// The token names one more entry the reader was given; a store made from a backup has another epoch
// and may have that entry all the same.
absl::Status CheckToken(store::Store& store, const MemberId& member, const std::string& text) {
  if (text.empty()) return absl::OkStatus();
  const std::optional<store::ResumeToken> token = store::ResumeToken::Decode(AsBytes(text));
  if (!token.has_value()) return OutOfOrder("the resume token is not one of this broker's");
  return store.CheckResumeToken(member, *token);
}

// Where the reader stands, once it is certain that reader and store mean the same history. The
// chain hash decides, because it binds everything up to its entry. A cursor beyond the inbox is a
// mistake of the caller's, but with a token, which only a broker gives, it is entries lost.
absl::StatusOr<shield::InboxPosition> FindPosition(store::Store& store, const MemberId& member,
                                                   const SubscribeQuery& query) {
  const absl::StatusOr<Digest> hash = store.ReadChainHash(member, query.after);
  if (absl::IsNotFound(hash.status())) {
    RETURN_IF_ERROR(CheckToken(store, member, query.resume_token));
    if (!query.resume_token.empty()) return AnotherHistory(query.after);
    ASSIGN_OR_RETURN(const store::InboxPosition present, store.ReadPosition(member));
    return AheadOfInbox(query.after, present.last_seq);
  }
  RETURN_IF_ERROR(hash.status());
  if (query.after > 0 && !query.after_hash.has_value()) {
    return OutOfOrder("a cursor above 0 comes with the chain hash of its entry");
  }
  if (query.after_hash.has_value() && *query.after_hash != *hash) {
    return AnotherHistory(query.after);
  }
  RETURN_IF_ERROR(CheckToken(store, member, query.resume_token));
  return shield::InboxPosition{query.after, *hash};
}

std::vector<AudienceOpening> OpeningsOf(const ShelvedBulletin& bulletin, const Seat& seat) {
  std::vector<AudienceOpening> shown;
  const OpenedBulletinFacts facts{bulletin.record.source, bulletin.statement.bulletin_class,
                                  bulletin.statement.tlp};
  for (const Opening& opening :
       OpeningsShownTo({*seat.member, *seat.org}, facts, bulletin.openings)) {
    shown.push_back({ToBytes(opening.salt), PrintAudienceToken(opening.token)});
  }
  return shown;
}

// The shared part without the payload: for a holder whom the directory of this moment does not
// entitle any more. Number, hash and statement are his, so that his chain stays whole.
std::shared_ptr<const SharedPart> WithoutPayload(const SharedPart& part) {
  SharedContent content = part.content();
  content.payload.clear();
  return std::make_shared<const SharedPart>(std::move(content));
}

size_t SizeOf(const FeedEntry& entry) {
  const SharedContent& content = entry.shared->content();
  size_t openings = 0;
  for (const AudienceOpening& opening : entry.own.openings) {
    openings += kFixedOpeningBytes + opening.salt.size() + opening.token.size();
  }
  return kFixedEntryBytes + content.statement.size() + content.payload.size() +
         content.ended_by.size() + content.shared_original.size() + entry.own.slot.size() +
         34 * entry.own.leaf_proof.size() + openings;
}

// What one message still has room for.
class Room {
 public:
  Room(const FeedLimits& limits, FeedMessage& message) : limits_(limits), message_(message) {}

  // Appends it unless it does not fit; the first always does.
  bool Take(FeedEntry entry) {
    bytes_ += SizeOf(entry);
    if (bytes_ > limits_.max_bytes && !message_.entries.empty()) return false;
    message_.entries.push_back(std::move(entry));
    return true;
  }

 private:
  const FeedLimits& limits_;
  FeedMessage& message_;
  size_t bytes_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Subscription>> InboxSubscription::Open(const CoreParts& parts,
                                                                      const Caller& caller,
                                                                      const SubscribeQuery& query) {
  ASSIGN_OR_RETURN(const Seat seat, parts.board.ActiveSeat(caller));
  const MemberId& member = seat.member->id;
  ASSIGN_OR_RETURN(std::shared_ptr<WatchedInbox> inbox, parts.growth.Watch(member));
  ASSIGN_OR_RETURN(const shield::InboxPosition position, FindPosition(parts.store, member, query));
  return std::unique_ptr<Subscription>(
      new InboxSubscription(parts, caller, member, std::move(inbox), position));
}

InboxSubscription::InboxSubscription(const CoreParts& parts, const Caller& caller,
                                     const MemberId& member, std::shared_ptr<WatchedInbox> inbox,
                                     shield::InboxPosition position)
    : parts_(parts), caller_(caller), member_(member), inbox_(std::move(inbox)), at_{position} {}

absl::StatusOr<std::optional<FeedMessage>> InboxSubscription::Next(const FeedLimits& limits) {
  if (!greeted_) {
    ASSIGN_OR_RETURN(FeedMessage hello, Greet());
    greeted_ = true;
    return hello;
  }
  const uint64_t generation = parts_.board.generation();
  const bool has_entries = inbox_->last_seq() > at_.position.seq;
  if (!has_entries && generation == seen_generation_ && !MarkIsDueAt(at_.position.seq)) {
    return std::nullopt;
  }
  ASSIGN_OR_RETURN(const Seat seat, SeatNow());
  FeedMessage message;
  Reached reached = at_;
  if (has_entries) {
    ASSIGN_OR_RETURN(reached, TakeEntries(seat, limits, message));
  }
  if (MarkIsDueAt(reached.position.seq)) RETURN_IF_ERROR(AddMark(reached, message));
  // An error above has given nothing and moved nothing.
  seen_generation_ = generation;
  at_ = reached;
  if (has_entries) inbox_->tail().DropThrough(reached.position.seq);
  if (message.entries.empty() && !message.mark.has_value()) return std::nullopt;
  return message;
}

bool InboxSubscription::HasMore() const {
  return !greeted_ || inbox_->last_seq() > at_.position.seq || MarkIsDueAt(at_.position.seq);
}

FeedHeartbeat InboxSubscription::Heartbeat() const {
  const PostedDirectoryPtr posted = parts_.board.Current();
  return {posted == nullptr ? 0 : posted->directory().version(), parts_.clock.Now()};
}

absl::StatusOr<FeedMessage> InboxSubscription::Greet() {
  ASSIGN_OR_RETURN(const Seat seat, SeatNow());
  FeedMessage message;
  // The head of where the reader is, not of the end: whoever knows a chain hash may acknowledge its
  // entry, so none is told before its entry is given.
  message.hello = FeedHello{parts_.signer.Head(member_, at_.position, parts_.store.log_size()),
                            seat.directory().version(), parts_.clock.Now()};
  return message;
}

absl::StatusOr<Seat> InboxSubscription::SeatNow() const {
  ASSIGN_OR_RETURN(Seat seat, parts_.board.ActiveSeat(caller_));
  // A key that was given to another member is not this member's any more.
  if (seat.member->id != member_) return NotWelcome("UNKNOWN_CALLER");
  return seat;
}

absl::StatusOr<InboxSubscription::Reached> InboxSubscription::TakeEntries(const Seat& seat,
                                                                          const FeedLimits& limits,
                                                                          FeedMessage& message) {
  const Reached reached = TakeFromTail(seat, limits, message);
  if (message.entries.empty()) return TakeFromStore(seat, limits, message);
  // Of a store that has failed nothing is given: what it knew last may not have reached the shelf.
  const absl::Status health = parts_.store.health();
  if (!health.ok()) return store::StoreFailed(health);
  return reached;
}

InboxSubscription::Reached InboxSubscription::TakeFromTail(const Seat& seat,
                                                           const FeedLimits& limits,
                                                           FeedMessage& message) {
  Reached reached = at_;
  const size_t most = std::min(limits.max_entries, likely_to_fit_);
  const std::vector<TailEntry> tail = inbox_->tail().After(at_.position.seq, most);
  std::vector<BulletinId> ids;
  ids.reserve(tail.size());
  for (const TailEntry& entry : tail) ids.push_back(entry.id);
  const std::vector<ShelvedBulletinPtr> bulletins = parts_.shelf.AtHand(ids, *seat.posted);
  message.entries.reserve(bulletins.size());
  Room room(limits, message);
  size_t offered = bulletins.size();
  for (size_t i = 0; i < bulletins.size(); ++i) {
    const TailEntry& entry = tail[i];
    const ShelvedBulletin& bulletin = *bulletins[i];
    if (!bulletin.HasSlot(entry.leaf_index)) {
      offered = i;  // the store has it: that says nothing about the room
      break;
    }
    const PlacedSlot placed{entry.seq, entry.leaf_index, bulletin.slots->Slot(entry.leaf_index),
                            bulletin.slots->DigestOf(entry.leaf_index)};
    if (!room.Take(MakeEntry(seat, bulletin, placed))) break;
    reached = {{entry.seq, entry.chain_hash}, entry.id};
  }
  NoteFit(message.entries.size(), offered, limits);
  return reached;
}

absl::StatusOr<InboxSubscription::Reached> InboxSubscription::TakeFromStore(
    const Seat& seat, const FeedLimits& limits, FeedMessage& message) {
  const store::ScanLimits bounds{std::min(limits.max_entries, likely_to_fit_), limits.max_bytes};
  ASSIGN_OR_RETURN(const store::InboxScan scan,
                   parts_.store.ScanInbox(member_, at_.position.seq, bounds));
  std::vector<BulletinId> ids;
  ids.reserve(scan.entries.size());
  for (const store::InboxEntry& stored : scan.entries) ids.push_back(stored.id);
  ASSIGN_OR_RETURN(const std::vector<ShelvedBulletinPtr> bulletins,
                   parts_.shelf.TakeEach(ids, *seat.posted));
  Reached reached = at_;
  message.entries.reserve(scan.entries.size());
  Room room(limits, message);
  for (size_t i = 0; i < scan.entries.size(); ++i) {
    const store::InboxEntry& stored = scan.entries[i];
    if (stored.seq != reached.position.seq + 1) {
      return absl::InternalError("the inbox has a gap where none can be");
    }
    const PlacedSlot placed{stored.seq, stored.leaf_index, AsText(stored.slot), stored.slot_digest};
    if (!room.Take(MakeEntry(seat, *bulletins[i], placed))) break;
    reached = {{stored.seq, stored.chain_hash}, stored.id};
  }
  NoteFit(message.entries.size(), scan.entries.size(), limits);
  return reached;
}

// What is looked up and does not fit is looked up again.
void InboxSubscription::NoteFit(size_t fitted, size_t offered, const FeedLimits& limits) {
  if (fitted < offered) {
    likely_to_fit_ = fitted + 1;
  } else if (offered == likely_to_fit_) {
    likely_to_fit_ = std::min(2 * offered, limits.max_entries);
  }
}

FeedEntry InboxSubscription::MakeEntry(const Seat& seat, const ShelvedBulletin& bulletin,
                                       const PlacedSlot& placed) const {
  FeedEntry made{bulletin.shared, {}};
  made.own.seq = placed.seq;
  made.own.slot_hash = placed.slot_digest;
  made.own.leaf_index = placed.leaf_index;
  const bool sealed = placed.leaf_index < bulletin.recipients->size();
  if (sealed) made.own.leaf_proof = bulletin.recipients->InclusionPath(placed.leaf_index);
  made.own.openings = OpeningsOf(bulletin, seat);
  if (bulletin.Ended()) return made;
  made.own.slot = std::string(placed.slot);
  if (!bulletin.shared->content().payload.empty()) {
    const bool entitled =
        sealed && bulletin.Judged().has_value() &&
        bulletin.LetsHave(seat.directory(), member_, placed.leaf_index, parts_.clock.Now());
    if (!entitled) made.shared = WithoutPayload(*bulletin.shared);
  }
  return made;
}

bool InboxSubscription::MarkIsDueAt(uint64_t seq) const {
  if (inbox_->last_seq() > seq || marked_ == seq) return false;
  return !marked_.has_value() || parts_.pacing.Now() - marked_at_ >= kMarkInterval;
}

absl::Status InboxSubscription::AddMark(const Reached& reached, FeedMessage& message) {
  const uint64_t seq = reached.position.seq;
  // The token names the bulletin at `seq`: the store reads it where it was not given just now.
  ASSIGN_OR_RETURN(store::ResumeToken token,
                   parts_.store.MakeResumeToken(member_, reached.id.has_value() ? 0 : seq));
  if (reached.id.has_value()) {
    const ByteSpan id = reached.id->span();
    token.seq = seq;
    std::copy(id.begin(), id.end(), token.id.begin());
  }
  message.mark = FeedMark{parts_.signer.Head(member_, reached.position, parts_.store.log_size()),
                          ToString(token.Encode())};
  marked_ = seq;
  marked_at_ = parts_.pacing.Now();
  return absl::OkStatus();
}

}  // namespace shield::broker
