// The second model, of what may be done with a bulletin: relations and sharing on.
#include <algorithm>

#include "tests/policy/second_model.h"

namespace shield::testing {
namespace {

bool IsAllowed(const Answer& answer) { return answer.substr(0, 6) == "allow:"; }

Answer First(const std::vector<std::pair<std::string, bool>>& refusals, const Answer& otherwise) {
  for (const auto& [code, holds] : refusals) {
    if (holds) return "deny:" + code;
  }
  return otherwise;
}

}  // namespace

Answer SecondModel::RelationAnswer(Relation relation, const MemberId& actor, Tlp label) const {
  if (relation == Relation::kShares || relation == Relation::kUnspecified) {
    return "deny:NEED_TO_KNOW_MISSING";
  }
  const MemberRecord* member = directory_.FindMember(actor);
  if (relation == Relation::kReplies) {
    return member == nullptr ? StrangerAnswer() : Answers({.in_snapshot = true}).at(actor);
  }
  if (!terms_.signature_valid) return "deny:BAD_SIGNATURE";
  if (terms_.tlp == Tlp::kUnspecified) return "deny:LABEL_REQUIRED";
  if (terms_.tlp < Tlp::kRed || terms_.tlp > Tlp::kClear) return "deny:INVALID_LABEL";
  if (terms_.inner_label.value_or(terms_.tlp) != terms_.tlp) return "deny:AMBIGUOUS_LABEL";
  if (member == nullptr) return "deny:UNKNOWN_CALLER";

  const bool author = actor == terms_.author;
  const bool analyst = Org(member)->kind == OrgKind::kAuthority &&
                       std::count(member->roles.begin(), member->roles.end(), Role::kAnalyst) > 0;
  const bool authors_affair = terms_.tlp == Tlp::kRed && relation != Relation::kWithdraws &&
                              relation != Relation::kSupersedes;
  const bool may = member->org == terms_.source && (author || (analyst && !authors_affair));
  if (!may) return "deny:NOT_SOURCE";
  for (const Layer& layer : AccountLayers()) {
    if (layer.second.contains(member)) return "deny:" + layer.first;
  }
  const bool recall = relation == Relation::kWithdraws;
  const bool relabel = relation == Relation::kRelabels;
  const Answer yes = relabel  ? "allow:SOURCE_RELABEL"
                     : author ? "allow:AUTHOR"
                              : "allow:SOURCE_ORG";
  return First({{"WITHDRAWN", terms_.state == BulletinState::kWithdrawn},
                {"SUPERSEDED", !recall && terms_.state == BulletinState::kSuperseded},
                {"EXPIRED", !recall && terms_.expires <= now_},
                {"LABEL_IMMUTABLE", !relabel && label != terms_.tlp}},
               yes);
}

// What the label lets `from` pass on to `to`, who is of another organisation or the bulletin RED.
Answer SecondModel::ShareCeiling(Member from, Member to) const {
  const bool report = terms_.bulletin_class == BulletinClass::kReport;
  const OrgRecord* provider = Org(from);
  const OrgRecord* receiver = Org(to);
  if (report && provider->kind != OrgKind::kAuthority) return "deny:SAR_PRIVATE";
  if (provider == receiver && terms_.tlp != Tlp::kRed) return "allow:OWN_ORG";
  const Answer own = Answers({.at_publish = true}).at(to->id);
  if (IsAllowed(own)) return own;
  if (report) return "deny:SAR_PRIVATE";
  const Orgs clients = ClientsNow({provider});
  const bool client = clients.contains(receiver);
  switch (terms_.tlp) {
    case Tlp::kClear:
      return "allow:PUBLIC";
    case Tlp::kGreen:
      return Reach().contains(receiver) ? "allow:COMMUNITY" : "deny:OUTSIDE_COMMUNITY";
    case Tlp::kAmberStrict:
      return client ? "deny:STRICT_NO_CLIENTS" : "deny:NOT_RECIPIENT_ORG";
    case Tlp::kAmber: {
      const bool recipient = provider->id == terms_.source || RecipientOrgs().contains(provider);
      return First(
          {{"CLIENT_NOT_TRANSITIVE", client && !recipient},
           {"CLIENT_RELATION_EXPIRED", !client && ClientsEver({provider}).contains(receiver)},
           {"CLIENT_NOT_TRANSITIVE", !client && ClientsNow(clients).contains(receiver)},
           {"NOT_RECIPIENT_NOR_CLIENT", !client}},
          "allow:CLIENT_OF_RECIPIENT");
    }
    default:
      return own == "deny:SERVICE_NO_RED" ? own : "deny:RED_NOT_NAMED";
  }
}

Answer SecondModel::ShareAnswer(const MemberId& from, bool by_share, const MemberId& to, Tlp label,
                                bool reason) const {
  if (std::optional<std::string> code = AboutBulletin()) return "deny:" + *code;
  const MemberRecord* sharer = directory_.FindMember(from);
  const MemberRecord* reader = directory_.FindMember(to);
  if (sharer == nullptr) return "deny:UNKNOWN_CALLER";
  Members low = TooLow(3);
  for (Member author : Author()) low.erase(author);
  const bool floors = terms_.tlp != Tlp::kClear;
  // 3 to 6 refuse both of them, however they came to it.
  const auto common = [&](Member member) -> std::optional<Answer> {
    for (const Layer& layer : CommonLayers({})) {
      if (layer.second.contains(member)) return "deny:" + layer.first;
    }
    return std::nullopt;
  };
  const Answer own = Answers({.in_snapshot = true}).at(from);
  if (!IsAllowed(own)) {
    if (!by_share) return own;
    if (auto refusal = common(sharer)) return *refusal;
    if (floors && low.contains(sharer)) return "deny:VETTING_TOO_LOW";
  }
  if (reader == nullptr) return "deny:UNKNOWN_CALLER";
  if (auto refusal = common(reader)) return *refusal;
  const Answer ceiling = ShareCeiling(sharer, reader);
  if (!IsAllowed(ceiling)) return ceiling;
  return First({{"VETTING_TOO_LOW", floors && low.contains(reader)},
                {"NEED_TO_KNOW_MISSING", ceiling == "allow:CLIENT_OF_RECIPIENT" && !reason},
                {"LABEL_DOWNGRADE", label > terms_.tlp},
                {"LABEL_IMMUTABLE", label != terms_.tlp}},
               ceiling);
}

}  // namespace shield::testing
