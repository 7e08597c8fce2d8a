#include "client/digest/publish/exclusions.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/digest/publish/earlier_readers.h"
#include "client/digest/publish/edition_standing.h"
#include "policy/member_set.h"

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
  return WithHint(
      WithRule(absl::FailedPreconditionError(absl::StrCat(
                   words, " organisations and members have joined or moved since the edition, ",
                   kMaxExcluded, " is the most that can be left out")),
               "TOO_MANY_JOINED"),
      kSendItYourself);
}

// One that is replaced: whom it was sent to, and what it tells of.
struct Told {
  const MemberSet* sent_to;
  absl::flat_hash_set<BulletinId> parts;
};

absl::StatusOr<std::vector<Told>> AllTold(const Gathered& gathered,
                                          const std::vector<HeldEdition>& replaced) {
  std::vector<Told> told;
  told.reserve(replaced.size());
  for (const HeldEdition& edition : replaced) {
    const MemberSet* sent_to = WhomSent(gathered, edition);
    if (sent_to == nullptr) return ReadersUnknown(edition);
    Told each{sent_to, {}};
    each.parts.insert(edition.contains.begin(), edition.contains.end());
    each.parts.insert(edition.ended.begin(), edition.ended.end());
    told.push_back(std::move(each));
  }
  return told;
}

// What one of them tells of and some readers keep out.
struct KeptOut {
  BulletinId part;
  MemberSet by;
  // Of a live one, for each other that says the same and could stand in its place: who keeps that
  // out.
  std::vector<MemberSet> others = {};
};

// Whether it can stand as live in an edition of `week`: what appeared after it is for the next.
bool CanStandIn(const std::optional<Week>& week, const BriefingCandidate& candidate,
                absl::Time at) {
  const Terms& terms = candidate.terms;
  return week.has_value() && std::max(terms.issued, terms.not_before) < week->end() &&
         candidate.bulletin.state == InboxState::kLive && terms.state == BulletinState::kLive &&
         at < terms.expires;
}

// One pass over what is told and what says the same.
class KeepingOut {
 public:
  KeepingOut(const Gathered& gathered, const std::vector<Told>& told,
             const std::optional<Week>& week, absl::Time at)
      : gathered_(gathered), week_(week), at_(at) {
    for (const Told& each : told) told_.insert(each.parts.begin(), each.parts.end());
    absl::flat_hash_set<BulletinId> origins;
    for (const BriefingCandidate& candidate : gathered.candidates) {
      if (IsTold(candidate)) origins.insert(OriginalOf(candidate));
    }
    const std::vector<EditionPart> all = PartsOf(gathered.candidates);
    for (size_t i = 0; i < all.size(); ++i) {
      const BriefingCandidate& candidate = gathered.candidates[i];
      if (candidate.is_edition || !origins.contains(OriginalOf(candidate))) continue;
      parts_.push_back(all[i]);
      candidates_.push_back(&candidate);
    }
  }

  absl::StatusOr<std::vector<KeptOut>> Find(const EditionTerms& edition) const {
    const Directory& directory = gathered_.directory->directory();
    ASSIGN_OR_RETURN(const std::vector<MemberSet> by,
                     FindWhoKeepsOut(directory, edition, parts_, at_));
    ASSIGN_OR_RETURN(const EditionPlan plan, PlanEdition(directory, edition, parts_, at_));
    // Those that nobody but readers keeps out.
    std::vector<size_t> may_stand;
    for (size_t i = 0; i < parts_.size(); ++i) {
      const bool enters = std::binary_search(plan.items.begin(), plan.items.end(), i);
      const bool may = enters || !by[i].empty();
      if (may && CanStandIn(week_, *candidates_[i], at_)) may_stand.push_back(i);
    }
    std::vector<KeptOut> kept_out;
    for (size_t i = 0; i < parts_.size(); ++i) {
      if (!IsTold(*candidates_[i]) || by[i].empty()) continue;
      kept_out.push_back({candidates_[i]->bulletin.id, by[i]});
      if (!CanStandIn(week_, *candidates_[i], at_)) continue;
      for (const size_t other : may_stand) {
        const bool same = OriginalOf(*candidates_[other]) == OriginalOf(*candidates_[i]);
        if (same && other != i) kept_out.back().others.push_back(by[other]);
      }
    }
    return kept_out;
  }

 private:
  bool IsTold(const BriefingCandidate& candidate) const {
    return told_.contains(candidate.bulletin.id);
  }

  const Gathered& gathered_;
  const std::optional<Week>& week_;
  const absl::Time at_;
  absl::flat_hash_set<BulletinId> told_;
  std::vector<EditionPart> parts_;
  std::vector<const BriefingCandidate*> candidates_;  // of each part
};

// Readers, of whom some are excluded one part after the other.
class Excluding {
 public:
  // Whom to exclude first: nobody who had an edition, or as few as can be.
  enum class Order { kNobodyWhoHad, kFewest };

  // `ever_had`: whoever had an edition of this source, week and tier, also one that ended before.
  Excluding(const Gathered& gathered, const std::vector<Told>& told, MemberSet readers,
            MemberSet ever_had, Order order)
      : order_(order),
        directory_(gathered.directory->directory()),
        told_(told),
        readers_(std::move(readers)),
        ever_had_(std::move(ever_had)),
        excluded_(directory_) {
    const MemberRecord* author = directory_.FindMember(gathered.member);
    if (author != nullptr) own_ = author->org;
  }

