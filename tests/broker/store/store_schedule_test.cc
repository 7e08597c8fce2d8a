// Random schedules: the RocksDB store and the model in memory are given the same commands and must
// answer alike, whatever the order, the refusals and the restarts.
#include <random>

#include "base/status.h"
#include "gtest/gtest.h"
#include "tests/broker/store/memory_store.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

constexpr int kSchedules = 12;
constexpr int kGroups = 40;

class Schedule {
 public:
  explicit Schedule(uint64_t seed) : chance_(seed) {}

  void Run() {
    for (int i = 0; i < kGroups && !::testing::Test::HasFailure(); ++i) {
      store::CommitGroup group = NextGroup();
      store::CommitGroup same = group;
      Compare(model_.Commit(std::move(group)), host_.store().Commit(std::move(same)));
      if (OneIn(15)) Restart();
      if (OneIn(10)) SweepBoth();
    }
    CompareInboxes();
    CompareReceipts();
    const absl::StatusOr<store::StoreReport> expected = model_.Verify();
    const absl::StatusOr<store::StoreReport> found = host_.store().Verify();
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->commits, expected->commits);
    EXPECT_EQ(found->inbox_entries, expected->inbox_entries);
    EXPECT_EQ(found->receipts, expected->receipts);
    EXPECT_EQ(found->payload_bytes, expected->payload_bytes);
    EXPECT_EQ(found->log_root, expected->log_root);
  }

 private:
  bool OneIn(uint64_t n) { return chance_() % n == 0; }

  void Restart() {
    host_.Close();
    ASSERT_TRUE(host_.Open().ok());
  }

  // Until nothing is due in either.
  void SweepBoth() {
    const store::SweepCommand sweep{absl::FromUnixSeconds(1'800'000'000 - (OneIn(9) ? 0 : 1)),
                                    1 + chance_() % 8};
    for (bool more = true; more;) {
      const absl::StatusOr<store::SweepReceipt> found = Commit(host_.store(), sweep);
      ASSERT_TRUE(found.ok()) << found.status();
      more = found->more;
    }
    ASSERT_TRUE(Commit(model_, sweep).ok());
  }

  // What ends others stands alone.
  store::CommitGroup NextEnding() {
    store::CommitGroup group;
    store::PublishCommand command = NextPublish();
    const uint64_t most = 1 + chance_() % 3;
    const store::Effect effect = OneIn(2) ? store::Effect::kWithdraws : store::Effect::kSupersedes;
    for (uint64_t i = 0; i < most; ++i) {
      command.referrals.push_back({SampleId(1 + chance_() % next_number_), effect});
    }
    if (effect == store::Effect::kWithdraws) command.deliveries.clear();
    if (OneIn(3)) command.not_told = {members_[chance_() % members_.size()]};
    group.publishes.push_back(std::move(command));
    return group;
  }

  // A share of what may or may not be there, or a mention of it.
  void Refer(store::PublishCommand& command) {
    // Committed or unknown: what the same group commits cannot be referred to yet.
    const BulletinId target = SampleId(1 + chance_() % next_number_);
    const absl::StatusOr<store::BulletinRecord> record = model_.ReadBulletin(target);
    if (!record.ok() || OneIn(2)) {
      command.referrals = {{record.ok() ? target : SampleId(9'999'999), store::Effect::kNone}};
      return;
    }
    command.referrals = {{target, store::Effect::kShares}};
    command.payload.clear();
    command.part_bytes = record->part_bytes;
  }

  store::CommitGroup NextGroup() {
    if (OneIn(5)) return NextEnding();
    store::CommitGroup group;
    for (uint64_t left = chance_() % 6; left > 0; --left) group.publishes.push_back(NextPublish());
    for (uint64_t left = chance_() % 4; left > 0; --left)
      group.acknowledges.push_back(NextCursor());
    for (uint64_t left = chance_() % 3; left > 0; --left) group.receipts.push_back(NextReceipts());
    const uint64_t version = model_.directory_version();
    if (OneIn(6)) group.directories.push_back(SampleDirectory(version, version + 1, chance_() % 9));
    if (OneIn(12)) group.directories.push_back(SampleDirectory(version, version + 2));
    if (OneIn(6)) group.freshes.push_back({.version = version, .fresh = Bytes(4, 1)});
    return group;
  }

  store::PublishCommand NextPublish() {
    std::vector<MemberId> members = members_;
    std::shuffle(members.begin(), members.end(), chance_);
    members.erase(members.begin() + static_cast<long>(chance_() % members.size()), members.end());
    // Numbers repeat now and then: a replay when the rest is equal too, else a taken id.
    const uint64_t number = OneIn(4) ? 1 + chance_() % next_number_ : next_number_++;
    const uint64_t version = OneIn(8) ? 77 : model_.directory_version();
    store::PublishCommand command =
        SamplePublish(number, members, version, chance_() % 2 == 0 ? 0 : chance_() % 5000);
    if (OneIn(9)) command.sender = Member("intruder");
    if (OneIn(9)) command.request_hash = Sha256("other bytes");
    if (OneIn(6)) Refer(command);
    if (OneIn(20) && !members.empty()) command.deliveries.push_back(command.deliveries[0]);
    return command;
  }

  store::AcknowledgeCommand NextCursor() {
    const MemberId& member = members_[chance_() % members_.size()];
    const uint64_t last = model_.ReadPosition(member)->last_seq;
    const uint64_t seq = chance_() % (last + 2);
    store::AcknowledgeCommand command{.member = member, .seq = seq};
    if (seq <= last && !OneIn(10)) command.hash = *model_.ReadChainHash(member, seq);
    return command;
  }

  // About what is there, or not, or not yet; some were signed before.
  store::ReceiptsCommand NextReceipts() {
    store::ReceiptsCommand command{members_[chance_() % members_.size()]};
    for (uint64_t left = chance_() % 4; left > 0; --left) {
      const uint64_t number = 1 + chance_() % next_number_;
      const auto state = static_cast<uint8_t>((OneIn(30) ? 0 : 1) + chance_() % 3);
      command.receipts.push_back(SampleReceipt(number, command.member, state));
    }
    return command;
  }

  template <typename T>
  static void CompareStatus(const absl::StatusOr<T>& expected, const absl::StatusOr<T>& found) {
    EXPECT_EQ(expected.status().code(), found.status().code())
        << expected.status() << " | " << found.status();
    EXPECT_EQ(RuleOf(expected.status()), RuleOf(found.status()));
  }

  static void Compare(const store::CommitResults& expected, const store::CommitResults& found) {
    ASSERT_EQ(expected.publishes.size(), found.publishes.size());
    for (size_t i = 0; i < expected.publishes.size(); ++i) {
      CompareStatus(expected.publishes[i], found.publishes[i]);
      if (expected.publishes[i].ok()) {
        EXPECT_EQ(*expected.publishes[i], *found.publishes[i]);
      }
    }
    for (size_t i = 0; i < expected.acknowledges.size(); ++i) {
      CompareStatus(expected.acknowledges[i], found.acknowledges[i]);
      if (expected.acknowledges[i].ok()) {
        EXPECT_EQ(*expected.acknowledges[i], *found.acknowledges[i]);
      }
    }
    ASSERT_EQ(expected.receipts.size(), found.receipts.size());
    for (size_t i = 0; i < expected.receipts.size(); ++i) {
      CompareStatus(expected.receipts[i], found.receipts[i]);
      if (expected.receipts[i].ok()) {
        EXPECT_EQ(*expected.receipts[i], *found.receipts[i]);
      }
    }
    for (size_t i = 0; i < expected.directories.size(); ++i) {
      CompareStatus(expected.directories[i], found.directories[i]);
    }
    for (size_t i = 0; i < expected.freshes.size(); ++i) {
      EXPECT_EQ(expected.freshes[i].code(), found.freshes[i].code());
    }
  }

  void CompareReceipts() {
    for (uint64_t number = 1; number <= next_number_; ++number) {
      const auto expected = model_.ReadReceipts(SampleId(number));
      const auto found = host_.store().ReadReceipts(SampleId(number));
      CompareStatus(expected, found);
      if (expected.ok() && found.ok()) {
        EXPECT_EQ(*expected, *found) << number;
      }
    }
  }

  void CompareInboxes() {
    for (const MemberId& member : members_) {
      const store::ScanLimits all{.max_entries = 100'000, .max_bytes = size_t{1} << 30};
      const store::InboxScan expected = *model_.ScanInbox(member, 0, all);
      const store::InboxScan found = *host_.store().ScanInbox(member, 0, all);
      ASSERT_EQ(expected.entries.size(), found.entries.size());
      for (size_t i = 0; i < found.entries.size(); ++i) {
        EXPECT_EQ(found.entries[i].seq, i + 1);
        EXPECT_EQ(expected.entries[i].id, found.entries[i].id);
        EXPECT_EQ(expected.entries[i].slot, found.entries[i].slot);
        EXPECT_EQ(expected.entries[i].leaf_index, found.entries[i].leaf_index);
        EXPECT_EQ(expected.entries[i].chain_hash, found.entries[i].chain_hash);
      }
      EXPECT_EQ(model_.ReadPosition(member)->acknowledged,
                host_.store().ReadPosition(member)->acknowledged);
    }
  }

  std::mt19937_64 chance_;
  const std::vector<MemberId> members_ = SampleMembers(9);
  uint64_t next_number_ = 1;
  MemoryStore model_;
  RocksHost host_;
};

TEST(StoreScheduleTest, BothStoresAnswerAlike) {
  for (uint64_t seed = 1; seed <= kSchedules; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Schedule(seed).Run();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace shield::testing
