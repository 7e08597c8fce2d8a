// Members that misuse the protocol, and going down in order.
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "base/status.h"
#include "client/transport/raw_call.h"
#include "proto/wire/limits.h"
#include "shield/v1/broker.pb.h"
#include "tests/e2e/transport/transport_fixture.h"

namespace shield::testing {
namespace {

class Abuse : public TransportFixture {
 protected:
  // How a call of `method` with `first` as its only message ends.
  absl::Status Outcome(absl::string_view method, const google::protobuf::MessageLite& first) {
    return CallOnce(channel_, method, first, kPatience).status();
  }

  void Start(broker::TransportLimits limits = {}) {
    StartServer(limits);
    channel_ = OpenChannel(EnrolledKey("desk-astrid"));
  }

  // How `call` ends while the clock moves on in such steps.
  absl::Status EndWhileTimePasses(RawCall& call, absl::Duration step) {
    // The call's start may be read after the first move of the clock.
    std::thread time([this, step] {
      while (!done_.load()) {
        clock_.Advance(step);
        std::this_thread::yield();
      }
    });
    const absl::Status status = call.Read().status();
    done_.store(true);
    time.join();
    return status;
  }

  std::shared_ptr<PinnedChannel> channel_;
  std::atomic<bool> done_{false};
};

TEST_F(Abuse, AnUnknownMethodIsNamedAndManyCloseTheConnection) {
  broker::TransportLimits limits;
  limits.calls.unknown_per_connection = 10;
  Start(limits);
  for (int i = 0; i < 10; ++i) {
    const absl::Status status = Outcome("Steal", v1::GetBrokerRequest());
    EXPECT_TRUE(absl::IsUnimplemented(status)) << status;
    EXPECT_EQ(RuleOf(status), "UNKNOWN_METHOD");
  }
  EXPECT_FALSE(absl::IsUnimplemented(Outcome("Steal", v1::GetBrokerRequest())));
}

TEST_F(Abuse, AnUnknownFieldIsRefused) {
  Start();
  v1::GetStatusRequest request;
  request.set_id(std::string(16, 'i'));
  request.GetReflection()->MutableUnknownFields(&request)->AddVarint(9, 1);
  EXPECT_EQ(RuleOf(Outcome("GetStatus", request)), "UNKNOWN_FIELD");
}

TEST_F(Abuse, AChunkOneByteTooLongIsRefused) {
  Start();
  auto call = *RawCall::Start(channel_, "Publish", kPatience);
  v1::PublishRequest request;
  request.mutable_header()->set_statement("s");
  ASSERT_TRUE(call->Write(request).ok());
  request.set_payload(std::string(wire::kChunkBytes, 'p'));
  ASSERT_TRUE(call->Write(request).ok());
  request.set_payload(std::string(wire::kChunkBytes + 1, 'p'));
  static_cast<void>(call->Write(request));
  EXPECT_EQ(RuleOf(ReadAnswer(*call).status()), "LIMIT_EXCEEDED");
}

TEST_F(Abuse, AnOpeningTooManyIsRefused) {
  Start();
  v1::PublishRequest request;
  for (size_t i = 0; i <= wire::kMaxOpenings; ++i) request.mutable_header()->add_openings();
  EXPECT_EQ(RuleOf(Outcome("Publish", request)), "LIMIT_EXCEEDED");
}

TEST_F(Abuse, AStatementOneByteTooLongIsRefused) {
  Start();
  v1::PublishRequest request;
  request.mutable_header()->set_statement(std::string(wire::kMaxStatementBytes + 1, 's'));
  EXPECT_EQ(RuleOf(Outcome("Publish", request)), "LIMIT_EXCEEDED");
}

TEST_F(Abuse, ATokenOneByteTooLongIsRefused) {
  Start();
  v1::PublishRequest request;
  v1::Opening& opening = *request.mutable_header()->add_openings();
  opening.set_salt(std::string(16, 's'));
  opening.set_token(std::string(wire::kMaxTokenBytes + 1, 't'));
  EXPECT_EQ(RuleOf(Outcome("Publish", request)), "LIMIT_EXCEEDED");
}

TEST_F(Abuse, AResumeTokenOneByteTooLongIsRefused) {
  Start();
  v1::SubscribeRequest request;
  request.set_resume_token(std::string(wire::kMaxResumeTokenBytes + 1, 't'));
  EXPECT_EQ(RuleOf(Outcome("Subscribe", request)), "LIMIT_EXCEEDED");
}

TEST_F(Abuse, AnObjectPastTheLastThereCanBeIsRefused) {
  Start();
  v1::FetchRequest request;
  request.set_id(std::string(16, 'i'));
  request.set_object(wire::kMaxObjects + 1);
  EXPECT_EQ(RuleOf(Outcome("Fetch", request)), "REQUEST_MALFORMED");
}

TEST_F(Abuse, ANoteOfADirectoryOneByteTooLongIsRefused) {
  Start();
  const std::string too_long(wire::kMaxNoteBytes + 1, 'n');
  v1::PublishDirectoryRequest request;
  request.mutable_head()->set_note(too_long);
  EXPECT_EQ(RuleOf(Outcome("PublishDirectory", request)), "LIMIT_EXCEEDED");
  request.mutable_head()->set_note("n");
  request.mutable_head()->set_fresh(too_long);
  EXPECT_EQ(RuleOf(Outcome("PublishDirectory", request)), "LIMIT_EXCEEDED");
}

TEST_F(Abuse, RotationsOneByteTooLongAreRefused) {
  Start();
  v1::PublishDirectoryRequest request;
  request.mutable_head()->set_note("n");
  request.mutable_head()->set_authority(std::string(wire::kMaxAuthorityBytes + 1, 'r'));
  EXPECT_EQ(RuleOf(Outcome("PublishDirectory", request)), "LIMIT_EXCEEDED");
}

TEST_F(Abuse, ALineOfADirectoryOneByteTooLongIsRefused) {
  Start();
  auto call = *RawCall::Start(channel_, "PublishDirectory", kPatience);
  v1::PublishDirectoryRequest request;
  request.mutable_head()->set_note("n");
  ASSERT_TRUE(call->Write(request).ok());
  request.mutable_lines()->add_lines(std::string(wire::kMaxLineBytes + 1, 'l'));
  static_cast<void>(call->Write(request));
  EXPECT_EQ(RuleOf(ReadAnswer(*call).status()), "LIMIT_EXCEEDED");
}

TEST_F(Abuse, AVersionBetweenOneByteTooLongIsRefused) {
  Start();
  auto call = *RawCall::Start(channel_, "PublishDirectory", kPatience);
  v1::PublishDirectoryRequest request;
  request.mutable_head()->set_note("n");
  ASSERT_TRUE(call->Write(request).ok());
  request.mutable_between()->add_notes(std::string(wire::kMaxNoteBytes + 1, 'n'));
  static_cast<void>(call->Write(request));
  EXPECT_EQ(RuleOf(ReadAnswer(*call).status()), "LIMIT_EXCEEDED");
}

TEST_F(Abuse, AReceiptTooManyOrOneByteTooLongIsRefused) {
  Start();
  v1::AddReceiptsRequest request;
  request.add_receipts(std::string(wire::kMaxReceiptBytes, 'r'));
  EXPECT_TRUE(Outcome("AddReceipts", request).ok());
  request.mutable_receipts(0)->push_back('r');
  EXPECT_EQ(RuleOf(Outcome("AddReceipts", request)), "LIMIT_EXCEEDED");
  request.clear_receipts();
  EXPECT_EQ(RuleOf(Outcome("AddReceipts", request)), "REQUEST_MALFORMED");
  for (size_t i = 0; i <= wire::kMaxReceipts; ++i) request.add_receipts("r");
  EXPECT_EQ(RuleOf(Outcome("AddReceipts", request)), "LIMIT_EXCEEDED");
}

TEST_F(Abuse, IdsAndDigestsOfOtherLengthsAreRefused) {
  Start();
  v1::GetStatusRequest status;
  status.set_id(std::string(15, 'i'));
  EXPECT_EQ(RuleOf(Outcome("GetStatus", status)), "REQUEST_MALFORMED");
  v1::AcknowledgeRequest acknowledge;
  acknowledge.set_hash(std::string(33, 'h'));
  EXPECT_EQ(RuleOf(Outcome("Acknowledge", acknowledge)), "REQUEST_MALFORMED");
  v1::SubscribeRequest subscribe;
  subscribe.set_after_hash(std::string(32, 'h'));
  EXPECT_EQ(RuleOf(Outcome("Subscribe", subscribe)), "REQUEST_MALFORMED");
}

TEST_F(Abuse, AnUploadThatStandsStillIsCutOffAndCommitsNothing) {
  Start();
  auto call = *RawCall::Start(channel_, "Publish", kPatience);
  v1::PublishRequest request;
  request.mutable_header()->set_statement("s");
  ASSERT_TRUE(call->Write(request).ok());
  const absl::Status status = EndWhileTimePasses(*call, absl::Seconds(60));
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_EQ(RuleOf(status), "UPLOAD_IDLE");
  while (service_.live_publishes() > 0) std::this_thread::yield();
  EXPECT_TRUE(service_.publishes().empty());
}

// It has said its end and waits for us: that is not standing still.
TEST_F(Abuse, AnUploadThatWaitsForItsAnswerIsNotCutOff) {
  Start();
  service_.HoldAnswers();
  auto waiting = *RawCall::Start(channel_, "Publish", kPatience);
  v1::PublishRequest header;
  header.mutable_header()->set_statement("s");
  v1::PublishRequest end;
  end.mutable_end();
  ASSERT_TRUE(waiting->Write(header).ok());
  ASSERT_TRUE(waiting->Write(end).ok());
  while (service_.held() == 0) std::this_thread::yield();
  auto still = *RawCall::Start(channel_, "Publish", kPatience);
  ASSERT_TRUE(still->Write(header).ok());
  EXPECT_EQ(RuleOf(EndWhileTimePasses(*still, absl::Seconds(60))), "UPLOAD_IDLE");
  service_.AnswerHeld();
  const absl::Status answer = waiting->Read().status();
  EXPECT_TRUE(answer.ok()) << answer;
  EXPECT_EQ(service_.publishes().size(), 1u);
}

// Whatever the size of its messages.
TEST_F(Abuse, AnUploadIsReadNoFurtherThanItIsTaken) {
  Start();
  constexpr size_t kBytes = 64 << 20;
  for (const size_t message : {size_t{64 * 1024}, size_t{4 * 1024}}) {
    service_.HoldUploads();
    auto call = *RawCall::Start(channel_, "Publish", kPatience);
    std::atomic<size_t> sent = 0;
    std::thread sender([&] {
      v1::PublishRequest request;
      request.mutable_header()->set_statement("s");
      EXPECT_TRUE(call->Write(request).ok());
      request.set_payload(std::string(message, 'p'));
      for (; sent < kBytes; sent += message) ASSERT_TRUE(call->Write(request).ok());
      request.mutable_end();
      EXPECT_TRUE(call->Write(request).ok());
    });
    // It has come to a stop when a while brings nothing more; how far is for the windows of HTTP/2.
    for (size_t before = SIZE_MAX; before != sent || sent == 0;
         absl::SleepFor(absl::Seconds(1) / 5)) {
      before = sent;
    }
    EXPECT_LT(sent, kBytes / 4);
    service_.TakeUploads();
    sender.join();
    const absl::Status answer = call->Read().status();
    EXPECT_TRUE(answer.ok()) << answer;
    EXPECT_EQ(service_.publishes().back().payload.size(), kBytes);
  }
}

TEST_F(Abuse, AnUploadThatDoesNotBeginIsCutOffSoon) {
  Start();
  auto call = *RawCall::Start(channel_, "Publish", kPatience);
  const absl::Status status = EndWhileTimePasses(*call, absl::Seconds(5));
  EXPECT_EQ(RuleOf(status), "UPLOAD_IDLE") << status;
}

TEST_F(Abuse, AnUploadThatEndsBeforeItsEndCommitsNothing) {
  Start();
  v1::PublishRequest request;
  request.mutable_header()->set_statement("s");
  EXPECT_EQ(RuleOf(Outcome("Publish", request)), "OUT_OF_ORDER");
  v1::PublishDirectoryRequest head;
  head.mutable_head()->set_note("n");
  EXPECT_EQ(RuleOf(Outcome("PublishDirectory", head)), "OUT_OF_ORDER");
  EXPECT_TRUE(service_.publishes().empty());
}

TEST_F(Abuse, AMembersUploadTooManyIsRefusedAtOnce) {
  Start();
  std::vector<std::unique_ptr<RawCall>> calls;
  for (int i = 0; i < 4; ++i) calls.push_back(*RawCall::Start(channel_, "Publish", kPatience));
  while (service_.live_publishes() < 4) std::this_thread::yield();
  const absl::Status status = Outcome("Publish", v1::PublishRequest());
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_EQ(RuleOf(status), "RATE_LIMITED");
  EXPECT_TRUE(RetryDelayOf(status).has_value());
}

TEST_F(Abuse, AMembersDownloadTooManyIsRefusedAtOnce) {
  Start();
  service_.FetchWithoutEnd();
  v1::FetchRequest request;
  request.set_id(std::string(16, 'i'));
  std::vector<std::unique_ptr<RawCall>> calls;
  for (int i = 0; i < 8; ++i) {
    calls.push_back(*RawCall::Ask(channel_, "Fetch", request, kPatience));
    ASSERT_TRUE(calls.back()->Read().ok());
  }
  EXPECT_EQ(RuleOf(Outcome("Fetch", request)), "RATE_LIMITED");
  const auto other = Connect(EnrolledKey("desk-other"));
  EXPECT_TRUE((*other->Fetch({BulletinId({1, 2, 3}), 1, 0}, kPatience))->Read().ok());
}

TEST_F(Abuse, GreedyConnectionsOfOneMemberHoldNobodyElseUp) {
  Start();
  std::vector<std::shared_ptr<PinnedChannel>> channels;
  std::vector<std::unique_ptr<RawCall>> calls;
  for (int connection = 0; connection < 2; ++connection) {
    channels.push_back(OpenChannel(EnrolledKey("desk-astrid")));
    for (int i = 0; i < 16; ++i) {
      calls.push_back(*RawCall::Start(channels.back(), "Publish", kPatience));
    }
  }
  while (service_.live_publishes() < 4) std::this_thread::yield();
  const auto other = Connect(EnrolledKey("desk-other"));
  auto writer = *other->Publish({"the statement", {}}, kPatience);
  const auto receipt = writer->Finish();
  EXPECT_TRUE(receipt.ok()) << receipt.status();
}

TEST_F(Abuse, AnUploadOfTheAuthorityFindsAPlaceHoweverManyMembersConspire) {
  broker::TransportLimits limits;
  limits.calls.publishes = {.all = 3, .each = 1, .authority = 1};
  Start(limits);
  std::vector<std::shared_ptr<PinnedChannel>> channels;
  std::vector<std::unique_ptr<RawCall>> calls;
  for (const char* member : {"desk-a", "desk-b"}) {
    channels.push_back(OpenChannel(EnrolledKey(member)));
    calls.push_back(*RawCall::Start(channels.back(), "Publish", kPatience));
  }
  while (service_.live_publishes() < 2) std::this_thread::yield();
  EXPECT_EQ(RuleOf(Outcome("Publish", v1::PublishRequest())), "RATE_LIMITED");
  const TlsKeyPair seat = EnrolledKey("vetting");
  pins_.Promote(PinOf(seat));
  const auto authority = Connect(seat);
  auto writer = *authority->Publish({"the statement", {}}, kPatience);
  EXPECT_TRUE(writer->Finish().ok());
}

TEST_F(Abuse, DrainingEndsStreamsAndLetsCallsFinish) {
  Start();
  const auto connection = Connect(EnrolledKey("desk-other"));
  auto reader = connection->Subscribe({}, absl::InfiniteDuration());
  ASSERT_TRUE((*reader)->Read().ok());
  service_.HoldAnswers();
  auto writer = *connection->Publish({"the statement", {}}, kPatience);
  absl::StatusOr<PublishReceipt> receipt = absl::UnknownError("none yet");
  std::thread publishing([&] { receipt = writer->Finish(); });
  while (service_.held() == 0) std::this_thread::yield();

  std::thread draining([this] { server_->Drain(absl::Seconds(20)); });
  const absl::Status end = (*reader)->Read().status();
  EXPECT_TRUE(absl::IsUnavailable(end)) << end;
  EXPECT_EQ(RuleOf(end), "DRAINING");
  EXPECT_TRUE(RetryDelayOf(end).has_value());
  service_.AnswerHeld();
  publishing.join();
  EXPECT_TRUE(receipt.ok()) << receipt.status();
  draining.join();
  EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), "UNREACHABLE");
}

TEST_F(Abuse, DrainingCutsOffWhatOutlastsItsGrace) {
  Start();
  auto call = *RawCall::Start(channel_, "Publish", kPatience);
  v1::PublishRequest request;
  request.mutable_header()->set_statement("s");
  ASSERT_TRUE(call->Write(request).ok());
  server_->Drain(absl::Milliseconds(50));
  EXPECT_FALSE(call->Read().ok());
}

}  // namespace
}  // namespace shield::testing
