#include "tests/broker/core/broker_test_base.h"

#include <algorithm>

#include "base/status.h"

namespace shield::testing {

using broker::Caller;

BrokerTestBase::BrokerTestBase() {
  network_.AddOrg("police", OrgKind::kAuthority);
  network_.AddMember("ann", "police", {Role::kAnalyst});
  network_.AddMember("bob", "police", {Role::kAnalyst});
  network_.AddMember("vetting", "police", {Role::kVetting});
  network_.AddOrg("hotel", OrgKind::kMember);
  network_.AddMember("reader", "hotel", {Role::kReader});
  network_.AddMember("desk", "hotel", {Role::kDesk}, 1);
  OrgRecord& mall = network_.AddOrg("mall", OrgKind::kMember);
  network_.AddMember("guard", "mall", {Role::kReader});
  network_.AddOrg("cleaners", OrgKind::kClient);
  network_.AddMember("cleaner", "cleaners", {Role::kReader});
  mall.clients.push_back({Org("cleaners")});
  MakeBroker();
}

void BrokerTestBase::MakeBroker(const broker::RateLimits& rates,
                                const broker::RetentionTable& retention) {
  broker_.reset();
  auto made = broker::Broker::Create({network_.file(), network_.broker_key(), network_.log_key(),
                                      store_, clock_, log_, rates, retention});
  ASSERT_TRUE(made.ok()) << made.status();
  broker_ = *std::move(made);
  broker_->SetFeedListener(&listener_);
}

absl::StatusOr<broker::DirectoryReceipt> BrokerTestBase::Upload(const Caller& caller,
                                                                const DirectoryUpload& upload) {
  ASSIGN_OR_RETURN(const auto session, broker_->PublishDirectory(caller));
  RETURN_IF_ERROR(session->OnHead({upload.note, upload.fresh, upload.authority}));
  if (!upload.between.empty()) RETURN_IF_ERROR(session->OnBetween(upload.between));
  if (!upload.lines.empty()) RETURN_IF_ERROR(session->OnLines(upload.lines));
  absl::StatusOr<broker::DirectoryReceipt> answer = absl::UnknownError("no answer");
  session->Finish([&answer](auto receipt) { answer = std::move(receipt); });
  Commit();
  return answer;
}

void BrokerTestBase::Enrol() {
  const bool first = store_.directory_version() == 0;
  const Caller caller =
      first ? Caller{network_.authority_pin(), std::nullopt, true} : network_.CallerOf("vetting");
  const auto receipt = Upload(caller, network_.Sign());
  ASSERT_TRUE(receipt.ok()) << receipt.status();
}

absl::Status BrokerTestBase::Header(const std::string& author, const SealedBulletin& bulletin) {
  ASSIGN_OR_RETURN(const auto session, broker_->Publish(network_.CallerOf(author)));
  return session->OnHeader({bulletin.note, bulletin.openings});
}

absl::StatusOr<broker::PublishReceipt> BrokerTestBase::Publish(const std::string& author,
                                                               const SealedBulletin& bulletin) {
  ASSIGN_OR_RETURN(const auto session, broker_->Publish(network_.CallerOf(author)));
  RETURN_IF_ERROR(session->OnHeader({bulletin.note, bulletin.openings}));
  // In pieces of a size that cuts slots and chunks in their middle.
  const auto in_pieces = [](ByteSpan bytes, const auto& give) -> absl::Status {
    while (!bytes.empty()) {
      const size_t size = std::min<size_t>(bytes.size(), 50'001);
      RETURN_IF_ERROR(give(bytes.first(size)));
      bytes = bytes.subspan(size);
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(in_pieces(bulletin.slots, [&](ByteSpan b) { return session->OnSlots(b); }));
  RETURN_IF_ERROR(in_pieces(bulletin.payload, [&](ByteSpan b) { return session->OnPayload(b); }));
  for (uint32_t i = 0; i < bulletin.objects.size(); ++i) {
    RETURN_IF_ERROR(
        in_pieces(bulletin.objects[i], [&](ByteSpan b) { return session->OnObject(i, b); }));
  }
  absl::StatusOr<broker::PublishReceipt> answer = absl::UnknownError("no answer");
  session->Finish([&answer](auto receipt) { answer = std::move(receipt); });
  Commit();
  return answer;
}

std::unique_ptr<broker::Subscription> BrokerTestBase::Subscribe(const std::string& member,
                                                                broker::SubscribeQuery query) {
  auto subscription = broker_->Subscribe(network_.CallerOf(member), std::move(query));
  EXPECT_TRUE(subscription.ok()) << subscription.status();
  return subscription.ok() ? *std::move(subscription) : nullptr;
}

std::vector<broker::FeedMessage> BrokerTestBase::Drain(broker::Subscription& subscription,
                                                       const broker::FeedLimits& limits) {
  std::vector<broker::FeedMessage> messages;
  for (;;) {
    auto next = subscription.Next(limits);
    EXPECT_TRUE(next.ok()) << next.status();
    if (!next.ok() || !next->has_value()) return messages;
    messages.push_back(**std::move(next));
  }
}

std::vector<broker::FeedEntry> BrokerTestBase::Entries(
    const std::vector<broker::FeedMessage>& messages) {
  std::vector<broker::FeedEntry> entries;
  for (const auto& message : messages) {
    entries.insert(entries.end(), message.entries.begin(), message.entries.end());
  }
  return entries;
}

absl::StatusOr<uint64_t> BrokerTestBase::Acknowledge(const std::string& member, uint64_t seq,
                                                     const Digest& hash) {
  absl::StatusOr<uint64_t> answer = absl::UnknownError("no answer");
  broker_->Acknowledge(network_.CallerOf(member), seq, hash,
                       [&answer](auto cursor) { answer = std::move(cursor); });
  Commit();
  return answer;
}

absl::StatusOr<Bytes> BrokerTestBase::Fetch(const std::string& member,
                                            const broker::FetchQuery& query) {
  ASSIGN_OR_RETURN(const auto reader, broker_->Fetch(network_.CallerOf(member), query));
  Bytes bytes;
  for (;;) {
    ASSIGN_OR_RETURN(const auto chunk, reader->Next());
    if (!chunk.has_value()) return bytes;
    Append(bytes, AsBytes(chunk->bytes));
  }
}

}  // namespace shield::testing
