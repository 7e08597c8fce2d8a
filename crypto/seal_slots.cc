#include "crypto/seal_slots.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/seal_batch.h"
#include "crypto/system_random.h"

namespace shield {
namespace {

// Of several threads each takes so many at a time: few enough that none waits long for the last,
// and so many that to begin a batch costs less than a hundredth of it.
constexpr size_t kSharedBatch = 32;
static_assert(kSharedBatch <= kMaxSealBatch);

// Seals with secrets of its own. False when a recipient is of low order.
bool SealFresh(std::span<const X25519PublicKey> recipients, const FileKey& file_key,
               const AgeKey& mac_key, std::span<Slot> slots) {
  std::array<OneTimeSecret, kMaxSealBatch> secrets;
  const auto used = std::span(secrets).first(recipients.size());
  randombytes_buf(used.data(), used.size_bytes());
  const bool sealed = SealBatch(recipients, used, file_key, mac_key, slots);
  sodium_memzero(secrets.data(), sizeof secrets);
  return sealed;
}

absl::Status CheckRecipients(std::span<const X25519PublicKey> recipients) {
  for (const X25519PublicKey& recipient : recipients) {
    const absl::Status status = CheckX25519PublicKey(recipient);
    if (status.ok()) continue;  // to print every recipient would cost a tenth of sealing to it
    return Annotate(status, absl::StrCat("cannot seal to `", PrintAgeRecipient(recipient), "`"));
  }
  return absl::OkStatus();
}

// Batches that wait for a thread, and the slots they become.
class Work {
 public:
  Work(std::span<const X25519PublicKey> recipients, const FileKey& file_key, size_t batch)
      : recipients_(recipients),
        file_key_(file_key),
        batch_(batch),
        mac_key_(HeaderMacKey(file_key)),
        slots_(recipients.size()) {}

  size_t batches() const { return (recipients_.size() + batch_ - 1) / batch_; }

  // Seals batches until none is left; any number of threads may do so at once.
  void Run() {
    for (size_t at = next_.fetch_add(batch_); at < recipients_.size();
         at = next_.fetch_add(batch_)) {
      const size_t count = std::min(batch_, recipients_.size() - at);
      if (!SealFresh(recipients_.subspan(at, count), file_key_, mac_key_,
                     std::span(slots_).subspan(at, count))) {
        refused_ = true;
      }
    }
  }

  bool refused() const { return refused_; }
  std::vector<Slot> TakeSlots() { return std::move(slots_); }

 private:
  const std::span<const X25519PublicKey> recipients_;
  const FileKey& file_key_;
  const size_t batch_;
  const AgeKey mac_key_;
  std::vector<Slot> slots_;
  std::atomic<size_t> next_ = 0;
  std::atomic<bool> refused_ = false;
};

// As many helpers of the calling thread as the system gives, at most `count`.
std::vector<std::thread> StartHelpers(Work& work, size_t count) {
  std::vector<std::thread> helpers;
  helpers.reserve(count);
  try {
    while (helpers.size() < count) helpers.emplace_back([&work] { work.Run(); });
  } catch (const std::system_error&) {
    // No more threads to be had: the ones there are do all of the work.
  }
  return helpers;
}

}  // namespace

absl::StatusOr<std::vector<Slot>> SealSlots(std::span<const X25519PublicKey> recipients,
                                            const FileKey& file_key, unsigned threads) {
  SodiumInit();
  RETURN_IF_ERROR(CheckRecipients(recipients));
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  Work work(recipients, file_key, threads == 1 ? kMaxSealBatch : kSharedBatch);
  const size_t used = std::min<size_t>(threads, work.batches());
  std::vector<std::thread> helpers = StartHelpers(work, used > 1 ? used - 1 : 0);
  work.Run();
  for (std::thread& helper : helpers) helper.join();
  if (work.refused()) {
    return absl::InvalidArgumentError("sealing failed: a recipient's key is a point of low order");
  }
  return work.TakeSlots();
}

}  // namespace shield
