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
    return member == nullptr ? StrangerAnswer() : Answered({.in_snapshot = true}).at(actor);
  }
  if (!terms_.signature_valid) return "deny:BAD_SIGNATURE";
  if (terms_.tlp == Tlp::kUnspecified) return "deny:LABEL_REQUIRED";
  if (terms_.tlp < Tlp::kRed || terms_.tlp > Tlp::kClear) return "deny:INVALID_LABEL";
  if (terms_.inner_label.value_or(terms_.tlp) != terms_.tlp) return "deny:AMBIGUOUS_LABEL";
  if (member == nullptr) return "deny:UNKNOWN_CALLER";

  const bool author = actor == terms_.author;
  const bool analyst = Org(member)->kind == OrgKind::kAuthority &&
                       std::count(member->roles.begin(), member->roles.end(), Role::kAnalyst) > 0;
  const bool authors_affair = terms_.tlp == Tlp::kRed && relation != Relation::kWithdraws;
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

// ---- sharing on: policy section 6, sentence by sentence

const std::map<MemberId, Answer>& SecondModel::Answered(const Circumstances& about) const {
  const AboutKey key = {about.at_publish, about.in_snapshot,
                        about.org_then.has_value() ? about.org_then->str() : "", about.hops,
                        about.peer_cap};
  const auto known = answered_.find(key);
  if (known != answered_.end()) return known->second;
  return answered_.emplace(key, Answers(about)).first->second;
}

// Steps 3 to 6, whoever it is and however they came to it.
std::optional<std::string> SecondModel::Common(Member member) const {
  if (!common_.has_value()) common_ = CommonLayers({});
  for (const Layer& layer : *common_) {
    if (layer.second.contains(member)) return layer.first;
  }
  return std::nullopt;
}

// What keeps a seat from what is passed on, however near it is to the sharer.
std::optional<std::string> SecondModel::SeatRefusal(Member member,
                                                    const Circumstances& about) const {
  if (Author().contains(member)) return std::nullopt;
  const bool report = terms_.bulletin_class == BulletinClass::kReport;
  if (about.hops > 1 && !report) return "HOP_LIMIT";
  const auto has = [&](Role role) {
    return std::count(member->roles.begin(), member->roles.end(), role) > 0;
  };
  if (!has(Role::kAnalyst) && !has(Role::kReader) && !has(Role::kDesk) && !has(Role::kDigest)) {
    return "NEED_TO_KNOW_MISSING";
  }
  if (report && has(Role::kDigest)) return "SAR_PRIVATE";
  return std::nullopt;
}

// The sharer must have it: itself, or by a share. RED and recalls come to nobody by a share.
std::optional<std::string> SecondModel::SharerRefusal(Member from, const SharePlan& plan) const {
  const Answer own = Answered(plan.from_about).at(from->id);
  if (IsAllowed(own)) return std::nullopt;
  const bool never = terms_.tlp == Tlp::kRed || terms_.bulletin_class == BulletinClass::kControl;
  if (!plan.by_share || never) return own.substr(5);
  if (auto refusal = Common(from)) return refusal;
  if (auto refusal = SeatRefusal(from, plan.from_about)) return refusal;
  const bool author = Author().contains(from);
  if (terms_.tlp != Tlp::kClear && !author && TooLow(plan.from_about.peer_cap).contains(from)) {
    return "VETTING_TOO_LOW";
  }
  return std::nullopt;
}

