// A directory that the authority signed: the only trust root after network.shield.
//
// What makes a directory trusted, in this order: at least `threshold` different pinned keys signed
// the note; it is of this network; it is not older than the one already held; every organisation
// shown stands in the tree whose root the note carries, whole, with all its own lines; every key is
// a key. Only then a VerifiedDirectory exists. Specification: docs/spec/directory.md.
//
//   ASSIGN_OR_RETURN(auto directory, VerifyDirectory(note, orgs, network, held));
//   if (directory->ExpiredAt(clock.Now())) …   // publishing is refused, reading goes on, warned
//
// The broker and publishers need all organisations (VerifyDirectory); a reader is shown its part
// (VerifyPartialDirectory). Verifying 10,000 members takes some tenths of a second at most.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "crypto/age_recipient.h"
#include "crypto/verifier_key.h"
#include "policy/directory.h"
#include "policy/proof/directory_keys.h"
#include "policy/proof/network_file.h"
#include "policy/records.h"

namespace shield {

// The version a party holds: what it must never go behind, or see with another text.
struct HeldDirectory {
  uint64_t version = 0;
  Digest digest = {};  // SHA-256 of the note's text

  friend bool operator==(const HeldDirectory&, const HeldDirectory&) = default;
};

// One organisation as a partial view shows it.
struct OrgPart {
  uint64_t index = 0;         // of its line among all organisations
  std::vector<Digest> proof;  // inclusion path of that line
  OrgLines lines;
};

// Immutable, shared; made by the two functions below only.
class VerifiedDirectory {
 public:
  const Directory& directory() const { return *directory_; }
  const std::shared_ptr<const Directory>& shared() const { return directory_; }

  uint64_t version() const { return directory_->version(); }
  // SHA-256 of the note's text, as statements name it.
  const Digest& digest() const { return digest_; }
  HeldDirectory held() const { return {version(), digest_}; }
  // The signed note, byte for byte as it came.
  const std::string& note() const { return note_; }

  const VerifierKey& broker_key() const { return broker_key_; }
  const VerifierKey& log_key() const { return log_key_; }
  const VerifierKey& fresh_key() const { return fresh_key_; }

  bool ExpiredAt(absl::Time now) const { return now >= directory_->note().expires; }

  // The exact key a bulletin published at `time` is sealed to for this member, if it has one
  // (Directory::ActiveKey; at the moment the directory was issued when that is later).
  std::optional<X25519PublicKey> SealKey(const MemberId& member, absl::Time time) const;

 private:
  friend class DirectoryVerifier;
  VerifiedDirectory(std::string note, Digest digest, std::shared_ptr<const Directory> directory,
                    SealKeyTable seal_keys, VerifierKey broker_key, VerifierKey log_key,
                    VerifierKey fresh_key);

  std::string note_;
  Digest digest_;
  std::shared_ptr<const Directory> directory_;
  SealKeyTable seal_keys_;  // by the records of `directory_`
  VerifierKey broker_key_;
  VerifierKey log_key_;
  VerifierKey fresh_key_;
};

// Whether enough of the pinned keys signed this note: what can be known of a directory before
// anything is read of what the note stands for. DATA_LOSS BAD_SIGNATURE; INVALID_ARGUMENT
// DIRECTORY_MALFORMED.
absl::Status VerifyDirectorySignatures(absl::string_view note, const NetworkFile& network);

// All organisations, in the order of the tree (ascending by id). `held` is the newest version this
// party has accepted, if any. Errors:
//   DATA_LOSS BAD_SIGNATURE: fewer than the threshold of pinned keys signed, or one does not hold
//
//   DATA_LOSS ROLLBACK: older than `held`
//
//   DATA_LOSS DIRECTORY_FORK: the version of `held` with another text, or the next one with another
//   `prev`: keep both texts, tell the authority
//
//   DATA_LOSS DIGEST_MISMATCH: records do not lead to the roots signed
//
//   INVALID_ARGUMENT DIRECTORY_MALFORMED: text or records out of form, a value that is no key
//
//   INVALID_ARGUMENT NETWORK_MISMATCH: of another network
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> VerifyDirectory(
    absl::string_view note, std::span<const OrgLines> orgs, const NetworkFile& network,
    const std::optional<HeldDirectory>& held);

// Some organisations, each with its proof, ascending by index. Errors as above.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> VerifyPartialDirectory(
    absl::string_view note, std::span<const OrgPart> parts, const NetworkFile& network,
    const std::optional<HeldDirectory>& held);

// What a broker asks of an upload beyond the above: it is version 1 when nothing is held, else
// exactly the version after `held`, naming its digest. ABORTED, rule DIRECTORY_MOVED, otherwise.
absl::Status CheckNextVersion(const VerifiedDirectory& directory,
                              const std::optional<HeldDirectory>& held);

}  // namespace shield
