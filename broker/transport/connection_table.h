// Every open connection, who is behind it, and which of them has to go.
//
// gRPC owns each socket; the table keeps a second descriptor of it, so that a connection can be
// shut down the moment its key is revoked, whatever gRPC is doing. A connection is anonymous until
// its first complete call proves which key it holds. Only anonymous connections are limited per
// address and cut when they are too many or too old, the oldest of the address that has most first:
// a flood costs enrolled members nothing. A key has only so many connections, of which the newest
// stay.
//
// What a peer sends has to be good for something. Bytes that a connection has received are weighed
// against the calls that have begun on it, the messages that were taken from it and, for window
// updates, what it has been sent; headers without an end, or streams that are opened and reset,
// move none of these, whatever gRPC thinks of them.
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
#include "broker/transport/arrival_rate.h"
#include "broker/transport/limits.h"
#include "broker/transport/socket.h"

namespace shield::broker {

// Ascending in the order of accepting; never 0.
using ConnectionId = uint64_t;

class ConnectionTable {
 public:
  explicit ConnectionTable(const ConnectionLimits& limits)
      : limits_(limits), arrivals_(limits.strangers_per_second, limits.strangers_at_once) {}

  // Takes in a connection; `socket` is the table's own descriptor of it. Beyond a limit the oldest
  // anonymous connection (of the address, or of the address that has most) is shut down for it.
  // Nothing when it must not stay: all connections that are open belong to known peers and no
  // further one may be, its address connects too often, or gRPC could not tell it from another one.
  std::optional<ConnectionId> Add(Descriptor socket, PeerAddress peer, absl::Time now);

  // The connection of the peer that gRPC calls `name` holds the key with digest `pin`. False when
  // there is no such connection or it has been shut down: then its call must not be served.
  // Called when a call begins. Shuts down the oldest of too many connections of that key.
  bool Authenticate(absl::string_view name, const Digest& pin);

  // The key is welcome. False when the connection was let in over the limit, for an authority, and
  // is none's: then it has been shut down.
  bool Settle(absl::string_view name, bool of_authority);

  // A message of `bytes` has been taken from the connection.
  void CountMessage(absl::string_view name, size_t bytes);

  // Shuts down every connection that holds one of `pins`. How many those were.
  size_t CutPins(std::span<const Digest> pins);

  // Shuts down every anonymous connection.
  void CutAnonymous();

  // Shuts one connection down by gRPC's name of the peer: at once, or when it has had the time to
  // take its answer.
  void CutPeer(absl::string_view name);
  void CutSoon(absl::string_view name, absl::Time now);

  // Counts a call of an unknown method. How many this connection has made.
  int CountUnknownCall(absl::string_view name);

  // Shuts down connections that are overdue or have sent too much. Looks at every anonymous one, at
  // those that CutSoon was asked for and at a share of all, going round: everybody in kRounds
  // rounds, or sooner where they are few.
  void CutOverdue(absl::Time now);
  static constexpr size_t kRounds = 10;
  static constexpr size_t kFewLooks = 32;  // of each round

  // Shuts down the oldest anonymous connection of the address that has most; false when there is
  // none.
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
    bool settled = false;
    absl::Time leaves = absl::InfiniteFuture();
    Traffic seen;           // when it was last looked at
    uint64_t credit = 0;    // bytes that were good for something, since then
    uint64_t unserved = 0;  // bytes that were not, until then
    int unknown_calls = 0;
    bool cut = false;
  };
  using Ids = std::set<ConnectionId>;

  void Cut(ConnectionId id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool CutOldest(const Ids& ids) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool CutOldestStranger() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether gRPC would call another connection that is open by the same name.
  bool IsTaken(absl::string_view name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CutOverdueAnonymous(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool MustGo(Connection& connection) const;
  void CutLeaving(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
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
  ArrivalRate arrivals_ ABSL_GUARDED_BY(mutex_);
  ConnectionId looked_at_ ABSL_GUARDED_BY(mutex_) = 0;  // the last known one
  Ids leaving_ ABSL_GUARDED_BY(mutex_);                 // those that CutSoon was asked for
};

}  // namespace shield::broker
