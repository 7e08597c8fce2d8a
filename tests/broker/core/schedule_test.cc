// A random schedule over the whole core, on one thread, against a model: whatever the order of
// publishing, repeating, revoking, subscribing, acknowledging and restarting, every reader holds
// exactly the bulletins that were sealed to it, in the order they were committed, numbered 1, 2, 3.

#include <map>
#include <random>

#include "base/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

class Schedule : public BrokerTestBase, public ::testing::WithParamInterface<uint64_t> {
 protected:
  struct Reader {
    std::vector<std::string> expected;  // statements, by the model
    uint64_t cursor = 0;
    Digest hash;
    std::unique_ptr<broker::Subscription> stream;
    std::string token;
  };

  void PublishSomething();
  void Receive(const std::string& name, Reader& reader);
  void Turn(const std::string& name, AccountState state);
  void Restart();
  bool Flip() { return engine_() % 2 == 0; }

  std::mt19937_64 engine_{GetParam()};
  std::map<std::string, Reader> readers_;
  std::vector<SealedBulletin> published_;
};

void Schedule::PublishSomething() {
  static const std::vector<std::vector<std::string>> kAudiences = {
      {"org:hotel"}, {"org:mall"}, {"org:hotel", "org:mall"}, {"org:police", "org:mall"}};
  if (!published_.empty() && engine_() % 4 == 0) {
    const auto again = Publish("ann", published_[engine_() % published_.size()]);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_TRUE(again->replayed);
    return;
  }
  const SealedBulletin bulletin =
      network_.Seal({"ann", Tlp::kAmberStrict, kAudiences[engine_() % kAudiences.size()]});
  const auto receipt = Publish("ann", bulletin);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  published_.push_back(bulletin);
  const auto cursors = *store_.ReadRecipientCursors(bulletin.statement.id);
  for (const auto& each : cursors) {
    const auto reader = readers_.find(each.member.str());
    if (reader == readers_.end()) continue;
    EXPECT_EQ(network_.member(reader->first).record.state, AccountState::kActive);
    reader->second.expected.push_back(bulletin.note);
  }
}

void Schedule::Receive(const std::string& name, Reader& reader) {
  if (reader.stream == nullptr) {
    std::optional<Digest> hash;
    if (reader.cursor > 0) hash = reader.hash;
    auto stream = broker_->Subscribe(network_.CallerOf(name), {reader.cursor, hash, reader.token});
    if (!stream.ok()) {
      EXPECT_NE(network_.member(name).record.state, AccountState::kActive) << stream.status();
      return;
    }
    reader.stream = *std::move(stream);
  }
  for (;;) {
    const auto next = reader.stream->Next({.max_entries = 1 + engine_() % 3});
    if (!next.ok()) {
      EXPECT_NE(network_.member(name).record.state, AccountState::kActive) << next.status();
      reader.stream.reset();
      return;
    }
    if (!next->has_value()) return;
    for (const auto& entry : (*next)->entries) {
      ASSERT_EQ(entry.own.seq, reader.cursor + 1);
      ASSERT_LE(entry.own.seq, reader.expected.size());
      EXPECT_EQ(entry.shared->content().statement, reader.expected[entry.own.seq - 1]);
      reader.cursor = entry.own.seq;
      reader.hash = *store_.ReadChainHash(Member(name), reader.cursor);
    }
    if ((*next)->mark.has_value()) reader.token = (*next)->mark->resume_token;
    if (Flip() && reader.cursor > 0) {
      EXPECT_TRUE(Acknowledge(name, reader.cursor, reader.hash).ok());
    }
  }
}

void Schedule::Turn(const std::string& name, AccountState state) {
  if (network_.member(name).record.state == state) return;
  network_.member(name).record.state = state;
  Enrol();
}

void Schedule::Restart() {
  for (auto& entry : readers_) entry.second.stream.reset();
  MakeBroker();
}

TEST_P(Schedule, EveryReaderHoldsExactlyWhatWasSealedToIt) {
  Enrol();
  for (const char* name : {"reader", "guard", "bob"}) readers_[name];
  for (int step = 0; step < 120; ++step) {
    clock_.Advance(absl::Seconds(1 + engine_() % 5));
    auto any = std::next(readers_.begin(), static_cast<ptrdiff_t>(engine_() % readers_.size()));
    switch (engine_() % 8) {
      case 0:
        Turn(any->first, Flip() ? AccountState::kSuspended : AccountState::kActive);
        break;
      case 1:
        if (engine_() % 4 == 0) Restart();
        break;
      case 2:
        any->second.stream.reset();
        break;
      case 3:
      case 4:
        Receive(any->first, any->second);
        break;
      default:
        PublishSomething();
    }
    if (HasFatalFailure()) return;
  }
  for (auto& [name, reader] : readers_) {
    Turn(name, AccountState::kActive);
    Receive(name, reader);
    EXPECT_EQ(reader.cursor, reader.expected.size()) << name;
  }
  EXPECT_TRUE(store_.Verify().ok());
}

INSTANTIATE_TEST_SUITE_P(Seeds, Schedule, ::testing::Range<uint64_t>(1, 21));

}  // namespace
}  // namespace shield::testing
