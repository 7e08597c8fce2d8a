#include "broker/transport/connection_table.h"

#include <algorithm>
#include <iterator>

namespace shield::broker {
namespace {

// What a call is good for: its headers and the frames around it.
constexpr uint64_t kCallCredit = 16 * 1024;
// What a message is good for beyond its size: frames and TLS records.
constexpr uint64_t kMessageCredit = 1024;
constexpr uint64_t kOverheadDivisor = 8;
// One byte of window updates and acknowledgements for so many that were sent.
constexpr uint64_t kSentDivisor = 16;

}  // namespace

std::optional<ConnectionId> ConnectionTable::Add(Descriptor socket, PeerAddress peer,
                                                 absl::Time now) {
  MutexLock lock(mutex_);
  if (IsTaken(peer.name) || !arrivals_.Take(peer.group, now)) return std::nullopt;
  if (connections_.size() >= limits_.open + limits_.reserved_for_authorities &&
      !CutOldestStranger()) {
    return std::nullopt;
  }
  if (anonymous_.size() >= limits_.unauthenticated) CutOldestStranger();
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
  connection->credit += kCallCredit;
  if (connection->pin.has_value()) return *connection->pin == pin;
  const ConnectionId id = by_name_.find(name)->second;
  Unlist(id, *connection);
  connection->pin = pin;
  Ids& same = by_pin_[pin];
  same.insert(id);
  if (same.size() > limits_.per_key) CutOldest(same);
  return true;
}

bool ConnectionTable::Settle(absl::string_view name, bool of_authority) {
  MutexLock lock(mutex_);
  Connection* connection = Find(name);
  if (connection == nullptr || connection->cut) return false;
  if (connection->settled) return true;
  if (!of_authority && connections_.size() > limits_.open) {
    Cut(by_name_.find(name)->second);
    return false;
  }
  connection->settled = true;
  arrivals_.GiveBack(connection->peer.group);
  return true;
}

void ConnectionTable::CountMessage(absl::string_view name, size_t bytes) {
  MutexLock lock(mutex_);
  Connection* connection = Find(name);
  if (connection == nullptr) return;
  connection->credit += bytes + bytes / kOverheadDivisor + kMessageCredit;
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

void ConnectionTable::CutSoon(absl::string_view name, absl::Time now) {
  MutexLock lock(mutex_);
  Connection* connection = Find(name);
  if (connection == nullptr) return;
  connection->leaves = std::min(connection->leaves, now + limits_.farewell);
  leaving_.insert(by_name_.find(name)->second);
}

void ConnectionTable::CutAnonymous() {
  MutexLock lock(mutex_);
  const Ids ids = anonymous_;
  for (const ConnectionId id : ids) Cut(id);
}

int ConnectionTable::CountUnknownCall(absl::string_view name) {
  MutexLock lock(mutex_);
  Connection* connection = Find(name);
  return connection == nullptr ? 0 : ++connection->unknown_calls;
}

void ConnectionTable::CutOverdue(absl::Time now) {
  MutexLock lock(mutex_);
  CutOverdueAnonymous(now);
  CutLeaving(now);
  const size_t share = (connections_.size() + kRounds - 1) / kRounds;
  const size_t looks = std::min(std::max(share, kFewLooks), connections_.size());
  auto next = connections_.upper_bound(looked_at_);
  for (size_t i = 0; i < looks; ++i, ++next) {
    if (next == connections_.end()) next = connections_.begin();
    looked_at_ = next->first;
    if (MustGo(next->second)) Cut(next->first);
  }
}

void ConnectionTable::CutOverdueAnonymous(absl::Time now) {
  const Ids ids = anonymous_;
  for (const ConnectionId id : ids) {
    const Connection& connection = connections_.find(id)->second;
    if (now - connection.accepted >= limits_.first_request ||
        TrafficOf(connection.socket).received > limits_.bytes_before_first_request) {
      Cut(id);
    }
  }
}

void ConnectionTable::CutLeaving(absl::Time now) {
  for (auto next = leaving_.begin(); next != leaving_.end();) {
    const auto found = connections_.find(*next);
    const bool stays = found != connections_.end() && now < found->second.leaves;
    if (!stays && found != connections_.end()) Cut(*next);
    next = stays ? std::next(next) : leaving_.erase(next);
  }
}

bool ConnectionTable::MustGo(Connection& connection) const {
  if (connection.cut || !connection.pin.has_value()) return false;
  const Traffic traffic = TrafficOf(connection.socket);
  const uint64_t received = traffic.received - connection.seen.received;
  const uint64_t sent = traffic.acknowledged - connection.seen.acknowledged;
  const uint64_t served = connection.credit + sent / kSentDivisor;
  // Nothing is saved up: a busy hour pays for no flood after it.
  const uint64_t total = connection.unserved + received;
  connection.unserved = total > served ? total - served : 0;
  connection.credit = 0;
  connection.seen = traffic;
  return connection.unserved > limits_.unserved_bytes;
}

bool ConnectionTable::CutOldestAnonymous() {
  MutexLock lock(mutex_);
  return CutOldestStranger();
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
  ShutDown(connection.socket);
}

bool ConnectionTable::CutOldest(const Ids& ids) {
  if (ids.empty()) return false;
  Cut(*ids.begin());
  return true;
}

bool ConnectionTable::CutOldestStranger() {
  const Ids* most = nullptr;
  for (const auto& [group, ids] : anonymous_of_) {
    if (most == nullptr || ids.size() > most->size() ||
        (ids.size() == most->size() && *ids.begin() < *most->begin())) {
      most = &ids;
    }
  }
  return most != nullptr && CutOldest(*most);
}

bool ConnectionTable::IsTaken(absl::string_view name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return false;
  const Connection& connection = connections_.find(found->second)->second;
  if (!connection.cut && IsOpen(connection.socket)) return true;
  Cut(found->second);
  return false;
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