// To whom it is not addressed, by the label alone.
Answer SecondModel::LabelsAnswer(const OrgRecord* provider, const OrgRecord* receiver) const {
  const Orgs clients = ClientsNow({provider});
  const bool client = clients.contains(receiver);
  if (terms_.tlp == Tlp::kClear) return "allow:PUBLIC";
  if (terms_.tlp == Tlp::kGreen) {
    return Reach().contains(receiver) ? "allow:COMMUNITY" : "deny:OUTSIDE_COMMUNITY";
  }
  if (terms_.tlp == Tlp::kAmberStrict) {
    return client ? "deny:STRICT_NO_CLIENTS" : "deny:NOT_RECIPIENT_ORG";
  }
  const bool recipient = provider->id == terms_.source || RecipientOrgs().contains(provider);
  return First({{"CLIENT_NOT_TRANSITIVE", client && !recipient},
                {"CLIENT_RELATION_EXPIRED", !client && ClientsEver({provider}).contains(receiver)},
                {"CLIENT_NOT_TRANSITIVE", !client && ClientsNow(clients).contains(receiver)},
                {"NOT_RECIPIENT_NOR_CLIENT", !client}},
               "allow:CLIENT_OF_RECIPIENT");
}

Answer SecondModel::ShareCeiling(Member from, Member to, const SharePlan& plan) const {
  static const std::set<Answer> kNotAddressed = {
      "deny:OUTSIDE_COMMUNITY",        "deny:AFFILIATION_CHANGED",
      "deny:NOT_RECIPIENT_ORG",        "deny:STRICT_NO_CLIENTS",
      "deny:NOT_RECIPIENT_NOR_CLIENT", "deny:CLIENT_VIA_PROVIDER_ONLY",
      "deny:CLIENT_RELATION_EXPIRED",  "deny:CLIENT_NOT_TRANSITIVE",
      "deny:SECTOR_MISMATCH",          "deny:REGION_MISMATCH"};
  const OrgRecord* provider = Org(from);
  const OrgRecord* receiver = Org(to);
  if (terms_.bulletin_class == BulletinClass::kReport && provider->kind != OrgKind::kAuthority) {
    return "deny:SAR_PRIVATE";
  }
  Circumstances sealed = plan.to_about;
  sealed.at_publish = true;
  const Answer own = Answered(sealed).at(to->id);
  if (terms_.bulletin_class == BulletinClass::kControl) return own;
  const bool colleague = provider == receiver && terms_.tlp != Tlp::kRed;
  const bool green = terms_.tlp == Tlp::kGreen;
  if (green && !colleague && own == "deny:OUTSIDE_COMMUNITY" && !Reach().contains(receiver)) {
    return own;
  }
  if (auto refusal = SeatRefusal(to, plan.to_about)) return "deny:" + *refusal;
  if (colleague) return "allow:OWN_ORG";
  if (terms_.tlp == Tlp::kRed || !kNotAddressed.contains(own)) return own;
  return LabelsAnswer(provider, receiver);
}

Answer SecondModel::ShareAnswer(const SharePlan& plan) const {
  if (std::optional<std::string> code = AboutBulletin()) return "deny:" + *code;
  const auto step12 = [&](const Answer& answer) {
    if (!IsAllowed(answer)) return answer;
    return First({{"NEED_TO_KNOW_MISSING", answer == "allow:CLIENT_OF_RECIPIENT" && !plan.reason},
                  {"LABEL_DOWNGRADE", plan.label > terms_.tlp},
                  {"LABEL_IMMUTABLE", plan.label != terms_.tlp}},
                 answer);
  };
  const MemberRecord* sharer = directory_.FindMember(plan.from);
  if (sharer == nullptr) return "deny:UNKNOWN_CALLER";
  if (auto refusal = SharerRefusal(sharer, plan)) return "deny:" + *refusal;
  if (!plan.to.has_value()) return step12(PublicAnswer());
  const MemberRecord* reader = directory_.FindMember(*plan.to);
  if (reader == nullptr) return "deny:UNKNOWN_CALLER";
  if (auto refusal = Common(reader)) return "deny:" + *refusal;
  const Answer ceiling = ShareCeiling(sharer, reader, plan);
  if (!IsAllowed(ceiling)) return ceiling;
  const bool author = Author().contains(reader);
  if (terms_.tlp != Tlp::kClear && !author && TooLow(plan.to_about.peer_cap).contains(reader)) {
    return "deny:VETTING_TOO_LOW";
  }
  return step12(ceiling);
}

}  // namespace shield::testing
