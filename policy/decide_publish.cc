// DecidePublish: what the author is told before anything is sealed.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "policy/account.h"
#include "policy/decide.h"
#include "policy/publisher.h"
#include "policy/reading.h"
#include "policy/regions.h"
#include "policy/rule_sentence.h"
#include "policy/selector.h"

namespace shield {
namespace {

// A refusal, or nothing.
using Refusal = std::optional<Decision>;

Decision Refuse(Rule rule, std::string sentence) {
  return {.allowed = false, .rule = rule, .sentence = std::move(sentence)};
}

// The publish in question and what its checks share.
struct Draft {
  const Directory& directory;
  const Terms& terms;
  absl::Time now;

  Decision RefuseFor(Rule rule, absl::string_view who) const { return Deny(rule, terms, who); }
};

// Steps 1 to 3 for the author. `mark` is set for a suspended member's report.
Refusal AuthorRefusal(const Draft& draft, bool& mark) {
  const Terms& terms = draft.terms;
  const absl::string_view author = terms.author.text();
  if (std::optional<Rule> fault = LabelFault(terms)) return draft.RefuseFor(*fault, author);
  if (terms.author_standing == AuthorStanding::kKeyEnded) {
    return draft.RefuseFor(Rule::kPublisherKeyRevoked, author);
  }
  const MemberRecord* member = draft.directory.FindMember(terms.author);
  if (member == nullptr || member->org != terms.source) {
    return draft.RefuseFor(Rule::kUnknownCaller, author);
  }
  const OrgRecord& org = draft.directory.OrgOf(*member);
  if (std::optional<Rule> fault = ClassFault(*member, org, terms)) {
    return draft.RefuseFor(*fault, author);
  }
  const std::optional<Rule> account = AccountFault(*member, org, draft.now);
  mark = terms.bulletin_class == BulletinClass::kReport && IsOnlySuspended(*member, org, draft.now);
  if (account.has_value() && !mark) return draft.RefuseFor(*account, author);
  return std::nullopt;
}

Refusal WindowRefusal(const Draft& draft) {
  const Terms& terms = draft.terms;
  if (terms.expires <= terms.not_before || terms.expires <= terms.issued) {
    return draft.RefuseFor(Rule::kBadWindow, "");
  }
  if (terms.tlp == Tlp::kClear && terms.not_before > terms.issued) {
    return Refuse(Rule::kBadWindow,
                  "the key of a TLP:CLEAR bulletin is public, so it cannot begin later than now");
  }
  return std::nullopt;
}

// RED: persons, and exclusions that narrow them further.
Refusal RedRefusal(const Targets& targets) {
  const bool more_than_persons = !targets.orgs.empty() || targets.HasSelector();
  if (!targets.orgs.empty()) {
    return Refuse(Rule::kRedNeedsPersons,
                  absl::StrCat("TLP:RED names `org:", targets.orgs[0].text(),
                               "`, but RED is for named persons"));
  }
  if (more_than_persons || targets.members.empty()) {
    return Refuse(Rule::kRedNeedsPersons,
                  targets.members.empty() ? "TLP:RED is for named persons, and none is named"
                                          : "TLP:RED is for named persons, not for a selection");
  }
  return std::nullopt;
}

Refusal ContentRefusal(const Terms& terms) {
  const Targets& targets = terms.targets;
  if (terms.tlp == Tlp::kRed) return RedRefusal(targets);
  if (targets.everyone && terms.tlp != Tlp::kClear) {
    return Refuse(Rule::kPublicChannel,
                  absl::StrCat(TlpWithPrefix(terms.tlp), " may not be for the public"));
  }
  if (terms.tlp == Tlp::kGreen || terms.tlp == Tlp::kClear) return std::nullopt;
  const bool to_persons = !targets.members.empty() &&
                          (terms.Refers(Relation::kPermits) || terms.Refers(Relation::kExtends));
  if (targets.NarrowsCommunity()) return std::nullopt;
  // Beside a name, too, a community alone would be everyone in it.
  if (!targets.communities.empty()) {
    return Refuse(
        Rule::kAudienceRequired,
        absl::StrCat(TlpWithPrefix(terms.tlp),
                     " is not for a whole community: `community:", targets.communities[0].text(),
                     "` needs a sector, region or vetting level beside it"));
  }
  if (targets.orgs.empty() && !to_persons) {
    return Refuse(Rule::kAudienceRequired,
                  absl::StrCat(TlpWithPrefix(terms.tlp),
                               " needs organisations, or a sector, region or vetting level"));
  }
  return std::nullopt;
}

Refusal DirectRefusal(const Targets& targets) {
  if (targets.members.empty() || !targets.orgs.empty() || targets.HasSelector()) {
    return Refuse(Rule::kAudienceRequired, "a direct message is for named members and nobody else");
  }
  return std::nullopt;
}

Refusal ReportRefusal(const Terms& terms) {
  const Targets& targets = terms.targets;
  if (targets.HasSelector()) {
    return Refuse(Rule::kSarPrivate, "a report is for an authority, not for a selection");
  }
  if (targets.orgs.empty() && targets.members.empty()) {
    return Refuse(Rule::kAudienceRequired, "a report needs the authority it is for");
  }
  return terms.tlp == Tlp::kRed ? RedRefusal(targets) : std::nullopt;
}

// What the audience must look like for the class.
Refusal AudienceRefusal(const Terms& terms) {
  switch (terms.bulletin_class) {
    case BulletinClass::kContent:
      return ContentRefusal(terms);
    case BulletinClass::kReport:
      return ReportRefusal(terms);
    case BulletinClass::kDirect:
      return DirectRefusal(terms.targets);
    case BulletinClass::kControl:
    case BulletinClass::kUnspecified:
      break;
  }
  return std::nullopt;
}

Refusal UnknownWord(absl::string_view word) {
  return Refuse(Rule::kUnknownCode,
                absl::StrCat("the audience says `", word, "`, which this network does not know"));
}

// A home may be shown a part of the directory: of whom it does not name it cannot say that there is
// none.
Refusal UnknownId(const Directory& directory, absl::string_view word) {
  if (directory.complete()) return UnknownWord(word);
  return Refuse(Rule::kUnknownCode,
                absl::StrCat("the audience says `", word,
                             "`, which is not in the part of the directory that is shown here"));
}

// Nothing is read as "all": a word that means nothing here is refused, in an exclusion too.
Refusal CodeRefusal(const Draft& draft) {
  const Targets& targets = draft.terms.targets;
  if (targets.unreadable.has_value()) return UnknownWord(*targets.unreadable);
  if (targets.hidden) {
    return Refuse(Rule::kUnknownCode, "the audience has a hidden word that was not opened");
  }
  for (const std::string& sector : targets.sectors) {
    if (!IsSector(sector)) return UnknownWord(absl::StrCat("sector:", sector));
  }
  for (const std::string& region : targets.regions) {
    if (!IsRegion(region)) return UnknownWord(absl::StrCat("region:", region));
  }
  for (const CommunityId& community : targets.communities) {
    if (draft.directory.OrgsInCommunity(community).empty()) {
      return UnknownWord(absl::StrCat("community:", community.text()));
    }
  }
  for (const auto* orgs : {&targets.orgs, &targets.not_orgs}) {
    for (const OrgId& id : *orgs) {
      if (draft.directory.FindOrg(id) == nullptr) return UnknownId(draft.directory, id.text());
    }
  }
  for (const auto* members : {&targets.members, &targets.not_members}) {
    for (const MemberId& id : *members) {
      if (draft.directory.FindMember(id) == nullptr) return UnknownId(draft.directory, id.text());
    }
  }
  return std::nullopt;
}

// The rule by which no seat of a named organisation could receive it.
std::optional<Rule> NamedOrgFault(const Draft& draft, const OrgRecord& org) {
  const Terms& terms = draft.terms;
  if (terms.bulletin_class == BulletinClass::kReport && org.kind != OrgKind::kAuthority) {
    return Rule::kSarPrivate;
  }
  if (std::optional<Rule> fault = OrgFault(org, draft.now)) return fault;
  if (terms.tlp == Tlp::kGreen && terms.bulletin_class == BulletinClass::kContent &&
      !terms.Refers(Relation::kPermits) && !InReach(terms, org)) {
    return Rule::kOutsideCommunity;
  }
  if (org.vetting < VettingFloor(terms)) return Rule::kVettingTooLow;
  return std::nullopt;
}

// The rule by which a named person cannot receive it. A person the author excludes as well was
// not meant; a desk is no person.
std::optional<Rule> NamedMemberFault(const Draft& draft, const Reading& delivery,
                                     const MemberRecord& member) {
  if (draft.terms.tlp == Tlp::kRed && member.Has(Role::kDesk) && !member.Has(Role::kDigest)) {
    return Rule::kRedNeedsPersons;
  }
  const Verdict verdict =
      delivery.Of(member, draft.directory.OrgOf(member), Reader::WithoutEntry(member.id));
  if (verdict.allowed || verdict.rule == Rule::kExcluded) return std::nullopt;
  return verdict.rule;
}

std::vector<RefusedName> RefusedNames(const Draft& draft) {
  std::vector<RefusedName> refused;
  const Targets& targets = draft.terms.targets;
  for (const OrgId& id : targets.orgs) {
    if (targets.Excludes(id)) continue;
    const OrgRecord* org = draft.directory.FindOrg(id);
    const std::optional<Rule> fault =
        org == nullptr ? Rule::kUnknownCode : NamedOrgFault(draft, *org);
    if (fault.has_value()) refused.push_back({AudienceToken::Org(id), *fault});
  }
  const Reading delivery(draft.directory, draft.terms, draft.now, Reading::Question::kDelivery);
  for (const MemberId& id : targets.members) {
    if (id == draft.terms.author) continue;
    const MemberRecord* member = draft.directory.FindMember(id);
    const std::optional<Rule> fault =
        member == nullptr ? Rule::kUnknownCode : NamedMemberFault(draft, delivery, *member);
    if (fault.has_value()) refused.push_back({AudienceToken::Member(id), *fault});
  }
  return refused;
}

Refusal NamedRefusal(const Draft& draft) {
  const std::vector<RefusedName> refused = RefusedNames(draft);
  if (refused.empty()) return std::nullopt;
  return draft.RefuseFor(refused.front().rule, refused.front().word.value);
}

Refusal ControlRefusal(const Terms& terms) {
  if (terms.relations.size() == 1 && terms.Refers(Relation::kWithdraws)) return std::nullopt;
  return Refuse(Rule::kNotSource, "a control bulletin takes back exactly one earlier bulletin");
}

}  // namespace

Decision DecidePublish(const Directory& directory, const Terms& terms, absl::Time now) {
  const Draft draft{directory, terms, now};
  bool mark = false;
  if (Refusal refusal = AuthorRefusal(draft, mark)) return *std::move(refusal);
  if (terms.bulletin_class == BulletinClass::kControl) {
    if (Refusal refusal = ControlRefusal(terms)) return *std::move(refusal);
    return Allow(Rule::kAuthor, terms, terms.author.text());
  }
  if (Refusal refusal = WindowRefusal(draft)) return *std::move(refusal);
  if (Refusal refusal = AudienceRefusal(terms)) return *std::move(refusal);
  if (Refusal refusal = CodeRefusal(draft)) return *std::move(refusal);
  if (Refusal refusal = NamedRefusal(draft)) return *std::move(refusal);
  return Allow(mark ? Rule::kUntrustedSource : Rule::kAuthor, terms, terms.author.text());
}

std::vector<RefusedName> FindRefusedNames(const Directory& directory, const Terms& terms,
                                          absl::Time now) {
  return RefusedNames({directory, terms, now});
}

}  // namespace shield
