#include "policy/edition_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/corpus/fixture.h"
#include "policy/edition_readers.h"
#include "tests/policy/edition_oracle.h"
#include "tests/policy/random_edition.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kNow = RandomNetwork::Now();
const Period kAlways = {kNow - absl::Hours(24 * 90), kNow + absl::Hours(24 * 90)};

OrgRecord Org(absl::string_view id, OrgKind kind, absl::string_view sector) {
  return {.id = *OrgId::Parse(id),
          .kind = kind,
          .community = *CommunityId::Parse("c1"),
          .sectors = {std::string(sector)},
          .regions = {"BE211"},
          .vetting = 3,
          .state = AccountState::kActive,
          .period = kAlways};
}

MemberRecord Seat(absl::string_view id, absl::string_view org, Role role) {
  return {.id = *MemberId::Parse(id),
          .org = *OrgId::Parse(org),
          .roles = {role},
          .vetting = 3,
          .state = AccountState::kActive,
          .period = kAlways};
}

// The police with an analyst and its digest seat; the hotels a and b; a shop; another authority.
DirectoryRecords Town() {
  DirectoryRecords records;
  records.orgs = {Org("pol", OrgKind::kAuthority, "public-sector"),
                  Org("fire", OrgKind::kAuthority, "public-sector"),
                  Org("a", OrgKind::kMember, "hotels-restaurants"),
                  Org("b", OrgKind::kMember, "hotels-restaurants"),
                  Org("shop", OrgKind::kMember, "retail")};
  records.members = {Seat("analyst", "pol", Role::kAnalyst), Seat("digest", "pol", Role::kDigest),
                     Seat("chief", "fire", Role::kAnalyst),  Seat("a1", "a", Role::kReader),
                     Seat("a2", "a", Role::kReader),         Seat("b1", "b", Role::kReader),
                     Seat("shop1", "shop", Role::kReader)};
  return records;
}

std::shared_ptr<const Directory> Made(DirectoryRecords records) {
  return MakeFixture(std::move(records), kNow).value();
}

AudienceToken Sector(absl::string_view code) {
  return {AudienceToken::Kind::kSector, std::string(code)};
}

EditionTerms ForHotels(Tlp tlp) {
  return {.author = *MemberId::Parse("digest"), .tlp = tlp, .to = {Sector("hotels-restaurants")}};
}

Terms Bulletin(Tlp tlp, std::vector<AudienceToken> to, absl::string_view author = "analyst") {
  return {.author = *MemberId::Parse(author),
          .source = *OrgId::Parse(author == "chief" ? "fire" : "pol"),
          .community = *CommunityId::Parse("c1"),
          .tlp = tlp,
          .issued = kNow - absl::Hours(48),
          .not_before = kNow - absl::Hours(48),
          .expires = kNow + absl::Hours(48),
          .targets = TargetsOf(to)};
}

// What becomes of one bulletin that everyone of `sent_to` was sent.
class OneBulletin {
 public:
  explicit OneBulletin(const Terms& terms, std::vector<std::string> sent_to = {"all"},
                       DirectoryRecords records = Town())
      : directory_(Made(std::move(records))), terms_(terms) {
    std::vector<MemberId> members;
    for (const MemberRecord& member : directory_->members()) {
      const bool named = std::count(sent_to.begin(), sent_to.end(), member.id.str()) > 0;
      if (sent_to == std::vector<std::string>{"all"} || named) members.push_back(member.id);
    }
    sent_to_ = MemberSet::Of(*directory_, members);
    unknown_ = sent_to.empty();
  }

