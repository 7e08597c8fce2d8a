// An identity: the private half of a recipient, written `AGE-SECRET-KEY-1…` as age-keygen does.
//
//   X25519Identity identity = X25519Identity::Generate(random);
//   identity.Recipient();   // goes into the directory
//
// The secret lies in memory of its own between guard pages, read-only, wiped when the identity goes
// (sodium_malloc); it leaves only through Print. The memory is locked against swapping as far as
// the process may lock memory (RLIMIT_MEMLOCK); beyond that it is not, and nothing says so.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/random.h"
#include "crypto/age_keys.h"
#include "crypto/age_recipient.h"
#include "crypto/file_key.h"
#include "crypto/secret_bytes.h"

namespace shield {

// Movable; a moved-from identity may only be destroyed or assigned to. Otherwise immutable.
class X25519Identity {
 public:
  static X25519Identity Generate(Random& random);

  // From the one line of capitals age-keygen writes. INVALID_ARGUMENT otherwise; the message never
  // repeats the text.
  static absl::StatusOr<X25519Identity> Parse(absl::string_view text);

  // That line, without a line feed. The caller wipes it.
  std::string Print(SecretAccess access) const;

  const X25519PublicKey& Recipient() const { return recipient_; }

  // The file key that was wrapped for this identity under `share`; nothing when it was wrapped for
  // another. An error of kind AgeFailure::kHeader when `share` is of low order.
  absl::StatusOr<std::optional<FileKey>> Unwrap(const X25519PublicKey& share,
                                                const WrappedFileKey& wrapped) const;

 private:
  struct FreeGuarded {
    void operator()(uint8_t* secret) const;
  };
  using Secret = std::unique_ptr<uint8_t[], FreeGuarded>;

  explicit X25519Identity(Secret secret);
  static Secret Allocate();

  Secret secret_;
  X25519PublicKey recipient_;
};

}  // namespace shield
