#include "tests/bench/network/bench_network.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <optional>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "base/check.h"
#include "base/mutex.h"
#include "base/status.h"
#include "tests/bench/network/programs.h"

namespace shield::testing {
namespace {

constexpr int kMostAttempts = 3;

// The most that config.toml can say.
constexpr int kPublishesPerMinute = 100'000;
constexpr int kUploadMebibytesPerHour = 1'048'576;

constexpr size_t kMembersOfOrg = 50;

template <typename T>
T Must(absl::StatusOr<T> value) {
  if (!value.ok()) std::fprintf(stderr, "bench network: %s\n", value.status().ToString().c_str());
  SHIELD_CHECK(value.ok());
  return *std::move(value);
}

LargeNetworkSize SizeOf(const BenchNetworkSize& size) {
  SHIELD_CHECK(size.subscribers >= kAuthors);
  LargeNetworkSize large;
  large.members = std::max(size.enrolled, size.subscribers) - kAuthors;
  large.homes = size.subscribers - kAuthors;
  large.organisations = 2 + large.members / kMembersOfOrg;
  large.publishes_per_minute = kPublishesPerMinute;
  large.upload_mebibytes_per_hour = kUploadMebibytesPerHour;
  large.authors = kAuthors;
  large.homes_together = true;
  return large;
}

}  // namespace

BenchNetwork::BenchNetwork(const BenchNetworkSize& size)
    : size_(size), network_(ShielddProgram(), SizeOf(size)) {
  network_.MakeKeys();
  network_.Enrol();
  network_.Upload(network_.SignDirectory());
  for (const Home& author : network_.authors()) {
    keys_.push_back(Must(author.ReadKeys(std::nullopt)));
    connections_.push_back(network_.Connect(author));
  }
  Client analyst = network_.Open(connections_.front(), network_.analyst());
  directory_ = Must(analyst.SyncDirectory());
}

std::vector<Home> BenchNetwork::readers() const {
  std::vector<Home> readers = network_.authors();
  readers.insert(readers.end(), network_.homes().begin(), network_.homes().end());
  return readers;
}

Draft BenchNetwork::ToReaders(absl::string_view title) const {
  return size_.to_all ? network_.DraftToAll(title) : network_.DraftToOrg(0, title);
}

absl::StatusOr<std::vector<SealedUpload>> BenchNetwork::Seal(
    size_t count, size_t payload_bytes, const std::vector<SizedDigest>& objects) {
  std::vector<UploadSealer> sealers;
  for (const MemberKeys& author : keys_) {
    ASSIGN_OR_RETURN(UploadSealer sealer,
                     UploadSealer::Create(ToReaders("Measured"), author, directory_, random_));
    sealers.push_back(std::move(sealer));
  }
  std::vector<SealedUpload> uploads;
  uploads.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(uploads.emplace_back(),
                     sealers[i % sealers.size()].Seal(payload_bytes, objects));
  }
  return uploads;
}

// Four of an author at once are as many as the broker takes, and an answer may be here before the
// place of its call is free again: then it is sent anew when the broker says, as the library does.
absl::Status BenchNetwork::UploadPatiently(size_t author, const SealedUpload& upload) {
  for (int attempt = 1;; ++attempt) {
    const absl::Status status = Upload(*connections_[author], upload).status();
    const std::optional<absl::Duration> delay = RetryDelayOf(status);
    if (status.ok() || !delay.has_value() || attempt == kMostAttempts) return status;
    std::fprintf(stderr, "bench network: an upload is tried again: %s\n",
                 status.ToString().c_str());
    absl::SleepFor(*delay);
  }
}

absl::Status BenchNetwork::PublishAll(const std::vector<SealedUpload>& uploads, size_t in_flight) {
  std::vector<std::atomic<size_t>> next(kAuthors);
  for (size_t author = 0; author < kAuthors; ++author) next[author] = author;
  Mutex mutex;
  absl::Status error;
  const auto publish = [&](size_t author) {
    for (size_t at = next[author].fetch_add(kAuthors); at < uploads.size();
         at = next[author].fetch_add(kAuthors)) {
      const absl::Status status = UploadPatiently(author, uploads[at]);
      if (status.ok()) continue;
      MutexLock lock(mutex);
      if (error.ok()) error = status;
      return;
    }
  };
  std::vector<std::thread> threads;
  for (size_t i = 0; i < in_flight; ++i) threads.emplace_back(publish, i % kAuthors);
  for (std::thread& thread : threads) thread.join();
  return error;
}

}  // namespace shield::testing