  // "item", "ended", or the rule by which it is left out, and whom that refuses.
  std::string In(const EditionTerms& edition, absl::Time at = kNow) const {
    const auto plan = PlanEdition(*directory_, edition, std::span(&Part(), 1), at);
    if (!plan.ok()) return RuleOf(plan.status());
    return Told(*plan);
  }
  std::string InOwn(absl::string_view member, absl::Time at = kNow) const {
    return Told(PlanOwnEdition(*directory_, *MemberId::Parse(member), std::span(&Part(), 1), at));
  }
  // Who keeps it out.
  std::vector<std::string> KeptOutOf(const EditionTerms& edition) const {
    const auto found = FindWhoKeepsOut(*directory_, edition, std::span(&Part(), 1), kNow);
    std::vector<std::string> names;
    for (size_t i = 0; found.ok() && i < directory_->members().size(); ++i) {
      if (found->front().Contains(i)) names.push_back(directory_->members()[i].id.str());
    }
    return names;
  }
  // Who of these may not have it.
  std::vector<std::string> KeptFrom(Tlp tlp, const std::vector<std::string>& readers) const {
    std::vector<MemberId> ids;
    for (const std::string& reader : readers) ids.push_back(*MemberId::Parse(reader));
    const std::vector<MemberSet> found = FindWhoMayNotHave(
        *directory_, tlp, MemberSet::Of(*directory_, ids), std::span(&Part(), 1), kNow);
    std::vector<std::string> names;
    for (size_t i = 0; i < directory_->members().size(); ++i) {
      if (found.front().Contains(i)) names.push_back(directory_->members()[i].id.str());
    }
    return names;
  }
  EditionPart& Part() const {
    part_.terms = &terms_;
    part_.sent_to = unknown_ ? nullptr : &sent_to_;
    return part_;
  }
  const Directory& directory() const { return *directory_; }

 private:
  static std::string Told(const EditionPlan& plan) {
    if (!plan.items.empty()) return "item";
    if (!plan.ended.empty()) return "ended";
    if (!plan.pointers.empty()) return "pointer";
    const EditionPlan::Left& left = plan.left_out.at(0);
    return absl::StrCat(left.rule, left.reader.has_value() ? " " : "",
                        left.reader.has_value() ? left.reader->text() : "");
  }

  std::shared_ptr<const Directory> directory_;
  Terms terms_;
  MemberSet sent_to_;
  bool unknown_ = false;
  mutable EditionPart part_;
};

TEST(EditionPlanTest, TakesWhatEveryReaderWasSent) {
  const Terms terms = Bulletin(Tlp::kAmber, {Sector("hotels-restaurants")});
  EXPECT_EQ(OneBulletin(terms).In(ForHotels(Tlp::kAmber)), "item");
  EXPECT_EQ(OneBulletin(terms, {"analyst", "digest", "a1", "a2", "b1"}).In(ForHotels(Tlp::kAmber)),
            "item");
  EXPECT_EQ(OneBulletin(terms, {"analyst", "digest", "a1", "a2"}).In(ForHotels(Tlp::kAmber)),
            "NOT_IN_SNAPSHOT b1");
}

// Of everybody but these.
std::vector<KeyRecord> KeysBut(const DirectoryRecords& records,
                               const std::vector<std::string>& without) {
  std::vector<KeyRecord> keys;
  for (const MemberRecord& member : records.members) {
    if (std::count(without.begin(), without.end(), member.id.str()) > 0) continue;
    keys.push_back({member.id, KeyUse::kSeal, absl::StrCat("key of ", member.id.text())});
  }
  return keys;
}

TEST(EditionPlanTest, WhoHasNoKeyToSealToIsNoReaderAndKeepsNothingOut) {
  DirectoryRecords records = Town();
  records.keys = KeysBut(records, {"b1"});
  const Terms terms = Bulletin(Tlp::kAmber, {Sector("hotels-restaurants")});
  const std::vector<std::string> had = {"analyst", "digest", "a1", "a2"};
  EXPECT_EQ(OneBulletin(terms, had, records).In(ForHotels(Tlp::kAmber)), "item");
  // A key that has ended is none; at the moment before, there was one.
  records.keys.push_back({*MemberId::Parse("b1"),
                          KeyUse::kSeal,
                          "key of b1",
                          {kNow - absl::Hours(1), kNow + absl::Hours(1)}});
  EXPECT_EQ(OneBulletin(terms, had, records).In(ForHotels(Tlp::kAmber)), "NOT_IN_SNAPSHOT b1");
  EXPECT_EQ(OneBulletin(terms, had, records).In(ForHotels(Tlp::kAmber), kNow + absl::Hours(1)),
            "item");
  // The directory is of a later moment than the one that is asked for: its keys hold from then on.
  records.keys.back().period.from = kNow;
  EXPECT_EQ(OneBulletin(terms, had, records).In(ForHotels(Tlp::kAmber), kNow - absl::Hours(2)),
            "NOT_IN_SNAPSHOT b1");
}

