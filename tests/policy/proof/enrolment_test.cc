#include "policy/proof/enrolment.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/hex.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/fields.h"
#include "tests/policy/mutations.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

using testing::SampleNetwork;

class EnrolmentTest : public ::testing::Test {
 protected:
  EnrolmentTest() {
    network_.AddOrg("hotel", OrgKind::kMember);
    network_.AddMember("desk", "hotel", {Role::kDesk});
    directory_ = network_.Publish().directory;
    other_.AddMember("els", "bar", {Role::kReader});
  }

  EnrolmentRequest RequestOf(const SigningKey& key, absl::string_view member) {
    return {network_.origin(),
            NetworkFileDigest(network_.file()),
            *MemberId::Parse(member),
            other_.Seat("els").seal,
            key.Verifier(network_.origin().KeyName(member)).value(),
            Sha256("tls key")};
  }
  std::string Signed(const EnrolmentRequest& request) {
    return SignEnrolmentRequest(request, key_);
  }

  SampleNetwork network_;
  SampleNetwork other_{1, 1, 2};
  testing::SeededRandom random_{9};
  const SigningKey key_ = SigningKey::Generate(random_);
  std::shared_ptr<const VerifiedDirectory> directory_;
};

TEST_F(EnrolmentTest, ARequestIsVerifiedAndHasItsFingerprint) {
  const EnrolmentRequest request = RequestOf(key_, "els");
  const absl::StatusOr<EnrolmentRequest> verified =
      VerifyEnrolmentRequest(Signed(request), network_.file());
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(*verified, request);
  EXPECT_EQ(RequestFingerprint(request), Fingerprint(Sha256(PrintEnrolmentRequest(request))));
  EXPECT_TRUE(EnrolledKeys(directory_->directory()).CheckNew(request).ok());
}

TEST_F(EnrolmentTest, EveryMutationOfANoteIsRefused) {
  const EnrolmentRequest request = RequestOf(key_, "els");
  testing::ForEachMutation(Signed(request), [&](const std::string& mutated) {
    EXPECT_FALSE(VerifyEnrolmentRequest(mutated, network_.file()).ok()) << mutated;
  });
}

TEST_F(EnrolmentTest, AnotherNetworksRequestIsRefused) {
  EnrolmentRequest request = RequestOf(key_, "els");
  request.network_digest = NetworkFileDigest(other_.file());
  EXPECT_EQ(RuleOf(VerifyEnrolmentRequest(Signed(request), network_.file()).status()),
            "NETWORK_MISMATCH");
}

TEST_F(EnrolmentTest, ARequestIsSignedByItsOwnSignKeyOnly) {
  const EnrolmentRequest request = RequestOf(key_, "els");
  const SigningKey another = SigningKey::Generate(random_);
  const std::string forged = SignEnrolmentRequest(request, another);
  EXPECT_EQ(RuleOf(VerifyEnrolmentRequest(forged, network_.file()).status()), "BAD_SIGNATURE");
  const std::string two = AddSignature(Signed(request), "second", another).value();
  EXPECT_EQ(RuleOf(VerifyEnrolmentRequest(two, network_.file()).status()), "REQUEST_MALFORMED");
}

TEST_F(EnrolmentTest, NamesOfTheNetworksOwnKeysAreRefused) {
  for (absl::string_view id : {"broker", "log", "fresh", "authority-1"}) {
    EXPECT_EQ(RuleOf(VerifyEnrolmentRequest(Signed(RequestOf(key_, id)), network_.file()).status()),
              "REQUEST_MALFORMED")
        << id;
  }
}

TEST_F(EnrolmentTest, SealKeysOfLowOrderOrSecondEncodingAreRefused) {
  const std::vector<std::string> keys = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0900000000000000000000000000000000000000000000000000000000000080"};
  for (const std::string& hex : keys) {
    EnrolmentRequest request = RequestOf(key_, "els");
    const Bytes raw = *HexDecode(hex);
    std::copy(raw.begin(), raw.end(), request.seal.bytes.begin());
    EXPECT_EQ(RuleOf(VerifyEnrolmentRequest(Signed(request), network_.file()).status()),
              "REQUEST_MALFORMED")
        << hex;
  }
}

