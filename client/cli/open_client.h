// From a command's options to a client that can be called.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/cli/session.h"
#include "client/client.h"
#include "client/home/home.h"
#include "policy/labels.h"

namespace shield::cli {

// The home the options name; UNAUTHENTICATED (NOT_ENROLLED) when it is not one.
absl::StatusOr<Home> OpenHome(const Session& session);

// Whether the directory that is here names the keys that wait in `home`. False when there is none.
absl::StatusOr<bool> NewKeysAreNamed(Session& session, const Home& home,
                                     const NetworkFile& network);

// Once the directory that is here names the keys that wait in `home`, they take the place of those
// before: what every command does before it uses them.
absl::Status AdoptNamedKeys(Session& session, const Home& home, const NetworkFile& network);

// A client over that home, connected (lazily) to the network's broker or to --broker, or to nothing
// with --offline. Asks for the passphrase when the keys are wrapped and a terminal is there.
// `on_link` is ClientOptions::on_link.
absl::StatusOr<Client> OpenClient(Session& session, LinkObserver on_link = nullptr);

// The same with these keys, of the home's own or that wait in it.
absl::StatusOr<Client> OpenClientWith(Session& session, const Home& home,
                                      const NetworkFile& network, MemberKeys keys);

// The same over another connection.
absl::StatusOr<Client> OpenClientOver(Session& session, std::shared_ptr<Connection> connection);

// Fetches what is new, unless --offline; warnings go to standard error. DATA_LOSS when something
// that came failed its checks: what passed can be read all the same.
absl::Status Refresh(Session& session, Client& client);

// Whether a command must stop at this outcome of Refresh. An integrity failure does not prevent it:
// it shows what is here and returns the failure at the end.
bool Prevents(const absl::Status& refreshed);
// Whether the broker could not be asked, or asks to come back later.
bool NotReached(const absl::Status& refreshed);
// The same for a command that only shows what is here: NotReached does not prevent that either.
bool PreventsReading(const absl::Status& refreshed);
// What a command that could not go on returns: the failure of the refresh if there was one.
absl::Status Graver(const absl::Status& refreshed, const absl::Status& then);

// An id as it was typed; a usage error when it is none.
absl::StatusOr<BulletinId> ParseId(const std::string& text);

// The label of a bulletin of this home, received or published; nothing when it has neither.
absl::StatusOr<std::optional<Tlp>> LabelOf(Client& client, const BulletinId& id);

// What the directory that is here says of this member, as the broker would: UNAUTHENTICATED with
// its rule for one who is suspended, revoked or ended. OK without a directory, or where it does not
// show this member.
absl::Status OwnStanding(Session& session, Client& client);

// A bulletin that is closed because this member is suspended, revoked or not a member any more is
// told like any other refusal of the member: UNAUTHENTICATED. Anything else comes back as it is.
absl::Status AsOwnStanding(const absl::Status& status);

}  // namespace shield::cli
