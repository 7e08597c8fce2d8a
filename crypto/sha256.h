// SHA-256, at once and in a stream.
//
// OpenSSL computes it: it uses the SHA instructions of a processor, libsodium 1.0.18 does not
// (figures: docs/performance.md).
//
//   Digest digest = Sha256("abc");
//
//   Sha256Hasher hasher;
//   while (…) hasher.Update(chunk);
//   Digest digest = hasher.Finish();
#pragma once

#include <memory>

#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "base/digest.h"

struct evp_md_ctx_st;

namespace shield {

Digest Sha256(ByteSpan bytes);
Digest Sha256(absl::string_view text);

// Hashes what Update was given, in order. Movable. Thread-compatible.
class Sha256Hasher {
 public:
  Sha256Hasher();

  void Update(ByteSpan bytes);
  void Update(absl::string_view text) { Update(AsBytes(text)); }

  // The digest of everything so far; the hasher then begins anew.
  Digest Finish();

 private:
  struct FreeContext {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, FreeContext> context_;
};

}  // namespace shield
