// One of the officers who sign directories: a home with a key of the authority, on a machine that
// need not have a network.
//
//   ASSIGN_OR_RETURN(const Officer officer, Officer::Open(folder));
//   ASSIGN_OR_RETURN(const SigningReview review, officer.Review(file, now));
//   … the officer reads what changes …
//   ASSIGN_OR_RETURN(file, officer.Sign(file, passphrase, now));
//
// What is signed is the next version after one that the threshold has signed and that is not older
// than any this officer has seen; every record is checked as a broker would check it. What was
// signed is on disk before the signature exists (docs/spec/directory.md, "Several officers").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/authority/home_lock.h"
#include "client/authority/signing_file.h"
#include "client/home/home.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_directory.h"

namespace shield {

// The newest published version this officer was shown, and the last it has signed. In the home's
// signed.txt:
//
//   shield/signed/v1
//   seen <version> <digest>       0 and 32 zero bytes: none
//   signed <version> <digest>
struct OfficerMemory {
  HeldDirectory seen = {};
  HeldDirectory last_signed = {};

  friend bool operator==(const OfficerMemory&, const OfficerMemory&) = default;
};

// What a draft would change, and where it stands.
struct SigningReview {
  uint64_t version = 0;
  absl::Time expires = absl::UnixEpoch();
  std::vector<std::string> added =
      {};  // lines of the note (broker, keys, witnesses) and of records
  std::vector<std::string> removed = {};  // the same of the version before
  size_t signatures = 0;                  // so far, of different keys
  uint64_t threshold = 1;
  bool rotates = false;          // other authority keys, another threshold or broker come with it
  bool enough = false;           // it could be published
  bool signed_here = false;      // this officer has signed exactly this text before
  bool replaces_signed = false;  // it has signed another text of the same version
};

// Movable. Thread-compatible. Holds the home's lock while it lives.
class Officer {
 public:
  // UNAUTHENTICATED (NOT_ENROLLED) without a network; FAILED_PRECONDITION when another process
  // works in this home.
  static absl::StatusOr<Officer> Open(const std::string& folder);

  const NetworkFile& network() const { return network_; }
  // Whether signing takes a passphrase.
  bool KeysAreWrapped(const SigningFile& file) const;

  // Errors: those of VerifyDirectory, about the version before (the threshold must have signed it)
  // or the draft (one signature suffices, so that it comes from the authority); FAILED_PRECONDITION
  // DRAFT_NOT_NEXT: it is not the version after the one it is compared with; DIRECTORY_EXPIRED;
  // CLOCK_SKEW: it was made by a clock far ahead of `now`; no key that could sign it is in this
  // home. A rotation that comes along is judged the same way.
  absl::StatusOr<SigningReview> Review(const SigningFile& file, absl::Time now) const;

  // The file with the signatures of this home's keys; one that is there stays as it is. Errors as
  // above, and those of ReadAuthorityKey.
  absl::StatusOr<SigningFile> Sign(SigningFile file, const Passphrase& passphrase, absl::Time now);

 private:
  Officer(Home home, HomeLock lock, NetworkFile network, OfficerMemory memory);

  Home home_;
  HomeLock lock_;
  NetworkFile network_;
  OfficerMemory memory_;
};

// INVALID_ARGUMENT, rule DIRECTORY_FILE_MALFORMED.
absl::StatusOr<OfficerMemory> ParseOfficerMemory(absl::string_view text);
std::string PrintOfficerMemory(const OfficerMemory& memory);

}  // namespace shield
