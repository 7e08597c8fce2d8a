#include "client/export/newest_held.h"

#include "base/status.h"
#include "client/directory/directory_keeper.h"
#include "client/retry/retrier.h"

namespace shield {

absl::StatusOr<std::unique_ptr<ClientState>> HeldState(const Home& home,
                                                       const NetworkFile& network) {
  const absl::StatusOr<NetworkFile> own = home.ReadNetwork();
  const absl::StatusOr<MemberId> member = home.ReadMember();
  if (!own.ok() || !member.ok() || own->network != network.network || !home.Has("state.db")) {
    return nullptr;
  }
  return ClientState::Open(home.PathOf("state.db"), network.network.KeyName(member->text()));
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> NewestHeld(const Home& home,
                                                                    const NetworkFile& network,
                                                                    Clock& clock, Random& random) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ClientState> state, HeldState(home, network));
  if (state == nullptr) return nullptr;
  Retrier retrier(clock, random, {});
  DirectoryKeeper keeper(network, *state, nullptr, retrier, clock);
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> newest = keeper.Newest();
  if (absl::IsNotFound(newest.status())) return nullptr;
  return newest;
}

}  // namespace shield
