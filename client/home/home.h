// A member's home: the folder its keys, its network and its state live in.
//
//   network.shield  the network, pinned when it was joined
//   identity.txt    the sealing identity, as age-keygen writes it or as `age -p` does
//   sign.key        the signing key, with the member's name in it; sign.pub: its public half
//   tls.key tls.crt the TLS identity
//   request.txt     the enrolment request, to be handed to the authority
//   rekey.txt       the request for new keys, while *.next are the keys it asks for
//   witness.key     the key of a witness of the log, if this home is one
//   state.db        what the client remembers (client/state)
//   spool/          sealed attachments until their bulletin has its receipt
//
// Under a passphrase identity.txt is wrapped by it and sign.key, tls.key and witness.key are age
// files to that identity. The folder has mode 0700 and every secret 0600; a home others can read is
// refused. Files are written beside, synced and renamed. Keys are a set: identity.txt comes last,
// and until it is there keys.unfinished marks what a killed process left, which is written over. A
// home without network or keys gives UNAUTHENTICATED with rule NOT_ENROLLED and the command that
// mends it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/random.h"
#include "base/strong_id.h"
#include "policy/origin.h"

namespace shield {

struct NetworkFile;
struct MemberKeys;
class VerifierKey;

inline constexpr absl::string_view kRequestFile = "request.txt";
inline constexpr absl::string_view kRekeyFile = "rekey.txt";

// The passphrase that wraps the secrets of a home; nothing: they are not wrapped.
using Passphrase = std::optional<std::string>;

// Immutable; its files are not. Thread-safe.
class Home {
 public:
  // An existing folder. UNAUTHENTICATED (NOT_ENROLLED) when there is none; FAILED_PRECONDITION when
  // others may read it.
  static absl::StatusOr<Home> Open(const std::string& folder);
  // The folder, made with mode 0700 unless it is there.
  static absl::StatusOr<Home> Create(const std::string& folder);

  const std::string& folder() const { return folder_; }
  std::string PathOf(absl::string_view name) const;
  bool Has(absl::string_view name) const;

  // Pins a network. Joining the same one again is fine; another gives ALREADY_EXISTS.
  absl::Status Join(absl::string_view network_text) const;
  absl::StatusOr<NetworkFile> ReadNetwork() const;
  // Pins what a rotation has made of the network: `network` must come from FollowAuthority, which
  // has checked its signatures. One that is older than what is pinned changes nothing.
  absl::Status Repin(const NetworkFile& network) const;
  absl::StatusOr<std::string> ReadNetworkText() const;

  // Writes new keys, over a set that was never finished; ALREADY_EXISTS when there are some.
  absl::Status WriteKeys(const MemberKeys& keys, const Passphrase& passphrase, absl::Time now,
                         Random& random) const;
  // UNAUTHENTICATED (PASSPHRASE_REQUIRED or WRONG_PASSPHRASE) for wrapped keys.
  absl::StatusOr<MemberKeys> ReadKeys(const Passphrase& passphrase) const;

  // New keys beside the present ones: those of `keys` but its seal identities, which replace the
  // file of them at once, the new one first, so that what is sealed to it opens. AdoptKeys puts
  // them in the place of the present ones; both may be repeated after a crash.
  absl::Status StageKeys(const MemberKeys& keys, const Passphrase& passphrase, absl::Time now,
                         Random& random) const;
  // The sign key that is staged; nothing when none is, or staging was interrupted.
  absl::StatusOr<std::optional<VerifierKey>> StagedSignKey() const;
  // FAILED_PRECONDITION when none are staged.
  absl::Status AdoptKeys() const;
  // Forgets them; their seal identity stays among those of the home.
  absl::Status DropStagedKeys() const;
  // SHA-256 of the SPKI of the staged TLS key; nothing when none are staged.
  absl::StatusOr<std::optional<Digest>> StagedTlsPin() const;
  // All of them: the seal identities of the home, the new one first, and the staged rest. Errors of
  // ReadKeys and AdoptKeys.
  absl::StatusOr<MemberKeys> ReadStagedKeys(const Passphrase& passphrase) const;

  // Whose keys these are, without any passphrase.
  absl::StatusOr<MemberId> ReadMember() const;
  bool KeysAreWrapped() const;

  // A small file of the home, whole.
  absl::StatusOr<std::string> Read(absl::string_view name) const;
  // Replaces it; mode 0600.
  absl::Status Write(absl::string_view name, absl::string_view text) const;

 private:
  absl::Status FinishAdopting() const;
  absl::StatusOr<MemberKeys> ReadKeySet(const MemberId& member, absl::string_view suffix,
                                        const Passphrase& passphrase) const;
  explicit Home(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace shield
