// Passing bulletins on, in the broker in memory: who may, to whom, and what the new reader is given
// (docs/spec/statement.md, "Shares").
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/mock/memory_broker.h"
#include "client/receive/openings.h"
#include "policy/share.h"

namespace shield {
namespace {

// As many as shieldd takes.
constexpr size_t kMaxShares = 1000;
constexpr size_t kMaxSharesOfAMember = 64;

absl::Status TooMany(absl::string_view what, size_t limit) {
  return WithRule(absl::InvalidArgumentError(
                      absl::StrCat(what, ": ", limit + 1, ", at most ", limit, " allowed")),
                  "LIMIT_EXCEEDED");
}

absl::Status NotServed(Rule rule, absl::string_view sentence) {
  return WithRule(absl::NotFoundError(absl::StrCat("the bulletin is not served: ", sentence)),
                  RuleName(rule));
}

}  // namespace

std::vector<BulletinId> MemoryBroker::SharesOf(const BulletinId& original) {
  std::vector<BulletinId> shares;
  for (const auto& [id, bulletin] : bulletins_) {
    if (bulletin.shares == original) shares.push_back(id);
  }
  return shares;
}

std::vector<BulletinId> MemoryBroker::EndedWith(const Referral& referral) {
  std::vector<BulletinId> ended = SharesOf(referral.id);
  ended.insert(ended.begin(), referral.id);
  return ended;
}

// By those of others that named it where it is now, and have neither been taken back nor come to
// their end.
std::optional<absl::Time> MemoryBroker::HeldByShareUntil(const MemberId& member,
                                                         const BulletinId& original) {
  std::optional<absl::Time> until;
  const OrgId& org = directory_->directory().FindMember(member)->org;
  for (const BulletinId& id : SharesOf(original)) {
    const Bulletin& share = bulletins_.at(id);
    const auto named = share.orgs.find(member);
    if (share.author == member || named == share.orgs.end() || named->second != org) continue;
    const absl::StatusOr<Statement> statement = ReadClaimedStatement(share.statement);
    const bool ended = share.state != DeliveryState::kLive || !statement.ok() ||
                       statement->expires <= clock_.Now();
    if (!ended) until = std::max(statement->expires, until.value_or(statement->expires));
  }
  return until;
}

absl::Status MemoryBroker::CheckRoomForShare(const BulletinId& original, const MemberId& sharer) {
  const std::vector<BulletinId> shares = SharesOf(original);
  if (shares.size() >= kMaxShares) return TooMany("shares of one bulletin", kMaxShares);
  size_t own = 0;
  for (const BulletinId& share : shares) own += bulletins_.at(share).author == sharer ? 1 : 0;
  if (own < kMaxSharesOfAMember) return absl::OkStatus();
  return TooMany("shares of one bulletin by one member", kMaxSharesOfAMember);
}

absl::StatusOr<std::optional<MemoryBroker::PassedOn>> MemoryBroker::CheckShare(
    const Statement& statement) {
  const Reference* reference = statement.Find(Relation::kShares);
  if (reference == nullptr) return std::nullopt;
  const Bulletin& original = bulletins_.at(reference->id);
  if (original.shares.has_value()) {
    return WithRule(absl::InvalidArgumentError(
                        "bulletin refused: a share names the original, not another share"),
                    "REFERENCE_MISMATCH");
  }
  ASSIGN_OR_RETURN(const Statement shared, ReadClaimedStatement(original.statement));
  RETURN_IF_ERROR(CheckRepeats(statement, shared));
  RETURN_IF_ERROR(CheckRoomForShare(reference->id, statement.author));
  const bool own_entry = original.orgs.contains(statement.author);
  std::optional<absl::Time> held_until;
  if (!own_entry) held_until = HeldByShareUntil(statement.author, reference->id);
  if (statement.expires > held_until.value_or(statement.expires)) {
    return WithRule(absl::InvalidArgumentError("bulletin refused: a share ends no later than that "
                                               "by which its sharer has the bulletin"),
                    "REFERENCE_MISMATCH");
  }
  PassedOn passed_on{
      reference->id,
      own_entry ? Reader::Holder(statement.author) : Reader::WithoutEntry(statement.author),
      held_until.has_value()};
  if (!own_entry) return std::optional<PassedOn>(std::move(passed_on));
  ASSIGN_OR_RETURN(const Terms terms, TermsOfOriginal(original, shared));
  if (terms.targets.Names(statement.author)) {
    passed_on.sharer.org_at_publish = original.orgs.at(statement.author);
  }
  return std::optional<PassedOn>(std::move(passed_on));
}

absl::StatusOr<Recipients> MemoryBroker::ChooseReaders(const Terms& share,
                                                       const PassedOn& passed_on) {
  const Bulletin& original = bulletins_.at(passed_on.original);
  ASSIGN_OR_RETURN(const Statement shared, ReadClaimedStatement(original.statement));
  ASSIGN_OR_RETURN(const Terms terms, TermsOfOriginal(original, shared));
  const SharePublication publication{terms, share, passed_on.sharer, passed_on.holds_by_share};
  Recipients readers;
  ASSIGN_OR_RETURN(readers.recipients,
                   ResolveShare(directory_->directory(), publication, share.issued));
  return readers;
}

// A share may end before its original does; what is left is asked of the original's terms.
absl::Status MemoryBroker::CheckShareServed(const Bulletin& share, const MemberId& reader) {
  const absl::Time now = clock_.Now();
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(share.statement));
  if (now >= statement.expires) return NotServed(Rule::kExpired, "it was shared until then");
  const Bulletin& original = bulletins_.at(*share.shares);
  ASSIGN_OR_RETURN(const Statement shared, ReadClaimedStatement(original.statement));
  ASSIGN_OR_RETURN(const Terms terms, TermsOfOriginal(original, shared));
  Reader holder = Reader::WithoutEntry(reader);
  if (reader != share.author) holder.org_at_publish = share.orgs.at(reader);
  const Decision decision = DecidePassedOn(directory_->directory(), terms, holder, now);
  return decision.allowed ? absl::OkStatus() : NotServed(decision.rule, decision.sentence);
}

void MemoryBroker::AddReaders(const Bulletin& bulletin, const std::optional<MemberId>& shared_by,
                              std::vector<ReaderStatus>& readers) {
  for (const bool told : {false, true}) {
    for (const MemberId& reader : told ? bulletin.told : bulletin.readers) {
      // What a sharer holds of its own share, or whom a withdrawal of it told, is nobody new.
      if (shared_by.has_value() && (told || reader == *shared_by)) continue;
      const Inbox& inbox = inboxes_[reader];
      const auto entry = std::find_if(
          inbox.entries.begin(), inbox.entries.end(),
          [&bulletin](const DeliveredEntry& e) { return e.statement == bulletin.statement; });
      const MemberRecord* member = directory_->directory().FindMember(reader);
      if (member == nullptr || entry == inbox.entries.end()) continue;
      ReaderStatus status{reader, member->org, entry->seq <= inbox.acknowledged, told, shared_by};
      for (const auto& [key, note] : bulletin.receipts) {
        if (key.first == reader) status.receipts.push_back(note);
      }
      readers.push_back(std::move(status));
    }
  }
}

}  // namespace shield
