#include "client/digest/page/bounded_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/quoted.h"
#include "base/status.h"

namespace shield {
namespace {

// A file descriptor that is closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  bool open() const { return number_ >= 0; }
  void Close() {
    if (number_ >= 0) close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

struct Channel {
  Descriptor ours;
  Descriptor theirs;
};

// A pair of sockets, so that writing to a child that reads no more is an error and no signal.
absl::StatusOr<Channel> OpenChannel() {
  std::array<int, 2> ends;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return absl::InternalError("no channel to a child could be opened");
  }
  Channel channel{Descriptor(ends[0]), Descriptor(ends[1])};
  if (fcntl(channel.ours.number(), F_SETFL, O_NONBLOCK) != 0) {
    return absl::InternalError("a channel to a child could not be set up");
  }
  return channel;
}

// The child: killed with all of its group, and reaped, when it goes.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    if (pid_ > 0) Wait(/*kill_first=*/true);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int Wait(bool kill_first) {
    if (kill_first) kill(-pid_, SIGKILL);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    kill(-pid_, SIGKILL);  // what it may have left behind
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_;
};

absl::StatusOr<pid_t> Spawn(const std::vector<std::string>& command, const Channel& input,
                            const Channel& output, const Channel& notes) {
  std::vector<std::string> texts = command;
  std::vector<char*> arguments;
  arguments.reserve(texts.size() + 1);
  for (std::string& text : texts) arguments.push_back(text.data());
  arguments.push_back(nullptr);
  std::array<char*, 1> environment = {nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.theirs.number(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.theirs.number(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, notes.theirs.number(), STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, command.front().c_str(), &actions, &attributes,
                                 arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    return absl::NotFoundError(
        absl::StrCat("the program ", Quoted(command.front()), " cannot be started"));
  }
  return pid;
}

using Clock = std::chrono::steady_clock;

int MillisecondsUntil(Clock::time_point end) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
  return static_cast<int>(std::max<int64_t>(left.count(), 0));
}

absl::Status TooLate() { return absl::DeadlineExceededError("the child did not end in time"); }

// A child may close its outputs and go on.
absl::Status AwaitEnd(pid_t pid, Clock::time_point end) {
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!process.open()) return absl::InternalError("a child could not be watched");
  pollfd wait = {process.number(), POLLIN, 0};
  int count = 0;
  do {
    count = poll(&wait, 1, MillisecondsUntil(end));
  } while (count < 0 && errno == EINTR);
  return count > 0 ? absl::OkStatus() : TooLate();
}

// Moves what can be moved between the child and us until it closed both its outputs.
class Conversation {
 public:
  Conversation(absl::string_view input, const ChildBounds& bounds, Clock::time_point end,
               Descriptor to, Descriptor from, Descriptor notes)
      : input_(input),
        bounds_(bounds),
        to_(std::move(to)),
        from_(std::move(from)),
        notes_(std::move(notes)),
        end_(end) {}

  absl::Status Hold(ChildOutcome& outcome) {
    if (input_.empty()) to_.Close();
    while (from_.open() || notes_.open()) {
      RETURN_IF_ERROR(AwaitOne());
      if (to_.open()) Write();
      if (from_.open()) Read(from_, outcome.output, bounds_.max_output_bytes + 1);
      if (notes_.open()) Read(notes_, outcome.notes, bounds_.max_notes_bytes);
      if (outcome.output.size() > bounds_.max_output_bytes) {
        return absl::ResourceExhaustedError(
            absl::StrCat("the child wrote more than ", bounds_.max_output_bytes, " bytes"));
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::Status AwaitOne() {
    std::array<pollfd, 3> waits = {pollfd{to_.number(), POLLOUT, 0},
                                   pollfd{from_.number(), POLLIN, 0},
                                   pollfd{notes_.number(), POLLIN, 0}};
    const int left = MillisecondsUntil(end_);
    const int count = left == 0 ? 0 : poll(waits.data(), waits.size(), left);
    if (count == 0) return TooLate();
    if (count < 0 && errno != EINTR) return absl::InternalError("waiting for a child failed");
    return absl::OkStatus();
  }

  void Write() {
    const ssize_t count = send(to_.number(), input_.data(), input_.size(), MSG_NOSIGNAL);
    if (count > 0) input_.remove_prefix(static_cast<size_t>(count));
    const bool refused = count < 0 && errno != EAGAIN && errno != EINTR;
    if (input_.empty() || refused) to_.Close();
  }

  static void Read(Descriptor& from, std::string& into, size_t most) {
    std::array<char, 65536> buffer;
    const ssize_t count = read(from.number(), buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return from.Close();
    into.append(buffer.data(), std::min(static_cast<size_t>(count), most - into.size()));
  }

  absl::string_view input_;
  const ChildBounds bounds_;
  Descriptor to_;
  Descriptor from_;
  Descriptor notes_;
  const Clock::time_point end_;
};

}  // namespace

absl::StatusOr<ChildOutcome> RunBoundedChild(const std::vector<std::string>& command,
                                             absl::string_view input, const ChildBounds& bounds) {
  ASSIGN_OR_RETURN(Channel to, OpenChannel());
  ASSIGN_OR_RETURN(Channel from, OpenChannel());
  ASSIGN_OR_RETURN(Channel notes, OpenChannel());
  ASSIGN_OR_RETURN(const pid_t pid, Spawn(command, to, from, notes));
  Child child(pid);
  to.theirs.Close();
  from.theirs.Close();
  notes.theirs.Close();
  ChildOutcome outcome;
  const Clock::time_point end = Clock::now() + absl::ToChronoMilliseconds(bounds.deadline);
  Conversation conversation(input, bounds, end, std::move(to.ours), std::move(from.ours),
                            std::move(notes.ours));
  RETURN_IF_ERROR(conversation.Hold(outcome));
  RETURN_IF_ERROR(AwaitEnd(pid, end));
  outcome.exit_code = child.Wait(/*kill_first=*/false);
  return outcome;
}

}  // namespace shield
