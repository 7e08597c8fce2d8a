// Every rpc, from the client's half of the transport through TLS to a service and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/status.h"
#include "tests/e2e/transport/transport_fixture.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ServedCalls : public TransportFixture {
 protected:
  void SetUp() override {
    StartServer();
    connection_ = Connect(EnrolledKey("desk-astrid"));
  }
  std::unique_ptr<Connection> connection_;
};

TEST_F(ServedCalls, TheCallerIsWhoeverHoldsTheKey) {
  const auto answer = connection_->GetBroker(kPatience);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->broker_key, "desk-astrid");
  EXPECT_EQ(answer->time, absl::FromUnixSeconds(1'790'000'000));
}

TEST_F(ServedCalls, ADirectoryArrivesWhole) {
  const auto answer = connection_->GetDirectory(0, kPatience);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->note, "the note");
  EXPECT_EQ(answer->fresh, "the fresh note");
  ASSERT_THAT(answer->parts, SizeIs(2));
  EXPECT_THAT(answer->parts[0].own_lines, ElementsAre("member a1", "member a2"));
  EXPECT_THAT(answer->parts[0].proof, SizeIs(1));
  EXPECT_EQ(answer->parts[1].line, "org b");
}

TEST_F(ServedCalls, ADirectoryOfManyMessagesIsUploaded) {
  DirectoryUpload upload{"note", "fresh", {}};
  for (int i = 0; i < 20'000; ++i) upload.lines.push_back("line " + std::to_string(i));
  const auto receipt = connection_->PublishDirectory(upload, kPatience);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->version, 7U);
  EXPECT_EQ(service_.directory_lines(), upload.lines);
}

