#include "tests/policy/second_model.h"

#include <algorithm>

namespace shield::testing {
namespace {

template <typename Set>
Set Union(const Set& a, const Set& b) {
  Set result = a;
  result.insert(b.begin(), b.end());
  return result;
}

template <typename Set>
Set Minus(const Set& a, const Set& b) {
  Set result;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(result, result.end()));
  return result;
}

template <typename Set>
Set Both(const Set& a, const Set& b) {
  Set result;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                        std::inserter(result, result.end()));
  return result;
}

template <typename T>
bool In(const std::vector<T>& list, const T& value) {
  return std::count(list.begin(), list.end(), value) > 0;
}

bool Is(const MemberRecord& member, Role role) { return In(member.roles, role); }

int FloorOf(Tlp tlp) {
  static const std::map<Tlp, int> floors = {
      {Tlp::kRed, 3}, {Tlp::kAmberStrict, 2}, {Tlp::kAmber, 2}, {Tlp::kGreen, 1}, {Tlp::kClear, 0}};
  return floors.at(tlp);
}

bool Labelled(Tlp tlp) { return tlp >= Tlp::kRed && tlp <= Tlp::kClear; }

// "BE21" and "BE", "BE2", "BE21", "BE211": one begins with the other. Greece and the United Kingdom
// have two spellings.
std::string OneSpelling(const std::string& code) {
  if (code.substr(0, 2) == "GR") return "EL" + code.substr(2);
  if (code.substr(0, 2) == "GB") return "UK" + code.substr(2);
  return code;
}
bool Overlap(const std::string& a, const std::string& b) {
  const std::string x = OneSpelling(a);
  const std::string y = OneSpelling(b);
  return x.substr(0, y.size()) == y || y.substr(0, x.size()) == x;
}

bool SharesSector(const OrgRecord& org, const std::set<std::string>& sectors) {
  return std::any_of(sectors.begin(), sectors.end(),
                     [&](const std::string& sector) { return In(org.sectors, sector); });
}
bool SharesRegion(const OrgRecord& org, const std::set<std::string>& regions) {
  for (const std::string& mine : org.regions) {
    for (const std::string& wanted : regions) {
      if (Overlap(mine, wanted)) return true;
    }
  }
  return false;
}

}  // namespace

SecondModel::SecondModel(const Directory& directory, const Terms& terms,
                         const std::vector<std::string>& words, absl::Time now)
    : directory_(directory), terms_(terms), words_(Read(words)), now_(now) {
  for (const MemberRecord& member : directory.members()) everyone_.insert(&member);
}

template <typename Predicate>
SecondModel::Members SecondModel::Those(Predicate predicate) const {
  Members members;
  for (Member member : everyone_) {
    if (predicate(*member, *Org(member))) members.insert(member);
  }
  return members;
}

template <typename Predicate>
SecondModel::Orgs SecondModel::OrgsThat(Predicate predicate) const {
  Orgs orgs;
  for (const OrgRecord& org : directory_.orgs()) {
    if (predicate(org)) orgs.insert(&org);
  }
  return orgs;
}

SecondModel::Members SecondModel::Of(const Orgs& orgs) const {
  return Those([&](const MemberRecord&, const OrgRecord& org) { return orgs.contains(&org); });
}

const OrgRecord* SecondModel::Org(Member member) const { return directory_.FindOrg(member->org); }

// ---- whom the words of the bulletin mean

SecondModel::Members SecondModel::Author() const {
  return Those([&](const MemberRecord& m, const OrgRecord&) { return m.id == terms_.author; });
}

// RED binds person and organisation; so does every name.
SecondModel::Members SecondModel::Persons(const Circumstances& about) const {
  return Those([&](const MemberRecord& m, const OrgRecord& org) {
    return Named(&m) && about.org_then.value_or(org.id) == org.id;
  });
}

SecondModel::Members SecondModel::NamedOrgSeats() const {
  if (terms_.tlp == Tlp::kRed || terms_.bulletin_class == BulletinClass::kDirect) return {};
  return Of(OrgsThat([&](const OrgRecord& org) { return words_.orgs.contains(org.id.str()); }));
}

SecondModel::Members SecondModel::SourceSeats() const {
  if (terms_.tlp == Tlp::kRed || terms_.bulletin_class != BulletinClass::kContent) return {};
  return Those([&](const MemberRecord& m, const OrgRecord& org) {
    return org.id == terms_.source && org.kind == OrgKind::kAuthority &&
           (Is(m, Role::kAnalyst) || Is(m, Role::kDigest));
  });
}