TEST(EditionPlanTest, WithoutAListOfWhoWasSentItAmberStaysOut) {
  const Terms terms = Bulletin(Tlp::kAmber, {Sector("hotels-restaurants")});
  EXPECT_EQ(OneBulletin(terms, {}).In(ForHotels(Tlp::kAmber)), "SENT_TO_UNKNOWN");
}

TEST(EditionPlanTest, OneReaderWhoMayNotHaveItKeepsItOut) {
  const Terms for_a = Bulletin(Tlp::kAmber, {AudienceToken::Org(*OrgId::Parse("a"))});
  EXPECT_EQ(OneBulletin(for_a).In(ForHotels(Tlp::kAmber)), "NOT_RECIPIENT_NOR_CLIENT b1");
  const Terms but_b = Bulletin(
      Tlp::kAmber, {Sector("hotels-restaurants"), AudienceToken::NotOrg(*OrgId::Parse("b"))});
  EXPECT_EQ(OneBulletin(but_b).In(ForHotels(Tlp::kAmber)), "EXCLUDED b1");
  const Terms but_a2 = Bulletin(Tlp::kAmber, {Sector("hotels-restaurants"),
                                              AudienceToken::NotMember(*MemberId::Parse("a2"))});
  EXPECT_EQ(OneBulletin(but_a2).In(ForHotels(Tlp::kAmber)), "EXCLUDED a2");
}

TEST(EditionPlanTest, AStricterLabelThanTheEditionsStaysOut) {
  const std::vector<AudienceToken> hotels = {Sector("hotels-restaurants")};
  EXPECT_EQ(OneBulletin(Bulletin(Tlp::kAmberStrict, hotels)).In(ForHotels(Tlp::kAmber)),
            "LABEL_ABOVE_TIER");
  EXPECT_EQ(OneBulletin(Bulletin(Tlp::kAmberStrict, hotels)).In(ForHotels(Tlp::kAmberStrict)),
            "item");
  EXPECT_EQ(OneBulletin(Bulletin(Tlp::kAmber, hotels)).In(ForHotels(Tlp::kAmberStrict)), "item");
  EXPECT_EQ(OneBulletin(Bulletin(Tlp::kAmber, hotels)).In(ForHotels(Tlp::kGreen)),
            "LABEL_ABOVE_TIER");
}

TEST(EditionPlanTest, RedEntersNoEdition) {
  const Terms red = Bulletin(Tlp::kRed, {AudienceToken::Member(*MemberId::Parse("a1"))});
  for (Tlp tlp : {Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict}) {
    EXPECT_EQ(OneBulletin(red).In(ForHotels(tlp)), "LABEL_ABOVE_TIER");
  }
  EXPECT_EQ(OneBulletin(red).InOwn("a1"), "pointer");
  EXPECT_EQ(OneBulletin(red).InOwn("a2"), "RED_NOT_NAMED a2");
}

TEST(EditionPlanTest, ARedThatEndedLeavesNoPointer) {
  Terms red = Bulletin(Tlp::kRed, {AudienceToken::Member(*MemberId::Parse("a1"))});
  red.state = BulletinState::kWithdrawn;
  EXPECT_EQ(OneBulletin(red).InOwn("a1"), "WITHDRAWN");
}

TEST(EditionPlanTest, GreenTakesWhatIsForAllAndNothingNarrower) {
  const AudienceToken community = AudienceToken::Community(*CommunityId::Parse("c1"));
  EXPECT_EQ(OneBulletin(Bulletin(Tlp::kGreen, {community}), {}).In(ForHotels(Tlp::kGreen)), "item");
  EXPECT_EQ(
      OneBulletin(Bulletin(Tlp::kClear, {AudienceToken::Public()}), {}).In(ForHotels(Tlp::kGreen)),
      "item");
  for (const AudienceToken& word :
       {Sector("hotels-restaurants"), AudienceToken{AudienceToken::Kind::kVetting, "1"},
        AudienceToken{AudienceToken::Kind::kRegion, "BE"}, AudienceToken::Org(*OrgId::Parse("a")),
        AudienceToken::Member(*MemberId::Parse("a1")), AudienceToken::NotOrg(*OrgId::Parse("shop")),
        AudienceToken::NotMember(*MemberId::Parse("shop1")), AudienceToken::Hidden(Digest{})}) {
    EXPECT_EQ(OneBulletin(Bulletin(Tlp::kGreen, {community, word})).In(ForHotels(Tlp::kGreen)),
              "AUDIENCE_NARROWED")
        << PrintAudienceToken(word);
  }
}

