#include "client/digest/publish/earlier_readers.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/digest/publish/edition_standing.h"
#include "policy/account.h"
#include "policy/member_set.h"
#include "policy/reading.h"
#include "policy/seal_key.h"

namespace shield {
namespace {

constexpr absl::string_view kSendItYourself =
    "`shield digest publish --replace --to …` sends it to whom you name; what not each of them was "
    "sent is left out of it";

absl::Status ReadersUnknown(const HeldEdition& edition) {
  return WithHint(
      WithRule(absl::FailedPreconditionError(absl::StrCat("whom the edition `", edition.id.ToHex(),
                                                          "` was sent to is not known here")),
               "EDITION_READERS_UNKNOWN"),
      kSendItYourself);
}

absl::Status TooMany(size_t words) {
  return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                               words, " organisations and members have joined since the edition, ",
                               kMaxExcluded, " is the most that can be left out")),
                           "TOO_MANY_JOINED"),
                  kSendItYourself);
}

const BriefingCandidate* CandidateOf(const Gathered& gathered, const HeldEdition& edition) {
  for (const BriefingCandidate& candidate : gathered.candidates) {
    if (candidate.bulletin.id == edition.id) return &candidate;
  }
  return nullptr;
}

const MemberSet* SentTo(const Gathered& gathered, const HeldEdition& edition) {
  const BriefingCandidate* candidate = CandidateOf(gathered, edition);
  return candidate == nullptr ? nullptr : candidate->sent_to.get();
}

// Whom an edition was sent to: one of `replaced`, or any other of the same that was ever here. One
// who missed a revision had the edition all the same.
absl::StatusOr<MemberSet> SentToAny(const Gathered& gathered,
                                    const std::vector<HeldEdition>& replaced) {
  MemberSet sent(gathered.directory->directory());
  for (const HeldEdition& edition : replaced) {
    const MemberSet* members = SentTo(gathered, edition);
    if (members == nullptr) return ReadersUnknown(edition);
    sent.AddAll(*members);
  }
  const HeldEdition& first = replaced.front();
  for (const HeldEdition& edition : gathered.editions) {
    const bool same =
        edition.source == first.source && edition.week == first.week && edition.tier == first.tier;
    const MemberSet* members = same ? SentTo(gathered, edition) : nullptr;
    if (members != nullptr) sent.AddAll(*members);
  }
  return sent;
}

// Whether anyone may be given it, whoever it was sent to (policy/edition_plan.h).
bool IsOpen(const Terms& terms) {
  const Targets& targets = terms.targets;
  const bool narrowed = targets.hidden || targets.unreadable.has_value() ||
                        !targets.not_orgs.empty() || !targets.not_members.empty();
  return IsForAll(terms) || (terms.tlp == Tlp::kClear && !narrowed);
}

// What stands in one of `replaced`, is in force, and may be told to those alone who were sent it.
std::vector<const BriefingCandidate*> PartsForSome(const Gathered& gathered,
                                                   const std::vector<HeldEdition>& replaced,
                                                   absl::Time at) {
  absl::flat_hash_set<BulletinId> inside;
  for (const HeldEdition& edition : replaced) {
    inside.insert(edition.contains.begin(), edition.contains.end());
  }
  std::vector<const BriefingCandidate*> parts;
  for (const BriefingCandidate& candidate : gathered.candidates) {
    const bool in_force = candidate.bulletin.state == InboxState::kLive &&
                          candidate.terms.state == BulletinState::kLive &&
                          at < candidate.terms.expires;
    if (!in_force || !inside.contains(candidate.bulletin.id)) continue;
    if (candidate.sent_to != nullptr && !IsOpen(candidate.asked())) parts.push_back(&candidate);
  }
  return parts;
}

