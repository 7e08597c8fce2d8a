#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/directory_file.h"
#include "crypto/note.h"
#include "policy/directory_note.h"
#include "policy/proof/directory_links.h"
#include "policy/proof/fresh.h"
#include "tests/client/authority/sample_authority.h"

namespace shield {
namespace {

using ::shield::testing::kNow;
using ::shield::testing::SampleAuthority;

absl::StatusOr<DirectoryUpload> Prepare(SampleAuthority& authority, absl::Time now = kNow) {
  return authority->PrepareDirectory(std::nullopt, 0, now);
}

DirectoryNote NoteOf(const DirectoryUpload& upload) {
  return *ParseDirectoryNote(ParseNote(upload.note)->text);
}

// What a broker that accepted `upload` would hold.
std::shared_ptr<const VerifiedDirectory> Accepted(SampleAuthority& authority,
                                                  const DirectoryUpload& upload,
                                                  const std::optional<HeldDirectory>& held = {}) {
  const auto directory =
      VerifyDirectory(upload.note, *GroupByOrg(upload.lines), authority->network(), held);
  EXPECT_TRUE(directory.ok()) << directory.status();
  return *directory;
}

TEST(PublishDirectory, NeedsTheBrokersKeysFirst) {
  SampleAuthority authority;
  EXPECT_EQ(Prepare(authority).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(PublishDirectory, ANetworkWithoutAnAuthorityGetsOneForItsOwnSeat) {
  SampleAuthority authority;
  ASSERT_TRUE(authority->AddOrg(SampleAuthority::Org("hotel", OrgKind::kMember), kNow).ok());
  ASSERT_TRUE(authority->LearnBroker(authority.BrokerKey(), authority.LogKey()).ok());
  const absl::StatusOr<DirectoryUpload> upload = Prepare(authority);
  ASSERT_TRUE(upload.ok()) << upload.status();
  const auto directory = Accepted(authority, *upload);
  const MemberRecord* seat =
      directory->directory().MemberByTlsPin(authority->network().authority_tls_pin, kNow);
  ASSERT_NE(seat, nullptr);
  EXPECT_EQ(seat->id.text(), "vetting");
  EXPECT_EQ(directory->directory().OrgOf(*seat).id.text(), "antwerp-example");
  EXPECT_EQ(directory->directory().OrgOf(*seat).kind, OrgKind::kAuthority);
}

TEST(PublishDirectory, AnEmptyDraftCanBePublishedAndPublishedAgain) {
  SampleAuthority authority;
  ASSERT_TRUE(authority->LearnBroker(authority.BrokerKey(), authority.LogKey()).ok());
  ASSERT_TRUE(Prepare(authority).ok());
  ASSERT_TRUE(authority->CommitDirectory().ok());
  ASSERT_TRUE(authority->AddOrg(SampleAuthority::Org("pol", OrgKind::kAuthority), kNow).ok());
  EXPECT_EQ(NoteOf(*Prepare(authority)).version, 2u);
}

// As a home of before the rule, or another program, could have written it.
void EndSeatsOrganisation(SampleAuthority& authority, absl::Time until) {
  std::string text = *authority->home().Read(kDraftFile);
  const size_t line = text.find("org pol ");
  const size_t at = text.find("until=", line) + 6;
  text.replace(at, text.find(' ', at) - at, absl::StrCat(absl::ToUnixSeconds(until)));
  ASSERT_TRUE(authority->home().Write(kDraftFile, text).ok());
  authority.Reopen();
}

TEST(PublishDirectory, RefusesADirectoryThatWouldShutTheAuthorityOut) {
  SampleAuthority authority;
  NewOrg pol = SampleAuthority::Org("pol", OrgKind::kAuthority);
  pol.until = kNow + absl::Hours(24 * 400);
  EXPECT_EQ(RuleOf(authority->AddOrg(pol, kNow)), "OWN_SEAT");
  pol.until = NoEnd();
  ASSERT_TRUE(authority->AddOrg(pol, kNow).ok());
  ASSERT_TRUE(authority->LearnBroker(authority.BrokerKey(), authority.LogKey()).ok());

  const absl::Time end = kNow + kMaxDirectoryLife;
  EndSeatsOrganisation(authority, end);
  const absl::Status refused = Prepare(authority).status();
  EXPECT_EQ(RuleOf(refused), "OWN_SEAT") << refused;
  EXPECT_TRUE(absl::StrContains(HintOf(refused), "shield org set pol")) << refused;
  EXPECT_FALSE(authority->HasDirectoryOnItsWay());
  const OrgId id = *OrgId::Parse("pol");
  ASSERT_TRUE(authority->SetOrg(id, {.until = end + absl::Seconds(1)}, kNow).ok());
  EXPECT_TRUE(Prepare(authority).ok());
}

TEST(PublishDirectory, NeedsAPlaceForTheOwnSeat) {
  SampleAuthority authority;
  NewOrg taken = SampleAuthority::Org("antwerp-example", OrgKind::kMember);
  ASSERT_TRUE(authority->AddOrg(taken, kNow).ok());
  ASSERT_TRUE(authority->LearnBroker(authority.BrokerKey(), authority.LogKey()).ok());
  const absl::Status refused = Prepare(authority).status();
  EXPECT_EQ(RuleOf(refused), "OWN_SEAT") << refused;
  EXPECT_TRUE(absl::StrContains(HintOf(refused), "shield org add"));
  ASSERT_TRUE(authority->AddOrg(SampleAuthority::Org("pol", OrgKind::kAuthority), kNow).ok());
  EXPECT_TRUE(Prepare(authority).ok());
}

TEST(PublishDirectory, FirstVersionVerifiesAgainstTheNetworkFile) {
  SampleAuthority authority;
  authority.Fill();
  const absl::StatusOr<DirectoryUpload> upload = Prepare(authority);
  ASSERT_TRUE(upload.ok()) << upload.status();
  const auto directory = Accepted(authority, *upload);
  EXPECT_EQ(directory->version(), 1u);
  EXPECT_EQ(directory->directory().members().size(), 3u);
  EXPECT_EQ(directory->directory().note().expires, kNow + absl::Hours(30 * 24));
  EXPECT_TRUE(CheckNextVersion(*directory, std::nullopt).ok());
  const absl::StatusOr<FreshNote> fresh = VerifyFreshNote(upload->fresh, *directory);
  ASSERT_TRUE(fresh.ok()) << fresh.status();
  EXPECT_TRUE(FreshAt(*fresh, kNow + absl::Hours(23)).ok());
}

TEST(PublishDirectory, NextVersionNamesTheOneBefore) {
  SampleAuthority authority;
  authority.Fill();
  const HeldDirectory first = Accepted(authority, *Prepare(authority))->held();
  ASSERT_TRUE(authority->CommitDirectory().ok());
  ASSERT_TRUE(authority->Suspend(*MemberId::Parse("h1"), "x", kNow).ok());
  const DirectoryUpload second = *Prepare(authority, kNow + absl::Hours(1));
  const auto directory = Accepted(authority, second, first);
  EXPECT_EQ(directory->version(), 2u);
  EXPECT_TRUE(CheckNextVersion(*directory, first).ok());
  EXPECT_EQ(directory->directory().FindMember(*MemberId::Parse("h1"))->state,
            AccountState::kSuspended);
}

TEST(PublishDirectory, UnknownOutcomeIsRepeatedByteForByte) {
  SampleAuthority authority;
  authority.Fill();
  const DirectoryUpload first = *Prepare(authority);
  EXPECT_TRUE(authority->HasDirectoryOnItsWay());
  ASSERT_TRUE(authority->Revoke(*MemberId::Parse("h1"), "x", kNow).ok());
  authority.Reopen();
  const DirectoryUpload again = *Prepare(authority, kNow + absl::Hours(1));
  EXPECT_EQ(again.note, first.note);
  EXPECT_EQ(again.lines, first.lines);
  EXPECT_EQ(again.fresh, first.fresh);

  ASSERT_TRUE(authority->CommitDirectory().ok());
  EXPECT_FALSE(authority->HasDirectoryOnItsWay());
  EXPECT_EQ(NoteOf(*Prepare(authority, kNow + absl::Hours(1))).version, 2u);
}

TEST(PublishDirectory, RepeatedLateItCarriesANewFreshnessNoteOnly) {
  SampleAuthority authority;
  authority.Fill();
  const DirectoryUpload first = *Prepare(authority);
  const absl::Time later = kNow + absl::Hours(20);
  const DirectoryUpload again = *Prepare(authority, later);
  EXPECT_EQ(again.note, first.note);
  EXPECT_NE(again.fresh, first.fresh);
  const auto directory = Accepted(authority, again);
  EXPECT_TRUE(FreshAt(*VerifyFreshNote(again.fresh, *directory), later + absl::Hours(23)).ok());
}

TEST(PublishDirectory, CommittingNeedsAVersionOnItsWay) {
  SampleAuthority authority;
  authority.Fill();
  EXPECT_EQ(authority->CommitDirectory().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(authority->SettleDirectory(std::nullopt).ok());
}

TEST(PublishDirectory, SettlesByWhatTheBrokerHolds) {
  SampleAuthority authority;
  authority.Fill();
  const HeldDirectory first = Accepted(authority, *Prepare(authority))->held();
  EXPECT_EQ(authority->SettleDirectory(first)->outcome, Settlement::Outcome::kAccepted);
  EXPECT_TRUE(authority->Published()->has_value());

  const DirectoryUpload second = *Prepare(authority);
  EXPECT_EQ(authority->SettleDirectory(first)->outcome, Settlement::Outcome::kGoesOutAgain);
  EXPECT_EQ(Prepare(authority, kNow + absl::Hours(1))->note, second.note);
  EXPECT_EQ(NoteOf(**authority->Published()).version, 1u);

  HeldDirectory other = first;
  other.digest.bytes[0] ^= 1;
  EXPECT_EQ(RuleOf(authority->SettleDirectory(other).status()), "DIRECTORY_FORK");
  other.version = 3;
  EXPECT_EQ(RuleOf(authority->SettleDirectory(other).status()), "DIRECTORY_AHEAD");
  EXPECT_TRUE(authority->HasDirectoryOnItsWay());
}

// A broker that says it never took a version may show its text to some members all the same.
TEST(PublishDirectory, WhatIsSignedIsNeverSignedOtherwiseWhateverTheBrokerSays) {
  SampleAuthority authority;
  authority.Fill();
  const DirectoryUpload first = *Prepare(authority);
  ASSERT_TRUE(authority->Revoke(*MemberId::Parse("h1"), "x", kNow).ok());
  const Settlement settled = *authority->SettleDirectory(std::nullopt);
  EXPECT_EQ(settled.outcome, Settlement::Outcome::kPassedOver);
  EXPECT_EQ(settled.version, 1u);
  authority.Reopen();

  const DirectoryUpload second = *Prepare(authority);
  EXPECT_EQ(NoteOf(second).version, 2u);
  const HeldDirectory held = Accepted(authority, first)->held();
  const auto directory = Accepted(authority, second, held);
  EXPECT_TRUE(CheckNextVersion(*directory, held).ok());
  EXPECT_EQ(directory->directory().FindMember(*MemberId::Parse("h1"))->state,
            AccountState::kRevoked);
  const std::vector<std::string> between = *authority->VersionsSince(std::nullopt);
  EXPECT_EQ(between, std::vector<std::string>{first.note});
  EXPECT_TRUE(WalkVersions(std::nullopt, between, authority->network(), "").ok());
  // And so on, as often as it says so.
  ASSERT_TRUE(authority->AddOrg(SampleAuthority::Org("shop", OrgKind::kMember), kNow).ok());
  EXPECT_EQ(authority->SettleDirectory(std::nullopt)->outcome, Settlement::Outcome::kPassedOver);
  EXPECT_EQ(NoteOf(*Prepare(authority)).version, 3u);
}

TEST(PublishDirectory, OtherWitnessesOrAnotherFreshnessKeyPassOverWhatIsOnItsWay) {
  SampleAuthority authority;
  authority.Fill();
  ASSERT_TRUE(Prepare(authority).ok());
  const std::string witness =
      SigningKey::Generate(authority.random()).Verifier("witness.example/w")->ToString();
  ASSERT_TRUE(authority->SetWitnesses({witness}, 1).ok());
  EXPECT_EQ(authority->SettleDirectory(std::nullopt)->outcome, Settlement::Outcome::kPassedOver);
  const DirectoryUpload second = *Prepare(authority);
  EXPECT_EQ(NoteOf(second).witnesses, std::vector<std::string>{witness});
  EXPECT_EQ(authority->SettleDirectory(std::nullopt)->outcome, Settlement::Outcome::kGoesOutAgain);

  ASSERT_TRUE(authority->RenewFreshKey(authority.random()).ok());
  EXPECT_EQ(authority->SettleDirectory(std::nullopt)->outcome, Settlement::Outcome::kPassedOver);
  const DirectoryUpload third = *Prepare(authority);
  EXPECT_EQ(NoteOf(third).version, 3u);
  EXPECT_NE(NoteOf(third).fresh_key, NoteOf(second).fresh_key);
  EXPECT_EQ(authority->SettleDirectory(std::nullopt)->outcome, Settlement::Outcome::kGoesOutAgain);
}

// The broker was restored from a backup: the versions it has lost are shown to it.
TEST(PublishDirectory, ShowsABrokerThatIsBehindTheVersionsBetween) {
  SampleAuthority authority;
  authority.Fill();
  EXPECT_TRUE(authority->VersionsSince(std::nullopt)->empty());
  std::vector<DirectoryUpload> made;
  std::vector<HeldDirectory> held;
  for (int i = 0; i < 3; ++i) {
    made.push_back(*Prepare(authority));
    held.push_back(Accepted(authority, made.back())->held());
    ASSERT_TRUE(authority->CommitDirectory().ok());
  }
  authority.Reopen();
  const DirectoryUpload fourth = *Prepare(authority);
  EXPECT_TRUE(authority->VersionsSince(held[2])->empty());
  const std::vector<std::string> between = *authority->VersionsSince(held[0]);
  EXPECT_EQ(between, (std::vector<std::string>{made[1].note, made[2].note}));
  const auto walked = WalkVersions(held[0], between, authority->network(), fourth.authority);
  ASSERT_TRUE(walked.ok()) << walked.status();
  EXPECT_TRUE(CheckNextVersion(*Accepted(authority, fourth), *walked).ok());
  EXPECT_EQ(authority->VersionsSince(std::nullopt)->size(), 3u);

  // What is on its way may have been accepted before the broker lost it: it goes out again as it
  // is.
  ASSERT_TRUE(authority->SettleDirectory(held[0]).ok());
  EXPECT_EQ(Prepare(authority)->note, fourth.note);
}

// Another text under its number would be a fork for whoever saw the first.
TEST(PublishDirectory, WhatNoBrokerTakesAnyMoreIsPassedOverUnderTheNextNumber) {
  SampleAuthority authority;
  authority.Fill();
  const HeldDirectory first = Accepted(authority, *Prepare(authority))->held();
  ASSERT_TRUE(authority->CommitDirectory().ok());
  const DirectoryUpload second = *Prepare(authority);
  const std::string broker =
      SigningKey::Generate(authority.random()).Verifier("antwerp.example/broker")->ToString();
  ASSERT_TRUE(authority->AcceptBroker(broker, authority.LogKey(), "host replaced", kNow).ok());
  ASSERT_TRUE(authority->SettleDirectory(first).ok());
  const DirectoryUpload third = *Prepare(authority);
  EXPECT_EQ(NoteOf(third).version, 3u);
  EXPECT_EQ(NoteOf(third).broker_key, broker);
  EXPECT_EQ(*authority->VersionsSince(first), std::vector<std::string>{second.note});
}

TEST(PublishDirectory, AnExpiredVersionOnItsWayIsPassedOver) {
  SampleAuthority authority;
  authority.Fill();
  const DirectoryUpload first = *Prepare(authority);
  const DirectoryUpload second = *Prepare(authority, kNow + kMaxDirectoryLife);
  EXPECT_EQ(NoteOf(second).version, 2u);
  EXPECT_EQ(*authority->VersionsSince(std::nullopt), std::vector<std::string>{first.note});
}

TEST(PublishDirectory, ABrokerWithNothingIsRefusedWhenVersionsAreMissing) {
  SampleAuthority authority;
  authority.Fill();
  ASSERT_TRUE(Prepare(authority).ok());
  ASSERT_TRUE(authority->CommitDirectory().ok());
  ASSERT_TRUE(std::filesystem::remove(authority->home().PathOf(kVersionsFile)));
  EXPECT_EQ(RuleOf(authority->VersionsSince(std::nullopt).status()), "VERSIONS_MISSING");
  ASSERT_TRUE(authority->home().Write(kVersionsFile, "cut\n\noff").ok());
  EXPECT_EQ(RuleOf(authority->VersionsSince(std::nullopt).status()), "DIRECTORY_FILE_MALFORMED");
}

TEST(PublishDirectory, RefreshRenewsTheFreshnessNoteOfWhatIsPublished) {
  SampleAuthority authority;
  authority.Fill();
  EXPECT_EQ(authority->PrepareRefresh(0, kNow).status().code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Prepare(authority).ok());
  ASSERT_TRUE(authority->CommitDirectory().ok());
  const absl::Time later = kNow + absl::Hours(48);
  const absl::StatusOr<DirectoryUpload> upload = authority->PrepareRefresh(17, later);
  ASSERT_TRUE(upload.ok()) << upload.status();
  EXPECT_TRUE(upload->note.empty());
  EXPECT_TRUE(upload->lines.empty());
  ASSERT_TRUE(authority->CommitRefresh(upload->fresh).ok());
  const auto directory = authority->VerifyPublished();
  ASSERT_TRUE(directory.ok()) << directory.status();
  const FreshNote fresh = *VerifyFreshNote((*authority->Published())->fresh, **directory);
  EXPECT_EQ(fresh.log_size, 17u);
  EXPECT_TRUE(FreshAt(fresh, later).ok());
  EXPECT_EQ(RuleOf(authority->PrepareRefresh(0, kNow + absl::Hours(30 * 24)).status()),
            "DIRECTORY_EXPIRED");
}

TEST(PublishDirectory, AnotherFreshnessKeyTakesOverWithTheDirectoryThatNamesIt) {
  SampleAuthority authority;
  authority.Fill();
  const std::string before = NoteOf(*Prepare(authority)).fresh_key;
  ASSERT_TRUE(authority->CommitDirectory().ok());
  ASSERT_TRUE(authority->RenewFreshKey(authority.random()).ok());
  ASSERT_TRUE(authority->RenewFreshKey(authority.random()).ok());
  EXPECT_TRUE(authority->PrepareRefresh(0, kNow).ok()) << "the present one goes on";
  const DirectoryUpload next = *Prepare(authority);
  EXPECT_NE(NoteOf(next).fresh_key, before);
  EXPECT_TRUE(VerifyFreshNote(next.fresh, *Accepted(authority, next)).ok());
  ASSERT_TRUE(authority->CommitDirectory().ok());
  EXPECT_FALSE(authority->home().Has(kNextFreshKeyFile));
  authority.Reopen();
  EXPECT_TRUE(authority->PrepareRefresh(0, kNow).ok());
  EXPECT_EQ(NoteOf(*Prepare(authority)).fresh_key, NoteOf(next).fresh_key);
}

TEST(PublishDirectory, ALostFreshnessKeyIsReplaced) {
  SampleAuthority authority;
  authority.Fill();
  ASSERT_TRUE(Prepare(authority).ok());
  ASSERT_TRUE(authority->CommitDirectory().ok());
  ASSERT_TRUE(std::filesystem::remove(authority->home().PathOf(kFreshKeyFile)));
  authority.Reopen();
  const absl::Status lost = Prepare(authority).status();
  EXPECT_TRUE(absl::StrContains(HintOf(lost), "--new-fresh-key")) << lost;
  ASSERT_TRUE(authority->RenewFreshKey(authority.random()).ok());
  EXPECT_TRUE(Prepare(authority).ok());
}

TEST(PublishDirectory, VerifyFindsAChangedFile) {
  SampleAuthority authority;
  authority.Fill();
  EXPECT_EQ(authority->VerifyPublished().status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(Prepare(authority).ok());
  ASSERT_TRUE(authority->CommitDirectory().ok());
  ASSERT_TRUE(authority->VerifyPublished().ok());
  DirectoryUpload changed = **authority->Published();
  for (std::string& line : changed.lines) {
    const size_t at = line.find("vetting=1");
    if (at != std::string::npos) line[at + 8] = '3';
  }
  ASSERT_TRUE(authority->home().Write(kDirectoryFile, PrintDirectoryFile(changed)).ok());
  EXPECT_EQ(authority->VerifyPublished().status().code(), absl::StatusCode::kDataLoss);
}

TEST(PublishDirectory, ReviewShowsWhatIsNotPublishedYet) {
  SampleAuthority authority;
  authority.Fill();
  EXPECT_EQ(authority->Review()->removed.size(), 0u);
  ASSERT_TRUE(Prepare(authority).ok());
  ASSERT_TRUE(authority->CommitDirectory().ok());
  EXPECT_TRUE(authority->Review()->added.empty());
  ASSERT_TRUE(authority->Suspend(*MemberId::Parse("h1"), "x", kNow).ok());
  const DraftReview review = *authority->Review();
  ASSERT_EQ(review.added.size(), 2u);  // the member's line and its organisation's root
  EXPECT_TRUE(absl::StrContains(review.added[0], "state=suspended"));
  EXPECT_EQ(review.removed.size(), 2u);
}

TEST(LearnBroker, PinsTheKeysItSawFirst) {
  SampleAuthority authority;
  authority.Fill();
  EXPECT_TRUE(authority->LearnBroker(authority.BrokerKey(), authority.LogKey()).ok());
  const SigningKey other = SigningKey::Generate(authority.random());
  EXPECT_EQ(RuleOf(authority->LearnBroker(other.Verifier("antwerp.example/broker")->ToString(),
                                          authority.LogKey())),
            "BROKER_KEY_CHANGED");
  EXPECT_EQ(authority->draft().broker_key, authority.BrokerKey());
}

TEST(LearnBroker, TakesOthersOnAPersonsWordOnly) {
  SampleAuthority authority;
  authority.Fill();
  const std::string broker =
      SigningKey::Generate(authority.random()).Verifier("antwerp.example/broker")->ToString();
  EXPECT_EQ(RuleOf(authority->LearnBroker(broker, authority.LogKey())), "BROKER_KEY_CHANGED");
  EXPECT_FALSE(authority->AcceptBroker(broker, authority.LogKey(), "", kNow).ok());
  EXPECT_FALSE(authority->AcceptBroker(authority.LogKey(), broker, "swapped", kNow).ok());
  ASSERT_TRUE(authority->AcceptBroker(broker, authority.LogKey(), "host replaced", kNow).ok());
  EXPECT_TRUE(authority->LearnBroker(broker, authority.LogKey()).ok());
  authority.Reopen();
  EXPECT_EQ(authority->draft().broker_key, broker);
  EXPECT_EQ(authority->draft().changes.back().reason, "host replaced");
}

TEST(LearnBroker, RefusesKeysOfOtherNames) {
  SampleAuthority authority;
  EXPECT_FALSE(authority->LearnBroker(authority.LogKey(), authority.BrokerKey()).ok());
  EXPECT_TRUE(authority->draft().broker_key.empty());
}

}  // namespace
}  // namespace shield