SecondModel::Members SecondModel::Granted(bool now_only) const {
  return Those([&](const MemberRecord& m, const OrgRecord& org) {
    for (const Permission& permission : terms_.permissions) {
      const bool holds = permission.period.from <= now_ && now_ < permission.period.until;
      if (now_only && !holds) continue;
      if (permission.member.has_value() && *permission.member == m.id) return true;
      if (terms_.tlp == Tlp::kRed) continue;
      if (permission.org.has_value() && *permission.org == org.id) return true;
    }
    return false;
  });
}

// The community of the selector; with codes: of it those in the sectors and regions.
SecondModel::Orgs SecondModel::SelectorOrgs(bool with_codes) const {
  if (!HasSelector()) return {};
  const Words& to = words_;
  std::set<std::string> communities = to.communities;
  if (communities.empty()) communities.insert(terms_.community.str());
  Orgs orgs = OrgsThat([&](const OrgRecord& org) {
    return org.kind != OrgKind::kClient && communities.contains(org.community.str());
  });
  if (with_codes && !to.sectors.empty()) {
    orgs = Both(orgs, OrgsThat([&](const OrgRecord& o) { return SharesSector(o, to.sectors); }));
  }
  if (with_codes && !to.regions.empty()) {
    orgs = Both(orgs, OrgsThat([&](const OrgRecord& o) { return SharesRegion(o, to.regions); }));
  }
  return orgs;
}

SecondModel::Orgs SecondModel::Reach() const {
  return OrgsThat([&](const OrgRecord& org) {
    const bool community =
        org.community == terms_.community || words_.communities.contains(org.community.str());
    return community && org.kind != OrgKind::kClient;
  });
}

// Organisations the bulletin is for, by name, by a person's name or by the selector.
SecondModel::Orgs SecondModel::RecipientOrgs() const {
  const Orgs named = OrgsThat([&](const OrgRecord& org) {
    if (words_.orgs.contains(org.id.str())) return true;
    return std::any_of(everyone_.begin(), everyone_.end(),
                       [&](Member m) { return m->org == org.id && Named(m); });
  });
  const Orgs excluded =
      OrgsThat([&](const OrgRecord& org) { return words_.not_orgs.contains(org.id.str()); });
  return Minus(Union(named, SelectorOrgs(/*with_codes=*/true)), excluded);
}

SecondModel::Orgs SecondModel::ClientsNow(const Orgs& providers) const {
  Orgs clients;
  for (const OrgRecord* provider : providers) {
    for (const ClientRelation& relation : provider->clients) {
      const bool now = relation.period.from <= now_ && now_ < relation.period.until;
      if (const OrgRecord* c = directory_.FindOrg(relation.client); c != nullptr && now) {
        clients.insert(c);
      }
    }
  }
  return clients;
}

SecondModel::Orgs SecondModel::ClientsEver(const Orgs& providers) const {
  Orgs clients;
  for (const OrgRecord* provider : providers) {
    for (const ClientRelation& relation : provider->clients) {
      if (const OrgRecord* c = directory_.FindOrg(relation.client)) clients.insert(c);
    }
  }
  return clients;
}

// ---- 1 signature, label; 2 role and source

std::optional<std::string> SecondModel::AboutBulletin() const {
  if (!terms_.signature_valid) return "BAD_SIGNATURE";
  if (terms_.tlp == Tlp::kUnspecified) return "LABEL_REQUIRED";
  if (!Labelled(terms_.tlp)) return "INVALID_LABEL";
  if (terms_.inner_label.value_or(terms_.tlp) != terms_.tlp) return "AMBIGUOUS_LABEL";
  if (terms_.author_standing == AuthorStanding::kKeyEnded) return "PUBLISHER_KEY_REVOKED";
  if (terms_.author_standing == AuthorStanding::kProvenAtPublish) return std::nullopt;
  bool mark = false;
  const std::optional<std::string> refusal = AuthorRefusal(mark);
  if (!refusal.has_value()) return std::nullopt;
  if (*refusal == "SERVICE_NO_RED") return refusal;
  return *refusal == "RECIPIENT_REVOKED" ? "PUBLISHER_KEY_REVOKED" : "PUBLISHER_NOT_AUTHORISED";
}

// ---- 3 caller

