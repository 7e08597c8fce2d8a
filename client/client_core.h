// What the copies of a Client share: keys, state, connection and the parts that work with them.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "client/client.h"
#include "client/client_parts.h"
#include "client/publish/publisher.h"
#include "client/receive/inbox_receiver.h"
#include "client/receive/inbox_shelf.h"
#include "policy/proof/network_file.h"

namespace shield {

// Thread-safe; receiving is done by one thread at a time.
class ClientCore {
 public:
  ClientCore(Home home, MemberKeys keys, NetworkFile network, std::unique_ptr<ClientState> state,
             std::shared_ptr<Connection> connection, Clock& clock, Random& random,
             const ClientOptions& options);

  const Home& home() const { return home_; }
  const NetworkFile& network() const { return network_; }
  ClientParts parts();
  Publisher& publisher() { return publisher_; }
  InboxShelf& shelf() { return shelf_; }

  absl::StatusOr<SyncReport> Sync();
  absl::Status Subscribe(const InboxHandler& handler);
  void Stop();
  absl::Status Acknowledge(uint64_t seq);

 private:
  // Reads one stream until it is caught up (or for ever), handing over on the way.
  absl::Status Follow(InboxReceiver& receiver, bool until_caught_up, absl::Duration timeout,
                      const InboxHandler* handler);
  absl::Status HandOver(const InboxHandler& handler);

  const Home home_;
  const MemberKeys keys_;
  const std::vector<X25519PublicKey> seal_keys_;
  const NetworkFile network_;
  const std::unique_ptr<ClientState> state_;
  const std::shared_ptr<Connection> connection_;
  Clock& clock_;
  Random& random_;
  Retrier retrier_;
  DirectoryKeeper directory_;
  Publisher publisher_;
  InboxShelf shelf_;

  Mutex receiving_;  // held by the one that receives
  Mutex mutex_;
  std::set<SubscriptionReader*> open_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield
