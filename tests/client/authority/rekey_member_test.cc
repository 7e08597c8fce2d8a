// Members get new keys: by a request of their present key, after losing them, and at enrolment by
// answering a challenge.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/challenge.h"
#include "client/authority/draft_directory.h"
#include "client/home/wrapped_text.h"
#include "policy/proof/rekey.h"
#include "tests/client/authority/sample_authority.h"

namespace shield {
namespace {

using ::shield::testing::kNow;
using ::shield::testing::SampleAuthority;

const MemberId kGuard = *MemberId::Parse("guard");
const absl::Time kLater = kNow + absl::Hours(24);

class NewKeys : public ::testing::Test {
 protected:
  NewKeys() {
    authority_.Fill();
    present_ = std::make_unique<MemberKeys>(Generate());
    EXPECT_TRUE(authority_
                    ->AddMember({.request = Enrolment(*present_),
                                 .org = *OrgId::Parse("hotel"),
                                 .roles = {Role::kReader},
                                 .vetting = 1},
                                kNow)
                    .ok());
  }

  MemberKeys Generate() {
    return *MemberKeys::Generate(kGuard, authority_->network().network, authority_.random());
  }
  std::string Enrolment(const MemberKeys& keys) {
    return SignEnrolmentRequest(*RequestFor(keys, authority_->network()), keys.sign);
  }
  std::string Request(const MemberKeys& next, const MemberKeys& before) {
    return SignRekeyRequest({*RequestFor(next, authority_->network()), before.Verifier()},
                            next.sign, before.sign);
  }
  std::string RuleFor(const std::string& request) {
    return RuleOf(authority_->RekeyMember(request, kDefaultOverlap, kLater).status());
  }
  std::shared_ptr<const Directory> Draft() {
    return *IndexDraft(authority_->draft(), authority_->network());
  }
  std::string Active(KeyUse use, absl::Time time) {
    const std::shared_ptr<const Directory> draft = Draft();
    const KeyRecord* key = draft->ActiveKey(kGuard, use, time);
    return key == nullptr ? "" : key->value;
  }
  bool Counts(const std::string& value, absl::Time time) {
    for (const KeyRecord& key : authority_->draft().records.keys) {
      if (key.value == value) return key.period.from <= time && time < key.period.until;
    }
    return false;
  }

