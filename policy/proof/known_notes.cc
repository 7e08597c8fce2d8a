#include "policy/proof/known_notes.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

// A verifier's text and a signature's line have no line end within.
Digest NameOf(const SignedNote& note, const VerifierKey& key) {
  Sha256Hasher hasher;
  hasher.Update(absl::StrCat(key.ToString(), "\n", note.text.size(), "\n"));
  hasher.Update(note.text);
  for (const NoteSignature& signature : note.signatures) {
    hasher.Update(PrintSignatureLine(signature));
  }
  return hasher.Finish();
}

}  // namespace

absl::Status KnownNotes::Verify(const SignedNote& note, const VerifierKey& key) {
  const Digest name = NameOf(note, key);
  if (IsKnown(name)) return absl::OkStatus();
  RETURN_IF_ERROR(VerifyNote(note, key));
  Learn(name);
  return absl::OkStatus();
}

// The newest is asked for most.
bool KnownNotes::IsKnown(const Digest& name) {
  MutexLock lock(mutex_);
  for (size_t back = 1; back <= count_; ++back) {
    if (held_[(next_ + kMost - back) % kMost] == name) return true;
  }
  return false;
}

void KnownNotes::Learn(const Digest& name) {
  MutexLock lock(mutex_);
  held_[next_] = name;
  next_ = (next_ + 1) % kMost;
  count_ = std::min(count_ + 1, kMost);
}

absl::Status VerifyNote(const SignedNote& note, const VerifierKey& key, KnownNotes* known) {
  return known != nullptr ? known->Verify(note, key) : VerifyNote(note, key);
}

}  // namespace shield