TEST_F(EnrolmentTest, ASignKeyOfSmallOrderIsRefused) {
  EnrolmentRequest request = RequestOf(key_, "els");
  Ed25519PublicKey identity{};
  identity[0] = 1;
  request.sign = VerifierKey::Create(network_.origin().KeyName("els"), identity).value();
  EXPECT_EQ(RuleOf(VerifyEnrolmentRequest(Signed(request), network_.file()).status()),
            "REQUEST_MALFORMED");
}

TEST_F(EnrolmentTest, AnEnrolledMemberOrKeyIsNotTakenTwice) {
  const EnrolledKeys enrolled(directory_->directory());
  EXPECT_EQ(RuleOf(enrolled.CheckNew(RequestOf(key_, "desk"))), "ID_TAKEN");

  EnrolmentRequest request = RequestOf(key_, "els");
  request.seal = network_.Seat("desk").seal;
  EXPECT_EQ(RuleOf(enrolled.CheckNew(request)), "KEY_TAKEN");
  request = RequestOf(key_, "els");
  request.tls_pin = network_.Seat("desk").tls_pin;
  EXPECT_EQ(RuleOf(enrolled.CheckNew(request)), "KEY_TAKEN");
  // The same Ed25519 key has another text under another name.
  EXPECT_EQ(RuleOf(enrolled.CheckNew(RequestOf(network_.Seat("desk").sign, "els"))), "KEY_TAKEN");
}

TEST_F(EnrolmentTest, KeysOfTheNetworkAreTaken) {
  const SigningKey witness = SigningKey::Generate(random_);
  network_.draft().witnesses = {witness.Verifier("witness.example/one").value().ToString()};
  const EnrolledKeys enrolled(network_.Publish().directory->directory());
  for (const SigningKey* key :
       {&network_.KeyOf("broker"), &network_.KeyOf("log"), &network_.KeyOf("fresh"), &witness}) {
    EXPECT_EQ(RuleOf(enrolled.CheckNew(RequestOf(*key, "els"))), "KEY_TAKEN");
  }
  EnrolmentRequest request = RequestOf(key_, "els");
  request.tls_pin = network_.file().broker_pin;
  EXPECT_EQ(RuleOf(enrolled.CheckNew(request)), "KEY_TAKEN");
}

TEST_F(EnrolmentTest, TwoRequestsOfOneBatchDoNotShareAKey) {
  EnrolledKeys enrolled(directory_->directory());
  const EnrolmentRequest first = RequestOf(key_, "els");
  EXPECT_TRUE(enrolled.CheckNew(first).ok());
  enrolled.Add(first);
  EXPECT_EQ(RuleOf(enrolled.CheckNew(first)), "ID_TAKEN");
  EXPECT_EQ(RuleOf(enrolled.CheckNew(RequestOf(key_, "an"))), "KEY_TAKEN");
}

TEST_F(EnrolmentTest, TheSameRequestOnceMoreIsNoMatterForNewKeys) {
  EnrolledKeys enrolled(directory_->directory());
  const EnrolmentRequest request = RequestOf(key_, "els");
  enrolled.Add(request);
  for (const absl::Status& again : {enrolled.CheckNew(request), enrolled.CheckKeysNew(request)}) {
    EXPECT_TRUE(absl::StartsWith(HintOf(again), "nothing is to be done")) << again << HintOf(again);
  }
  EXPECT_EQ(RuleOf(enrolled.CheckNew(request)), "ID_TAKEN");
  EXPECT_EQ(RuleOf(enrolled.CheckKeysNew(request)), "KEY_TAKEN");
  // Another's keys, or another request under the id, are.
  const absl::Status other = enrolled.CheckKeysNew(RequestOf(key_, "an"));
  EXPECT_TRUE(absl::StartsWith(HintOf(other), "the member makes new keys")) << HintOf(other);
}

TEST_F(EnrolmentTest, ALongRequestIsRefused) {
  const std::string note = Signed(RequestOf(key_, "els"));
  EXPECT_FALSE(VerifyEnrolmentRequest(absl::StrCat(std::string(kMaxRequestBytes, 'x'), "\n", note),
                                      network_.file())
                   .ok());
}

}  // namespace
}  // namespace shield
