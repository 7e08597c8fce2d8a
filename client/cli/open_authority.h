// The vetting authority's home, from a command's options.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/authority/authority.h"
#include "client/cli/session.h"
#include "client/connection.h"
#include "crypto/tls_key.h"

namespace shield::cli {

absl::StatusOr<Authority> OpenAuthority(const Session& session);

// A connection to the broker as the authority's own seat.
absl::StatusOr<std::shared_ptr<Connection>> ConnectAuthority(Session& session,
                                                             const Authority& authority,
                                                             const Passphrase& passphrase);
// The same with another key than the seat's present one.
absl::StatusOr<std::shared_ptr<Connection>> ConnectAs(Session& session, const Authority& authority,
                                                      const TlsKeyPair& tls);

// An id, or a usage error that says what an id is. `what` is "member" or "organisation".
template <typename Id>
absl::StatusOr<Id> ParseIdOption(absl::string_view text, absl::string_view what);

// The words between commas; none for an empty text.
std::vector<std::string> SplitList(absl::string_view text);

// The roles between commas; a usage error for none and for a word that is none.
absl::StatusOr<std::vector<Role>> ReadRoles(absl::string_view text);

// 2027-01-01 (that day's first moment, UTC) or 2027-01-01T12:00:00Z.
absl::StatusOr<absl::Time> ParseDateOption(absl::string_view option, absl::string_view text);

}  // namespace shield::cli