// Sorts those who joined into words, organisation by organisation.
class Joined {
 public:
  Joined(const Gathered& gathered, std::vector<const BriefingCandidate*> parts, MemberSet had)
      : directory_(gathered.directory->directory()),
        parts_(std::move(parts)),
        had_(std::move(had)) {
    const MemberRecord* author = directory_.FindMember(gathered.member);
    if (author != nullptr) own_ = author->org;
  }

  std::vector<AudienceToken> Excluding(const MemberSet& readers) const {
    std::vector<AudienceToken> words;
    for (const OrgRecord& org : directory_.orgs()) {
      std::vector<AudienceToken> members;
      bool all = own_ != org.id;
      for (const MemberRecord& member : directory_.MembersOf(org.id)) {
        const size_t index = IndexOf(directory_, member);
        const bool joined = readers.Contains(index) && KeepsOut(member, index);
        if (joined) members.push_back(AudienceToken::NotMember(member.id));
        all = all && !had_.Contains(index) && (joined || !readers.Contains(index));
      }
      if (all && !members.empty()) members = {AudienceToken::NotOrg(org.id)};
      words.insert(words.end(), members.begin(), members.end());
    }
    return words;
  }

 private:
  // Whether this reader had no edition and is one for whose sake a part would be left out.
  bool KeepsOut(const MemberRecord& member, size_t index) const {
    const bool makes_editions = MakesEditions(directory_, member);
    if (had_.Contains(index) || (makes_editions && own_ == member.org)) return false;
    return std::any_of(parts_.begin(), parts_.end(), [&](const BriefingCandidate* part) {
      const bool of_its_own = makes_editions && part->terms.source == member.org;
      return !of_its_own && !part->sent_to->Contains(index);
    });
  }

  const Directory& directory_;
  const std::vector<const BriefingCandidate*> parts_;
  const MemberSet had_;
  std::optional<OrgId> own_;
};

// Who has one of `carried` and is let in by it still: somebody whose vetting has fallen since is
// not named because of what was sent before that.
MemberSet LetIn(const Gathered& gathered, const std::vector<HeldEdition>& carried, absl::Time at) {
  const Directory& directory = gathered.directory->directory();
  MemberSet let_in(directory);
  for (const HeldEdition& edition : carried) {
    const BriefingCandidate* candidate = CandidateOf(gathered, edition);
    if (candidate == nullptr || candidate->sent_to == nullptr) continue;
    const Reading delivery(directory, candidate->terms, at, Reading::Question::kDelivery);
    for (size_t i = 0; i < directory.members().size(); ++i) {
      const MemberRecord& member = directory.members()[i];
      const bool has = candidate->sent_to->Contains(i) && member.id != gathered.member &&
                       CanBeSealedTo(directory, member.id, at);
      const bool lets_in =
          has &&
          delivery.Of(member, directory.OrgOf(member), Reader::WithoutEntry(member.id)).allowed;
      if (lets_in) let_in.Add(i);
    }
  }
  return let_in;
}

// Whether all of an organisation who can be reached are among `members`.
bool AreAllIn(const Directory& directory, const OrgRecord& org, const MemberSet& members,
              absl::Time at) {
  const auto all = directory.MembersOf(org.id);
  return std::all_of(all.begin(), all.end(), [&](const MemberRecord& member) {
    const bool reachable = SeesContent(member) && !AccountFault(member, org, at).has_value() &&
                           CanBeSealedTo(directory, member.id, at);
    return !reachable || members.Contains(IndexOf(directory, member));
  });
}

// What stands in one of `carried` or may stand in the edition of its week that replaces it,
// whatever became of it.
std::vector<EditionPart> PartsAround(const Gathered& gathered,
                                     const std::vector<HeldEdition>& carried) {
  absl::flat_hash_set<BulletinId> inside;
  for (const HeldEdition& edition : carried) {
    inside.insert(edition.contains.begin(), edition.contains.end());
  }
  const std::optional<Week>& week = carried.front().week;
  const std::vector<EditionPart> all = PartsOf(gathered.candidates);
  std::vector<EditionPart> parts;
  for (size_t i = 0; i < all.size(); ++i) {
    const BriefingCandidate& candidate = gathered.candidates[i];
    const absl::Time appeared = std::max(candidate.terms.issued, candidate.terms.not_before);
    const bool of_the_week =
        week.has_value() && week->begin() <= appeared && appeared < week->end();
    const bool counts = of_the_week || inside.contains(candidate.bulletin.id);
    if (counts && !candidate.is_edition) parts.push_back(all[i]);
  }
  return parts;
}

