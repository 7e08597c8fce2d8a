#include "broker/core/inbox_tail.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shield::broker {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TailEntry Entry(uint64_t seq) {
  std::array<uint8_t, BulletinId::kSize> id{};
  id[0] = static_cast<uint8_t>(seq);
  return {seq, BulletinId(id), static_cast<uint32_t>(seq % 7), Digest{{static_cast<uint8_t>(seq)}}};
}

void AppendFrom(InboxTail& tail, uint64_t first, uint64_t last) {
  for (uint64_t seq = first; seq <= last; ++seq) tail.Append(Entry(seq));
}

TEST(InboxTail, GivesWhatFollowsAPositionAndNoMoreThanAskedFor) {
  InboxTail tail;
  AppendFrom(tail, 5, 9);
  const std::vector<TailEntry> all = tail.After(4, 100);
  ASSERT_THAT(all, SizeIs(5));
  EXPECT_EQ(all.front(), Entry(5));
  EXPECT_EQ(all.back(), Entry(9));
  EXPECT_THAT(tail.After(7, 100), SizeIs(2));
  EXPECT_THAT(tail.After(4, 2), SizeIs(2));
}

TEST(InboxTail, GivesNothingToWhomTheNextEntryIsMissing) {
  InboxTail tail;
  EXPECT_THAT(tail.After(0, 100), IsEmpty());
  AppendFrom(tail, 5, 9);
  EXPECT_THAT(tail.After(3, 100), IsEmpty());
  EXPECT_THAT(tail.After(9, 100), IsEmpty());
  EXPECT_THAT(tail.After(10, 100), IsEmpty());
}

TEST(InboxTail, KeepsTheNewestEntriesAndOneMoreDropsTheOlderHalf) {
  InboxTail tail;
  AppendFrom(tail, 1, InboxTail::kMaxEntries);
  EXPECT_THAT(tail.After(0, 1000), SizeIs(InboxTail::kMaxEntries));
  tail.Append(Entry(InboxTail::kMaxEntries + 1));
  constexpr size_t kHalf = InboxTail::kMaxEntries / 2;
  EXPECT_THAT(tail.After(kHalf - 1, 1000), IsEmpty());
  EXPECT_THAT(tail.After(kHalf, 1000), SizeIs(kHalf + 1));
}

TEST(InboxTail, BeginsAnewBehindAGap) {
  InboxTail tail;
  AppendFrom(tail, 1, 3);
  tail.Append(Entry(5));
  EXPECT_THAT(tail.After(1, 100), IsEmpty());
  EXPECT_THAT(tail.After(4, 100), SizeIs(1));
}

TEST(InboxTail, ForgetsWhatHasBeenGivenOut) {
  InboxTail tail;
  AppendFrom(tail, 1, 5);
  tail.DropThrough(3);
  EXPECT_THAT(tail.After(2, 100), IsEmpty());
  EXPECT_THAT(tail.After(3, 100), SizeIs(2));
  tail.DropThrough(9);
  EXPECT_THAT(tail.After(4, 100), IsEmpty());
  tail.Append(Entry(6));
  EXPECT_THAT(tail.After(5, 100), SizeIs(1));
}

}  // namespace
}  // namespace shield::broker
