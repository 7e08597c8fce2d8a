#include "client/home/home.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/home/member_keys.h"
#include "client/home/private_file.h"
#include "client/home/secret_text.h"
#include "crypto/sha256.h"
#include "policy/proof/network_file.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

class HomeTest : public ::testing::Test {
 protected:
  HomeTest()
      : home_(*Home::Create(folder_ / "home")),
        keys_(*MemberKeys::Generate(*MemberId::Parse("desk"), *Origin::Parse("a.example"),
                                    random_)) {}

  std::string NetworkText(absl::string_view pin) {
    NetworkFile network{
        *Origin::Parse("a.example"), "localhost:1", Sha256(pin), {}, 1, Sha256("t")};
    SeededRandom random(3);
    network.authority = {*SigningKey::Generate(random).Verifier("a.example/authority-1")};
    return PrintNetworkFile(network);
  }
  mode_t ModeOf(absl::string_view name) {
    struct stat found {};
    EXPECT_EQ(stat(home_.PathOf(name).c_str(), &found), 0) << name;
    return found.st_mode & 0777;
  }

  TemporaryFolder folder_;
  SeededRandom random_{1};
  Home home_;
  MemberKeys keys_;
};

TEST_F(HomeTest, KeysComeBackAsTheyWereWritten) {
  ASSERT_TRUE(home_.WriteKeys(keys_, std::nullopt, kNow, random_).ok());
  const auto read = home_.ReadKeys(std::nullopt);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->member, keys_.member);
  EXPECT_EQ(read->network, keys_.network);
  EXPECT_EQ(read->Verifier(), keys_.Verifier());
  EXPECT_EQ(read->seal.front().Recipient(), keys_.seal.front().Recipient());
  EXPECT_EQ(read->tls.certificate_pem, keys_.tls.certificate_pem);
  EXPECT_EQ(home_.ReadMember()->text(), "desk");
  EXPECT_FALSE(home_.KeysAreWrapped());
}

TEST_F(HomeTest, SecretsAreTheMembersAlone) {
  ASSERT_TRUE(home_.WriteKeys(keys_, std::nullopt, kNow, random_).ok());
  for (const char* name : {"identity.txt", "sign.key", "tls.key"}) EXPECT_EQ(ModeOf(name), 0600u);
  EXPECT_EQ(ModeOf("."), 0700u);
}

TEST_F(HomeTest, AHomeThatOthersCanReadIsRefused) {
  std::filesystem::permissions(home_.folder(), std::filesystem::perms(0750));
  const absl::Status status = Home::Open(home_.folder()).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(HintOf(status), HasSubstr("chmod 700"));
}

TEST_F(HomeTest, AMissingHomeNetworkOrKeyIsNotEnrolled) {
  EXPECT_EQ(RuleOf(Home::Open(folder_ / "nowhere").status()), "NOT_ENROLLED");
  EXPECT_EQ(RuleOf(home_.ReadNetwork().status()), "NOT_ENROLLED");
  EXPECT_EQ(RuleOf(home_.ReadKeys(std::nullopt).status()), "NOT_ENROLLED");
  EXPECT_TRUE(absl::IsUnauthenticated(home_.ReadMember().status()));
  ASSERT_TRUE(home_.WriteKeys(keys_, std::nullopt, kNow, random_).ok());
  std::filesystem::remove(home_.PathOf("tls.key"));
  EXPECT_EQ(RuleOf(home_.ReadKeys(std::nullopt).status()), "NOT_ENROLLED");
}

TEST_F(HomeTest, UnderAPassphraseNoSecretLiesOpen) {
  ASSERT_TRUE(home_.WriteKeys(keys_, "correct horse", kNow, random_).ok());
  EXPECT_TRUE(home_.KeysAreWrapped());
  EXPECT_THAT(*home_.Read("identity.txt"), Not(HasSubstr("AGE-SECRET-KEY-")));
  EXPECT_THAT(*home_.Read("sign.key"), Not(HasSubstr("PRIVATE")));
  EXPECT_THAT(*home_.Read("tls.key"), Not(HasSubstr("PRIVATE")));
  EXPECT_EQ(home_.ReadMember()->text(), "desk");
  EXPECT_EQ(RuleOf(home_.ReadKeys(std::nullopt).status()), "PASSPHRASE_REQUIRED");
  EXPECT_EQ(RuleOf(home_.ReadKeys("wrong").status()), "WRONG_PASSPHRASE");
  const auto read = home_.ReadKeys("correct horse");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->Verifier(), keys_.Verifier());
}

TEST_F(HomeTest, KeysAreNeverWrittenOver) {
  ASSERT_TRUE(home_.WriteKeys(keys_, std::nullopt, kNow, random_).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(home_.WriteKeys(keys_, std::nullopt, kNow, random_)));
}

