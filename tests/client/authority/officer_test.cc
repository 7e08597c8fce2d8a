// Several officers sign a directory, each on a machine of its own, with a file carried between
// them.
#include "client/authority/officer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/authority_key.h"
#include "client/authority/directory_file.h"
#include "crypto/note.h"
#include "policy/proof/fresh.h"
#include "tests/client/authority/sample_authority.h"

namespace shield {
namespace {

using ::shield::testing::kNow;
using ::shield::testing::SampleAuthority;
using ::shield::testing::SamplePlan;
using ::shield::testing::SeededRandom;
using ::shield::testing::TemporaryFolder;

// Two of three officers sign. The first has the authority's home.
class TwoOfThree : public ::testing::Test {
 protected:
  TwoOfThree() {
    NetworkPlan plan = SamplePlan();
    plan.threshold = 2;
    plan.others = {MakeKey(2, std::nullopt), MakeKey(3, std::nullopt)};
    authority_ = std::make_unique<SampleAuthority>(plan);
    authority_->Fill();
    for (int number : {2, 3}) Join(number);
  }

  std::string FolderOf(int number) const { return folder_ / absl::StrCat("officer-", number); }

  VerifierKey MakeKey(int number, const Passphrase& passphrase) {
    const std::string name = absl::StrCat("antwerp.example/authority-", number);
    const SigningKey key = SigningKey::Generate(random_);
    const Home home = *Home::Create(FolderOf(number));
    EXPECT_TRUE(WriteAuthorityKey(home, name, key, passphrase, random_).ok());
    return *key.Verifier(name);
  }
  void Join(int number) {
    ASSERT_TRUE(
        Home::Open(FolderOf(number))->Join(PrintNetworkFile((*authority_)->network())).ok());
  }

  absl::StatusOr<DirectoryUpload> Prepare(absl::Time now = kNow) {
    return (*authority_)->PrepareDirectory(std::nullopt, 0, now);
  }
  // The file that waits for signatures.
  SigningFile Waiting() { return *ParseSigningFile(*(*authority_)->SigningText()); }

  absl::StatusOr<SigningFile> SignAs(int number, const SigningFile& file, absl::Time now = kNow) {
    absl::StatusOr<Officer> officer = Officer::Open(FolderOf(number));
    if (!officer.ok()) return officer.status();
    return officer->Sign(file, std::nullopt, now);
  }
  absl::StatusOr<SigningReview> ReviewAs(int number, const SigningFile& file,
                                         absl::Time now = kNow) {
    const absl::StatusOr<Officer> officer = Officer::Open(FolderOf(number));
    if (!officer.ok()) return officer.status();
    return officer->Review(file, now);
  }
  absl::Status Bring(const SigningFile& file, absl::Time now = kNow) {
    return (*authority_)->AddSignatures(PrintSigningFile(file), now);
  }
  // The next version, signed by officer 2 as well and accepted.
  void PublishNext() {
    EXPECT_EQ(RuleOf(Prepare().status()), "SIGNATURES_MISSING");
    ASSERT_TRUE(Bring(*SignAs(2, Waiting())).ok());
    ASSERT_TRUE(Prepare().ok());
    ASSERT_TRUE((*authority_)->CommitDirectory().ok());
  }