// Whether all that enters by `before` enters by `after`, as live or as ended.
bool LosesNothing(const EditionPlan& before, const EditionPlan& after) {
  return std::includes(after.items.begin(), after.items.end(), before.items.begin(),
                       before.items.end()) &&
         std::includes(after.ended.begin(), after.ended.end(), before.ended.begin(),
                       before.ended.end());
}

}  // namespace

absl::StatusOr<std::vector<AudienceToken>> JoinedSince(const Gathered& gathered,
                                                       const EditionTerms& edition,
                                                       const std::vector<HeldEdition>& replaced,
                                                       absl::Time at) {
  const Directory& directory = gathered.directory->directory();
  if (replaced.empty() || edition.tlp == Tlp::kGreen || !directory.complete()) {
    return std::vector<AudienceToken>();
  }
  ASSIGN_OR_RETURN(MemberSet had, SentToAny(gathered, replaced));
  ASSIGN_OR_RETURN(const EditionPlan plan, PlanEdition(directory, edition, {}, at));
  const Joined joined(gathered, PartsForSome(gathered, replaced, at), std::move(had));
  std::vector<AudienceToken> excluding = joined.Excluding(plan.readers);
  if (excluding.size() > kMaxExcluded) return TooMany(excluding.size());
  return excluding;
}

std::vector<MemberId> NotReached(const Gathered& gathered, const MemberSet& readers,
                                 const std::vector<HeldEdition>& carried, absl::Time at) {
  const Directory& directory = gathered.directory->directory();
  const MemberSet let_in = LetIn(gathered, carried, at);
  std::vector<MemberId> missed;
  for (size_t i = 0; i < directory.members().size(); ++i) {
    if (let_in.Contains(i) && !readers.Contains(i)) missed.push_back(directory.members()[i].id);
  }
  return missed;
}

absl::StatusOr<std::vector<AudienceToken>> CarriedTo(const Gathered& gathered,
                                                     const EditionTerms& edition,
                                                     const std::vector<HeldEdition>& carried,
                                                     absl::Time at) {
  std::vector<AudienceToken> words;
  const Directory& directory = gathered.directory->directory();
  if (carried.empty() || !directory.complete()) return words;
  const std::vector<EditionPart> parts = PartsAround(gathered, carried);
  ASSIGN_OR_RETURN(const EditionPlan plan, PlanEdition(directory, edition, parts, at));
  const MemberSet let_in = LetIn(gathered, carried, at);
  std::map<OrgId, std::vector<AudienceToken>> by_org;
  for (const MemberId& member : NotReached(gathered, plan.readers, carried, at)) {
    by_org[directory.FindMember(member)->org].push_back(AudienceToken::Member(member));
  }
  EditionTerms wider = edition;
  for (auto& [id, named] : by_org) {
    if (AreAllIn(directory, *directory.FindOrg(id), let_in, at)) named = {AudienceToken::Org(id)};
    if (words.size() + named.size() > kMaxCarriedTo) break;
    EditionTerms tried = wider;
    tried.to.insert(tried.to.end(), named.begin(), named.end());
    const absl::StatusOr<EditionPlan> with = PlanEdition(directory, tried, parts, at);
    if (!with.ok() || !LosesNothing(plan, *with)) continue;
    wider = std::move(tried);
    words.insert(words.end(), named.begin(), named.end());
  }
  return words;
}

}  // namespace shield