// A process that was killed after each of the writes leaves the mark and the first files.
TEST_F(HomeTest, AnUnfinishedSetOfKeysIsWrittenOver) {
  const Home whole = *Home::Create(folder_ / "whole");
  ASSERT_TRUE(whole.WriteKeys(keys_, std::nullopt, kNow, random_).ok());
  EXPECT_FALSE(whole.Has("keys.unfinished"));
  const std::vector<std::string> order = {"sign.pub", "tls.crt", "tls.key", "sign.key"};
  for (size_t written = 0; written <= order.size(); ++written) {
    const Home home = *Home::Create(folder_ / absl::StrCat("killed-", written));
    ASSERT_TRUE(home.Write("keys.unfinished", "").ok());
    for (size_t i = 0; i < written; ++i) {
      ASSERT_TRUE(home.Write(order[i], *whole.Read(order[i])).ok());
    }
    EXPECT_EQ(RuleOf(home.ReadKeys(std::nullopt).status()), "NOT_ENROLLED");
    const MemberKeys again =
        *MemberKeys::Generate(*MemberId::Parse("other"), *Origin::Parse("a.example"), random_);
    ASSERT_TRUE(home.WriteKeys(again, std::nullopt, kNow, random_).ok()) << written;
    EXPECT_EQ(home.ReadKeys(std::nullopt)->Verifier(), again.Verifier());
    EXPECT_TRUE(absl::IsAlreadyExists(home.WriteKeys(keys_, std::nullopt, kNow, random_)));
  }
}

// What `shield key rotate` does.
MemberKeys Stage(const Home& home, const Passphrase& passphrase, Random& random) {
  MemberKeys before = *home.ReadKeys(passphrase);
  MemberKeys next = *MemberKeys::Generate(before.member, before.network, random);
  for (X25519Identity& identity : before.seal) next.seal.push_back(std::move(identity));
  EXPECT_TRUE(home.StageKeys(next, passphrase, kNow, random).ok());
  EXPECT_TRUE(home.Write(kRekeyFile, "request").ok());
  return next;
}

TEST_F(HomeTest, StagedKeysOpenWhatIsSealedToThemAndSignNothingYet) {
  ASSERT_TRUE(home_.WriteKeys(keys_, "correct horse", kNow, random_).ok());
  EXPECT_FALSE(home_.StagedSignKey()->has_value());
  EXPECT_FALSE(home_.AdoptKeys().ok());
  const MemberKeys next = Stage(home_, "correct horse", random_);
  EXPECT_EQ(**home_.StagedSignKey(), next.Verifier());
  const auto read = home_.ReadKeys("correct horse");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->Verifier(), keys_.Verifier());
  ASSERT_EQ(read->seal.size(), 2u);
  EXPECT_EQ(read->seal[0].Recipient(), next.seal[0].Recipient());
  EXPECT_EQ(read->seal[1].Recipient(), keys_.seal[0].Recipient());

  ASSERT_TRUE(home_.AdoptKeys().ok());
  const auto adopted = home_.ReadKeys("correct horse");
  ASSERT_TRUE(adopted.ok()) << adopted.status();
  EXPECT_EQ(adopted->Verifier(), next.Verifier());
  EXPECT_EQ(adopted->tls.certificate_pem, next.tls.certificate_pem);
  EXPECT_EQ(adopted->seal.size(), 2u);
  EXPECT_FALSE(home_.StagedSignKey()->has_value());
}

// A process that was killed after each of the moves.
TEST_F(HomeTest, AdoptingThatWasInterruptedIsFinished) {
  const std::vector<std::string> order = {"tls.crt", "tls.key", "sign.key", "sign.pub"};
  for (size_t moved = 0; moved <= order.size(); ++moved) {
    const Home home = *Home::Create(folder_ / absl::StrCat("killed-", moved));
    ASSERT_TRUE(home.WriteKeys(keys_, std::nullopt, kNow, random_).ok());
    const MemberKeys next = Stage(home, std::nullopt, random_);
    ASSERT_TRUE(home.Write("keys.adopting", "").ok());
    for (size_t i = 0; i < moved; ++i) {
      std::filesystem::rename(home.PathOf(order[i] + ".next"), home.PathOf(order[i]));
    }
    EXPECT_EQ(home.ReadKeys(std::nullopt)->Verifier(), next.Verifier()) << moved;
    EXPECT_FALSE(home.Has("keys.adopting"));
    EXPECT_FALSE(home.Has(kRekeyFile));
  }
}

TEST_F(HomeTest, StagingThatWasInterruptedCountsForNothing) {
  ASSERT_TRUE(home_.WriteKeys(keys_, std::nullopt, kNow, random_).ok());
  Stage(home_, std::nullopt, random_);
  std::filesystem::remove(home_.PathOf(kRekeyFile));
  EXPECT_FALSE(home_.StagedSignKey()->has_value());
  EXPECT_EQ(home_.ReadKeys(std::nullopt)->Verifier(), keys_.Verifier());
  const MemberKeys next = Stage(home_, std::nullopt, random_);
  EXPECT_EQ(**home_.StagedSignKey(), next.Verifier());
}

TEST_F(HomeTest, KeysWithoutTheirIdentityAreNotWrittenOver) {
  ASSERT_TRUE(home_.WriteKeys(keys_, std::nullopt, kNow, random_).ok());
  std::filesystem::remove(home_.PathOf("identity.txt"));  // its owner moved it
  EXPECT_TRUE(absl::IsAlreadyExists(home_.WriteKeys(keys_, std::nullopt, kNow, random_)));
}

