// The policy once more, written from its text (docs/spec/tlp.md) and not from its code: as sets.
//
// For one bulletin, every sentence of the policy becomes the set of members it speaks of. The sets
// of refusals stand in the order of the checks, and a member's answer is the first one that holds
// them; whoever is in none is answered by the first reason to allow that holds them. Nothing here
// calls what decides in the product: it shares the types of its arguments and nothing else. It
// reads the words of the audience itself, and knows sectors and regions by lists of its own.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield::testing {

// "allow:COMMUNITY" or "deny:RED_NOT_NAMED", as case files write it.
using Answer = std::string;

// What is true of the readers asked about, all alike.
struct Circumstances {
  bool at_publish = false;   // is it sealed to them; otherwise: may they fetch it
  bool in_snapshot = false;  // fetch only
  std::optional<OrgId> org_then = {};
  int hops = 0;
  int peer_cap = 3;
};

// Who passes a bulletin on to whom. A reader is the public if `to` is nobody.
struct SharePlan {
  MemberId from;
  Circumstances from_about = {.in_snapshot = true};
  bool by_share = false;  // it came to `from` by a share
  std::optional<MemberId> to = {};
  Circumstances to_about = {};
  Tlp label = Tlp::kUnspecified;
  bool reason = false;
};

// Refers to the directory and the terms, of which it does not look at `targets`: `words` is the
// audience as people write it ("org:g", "sector:retail").
class SecondModel {
 public:
  SecondModel(const Directory& directory, const Terms& terms, const std::vector<std::string>& words,
              absl::Time now);

  // Everyone's answer; of the public door; of a caller who is not enrolled.
  std::map<MemberId, Answer> Answers(const Circumstances& circumstances) const;
  Answer PublicAnswer() const;
  Answer StrangerAnswer() const;

  // What the author is told at publish.
  Answer PublishAnswer() const;
  // Who receives it, by the directory's order; nobody if it may not be published.
  std::vector<MemberId> Recipients() const;
  // Whether the author is warned that nobody but the source's own seats is among them.
  bool WarnsOfEmptyAudience() const;

  // What `actor` is told who would publish a bulletin labelled `label` in this relation to it.
  Answer RelationAnswer(Relation relation, const MemberId& actor, Tlp label) const;
  Answer ShareAnswer(const SharePlan& plan) const;

 private:
  using Member = const MemberRecord*;
  using Members = std::set<Member>;
  using Orgs = std::set<const OrgRecord*>;
  using Layer = std::pair<std::string, Members>;
  using Layers = std::vector<Layer>;
  // The audience, word by word.
  struct Words {
    std::set<std::string> orgs, members, not_orgs, not_members, communities, sectors, regions;
    std::optional<int> vetting;
    bool everyone = false;
    bool hidden = false;
    bool nonsense = false;
  };

  static Words Read(const std::vector<std::string>& words);
  static bool IsKnownSector(const std::string& code);
  static bool IsKnownRegion(const std::string& code);

  template <typename Predicate>
  Members Those(Predicate predicate) const;
  template <typename Predicate>
  Orgs OrgsThat(Predicate predicate) const;
  Members Of(const Orgs& orgs) const;
  const OrgRecord* Org(Member member) const;

  // Sections of the policy, in its order.
  std::optional<std::string> AboutBulletin() const;        // 1, 2
  Layers AccountLayers() const;                            // 3
  Layers StateLayers() const;                              // 4
  Layers CommonLayers(const Circumstances& about) const;   // 3 to 6
  Layers CeilingLayers(const Circumstances& about) const;  // 7, 8
  Layers Rest(const Circumstances& about) const;           // 9 to 11
  Layers Reasons(const Circumstances& about) const;        // to allow
  Layers Refusals(const Circumstances& about) const;

  Members Author() const;
  Members Persons(const Circumstances& about) const;
  Members NamedOrgSeats() const;
  Members SourceSeats() const;
  Members Granted(bool now_only) const;
  Members TooLow(int cap) const;
  Orgs SelectorOrgs(bool with_codes) const;
  Orgs RecipientOrgs() const;
  Orgs Reach() const;
  Orgs ClientsNow(const Orgs& providers) const;
  Orgs ClientsEver(const Orgs& providers) const;
  bool HasSelector() const;
  bool NamesPart() const;  // a sector, region or vetting level
  bool Refers(Relation relation) const;
  bool Named(Member member) const;

  std::optional<std::string> SharerRefusal(Member from, const SharePlan& plan) const;
  Answer ShareCeiling(Member from, Member to, const SharePlan& plan) const;
  Answer LabelsAnswer(const OrgRecord* provider, const OrgRecord* receiver) const;
  const std::map<MemberId, Answer>& Answered(const Circumstances& about) const;
  std::optional<std::string> Common(Member member) const;
  std::optional<std::string> SeatRefusal(Member member, const Circumstances& about) const;
  std::optional<std::string> AudienceRefusal() const;
  std::optional<std::string> CodeRefusal() const;
  std::optional<std::string> NamedRefusal() const;
  std::optional<std::string> AuthorRefusal(bool& mark) const;

  const Directory& directory_;
  const Terms& terms_;
  const Words words_;
  const absl::Time now_;
  Members everyone_;
  // Sharing asks the same of many pairs.
  using AboutKey = std::tuple<bool, bool, std::string, int, int>;
  mutable std::map<AboutKey, std::map<MemberId, Answer>> answered_;
  mutable std::optional<Layers> common_;
};

}  // namespace shield::testing
