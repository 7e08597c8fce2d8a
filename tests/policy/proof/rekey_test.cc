// A member exchanges its keys by a request that both its sign keys signed.
#include "policy/proof/rekey.h"

#include <gtest/gtest.h>

#include <string>

#include "base/status.h"
#include "crypto/note.h"
#include "tests/policy/mutations.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

using testing::SampleNetwork;

class Rekey : public ::testing::Test {
 protected:
  static const SampleNetwork& Filled(SampleNetwork& network) {
    network.AddOrg("police", OrgKind::kAuthority);
    network.AddMember("jan", "police", {Role::kAnalyst});
    network.AddMember("els", "police", {Role::kAnalyst});
    return network;
  }

  // jan's request: the seat of els stands in for keys nobody is enrolled with.
  RekeyRequest RequestOf(const SigningKey& next, const SigningKey& present) const {
    const std::string name = network_.origin().KeyName("jan");
    const testing::SampleSeat& seat = network_.Seat("els");
    return {{network_.origin(), NetworkFileDigest(network_.file()), *MemberId::Parse("jan"),
             seat.seal, *next.Verifier(name), seat.tls_pin},
            *present.Verifier(name)};
  }
  std::string RuleFor(const std::string& note) const {
    return RuleOf(VerifyRekeyRequest(note, network_.file()).status());
  }

  SampleNetwork filled_;
  const SampleNetwork& network_ = Filled(filled_);
  testing::SeededRandom random_{4};
  const SigningKey next_ = SigningKey::Generate(random_);
  const SigningKey& present_ = network_.Seat("jan").sign;
};

TEST_F(Rekey, IsSignedByTheNewKeyAndByTheOneItReplaces) {
  const RekeyRequest request = RequestOf(next_, present_);
  const std::string note = SignRekeyRequest(request, next_, present_);
  EXPECT_TRUE(IsRekeyRequest(note));
  const absl::StatusOr<RekeyRequest> verified = VerifyRekeyRequest(note, network_.file());
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(*verified, request);

  const std::string& name = request.keys.sign.name();
  const std::string text = PrintRekeyRequest(request);
  EXPECT_EQ(RuleFor(SignNote(text, name, next_)), "BAD_SIGNATURE");
  EXPECT_EQ(RuleFor(SignNote(text, name, present_)), "BAD_SIGNATURE");
}

TEST_F(Rekey, EveryMutationIsRefused) {
  const std::string note = SignRekeyRequest(RequestOf(next_, present_), next_, present_);
  testing::ForEachMutation(note, [&](const std::string& mutated) {
    EXPECT_FALSE(VerifyRekeyRequest(mutated, network_.file()).ok()) << mutated;
  });
}

TEST_F(Rekey, AnotherNetworksIsRefused) {
  RekeyRequest request = RequestOf(next_, present_);
  request.keys.network_digest.bytes[0] ^= 1;
  EXPECT_EQ(RuleFor(SignRekeyRequest(request, next_, present_)), "NETWORK_MISMATCH");
}

TEST_F(Rekey, AKeyDoesNotReplaceItselfNorAnotherMembers) {
  EXPECT_EQ(RuleFor(SignNote(PrintRekeyRequest(RequestOf(next_, next_)),
                             network_.origin().KeyName("jan"), next_)),
            "REQUEST_MALFORMED");
  RekeyRequest request = RequestOf(next_, present_);
  request.replaces = *network_.Seat("els").sign.Verifier(network_.origin().KeyName("els"));
  EXPECT_FALSE(ParseRekeyRequest(PrintRekeyRequest(request)).ok());
}

TEST_F(Rekey, ARequestToBeEnrolledIsNone) {
  const RekeyRequest request = RequestOf(next_, present_);
  const std::string enrolment = SignEnrolmentRequest(request.keys, next_);
  EXPECT_FALSE(IsRekeyRequest(enrolment));
  EXPECT_EQ(RuleFor(enrolment), "REQUEST_MALFORMED");
}

}  // namespace
}  // namespace shield
