// A witness of the log: it remembers the newest checkpoint, cosigns a newer one only when the kept
// one is its beginning, and so can vouch for one log at most.
//
//   ASSIGN_OR_RETURN(SigningKey::Named key, OpenWitnessKey(home, keys, random));
//   ASSIGN_OR_RETURN(std::string note, CosignNewest(parts, key));
//   connection.Cosign(note, timeout);
//
// The key is one of its own, named <network>/witness/<member>; the authority writes it into the
// directory. docs/spec/log.md, "Witnesses".
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "client/client_parts.h"
#include "client/home/home.h"
#include "client/home/member_keys.h"
#include "crypto/signing_key.h"

namespace shield {

// The file of a home that holds the witness's key, in C2SP's form, with mode 0600; an age file to
// the home's identity where that is wrapped by a passphrase, as the home's other keys are.
inline constexpr char kWitnessKeyFile[] = "witness.key";

// The witness's key of this home, whose keys these are; made and written when there is none, and
// wrapped when it lies bare in a home whose keys are wrapped.
absl::StatusOr<SigningKey::Named> OpenWitnessKey(const Home& home, const MemberKeys& keys,
                                                 Random& random);
// Its vkey, for the authority.
absl::StatusOr<std::string> WitnessKeyText(const Home& home, const MemberKeys& keys,
                                           Random& random);

// The checkpoint that the broker asks its witnesses for now, with the cosignature of `key` at this
// moment: it has been proven to continue the newest one this home holds, and is held from now on,
// or to be its beginning. Errors are LogKeeper's.
absl::StatusOr<std::string> CosignNewest(const ClientParts& parts, const SigningKey::Named& key);

}  // namespace shield
