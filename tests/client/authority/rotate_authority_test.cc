// The authority's keys are rotated together with a directory, in one sitting or by USB stick.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/authority_key.h"
#include "client/authority/directory_file.h"
#include "client/authority/former_seat.h"
#include "client/authority/officer.h"
#include "crypto/tls_key.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/directory_links.h"
#include "tests/client/authority/sample_authority.h"

namespace shield {
namespace {

using ::shield::testing::kNow;
using ::shield::testing::SampleAuthority;
using ::shield::testing::SamplePlan;
using ::shield::testing::SeededRandom;
using ::shield::testing::TemporaryFolder;

class RotateAuthority : public ::testing::Test {
 protected:
  RotateAuthority() { authority_.Fill(); }

  absl::StatusOr<NetworkFile> Plan(const RotationPlan& plan) {
    return authority_->PlanRotation(plan, std::nullopt, kNow, authority_.random());
  }
  absl::StatusOr<DirectoryUpload> Prepare() {
    return authority_->PrepareDirectory(std::nullopt, 0, kNow);
  }
  void PublishNext() {
    const auto upload = Prepare();
    ASSERT_TRUE(upload.ok()) << upload.status();
    ASSERT_TRUE(authority_->CommitDirectory().ok());
  }
  // What a party that pins `network` makes of an upload.
  static absl::StatusOr<uint64_t> Version(const DirectoryUpload& upload,
                                          const NetworkFile& network) {
    const absl::StatusOr<NetworkFile> now = FollowAuthority(network, upload.authority);
    if (!now.ok()) return now.status();
    const auto directory =
        VerifyDirectory(upload.note, *GroupByOrg(upload.lines), *now, std::nullopt);
    if (!directory.ok()) return directory.status();
    return (*directory)->version();
  }

