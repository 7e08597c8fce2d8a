#include "broker/transport/accept_loop.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace shield::broker {
namespace {

// What an epoll event belongs to; connections have their ids.
constexpr uint64_t kListening = 0;
constexpr uint64_t kWake = ~uint64_t{0};

constexpr uint64_t kRested = kWake - 1;

// How soon a connection's overdue time or bytes are noticed.
constexpr int kTickMs = 100;
// How many connections are accepted before the others are looked after again.
constexpr int kAcceptsPerRound = 64;
// How long nobody is accepted when there are no descriptors: trying again at once would only burn
// the processor until somebody goes.
constexpr long kRestNanoseconds = 100'000'000;  // NOLINT: the system's type

bool Watch(const Descriptor& epoll, int fd, uint32_t events, uint64_t what) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = what;
  return epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void Drain(const Descriptor& counter) {
  uint64_t ignored = 0;
  while (read(counter.get(), &ignored, sizeof(ignored)) > 0) continue;
}

}  // namespace

absl::StatusOr<std::unique_ptr<AcceptLoop>> AcceptLoop::Start(ListeningSocket listening,
                                                              ConnectionTable& table, Clock& clock,
                                                              HandOver hand_over) {
  Descriptor epoll(epoll_create1(EPOLL_CLOEXEC));
  Descriptor wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  Descriptor rest(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!Watch(epoll, listening.descriptor.get(), EPOLLIN, kListening) ||
      !Watch(epoll, wake.get(), EPOLLIN, kWake) || !Watch(epoll, rest.get(), EPOLLIN, kRested)) {
    return absl::InternalError(
        absl::StrCat("the accept loop does not start: ", std::strerror(errno)));
  }
  return std::unique_ptr<AcceptLoop>(new AcceptLoop(std::move(listening), table, clock,
                                                    std::move(hand_over), std::move(epoll),
                                                    std::move(wake), std::move(rest)));
}

AcceptLoop::AcceptLoop(ListeningSocket listening, ConnectionTable& table, Clock& clock,
                       HandOver hand_over, Descriptor epoll, Descriptor wake, Descriptor rest)
    : address_(std::move(listening.address)),
      table_(table),
      clock_(clock),
      hand_over_(std::move(hand_over)),
      epoll_(std::move(epoll)),
      wake_(std::move(wake)),
      rest_(std::move(rest)),
      listening_(std::move(listening.descriptor)),
      thread_([this] { Run(); }) {}

AcceptLoop::~AcceptLoop() {
  {
    MutexLock lock(mutex_);
    running_ = false;
  }
  Wake();
  thread_.join();
}

void AcceptLoop::StopAccepting() {
  MutexLock lock(mutex_);
  accepting_ = false;
  Wake();
  while (!listening_closed_) changed_.Wait(mutex_);
}

void AcceptLoop::Run() {
  std::array<epoll_event, 128> events;
  do {
    const int timeout = table_.open() > 0 ? kTickMs : -1;
    const int count = epoll_wait(epoll_.get(), events.data(), events.size(), timeout);
    for (int i = 0; i < count; ++i) React(events[static_cast<size_t>(i)].data.u64);
    table_.CutOverdue(clock_.Now());
  } while (FollowOrders());
}

void AcceptLoop::React(uint64_t what) {
  if (what == kListening) {
    AcceptAll();
  } else if (what == kWake) {
    Drain(wake_);
  } else if (what == kRested) {
    Drain(rest_);
    WatchListening(EPOLLIN);
  } else {
    Forget(what);
  }
}

// After the wake-up has been taken, so that an order given meanwhile wakes again.
bool AcceptLoop::FollowOrders() {
  MutexLock lock(mutex_);
  if (!accepting_ && !listening_closed_) {
    listening_ = Descriptor();
    listening_closed_ = true;
    changed_.NotifyAll();
  }
  return running_;
}

void AcceptLoop::AcceptAll() {
  for (int i = 0; i < kAcceptsPerRound && listening_.get() >= 0; ++i) {
    absl::StatusOr<AcceptedSocket> accepted = Accept(listening_);
    if (accepted.ok()) {
      Admit(*std::move(accepted));
      continue;
    }
    if (absl::IsResourceExhausted(accepted.status())) Rest();
    return;
  }
}

void AcceptLoop::Admit(AcceptedSocket accepted) {
  Descriptor own(fcntl(accepted.descriptor.get(), F_DUPFD_CLOEXEC, 0));
  if (own.get() < 0) return Rest();
  const int fd = own.get();
  const std::optional<ConnectionId> id =
      table_.Add(std::move(own), std::move(accepted.peer), clock_.Now());
  if (!id.has_value()) return;
  // Hang-ups are reported unasked; data is gRPC's business.
  if (!Watch(epoll_, fd, EPOLLET, *id)) {
    table_.Remove(*id);
    return;
  }
  hand_over_(std::move(accepted.descriptor));
}

// Out of descriptors: room comes from whoever has shown nothing yet.
void AcceptLoop::Rest() {
  table_.CutOldestAnonymous();
  WatchListening(0);
  itimerspec in{};
  in.it_value.tv_nsec = kRestNanoseconds;
  timerfd_settime(rest_.get(), 0, &in, nullptr);
}

void AcceptLoop::WatchListening(uint32_t events) const {
  if (listening_.get() < 0) return;
  epoll_event event{};
  event.events = events;
  event.data.u64 = kListening;
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, listening_.get(), &event);
}

void AcceptLoop::Forget(ConnectionId id) {
  // Before the close: gRPC's descriptor of the same socket may still be open, and epoll would go on
  // reporting this one under a number that by then belongs to another connection.
  const int fd = table_.DescriptorOf(id);
  if (fd >= 0) epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  table_.Remove(id);
}

void AcceptLoop::Wake() const {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof(one));
}

}  // namespace shield::broker