TEST(EditionPlanTest, GreenOfAnotherCommunityIsRefusedByPolicy) {
  Terms terms = Bulletin(Tlp::kGreen, {AudienceToken::Community(*CommunityId::Parse("c2"))});
  EXPECT_EQ(OneBulletin(terms).In(ForHotels(Tlp::kGreen)), "AUDIENCE_NARROWED");
  terms.community = *CommunityId::Parse("c2");
  EXPECT_EQ(OneBulletin(terms).In(ForHotels(Tlp::kGreen)).substr(0, 17), "OUTSIDE_COMMUNITY");
}

TEST(EditionPlanTest, WhoJoinedLaterReadsWhatIsForAllAndNoAmber) {
  DirectoryRecords records = Town();
  records.members.push_back(Seat("b9", "b", Role::kReader));
  const std::vector<std::string> before = {"analyst", "digest", "chief", "a1", "a2", "b1", "shop1"};
  const Terms green = Bulletin(Tlp::kGreen, {AudienceToken::Community(*CommunityId::Parse("c1"))});
  EXPECT_EQ(OneBulletin(green, before, records).In(ForHotels(Tlp::kAmber)), "item");
  const Terms amber = Bulletin(Tlp::kAmber, {Sector("hotels-restaurants")});
  EXPECT_EQ(OneBulletin(amber, before, records).In(ForHotels(Tlp::kAmber)), "NOT_IN_SNAPSHOT b9");
}

TEST(EditionPlanTest, TheSourcesOwnSeatsNeedNotHaveBeenSentTheirOwn) {
  DirectoryRecords records = Town();
  records.members.push_back(Seat("analyst-2", "pol", Role::kAnalyst));
  const std::vector<std::string> before = {"analyst", "digest", "a1", "a2", "b1"};
  const Terms own = Bulletin(Tlp::kAmber, {Sector("hotels-restaurants")});
  EXPECT_EQ(OneBulletin(own, before, records).In(ForHotels(Tlp::kAmber)), "item");
}

TEST(EditionPlanTest, TheSourcesOwnSeatsAreAskedLikeAllOthers) {
  const Terms about_one = Bulletin(
      Tlp::kAmber,
      {Sector("hotels-restaurants"), AudienceToken::NotMember(*MemberId::Parse("analyst"))},
      "chief");
  EXPECT_EQ(OneBulletin(about_one).In(ForHotels(Tlp::kAmber)), "EXCLUDED analyst");
  const Terms of_others = Bulletin(
      Tlp::kAmber,
      {Sector("hotels-restaurants"), AudienceToken::Member(*MemberId::Parse("digest"))}, "chief");
  EXPECT_EQ(OneBulletin(of_others).In(ForHotels(Tlp::kAmber)), "SECTOR_MISMATCH analyst");
}

TEST(EditionPlanTest, AHiddenWordMayExcludeAnyoneWhoWasNotSentIt) {
  const Terms clear = Bulletin(Tlp::kClear, {AudienceToken::Public()});
  EXPECT_EQ(OneBulletin(clear, {}).In(ForHotels(Tlp::kAmber)), "item");
  const Terms hidden = Bulletin(Tlp::kClear, {AudienceToken::Public(), AudienceToken::Hidden({})});
  EXPECT_EQ(OneBulletin(hidden, {}).In(ForHotels(Tlp::kAmber)), "AUDIENCE_HIDDEN");
  EXPECT_EQ(OneBulletin(hidden, {"a1", "a2", "b1", "digest"}).In(ForHotels(Tlp::kAmber)),
            "NOT_IN_SNAPSHOT analyst");
  EXPECT_EQ(OneBulletin(hidden).In(ForHotels(Tlp::kAmber)), "item");
}