  SampleAuthority authority_;
};

TEST_F(RotateAuthority, InOneSittingTheOldKeyHandsOverToTheNewOne) {
  PublishNext();
  const NetworkFile before = authority_->network();
  const absl::StatusOr<NetworkFile> next = Plan({.remove = {1}, .new_key = true});
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(authority_->network(), before) << "nothing is in force yet";
  const absl::StatusOr<DirectoryUpload> upload = Prepare();
  ASSERT_TRUE(upload.ok()) << upload.status();
  EXPECT_EQ(*Version(*upload, before), 2u);
  EXPECT_EQ(*FollowAuthority(before, upload->authority), *next);

  ASSERT_TRUE(authority_->CommitDirectory().ok());
  EXPECT_EQ(authority_->network(), *next);
  EXPECT_EQ(*authority_->home().ReadNetwork(), *next);
  EXPECT_EQ(*authority_->home().Read("authority.txt"), upload->authority);
  EXPECT_FALSE(authority_->home().Has("next.shield"));
  ASSERT_TRUE(authority_->VerifyPublished().ok());
  // The next version needs the new key alone, and still shows how it came to count.
  ASSERT_TRUE(std::filesystem::remove(authority_->home().PathOf("authority-1.key")));
  authority_.Reopen();
  EXPECT_EQ(*Version(*Prepare(), before), 3u);
}

TEST_F(RotateAuthority, IsFollowedAlsoWhenTheProcessDiedRightAfterTheUpload) {
  PublishNext();
  const NetworkFile next = *Plan({.remove = {1}, .new_key = true});
  ASSERT_TRUE(Prepare().ok());
  const std::string upload = authority_->home().PathOf("upload.txt");
  std::filesystem::rename(upload, authority_->home().PathOf("directory.txt"));
  authority_.Reopen();
  EXPECT_EQ(authority_->network(), next);
  EXPECT_FALSE(authority_->home().Has("rotation.txt"));
}

TEST_F(RotateAuthority, ASecondOneContinuesTheFirst) {
  const NetworkFile before = authority_->network();
  for (const uint64_t number : {1, 2}) {
    ASSERT_TRUE(Plan({.remove = {number}, .new_key = true}).ok());
    PublishNext();
  }
  EXPECT_EQ(authority_->network().rotation, 2u);
  EXPECT_EQ(authority_->network().authority.front().name(), "antwerp.example/authority-3");
  EXPECT_EQ(*FollowAuthority(before, (*authority_->Published())->authority), authority_->network());
}

TEST_F(RotateAuthority, ANumberOnceUsedIsNotUsedAgain) {
  SeededRandom random(5);
  const SigningKey other = SigningKey::Generate(random);
  const VerifierKey second = *other.Verifier("antwerp.example/authority-2");
  ASSERT_TRUE(Plan({.add = {second}}).ok());
  PublishNext();
  ASSERT_TRUE(Plan({.remove = {2}}).ok());
  PublishNext();
  EXPECT_EQ(RuleOf(Plan({.add = {second}}).status()), "AUTHORITY_MALFORMED");
  EXPECT_EQ(RuleOf(Plan({.add = {*other.Verifier("antwerp.example/authority-9")}}).status()),
            "AUTHORITY_MALFORMED");
  // Nor those of before the first rotation, of which no note tells.
  ASSERT_TRUE(Plan({.remove = {1}, .new_key = true}).ok());
  PublishNext();
  EXPECT_EQ(authority_->network().authority.front().name(), "antwerp.example/authority-3");
  const SigningKey third = SigningKey::Generate(random);
  EXPECT_EQ(RuleOf(Plan({.add = {*third.Verifier("antwerp.example/authority-1")}}).status()),
            "AUTHORITY_MALFORMED");
}

TEST_F(RotateAuthority, APlanThatFitsNothingChangesNothing) {
  EXPECT_EQ(Plan({.remove = {7}}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(RuleOf(Plan({.threshold = 2}).status()), "THRESHOLD_UNSUPPORTED");
  EXPECT_EQ(RuleOf(Plan({.remove = {1}}).status()), "THRESHOLD_UNSUPPORTED");
  SeededRandom random(5);
  const SigningKey other = SigningKey::Generate(random);
  EXPECT_FALSE(Plan({.add = {*other.Verifier("other.example/authority-2")}}).ok());
  const absl::Status keyless =
      Plan({.add = {*other.Verifier("antwerp.example/authority-2")}, .remove = {1}}).status();
  EXPECT_TRUE(absl::StrContains(keyless.message(), "would hold no authority key")) << keyless;
  EXPECT_EQ(*authority_->NetworkToBe(), authority_->network());
  EXPECT_FALSE(authority_->home().Has("authority-2.key"));
}

TEST_F(RotateAuthority, APlanCanBeGivenUp) {
  ASSERT_TRUE(Plan({.new_key = true}).ok());
  ASSERT_TRUE(authority_->CancelRotation().ok());
  EXPECT_EQ(*authority_->NetworkToBe(), authority_->network());
  EXPECT_TRUE(Prepare()->authority.empty());
}

TEST_F(RotateAuthority, MovesTheBrokerAndTheDirectorySaysWhere) {
  RotationPlan plan{.broker_address = "new.antwerp.example:4433"};
  plan.broker_pin.emplace().bytes.fill(9);
  ASSERT_TRUE(Plan(plan).ok());
  const DirectoryUpload upload = *Prepare();
  EXPECT_TRUE(absl::StrContains(upload.note, "broker new.antwerp.example:4433 "));
  EXPECT_EQ(FollowAuthority(authority_->network(), upload.authority)->broker_pin, plan.broker_pin);
}

// Two officers have to sign; a third key comes in for the second, which was lost.
// The keys of the own seat cannot be ended like a member's: they are exchanged by a rotation.
TEST_F(RotateAuthority, ANewSeatTakesOverWithTheDirectoryThatComesWithIt) {
  PublishNext();
  const NetworkFile before = authority_->network();
  const std::string certificate = *authority_->home().Read("tls.crt");
  const size_t keys = authority_->draft().records.keys.size();
  const absl::StatusOr<NetworkFile> planned = Plan({.new_seat = true});
  ASSERT_TRUE(planned.ok()) << planned.status();
  EXPECT_NE(planned->authority_tls_pin, before.authority_tls_pin);
  EXPECT_EQ(Plan({.new_seat = true})->authority_tls_pin, planned->authority_tls_pin);

  const absl::StatusOr<DirectoryUpload> upload = Prepare();
  ASSERT_TRUE(upload.ok()) << upload.status();
  const NetworkFile now = *FollowAuthority(before, upload->authority);
  const auto verified =
      VerifyDirectory(upload->note, *GroupByOrg(upload->lines), now, std::nullopt);
  ASSERT_TRUE(verified.ok()) << verified.status();
  const Directory& directory = (*verified)->directory();
  EXPECT_EQ(directory.MemberByTlsPin(before.authority_tls_pin, kNow), nullptr);
  ASSERT_NE(directory.MemberByTlsPin(now.authority_tls_pin, kNow), nullptr);
  EXPECT_EQ(directory.MemberByTlsPin(now.authority_tls_pin, kNow)->id.text(), kSeatId);
  // Until it is accepted the present keys go on, here too.
  authority_.Reopen();
  EXPECT_EQ(*authority_->home().Read("tls.crt"), certificate);
  EXPECT_EQ(authority_->draft().records.keys.size(), keys);

  ASSERT_TRUE(authority_->SettleDirectory(ReadMadeNote(upload->note)->held).ok());
  EXPECT_NE(*authority_->home().Read("tls.crt"), certificate);
  EXPECT_EQ(authority_->draft().records.keys.size(), keys + 3);
  EXPECT_FALSE(authority_->home().Has(kRekeyFile));
  EXPECT_TRUE(authority_->Review()->added.empty());
  authority_.Reopen();
  PublishNext();
  EXPECT_EQ(authority_->network().authority_tls_pin, now.authority_tls_pin);
}

TEST_F(RotateAuthority, ANewSeatThatIsGivenUpLeavesTheOldOne) {
  PublishNext();
  const NetworkFile before = authority_->network();
  ASSERT_TRUE(Plan({.new_seat = true}).ok());
  ASSERT_TRUE(authority_->CancelRotation().ok());
  EXPECT_FALSE(authority_->home().Has("tls.key.next"));
  const absl::StatusOr<DirectoryUpload> upload = Prepare();
  ASSERT_TRUE(upload.ok()) << upload.status();
  EXPECT_TRUE(upload->authority.empty());
  EXPECT_TRUE(Version(*upload, before).ok());
}

// A broker that is restored from before the exchange knows no other key.
TEST_F(RotateAuthority, TheFormerSeatIsKeptUntilNoBackupKnowsIt) {
  PublishNext();
  const NetworkFile before = authority_->network();
  ASSERT_TRUE(Plan({.new_seat = true}).ok());
  EXPECT_FALSE(HasFormerSeat(authority_->home()));
  PublishNext();
  ASSERT_TRUE(HasFormerSeat(authority_->home()));
  EXPECT_EQ(SpkiDigest(ReadFormerSeat(authority_->home(), std::nullopt)->certificate_pem).value(),
            before.authority_tls_pin);

  const auto prepare = [this](absl::Time now) {
    return authority_->PrepareDirectory(std::nullopt, 0, now).status();
  };
  ASSERT_TRUE(prepare(kNow + kFormerSeatLife - absl::Seconds(1)).ok());
  ASSERT_TRUE(authority_->CommitDirectory().ok());
  EXPECT_TRUE(HasFormerSeat(authority_->home()));
  // One that no broker has taken says nothing.
  const HeldDirectory held = **authority_->PublishedHeld();
  ASSERT_TRUE(prepare(kNow + kFormerSeatLife).ok());
  ASSERT_TRUE(authority_->Suspend(*MemberId::Parse("h1"), "x", kNow).ok());
  ASSERT_EQ(authority_->SettleDirectory(held)->outcome, Settlement::Outcome::kPassedOver);
  EXPECT_TRUE(HasFormerSeat(authority_->home()));
  ASSERT_TRUE(prepare(kNow + kFormerSeatLife).ok());
  ASSERT_TRUE(authority_->CommitDirectory().ok());
  EXPECT_FALSE(HasFormerSeat(authority_->home()));
  EXPECT_FALSE(authority_->home().Has("tls.key.before"));
}

TEST(FormerSeat, IsWrappedLikeTheOtherKeys) {
  TemporaryFolder folder;
  SeededRandom random(3);
  const Passphrase word = "four words of a passphrase";
  ASSERT_TRUE(CreateNetwork(folder / "home", SamplePlan(), word, kNow, random).ok());
  SampleAuthority keys;
  Authority authority = *Authority::Open(folder / "home");
  ASSERT_TRUE(authority.LearnBroker(keys.BrokerKey(), keys.LogKey()).ok());
  EXPECT_TRUE(absl::IsNotFound(ReadFormerSeat(authority.home(), word).status()));
  const Digest before = authority.network().authority_tls_pin;
  for (const bool exchanged : {false, true}) {
    if (exchanged) {
      ASSERT_TRUE(authority.PlanRotation({.new_seat = true}, word, kNow, random).ok());
    }
    ASSERT_TRUE(authority.PrepareDirectory(word, 0, kNow).ok());
    ASSERT_TRUE(authority.CommitDirectory().ok());
  }
  EXPECT_FALSE(absl::StrContains(*authority.home().Read("tls.key.before"), "PRIVATE KEY"));
  EXPECT_EQ(RuleOf(ReadFormerSeat(authority.home(), std::nullopt).status()), "PASSPHRASE_REQUIRED");
  const absl::StatusOr<TlsKeyPair> former = ReadFormerSeat(authority.home(), word);
  ASSERT_TRUE(former.ok()) << former.status();
  EXPECT_EQ(*SpkiDigest(former->certificate_pem), before);
}

// The broker may have taken it: then these are the only keys that open its door.
TEST_F(RotateAuthority, WhatIsOnItsWayIsNotGivenUp) {
  PublishNext();
  ASSERT_TRUE(Plan({.new_seat = true}).ok());
  ASSERT_TRUE(Prepare().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(authority_->CancelRotation()));
  EXPECT_TRUE(authority_->home().Has("tls.key.next"));
}

// A second text of rotation 1 would lead members to two networks.
TEST_F(RotateAuthority, OneThatIsSignedAndOnItsWayIsContinuedByTheNext) {
  PublishNext();
  const NetworkFile before = authority_->network();
  const HeldDirectory held = **authority_->PublishedHeld();
  const NetworkFile first = *Plan({.remove = {1}, .new_key = true});
  const DirectoryUpload second = *Prepare();
  EXPECT_EQ(authority_->SettleDirectory(held)->outcome, Settlement::Outcome::kGoesOutAgain);

  const absl::StatusOr<NetworkFile> next = Plan({.new_key = true});
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(authority_->network(), first);
  EXPECT_EQ(next->rotation, 2u);
  const absl::StatusOr<DirectoryUpload> third = Prepare();
  ASSERT_TRUE(third.ok()) << third.status();
  EXPECT_EQ(*Version(*third, before), 3u);
  EXPECT_TRUE(absl::StartsWith(third->authority, second.authority));
  const auto walked =
      WalkVersions(held, *authority_->VersionsSince(held), before, third->authority);
  ASSERT_TRUE(walked.ok()) << walked.status();
  EXPECT_EQ(*walked, ReadMadeNote(second.note)->held);
}

class RotateByStick : public ::testing::Test {
 protected:
  RotateByStick() {
    NetworkPlan plan = SamplePlan();
    plan.threshold = 2;
    plan.others = {MakeKey(2), MakeKey(3)};
    authority_ = std::make_unique<SampleAuthority>(plan);
    authority_->Fill();
    for (const int number : {2, 3}) Join(number);
  }

  std::string FolderOf(int number) const { return folder_ / absl::StrCat("officer-", number); }
  VerifierKey MakeKey(int number) {
    const std::string name = absl::StrCat("antwerp.example/authority-", number);
    const SigningKey key = SigningKey::Generate(random_);
    const Home home = *Home::Create(FolderOf(number));
    EXPECT_TRUE(WriteAuthorityKey(home, name, key, std::nullopt, random_).ok());
    return *key.Verifier(name);
  }
  void Join(int number) {
    const std::string text = PrintNetworkFile((*authority_)->network());
    ASSERT_TRUE(Home::Open(FolderOf(number))->Join(text).ok());
  }
  absl::StatusOr<DirectoryUpload> Prepare() {
    return (*authority_)->PrepareDirectory(std::nullopt, 0, kNow);
  }
  SigningFile Waiting() { return *ParseSigningFile(*(*authority_)->SigningText()); }
  absl::StatusOr<SigningFile> SignAs(int number, const SigningFile& file) {
    absl::StatusOr<Officer> officer = Officer::Open(FolderOf(number));
    if (!officer.ok()) return officer.status();
    return officer->Sign(file, std::nullopt, kNow);
  }
  absl::Status Bring(const SigningFile& file) {
    return (*authority_)->AddSignatures(PrintSigningFile(file), kNow);
  }

  TemporaryFolder folder_;
  SeededRandom random_{12};
  std::unique_ptr<SampleAuthority> authority_;
};

TEST_F(RotateByStick, NeedsTheThresholdBeforeAndTheNewOne) {
  ASSERT_FALSE(Prepare().ok());
  ASSERT_TRUE(Bring(*SignAs(3, Waiting())).ok());
  ASSERT_TRUE(Prepare().ok());
  ASSERT_TRUE((*authority_)->CommitDirectory().ok());

  const NetworkFile before = (*authority_)->network();
  const VerifierKey fourth = MakeKey(4);
  Join(4);
  ASSERT_TRUE((*authority_)
                  ->PlanRotation({.add = {fourth}, .remove = {2}}, std::nullopt, kNow, random_)
                  .ok());
  EXPECT_EQ(RuleOf(Prepare().status()), "SIGNATURES_MISSING");
  // The new key alone makes two of the new set, and one of those before.
  const absl::StatusOr<SigningFile> by_fourth = SignAs(4, Waiting());
  ASSERT_TRUE(by_fourth.ok()) << by_fourth.status();
  ASSERT_TRUE(Bring(*by_fourth).ok());
  EXPECT_EQ(RuleOf(Prepare().status()), "SIGNATURES_MISSING");
  ASSERT_TRUE(Bring(*SignAs(3, Waiting())).ok());
  const absl::StatusOr<DirectoryUpload> upload = Prepare();
  ASSERT_TRUE(upload.ok()) << upload.status();
  const absl::StatusOr<NetworkFile> now = FollowAuthority(before, upload->authority);
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_TRUE(VerifyDirectory(upload->note, *GroupByOrg(upload->lines), *now, std::nullopt).ok());
  ASSERT_TRUE((*authority_)->CommitDirectory().ok());

  // An officer learns of it from the next draft, and one whose key is out signs no more.
  ASSERT_FALSE(Prepare().ok());
  ASSERT_TRUE(SignAs(4, Waiting()).ok());
  EXPECT_EQ(Home::Open(FolderOf(4))->ReadNetwork()->rotation, 1u);
  EXPECT_EQ(SignAs(2, Waiting()).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(RotateByStick, AnOfficerIsShownWhichKeysComeAndGo) {
  ASSERT_TRUE((*authority_)
                  ->PlanRotation({.add = {MakeKey(4)}, .remove = {2}, .threshold = 1}, std::nullopt,
                                 kNow, random_)
                  .ok());
  ASSERT_FALSE(Prepare().ok());
  const SigningReview review = *Officer::Open(FolderOf(3))->Review(Waiting(), kNow);
  EXPECT_TRUE(review.rotates);
  EXPECT_FALSE(review.enough);
  const auto shown = [&review](absl::string_view text) {
    return std::any_of(review.added.begin(), review.added.end(),
                       [text](const std::string& line) { return absl::StrContains(line, text); });
  };
  EXPECT_TRUE(shown("authority-4"));
  EXPECT_TRUE(shown("threshold 1"));
}

}  // namespace
}  // namespace shield
