// The thread that accepts connections and hands them on.
//
// gRPC 1.51 stops listening for good under a flood of plain TCP connections (CVE-2023-4785), before
// anyone is authenticated; so the broker listens by itself. When descriptors run out, the oldest
// anonymous connection makes room and accepting goes on a moment later.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "broker/transport/connection_table.h"
#include "broker/transport/socket.h"

namespace shield::broker {

class AcceptLoop {
 public:
  // Takes an accepted socket over and owns it from then on. Called from the loop's thread.
  using HandOver = std::function<void(Descriptor)>;

  // Starts the thread. `table` and `clock` must outlive the loop.
  static absl::StatusOr<std::unique_ptr<AcceptLoop>> Start(ListeningSocket listening,
                                                           ConnectionTable& table, Clock& clock,
                                                           HandOver hand_over);
  // Stops accepting, ends the thread and forgets every connection. The sockets that were handed
  // over stay with their owner.
  ~AcceptLoop();

  // From now on nobody is let in; connections that are open stay watched. Returns once the
  // listening socket is closed.
  void StopAccepting();

  const std::string& address() const { return address_; }

 private:
  AcceptLoop(ListeningSocket listening, ConnectionTable& table, Clock& clock, HandOver hand_over,
             Descriptor epoll, Descriptor wake, Descriptor rest);

  void Run();
  void React(uint64_t what);
  // Closes the listening socket when told to; false when told to end.
  bool FollowOrders();
  void AcceptAll();
  void Admit(AcceptedSocket accepted);
  // Accepts nobody for a moment.
  void Rest();
  void WatchListening(uint32_t events) const;
  void Forget(ConnectionId id);
  void Wake() const;

  const std::string address_;
  ConnectionTable& table_;
  Clock& clock_;
  const HandOver hand_over_;
  const Descriptor epoll_;
  const Descriptor wake_;
  const Descriptor rest_;

  Mutex mutex_;
  CondVar changed_;
  bool accepting_ ABSL_GUARDED_BY(mutex_) = true;
  bool running_ ABSL_GUARDED_BY(mutex_) = true;
  bool listening_closed_ ABSL_GUARDED_BY(mutex_) = false;

  Descriptor listening_;  // of the thread, once it runs
  std::thread thread_;
};

}  // namespace shield::broker
