// How long receipts wait for each other on the committer's own thread, and what does not wait.
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "broker/committer/committer.h"
#include "gtest/gtest.h"
#include "tests/broker/store/memory_store.h"
#include "tests/broker/store/sample_commands.h"
#include "tests/support/fake_clock.h"

namespace shield::testing {
namespace {

using store::Committer;
using store::CommitterOptions;

constexpr size_t kReaders = 600;

// Answered, and in time: what waits for a rest of an hour does not come.
bool Comes(std::future<void>& answer) {
  return answer.wait_for(std::chrono::seconds(60)) == std::future_status::ready;
}

const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename Value>
const absl::Status& StatusOf(const absl::StatusOr<Value>& result) {
  return result.status();
}

// Of an author who had this version of the directory.
store::PublishCommand Under(uint64_t version, store::PublishCommand command) {
  command.directory_version = version;
  return command;
}

// An answer that somebody waits for.
struct Awaited {
  std::shared_ptr<std::promise<void>> promise = std::make_shared<std::promise<void>>();
  std::future<void> future = promise->get_future();

  // Expects that it went well.
  template <typename Result>
  std::function<void(Result)> Done() {
    return [told = promise](const Result& result) {
      EXPECT_TRUE(result.ok()) << StatusOf(result);
      told->set_value();
    };
  }
};

class ReceiptRestTest : public ::testing::Test {
 protected:
  void Make(CommitterOptions options) {
    options.on_commit = [this](uint64_t) { ++groups_; };
    committer_.emplace(store_, clock_, std::move(options));
    Awaited published;
    ASSERT_TRUE(Publish(1, kReaders, published).ok());
    while (committer_->Step()) continue;
    groups_ = 0;
  }
  // Rests for an hour once the first receipt has been written.
  void StartResting(CommitterOptions options = {}) {
    options.receipts_rest = absl::Hours(1);
    ASSERT_NO_FATAL_FAILURE(Make(std::move(options)));
    committer_->Start();
    Awaited first;
    ASSERT_TRUE(Sign(0, first).ok());
    ASSERT_TRUE(Comes(first.future)) << "the first goes at once";
  }

  absl::Status Publish(uint64_t number, size_t members, const Awaited& published) {
    return committer_->SubmitPublish(
        SamplePublish(number, SampleMembers(members)), absl::InfiniteFuture(),
        [told = published.promise](const absl::StatusOr<store::PublishReceipt>& receipt) {
          EXPECT_TRUE(receipt.ok()) << receipt.status();
          told->set_value();
        });
  }
  // Of one reader for the first bulletin.
  absl::Status Sign(size_t reader, const Awaited& signed_for) {
    const MemberId member = readers_[reader];
    return committer_->SubmitReceipts(
        {member, {SampleReceipt(1, member, 1)}},
        [told = signed_for.promise](const absl::StatusOr<uint64_t>& added) {
          EXPECT_EQ(added.value_or(99), 1u);
          told->set_value();
        });
  }
  // Two readers have signed and wait.
  void LetTwoRest() {
    ASSERT_TRUE(Sign(1, resting_[0]).ok());
    ASSERT_TRUE(Sign(2, resting_[1]).ok());
  }

