// A small town for briefings: the police with an analyst and a digest seat, the fire brigade, the
// hotels a and b, a shop; and bulletins of theirs.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/digest/admit.h"
#include "client/digest/briefed_bulletin.h"
#include "client/digest/week.h"
#include "crypto/sha256.h"
#include "policy/corpus/fixture.h"
#include "policy/directory.h"
#include "policy/edition_plan.h"

namespace shield::testing {

// Week 2026-W47: from Monday 16 to Sunday 22 November. Its edition is due on the 23rd at 07:00.
inline Week TownWeek() { return Week::Parse("2026-W47").value(); }
// So many days and hours after that week began, in Brussels winter time.
inline absl::Time TownTime(int days, int hours = 12) {
  return TownWeek().begin() + absl::Hours(24 * days + hours);
}

inline OrgRecord TownOrg(absl::string_view id, OrgKind kind, absl::string_view sector) {
  return {.id = *OrgId::Parse(id),
          .kind = kind,
          .community = *CommunityId::Parse("antwerp"),
          .sectors = {std::string(sector)},
          .regions = {"BE211"},
          .vetting = 3,
          .state = AccountState::kActive,
          .period = {TownTime(-200), TownTime(200)}};
}

inline MemberRecord TownSeat(absl::string_view id, absl::string_view org, Role role) {
  return {.id = *MemberId::Parse(id),
          .org = *OrgId::Parse(org),
          .roles = {role},
          .vetting = 3,
          .state = AccountState::kActive,
          .period = {TownTime(-200), TownTime(200)}};
}

inline DirectoryRecords TownRecords() {
  DirectoryRecords records;
  records.orgs = {TownOrg("pol", OrgKind::kAuthority, "public-sector"),
                  TownOrg("fire", OrgKind::kAuthority, "public-sector"),
                  TownOrg("a", OrgKind::kMember, "hotels-restaurants"),
                  TownOrg("b", OrgKind::kMember, "hotels-restaurants"),
                  TownOrg("shop", OrgKind::kMember, "retail")};
  records.members = {
      TownSeat("analyst", "pol", Role::kAnalyst), TownSeat("digest", "pol", Role::kDigest),
      TownSeat("chief", "fire", Role::kAnalyst),  TownSeat("a1", "a", Role::kReader),
      TownSeat("a2", "a", Role::kReader),         TownSeat("b1", "b", Role::kReader),
      TownSeat("shop1", "shop", Role::kReader)};
  return records;
}

inline std::shared_ptr<const Directory> Town(DirectoryRecords records = TownRecords()) {
  return MakeFixture(std::move(records), TownTime(0)).value();
}

inline BulletinId TownId(int number) {
  return *BulletinId::Parse(absl::StrFormat("%032x", number));
}

// A GREEN notice of the analyst's for everybody, of Wednesday noon, good for thirty days.
inline BriefedBulletin TownBulletin(int number, absl::Time issued = TownTime(2)) {
  BriefedBulletin bulletin{.id = TownId(number),
                           .text_digest = Sha256(absl::StrCat("statement ", number)),
                           .author = *MemberId::Parse("analyst"),
                           .source = *OrgId::Parse("pol"),
                           .bulletin_class = BulletinClass::kContent,
                           .tlp = Tlp::kGreen,
                           .priority = Priority::kRoutine,
                           .issued = issued,
                           .not_before = issued,
                           .expires = issued + absl::Hours(24 * 30)};
  bulletin.content.kind = "notice";
  bulletin.content.title = absl::StrCat("Title ", number);
  bulletin.content.language = "en";
  bulletin.content.summary = absl::StrCat("Summary ", number);
  return bulletin;
}

// The same as whoever makes a briefing holds it, sent to everyone there is.
inline BriefingCandidate TownCandidate(
    const BriefedBulletin& bulletin, const Directory& directory,
    const std::vector<AudienceToken>& to = {
        AudienceToken::Community(*CommunityId::Parse("antwerp"))}) {
  BriefingCandidate candidate{.bulletin = bulletin,
                              .terms = {.author = bulletin.author,
                                        .source = bulletin.source,
                                        .community = *CommunityId::Parse("antwerp"),
                                        .bulletin_class = bulletin.bulletin_class,
                                        .status = bulletin.status,
                                        .tlp = bulletin.tlp,
                                        .issued = bulletin.issued,
                                        .not_before = bulletin.not_before,
                                        .expires = bulletin.expires,
                                        .targets = TargetsOf(to)}};
  auto everyone = std::make_shared<MemberSet>(directory);
  for (size_t i = 0; i < directory.members().size(); ++i) everyone->Add(i);
  candidate.sent_to = std::move(everyone);
  return candidate;
}

inline EditionTerms TownEdition(Tlp tlp, std::vector<AudienceToken> to = {}) {
  return {.author = *MemberId::Parse("digest"), .tlp = tlp, .to = std::move(to)};
}

}  // namespace shield::testing
