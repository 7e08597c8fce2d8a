#include "tests/bench/micro/payload_workloads.h"

#include <algorithm>
#include <vector>

#include "base/status.h"
#include "crypto/file_key.h"
#include "crypto/opening/open_payload.h"
#include "crypto/payload.h"
#include "crypto/system_random.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/micro/raw_cipher.h"

namespace shield::testing {
namespace {

constexpr double kBytesAMegabyte = 1e6;
constexpr size_t kMaxInOneCall = 1 << 20;

struct Size {
  size_t bytes;
  Effort least;
};

constexpr Size kSizes[] = {
    {64 << 10, Effort::kQuick}, {1 << 20, Effort::kQuick}, {64 << 20, Effort::kDefault}};

// Calls `take` for one piece after the other.
template <typename Take>
absl::Status InPieces(ByteSpan bytes, Take take) {
  for (size_t at = 0; at < bytes.size(); at += kRawPieceSize) {
    RETURN_IF_ERROR(take(bytes.subspan(at, std::min(kRawPieceSize, bytes.size() - at))));
  }
  return absl::OkStatus();
}

absl::Status CheckSize(uint64_t found, uint64_t expected) {
  return found == expected ? absl::OkStatus() : absl::InternalError("bytes were lost");
}

absl::Status SealOnce(ByteSpan plaintext) {
  SystemRandom random;
  const FileKey file_key = NewFileKey(random);
  const PayloadNonce nonce = NewPayloadNonce(random);
  const uint64_t expected = SealedPayloadSize(plaintext.size());
  if (plaintext.size() <= kMaxInOneCall) {
    return CheckSize(SealPayload(file_key, nonce, plaintext).size(), expected);
  }
  uint64_t sealed = 0;
  PayloadSealer sealer(file_key, nonce, [&sealed](ByteSpan bytes) {
    sealed += bytes.size();
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(InPieces(plaintext, [&](ByteSpan piece) { return sealer.Write(piece); }));
  RETURN_IF_ERROR(sealer.Finish());
  return CheckSize(sealed, expected);
}

absl::Status OpenOnce(const FileKey& file_key, ByteSpan payload, size_t bytes) {
  if (bytes <= kMaxInOneCall) {
    ASSIGN_OR_RETURN(const Bytes plaintext, OpenPayload(file_key, payload));
    return CheckSize(plaintext.size(), bytes);
  }
  uint64_t opened = 0;
  PayloadOpener opener(file_key, [&opened](ByteSpan plaintext) {
    opened += plaintext.size();
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(InPieces(payload, [&](ByteSpan piece) { return opener.Write(piece); }));
  RETURN_IF_ERROR(opener.Finish());
  return CheckSize(opened, bytes);
}

absl::StatusOr<Figure> MeasureSealing(const Run& run, size_t bytes) {
  const Bytes plaintext(bytes, 1);
  RawCipher cipher;
  const auto seal_raw = [&](ByteSpan piece) {
    cipher.Seal(piece);
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const Comparison costs,
                   Compare(
                       run, TimedBy::kProcessor, [&] { return SealOnce(plaintext); },
                       [&] { return InPieces(plaintext, seal_raw); }));
  return RateFigure("MB/s", static_cast<double>(bytes) / kBytesAMegabyte, costs);
}

absl::StatusOr<Figure> MeasureOpening(const Run& run, size_t bytes) {
  SystemRandom random;
  const FileKey file_key = NewFileKey(random);
  const Bytes plaintext(bytes, 1);
  const Bytes payload = SealPayload(file_key, NewPayloadNonce(random), plaintext);
  const std::vector<Bytes> pieces = SealRaw(plaintext);
  RawCipher cipher;
  ASSIGN_OR_RETURN(const Comparison costs,
                   Compare(
                       run, TimedBy::kProcessor, [&] { return OpenOnce(file_key, payload, bytes); },
                       [&] {
                         for (const Bytes& piece : pieces) cipher.Open(piece);
                         return absl::OkStatus();
                       }));
  return RateFigure("MB/s", static_cast<double>(bytes) / kBytesAMegabyte, costs);
}

}  // namespace

void AddPayload(Suite& suite) {
  for (const Size& size : kSizes) {
    suite.Add("payload_seal", size.least, {{"bytes", size.bytes}},
              [bytes = size.bytes](const Run& run) { return MeasureSealing(run, bytes); });
  }
  for (const Size& size : kSizes) {
    suite.Add("payload_open", size.least, {{"bytes", size.bytes}},
              [bytes = size.bytes](const Run& run) { return MeasureOpening(run, bytes); });
  }
}

}  // namespace shield::testing
