// Readers beside the committing thread: what one read shows, the next one knows.

#include <atomic>
#include <thread>

#include "gtest/gtest.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

constexpr uint64_t kBulletins = 400;

// Reads `member`'s inbox until it holds `kBulletins` entries or `gone` is set; the first read that
// fails is the answer.
absl::Status FollowInbox(store::Store& store, const MemberId& member,
                         const std::atomic<bool>& gone) {
  uint64_t after = 0;
  while (after < kBulletins && !gone) {
    const auto scan = store.ScanInbox(member, after, {});
    if (!scan.ok()) return scan.status();
    for (const store::InboxEntry& entry : scan->entries) {
      if (const auto bulletin = store.ReadBulletin(entry.id); !bulletin.ok()) {
        return bulletin.status();
      }
      after = entry.seq;
    }
  }
  return absl::OkStatus();
}

// Asks for each bulletin until it is there, and then for those who have it.
absl::Status FollowBulletins(store::Store& store, size_t recipients,
                             const std::atomic<bool>& gone) {
  for (uint64_t number = 1; number <= kBulletins && !gone;) {
    const auto cursors = store.ReadRecipientCursors(SampleId(number));
    if (absl::IsNotFound(cursors.status())) continue;
    if (!cursors.ok()) return cursors.status();
    if (cursors->size() != recipients) return absl::InternalError("recipients are missing");
    ++number;
  }
  return absl::OkStatus();
}

TEST(StoreReadersTest, AnEntryNeverShowsBeforeItsBulletinNorABulletinBeforeItsRecipients) {
  RocksHost host;
  // Members the store has never heard of come with every bulletin: the table grows while it is
  // read.
  const MemberId reader = Member("reader");
  std::atomic<bool> gone{false};  // a commit failed: no more will come
  absl::Status inbox, bulletins;
  std::thread first([&] { inbox = FollowInbox(host.store(), reader, gone); });
  std::thread second([&] { bulletins = FollowBulletins(host.store(), 41, gone); });
  for (uint64_t number = 1; number <= kBulletins && !gone; ++number) {
    std::vector<MemberId> members{reader};
    for (int i = 0; i < 40; ++i) members.push_back(Member(absl::StrCat("new-", number, "-", i)));
    gone = !Commit(host.store(), SamplePublish(number, members)).ok();
  }
  first.join();
  second.join();
  EXPECT_FALSE(gone);
  EXPECT_TRUE(inbox.ok()) << inbox;
  EXPECT_TRUE(bulletins.ok()) << bulletins;
  EXPECT_TRUE(host.store().health().ok()) << host.store().health();
}

}  // namespace
}  // namespace shield::testing
