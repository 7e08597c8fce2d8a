// What the parts of a client share. Borrowed: ClientCore owns it all.
#pragma once

#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "client/connection.h"
#include "client/directory/directory_keeper.h"
#include "client/home/member_keys.h"
#include "client/retry/retrier.h"
#include "client/state/state.h"
#include "crypto/age_recipient.h"
#include "policy/proof/known_notes.h"

namespace shield {

struct ClientParts {
  const MemberKeys& keys;
  const std::vector<X25519PublicKey>& seal_keys;  // of keys.seal, in its order
  ClientState& state;
  Connection& connection;
  DirectoryKeeper& directory;
  Retrier& retrier;
  Clock& clock;
  Random& random;
  KnownNotes& known_notes;  // of the inbox
};

}  // namespace shield
