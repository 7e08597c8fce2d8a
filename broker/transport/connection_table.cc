#include "broker/transport/connection_table.h"

#include <sys/socket.h>

namespace shield::broker {

std::optional<ConnectionId> ConnectionTable::Add(Descriptor socket, PeerAddress peer,
                                                 absl::Time now) {
  MutexLock lock(mutex_);
  if (connections_.size() >= limits_.open && !CutOldest(anonymous_)) return std::nullopt;
  if (anonymous_.size() >= limits_.unauthenticated) CutOldest(anonymous_);
  if (const auto same = anonymous_of_.find(peer.group);
      same != anonymous_of_.end() && same->second.size() >= limits_.unauthenticated_per_address) {
    CutOldest(same->second);
  }
  const ConnectionId id = next_id_++;
  anonymous_.insert(id);
  anonymous_of_[peer.group].insert(id);
  by_name_[peer.name] = id;
  Connection connection;
  connection.socket = std::move(socket);
  connection.peer = std::move(peer);
  connection.accepted = now;
  connections_.emplace(id, std::move(connection));
  return id;
}

bool ConnectionTable::Authenticate(absl::string_view name, const Digest& pin) {
  MutexLock lock(mutex_);
  Connection* connection = Find(name);
  if (connection == nullptr || connection->cut) return false;
  if (connection->pin.has_value()) return *connection->pin == pin;
  const ConnectionId id = by_name_.find(name)->second;
  Unlist(id, *connection);
  connection->pin = pin;
  by_pin_[pin].insert(id);
  return true;
}

size_t ConnectionTable::CutPins(std::span<const Digest> pins) {
  MutexLock lock(mutex_);
  size_t cut = 0;
  for (const Digest& pin : pins) {
    const auto held = by_pin_.find(pin);
    if (held == by_pin_.end()) continue;
    const Ids ids = held->second;
    for (const ConnectionId id : ids) Cut(id);
    cut += ids.size();
  }
  return cut;
}

void ConnectionTable::CutPeer(absl::string_view name) {
  MutexLock lock(mutex_);
  if (const auto found = by_name_.find(name); found != by_name_.end()) Cut(found->second);
}

int ConnectionTable::CountUnknownCall(absl::string_view name) {
  MutexLock lock(mutex_);
  Connection* connection = Find(name);
  return connection == nullptr ? 0 : ++connection->unknown_calls;
}

void ConnectionTable::CutOverdue(absl::Time now) {
  MutexLock lock(mutex_);
  const Ids ids = anonymous_;
  for (const ConnectionId id : ids) {
    const Connection& connection = connections_.find(id)->second;
    if (now - connection.accepted >= limits_.first_request ||
        BytesReceived(connection.socket) > limits_.bytes_before_first_request) {
      Cut(id);
    }
  }
}

bool ConnectionTable::CutOldestAnonymous() {
  MutexLock lock(mutex_);
  return CutOldest(anonymous_);
}

void ConnectionTable::Remove(ConnectionId id) {
  MutexLock lock(mutex_);
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Unlist(id, found->second);
  // A new connection may have come from the same port already.
  const auto named = by_name_.find(found->second.peer.name);
  if (named != by_name_.end() && named->second == id) by_name_.erase(named);
  connections_.erase(found);
}

int ConnectionTable::DescriptorOf(ConnectionId id) const {
  MutexLock lock(mutex_);
  const auto found = connections_.find(id);
  return found == connections_.end() ? -1 : found->second.socket.get();
}

size_t ConnectionTable::open() const {
  MutexLock lock(mutex_);
  return connections_.size();
}

size_t ConnectionTable::anonymous() const {
  MutexLock lock(mutex_);
  return anonymous_.size();
}

void ConnectionTable::Cut(ConnectionId id) {
  Connection& connection = connections_.find(id)->second;
  if (connection.cut) return;
  connection.cut = true;
  Unlist(id, connection);
  shutdown(connection.socket.get(), SHUT_RDWR);
}

bool ConnectionTable::CutOldest(const Ids& ids) {
  if (ids.empty()) return false;
  Cut(*ids.begin());
  return true;
}

void ConnectionTable::Unlist(ConnectionId id, const Connection& connection) {
  anonymous_.erase(id);
  if (const auto same = anonymous_of_.find(connection.peer.group); same != anonymous_of_.end()) {
    same->second.erase(id);
    if (same->second.empty()) anonymous_of_.erase(same);
  }
  if (!connection.pin.has_value()) return;
  if (const auto held = by_pin_.find(*connection.pin); held != by_pin_.end()) {
    held->second.erase(id);
    if (held->second.empty()) by_pin_.erase(held);
  }
}

ConnectionTable::Connection* ConnectionTable::Find(absl::string_view name) {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &connections_.find(found->second)->second;
}

}  // namespace shield::broker