SecondModel::Layers SecondModel::AccountLayers() const {
  const auto either = [&](AccountState state) {
    return Those([&](const MemberRecord& m, const OrgRecord& org) {
      return m.state == state || org.state == state;
    });
  };
  return {{"RECIPIENT_REVOKED", either(AccountState::kRevoked)},
          {"SUSPENDED", either(AccountState::kSuspended)},
          {"MEMBERSHIP_PENDING", either(AccountState::kPending)},
          {"MEMBERSHIP_NOT_YET", Those([&](const MemberRecord& m, const OrgRecord& org) {
             return now_ < m.period.from || now_ < org.period.from;
           })},
          {"MEMBERSHIP_EXPIRED", Those([&](const MemberRecord& m, const OrgRecord& org) {
             return m.period.until <= now_ || org.period.until <= now_;
           })}};
}

// ---- 4 bulletin

SecondModel::Layers SecondModel::StateLayers() const {
  const Members nobody;
  return {{"WITHDRAWN", terms_.state == BulletinState::kWithdrawn ? everyone_ : nobody},
          {"SUPERSEDED", terms_.state == BulletinState::kSuperseded ? everyone_ : nobody},
          {"EMBARGOED", now_ < terms_.not_before ? Minus(everyone_, Author()) : nobody},
          {"EXPIRED", terms_.expires <= now_ ? everyone_ : nobody}};
}

// ---- 3 to 6

SecondModel::Layers SecondModel::CommonLayers(const Circumstances& about) const {
  Layers layers = AccountLayers();
  if (!about.at_publish) {
    for (Layer& layer : StateLayers()) layers.push_back(std::move(layer));
  }
  const Members others = Minus(everyone_, Author());
  if (terms_.status == BulletinStatus::kExercise) {
    layers.emplace_back(
        "EXERCISE_NON_PARTICIPANT",
        Both(others, Those([](const MemberRecord& m, const OrgRecord&) { return !m.exercise; })));
  }
  layers.emplace_back("EXCLUDED", Both(others, Those([&](const MemberRecord& m, const OrgRecord&) {
                                         return words_.not_members.contains(m.id.str()) ||
                                                words_.not_orgs.contains(m.org.str());
                                       })));
  return layers;
}

// ---- 7 community, hops; 8 the label's ceiling

