// Whether the newest directory gives an author the key that a statement is signed with.
//
// Anybody can sign under anybody's name with a key made up for it. The signature holds, and the
// statement is closed for now like one by a key that has ended or is not known here yet. Whatever
// is to count, though no check has held, asks this first.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "base/strong_id.h"
#include "client/state/state.h"
#include "policy/directory.h"
#include "policy/statement.h"

namespace shield {

// Ended or not. False as well for an author that the directory does not show.
bool GivesKey(const Directory& directory, const Statement& statement);

// Where something is that is closed for now.
struct ClosedPlace {
  uint64_t seq = 0;              // 0 of what was carried
  std::optional<BulletinId> id;  // of what was carried
};

// Calls `visit` for everything that is closed for now and signed with a key that `newest` gives its
// author: the inbox first, then what was carried, each from the newest back. However many others
// lie between them, nobody's statement keeps one from being visited; a few are in memory at a time.
// Errors are those of `state`.
absl::Status VisitClosedOfKnownSigners(
    ClientState& state, const Directory& newest,
    const std::function<void(const ClosedPlace& place, const Statement& statement)>& visit);

}  // namespace shield