TEST_F(HomeTest, ANetworkIsPinnedOnce) {
  ASSERT_TRUE(home_.Join(NetworkText("one")).ok());
  EXPECT_TRUE(home_.Join(NetworkText("one")).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(home_.Join(NetworkText("two"))));
  EXPECT_EQ(home_.ReadNetwork()->broker_pin, Sha256("one"));
  EXPECT_FALSE(home_.Join("not a network").ok());
}

TEST_F(HomeTest, KeysOfAnotherMemberAreNotMixedIn) {
  ASSERT_TRUE(home_.WriteKeys(keys_, std::nullopt, kNow, random_).ok());
  const auto other =
      MemberKeys::Generate(*MemberId::Parse("other"), *Origin::Parse("a.example"), random_);
  ASSERT_TRUE(
      home_.Write("sign.key", other->sign.Print(other->SignerName(), SecretAccess::ForExport()))
          .ok());
  EXPECT_FALSE(home_.ReadKeys(std::nullopt).ok());
}

TEST_F(HomeTest, ReservedIdsAreNoMembers) {
  for (const char* id : {"broker", "log", "fresh", "authority-1"}) {
    EXPECT_FALSE(
        MemberKeys::Generate(*MemberId::Parse(id), *Origin::Parse("a.example"), random_).ok());
  }
}

TEST(SecretText, IsEmptyAfterAMoveAndReadsAFileAsItIs) {
  TemporaryFolder folder;
  ASSERT_TRUE(WritePrivateFile(folder / "a", AsBytes("short")).ok());
  SecretText text = *ReadSecretFile(folder / "a");
  const char* memory = text.Reveal(SecretAccess::ForCrypto()).data();
  const SecretText moved = std::move(text);
  EXPECT_EQ(moved.Reveal(SecretAccess::ForCrypto()), "short");
  EXPECT_NE(std::string(memory, 5), "short");  // a short one lies inside the object
  EXPECT_TRUE(absl::IsNotFound(ReadSecretFile(folder / "b").status()));
  std::ofstream(folder / "a") << std::string(kMaxSmallFileBytes + 1, 'a');
  EXPECT_TRUE(absl::IsInvalidArgument(ReadSecretFile(folder / "a").status()));
}

TEST(PrivateFile, ReplacesAFileWholeAndLeavesNothingBesideIt) {
  TemporaryFolder folder;
  ASSERT_TRUE(WritePrivateFile(folder / "a", AsBytes("one")).ok());
  ASSERT_TRUE(WritePrivateFile(folder / "a", AsBytes("two")).ok());
  EXPECT_EQ(*ReadSmallFile(folder / "a"), "two");
  const std::filesystem::directory_iterator left(folder / "");
  EXPECT_EQ(std::distance(begin(left), end(left)), 1);
  EXPECT_TRUE(absl::IsNotFound(ReadSmallFile(folder / "b").status()));
}

// A stick was in other hands: whoever had it may have put links where a file is going to be.
TEST(PrivateFile, WritesThroughNoLinkAndIntoNoFileThatLiesThere) {
  TemporaryFolder folder;
  std::ofstream(folder / "key") << "secret";
  for (const char* name : {"a", "a.new"}) {
    std::filesystem::create_symlink(folder / "key", folder / name);
  }
  std::ofstream(folder / "b.new") << "theirs";
  std::filesystem::permissions(folder / "b.new", std::filesystem::perms(0666));
  for (const char* name : {"a", "b"}) {
    ASSERT_TRUE(WritePrivateFile(folder / name, AsBytes("signing")).ok());
    EXPECT_EQ(*ReadSmallFile(folder / name), "signing");
    const std::filesystem::file_status status = std::filesystem::symlink_status(folder / name);
    EXPECT_EQ(status.type(), std::filesystem::file_type::regular);
    EXPECT_EQ(status.permissions(), std::filesystem::perms(0600));
  }
  EXPECT_EQ(*ReadSmallFile(folder / "key"), "secret");
  EXPECT_EQ(*ReadSmallFile(folder / "b.new"), "theirs");
}

TEST(PrivateFile, WhatCannotTakeItsPlaceLeavesNothingBesideIt) {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder / "a" + "/inside");
  EXPECT_FALSE(WritePrivateFile(folder / "a", AsBytes("one")).ok());
  const std::filesystem::directory_iterator left(folder / "");
  EXPECT_EQ(std::distance(begin(left), end(left)), 1);
}

TEST(PrivateFile, AFileOneByteTooLongIsNotRead) {
  TemporaryFolder folder;
  std::ofstream(folder / "a") << std::string(kMaxSmallFileBytes, 'a');
  EXPECT_TRUE(ReadSmallFile(folder / "a").ok());
  std::ofstream(folder / "a") << std::string(kMaxSmallFileBytes + 1, 'a');
  EXPECT_TRUE(absl::IsInvalidArgument(ReadSmallFile(folder / "a").status()));
}

}  // namespace
}  // namespace shield::testing