SecondModel::Layers SecondModel::CeilingLayers(const Circumstances& about) const {
  const Tlp tlp = terms_.tlp;
  const bool report = terms_.bulletin_class == BulletinClass::kReport;
  const bool permit = Refers(Relation::kPermits);
  const bool clear_fetch = tlp == Tlp::kClear && !about.at_publish;
  const Members author = Author();
  const Members others = Minus(everyone_, author);
  const Members moved_author = Both(author, Those([&](const MemberRecord&, const OrgRecord& org) {
                                      return org.id != terms_.source;
                                    }));
  if (clear_fetch && !report) return {};

  const Members persons = Persons(about);
  const Members seats = NamedOrgSeats();
  const Members source = SourceSeats();
  const Members granted = Granted(/*now_only=*/true);
  const Members once_granted = Granted(/*now_only=*/false);
  const Members selected = Of(SelectorOrgs(/*with_codes=*/false));
  const Members named = Union(persons, seats);
  Members let_in = Union(Union(source, granted), Union(named, selected));
  const Members others_in = Minus(others, let_in);

  const Orgs recipients = RecipientOrgs();
  const Members clients = Of(ClientsNow(recipients));
  const Members past = Minus(Of(ClientsEver(recipients)), clients);
  const Members twice = Minus(Of(ClientsNow(ClientsNow(recipients))), Union(clients, past));

  Layers layers;
  layers.emplace_back("AFFILIATION_CHANGED", moved_author);
  if (!report) {
    Members outside;
    const Members beyond = Minus(everyone_, Of(Reach()));
    if (tlp == Tlp::kGreen && !permit) {
      outside = Minus(Both(named, beyond), Union(source, granted));
    }
    if (tlp == Tlp::kGreen || tlp == Tlp::kClear) {
      outside = Union(outside, HasSelector() ? others_in : Both(others_in, beyond));
    }
    if (tlp == Tlp::kAmber && HasSelector()) {
      outside = Minus(others_in, Union(clients, Union(past, twice)));
    }
    if (tlp == Tlp::kAmberStrict && HasSelector()) outside = Minus(others_in, clients);
    layers.emplace_back("OUTSIDE_COMMUNITY",
                        Minus(Both(outside, others), Both(others_in, once_granted)));
    if (about.hops > 1) layers.emplace_back("HOP_LIMIT", others);
  }

  layers.emplace_back("NEED_TO_KNOW_MISSING",
                      Both(others, Those([](const MemberRecord& m, const OrgRecord&) {
                             return !Is(m, Role::kAnalyst) && !Is(m, Role::kReader) &&
                                    !Is(m, Role::kDesk) && !Is(m, Role::kDigest);
                           })));
  const Members services =
      Those([](const MemberRecord& m, const OrgRecord&) { return Is(m, Role::kDigest); });
  const Members desks =
      Those([](const MemberRecord& m, const OrgRecord&) { return Is(m, Role::kDesk); });
  if (report) {
    const Members authority = Those(
        [](const MemberRecord&, const OrgRecord& org) { return org.kind == OrgKind::kAuthority; });
    const Members strangers = Union(Minus(everyone_, authority), services);
    layers.emplace_back("SAR_PRIVATE", Both(others, strangers));
  }
  if (tlp == Tlp::kRed) {
    layers.emplace_back("SERVICE_NO_RED", Both(others, services));
    layers.emplace_back("RED_NOT_NAMED", Both(others, desks));
  }
  if (report && tlp != Tlp::kRed) {
    layers.emplace_back("SAR_PRIVATE", others_in);
    return layers;
  }
  layers.emplace_back("PERMISSION_EXPIRED", Both(others_in, once_granted));
  layers.emplace_back(
      "AFFILIATION_CHANGED",
      Both(others_in, Those([&](const MemberRecord& m, const OrgRecord&) { return Named(&m); })));
  if (tlp == Tlp::kRed) layers.emplace_back("RED_NOT_NAMED", others_in);
  if (tlp == Tlp::kAmberStrict) layers.emplace_back("STRICT_NO_CLIENTS", Both(others_in, clients));
  if (tlp == Tlp::kAmber) {
    layers.emplace_back("CLIENT_VIA_PROVIDER_ONLY", Both(others_in, clients));
    layers.emplace_back("CLIENT_RELATION_EXPIRED", Both(others_in, past));
    layers.emplace_back("CLIENT_NOT_TRANSITIVE", Both(others_in, twice));
    layers.emplace_back("NOT_RECIPIENT_NOR_CLIENT", others_in);
  }
  layers.emplace_back("NOT_RECIPIENT_ORG", others_in);
  return layers;
}

// ---- 9 vetting, 10 sector and region, 11 snapshot

SecondModel::Members SecondModel::TooLow(int cap) const {
  const int floor = std::max(FloorOf(terms_.tlp), words_.vetting.value_or(0));
  return Those([&](const MemberRecord& m, const OrgRecord& org) {
    return m.vetting < floor || org.vetting < floor || cap < floor;
  });
}

SecondModel::Layers SecondModel::Rest(const Circumstances& about) const {
  if (terms_.tlp == Tlp::kClear && !about.at_publish) return {};
  const Members others = Minus(everyone_, Author());
  const Members without_selector = Union(Union(SourceSeats(), Granted(/*now_only=*/true)),
                                         Union(Persons(about), NamedOrgSeats()));
  const Members chosen = Minus(others, without_selector);
  Layers layers;
  layers.emplace_back("VETTING_TOO_LOW", Both(others, TooLow(about.peer_cap)));
  const Words& to = words_;
  if (HasSelector() && !to.sectors.empty()) {
    layers.emplace_back("SECTOR_MISMATCH", Minus(chosen, Of(OrgsThat([&](const OrgRecord& org) {
                                                   return SharesSector(org, to.sectors);
                                                 }))));
  }
  if (HasSelector() && !to.regions.empty()) {
    layers.emplace_back("REGION_MISMATCH", Minus(chosen, Of(OrgsThat([&](const OrgRecord& org) {
                                                   return SharesRegion(org, to.regions);
                                                 }))));
  }
  if (!about.at_publish && !about.in_snapshot) {
    const Members exempt = Minus(Granted(/*now_only=*/true), SourceSeats());
    layers.emplace_back("NOT_IN_SNAPSHOT", Minus(others, exempt));
  }
  return layers;
}

// ---- reasons to allow