  SampleAuthority authority_;
  std::unique_ptr<MemberKeys> present_;
};

TEST_F(NewKeys, AreSealedToAtOnceWhileTheOldOnesGoOnForAWhile) {
  const MemberKeys next = Generate();
  const absl::StatusOr<MemberId> member =
      authority_->RekeyMember(Request(next, *present_), kDefaultOverlap, kLater);
  ASSERT_TRUE(member.ok()) << member.status();
  EXPECT_EQ(*member, kGuard);
  const std::string old_sign = present_->Verifier().ToString();
  EXPECT_EQ(Active(KeyUse::kSeal, kLater), PrintAgeRecipient(next.seal.front().Recipient()));
  EXPECT_EQ(Active(KeyUse::kSign, kLater), next.Verifier().ToString());
  EXPECT_TRUE(Counts(old_sign, kLater + kDefaultOverlap - absl::Seconds(1)));
  EXPECT_FALSE(Counts(old_sign, kLater + kDefaultOverlap));
  EXPECT_TRUE(Counts(next.Verifier().ToString(), kLater + kDefaultOverlap));
}

TEST_F(NewKeys, WithoutOverlapEndTheOldOnes) {
  const MemberKeys next = Generate();
  ASSERT_TRUE(authority_->RekeyMember(Request(next, *present_), absl::ZeroDuration(), kLater).ok());
  EXPECT_FALSE(Counts(present_->Verifier().ToString(), kLater));
  EXPECT_FALSE(
      authority_->RekeyMember(Request(Generate(), next), kMaxOverlap + absl::Seconds(1), kLater)
          .ok());
}

// Keys that were exchanged end when they were to end, whatever becomes of the membership.
TEST_F(NewKeys, AMembershipThatIsProlongedBringsNoOldKeyBack) {
  const absl::Time end = kLater + absl::Hours(24);
  ASSERT_TRUE(authority_->SetMember(kGuard, {.until = end}, kNow).ok());
  const MemberKeys next = Generate();
  ASSERT_TRUE(authority_->RekeyMember(Request(next, *present_), kDefaultOverlap, kLater).ok());
  ASSERT_TRUE(authority_->SetMember(kGuard, {.until = end + absl::Hours(24)}, kLater).ok());
  EXPECT_FALSE(Counts(present_->Verifier().ToString(), end));
  EXPECT_TRUE(Counts(next.Verifier().ToString(), end));
}

TEST_F(NewKeys, AreRefusedWithoutThePresentKey) {
  EXPECT_EQ(RuleFor(Enrolment(Generate())), "KEYS_ACTIVE");
  const MemberKeys thief = Generate();
  EXPECT_EQ(RuleFor(Request(Generate(), thief)), "NOT_PRESENT_KEY");
  const MemberKeys next = Generate();
  ASSERT_TRUE(authority_->RekeyMember(Request(next, *present_), absl::ZeroDuration(), kNow).ok());
  EXPECT_EQ(RuleFor(Request(Generate(), *present_)), "NOT_PRESENT_KEY") << "an ended key";
  EXPECT_EQ(RuleFor(Request(next, *present_)), "KEY_TAKEN");
}

TEST_F(NewKeys, OfALostLaptopAreEnrolledUnderTheSameIdOnceTheOldOnesHaveEnded) {
  ASSERT_TRUE(authority_->EndMemberKeys(kGuard, "laptop stolen", kLater).ok());
  EXPECT_EQ(Active(KeyUse::kTls, kLater), "");
  EXPECT_EQ(Draft()->FindMember(kGuard)->state, AccountState::kActive);
  const MemberKeys next = Generate();
  ASSERT_TRUE(authority_->RekeyMember(Enrolment(next), kDefaultOverlap, kLater).ok());
  EXPECT_EQ(Active(KeyUse::kSign, kLater), next.Verifier().ToString());
  // What the old keys signed stays to be judged by them.
  EXPECT_TRUE(Counts(present_->Verifier().ToString(), kNow));
  EXPECT_FALSE(Counts(present_->Verifier().ToString(), kLater));
}

TEST_F(NewKeys, AreNotForStrangersTheRevokedOrTheOwnSeat) {
  const MemberKeys stranger = *MemberKeys::Generate(
      *MemberId::Parse("stranger"), authority_->network().network, authority_.random());
  EXPECT_EQ(authority_->RekeyMember(Enrolment(stranger), kDefaultOverlap, kLater).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(RuleOf(authority_->EndMemberKeys(*MemberId::Parse("vetting"), "x", kLater)),
            "OWN_SEAT");
  EXPECT_FALSE(authority_->EndMemberKeys(kGuard, "", kLater).ok());
  ASSERT_TRUE(authority_->Revoke(kGuard, "left", kLater).ok());
  EXPECT_EQ(authority_->RekeyMember(Request(Generate(), *present_), kDefaultOverlap, kLater)
                .status()
                .code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(NewKeys, EndTheOldOnesWithTheVersionThatSaysSo) {
  ASSERT_TRUE(authority_->PrepareDirectory(std::nullopt, 0, kNow).ok());
  ASSERT_TRUE(authority_->CommitDirectory().ok());
  ASSERT_TRUE(authority_->EndMemberKeys(kGuard, "laptop stolen", kLater).ok());
  const absl::Time made = kLater + absl::Hours(5);
  ASSERT_TRUE(authority_->PrepareDirectory(std::nullopt, 0, made).ok());
  ASSERT_TRUE(authority_->CommitDirectory().ok());
  const std::string sign = present_->Verifier().ToString();
  EXPECT_TRUE(Counts(sign, made - absl::Seconds(1)));
  EXPECT_FALSE(Counts(sign, made));
  EXPECT_TRUE(authority_->Review()->added.empty());
  // The versions after it leave that moment as it is.
  ASSERT_TRUE(authority_->PrepareDirectory(std::nullopt, 0, made + absl::Hours(1)).ok());
  EXPECT_FALSE(Counts(sign, made));
}

TEST_F(NewKeys, LeaveRecordsThatGoAfterFourHundredDays) {
  const MemberKeys next = Generate();
  ASSERT_TRUE(authority_->RekeyMember(Request(next, *present_), absl::ZeroDuration(), kLater).ok());
  const std::string old_sign = present_->Verifier().ToString();
  ASSERT_TRUE(authority_->PrepareDirectory(std::nullopt, 0, kLater + kKeyRecordLife).ok());
  EXPECT_TRUE(Counts(old_sign, kNow));
  ASSERT_TRUE(authority_->CommitDirectory().ok());
  ASSERT_TRUE(
      authority_->PrepareDirectory(std::nullopt, 0, kLater + kKeyRecordLife + absl::Seconds(1))
          .ok());
  EXPECT_FALSE(Counts(old_sign, kNow));
  EXPECT_TRUE(Counts(next.Verifier().ToString(), kLater));
}

class Challenged : public NewKeys {
 protected:
  Challenged()
      : keys_(*MemberKeys::Generate(*MemberId::Parse("night"), authority_->network().network,
                                    authority_.random())) {
    const NewMember night{.request = Enrolment(keys_),
                          .org = *OrgId::Parse("hotel"),
                          .roles = {Role::kReader},
                          .vetting = 1};
    sealed_ = *authority_->AddPendingMember(night, kNow, authority_.random());
  }
  AccountState State() { return Draft()->FindMember(keys_.member)->state; }

  MemberKeys keys_;
  std::string sealed_;
};

TEST_F(Challenged, AMemberIsPendingUntilItReturnsTheAnswer) {
  EXPECT_EQ(State(), AccountState::kPending);
  const absl::StatusOr<SecretText> opened = OpenText(sealed_, keys_.seal);
  ASSERT_TRUE(opened.ok()) << opened.status();
  const absl::StatusOr<std::string> answer =
      AnswerTo(opened->Reveal(SecretAccess::ForCrypto()), keys_.network, keys_.member);
  ASSERT_TRUE(answer.ok()) << answer.status();
  authority_.Reopen();
  ASSERT_TRUE(authority_->ConfirmMember(keys_.member, *answer, kLater).ok());
  EXPECT_EQ(State(), AccountState::kActive);
  EXPECT_EQ(authority_->ConfirmMember(keys_.member, *answer, kLater).code(),
            absl::StatusCode::kNotFound);
}

TEST_F(Challenged, AnotherAnswerConfirmsNobody) {
  EXPECT_EQ(RuleOf(authority_->ConfirmMember(keys_.member, "AAAA-AAAA-AAAA-AAAA-AAAA", kLater)),
            "WRONG_ANSWER");
  EXPECT_EQ(RuleOf(authority_->ConfirmMember(keys_.member, "", kLater)), "WRONG_ANSWER");
  EXPECT_EQ(authority_->ConfirmMember(kGuard, "x", kLater).code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(authority_->Reinstate(keys_.member, "x", kLater).ok());
  EXPECT_EQ(State(), AccountState::kPending);
}

TEST_F(Challenged, NoDetourConfirmsAMemberThatHasNotAnswered) {
  EXPECT_EQ(RuleOf(authority_->Suspend(keys_.member, "x", kLater)), "CHALLENGE_OPEN");
  EXPECT_EQ(RuleOf(authority_->Reinstate(keys_.member, "x", kLater)), "CHALLENGE_OPEN");
  EXPECT_EQ(State(), AccountState::kPending);
  // Nor does the answer confirm other keys than those it was asked of.
  const MemberKeys next = *MemberKeys::Generate(keys_.member, keys_.network, authority_.random());
  EXPECT_EQ(RuleFor(Request(next, keys_)), "CHALLENGE_OPEN");
  ASSERT_TRUE(authority_->EndMemberKeys(keys_.member, "lost", kLater).ok());
  EXPECT_EQ(RuleFor(Enrolment(next)), "CHALLENGE_OPEN");
  // The way out is final.
  ASSERT_TRUE(authority_->Revoke(keys_.member, "lost", kLater).ok());
  EXPECT_EQ(State(), AccountState::kRevoked);
  EXPECT_EQ(authority_->draft().FindChallenge(keys_.member), nullptr);
}

TEST_F(Challenged, OnlyTheNewSealKeyOpensIt) {
  EXPECT_FALSE(OpenText(sealed_, present_->seal).ok());
}

TEST_F(Challenged, NothingElseIsOpenedForWhoeverSendsIt) {
  for (const char* text :
       {"secret", "shield/challenge/v1\nnetwork other.example\nmember night\n",
        "shield/challenge/v1\nnetwork antwerp.example\nmember guard\n",
        "shield/challenge/v1\nnetwork antwerp.example\nmember night\nnonce x\n"}) {
    EXPECT_EQ(RuleOf(AnswerTo(text, keys_.network, keys_.member).status()), "CHALLENGE_MALFORMED");
  }
}

}  // namespace
}  // namespace shield
