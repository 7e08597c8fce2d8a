#include "policy/reading.h"

#include <algorithm>

#include "policy/account.h"
#include "policy/publisher.h"
#include "policy/selector.h"

namespace shield {
namespace {

Verdict Allowed(Rule rule) { return {.allowed = true, .rule = rule}; }
Verdict Denied(Rule rule) { return {.allowed = false, .rule = rule}; }

std::optional<Rule> BulletinFaultOf(const Directory& directory, const Terms& terms,
                                    absl::Time now) {
  if (std::optional<Rule> fault = LabelFault(terms)) return fault;
  return PublisherFault(directory, terms, now);
}

}  // namespace

Reading::Reading(const Directory& directory, const Terms& terms, absl::Time now, Question question)
    : directory_(directory),
      terms_(terms),
      now_(now),
      question_(question),
      has_selector_(HasSelector(terms)),
      vetting_floor_(VettingFloor(terms)),
      bulletin_fault_(BulletinFaultOf(directory, terms, now)) {}

Verdict Reading::Of(const Reader& reader) const {
  if (bulletin_fault_.has_value()) return Denied(*bulletin_fault_);
  if (reader.door == Reader::Door::kPublic) return OfPublic();
  const MemberRecord* member =
      reader.member.has_value() ? directory_.FindMember(*reader.member) : nullptr;
  if (member == nullptr) return Denied(Rule::kUnknownCaller);
  return Of(*member, directory_.OrgOf(*member), reader);
}

Verdict Reading::Of(const MemberRecord& member, const OrgRecord& org, const Reader& reader) const {
  if (bulletin_fault_.has_value()) return Denied(*bulletin_fault_);
  if (terms_.bulletin_class == BulletinClass::kControl) {
    const std::optional<Rule> account = AccountFault(member, org, now_);
    return account.has_value() ? Denied(*account) : OfRecall(reader);
  }
  if (std::optional<Rule> fault = AccessFault(member, org)) return Denied(*fault);
  if (IsAuthor(member)) return OfAuthor(org);
  const Candidate candidate{member, org, reader, WayOf(member, org, reader)};
  if (std::optional<Rule> fault = CommunityFault(candidate)) return Denied(*fault);
  if (std::optional<Rule> fault = CeilingFault(candidate)) return Denied(*fault);
  if (std::optional<Rule> fault = VettingFault(member, org, reader)) return Denied(*fault);
  if (candidate.way == Way::kSelector && !clear_fetch()) {
    if (std::optional<Rule> fault = SelectorFault(terms_.targets, org)) return Denied(*fault);
  }
  if (std::optional<Rule> fault = SnapshotFault(candidate)) return Denied(*fault);
  return Allowed(RuleOf(candidate.way));
}

std::optional<Rule> Reading::AccessFault(const MemberRecord& member, const OrgRecord& org) const {
  if (std::optional<Rule> fault = AccountFault(member, org, now_)) return fault;
  const bool author = IsAuthor(member);
  if (std::optional<Rule> fault = StateFault(author)) return fault;
  if (author) return std::nullopt;
  if (terms_.status == BulletinStatus::kExercise && !member.exercise) {
    return Rule::kExerciseNonParticipant;
  }
  if (terms_.targets.Excludes(member)) return Rule::kExcluded;
  return std::nullopt;
}

std::optional<Rule> Reading::StateFault(bool author) const {
  if (!fetch()) return std::nullopt;
  if (terms_.state == BulletinState::kWithdrawn) return Rule::kWithdrawn;
  if (terms_.state == BulletinState::kSuperseded) return Rule::kSuperseded;
  if (now_ < terms_.not_before && !author) return Rule::kEmbargoed;
  if (now_ >= terms_.expires) return Rule::kExpired;
  return std::nullopt;
}

Verdict Reading::OfPublic() const {
  if (terms_.bulletin_class == BulletinClass::kControl) {
    return terms_.tlp == Tlp::kClear ? Allowed(Rule::kPublic) : Denied(Rule::kPublicChannel);
  }
  if (std::optional<Rule> fault = StateFault(false)) return Denied(*fault);
  if (terms_.status == BulletinStatus::kExercise) return Denied(Rule::kExerciseNonParticipant);
  if (terms_.bulletin_class == BulletinClass::kReport) return Denied(Rule::kSarPrivate);
  return terms_.tlp == Tlp::kClear ? Allowed(Rule::kPublic) : Denied(Rule::kPublicChannel);
}

// A recall reaches whoever holds an entry of what is recalled, and nobody else.
Verdict Reading::OfRecall(const Reader& reader) const {
  if (fetch() && reader.in_snapshot) return Allowed(Rule::kSourceOrg);
  if (clear_fetch()) return Allowed(Rule::kPublic);
  return Denied(Rule::kNotInSnapshot);
}

Verdict Reading::OfAuthor(const OrgRecord& org) const {
  if (org.id == terms_.source) return Allowed(Rule::kAuthor);
  const bool for_all = clear_fetch() && terms_.bulletin_class != BulletinClass::kReport;
  return for_all ? Allowed(Rule::kPublic) : Denied(Rule::kAffiliationChanged);
}

Reading::Way Reading::WayOf(const MemberRecord& member, const OrgRecord& org,
                            const Reader& reader) const {
  const bool red = terms_.tlp == Tlp::kRed;
  const bool content = terms_.bulletin_class == BulletinClass::kContent;
  if (org.id == terms_.source && content && !red &&
      (IsAnalyst(member, org) || IsDigestSeat(member, org))) {
    return Way::kSource;
  }
  if (Granted(member, /*now_only=*/true)) return Way::kGrant;
  const bool person = NamedInPerson(member, reader);
  const bool as_org =
      terms_.targets.Names(org.id) && !red && terms_.bulletin_class != BulletinClass::kDirect;
  if ((person || as_org) && terms_.Refers(Relation::kPermits)) return Way::kPermit;
  if (person) return Way::kNamedPerson;
  if (as_org) return Way::kNamedOrg;
  if (has_selector_ && InSelectedCommunity(terms_, org)) return Way::kSelector;
  return Way::kNone;
}

// A person is named as one of an organisation; in another they are not whom the author meant.
bool Reading::NamedInPerson(const MemberRecord& member, const Reader& reader) const {
  if (!terms_.targets.Names(member.id)) return false;
  return !reader.org_at_publish.has_value() || *reader.org_at_publish == member.org;
}

bool Reading::Granted(const MemberRecord& member, bool now_only) const {
  return std::any_of(terms_.permissions.begin(), terms_.permissions.end(),
                     [&](const Permission& permission) {
                       const bool as_org = terms_.tlp != Tlp::kRed && permission.org == member.org;
                       const bool subject = as_org || permission.member == member.id;
                       return subject && (!now_only || permission.period.Contains(now_));
                     });
}

std::optional<Rule> Reading::CommunityFault(const Candidate& c) const {
  if (terms_.tlp == Tlp::kClear && fetch()) return std::nullopt;
  if (terms_.bulletin_class == BulletinClass::kReport) return std::nullopt;
  const bool named = c.way == Way::kNamedPerson || c.way == Way::kNamedOrg;
  bool outside = false;
  if (terms_.tlp == Tlp::kGreen && named) outside = !InReach(terms_, c.org);
  if (c.way == Way::kNone && (terms_.tlp == Tlp::kGreen || terms_.tlp == Tlp::kClear)) {
    outside = has_selector_ || !InReach(terms_, c.org);
  }
  if (c.way == Way::kNone && has_selector_ && terms_.tlp == Tlp::kAmber) {
    outside = ClientStandingOf(c.org) == ClientStanding::kNone;
  }
  if (c.way == Way::kNone && has_selector_ && terms_.tlp == Tlp::kAmberStrict) {
    outside = ClientStandingOf(c.org) != ClientStanding::kCurrent;
  }
  const bool was_granted = c.way == Way::kNone && Granted(c.member, /*now_only=*/false);
  if (outside && !was_granted) return Rule::kOutsideCommunity;
  if (c.reader.hops > kMaxHops) return Rule::kHopLimit;
  return std::nullopt;
}

std::optional<Rule> Reading::CeilingFault(const Candidate& c) const {
  if (clear_fetch() && terms_.bulletin_class != BulletinClass::kReport) return std::nullopt;
  if (!SeesContent(c.member)) return Rule::kNeedToKnowMissing;
  if (terms_.bulletin_class == BulletinClass::kReport) return ReportFault(c);
  if (terms_.tlp == Tlp::kRed) return RedFault(c);
  if (c.way == Way::kNone) return NotAddressed(c);
  return std::nullopt;
}

std::optional<Rule> Reading::RedFault(const Candidate& c) const {
  if (c.member.Has(Role::kDigest)) return Rule::kServiceNoRed;
  if (c.member.Has(Role::kDesk)) return Rule::kRedNotNamed;
  if (c.way == Way::kNone) return NotAddressed(c);
  return std::nullopt;
}

std::optional<Rule> Reading::ReportFault(const Candidate& c) const {
  if (c.org.kind != OrgKind::kAuthority || c.member.Has(Role::kDigest)) return Rule::kSarPrivate;
  if (terms_.tlp == Tlp::kRed) return RedFault(c);
  if (c.way == Way::kNone) return Rule::kSarPrivate;
  return std::nullopt;
}

// Why a reader whom nothing lets in is kept out.
Rule Reading::NotAddressed(const Candidate& c) const {
  if (Granted(c.member, /*now_only=*/false)) return Rule::kPermissionExpired;
  if (terms_.targets.Names(c.member.id)) return Rule::kAffiliationChanged;
  if (terms_.tlp == Tlp::kRed) return Rule::kRedNotNamed;
  if (terms_.tlp == Tlp::kAmberStrict && ClientStandingOf(c.org) == ClientStanding::kCurrent) {
    return Rule::kStrictNoClients;
  }
  if (terms_.tlp != Tlp::kAmber) return Rule::kNotRecipientOrg;
  switch (ClientStandingOf(c.org)) {
    case ClientStanding::kCurrent:
      return Rule::kClientViaProviderOnly;
    case ClientStanding::kPast:
      return Rule::kClientRelationExpired;
    case ClientStanding::kClientOfClient:
      return Rule::kClientNotTransitive;
    case ClientStanding::kNone:
      break;
  }
  return Rule::kNotRecipientNorClient;
}

std::optional<Rule> Reading::VettingFault(const MemberRecord& member, const OrgRecord& org,
                                          const Reader& reader) const {
  if (IsAuthor(member) || clear_fetch()) return std::nullopt;
  const int vetting = std::min({member.vetting, org.vetting, reader.peer_cap});
  if (vetting < vetting_floor_) return Rule::kVettingTooLow;
  return std::nullopt;
}

std::optional<Rule> Reading::SnapshotFault(const Candidate& c) const {
  if (!fetch() || terms_.tlp == Tlp::kClear) return std::nullopt;
  if (c.way == Way::kGrant || c.reader.in_snapshot) return std::nullopt;
  return Rule::kNotInSnapshot;
}

Rule Reading::RuleOf(Way way) const {
  if (way == Way::kSource) return Rule::kSourceOrg;
  if (terms_.bulletin_class == BulletinClass::kReport) return Rule::kSarToAuthority;
  switch (way) {
    case Way::kGrant:
    case Way::kPermit:
      return Rule::kSourcePermission;
    case Way::kNamedPerson:
      return Rule::kNamedPerson;
    case Way::kNamedOrg:
      return Rule::kRecipientOrg;
    case Way::kSelector:
      if (terms_.tlp == Tlp::kClear) return Rule::kPublic;
      return terms_.tlp == Tlp::kGreen ? Rule::kCommunity : Rule::kRecipientOrg;
    case Way::kSource:
    case Way::kNone:
      break;
  }
  return Rule::kPublic;
}

bool Reading::IsTarget(const MemberRecord& member, const OrgRecord& org) const {
  return IsAuthor(member) || WayOf(member, org, Reader::Holder(member.id)) != Way::kNone;
}

ClientStanding Reading::ClientStandingOf(const OrgRecord& org) const {
  if (!clients_.has_value()) clients_.emplace(directory_, terms_, now_);
  return clients_->Of(org.id);
}

}  // namespace shield