  const std::vector<MemberId> readers_ = SampleMembers(kReaders);
  MemoryStore store_;
  FakeClock clock_;
  int groups_ = 0;  // read when the thread is at rest
  Awaited resting_[2];
  std::optional<Committer> committer_;
};

TEST_F(ReceiptRestTest, TheFirstGoesAtOnce) {
  ASSERT_NO_FATAL_FAILURE(StartResting());
  committer_->Stop();
  EXPECT_EQ(groups_, 1);
}

TEST_F(ReceiptRestTest, ThoseThatFollowEachOtherAreSyncedTogether) {
  ASSERT_NO_FATAL_FAILURE(StartResting());
  ASSERT_NO_FATAL_FAILURE(LetTwoRest());
  committer_->Stop();
  EXPECT_TRUE(Comes(resting_[0].future));
  EXPECT_TRUE(Comes(resting_[1].future));
  EXPECT_EQ(groups_, 2) << "the first alone, the others together";
}

TEST_F(ReceiptRestTest, TheRestEndsByItself) {
  CommitterOptions options;
  options.receipts_rest = absl::Milliseconds(20);
  ASSERT_NO_FATAL_FAILURE(Make(options));
  committer_->Start();
  for (size_t reader = 0; reader < 3; ++reader) {
    Awaited signed_for;
    ASSERT_TRUE(Sign(reader, signed_for).ok());
    ASSERT_TRUE(Comes(signed_for.future)) << reader;
  }
}

TEST_F(ReceiptRestTest, NothingElseWaitsForThem) {
  ASSERT_NO_FATAL_FAILURE(StartResting());
  ASSERT_NO_FATAL_FAILURE(LetTwoRest());
  const auto expect_told = [this](Awaited& told, const std::string& what) {
    EXPECT_TRUE(Comes(told.future)) << what;
    EXPECT_EQ(committer_->queued(), 2u) << what;
  };
  Awaited directory;
  ASSERT_TRUE(committer_
                  ->SubmitDirectory(SampleDirectory(0, 1),
                                    directory.Done<absl::StatusOr<store::DirectoryReceipt>>())
                  .ok());
  expect_told(directory, "a directory");
  Awaited fresh;
  ASSERT_TRUE(
      committer_->SubmitFresh({.version = 1, .fresh = Bytes(100, 'f')}, fresh.Done<absl::Status>())
          .ok());
  expect_told(fresh, "a freshness note");
  Awaited publish;
  ASSERT_TRUE(committer_
                  ->SubmitPublish(Under(1, SamplePublish(2, SampleMembers(1))),
                                  absl::InfiniteFuture(),
                                  publish.Done<absl::StatusOr<store::PublishReceipt>>())
                  .ok());
  expect_told(publish, "a publish");
  Awaited acknowledge;
  ASSERT_TRUE(committer_
                  ->SubmitAcknowledge(SampleAcknowledge(store_, readers_[5], 1),
                                      acknowledge.Done<absl::StatusOr<uint64_t>>())
                  .ok());
  expect_told(acknowledge, "an acknowledgement");
  Awaited withdrawal;
  ASSERT_TRUE(committer_
                  ->SubmitPublish(Under(1, SampleWithdrawal(3, 2)), absl::InfiniteFuture(),
                                  withdrawal.Done<absl::StatusOr<store::PublishReceipt>>())
                  .ok());
  expect_told(withdrawal, "a withdrawal");
  Awaited sweep;
  ASSERT_TRUE(
      committer_->SubmitSweep({clock_.Now()}, sweep.Done<absl::StatusOr<store::SweepReceipt>>())
          .ok());
  expect_told(sweep, "a sweep");
}

TEST_F(ReceiptRestTest, EnoughOfThemGoAtOnce) {
  ASSERT_NO_FATAL_FAILURE(StartResting());
  std::vector<Awaited> signed_for(CommitterOptions().enough_receipts);
  for (size_t i = 0; i < signed_for.size(); ++i) {
    ASSERT_EQ(committer_->queued(), i) << "they wait";
    ASSERT_TRUE(Sign(i + 1, signed_for[i]).ok());
  }
  for (Awaited& each : signed_for) ASSERT_TRUE(Comes(each.future));
}

// Who sends one call after the other waits for the answer to each.
TEST_F(ReceiptRestTest, OneFullCallGoesAtOnce) {
  ASSERT_NO_FATAL_FAILURE(StartResting());
  constexpr uint64_t kFullCall = 64;
  for (uint64_t call = 0; call < 3; ++call) {
    store::ReceiptsCommand command{readers_[0]};
    for (uint64_t i = 0; i < kFullCall; ++i) {
      const uint64_t number = 10 + call * kFullCall + i;
      Awaited published;
      ASSERT_TRUE(Publish(number, 1, published).ok());
      ASSERT_TRUE(Comes(published.future));
      command.receipts.push_back(SampleReceipt(number, readers_[0], 1));
    }
    Awaited answered;
    ASSERT_TRUE(
        committer_->SubmitReceipts(std::move(command), answered.Done<absl::StatusOr<uint64_t>>())
            .ok());
    ASSERT_TRUE(Comes(answered.future)) << call;
  }
}

TEST_F(ReceiptRestTest, TheyRestAfterABatchThatWentBeforeAPublish) {
  CommitterOptions options;
  options.receipts_rest = absl::Hours(1);
  options.max_group_publishes = 1;
  options.max_groups_before_receipts = 1;
  ASSERT_NO_FATAL_FAILURE(Make(options));
  Awaited published[2];
  Awaited first;
  ASSERT_TRUE(Publish(2, 1, published[0]).ok());
  ASSERT_TRUE(Sign(0, first).ok());
  ASSERT_TRUE(Publish(3, 1, published[1]).ok());
  ASSERT_TRUE(committer_->Step());
  ASSERT_TRUE(committer_->Step());
  ASSERT_TRUE(Comes(first.future)) << "in its turn, before the second publish";
  ASSERT_EQ(committer_->queued(), 1u);
  ASSERT_TRUE(committer_->Step());
  committer_->Start();
  ASSERT_NO_FATAL_FAILURE(LetTwoRest());
  Awaited later;
  ASSERT_TRUE(Publish(4, 1, later).ok());
  EXPECT_TRUE(Comes(later.future));
  EXPECT_EQ(committer_->queued(), 2u);
  committer_->Stop();
  EXPECT_EQ(groups_, 5) << "three publishes, the first receipt, the others together";
}

}  // namespace
}  // namespace shield::testing
