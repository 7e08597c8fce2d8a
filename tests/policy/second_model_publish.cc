// The second model, of publishing: policy section 3, "Refused at publish".
#include <algorithm>
#include <set>

#include "tests/policy/second_model.h"

namespace shield::testing {
namespace {

bool HasRole(const MemberRecord& member, Role role) {
  return std::count(member.roles.begin(), member.roles.end(), role) > 0;
}

// The gravest of what is wrong with accounts, in the order of step 3.
std::optional<std::string> WrongWith(std::initializer_list<std::pair<AccountState, Period>> all,
                                     absl::Time now) {
  const auto any = [&](auto predicate) { return std::any_of(all.begin(), all.end(), predicate); };
  using Account = const std::pair<AccountState, Period>&;
  if (any([](Account a) { return a.first == AccountState::kRevoked; })) return "RECIPIENT_REVOKED";
  if (any([](Account a) { return a.first == AccountState::kSuspended; })) return "SUSPENDED";
  if (any([](Account a) { return a.first == AccountState::kPending; })) return "MEMBERSHIP_PENDING";
  if (any([&](Account a) { return now < a.second.from; })) return "MEMBERSHIP_NOT_YET";
  if (any([&](Account a) { return now >= a.second.until; })) return "MEMBERSHIP_EXPIRED";
  return std::nullopt;
}

}  // namespace

// Steps 1 and 2 aside from the label, and 3, for the author.
std::optional<std::string> SecondModel::AuthorRefusal(bool& mark) const {
  const MemberRecord* author = directory_.FindMember(terms_.author);
  if (author == nullptr || author->org != terms_.source) return "UNKNOWN_CALLER";
  const OrgRecord& org = *Org(author);
  const bool analyst = HasRole(*author, Role::kAnalyst);
  const bool digest = HasRole(*author, Role::kDigest);
  const bool writes = analyst || HasRole(*author, Role::kReader) || HasRole(*author, Role::kDesk);
  const bool client = org.kind == OrgKind::kClient;
  bool may = false;
  switch (terms_.bulletin_class) {
    case BulletinClass::kContent:
      if (org.kind == OrgKind::kAuthority && digest && !analyst && terms_.tlp == Tlp::kRed) {
        return "SERVICE_NO_RED";
      }
      may = org.kind == OrgKind::kAuthority && (analyst || digest);
      break;
    case BulletinClass::kReport:
      may = writes && !client;
      break;
    case BulletinClass::kDirect:
      may = writes && (!client || Refers(Relation::kShares));
      break;
    case BulletinClass::kControl:
      may = writes || digest;
      break;
    case BulletinClass::kUnspecified:
      break;
  }
  if (!may) return "PUBLISHER_NOT_AUTHORISED";
  const std::optional<std::string> wrong =
      WrongWith({{author->state, author->period}, {org.state, org.period}}, now_);
  // Would nothing be wrong if nobody were suspended?
  const auto lifted = [](AccountState state) {
    return state == AccountState::kSuspended ? AccountState::kActive : state;
  };
  const bool only_suspended =
      wrong.has_value() &&
      !WrongWith({{lifted(author->state), author->period}, {lifted(org.state), org.period}}, now_);
  mark = only_suspended && terms_.bulletin_class == BulletinClass::kReport;
  return mark ? std::nullopt : wrong;
}

std::optional<std::string> SecondModel::AudienceRefusal() const {
  const Words& to = words_;
  const bool selecting = NamesPart() || to.everyone || !to.communities.empty();
  const bool only_persons = !to.members.empty() && to.orgs.empty() && !selecting;
  switch (terms_.bulletin_class) {
    case BulletinClass::kDirect:
      if (!only_persons) return "AUDIENCE_REQUIRED";
      return std::nullopt;
    case BulletinClass::kReport:
      if (selecting) return "SAR_PRIVATE";
      if (to.orgs.empty() && to.members.empty()) return "AUDIENCE_REQUIRED";
      if (terms_.tlp == Tlp::kRed && !only_persons) return "RED_NEEDS_PERSONS";
      return std::nullopt;
    default:
      break;
  }
  if (terms_.tlp == Tlp::kRed) {
    if (!only_persons) return "RED_NEEDS_PERSONS";
    return std::nullopt;
  }
  if (to.everyone && terms_.tlp != Tlp::kClear) return "PUBLIC_CHANNEL";
  if (terms_.tlp == Tlp::kAmber || terms_.tlp == Tlp::kAmberStrict) {
    const bool wider = Refers(Relation::kPermits) || Refers(Relation::kExtends);
    const bool named = !to.orgs.empty() || (wider && !to.members.empty());
    const bool whole_community = !to.communities.empty() && !NamesPart();
    if (whole_community || (!named && !NamesPart())) return "AUDIENCE_REQUIRED";
  }
  return std::nullopt;
}

std::optional<std::string> SecondModel::CodeRefusal() const {
  std::set<std::string> orgs;
  std::set<std::string> communities;
  std::set<std::string> members;
  for (const OrgRecord& org : directory_.orgs()) {
    orgs.insert(org.id.str());
    communities.insert(org.community.str());
  }
  for (const MemberRecord* member : everyone_) members.insert(member->id.str());
  const auto all_in = [](const std::set<std::string>& some, const std::set<std::string>& all) {
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
  };
  const Words& to = words_;
  const bool known = !to.hidden && !to.nonsense && all_in(to.orgs, orgs) &&
                     all_in(to.not_orgs, orgs) && all_in(to.members, members) &&
                     all_in(to.not_members, members) && all_in(to.communities, communities) &&
                     std::all_of(to.sectors.begin(), to.sectors.end(), IsKnownSector) &&
                     std::all_of(to.regions.begin(), to.regions.end(), IsKnownRegion);
  if (known) return std::nullopt;
  return "UNKNOWN_CODE";
}

// Whoever is named and could not receive: organisations first, both in the order of their ids.
std::optional<std::string> SecondModel::NamedRefusal() const {
  const bool report = terms_.bulletin_class == BulletinClass::kReport;
  const bool content = terms_.bulletin_class == BulletinClass::kContent;
  static const std::map<Tlp, int> floors = {
      {Tlp::kRed, 3}, {Tlp::kAmberStrict, 2}, {Tlp::kAmber, 2}, {Tlp::kGreen, 1}, {Tlp::kClear, 0}};
  const int floor = std::max(floors.at(terms_.tlp), words_.vetting.value_or(0));
  for (const std::string& id : words_.orgs) {
    if (words_.not_orgs.contains(id)) continue;
    const OrgRecord& org = *directory_.FindOrg(*OrgId::Parse(id));
    if (report && org.kind != OrgKind::kAuthority) return "SAR_PRIVATE";
    if (auto wrong = WrongWith({{org.state, org.period}}, now_)) return wrong;
    if (content && terms_.tlp == Tlp::kGreen && !Refers(Relation::kPermits) &&
        !Reach().contains(&org)) {
      return "OUTSIDE_COMMUNITY";
    }
    if (org.vetting < floor) return "VETTING_TOO_LOW";
  }
  if (words_.members.empty()) return std::nullopt;
  const std::map<MemberId, Answer> answers = Answers({.at_publish = true});
  for (const std::string& text : words_.members) {
    const MemberId id = *MemberId::Parse(text);
    if (id == terms_.author) continue;
    const MemberRecord& member = *directory_.FindMember(id);
    if (terms_.tlp == Tlp::kRed && HasRole(member, Role::kDesk) &&
        !HasRole(member, Role::kDigest)) {
      return "RED_NEEDS_PERSONS";
    }
    const Answer& answer = answers.at(id);
    if (answer.substr(0, 5) == "deny:" && answer != "deny:EXCLUDED") return answer.substr(5);
  }
  return std::nullopt;
}

Answer SecondModel::PublishAnswer() const {
  if (!terms_.signature_valid) return "deny:BAD_SIGNATURE";
  if (terms_.tlp == Tlp::kUnspecified) return "deny:LABEL_REQUIRED";
  if (terms_.tlp < Tlp::kRed || terms_.tlp > Tlp::kClear) return "deny:INVALID_LABEL";
  if (terms_.inner_label.value_or(terms_.tlp) != terms_.tlp) return "deny:AMBIGUOUS_LABEL";
  if (terms_.author_standing == AuthorStanding::kKeyEnded) return "deny:PUBLISHER_KEY_REVOKED";
  bool mark = false;
  if (auto code = AuthorRefusal(mark)) return "deny:" + *code;
  if (terms_.bulletin_class == BulletinClass::kControl) {
    const bool one = terms_.relations == std::vector<Relation>{Relation::kWithdraws};
    return one ? "allow:AUTHOR" : "deny:NOT_SOURCE";
  }
  const absl::Time begins = std::max(terms_.issued, terms_.not_before);
  if (terms_.expires <= begins) return "deny:BAD_WINDOW";
  if (terms_.tlp == Tlp::kClear && begins != terms_.issued) return "deny:BAD_WINDOW";
  if (auto code = AudienceRefusal()) return "deny:" + *code;
  if (auto code = CodeRefusal()) return "deny:" + *code;
  if (auto code = NamedRefusal()) return "deny:" + *code;
  return mark ? "allow:UNTRUSTED_SOURCE" : "allow:AUTHOR";
}

std::vector<MemberId> SecondModel::Recipients() const {
  std::vector<MemberId> recipients;
  if (PublishAnswer().substr(0, 6) != "allow:") return recipients;
  const std::map<MemberId, Answer> answers = Answers({.at_publish = true});
  for (const MemberRecord& member : directory_.members()) {
    if (answers.at(member.id).substr(0, 6) == "allow:") recipients.push_back(member.id);
  }
  return recipients;
}

bool SecondModel::WarnsOfEmptyAudience() const {
  if (terms_.bulletin_class == BulletinClass::kControl) return false;
  if (PublishAnswer().substr(0, 6) != "allow:") return false;
  const std::map<MemberId, Answer> answers = Answers({.at_publish = true});
  return std::none_of(answers.begin(), answers.end(), [](const auto& entry) {
    const Answer& answer = entry.second;
    return answer.substr(0, 6) == "allow:" && answer != "allow:AUTHOR" &&
           answer != "allow:SOURCE_ORG";
  });
}

}  // namespace shield::testing