TEST_F(ServedCalls, APublishArrivesInChunksAndInOrder) {
  auto writer = connection_->Publish({"the statement", {{Bytes(16, 1), "org:hotel"}}}, kPatience);
  ASSERT_TRUE(writer.ok()) << writer.status();
  const Bytes slots(168 * 1000, 's');
  const Bytes payload(300'000, 'p');
  const Bytes object(100'000, 'o');
  EXPECT_TRUE((*writer)->WriteSlots(slots).ok());
  EXPECT_TRUE((*writer)->WritePayload(payload).ok());
  EXPECT_TRUE((*writer)->WriteObject(0, object).ok());
  EXPECT_TRUE((*writer)->WriteObject(1, object).ok());
  const auto receipt = (*writer)->Finish();
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->log_index, 41U);
  EXPECT_THAT(receipt->warnings, ElementsAre("EMPTY_AUDIENCE"));
  const auto publishes = service_.publishes();
  ASSERT_THAT(publishes, SizeIs(1));
  EXPECT_EQ(publishes[0].member, "desk-astrid");
  EXPECT_EQ(publishes[0].openings, 1U);
  EXPECT_EQ(publishes[0].slots, AsText(slots));
  EXPECT_EQ(publishes[0].payload, AsText(payload));
  EXPECT_THAT(publishes[0].objects, ElementsAre(AsText(object), AsText(object)));
  EXPECT_LE(publishes[0].largest_chunk, 64U * 1024);
}

TEST_F(ServedCalls, ARefusalKeepsRuleHintAndDelay) {
  absl::Status refusal =
      WithRule(absl::AbortedError("the directory is at version 8"), "DIRECTORY_MOVED");
  refusal = WithRetryDelay(WithHint(refusal, "fetch it and seal again"), absl::Milliseconds(250));
  service_.RefusePublishes(refusal);
  auto writer = connection_->Publish({"the statement", {}}, kPatience);
  ASSERT_TRUE(writer.ok()) << writer.status();
  EXPECT_EQ((*writer)->Finish().status(), refusal);
}

TEST_F(ServedCalls, WhatBrokeInsideIsToldAsAReferenceOnly) {
  const absl::Status causes[] = {
      absl::InternalError("IO error: /srv/broker/store/db/000093.sst"),
      WithRule(absl::DataLossError("/srv/broker/store is corrupt"), "STORE_FAILED"),
      WithRule(absl::UnavailableError("/srv/broker/store failed"), "OUTCOME_UNKNOWN")};
  for (const absl::Status& cause : causes) {
    service_.RefusePublishes(cause);
    auto writer = connection_->Publish({"the statement", {}}, kPatience);
    ASSERT_TRUE(writer.ok()) << writer.status();
    const absl::Status told = (*writer)->Finish().status();
    EXPECT_EQ(told.code(), cause.code());
    EXPECT_EQ(RuleOf(told), RuleOf(cause));
    EXPECT_THAT(told.ToString(), Not(HasSubstr("/srv")));
    EXPECT_THAT(told.ToString(), HasSubstr("reference"));
    EXPECT_THAT(log_.lines().back(), HasSubstr("call_failed"));
  }
  // What is meant for the caller goes out as it is.
  for (const char* rule :
       {"ROLLBACK", "DIRECTORY_FORK", "AUTHORITY_FORK", "BAD_SIGNATURE", "DIGEST_MISMATCH"}) {
    const absl::Status contradicts = WithRule(absl::DataLossError("another history"), rule);
    service_.RefusePublishes(contradicts);
    auto writer = connection_->Publish({"the statement", {}}, kPatience);
    EXPECT_EQ((*writer)->Finish().status(), contradicts);
  }
}

// Keeping one waits for the disk, and nobody else waits for that.
TEST_F(ServedCalls, ACosignatureHoldsNobodyElseUp) {
  service_.HoldCosignatures();
  absl::Status handed_in = absl::UnknownError("not yet");
  std::thread witness([&] { handed_in = connection_->Cosign("a note", kPatience); });
  service_.WaitForACosignature();
  const absl::Status meanwhile = connection_->GetBroker(kPatience).status();
  EXPECT_TRUE(meanwhile.ok()) << meanwhile;
  service_.TakeCosignatures();
  witness.join();
  EXPECT_TRUE(handed_in.ok()) << handed_in;
}

TEST_F(ServedCalls, PartsOutOfOrderAreRefusedAtOnce) {
  auto writer = connection_->Publish({"the statement", {}}, kPatience);
  ASSERT_TRUE(writer.ok()) << writer.status();
  static_cast<void>((*writer)->WritePayload(Bytes(10)));
  static_cast<void>((*writer)->WriteSlots(Bytes(168)));
  const absl::Status status = (*writer)->Finish().status();
  EXPECT_EQ(RuleOf(status), "OUT_OF_ORDER") << status;
  EXPECT_THAT(service_.publishes(), IsEmpty());
}

TEST_F(ServedCalls, AnAbandonedPublishCommitsNothing) {
  {
    auto writer = connection_->Publish({"the statement", {}}, kPatience);
    ASSERT_TRUE(writer.ok());
    EXPECT_TRUE((*writer)->WriteSlots(Bytes(168)).ok());
    while (service_.live_publishes() == 0) std::this_thread::yield();
    (*writer)->Cancel();
  }
  while (service_.live_publishes() > 0) std::this_thread::yield();
  EXPECT_THAT(service_.publishes(), IsEmpty());
  EXPECT_TRUE(connection_->GetBroker(kPatience).ok());
}

TEST_F(ServedCalls, AFetchGivesEverythingFromItsOffset) {
  const std::string bytes = std::string(200'000, 'a') + "the end";
  service_.set_fetched(bytes);
  auto reader = connection_->Fetch({BulletinId({1, 2, 3}), 1, 10}, kPatience);
  ASSERT_TRUE(reader.ok()) << reader.status();
  std::string read;
  while (true) {
    const auto piece = (*reader)->Read();
    ASSERT_TRUE(piece.ok()) << piece.status();
    if (piece->empty()) break;
    read += ToString(*piece);
  }
  EXPECT_EQ(read, bytes.substr(10));
  EXPECT_EQ((*reader)->total_bytes(), bytes.size());
}

// Far more than one message holds.
TEST_F(ServedCalls, AStatusWithReceiptsArrivesWhole) {
  const std::vector<std::string> receipts(3, std::string(1024, 'r'));
  service_.ShowReceipts(receipts);
  const auto status = connection_->GetStatus(BulletinId({1, 2, 3}), kPatience);
  ASSERT_TRUE(status.ok()) << status.status();
  ASSERT_THAT(*status, SizeIs(10'000));
  for (const ReaderStatus& reader : *status) ASSERT_EQ(reader.receipts, receipts);
}

TEST_F(ServedCalls, SmallCallsAnswer) {
  EXPECT_EQ(connection_->Acknowledge(17, Digest{}, kPatience).value_or(0), 17U);
  const auto status = connection_->GetStatus(BulletinId({1, 2, 3}), kPatience);
  ASSERT_TRUE(status.ok()) << status.status();
  ASSERT_THAT(*status, SizeIs(10'000));
  EXPECT_EQ(status->back().member.str(), "desk-astrid");
  EXPECT_TRUE(absl::IsNotFound(connection_->GetStatus(BulletinId({9}), kPatience).status()));
  EXPECT_EQ(connection_->GetStatement(BulletinId({1, 2, 3}), kPatience).value_or(""), "statement");
  EXPECT_TRUE(absl::IsNotFound(connection_->GetStatement(BulletinId({9}), kPatience).status()));
  const auto rules = connection_->AddReceipts({"shield/receipt/v1 …", "another note"}, kPatience);
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_THAT(*rules, ElementsAre("", "RECEIPT_MALFORMED"));
  const absl::Time end = absl::FromUnixSeconds(1'800'000'000);
  const auto due = connection_->GetRetention({end + absl::Hours(1), {end, 0}}, kPatience);
  ASSERT_TRUE(due.ok()) << due.status();
  ASSERT_THAT(due->rows, SizeIs(1));
  EXPECT_EQ(due->rows[0].id, BulletinId({1, 2, 3}));
  EXPECT_EQ(due->rows[0].issued, end);
  EXPECT_EQ(due->rows[0].expires, end + absl::Hours(1));
  EXPECT_EQ(due->rows[0].bulletin_class + due->rows[0].label, "contentAMBER+STRICT");
  EXPECT_EQ(due->rows[0].log_index + due->rows[0].row_days + due->unerased, 7U + 30U + 5U);
  EXPECT_EQ(due->next, (RetentionPlace{end, 1}));
  const auto last = connection_->GetRetention({end, {end, 3}}, kPatience);
  ASSERT_TRUE(last.ok()) << last.status();
  EXPECT_EQ(last->rows[0].id, std::nullopt);
  EXPECT_EQ(last->next, std::nullopt);
  EXPECT_EQ(connection_->GetCheckpoint(0, kPatience)->checkpoint, "checkpoint");
  EXPECT_THAT(connection_->ProveInclusion(1, 2, kPatience)->proof, SizeIs(2));
  EXPECT_THAT(connection_->ProveConsistency(1, 2, kPatience)->proof, SizeIs(2));
}

}  // namespace
}  // namespace shield::testing