TEST(EditionPlanTest, OfAHiddenAudienceItIsNotSaidWhomItIsNotFor) {
  const Terms hidden = Bulletin(Tlp::kAmber, {AudienceToken::Hidden({})});
  EXPECT_EQ(OneBulletin(hidden).In(ForHotels(Tlp::kAmber)), "AUDIENCE_HIDDEN");
  const Terms beside = Bulletin(Tlp::kAmberStrict, {Sector("retail"), AudienceToken::Hidden({})});
  EXPECT_EQ(OneBulletin(beside).In(ForHotels(Tlp::kAmberStrict)), "AUDIENCE_HIDDEN");
  // What keeps a reader out that is named as well is the reason still.
  Terms exercise = hidden;
  exercise.status = BulletinStatus::kExercise;
  EXPECT_EQ(OneBulletin(exercise).In(ForHotels(Tlp::kAmber)).substr(0, 24),
            "EXERCISE_NON_PARTICIPANT");
}

TEST(EditionPlanTest, WhatEndedIsToldToWhomItCouldBeShown) {
  Terms terms = Bulletin(Tlp::kAmber, {Sector("hotels-restaurants")});
  EXPECT_EQ(OneBulletin(terms).In(ForHotels(Tlp::kAmber), terms.expires), "ended");
  EXPECT_EQ(OneBulletin(terms).In(ForHotels(Tlp::kAmber), terms.expires - absl::Seconds(1)),
            "item");
  for (BulletinState state : {BulletinState::kWithdrawn, BulletinState::kSuperseded}) {
    terms.state = state;
    EXPECT_EQ(OneBulletin(terms).In(ForHotels(Tlp::kAmber)), "ended");
    EXPECT_EQ(OneBulletin(terms, {"a1", "a2"}).In(ForHotels(Tlp::kAmber)), "NOT_IN_SNAPSHOT b1");
    EXPECT_EQ(OneBulletin(terms).InOwn("b1"), "ended");
    EXPECT_EQ(OneBulletin(terms).InOwn("shop1"), "SECTOR_MISMATCH shop1");
  }
}

TEST(EditionPlanTest, AnEmbargoHolds) {
  Terms terms = Bulletin(Tlp::kGreen, {AudienceToken::Community(*CommunityId::Parse("c1"))});
  terms.not_before = kNow + absl::Seconds(1);
  EXPECT_EQ(OneBulletin(terms).In(ForHotels(Tlp::kGreen)).substr(0, 9), "EMBARGOED");
  EXPECT_EQ(OneBulletin(terms).In(ForHotels(Tlp::kGreen), terms.not_before), "item");
}

TEST(EditionPlanTest, WhoKeepsSomethingOutIsEachForWhoseSakeItDoesNotEnter) {
  const Terms hotels = Bulletin(Tlp::kAmber, {Sector("hotels-restaurants")});
  EXPECT_THAT(OneBulletin(hotels).KeptOutOf(ForHotels(Tlp::kAmber)), IsEmpty());
  const Terms one = Bulletin(Tlp::kAmber, {AudienceToken::Org(*OrgId::Parse("a"))});
  EXPECT_THAT(OneBulletin(one, {"a1"}).KeptOutOf(ForHotels(Tlp::kAmber)), ElementsAre("a2", "b1"))
      << "the one was not sent it, the other may not have it";
  Terms withdrawn = one;
  withdrawn.state = BulletinState::kWithdrawn;
  EXPECT_THAT(OneBulletin(withdrawn, {"a1"}).KeptOutOf(ForHotels(Tlp::kAmber)),
              ElementsAre("a2", "b1"));
  // Without them it enters.
  EditionTerms others = ForHotels(Tlp::kAmber);
  for (const char* id : {"a2", "b1"}) {
    others.to.push_back(AudienceToken::NotMember(*MemberId::Parse(id)));
  }
  EXPECT_EQ(OneBulletin(one, {"a1"}).In(others), "item");
  // Without any reader the others would not.
  EXPECT_THAT(OneBulletin(one, {}).KeptOutOf(ForHotels(Tlp::kAmber)), IsEmpty());
  const Terms hidden = Bulletin(Tlp::kAmber, {AudienceToken::Hidden({})});
  EXPECT_THAT(OneBulletin(hidden).KeptOutOf(ForHotels(Tlp::kAmber)), IsEmpty());
  EXPECT_THAT(OneBulletin(Bulletin(Tlp::kAmberStrict, {Sector("retail")}))
                  .KeptOutOf(ForHotels(Tlp::kAmber)),
              IsEmpty());
}