SecondModel::Layers SecondModel::Reasons(const Circumstances& about) const {
  const bool report = terms_.bulletin_class == BulletinClass::kReport;
  const Members home = Both(Author(), Those([&](const MemberRecord&, const OrgRecord& org) {
                              return org.id == terms_.source;
                            }));
  const Members persons = Persons(about);
  const Members seats = NamedOrgSeats();
  const Members authors = Author();
  Layers reasons = {{"AUTHOR", home}, {"SOURCE_ORG", Minus(SourceSeats(), authors)}};
  if (report) {
    reasons.emplace_back("SAR_TO_AUTHORITY", Minus(everyone_, authors));
    return reasons;
  }
  Members permitted = Granted(/*now_only=*/true);
  if (Refers(Relation::kPermits)) permitted = Union(permitted, Union(persons, seats));
  reasons.emplace_back("SOURCE_PERMISSION", Minus(permitted, authors));
  reasons.emplace_back("NAMED_PERSON", Minus(persons, authors));
  reasons.emplace_back("RECIPIENT_ORG", Minus(seats, authors));
  const Members selected = Minus(Of(SelectorOrgs(/*with_codes=*/false)), authors);
  if (terms_.tlp == Tlp::kGreen) reasons.emplace_back("COMMUNITY", selected);
  if (terms_.tlp == Tlp::kAmber || terms_.tlp == Tlp::kAmberStrict) {
    reasons.emplace_back("RECIPIENT_ORG", selected);
  }
  if (terms_.tlp == Tlp::kClear) reasons.emplace_back("PUBLIC", everyone_);
  return reasons;
}

SecondModel::Layers SecondModel::Refusals(const Circumstances& about) const {
  if (std::optional<std::string> code = AboutBulletin()) return {{*code, everyone_}};
  if (terms_.bulletin_class == BulletinClass::kControl) {
    Layers layers = AccountLayers();
    const bool holder = !about.at_publish && about.in_snapshot;
    const bool clear_fetch = !about.at_publish && terms_.tlp == Tlp::kClear;
    if (!holder && !clear_fetch) layers.emplace_back("NOT_IN_SNAPSHOT", everyone_);
    return layers;
  }
  Layers layers = CommonLayers(about);
  for (Layer& layer : CeilingLayers(about)) layers.push_back(std::move(layer));
  for (Layer& layer : Rest(about)) layers.push_back(std::move(layer));
  return layers;
}

std::map<MemberId, Answer> SecondModel::Answers(const Circumstances& circumstances) const {
  const Layers refusals = Refusals(circumstances);
  Layers reasons;
  if (!AboutBulletin().has_value()) reasons = Reasons(circumstances);
  if (terms_.bulletin_class == BulletinClass::kControl) {
    const Members holders = circumstances.in_snapshot ? everyone_ : Members();
    reasons = {{"SOURCE_ORG", holders}, {"PUBLIC", everyone_}};
  }
  std::map<MemberId, Answer> answers;
  for (Member member : everyone_) {
    const auto holds = [&](const Layer& layer) { return layer.second.contains(member); };
    const auto refusal = std::find_if(refusals.begin(), refusals.end(), holds);
    if (refusal != refusals.end()) {
      answers[member->id] = "deny:" + refusal->first;
      continue;
    }
    const auto reason = std::find_if(reasons.begin(), reasons.end(), holds);
    answers[member->id] = reason == reasons.end() ? "deny:" : "allow:" + reason->first;
  }
  return answers;
}

Answer SecondModel::PublicAnswer() const {
  if (std::optional<std::string> code = AboutBulletin()) return "deny:" + *code;
  const bool clear = terms_.tlp == Tlp::kClear;
  if (terms_.bulletin_class != BulletinClass::kControl) {
    if (terms_.state == BulletinState::kWithdrawn) return "deny:WITHDRAWN";
    if (terms_.state == BulletinState::kSuperseded) return "deny:SUPERSEDED";
    if (now_ < terms_.not_before) return "deny:EMBARGOED";
    if (now_ >= terms_.expires) return "deny:EXPIRED";
    if (terms_.status == BulletinStatus::kExercise) return "deny:EXERCISE_NON_PARTICIPANT";
    if (terms_.bulletin_class == BulletinClass::kReport) return "deny:SAR_PRIVATE";
  }
  return clear ? "allow:PUBLIC" : "deny:PUBLIC_CHANNEL";
}

Answer SecondModel::StrangerAnswer() const {
  return "deny:" + AboutBulletin().value_or("UNKNOWN_CALLER");
}

}  // namespace shield::testing
