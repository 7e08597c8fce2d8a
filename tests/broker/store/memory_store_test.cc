#include "tests/broker/store/memory_store.h"

#include "tests/broker/store/endings_contract.h"
#include "tests/broker/store/receipts_contract.h"
#include "tests/broker/store/store_contract.h"

namespace shield::testing {
namespace {

class MemoryHost final : public StoreHost {
 public:
  store::Store& store() override { return store_; }
  void SetDiskLow(bool low) override { store_.SetDiskLow(low); }

 private:
  MemoryStore store_;
};

std::unique_ptr<StoreHost> MakeMemoryHost() { return std::make_unique<MemoryHost>(); }

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, ::testing::Values(&MakeMemoryHost));
INSTANTIATE_TEST_SUITE_P(Memory, EndingsContract, ::testing::Values(&MakeMemoryHost));
INSTANTIATE_TEST_SUITE_P(Memory, ReceiptsContract, ::testing::Values(&MakeMemoryHost));

TEST(MemoryStoreTest, AFailedCommitFailsTheStoreForGood) {
  MemoryStore store;
  store.FailNextCommit(absl::InternalError("the disk is gone"));
  const absl::Status unknown = Commit(store, SamplePublish(1, SampleMembers(1))).status();
  EXPECT_EQ(RuleOf(unknown), store::kRuleOutcomeUnknown);
  EXPECT_FALSE(store.health().ok());
  const absl::Status failed = Commit(store, SamplePublish(2, SampleMembers(1))).status();
  EXPECT_EQ(RuleOf(failed), store::kRuleStoreFailed);
  EXPECT_EQ(RuleOf(store.ReadPosition(Member("member-0")).status()), store::kRuleStoreFailed);
}

}  // namespace
}  // namespace shield::testing
