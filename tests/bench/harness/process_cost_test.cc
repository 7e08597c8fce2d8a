// What this process costs is seen, and what it held before is forgotten.
#include "tests/bench/harness/process_cost.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <thread>

namespace shield::testing {
namespace {

constexpr size_t kBlock = 64 << 20;
constexpr double kSomeSeconds = 0.02;
// One above the most that the kernel gives (proc(5), pid_max).
constexpr pid_t kNobody = (1 << 22) + 1;

void BurnProcessorTime() {
  const double start = ProcessorSeconds();
  while (ProcessorSeconds() - start < kSomeSeconds) continue;
}

// Every page of a block of that size is in memory once. Straight from the system and back to it: an
// allocator may keep what is freed.
void HoldABlock() {
  void* block = ::mmap(nullptr, kBlock, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(block, MAP_FAILED);
  std::memset(block, 'x', kBlock);
  ::munmap(block, kBlock);
}

TEST(ProcessorSeconds, CountsAllThreads) {
  const double before = ProcessorSeconds();
  std::thread(BurnProcessorTime).join();
  EXPECT_GE(ProcessorSeconds() - before, kSomeSeconds);
}

TEST(ProcessorSeconds, IsTheSameByTheOwnId) {
  BurnProcessorTime();
  const double first = ProcessorSeconds();
  const double by_id = ProcessorSeconds(getpid());
  EXPECT_LE(first, by_id);
  EXPECT_LE(by_id, ProcessorSeconds());
}

TEST(ProcessorSeconds, IsZeroOfNobody) { EXPECT_EQ(ProcessorSeconds(kNobody), 0); }

TEST(PeakBytes, RemembersWhatWasHeld) {
  HoldABlock();
  EXPECT_GE(PeakBytes(), kBlock);
  EXPECT_EQ(PeakBytes(kNobody), 0);
}

TEST(PeakBytes, BeginsAnewWhenItIsForgotten) {
  HoldABlock();
  const uint64_t before = PeakBytes();
  ForgetPeak();
  if (PeakBytes() == before) GTEST_SKIP() << "SKIPPED: this system keeps the peak of a process";
  EXPECT_LT(PeakBytes(), before - kBlock / 2);
  HoldABlock();
  EXPECT_GE(PeakBytes(), kBlock);
}

}  // namespace
}  // namespace shield::testing
