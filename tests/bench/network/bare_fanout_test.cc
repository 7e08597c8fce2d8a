// The bare server and those who count, over real connections.
#include <vector>

#include "gtest/gtest.h"
#include "proto/wire/prepare_process.h"
#include "tests/bench/network/bare_connection.h"
#include "tests/bench/network/counting_readers.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

TlsKeyPair NewKeys() {
  EXPECT_TRUE(wire::PrepareProcess().ok());
  return *NewTlsKeyPair("reader");
}

class BareFanout : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  BareConnection bare_{folder_.path().string(), NewKeys()};
};

TEST_F(BareFanout, EverySubscriberGetsEveryEntryOfEveryTurn) {
  constexpr size_t kReaders = 40;  // more than connect at once
  constexpr uint64_t kEntries = 300;
  constexpr uint64_t kBytes = 1'000;
  TurnGate gate(kReaders);
  std::vector<TlsKeyPair> keys;
  for (size_t i = 0; i < kReaders; ++i) keys.push_back(NewKeys());
  CountingReaders readers({bare_.address(), bare_.pin(), true}, std::move(keys), gate);
  gate.Begin(kEntries);
  ASSERT_TRUE(readers.Connect(kPatience).ok());
  const uint64_t greetings = readers.bytes();
  ASSERT_TRUE(bare_.Append(kEntries, kBytes).ok());
  ASSERT_TRUE(gate.Wait(kPatience).ok());
  EXPECT_EQ(readers.bytes() - greetings, kReaders * kEntries * kBytes);

  gate.Begin(kEntries + 1);
  const absl::Time begun = absl::Now();
  ASSERT_TRUE(bare_.Append(1, kBytes).ok());
  const auto last = gate.Wait(kPatience);
  ASSERT_TRUE(last.ok());
  EXPECT_GE(*last, begun);
  for (const std::vector<absl::Time>& arrivals : readers.arrivals()) {
    ASSERT_EQ(arrivals.size(), kEntries + 1);
    EXPECT_LT(arrivals[kEntries - 1], begun);
    EXPECT_GE(arrivals[kEntries], begun);
  }
}

TEST_F(BareFanout, ALateSubscriberGetsTheLogFromItsBeginning) {
  ASSERT_TRUE(bare_.Append(1'000, 1'200).ok());
  TurnGate gate(1);
  CountingReaders readers({bare_.address(), bare_.pin(), false}, {NewKeys()}, gate);
  gate.Begin(1'000);
  ASSERT_TRUE(readers.Connect(kPatience).ok());
  const auto last = gate.Wait(kPatience);
  ASSERT_TRUE(last.ok());
  EXPECT_LE(readers.first_greeting(), *last);
}

TEST_F(BareFanout, WhatIsPublishedIsStoredAndSent) {
  constexpr uint64_t kEntries = 50;
  constexpr uint64_t kBytes = 5'000;
  const std::filesystem::path stored = folder_.path() / "relayed";
  TurnGate gate(1);
  CountingReaders readers({bare_.address(), bare_.pin(), false}, {NewKeys()}, gate);
  gate.Begin(kEntries);
  ASSERT_TRUE(readers.Connect(kPatience).ok());
  EXPECT_FALSE(std::filesystem::exists(stored));
  const uint64_t greetings = readers.bytes();
  // More slots than one message holds.
  ASSERT_TRUE(
      bare_
          .PublishAll(
              kEntries, 16,
              {.publish = {1'000, 4'096, kBytes}, .statement_bytes = 700, .slot_bytes = 168'000})
          .ok());
  EXPECT_TRUE(std::filesystem::exists(stored / "CURRENT"));
  ASSERT_TRUE(gate.Wait(kPatience).ok());
  EXPECT_EQ(readers.bytes() - greetings, kEntries * kBytes);
}

TEST_F(BareFanout, TransfersEndWellWhateverTheirSize) {
  for (const uint64_t bytes : {uint64_t{0}, uint64_t{1}, uint64_t{65'536}, uint64_t{1'000'001}}) {
    EXPECT_TRUE(bare_.Upload(bytes).ok()) << bytes;
    EXPECT_TRUE(bare_.Download(bytes).ok()) << bytes;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

}  // namespace
}  // namespace shield::testing
