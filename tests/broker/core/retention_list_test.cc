// What an auditor is told of what falls due for erasure.

#include "broker/core/retention_list.h"

#include <optional>
#include <set>

#include "base/status.h"
#include "broker/core/refusals.h"
#include "crypto/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/proof/log_leaf.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class RetentionList : public BrokerTestBase {
 protected:
  void SetUp() override {
    network_.AddMember("auditor", "police", {Role::kAuditor});
    network_.AddMember("checker", "hotel", {Role::kAuditor});
    network_.AddOrg("customs", OrgKind::kAuthority);
    network_.AddMember("inspector", "customs", {Role::kAuditor});
    broker::RetentionTable table;
    table.Set(BulletinClass::kContent, Tlp::kRed, absl::Hours(24 * 7));
    MakeBroker({}, table);
    Enrol();
  }

  SealedBulletin Published(const TestDraft& draft) {
    SealedBulletin bulletin = network_.Seal(draft);
    const auto receipt = Publish(draft.author, bulletin);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return bulletin;
  }
  absl::StatusOr<broker::RetentionPage> Ask(const std::string& who, absl::Duration due,
                                            const broker::RetentionPlace& from = {}) {
    return broker_->GetRetention(network_.CallerOf(who), {clock_.Now() + due, from});
  }
  broker::RetentionPage Page(const std::string& who, absl::Duration due) {
    const auto page = Ask(who, due);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.value_or(broker::RetentionPage{});
  }
  // Longer than any bulletin of these tests lives.
  static constexpr absl::Duration kLong = absl::Hours(24 * 3650);
};

TEST_F(RetentionList, SaysOfTheOwnOrganisationsWhatEndsWhenAndByWhichRow) {
  const SealedBulletin strict = Published({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  const broker::RetentionPage page = Page("auditor", kLong);
  ASSERT_THAT(page.rows, SizeIs(1));
  const broker::RetentionRow& row = page.rows[0];
  EXPECT_EQ(row.id, strict.statement.id);
  EXPECT_EQ(row.text_digest, Sha256(PrintStatement(strict.statement)));
  EXPECT_EQ(store_.ReadLogEntries(row.log_index, 1)->front(),
            LogEntry(LogKind::kBulletin, row.text_digest));
  EXPECT_EQ(row.bulletin_class, "content");
  EXPECT_EQ(row.label, "AMBER+STRICT");
  EXPECT_EQ(row.issued, strict.statement.issued);
  EXPECT_EQ(row.expires, strict.statement.expires);
  EXPECT_EQ(row.row_days, 0u) << "the table has no row for it";
  EXPECT_EQ(page.next, std::nullopt);
}

TEST_F(RetentionList, OfRedAndOfOthersTheHashStandsForTheId) {
  const SealedBulletin red = Published({"ann", Tlp::kRed, {"member:reader"}});
  const broker::RetentionPage own = Page("auditor", kLong);
  ASSERT_THAT(own.rows, SizeIs(1));
  EXPECT_EQ(own.rows[0].id, std::nullopt);
  EXPECT_EQ(own.rows[0].text_digest, Sha256(PrintStatement(red.statement)));
  EXPECT_EQ(own.rows[0].row_days, 7u);
  Published({"ann", Tlp::kGreen, {"org:hotel"}});
  for (const broker::RetentionRow& row : Page("inspector", kLong).rows) {
    EXPECT_EQ(row.id, std::nullopt) << row.label;
  }
}

TEST_F(RetentionList, IsRefusedToEverybodyElseInTheSameWords) {
  Published({"ann", Tlp::kGreen, {"org:hotel"}});
  for (const char* who : {"ann", "bob", "vetting", "reader", "desk", "checker"}) {
    EXPECT_EQ(Ask(who, kLong).status(), broker::NotAnAuditor()) << who;
  }
}

TEST_F(RetentionList, HoldsNothingThatEndsLaterNorWhatHasEnded) {
  const SealedBulletin one = Published({"ann", Tlp::kGreen, {"org:hotel"}});
  const SealedBulletin other = Published({"ann", Tlp::kGreen, {"org:hotel"}});
  const absl::Duration left = one.statement.expires - clock_.Now();
  EXPECT_THAT(Page("auditor", left).rows, IsEmpty());
  EXPECT_THAT(Page("auditor", left + absl::Seconds(1)).rows, SizeIs(2));
  ASSERT_TRUE(Publish("ann", network_.Withdraw("ann", other)).ok());
  const broker::RetentionPage page = Page("auditor", left + absl::Seconds(1));
  ASSERT_FALSE(page.rows.empty());
  for (const broker::RetentionRow& row : page.rows) EXPECT_NE(row.id, other.statement.id);
  EXPECT_EQ(page.unerased, 1u);
  broker_->Sweep();
  Commit();
  EXPECT_EQ(Page("auditor", kLong).unerased, 0u);
}

TEST_F(RetentionList, GoesOnPageAfterPageAndGivesEachOnce) {
  constexpr size_t kBulletins = broker::kRetentionRowsOfPage + 3;
  for (size_t i = 0; i < kBulletins; ++i) Published({"ann", Tlp::kGreen, {"org:hotel"}});
  std::set<uint64_t> seen;
  std::optional<broker::RetentionPlace> from = broker::RetentionPlace{};
  size_t pages = 0;
  for (; from.has_value(); ++pages) {
    const auto page = Ask("auditor", kLong, *from);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->rows.size(), broker::kRetentionRowsOfPage);
    for (const broker::RetentionRow& row : page->rows) {
      EXPECT_TRUE(seen.insert(row.log_index).second);
    }
    from = page->next;
  }
  EXPECT_THAT(seen, SizeIs(kBulletins));
  EXPECT_EQ(pages, 2u);
}

TEST_F(RetentionList, APlaceTooFarWithinOneEndIsRefused) {
  const absl::Time end = absl::FromUnixSeconds(absl::ToUnixSeconds(clock_.Now()) + 60);
  const auto far = static_cast<uint32_t>(store::kMaxDueRowsPassed);
  EXPECT_TRUE(Ask("auditor", kLong, {end, far}).ok());
  EXPECT_EQ(RuleOf(Ask("auditor", kLong, {end, far + 1}).status()), "LIMIT_EXCEEDED");
}

TEST_F(RetentionList, AStatementThatCannotBeReadAnyMoreFailsTheStore) {
  const SealedBulletin bulletin = Published({"ann", Tlp::kGreen, {"org:hotel"}});
  store_.DamageStatement(bulletin.statement.id);
  EXPECT_TRUE(absl::IsDataLoss(Ask("auditor", kLong).status()));
  EXPECT_FALSE(store_.health().ok());
}

}  // namespace
}  // namespace shield::testing
