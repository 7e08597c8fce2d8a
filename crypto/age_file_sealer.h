// Seals a stream into a whole age file for one recipient: how attachments are stored.
//
//   ASSIGN_OR_RETURN(auto sealer, AgeFileSealer::Create(recipient, random, sink));
//   while (…) RETURN_IF_ERROR(sealer->Write(bytes));
//   ASSIGN_OR_RETURN(AgeFileSealer::Sealed sealed, sealer->Finish());
//
// The file key exists only in here. Memory does not grow with the file.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/random.h"
#include "crypto/age_recipient.h"
#include "crypto/byte_sink.h"
#include "crypto/payload.h"
#include "crypto/sha256.h"

namespace shield {

// Thread-compatible.
class AgeFileSealer {
 public:
  // What a statement's `object` line says of the file.
  struct Sealed {
    uint64_t bytes = 0;
    Digest digest;
  };

  // Hands the header to `sink` at once. INVALID_ARGUMENT when CheckX25519PublicKey refuses
  // `recipient`, or the sink's error.
  static absl::StatusOr<std::unique_ptr<AgeFileSealer>> Create(const X25519PublicKey& recipient,
                                                               Random& random, ByteSink sink);

  // Errors are the sink's; the file is then of no use.
  absl::Status Write(ByteSpan plaintext);
  absl::StatusOr<Sealed> Finish();

 private:
  AgeFileSealer(const FileKey& file_key, const PayloadNonce& nonce, ByteSink sink);

  absl::Status Emit(ByteSpan sealed);

  const ByteSink sink_;
  Sha256Hasher hasher_;
  uint64_t bytes_ = 0;
  PayloadSealer payload_;
};

}  // namespace shield
