#include "policy/edition_plan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/decide.h"
#include "policy/decision.h"
#include "policy/edition_readers.h"
#include "policy/share.h"

namespace shield {
namespace {

constexpr absl::string_view kNotBriefed = "NOT_BRIEFED";
constexpr absl::string_view kAboveTier = "LABEL_ABOVE_TIER";
constexpr absl::string_view kNarrowed = "AUDIENCE_NARROWED";
constexpr absl::string_view kSentToUnknown = "SENT_TO_UNKNOWN";
constexpr absl::string_view kAudienceHidden = "AUDIENCE_HIDDEN";

bool HasEnded(const Terms& terms, absl::Time at) {
  return terms.state != BulletinState::kLive || at >= terms.expires;
}

Rule RuleOfEnd(const Terms& terms) {
  if (terms.state == BulletinState::kWithdrawn) return Rule::kWithdrawn;
  return terms.state == BulletinState::kSuperseded ? Rule::kSuperseded : Rule::kExpired;
}

// The bulletin had it not ended. An embargo still holds.
Terms Revived(const Terms& terms, absl::Time at) {
  Terms live = terms;
  live.state = BulletinState::kLive;
  live.expires = std::max(terms.expires, at + absl::Seconds(1));
  return live;
}

bool IsTold(BulletinStatus status) {
  return status == BulletinStatus::kActual || status == BulletinStatus::kExercise;
}

// Why it enters no edition under this label, whoever reads that.
std::optional<absl::string_view> OutsideTier(const Terms& terms, Tlp tier) {
  if (terms.bulletin_class != BulletinClass::kContent || !IsTold(terms.status)) return kNotBriefed;
  if (MostRestrictive(terms.tlp, tier) != tier) return kAboveTier;
  if (tier == Tlp::kGreen && !IsForAll(terms)) return kNarrowed;
  return std::nullopt;
}

// Whether being named might have let the reader in: under a word that is hidden nobody here knows.
bool TurnsOnNames(Rule rule) {
  switch (rule) {
    case Rule::kNotRecipientOrg:
    case Rule::kNotRecipientNorClient:
    case Rule::kClientViaProviderOnly:
    case Rule::kClientRelationExpired:
    case Rule::kClientNotTransitive:
    case Rule::kStrictNoClients:
    case Rule::kOutsideCommunity:
    case Rule::kSectorMismatch:
    case Rule::kRegionMismatch:
      return true;
    default:
      return false;
  }
}

class EditionPlanner {
 public:
  EditionPlanner(const Directory& directory, Tlp tier, absl::Time at, EditionReaders readers)
      : directory_(directory), tier_(tier), at_(at), readers_(std::move(readers)) {}

  EditionPlan Plan(std::span<const EditionPart> parts) && {
    EditionPlan plan;
    for (size_t i = 0; i < parts.size(); ++i) {
      std::optional<EditionPlan::Left> left = WhyNot(parts[i]);
      if (left.has_value()) {
        left->part = i;
        plan.left_out.push_back(*std::move(left));
      } else {
        (HasEnded(*parts[i].terms, at_) ? plan.ended : plan.items).push_back(i);
      }
    }
    plan.readers = readers_.all();
    return plan;
  }

  MemberSet WhoKeepsOut(const EditionPart& part) {
    MemberSet keeping(directory_);
    // By a reader: what is left out for any other reason is so whoever reads it.
    const std::optional<Left> left = WhyNot(part);
    if (!left.has_value() || !left->reader.has_value()) return keeping;
    const Terms terms = Revived(*part.terms, at_);
    const EditionReaders::EachAnswer answer = readers_.AskEach(terms);
    if (part.sent_to == nullptr && !answer.only_when_sent.empty()) return keeping;
    for (const auto& [reader, rule] : answer.refused) {
      if (terms.targets.hidden && TurnsOnNames(rule)) return MemberSet(directory_);
      keeping.Add(reader);
    }
    for (size_t reader = 0; reader < directory_.members().size(); ++reader) {
      const bool missed = answer.only_when_sent.Contains(reader) && !part.sent_to->Contains(reader);
      if (missed) keeping.Add(reader);
    }
    return keeping;
  }

  MemberSet WhoMayNotHave(const EditionPart& part) {
    const std::optional<Left> left = WhyNot(part);
    if (!left.has_value()) return MemberSet(directory_);
    if (!left->reader.has_value() && left->rule != kSentToUnknown) return readers_.all();
    MemberSet may_not(directory_);
    const EditionReaders::EachAnswer answer = readers_.AskEach(Revived(*part.terms, at_));
    for (const auto& [reader, rule] : answer.refused) may_not.Add(reader);
    for (size_t reader = 0; reader < directory_.members().size(); ++reader) {
      const bool was_sent = part.sent_to != nullptr && part.sent_to->Contains(reader);
      if (answer.only_when_sent.Contains(reader) && !was_sent) may_not.Add(reader);
    }
    return may_not;
  }

 private:
  using Left = EditionPlan::Left;

  std::optional<Left> WhyNot(const EditionPart& part) {
    if (std::optional<absl::string_view> rule = OutsideTier(*part.terms, tier_)) {
      return Left{.rule = *rule};
    }
    const Terms terms = Revived(*part.terms, at_);
    const Reading reading(directory_, terms, at_, Reading::Question::kFetch);
    if (reading.BulletinFault().has_value())
      return Left{.rule = RuleName(*reading.BulletinFault())};
    const EditionReaders::Answer& answer = readers_.Ask(terms);
    const bool hidden = terms.targets.hidden;
    if (answer.fault.has_value()) {
      if (hidden && TurnsOnNames(*answer.fault)) return Left{.rule = kAudienceHidden};
      return Refused(RuleName(*answer.fault), *answer.reader);
    }
    if (part.sent_to == nullptr) {
      if (answer.only_when_sent.empty()) return std::nullopt;
      return Left{.rule = hidden ? kAudienceHidden : kSentToUnknown};
    }
    const std::optional<size_t> missing = part.sent_to->FirstMissing(answer.only_when_sent);
    if (!missing.has_value()) return std::nullopt;
    return Refused(RuleName(Rule::kNotInSnapshot), *missing);
  }

