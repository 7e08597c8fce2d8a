#include "broker/core/bulletin_shelf.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/note.h"
#include "policy/decide.h"
#include "policy/may_have.h"
#include "policy/rule_sentence.h"
#include "policy/share.h"

namespace shield::broker {
namespace {

constexpr size_t kFixedCost = 4096;  // parsed statement, terms, list and map
constexpr size_t kTreeCostPerLeaf = 64;

size_t CostOf(const ShelvedBulletin& bulletin) {
  const SharedContent& content = bulletin.shared->content();
  // Twice: the content and its encoding.
  const size_t texts = 2 * (content.statement.size() + content.payload.size() +
                            content.ended_by.size() + content.shared_original.size());
  const size_t slots = bulletin.slots == nullptr ? 0 : bulletin.slots->bytes->size();
  const size_t per_leaf = slots > 0 ? kTreeCostPerLeaf + sizeof(Recipient) : kTreeCostPerLeaf;
  return kFixedCost + texts + slots + per_leaf * bulletin.recipients->size();
}

EntryState StateAt(const store::BulletinRecord& record, const Statement& statement,
                   absl::Time now) {
  switch (record.state) {
    case store::BulletinState::kWithdrawn:
      return EntryState::kWithdrawn;
    case store::BulletinState::kSuperseded:
      return EntryState::kSuperseded;
    case store::BulletinState::kExpired:
      return EntryState::kExpired;
    case store::BulletinState::kUnspecified:
    case store::BulletinState::kLive:
      break;
  }
  if (now >= statement.expires) return EntryState::kExpired;
  return now < statement.not_before ? EntryState::kEmbargoed : EntryState::kLive;
}

absl::Time StateEnds(EntryState state, const Statement& statement) {
  switch (state) {
    case EntryState::kEmbargoed:
      return std::min(statement.not_before, statement.expires);
    case EntryState::kLive:
      return statement.expires;
    default:
      return absl::InfiniteFuture();
  }
}

absl::StatusOr<std::vector<Opening>> ParseOpenings(
    const std::vector<store::StoredOpening>& stored) {
  std::vector<Opening> openings;
  for (const store::StoredOpening& each : stored) {
    ASSIGN_OR_RETURN(AudienceToken token, ParseAudienceToken(each.token));
    Opening opening{{}, std::move(token)};
    if (each.salt.size() != opening.salt.size()) {
      return absl::DataLossError("a stored opening has a salt of another size");
    }
    std::copy(each.salt.begin(), each.salt.end(), opening.salt.begin());
    openings.push_back(std::move(opening));
  }
  return openings;
}

absl::Status Damaged(const BulletinId& id, const absl::Status& why) {
  return absl::DataLossError(
      absl::StrCat("stored bulletin `", id.ToHex(), "` cannot be read any more: ", why.message()));
}

// What one stored bulletin says, read whole. An error means that it is not what was written.
struct StoredBulletin {
  Statement statement;
  std::vector<Opening> openings;
  std::vector<AudienceToken> audience;  // opened
};

absl::StatusOr<StoredBulletin> ParseStored(const store::BulletinRecord& record) {
  ASSIGN_OR_RETURN(const SignedNote note, ParseNote(AsText(record.statement)));
  ASSIGN_OR_RETURN(Statement statement, ParseStatement(note.text));
  ASSIGN_OR_RETURN(std::vector<Opening> openings, ParseOpenings(record.openings));
  ASSIGN_OR_RETURN(std::vector<AudienceToken> audience,
                   OpenAudience(statement.audience, openings, OpeningsNeeded::kAll));
  if (!record.source.has_value() || !record.community.has_value()) {
    return absl::DataLossError("a stored bulletin has no source");
  }
  return StoredBulletin{std::move(statement), std::move(openings), std::move(audience)};
}

// A share may end before its original does.
std::optional<Rule> HowItEnded(const store::BulletinRecord& share, const Statement& statement,
                               absl::Time now) {
  if (share.state == store::BulletinState::kWithdrawn) return Rule::kWithdrawn;
  if (share.state == store::BulletinState::kSuperseded) return Rule::kSuperseded;
  if (now >= statement.expires) return Rule::kExpired;
  return std::nullopt;
}

}  // namespace

BulletinState PolicyState(store::BulletinState state) {
  if (state == store::BulletinState::kWithdrawn) return BulletinState::kWithdrawn;
  if (state == store::BulletinState::kSuperseded) return BulletinState::kSuperseded;
  return BulletinState::kLive;
}

std::optional<Terms> TermsUnder(const Directory& directory, const store::BulletinRecord& record,
                                const Statement& statement, std::vector<AudienceToken> audience) {
  absl::StatusOr<Terms> terms = TermsOf(directory, statement, std::move(audience));
  if (!terms.ok()) return std::nullopt;
  terms->source = *record.source;
  terms->community = *record.community;
  terms->author_standing = AuthorStanding::kProvenAtPublish;
  terms->state = PolicyState(record.state);
  return *std::move(terms);
}

bool ShelvedBulletin::Ended() const {
  const EntryState state = shared->content().state;
  return state != EntryState::kLive && state != EntryState::kEmbargoed;
}

Reader ShelvedBulletin::HolderOf(const MemberId& member, uint32_t leaf_index) const {
  Reader reader = Reader::Holder(member);
  for (const store::NamedRecipient& named : record.named) {
    if (named.leaf_index == leaf_index) reader.org_at_publish = named.org;
  }
  return reader;
}

const std::optional<Terms>& ShelvedBulletin::Judged() const {
  return statement.Find(Relation::kShares) != nullptr ? original_terms : terms;
}

Decision ShelvedBulletin::DecideFor(const Directory& directory, const MemberId& member,
                                    uint32_t leaf_index, absl::Time now) const {
  Reader holder = HolderOf(member, leaf_index);
  const Terms& judged = *Judged();
  if (statement.Find(Relation::kShares) == nullptr) return Decide(directory, judged, holder, now);
  if (const std::optional<Rule> ended = HowItEnded(record, statement, now)) {
    return Deny(*ended, judged, member.text());
  }
  // The entry is of the share: of the original it is none.
  holder.in_snapshot = false;
  return DecidePassedOn(directory, judged, holder, now);
}

bool ShelvedBulletin::LetsHave(const Directory& directory, const MemberId& member,
                               uint32_t leaf_index, absl::Time now) const {
  if (statement.Find(Relation::kShares) != nullptr) {
    return DecideFor(directory, member, leaf_index, now).allowed;
  }
  return MayHave(directory, *Judged(), HolderOf(member, leaf_index), now);
}

BulletinShelf::BulletinShelf(store::Store& store, Clock& clock, size_t max_bytes)
    : store_(store), clock_(clock), max_bytes_(max_bytes) {}

absl::StatusOr<ShelvedBulletinPtr> BulletinShelf::Take(const BulletinId& id,
                                                       const PostedDirectory& posted) {
  ASSIGN_OR_RETURN(std::vector<ShelvedBulletinPtr> taken, TakeEach({&id, 1}, posted));
  return std::move(taken.front());
}

absl::StatusOr<std::vector<ShelvedBulletinPtr>> BulletinShelf::TakeEach(
    std::span<const BulletinId> ids, const PostedDirectory& posted) {
  std::vector<ShelvedBulletinPtr> taken;
  taken.reserve(ids.size());
  std::vector<BulletinId> missing;
  {
    const absl::Time now = clock_.Now();
    MutexLock lock(mutex_);
    for (const BulletinId& id : ids) {
      taken.push_back(Find(id, posted.directory().version(), now));
      if (taken.back() == nullptr) missing.push_back(id);
    }
  }
  if (missing.empty()) return taken;
  const uint64_t generation = Generation();
  ASSIGN_OR_RETURN(std::vector<store::BulletinContents> contents, store_.ReadContents(missing));
  auto read = contents.begin();
  for (ShelvedBulletinPtr& place : taken) {
    if (place != nullptr) continue;
    ASSIGN_OR_RETURN(ShelvedBulletinPtr parsed, Parse(std::move(*read++), posted));
    place = PutUp(std::move(parsed), generation);
  }
  return taken;
}

uint64_t BulletinShelf::Generation() {
  MutexLock lock(mutex_);
  return generation_;
}

void BulletinShelf::Forget(const std::vector<BulletinId>& ids) {
  if (ids.empty()) return;
  MutexLock lock(mutex_);
  ++generation_;
  for (const BulletinId& id : ids) {
    if (const auto found = places_.find(id); found != places_.end()) Remove(found->second);
  }
}

size_t BulletinShelf::bytes() {
  MutexLock lock(mutex_);
  return bytes_;
}

std::vector<ShelvedBulletinPtr> BulletinShelf::AtHand(std::span<const BulletinId> ids,
                                                      const PostedDirectory& posted) {
  std::vector<ShelvedBulletinPtr> found;
  found.reserve(ids.size());
  const absl::Time now = clock_.Now();
  MutexLock lock(mutex_);
  for (const BulletinId& id : ids) {
    ShelvedBulletinPtr bulletin = Find(id, posted.directory().version(), now);
    if (bulletin == nullptr) break;
    found.push_back(std::move(bulletin));
  }
  return found;
}

ShelvedBulletinPtr BulletinShelf::Find(const BulletinId& id, uint64_t directory_version,
                                       absl::Time now) {
  const auto found = places_.find(id);
  if (found == places_.end()) return nullptr;
  const Place place = found->second;
  const ShelvedBulletin& bulletin = *place->second;
  if (bulletin.directory_version != directory_version || now >= bulletin.good_until) return nullptr;
  order_.splice(order_.begin(), order_, place);
  return place->second;
}

ShelvedBulletinPtr BulletinShelf::PutUp(ShelvedBulletinPtr bulletin, uint64_t generation) {
  const BulletinId id = bulletin->record.id;
  MutexLock lock(mutex_);
  if (generation != generation_) return bulletin;
  if (const auto found = places_.find(id); found != places_.end()) {
    const ShelvedBulletinPtr& present = found->second->second;
    if (present->directory_version == bulletin->directory_version &&
        present->good_until == bulletin->good_until) {
      return present;
    }
    Remove(found->second);
  }
  Insert(bulletin);
  return bulletin;
}

void BulletinShelf::Insert(const ShelvedBulletinPtr& bulletin) {
  order_.emplace_front(bulletin->record.id, bulletin);
  places_.emplace(bulletin->record.id, order_.begin());
  bytes_ += CostOf(*bulletin);
  while (bytes_ > max_bytes_ && order_.size() > 1) Remove(std::prev(order_.end()));
}

void BulletinShelf::PutUpFresh(FreshBulletin fresh, const store::PublishReceipt& receipt) {
  ShelvedBulletin& bulletin = fresh.bulletin;
  bulletin.record.commit = receipt.commit;
  bulletin.record.log_index = receipt.log_index;
  bulletin.record.directory_version = receipt.directory_version;
  bulletin.record.recipients = receipt.recipients;
  SharedContent& content = fresh.content;
  content.log_index = receipt.log_index;
  content.state = StateAt(bulletin.record, bulletin.statement, clock_.Now());
  if (content.state != EntryState::kLive) content.payload.clear();
  bulletin.good_until = StateEnds(content.state, bulletin.statement);
  bulletin.shared = std::make_shared<const SharedPart>(std::move(content));
  const auto shelved = std::make_shared<const ShelvedBulletin>(std::move(bulletin));
  MutexLock lock(mutex_);
  if (const auto found = places_.find(shelved->record.id); found != places_.end()) {
    Remove(found->second);
  }
  Insert(shelved);
}

void BulletinShelf::Remove(Place place) {
  bytes_ -= CostOf(*place->second);
  places_.erase(place->first);
  order_.erase(place);
}

absl::StatusOr<ShelvedBulletinPtr> BulletinShelf::Parse(store::BulletinContents contents,
                                                        const PostedDirectory& posted) {
  store::BulletinRecord& record = contents.record;
  absl::StatusOr<StoredBulletin> stored = ParseStored(record);
  if (!stored.ok()) return store_.ReportDamage(Damaged(record.id, stored.status()));
  SharedContent content;
  content.statement = ToString(record.statement);
  content.log_index = record.log_index;
  content.state = StateAt(record, stored->statement, clock_.Now());
  if (content.state == EntryState::kLive) content.payload = ToString(contents.payload);
  content.ended_by = ToString(record.ending);
  ShelvedBulletin bulletin{std::move(record),
                           std::move(stored->statement),
                           std::move(stored->openings),
                           std::nullopt,
                           std::nullopt,
                           posted.directory().version(),
                           std::make_shared<const MerkleTree>(std::move(contents.leaves)),
                           nullptr,
                           absl::InfiniteFuture()};
  bulletin.terms = TermsUnder(posted.directory(), bulletin.record, bulletin.statement,
                              std::move(stored->audience));
  bulletin.good_until = StateEnds(content.state, bulletin.statement);
  if (const Reference* original = bulletin.statement.Find(Relation::kShares)) {
    RETURN_IF_ERROR(AddOriginal(*original, posted, bulletin, content));
  }
  bulletin.shared = std::make_shared<const SharedPart>(std::move(content));
  return std::make_shared<const ShelvedBulletin>(std::move(bulletin));
}

absl::Status BulletinShelf::AddOriginal(const Reference& reference, const PostedDirectory& posted,
                                        ShelvedBulletin& bulletin, SharedContent& content) {
  ASSIGN_OR_RETURN(const store::BulletinRecord record, store_.ReadBulletin(reference.id));
  absl::StatusOr<StoredBulletin> stored = ParseStored(record);
  if (!stored.ok()) return store_.ReportDamage(Damaged(reference.id, stored.status()));
  bulletin.original_terms =
      TermsUnder(posted.directory(), record, stored->statement, std::move(stored->audience));
  content.shared_original = ToString(record.statement);
  return absl::OkStatus();
}

}  // namespace shield::broker