TEST(EditionPlanTest, OfGivenReadersThoseMayNotHaveItWhomPolicyRefusesOrWhoWereNotSentIt) {
  const Terms one = Bulletin(Tlp::kAmber, {AudienceToken::Org(*OrgId::Parse("a"))});
  const std::vector<std::string> three = {"a1", "a2", "b1"};
  EXPECT_THAT(OneBulletin(one, {"a1"}).KeptFrom(Tlp::kAmber, three), ElementsAre("a2", "b1"));
  EXPECT_THAT(OneBulletin(one, {"a1"}).KeptFrom(Tlp::kAmber, {"a1"}), IsEmpty());
  EXPECT_THAT(OneBulletin(one, {"a1"}).KeptFrom(Tlp::kAmber, {}), IsEmpty());
  // Where nobody can tell who was sent it, who needs to have been.
  EXPECT_THAT(OneBulletin(one, {}).KeptFrom(Tlp::kAmber, three), ElementsAre("a1", "a2", "b1"));
  EXPECT_THAT(OneBulletin(one, {}).KeptFrom(Tlp::kAmber, {"analyst"}), IsEmpty());
  // Beyond the label, of another class, or under a word that is hidden: everybody.
  EXPECT_THAT(OneBulletin(one).KeptFrom(Tlp::kGreen, {"a1"}), ElementsAre("a1"));
  const Terms hidden = Bulletin(Tlp::kAmber, {AudienceToken::Hidden({})});
  EXPECT_THAT(OneBulletin(hidden).KeptFrom(Tlp::kAmber, {"a1", "b1"}), ElementsAre("a1", "b1"));
  const Terms all = Bulletin(Tlp::kGreen, {AudienceToken::Community(*CommunityId::Parse("c1"))});
  EXPECT_THAT(OneBulletin(all, {}).KeptFrom(Tlp::kAmber, three), IsEmpty());
}

TEST(EditionPlanTest, WhoIsNamedIsRefusedByWhatTheWholeAudienceAsksFor) {
  DirectoryRecords records = Town();
  records.orgs[3].vetting = 2;                          // of b
  records.members[4].state = AccountState::kSuspended;  // a2
  const auto directory = Made(records);
  const AudienceToken b = AudienceToken::Org(*OrgId::Parse("b"));
  const AudienceToken a1 = AudienceToken::Member(*MemberId::Parse("a1"));
  const AudienceToken a2 = AudienceToken::Member(*MemberId::Parse("a2"));
  const AudienceToken stranger = AudienceToken::Member(*MemberId::Parse("stranger"));
  const AudienceToken three = {AudienceToken::Kind::kVetting, "3"};
  EditionTerms edition = {.author = *MemberId::Parse("digest"), .tlp = Tlp::kAmber};
  edition.to = {b, a1, a2, stranger};
  EXPECT_THAT(*FindRefusedNames(*directory, edition, kNow), ElementsAre(a2, stranger));
  edition.to = {three, b, a1};
  EXPECT_THAT(*FindRefusedNames(*directory, edition, kNow), ElementsAre(b));
  edition.to = {a1};
  EXPECT_THAT(*FindRefusedNames(*directory, edition, kNow), IsEmpty())
      << "that a person alone is no audience of AMBER is not said of that person";
  edition.author = *MemberId::Parse("stranger");
  EXPECT_EQ(RuleOf(FindRefusedNames(*directory, edition, kNow).status()), "UNKNOWN_CALLER");
}

TEST(EditionPlanTest, TestsReportsAndRecallsAreNotBriefed) {
  Terms terms = Bulletin(Tlp::kGreen, {AudienceToken::Community(*CommunityId::Parse("c1"))});
  terms.status = BulletinStatus::kTest;
  EXPECT_EQ(OneBulletin(terms).In(ForHotels(Tlp::kGreen)), "NOT_BRIEFED");
  EXPECT_EQ(OneBulletin(terms).InOwn("a1"), "NOT_BRIEFED");
  terms.status = BulletinStatus::kActual;
  for (BulletinClass other :
       {BulletinClass::kReport, BulletinClass::kDirect, BulletinClass::kControl}) {
    terms.bulletin_class = other;
    EXPECT_EQ(OneBulletin(terms).In(ForHotels(Tlp::kGreen)), "NOT_BRIEFED");
  }
}