  Left Refused(absl::string_view rule, size_t reader) const {
    return Left{.rule = rule, .reader = directory_.members()[reader].id};
  }

  const Directory& directory_;
  const Tlp tier_;
  const absl::Time at_;
  EditionReaders readers_;
};

bool IsOwn(const Terms& terms) {
  return IsTold(terms.status) && (terms.bulletin_class == BulletinClass::kContent ||
                                  terms.bulletin_class == BulletinClass::kDirect);
}

Decision DecideOwn(const Directory& directory, const EditionPart& part, const MemberId& member,
                   absl::Time at) {
  const Terms terms = Revived(*part.terms, at);
  Reader reader = Reader::Holder(member);
  reader.org_at_publish = part.org_at_publish;
  return part.by_share ? DecidePassedOn(directory, terms, reader, at)
                       : Decide(directory, terms, reader, at);
}

}  // namespace

bool IsForAll(const Terms& terms) {
  if (terms.bulletin_class != BulletinClass::kContent) return false;
  if (terms.tlp != Tlp::kGreen && terms.tlp != Tlp::kClear) return false;
  const Targets& targets = terms.targets;
  const bool narrowed = targets.NarrowsCommunity() || !targets.orgs.empty() ||
                        !targets.members.empty() || !targets.not_orgs.empty() ||
                        !targets.not_members.empty() || targets.hidden ||
                        targets.unreadable.has_value();
  if (narrowed) return false;
  if (targets.everyone) return terms.tlp == Tlp::kClear;
  return std::binary_search(targets.communities.begin(), targets.communities.end(),
                            terms.community);
}

absl::StatusOr<EditionPlan> PlanEditionAsking(const Directory& directory,
                                              const EditionTerms& edition,
                                              std::span<const EditionPart> parts, absl::Time at,
                                              AskReader ask) {
  ASSIGN_OR_RETURN(EditionReaders readers, EditionReaders::Resolve(directory, edition, at, ask));
  return EditionPlanner(directory, edition.tlp, at, std::move(readers)).Plan(parts);
}

absl::StatusOr<EditionPlan> PlanEdition(const Directory& directory, const EditionTerms& edition,
                                        std::span<const EditionPart> parts, absl::Time at) {
  return PlanEditionAsking(directory, edition, parts, at, AskPolicy);
}

absl::StatusOr<std::vector<MemberSet>> FindWhoKeepsOut(const Directory& directory,
                                                       const EditionTerms& edition,
                                                       std::span<const EditionPart> parts,
                                                       absl::Time at) {
  ASSIGN_OR_RETURN(EditionReaders readers,
                   EditionReaders::Resolve(directory, edition, at, AskPolicy));
  EditionPlanner planner(directory, edition.tlp, at, std::move(readers));
  std::vector<MemberSet> keeping;
  keeping.reserve(parts.size());
  for (const EditionPart& part : parts) keeping.push_back(planner.WhoKeepsOut(part));
  return keeping;
}

std::vector<MemberSet> FindWhoMayNotHave(const Directory& directory, Tlp tlp,
                                         const MemberSet& readers,
                                         std::span<const EditionPart> parts, absl::Time at) {
  EditionPlanner planner(directory, tlp, at, EditionReaders::Of(directory, readers, at, AskPolicy));
  std::vector<MemberSet> may_not;
  may_not.reserve(parts.size());
  for (const EditionPart& part : parts) may_not.push_back(planner.WhoMayNotHave(part));
  return may_not;
}

absl::StatusOr<std::vector<AudienceToken>> FindRefusedNames(const Directory& directory,
                                                            const EditionTerms& edition,
                                                            absl::Time at) {
  ASSIGN_OR_RETURN(const Terms terms, TermsOfEdition(directory, edition, at));
  std::vector<AudienceToken> words;
  for (RefusedName& refused : FindRefusedNames(directory, terms, at)) {
    words.push_back(std::move(refused.word));
  }
  return words;
}

EditionPlan PlanOwnEdition(const Directory& directory, const MemberId& member,
                           std::span<const EditionPart> parts, absl::Time at) {
  EditionPlan plan;
  plan.readers = MemberSet::Of(directory, std::span(&member, 1));
  for (size_t i = 0; i < parts.size(); ++i) {
    const Terms& terms = *parts[i].terms;
    if (!IsOwn(terms)) {
      plan.left_out.push_back({.part = i, .rule = kNotBriefed});
      continue;
    }
    const Decision decision = DecideOwn(directory, parts[i], member, at);
    if (!decision.allowed) {
      plan.left_out.push_back({.part = i, .rule = RuleName(decision.rule), .reader = member});
    } else if (terms.tlp == Tlp::kRed && HasEnded(terms, at)) {
      plan.left_out.push_back({.part = i, .rule = RuleName(RuleOfEnd(terms))});
    } else if (terms.tlp == Tlp::kRed) {
      plan.pointers.push_back(i);
    } else {
      (HasEnded(terms, at) ? plan.ended : plan.items).push_back(i);
    }
  }
  return plan;
}

}  // namespace shield
