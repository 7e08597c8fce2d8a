// The contract of Connection (client/connection.h): what an auditor is told of what falls due.
#include <gmock/gmock.h>

#include "crypto/note.h"
#include "crypto/sha256.h"
#include "tests/e2e/contract/contract_fixture.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class RetentionContract : public ConnectionContract {
 protected:
  void SetUp() override {
    network_->AddMember("auditor", "police", Role::kAuditor);
    network_->AddMember("checker", "astrid", Role::kAuditor);
    network_->PublishDirectory();
  }

  RetentionPage Due(absl::Duration within = absl::Hours(24 * 3650)) {
    const auto page = As("auditor").GetRetention({network_->Now() + within, {}}, kCall);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.value_or(RetentionPage{});
  }
};

INSTANTIATE_TEST_SUITE_P(Brokers, RetentionContract,
                         ::testing::Values(ContractBroker::kMemory, ContractBroker::kShieldd),
                         NameOf);

TEST_P(RetentionContract, AnAuditorIsToldWhatFallsDueAndNobodyElse) {
  const Envelope envelope = MustPublish({"org:astrid"});
  const RetentionPage page = Due();
  ASSERT_THAT(page.rows, SizeIs(1));
  const SignedNote note = *ParseNote(envelope.sealed.offer.statement);
  const Statement statement = *ParseStatement(note.text);
  EXPECT_EQ(page.rows[0].id, envelope.id);
  EXPECT_EQ(page.rows[0].text_digest, Sha256(note.text));
  EXPECT_EQ(page.rows[0].bulletin_class, "content");
  EXPECT_EQ(page.rows[0].label, "AMBER+STRICT");
  EXPECT_EQ(page.rows[0].issued, statement.issued);
  EXPECT_EQ(page.rows[0].expires, statement.expires);
  EXPECT_EQ(page.next, std::nullopt);
  EXPECT_THAT(Due(statement.expires - network_->Now() - absl::Minutes(1)).rows, IsEmpty());
  for (const char* who : {"ann", "astrid-reader", "checker"}) {
    EXPECT_EQ(CodeAndRule(As(who).GetRetention({network_->Now(), {}}, kCall).status()),
              "PERMISSION_DENIED NOT_AN_AUDITOR")
        << who;
  }
}

TEST_P(RetentionContract, WhatWasWithdrawnIsNotDueAnyMoreAndOfRedThereIsNoId) {
  const Envelope envelope = MustPublish({"org:astrid"});
  ASSERT_TRUE(Send(Withdrawal(envelope)).ok());
  for (const RetentionRow& row : Due().rows) EXPECT_NE(row.id, envelope.id);
  ASSERT_TRUE(
      Send(Composed("ann", BulletinClass::kContent, Tlp::kRed, {"member:astrid-reader"})).ok());
  bool red = false;
  for (const RetentionRow& row : Due().rows) {
    if (row.label != "RED") continue;
    red = true;
    EXPECT_EQ(row.id, std::nullopt);
  }
  EXPECT_TRUE(red);
}

TEST_P(RetentionContract, OnePastTheRowsPassedIsRefused) {
  const absl::Time end = network_->Now() + absl::Hours(1);
  EXPECT_TRUE(As("auditor").GetRetention({end, {end, 100'000}}, kCall).ok());
  EXPECT_EQ(CodeAndRule(As("auditor").GetRetention({end, {end, 100'001}}, kCall).status()),
            "INVALID_ARGUMENT LIMIT_EXCEEDED");
}

}  // namespace
}  // namespace shield::testing
