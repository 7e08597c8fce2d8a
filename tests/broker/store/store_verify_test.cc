// What checksums cannot find: rows that are well-formed and wrong, as a fault of our own would
// leave them.
#include "broker/store/store_verify.h"

#include <functional>

#include "base/status.h"
#include "crypto/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/receipt.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

using store::Column;
using ::testing::HasSubstr;

constexpr uint64_t kExpires = 1'800'000'000;  // of sample publishes

// Two directories, the last of several blocks of lines, and four bulletins to two members.
class StoreVerifyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Commit(host_.store(), SampleDirectory(0, 1)).ok());
    ASSERT_TRUE(Commit(host_.store(), SampleDirectory(1, 2, 10'000)).ok());
    for (uint64_t number = 1; number <= 4; ++number) {
      ASSERT_TRUE(Commit(host_.store(), SamplePublish(number, SampleMembers(2), 2)).ok());
    }
    for (const uint8_t state : {uint8_t{1}, uint8_t{2}}) {
      ASSERT_TRUE(Commit(host_.store(),
                         store::ReceiptsCommand{Member("member-0"),
                                                {SampleReceipt(1, Member("member-0"), state)}})
                      .ok());
    }
    const std::string text = PrintReceipt({*Origin::Parse("antwerp.example"), Member("member-0"),
                                           SampleId(2), Digest{}, ReceiptState::kDelivered});
    const store::NewReceipt read{.id = SampleId(2),
                                 .state = 1,
                                 .note = ToBytes(AsBytes(SampleNote(text))),
                                 .log_entry = LogEntry(LogKind::kReceipt, Sha256(text))};
    ASSERT_TRUE(Commit(host_.store(), store::ReceiptsCommand{Member("member-0"), {read}}).ok());
    host_.Close();
    ASSERT_TRUE(store::VerifyStore(host_.folder()).ok());
  }

  void ExpectFound(absl::string_view sentence) {
    const absl::Status status = store::VerifyStore(host_.folder()).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(sentence)));
  }

  // Changes a bulletin's row and writes it back.
  void Rewrite(uint64_t number, const std::function<void(store::BulletinValue&)>& change) {
    const std::string key = store::BulletinKey(SampleId(number));
    auto value = store::DecodeBulletin(SampleId(number), *host_.Row(Column::kBulletin, key));
    ASSERT_TRUE(value.has_value());
    change(*value);
    host_.Overwrite(Column::kBulletin, key, store::EncodeBulletin(*value));
  }

  RocksHost host_;
};

TEST_F(StoreVerifyTest, AnEntryInThePlaceOfAnother) {
  host_.Overwrite(Column::kInbox, store::InboxKey({0}, 3),
                  host_.Row(Column::kInbox, store::InboxKey({0}, 4)));
  ExpectFound("breaks the chain");
}

TEST_F(StoreVerifyTest, AReceiptInThePlaceOfAnotherOrGone) {
  const std::string first = store::ReceiptKey(SampleId(1), {0}, 1);
  const std::optional<std::string> row = host_.Row(Column::kReceipt, first);
  auto value =
      store::DecodeReceipt(*host_.Row(Column::kReceipt, store::ReceiptKey(SampleId(1), {0}, 2)));
  value->commit = store::DecodeReceipt(*row)->commit;
  host_.Overwrite(Column::kReceipt, first, store::EncodeReceipt(*value));
  ExpectFound("is not the one that the log holds");
  value->commit = 1;
  host_.Overwrite(Column::kReceipt, first, store::EncodeReceipt(*value));
  ExpectFound("names another's commit");
  host_.Overwrite(Column::kReceipt, first, std::nullopt);
  ExpectFound("3 receipts were committed, but 2 are there");
  host_.Overwrite(Column::kReceipt, store::ReceiptKey(SampleId(9), {0}, 1), row);
  ExpectFound("is about none");
}

TEST_F(StoreVerifyTest, AReceiptThatSaysAnotherMemberOrState) {
  const std::string own = store::ReceiptKey(SampleId(2), {0}, 1);
  const std::optional<std::string> row = host_.Row(Column::kReceipt, own);
  host_.Overwrite(Column::kReceipt, own, std::nullopt);
  for (const std::string& other : {std::string(store::ReceiptKey(SampleId(2), {1}, 1)),
                                   std::string(store::ReceiptKey(SampleId(2), {0}, 3))}) {
    host_.Overwrite(Column::kReceipt, other, row);
    ExpectFound("lies in the place of another");
    host_.Overwrite(Column::kReceipt, other, std::nullopt);
  }
}

TEST_F(StoreVerifyTest, AnotherStatementUnderADigest) {
  Rewrite(2, [](store::BulletinValue& value) {
    value.record.statement = ToBytes(AsBytes(SampleNote("another statement\n")));
  });
  ExpectFound("is not the one whose digest stands beside it");
}

TEST_F(StoreVerifyTest, ABulletinThatIsGoneAltogether) {
  host_.Overwrite(Column::kBulletin, store::BulletinKey(SampleId(4)), std::nullopt);
  ExpectFound("4 bulletins were committed, but 3 are there");
}

TEST_F(StoreVerifyTest, AMissingExpiryRow) {
  host_.Overwrite(Column::kExpiry, store::ExpiryKey(kExpires, SampleId(3)), std::nullopt);
  ExpectFound("has no expiry row");
}

TEST_F(StoreVerifyTest, AnExpiryRowOfAnotherTime) {
  host_.Overwrite(Column::kExpiry, store::ExpiryKey(kExpires + 1, SampleId(3)), "");
  ExpectFound("does not expire when a row says");
}

TEST_F(StoreVerifyTest, AnExpiryRowOfNoBulletin) {
  host_.Overwrite(Column::kExpiry, store::ExpiryKey(kExpires, SampleId(99)), "");
  ExpectFound("does not expire when a row says");
}

TEST_F(StoreVerifyTest, AMissingBlockOfDirectoryLines) {
  host_.Overwrite(Column::kMeta, store::DirectoryLinesKey(1), std::nullopt);
  ExpectFound("block 1 of the directory's lines is missing");
}

TEST_F(StoreVerifyTest, AMissingLastBlockOfDirectoryLines) {
  const auto row = store::DecodeDirectory(*host_.Row(Column::kMeta, store::DirectoryKey()));
  ASSERT_GT(row->blocks, 2u);
  host_.Overwrite(Column::kMeta, store::DirectoryLinesKey(row->blocks - 1), std::nullopt);
  ExpectFound("blocks of lines, but");
}

TEST_F(StoreVerifyTest, ABlockOfDirectoryLinesCutShort) {
  std::string block = *host_.Row(Column::kMeta, store::DirectoryLinesKey(0));
  block.pop_back();
  host_.Overwrite(Column::kMeta, store::DirectoryLinesKey(0), block);
  ExpectFound("block 0 of the directory's lines is missing or cannot be read");
}

TEST_F(StoreVerifyTest, ADirectoryRowOfAnotherCommit) {
  auto row = store::DecodeDirectory(*host_.Row(Column::kMeta, store::DirectoryKey()));
  row->log_index = 0;
  host_.Overwrite(Column::kMeta, store::DirectoryKey(), store::EncodeDirectory(*row));
  ExpectFound("the directory row is not of the last directory's commit");
}

}  // namespace
}  // namespace shield::testing
