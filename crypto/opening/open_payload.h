// Opening a payload, chunk by chunk.
//
// Only plaintext whose chunk authenticated is handed on, but that is not enough to show it: until
// Finish returned OK the payload may yet prove to be cut off, and its digest another than the
// signed one. Readers collect it in a temporary place first (docs/spec/sealing.md section 6).
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "crypto/age_keys.h"
#include "crypto/byte_sink.h"
#include "crypto/file_key.h"

namespace shield {

// The whole plaintext, or an error of kind AgeFailure::kPayload and nothing.
absl::StatusOr<Bytes> OpenPayload(const FileKey& file_key, ByteSpan payload);

// The same for a stream, holding one chunk.
//
//   PayloadOpener opener(file_key, sink);
//   while (…) RETURN_IF_ERROR(opener.Write(bytes));
//   RETURN_IF_ERROR(opener.Finish());
//
// After an error, which is of kind AgeFailure::kPayload or the sink's, nothing more may be called.
// Thread-compatible.
class PayloadOpener {
 public:
  PayloadOpener(const FileKey& file_key, ByteSink sink);
  ~PayloadOpener();
  PayloadOpener(const PayloadOpener&) = delete;
  PayloadOpener& operator=(const PayloadOpener&) = delete;

  // The next bytes of the payload, which begins with its nonce.
  absl::Status Write(ByteSpan payload);
  // The payload has ended: its last chunk must be here and marked as last.
  absl::Status Finish();

 private:
  void TakeNonce();
  absl::Status OpenChunk(bool last);

  const FileKey file_key_;
  const ByteSink sink_;
  std::optional<AgeKey> key_;  // once the nonce is here
  Bytes sealed_;               // the nonce, then the chunk that is filling
  Bytes plaintext_;            // of the chunk that was opened
  uint64_t next_index_ = 0;
};

}  // namespace shield
