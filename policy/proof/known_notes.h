// Signatures that held a moment ago: a reader looks at one bulletin when it comes, when it is
// handed over and when it is opened, and a signature costs many times the hash by which it is known
// again.
//
//   KnownNotes known;
//   RETURN_IF_ERROR(known.Verify(note, key));
//
// It changes no answer: what is known is that these very bytes are signed by this very key, which
// no clock and no directory alters. Whether that key still counts is asked elsewhere, each time.
#pragma once

#include <array>
#include <cstddef>

#include "absl/status/status.h"
#include "base/digest.h"
#include "base/mutex.h"
#include "crypto/note.h"
#include "crypto/verifier_key.h"

namespace shield {

// Thread-safe. Keeps digests alone, 32 bytes each.
class KnownNotes {
 public:
  // As many as one message of a subscription has entries at most.
  static constexpr size_t kMost = 256;

  // As VerifyNote.
  absl::Status Verify(const SignedNote& note, const VerifierKey& key);

 private:
  bool IsKnown(const Digest& name);
  void Learn(const Digest& name);

  Mutex mutex_;
  std::array<Digest, kMost> held_ ABSL_GUARDED_BY(mutex_) = {};
  size_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;  // the oldest, once all places are taken
};

// As VerifyNote, by what is known where there is such.
absl::Status VerifyNote(const SignedNote& note, const VerifierKey& key, KnownNotes* known);

}  // namespace shield
