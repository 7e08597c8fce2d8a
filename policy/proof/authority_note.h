// A rotation of what network.shield pins: other authority keys, another threshold, another broker.
//
//   shield/authority/v1
//   network <origin>
//   version <n>                          from 1
//   prev <base64 SHA-256 of the text before; 32 zero bytes for version 1>
//   broker <host:port> <pin>
//   authority <vkey>                     1 to 16, sorted
//   threshold <k>
//   authority-tls <pin>
//
// Signed by the threshold of the set it replaces and by that of the set it names. Rotations travel
// as one chain, all of them from version 1 on, a blank line between two notes; whoever holds any
// network.shield of the network walks it to the newest:
//
//   ASSIGN_OR_RETURN(const NetworkFile now, FollowAuthority(pinned, chain));
//
// Specification: docs/spec/directory.md, "Rotation".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "crypto/verifier_key.h"
#include "policy/origin.h"
#include "policy/proof/network_file.h"

namespace shield {

// Of all notes together. A note of 3 keys takes about 1.5 KiB.
inline constexpr size_t kMaxAuthorityChainBytes = 64 * 1024;

// The text that rotates `from` to `to`: `to`'s own `rotation` is not looked at.
std::string PrintAuthorityNote(const NetworkFile& from, const NetworkFile& to);

// What `text` makes of `from`. INVALID_ARGUMENT AUTHORITY_MALFORMED: out of form, of another
// network, a key that is no point of the curve, a name or a key of `from` that stands for another
// one now; DATA_LOSS AUTHORITY_FORK: not the rotation after the one `from` has seen.
absl::StatusOr<NetworkFile> NextNetwork(const NetworkFile& from, absl::string_view text);

// Whether what `to` adds to the keys of `from` is new to the network: neither a name nor a key of
// `before`, which are those it has had. A key that was removed, because it was lost or stolen,
// never comes back, and its number is no other key's. INVALID_ARGUMENT AUTHORITY_MALFORMED.
absl::Status CheckAddedKeys(const NetworkFile& from, const NetworkFile& to,
                            std::span<const VerifierKey> before);

// How many keys have signed a rotation, and how many have to.
struct AuthorityTally {
  size_t old_signatures = 0;
  uint64_t old_threshold = 0;
  size_t new_signatures = 0;
  uint64_t new_threshold = 0;

  bool Enough() const { return old_signatures >= old_threshold && new_signatures >= new_threshold; }
};
// Of the signed note that rotates `from` to `to`. DATA_LOSS BAD_SIGNATURE when a signature of one
// of their keys does not hold; INVALID_ARGUMENT AUTHORITY_MALFORMED when it is no note.
absl::StatusOr<AuthorityTally> TallyAuthority(const NetworkFile& from, const NetworkFile& to,
                                              absl::string_view note);

// The notes of a chain, in order; none for an empty one. INVALID_ARGUMENT AUTHORITY_MALFORMED.
absl::StatusOr<std::vector<std::string>> SplitAuthorityChain(absl::string_view chain);
// `chain` with one more.
std::string JoinAuthorityChain(absl::string_view chain, absl::string_view note);

// The keys that the rotations of a chain have named, some of them several times; those of before
// the first are not in it. Signatures are not checked. The errors of SplitAuthorityChain and
// NextNetwork.
absl::StatusOr<std::vector<VerifierKey>> KeysOfChain(const Origin& network,
                                                     absl::string_view chain);

// The network as the first `rotations` of a chain made it, 1 at least. Signatures are not checked:
// of a chain that was walked before. NOT_FOUND when it has not that many; else the errors of
// KeysOfChain.
absl::StatusOr<NetworkFile> NetworkAfter(const Origin& network, absl::string_view chain,
                                         uint64_t rotations);

// The network that `chain` leads to from `from`, which may have seen some of it. Errors, beside
// those of NextNetwork and CheckAddedKeys, for all keys that `from` and the chain tell of:
// DATA_LOSS ROLLBACK, the chain ends before what `from` has seen; AUTHORITY_FORK, it holds another
// text there; BAD_SIGNATURE, a rotation lacks signatures.
absl::StatusOr<NetworkFile> FollowAuthority(const NetworkFile& from, absl::string_view chain);

// The same for a chain that a party keeps itself and that may end before `from`, when
// network.shield was replaced by a newer one meanwhile: then it is `from`.
absl::StatusOr<NetworkFile> FollowKeptAuthority(const NetworkFile& from, absl::string_view chain);

}  // namespace shield