TEST(EditionPlanTest, AnExerciseIsForThoseWhoTakePart) {
  Terms terms = Bulletin(Tlp::kGreen, {AudienceToken::Community(*CommunityId::Parse("c1"))});
  terms.status = BulletinStatus::kExercise;
  EXPECT_EQ(OneBulletin(terms).In(ForHotels(Tlp::kGreen)).substr(0, 24),
            "EXERCISE_NON_PARTICIPANT");
  DirectoryRecords records = Town();
  for (MemberRecord& member : records.members) member.exercise = true;
  EXPECT_EQ(OneBulletin(terms, {"all"}, records).In(ForHotels(Tlp::kGreen)), "item");
}

TEST(EditionPlanTest, OwnEditionTellsOfDirectMessages) {
  Terms terms = Bulletin(Tlp::kGreen, {AudienceToken::Member(*MemberId::Parse("a1"))});
  terms.bulletin_class = BulletinClass::kDirect;
  EXPECT_EQ(OneBulletin(terms).InOwn("a1"), "item");
  EXPECT_EQ(OneBulletin(terms).InOwn("a2").substr(0, 4), "NOT_");
}

TEST(EditionPlanTest, WhatCameByAShareIsInTheOwnEdition) {
  const Terms terms = Bulletin(Tlp::kAmber, {AudienceToken::Org(*OrgId::Parse("a"))});
  const OneBulletin bulletin(terms);
  EXPECT_EQ(bulletin.InOwn("b1"), "NOT_RECIPIENT_NOR_CLIENT b1");
  bulletin.Part().by_share = true;
  EXPECT_EQ(bulletin.InOwn("b1"), "item");
  bulletin.Part().org_at_publish = *OrgId::Parse("shop");
  EXPECT_EQ(bulletin.InOwn("b1"), "AFFILIATION_CHANGED b1");
}

TEST(EditionPlanTest, AnEditionIsForOneOfThreeLabelsAndAnAuthorWhoMayPublish) {
  const OneBulletin bulletin(Bulletin(Tlp::kClear, {AudienceToken::Public()}));
  EXPECT_EQ(bulletin.In(ForHotels(Tlp::kRed)), "INVALID_LABEL");
  EXPECT_EQ(bulletin.In(ForHotels(Tlp::kClear)), "INVALID_LABEL");
  EditionTerms edition = ForHotels(Tlp::kAmber);
  edition.author = *MemberId::Parse("a1");
  EXPECT_EQ(bulletin.In(edition), "PUBLISHER_NOT_AUTHORISED");
  edition.author = *MemberId::Parse("nobody");
  EXPECT_EQ(bulletin.In(edition), "UNKNOWN_CALLER");
  edition = ForHotels(Tlp::kAmber);
  edition.to.clear();
  EXPECT_EQ(bulletin.In(edition), "AUDIENCE_REQUIRED");
}

struct Comparison {
  size_t let_in = 0;
  size_t wrongly_in = 0;
  size_t wrongly_out = 0;
  std::set<std::string> rules;
};

// Editions of `networks` random networks, against the second model.
Comparison Compare(uint64_t networks, AskReader ask) {
  Comparison comparison;
  for (uint64_t seed = 0; seed < networks; ++seed) {
    const std::optional<RandomEdition> random = MakeRandomEdition(seed, 6);
    if (!random.has_value()) continue;
    std::vector<MemberSet> lists;
    lists.reserve(random->bulletins.size());
    std::vector<EditionPart> parts;
    parts.reserve(random->bulletins.size());
    for (const RandomBulletin& bulletin : random->bulletins) {
      lists.push_back(
          MemberSet::Of(*random->directory, bulletin.sent_to.value_or(std::vector<MemberId>())));
      parts.push_back({.terms = &bulletin.terms,
                       .sent_to = bulletin.sent_to.has_value() ? &lists.back() : nullptr});
    }
    const EditionPlan plan =
        PlanEditionAsking(*random->directory, random->edition, parts, kNow, ask).value();
    const std::vector<MemberId> readers = ReadersOf(*random);
    EXPECT_EQ(plan.readers, MemberSet::Of(*random->directory, readers)) << "seed " << seed;
    for (size_t i = 0; i < parts.size(); ++i) {
      const RandomBulletin& bulletin = random->bulletins[i];
      const bool in = std::count(plan.items.begin(), plan.items.end(), i) +
                          std::count(plan.ended.begin(), plan.ended.end(), i) >
                      0;
      const bool may = MayEnter(*random, bulletin, readers);
      comparison.let_in += in ? 1 : 0;
      comparison.wrongly_in += in && !may ? 1 : 0;
      comparison.wrongly_out += !in && may ? 1 : 0;
    }
    for (const EditionPlan::Left& left : plan.left_out) comparison.rules.emplace(left.rule);
  }
  return comparison;
}

