// The freshness key in the authority's home, and the next one while no directory names it yet.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/home/home.h"
#include "crypto/signing_key.h"
#include "policy/directory_note.h"
#include "policy/origin.h"

namespace shield {

// The key in `file`, kFreshKeyFile or kNextFreshKeyFile. The errors of ReadSecretFile and
// SigningKey::Parse; FAILED_PRECONDITION: it is the key of another network.
absl::StatusOr<SigningKey> ReadFreshKey(const Home& home, const Origin& network,
                                        absl::string_view file);

// Its public half as directories name it. The errors of ReadFreshKey.
absl::StatusOr<std::string> FreshKeyText(const Home& home, const Origin& network,
                                         absl::string_view file);

// Which of the two a directory names: a new one counts from the directory on that names it.
absl::string_view FreshKeyFileFor(const Home& home, const DirectoryNote& note);

}  // namespace shield
