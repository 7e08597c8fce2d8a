// A row that cannot be read stops the store for good, whichever it is and whoever meets it.
#include <functional>

#include "base/status.h"
#include "broker/store/store_errors.h"
#include "gtest/gtest.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

using store::Column;

// A row, and a call that must read it.
struct UnreadableRow {
  const char* name;
  Column column;
  std::string key;
  std::function<absl::Status(store::Store&)> meet;
  // What the call answers when it is not the damage itself: a group is refused as a whole.
  absl::string_view rule = store::kRuleStoreFailed;
};

std::vector<UnreadableRow> UnreadableRows() {
  const auto member = [] { return Member("member-0"); };
  return {
      {"BulletinRead", Column::kBulletin, store::BulletinKey(SampleId(1)),
       [](store::Store& store) { return store.ReadBulletin(SampleId(1)).status(); }},
      {"BulletinOfARepeatedRequest", Column::kBulletin, store::BulletinKey(SampleId(1)),
       [](store::Store& store) {
         return store.FindReceipt(SampleId(1), Member("analyst"), Digest{}).status();
       }},
      {"BulletinOfACommand", Column::kBulletin, store::BulletinKey(SampleId(1)),
       [](store::Store& store) {
         return Commit(store, SamplePublish(1, SampleMembers(2), 1)).status();
       }},
      {"RecipientLeaves", Column::kRecipient, store::RecipientKey(SampleId(1), 0),
       [](store::Store& store) { return store.ReadContents({{SampleId(1)}}).status(); }},
      {"RecipientCursors", Column::kRecipient, store::RecipientKey(SampleId(1), 0),
       [](store::Store& store) { return store.ReadRecipientCursors(SampleId(1)).status(); }},
      {"InboxScan", Column::kInbox, store::InboxKey({0}, 1),
       [member](store::Store& store) { return store.ScanInbox(member(), 0, {}).status(); }},
      {"InboxChainHash", Column::kInbox, store::InboxKey({0}, 1),
       [member](store::Store& store) { return store.ReadChainHash(member(), 1).status(); }},
      {"InboxResumeToken", Column::kInbox, store::InboxKey({0}, 1),
       [member](store::Store& store) { return store.MakeResumeToken(member(), 1).status(); }},
      {"InboxOfAnAcknowledgement", Column::kInbox, store::InboxKey({0}, 1),
       [member](store::Store& store) {
         return Commit(store, store::AcknowledgeCommand{member(), 1, Digest{}}).status();
       }},
      {"Receipt", Column::kReceipt, store::ReceiptKey(SampleId(1), {0}, 1),
       [](store::Store& store) { return store.ReadReceipts(SampleId(1)).status(); }},
      {"PayloadChunk", Column::kPayload, store::PayloadKey(1, 0, 0),
       [](store::Store& store) { return store.ReadChunk(SampleId(1), 0, 0).status(); }},
      {"LogNode", Column::kLog, store::LogKey(0, 0),
       [](store::Store& store) { return store.ReadInclusionPath(1, 3).status(); }},
      {"Commit", Column::kCommit, store::CommitKey(2),
       [](store::Store& store) { return store.ReadCommits(0, 10).status(); }},
      {"DirectoryLines", Column::kMeta, store::DirectoryLinesKey(0),
       [](store::Store& store) { return store.ReadDirectory().status(); }},
  };
}

class StoreRowsTest : public ::testing::TestWithParam<UnreadableRow> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Commit(host_.store(), SampleDirectory(0, 1)).ok());
    for (uint64_t number = 1; number <= 2; ++number) {
      ASSERT_TRUE(Commit(host_.store(), SamplePublish(number, SampleMembers(2), 1)).ok());
    }
    ASSERT_TRUE(
        Commit(host_.store(), store::ReceiptsCommand{Member("member-0"),
                                                     {SampleReceipt(1, Member("member-0"), 1)}})
            .ok());
    host_.Close();
  }
  RocksHost host_;
};

TEST_P(StoreRowsTest, ThatCannotBeReadStopsTheStore) {
  const UnreadableRow& row = GetParam();
  ASSERT_TRUE(host_.Row(row.column, row.key).has_value());
  host_.Overwrite(row.column, row.key, "?");
  ASSERT_TRUE(host_.Open().ok());
  ASSERT_TRUE(host_.store().health().ok());
  const absl::Status met = row.meet(host_.store());
  EXPECT_EQ(RuleOf(met), row.rule) << met;
  EXPECT_TRUE(absl::IsDataLoss(host_.store().health())) << host_.store().health();
  EXPECT_EQ(RuleOf(Commit(host_.store(), SamplePublish(9, SampleMembers(1), 1)).status()),
            store::kRuleStoreFailed);
}

INSTANTIATE_TEST_SUITE_P(Rows, StoreRowsTest, ::testing::ValuesIn(UnreadableRows()),
                         [](const auto& test) { return std::string(test.param.name); });

// Rows that every start reads.
class StoreStartRowsTest : public StoreRowsTest {};

TEST_P(StoreStartRowsTest, ThatCannotBeReadRefuseTheStart) {
  const UnreadableRow& row = GetParam();
  ASSERT_TRUE(host_.Row(row.column, row.key).has_value());
  host_.Overwrite(row.column, row.key, "?");
  const absl::Status refused = host_.Open();
  EXPECT_TRUE(absl::IsDataLoss(refused)) << refused;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, StoreStartRowsTest,
    ::testing::Values(UnreadableRow{"Epoch", Column::kMeta, store::EpochKey(), {}},
                      UnreadableRow{
                          "Member", Column::kMeta, store::MemberKey(Member("member-1")), {}},
                      UnreadableRow{"LastEntry", Column::kInbox, store::InboxKey({1}, 2), {}},
                      UnreadableRow{"LastCommit", Column::kCommit, store::CommitKey(4), {}},
                      UnreadableRow{"Directory", Column::kMeta, store::DirectoryKey(), {}},
                      UnreadableRow{"LogFrontier", Column::kLog, store::LogKey(2, 0), {}}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace shield::testing
