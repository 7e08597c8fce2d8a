// A bulletin to ten thousand members in one call, and what its readers get of it.

#include "base/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/proof/recipient_set.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

constexpr int kOrgs = 100;
constexpr int kMembersPerOrg = 100;

class LargeAudience : public BrokerTestBase {
 protected:
  static std::string OrgName(int org) { return "firm" + std::to_string(org); }
  static std::string MemberName(int org, int member) {
    return "m" + std::to_string(org) + "-" + std::to_string(member);
  }
};

TEST_F(LargeAudience, OfTenThousandIsPublishedInOneCallAndProvenToEach) {
  for (int org = 0; org < kOrgs; ++org) {
    network_.AddOrg(OrgName(org), OrgKind::kMember);
    for (int member = 0; member < kMembersPerOrg; ++member) {
      network_.AddMember(MemberName(org, member), OrgName(org), {Role::kReader});
    }
  }
  Enrol();
  const SealedBulletin bulletin = network_.Seal({"ann", Tlp::kGreen, {"community:shield-test"}});
  const absl::Time begin = absl::Now();
  const auto receipt = Publish("ann", bulletin);
  const absl::Duration took = absl::Now() - begin;
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_GE(receipt->recipients, uint64_t{kOrgs} * kMembersPerOrg);
  std::printf("%llu recipients: checked and committed in %s\n",
              static_cast<unsigned long long>(receipt->recipients),
              absl::FormatDuration(took).c_str());

  for (const auto& [org, member] : {std::pair(0, 0), std::pair(57, 31), std::pair(99, 99)}) {
    const std::string name = MemberName(org, member);
    const auto entries = Entries(Drain(*Subscribe(name)));
    ASSERT_EQ(entries.size(), 1u);
    const auto& own = entries[0].own;
    EXPECT_TRUE(VerifyRecipient({network_.member(name).seal, own.slot_hash}, own.leaf_index,
                                own.leaf_proof, bulletin.statement)
                    .ok());
  }
}

}  // namespace
}  // namespace shield::testing