  TemporaryFolder folder_;
  SeededRandom random_{11};
  std::unique_ptr<SampleAuthority> authority_;
};

TEST_F(TwoOfThree, OneSignatureIsNotEnoughAndIsSaidToBeMissing) {
  const absl::Status missing = Prepare().status();
  EXPECT_EQ(RuleOf(missing), "SIGNATURES_MISSING");
  EXPECT_FALSE(HintOf(missing).empty());
  EXPECT_FALSE((*authority_)->HasDirectoryOnItsWay());
  const SignaturesWanted wanted = **(*authority_)->Wanted(kNow);
  EXPECT_EQ(wanted.version, 1u);
  EXPECT_EQ(wanted.signatures, 1u);
  EXPECT_EQ(wanted.missing, (std::vector<std::string>{"antwerp.example/authority-2",
                                                      "antwerp.example/authority-3"}));
}

TEST_F(TwoOfThree, ASecondSignatureOnAnotherMachineMakesItADirectory) {
  ASSERT_FALSE(Prepare().ok());
  const absl::StatusOr<SigningFile> carried = SignAs(3, Waiting());
  ASSERT_TRUE(carried.ok()) << carried.status();
  ASSERT_TRUE(Bring(*carried).ok());
  const absl::StatusOr<DirectoryUpload> upload = Prepare();
  ASSERT_TRUE(upload.ok()) << upload.status();
  const auto directory = VerifyDirectory(upload->note, *GroupByOrg(upload->lines),
                                         (*authority_)->network(), std::nullopt);
  ASSERT_TRUE(directory.ok()) << directory.status();
  EXPECT_TRUE(VerifyFreshNote(upload->fresh, **directory).ok());
  ASSERT_TRUE((*authority_)->CommitDirectory().ok());
  EXPECT_FALSE((*authority_)->Wanted(kNow)->has_value());
}

TEST_F(TwoOfThree, WhatWaitsKeepsItsTextAcrossRunsAndChangesOfTheDraft) {
  ASSERT_FALSE(Prepare().ok());
  const SigningFile first = Waiting();
  ASSERT_TRUE((*authority_)->Suspend(*MemberId::Parse("h1"), "x", kNow).ok());
  authority_->Reopen();
  ASSERT_FALSE(Prepare(kNow + absl::Hours(1)).ok());
  EXPECT_EQ(PrintSigningFile(Waiting()), PrintSigningFile(first));
  EXPECT_TRUE((*(*authority_)->Wanted(kNow))->draft_changed);
  ASSERT_TRUE((*authority_)->DropSigning().ok());
  ASSERT_FALSE(Prepare(kNow + absl::Hours(1)).ok());
  EXPECT_NE(Waiting().next.note, first.next.note);
  EXPECT_FALSE((*(*authority_)->Wanted(kNow + absl::Hours(1)))->draft_changed);
}

TEST_F(TwoOfThree, AForgottenUploadGoesOutAgainWithTheSameSignatures) {
  ASSERT_FALSE(Prepare().ok());
  ASSERT_TRUE(Bring(*SignAs(2, Waiting())).ok());
  const DirectoryUpload upload = *Prepare();
  ASSERT_TRUE((*authority_)->SettleDirectory(std::nullopt).ok());  // the broker never got it
  EXPECT_EQ(Prepare()->note, upload.note);
}

// Signed later as it is, it would silently take the change back.
TEST_F(TwoOfThree, OtherWitnessesOrBrokerKeysAreInTheVersionThatOfficersSign) {
  ASSERT_FALSE(Prepare().ok());
  const SigningFile first = Waiting();
  ASSERT_TRUE((*authority_)->SetWitnesses({}, 0).ok());
  EXPECT_TRUE((*authority_)->Wanted(kNow)->has_value()) << "nothing has changed";

  const std::string witness = SigningKey::Generate(random_).Verifier("w.example/w")->ToString();
  ASSERT_TRUE((*authority_)->SetWitnesses({witness}, 1).ok());
  EXPECT_FALSE((*authority_)->Wanted(kNow)->has_value());
  EXPECT_TRUE(absl::IsFailedPrecondition(Bring(*SignAs(2, first))));
  EXPECT_EQ(RuleOf(Prepare().status()), "SIGNATURES_MISSING");
  EXPECT_EQ(ReadMadeNote(Waiting().next.note)->note.witnesses, std::vector<std::string>{witness});

  const std::string broker =
      SigningKey::Generate(random_).Verifier("antwerp.example/broker")->ToString();
  ASSERT_TRUE((*authority_)->AcceptBroker(broker, authority_->LogKey(), "replaced", kNow).ok());
  EXPECT_EQ(RuleOf(Prepare().status()), "SIGNATURES_MISSING");
  EXPECT_EQ(ReadMadeNote(Waiting().next.note)->note.broker_key, broker);
}

// It is a version already, whoever still has to be shown it.
TEST_F(TwoOfThree, WhatEnoughHaveSignedIsPassedOverAndNotMadeAnew) {
  ASSERT_FALSE(Prepare().ok());
  ASSERT_TRUE(Bring(*SignAs(2, Waiting())).ok());
  const std::string first = Waiting().next.note;
  const std::string witness = SigningKey::Generate(random_).Verifier("w.example/w")->ToString();
  ASSERT_TRUE((*authority_)->SetWitnesses({witness}, 1).ok());
  EXPECT_EQ(Prepare()->note, first);
  EXPECT_EQ((*authority_)->SettleDirectory(std::nullopt)->outcome,
            Settlement::Outcome::kPassedOver);
  EXPECT_EQ(RuleOf(Prepare().status()), "SIGNATURES_MISSING");
  EXPECT_EQ(ReadMadeNote(Waiting().next.note)->note.version, 2u);
}

TEST_F(TwoOfThree, AnExpiredVersionIsMadeAnew) {
  ASSERT_FALSE(Prepare().ok());
  const std::string before = Waiting().next.note;
  const absl::Time late = kNow + absl::Hours(31 * 24);
  EXPECT_EQ(RuleOf(SignAs(2, Waiting(), late).status()), "DIRECTORY_EXPIRED");
  EXPECT_FALSE(Bring(Waiting(), late).ok());
  ASSERT_FALSE(Prepare(late).ok());
  EXPECT_NE(Waiting().next.note, before);
  EXPECT_TRUE(SignAs(2, Waiting(), late).ok());
}

// The authority's clock was a year ahead when the draft was made.
TEST_F(TwoOfThree, AVersionOfAYearToComeIsNotSignedAndIsMadeAnew) {
  ASSERT_FALSE(Prepare(kNow + absl::Hours(365 * 24)).ok());
  const std::string before = Waiting().next.note;
  EXPECT_EQ(RuleOf(SignAs(2, Waiting()).status()), "CLOCK_SKEW");
  EXPECT_EQ(RuleOf(ReviewAs(2, Waiting()).status()), "CLOCK_SKEW");
  EXPECT_FALSE(Bring(Waiting()).ok());
  ASSERT_FALSE(Prepare().ok());
  EXPECT_NE(Waiting().next.note, before);
  EXPECT_TRUE(SignAs(2, Waiting(), kNow - absl::Minutes(2)).ok()) << "clocks run apart";
  EXPECT_EQ(RuleOf(SignAs(2, Waiting(), kNow - absl::Minutes(2) - absl::Seconds(1)).status()),
            "CLOCK_SKEW");
}

TEST_F(TwoOfThree, AnOfficerIsShownWhatChanges) {
  PublishNext();
  ASSERT_TRUE((*authority_)->Suspend(*MemberId::Parse("h1"), "x", kNow).ok());
  ASSERT_FALSE(Prepare().ok());
  const absl::StatusOr<SigningReview> review = ReviewAs(3, Waiting());
  ASSERT_TRUE(review.ok()) << review.status();
  EXPECT_EQ(review->version, 2u);
  EXPECT_EQ(review->signatures, 1u);
  ASSERT_EQ(review->added.size(), 2u);  // the member's line and its organisation's root
  EXPECT_TRUE(absl::StrContains(review->added[0], "state=suspended"));
  EXPECT_EQ(review->removed.size(), 2u);
}

TEST_F(TwoOfThree, SigningTwiceChangesNothing) {
  ASSERT_FALSE(Prepare().ok());
  const SigningFile once = *SignAs(2, Waiting());
  EXPECT_TRUE(ReviewAs(2, once)->signed_here);
  EXPECT_EQ(PrintSigningFile(*SignAs(2, once)), PrintSigningFile(once));
}

TEST_F(TwoOfThree, AnotherTextOfASignedVersionIsKnownForWhatItIs) {
  ASSERT_FALSE(Prepare().ok());
  ASSERT_TRUE(SignAs(2, Waiting()).ok());
  ASSERT_TRUE((*authority_)->DropSigning().ok());
  ASSERT_FALSE(Prepare(kNow + absl::Seconds(1)).ok());
  EXPECT_TRUE(ReviewAs(2, Waiting())->replaces_signed);
  EXPECT_FALSE(ReviewAs(3, Waiting())->replaces_signed);
}

TEST_F(TwoOfThree, AnOfficerNeverGoesBackNorSignsAFork) {
  ASSERT_FALSE(Prepare().ok());
  const SigningFile first = Waiting();
  PublishNext();
  ASSERT_FALSE(Prepare().ok());
  const SigningFile second = Waiting();
  ASSERT_TRUE(SignAs(2, second).ok());  // has seen version 1 since
  EXPECT_EQ(RuleOf(SignAs(2, first).status()), "ROLLBACK");

  SigningFile forked = second;
  forked.previous->note = forked.next.note;  // not signed by two
  EXPECT_EQ(RuleOf(SignAs(3, forked).status()), "BAD_SIGNATURE");
  SigningFile skipped = second;
  skipped.previous.reset();
  EXPECT_EQ(RuleOf(SignAs(3, skipped).status()), "DRAFT_NOT_NEXT");
}

TEST_F(TwoOfThree, AChangedDraftIsNotSigned) {
  ASSERT_FALSE(Prepare().ok());
  SigningFile changed = Waiting();
  for (std::string& line : changed.next.lines) {
    const size_t at = line.find("vetting=1");
    if (at != std::string::npos) line[at + 8] = '3';
  }
  EXPECT_EQ(SignAs(2, changed).status().code(), absl::StatusCode::kDataLoss);
  SigningFile other = Waiting();
  const size_t at = other.next.note.find("version 1");
  other.next.note[at + 8] = '2';
  EXPECT_EQ(RuleOf(SignAs(2, other).status()), "BAD_SIGNATURE");
}

TEST_F(TwoOfThree, SignaturesOfAnotherTextOrThatDoNotHoldAreNotTaken) {
  EXPECT_EQ(Bring({}).code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_FALSE(Prepare().ok());
  const SigningFile first = *SignAs(2, Waiting());
  SigningFile broken = first;
  const size_t at = broken.next.note.find("authority-2 ") + 40;
  broken.next.note[at] = broken.next.note[at] == 'A' ? 'B' : 'A';
  EXPECT_EQ(RuleOf(Bring(broken)), "BAD_SIGNATURE");
  ASSERT_TRUE((*authority_)->DropSigning().ok());
  ASSERT_FALSE(Prepare(kNow + absl::Seconds(1)).ok());
  EXPECT_EQ(RuleOf(Bring(first)), "OTHER_DRAFT");
  EXPECT_EQ((*(*authority_)->Wanted(kNow))->signatures, 1u);
}

TEST_F(TwoOfThree, SignaturesOfStrangersAreLeftBehind) {
  ASSERT_FALSE(Prepare().ok());
  SigningFile file = Waiting();
  SeededRandom random(5);
  file.next.note =
      *AddSignature(file.next.note, "antwerp.example/authority-9", SigningKey::Generate(random));
  ASSERT_TRUE(Bring(file).ok());
  EXPECT_FALSE(absl::StrContains(Waiting().next.note, "authority-9"));
}

TEST_F(TwoOfThree, AHomeWithoutAKeyOfTheAuthoritySignsNothing) {
  ASSERT_FALSE(Prepare().ok());
  MakeKey(9, std::nullopt);
  Join(9);
  EXPECT_EQ(SignAs(9, Waiting()).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(OfficersKey, IsWrappedByAPassphraseAlone) {
  TemporaryFolder folder;
  SeededRandom random(3);
  const Home home = *Home::Create(folder / "officer");
  const SigningKey key = SigningKey::Generate(random);
  const VerifierKey pinned = *key.Verifier("antwerp.example/authority-2");
  ASSERT_TRUE(WriteAuthorityKey(home, pinned.name(), key, "correct horse", random).ok());
  EXPECT_FALSE(absl::StrContains(*home.Read("authority-2.key"), "PRIVATE+KEY"));
  EXPECT_TRUE(AuthorityKeyIsWrapped(home, pinned));
  EXPECT_EQ(RuleOf(ReadAuthorityKey(home, pinned, std::nullopt).status()), "PASSPHRASE_REQUIRED");
  EXPECT_EQ(RuleOf(ReadAuthorityKey(home, pinned, "battery").status()), "WRONG_PASSPHRASE");
  const absl::StatusOr<SigningKey> opened = ReadAuthorityKey(home, pinned, "correct horse");
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->public_key(), key.public_key());
  EXPECT_EQ(WriteAuthorityKey(home, pinned.name(), key, std::nullopt, random).code(),
            absl::StatusCode::kAlreadyExists);
}

TEST(SigningFileText, IsReadAsItWasWrittenOrRefused) {
  const SigningFile file{DirectoryUpload{"a\n", "b\n", {"org x"}}, {"note\n", "", {"org y"}}};
  const std::string text = PrintSigningFile(file);
  const absl::StatusOr<SigningFile> read = ParseSigningFile(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(PrintSigningFile(*read), text);
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(RuleOf(ParseSigningFile(text.substr(0, size)).status()), "DIRECTORY_FILE_MALFORMED");
  }
  EXPECT_FALSE(ParseSigningFile(text + "x").ok());
}

TEST(OfficerMemoryText, IsReadAsItWasWrittenOrRefused) {
  OfficerMemory memory{{3, {}}, {4, {}}};
  memory.seen.digest.bytes.fill(1);
  EXPECT_EQ(*ParseOfficerMemory(PrintOfficerMemory(memory)), memory);
  EXPECT_FALSE(ParseOfficerMemory(PrintOfficerMemory(memory) + "x\n").ok());
  EXPECT_FALSE(ParseOfficerMemory("shield/signed/v1\nseen 1 x\nsigned 0 x\n").ok());
}

}  // namespace
}  // namespace shield
