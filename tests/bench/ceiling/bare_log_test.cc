#include "tests/bench/ceiling/bare_log.h"

#include <vector>

#include "gtest/gtest.h"
#include "tests/bench/ceiling/entry_counter.h"

namespace shield::testing {
namespace {

uint64_t EntriesIn(const grpc::ByteBuffer& message) {
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(message.Dump(&slices).ok());
  EntryCounter counter;
  for (const grpc::Slice& slice : slices) counter.Feed({slice.begin(), slice.size()});
  EXPECT_TRUE(counter.EndMessage());
  return counter.entries();
}

TEST(BareLog, AnEntryHasExactlyTheSizeAskedFor) {
  std::vector<size_t> sizes = {16'384, 16'385, 16'386, 16'387, 16'388, 16'389, 70'000};
  for (size_t size = 2; size < 300; ++size) sizes.push_back(size);
  for (const size_t size : sizes) {
    const grpc::Slice entry = BareEntry(size, 0x12);
    EXPECT_EQ(entry.size(), size);
    EXPECT_EQ(EntriesIn(grpc::ByteBuffer(&entry, 1)), 1u) << size;
  }
}

TEST(BareLog, AMessageEndsAtItsMostEntries) {
  BareLog log;
  log.Append(BareLog::kMaxEntries + 1, 10);
  const auto first = log.MessageAfter(0, log.size());
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(EntriesIn(first->bytes), BareLog::kMaxEntries);
  EXPECT_TRUE(first->another_follows);
  const auto second = log.MessageAfter(first->next, log.size());
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(EntriesIn(second->bytes), 1u);
  EXPECT_FALSE(second->another_follows);
  EXPECT_FALSE(log.MessageAfter(second->next, log.size()).has_value());
}

TEST(BareLog, AMessageEndsAtItsMostBytes) {
  BareLog log;
  log.Append(17, BareLog::kMaxBytes / 16);
  const auto message = log.MessageAfter(0, log.size());
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->next, 16u);
  EXPECT_EQ(message->bytes.Length(), BareLog::kMaxBytes);
}

TEST(BareLog, OneEntryMayBeLargerThanThat) {
  BareLog log;
  log.Append(2, BareLog::kMaxBytes + 500);
  const auto message = log.MessageAfter(0, log.size());
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->next, 1u);
  EXPECT_TRUE(message->another_follows);
}

TEST(BareLog, NothingComesAfterTheEnd) {
  BareLog log;
  EXPECT_FALSE(log.MessageAfter(0, log.size()).has_value());
  log.Append(1, 10);
  EXPECT_TRUE(log.MessageAfter(0, log.size()).has_value());
  EXPECT_FALSE(log.MessageAfter(1, log.size()).has_value());
}

TEST(BareLog, WhatIsNotToBeSentYetIsNot) {
  BareLog log;
  log.Append(3, 10);
  const auto message = log.MessageAfter(0, 2);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->next, 2u);
  EXPECT_FALSE(message->another_follows);
  EXPECT_FALSE(log.MessageAfter(2, 2).has_value());
}

}  // namespace
}  // namespace shield::testing