  // Who stays for the sake of one part may be excluded for that of another, which frees the first.
  void ExcludeFor(const std::vector<KeptOut>& kept_out) {
    bool more = true;
    while (more) {
      more = false;
      for (const KeptOut& each : kept_out) more = Exclude(each) || more;
    }
  }

  std::vector<AudienceToken> Words() const {
    std::vector<AudienceToken> words;
    for (const OrgRecord& org : directory_.orgs()) {
      std::vector<AudienceToken> members;
      bool all = own_ != org.id;
      for (const MemberRecord& member : directory_.MembersOf(org.id)) {
        const size_t index = IndexOf(directory_, member);
        const bool excluded = excluded_.Contains(index);
        if (excluded) members.push_back(AudienceToken::NotMember(member.id));
        const bool elsewhere = !readers_.Contains(index) && !ever_had_.Contains(index);
        all = all && (excluded || elsewhere);
      }
      if (all && !members.empty()) members = {AudienceToken::NotOrg(org.id)};
      words.insert(words.end(), members.begin(), members.end());
    }
    return words;
  }

 private:
  bool Remains(size_t index) const {
    return readers_.Contains(index) && !excluded_.Contains(index);
  }
  bool IsOwnSeat(size_t index) const {
    const MemberRecord& member = directory_.members()[index];
    return own_ == member.org && MakesEditions(directory_, member);
  }
  bool HadOne(size_t index) const {
    return std::any_of(told_.begin(), told_.end(),
                       [index](const Told& each) { return each.sent_to->Contains(index); });
  }
  bool WasTold(size_t index, const BulletinId& part) const {
    return std::any_of(told_.begin(), told_.end(), [&](const Told& each) {
      return each.sent_to->Contains(index) && each.parts.contains(part);
    });
  }

  // Whom it would take to exclude, and how many of them ever had such an edition.
  struct Price {
    size_t had = 0;
    std::vector<size_t> members = {};
  };
  bool IsLess(const Price& one, const Price& other) const {
    const auto in_order = [this](const Price& price) {
      return order_ == Order::kNobodyWhoHad ? std::pair(price.had, price.members.size())
                                            : std::pair(price.members.size(), price.had);
    };
    return in_order(one) < in_order(other);
  }

  // Of `by`, who keep out what says what `part` says, those who remain, where they can be excluded
  // so that it enters for one who had it. Nothing where they cannot.
  std::optional<Price> Excludable(const MemberSet& by, const BulletinId& part) const {
    Price price;
    bool for_somebody = false;
    for (size_t i = 0; i < directory_.members().size(); ++i) {
      if (!Remains(i)) continue;
      if (!by.Contains(i)) {
        for_somebody = for_somebody || (HadOne(i) && !IsOwnSeat(i));
        continue;
      }
      if (IsOwnSeat(i) || (HadOne(i) && !WasTold(i, part))) return std::nullopt;
      price.members.push_back(i);
      if (HadOne(i) || ever_had_.Contains(i)) ++price.had;
    }
    if (!price.members.empty() && !for_somebody) return std::nullopt;
    return price;
  }

  // The fewest without whom what it says enters, as this one or as another that says the same, and
  // of whoever had an edition as few as can be. False when nobody is excluded.
  bool Exclude(const KeptOut& kept) {
    std::optional<Price> least = Excludable(kept.by, kept.part);
    for (const MemberSet& by : kept.others) {
      std::optional<Price> each = Excludable(by, kept.part);
      if (each.has_value() && (!least.has_value() || IsLess(*each, *least)))
        least = std::move(each);
    }
    if (!least.has_value() || least->members.empty()) return false;
    for (const size_t each : least->members) excluded_.Add(each);
    return true;
  }

  const Order order_;
  const Directory& directory_;
  const std::vector<Told>& told_;
  const MemberSet readers_;
  const MemberSet ever_had_;
  MemberSet excluded_;
  std::optional<OrgId> own_;
};

}  // namespace

absl::StatusOr<std::vector<AudienceToken>> ExclusionsOf(const Gathered& gathered,
                                                        const EditionTerms& edition,
                                                        const std::vector<HeldEdition>& replaced,
                                                        absl::Time at) {
  const Directory& directory = gathered.directory->directory();
  if (replaced.empty() || edition.tlp == Tlp::kGreen || !directory.complete()) {
    return std::vector<AudienceToken>();
  }
  ASSIGN_OR_RETURN(const std::vector<Told> told, AllTold(gathered, replaced));
  ASSIGN_OR_RETURN(const std::vector<KeptOut> kept_out,
                   KeepingOut(gathered, told, replaced.front().week, at).Find(edition));
  ASSIGN_OR_RETURN(const EditionPlan plan, PlanEdition(directory, edition, {}, at));
  const MemberSet ever_had = WhoEverHad(gathered, replaced.front());
  size_t needed = 0;
  for (const auto order : {Excluding::Order::kNobodyWhoHad, Excluding::Order::kFewest}) {
    Excluding excluding(gathered, told, plan.readers, ever_had, order);
    excluding.ExcludeFor(kept_out);
    std::vector<AudienceToken> words = excluding.Words();
    if (words.size() <= kMaxExcluded) return words;
    needed = words.size();
  }
  return TooMany(needed);
}

}  // namespace shield