TEST(EditionPlanProperty, TheAnswerIsThatOfAskingEveryReader) {
  const Comparison comparison = Compare(3'000, AskPolicy);
  EXPECT_EQ(comparison.wrongly_in, 0u);
  EXPECT_EQ(comparison.wrongly_out, 0u);
  EXPECT_GT(comparison.let_in, 500u);
  EXPECT_THAT(comparison.rules,
              ::testing::IsSupersetOf({"AUDIENCE_NARROWED", "EXCLUDED", "LABEL_ABOVE_TIER",
                                       "NOT_BRIEFED", "NOT_IN_SNAPSHOT", "OUTSIDE_COMMUNITY",
                                       "SECTOR_MISMATCH", "SENT_TO_UNKNOWN", "VETTING_TOO_LOW",
                                       "EXERCISE_NON_PARTICIPANT", "EMBARGOED"}));
}

TEST(EditionPlanProperty, APlantedFaultIsFound) {
  const auto letting = [](std::set<Rule> rules) {
    return [rules](const Reading& reading, const MemberRecord& member, const OrgRecord& org,
                   bool in_snapshot) -> Verdict {
      const Verdict verdict = AskPolicy(reading, member, org, in_snapshot);
      if (rules.count(verdict.rule) > 0) return {.allowed = true, .rule = Rule::kCommunity};
      return verdict;
    };
  };
  EXPECT_GT(Compare(1'000, letting({Rule::kVettingTooLow})).wrongly_in, 0u);
  EXPECT_GT(Compare(1'000, letting({Rule::kExcluded})).wrongly_in, 0u);
  EXPECT_GT(Compare(1'000, letting({Rule::kRegionMismatch, Rule::kOutsideCommunity})).wrongly_in,
            0u);
  EXPECT_GT(Compare(1'000, letting({Rule::kSectorMismatch})).wrongly_in, 0u);
}

TEST(MemberSetTest, FindsTheFirstWhoIsMissing) {
  DirectoryRecords records = Town();
  for (int i = 0; i < 130; ++i)
    records.members.push_back(Seat(absl::StrCat("x", i), "shop", Role::kReader));
  const auto directory = Made(std::move(records));
  MemberSet all(*directory);
  for (size_t i = 0; i < directory->members().size(); ++i) all.Add(i);
  MemberSet but_one(*directory);
  for (size_t i = 0; i < directory->members().size(); ++i) {
    if (i != 100) but_one.Add(i);
  }
  EXPECT_EQ(all.size(), 137u);
  EXPECT_EQ(all.FirstMissing(but_one), std::nullopt);
  EXPECT_EQ(but_one.FirstMissing(all), 100u);
  EXPECT_EQ(MemberSet().FirstMissing(all), 0u);
  EXPECT_EQ(MemberSet(*directory).FirstMissing(MemberSet(*directory)), std::nullopt);
  MemberSet joined = but_one;
  joined.AddAll(MemberSet::Of(*directory, std::vector{directory->members()[100].id}));
  EXPECT_EQ(joined, all);
  EXPECT_FALSE(but_one.Contains(100));
  EXPECT_TRUE(but_one.Contains(101));
  const std::vector<MemberId> ids = {*MemberId::Parse("a1"), *MemberId::Parse("gone")};
  EXPECT_EQ(MemberSet::Of(*directory, ids).size(), 1u);
}

}  // namespace
}  // namespace shield::testing
