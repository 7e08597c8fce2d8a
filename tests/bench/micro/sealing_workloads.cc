#include "tests/bench/micro/sealing_workloads.h"

#include <utility>

#include "base/status.h"
#include "crypto/file_key.h"
#include "crypto/payload.h"
#include "crypto/seal_slots.h"
#include "crypto/system_random.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/micro/bench_keys.h"
#include "tests/bench/micro/seal_primitives.h"

namespace shield::testing {
namespace {

constexpr size_t kSmallBytes = 1024;
constexpr size_t kLargeBytes = 1 << 20;

struct Size {
  size_t recipients;
  Effort least;
};

constexpr Size kSizes[] = {{100, Effort::kQuick},
                           {1'000, Effort::kDefault},
                           {10'000, Effort::kDefault},
                           {100'000, Effort::kFull}};

// What a bulletin's readers get: the slots and the payload, under a file key of its own.
absl::Status SealAll(std::span<const X25519PublicKey> recipients, ByteSpan plaintext,
                     unsigned threads) {
  SystemRandom random;
  const FileKey file_key = NewFileKey(random);
  ASSIGN_OR_RETURN(const std::vector<Slot> slots, SealSlots(recipients, file_key, threads));
  const Bytes payload = SealPayload(file_key, NewPayloadNonce(random), plaintext);
  if (slots.size() == recipients.size() && payload.size() > plaintext.size()) {
    return absl::OkStatus();
  }
  return absl::InternalError("something was not sealed");
}

TimedBy ClockOf(unsigned threads) { return threads == 1 ? TimedBy::kProcessor : TimedBy::kWall; }

absl::StatusOr<Figure> MeasureSealing(const Run& run, size_t recipients, size_t bytes,
                                      unsigned threads) {
  const std::vector<X25519PublicKey> keys = SomeRecipients(recipients);
  const Bytes plaintext(bytes, 1);
  ASSIGN_OR_RETURN(const Comparison costs,
                   Compare(
                       run, ClockOf(threads), [&] { return SealAll(keys, plaintext, threads); },
                       [&] {
                         ComputeSealPrimitives(keys, plaintext, threads);
                         return absl::OkStatus();
                       }));
  return RateFigure("slots/s", static_cast<double>(recipients), costs);
}

absl::StatusOr<Figure> MeasureTwoThreads(const Run& run, size_t recipients) {
  const std::vector<X25519PublicKey> keys = SomeRecipients(recipients);
  const Bytes plaintext(kSmallBytes, 1);
  ASSIGN_OR_RETURN(const Comparison costs,
                   Compare(
                       run, TimedBy::kWall, [&] { return SealAll(keys, plaintext, 2); },
                       [&] { return SealAll(keys, plaintext, 1); }));
  Figure figure = RateFigure("slots/s", static_cast<double>(recipients), costs);
  figure.ceiling = 2 * figure.ceiling.value();
  return figure;
}

}  // namespace

void AddSealing(Suite& suite) {
  for (const Size& size : kSizes) {
    for (const size_t bytes : {kSmallBytes, kLargeBytes}) {
      for (const unsigned threads : {1u, 2u}) {
        suite.Add("seal_slots", size.least,
                  {{"recipients", size.recipients}, {"bytes", bytes}, {"threads", threads}},
                  [recipients = size.recipients, bytes, threads](const Run& run) {
                    return MeasureSealing(run, recipients, bytes, threads);
                  });
      }
    }
  }
  for (const Size& size : kSizes) {
    suite.Add("seal_slots_two_threads", size.least, {{"recipients", size.recipients}},
              [recipients = size.recipients](const Run& run) {
                return MeasureTwoThreads(run, recipients);
              });
  }
}

}  // namespace shield::testing
