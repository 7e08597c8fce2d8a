// Every open connection, who is behind it, and which of them has to go.
//
// gRPC owns each socket; the table keeps a second descriptor of it, so that a connection can be
// shut down the moment its key is revoked, whatever gRPC is doing. A connection is anonymous until
// its first complete call proves which key it holds. Only anonymous connections are limited per
// address and cut when they are too many, too old or too talkative: a flood costs enrolled members
// nothing.
//
// Thread-safe. Shutting down is immediate; the descriptor itself is closed by whoever removes the
// connection (accept_loop.h), because closing it under epoll's hands would hit another connection.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/mutex.h"
#include "broker/transport/limits.h"
#include "broker/transport/socket.h"

namespace shield::broker {

// Ascending in the order of accepting; never 0.
using ConnectionId = uint64_t;

class ConnectionTable {
 public:
  explicit ConnectionTable(const ConnectionLimits& limits) : limits_(limits) {}

  // Takes in a connection; `socket` is the table's own descriptor of it. Beyond a limit the oldest
  // anonymous connection (of the address, or of all) is shut down for it. Nothing when all
  // connections that are open belong to known peers and no further one may be.
  std::optional<ConnectionId> Add(Descriptor socket, PeerAddress peer, absl::Time now);

  // The connection of the peer that gRPC calls `name` holds the key with digest `pin`. False when
  // there is no such connection or it has been shut down: then its call must not be served.
  bool Authenticate(absl::string_view name, const Digest& pin);

  // Shuts down every connection that holds one of `pins`. How many those were.
  size_t CutPins(std::span<const Digest> pins);

  // Shuts one connection down by gRPC's name of the peer.
  void CutPeer(absl::string_view name);

  // Counts a call of an unknown method. How many this connection has made.
  int CountUnknownCall(absl::string_view name);

  // Shuts down anonymous connections that are overdue or have sent too much.
  void CutOverdue(absl::Time now);

  // Shuts the oldest anonymous connection down; false when there is none.
  bool CutOldestAnonymous();

  // Forgets a connection and closes the table's descriptor of it.
  void Remove(ConnectionId id);

  // The table's descriptor; -1 when unknown.
  int DescriptorOf(ConnectionId id) const;

  size_t open() const;
  size_t anonymous() const;

 private:
  struct Connection {
    Descriptor socket;
    PeerAddress peer;
    absl::Time accepted;
    std::optional<Digest> pin;
    int unknown_calls = 0;
    bool cut = false;
  };
  using Ids = std::set<ConnectionId>;

  void Cut(ConnectionId id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool CutOldest(const Ids& ids) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Out of the sets of anonymous connections and of pins.
  void Unlist(ConnectionId id, const Connection& connection) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Connection* Find(absl::string_view name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const ConnectionLimits limits_;
  mutable Mutex mutex_;
  ConnectionId next_id_ ABSL_GUARDED_BY(mutex_) = 1;
  std::map<ConnectionId, Connection> connections_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, ConnectionId> by_name_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Digest, Ids> by_pin_ ABSL_GUARDED_BY(mutex_);
  Ids anonymous_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, Ids> anonymous_of_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::broker
