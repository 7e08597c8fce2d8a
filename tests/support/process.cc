#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "absl/time/clock.h"
#include "base/check.h"

extern char** environ;

namespace shield::testing {
namespace {

constexpr absl::Duration kPollInterval = absl::Milliseconds(2);

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe MakePipe() {
  std::array<int, 2> ends;
  SHIELD_CHECK(pipe2(ends.data(), O_CLOEXEC) == 0);
  return {ends[0], ends[1]};
}

std::vector<std::string> MergedEnvironment(const std::vector<std::string>& additions) {
  std::vector<std::string> merged = additions;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const char* equals = std::strchr(*variable, '=');
    if (equals == nullptr) continue;
    const std::string prefix(*variable, static_cast<size_t>(equals - *variable) + 1);
    bool replaced = false;
    for (const std::string& addition : additions) replaced |= addition.rfind(prefix, 0) == 0;
    if (!replaced) merged.emplace_back(*variable);
  }
  return merged;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Between fork and exec only what may be called there.
[[noreturn]] void BecomeProgram(pid_t parent, const std::array<int, 3>& streams, char* const* words,
                                char* const* environment) {
  const bool bound = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
  // The parent may have gone before that.
  if (!bound || getppid() != parent) _exit(127);
  if (dup2(streams[0], STDIN_FILENO) < 0) _exit(127);
  if (dup2(streams[1], STDOUT_FILENO) < 0) _exit(127);
  if (dup2(streams[2], STDERR_FILENO) < 0) _exit(127);
  execve(words[0], words, environment);
  _exit(127);
}

// The child dies with the thread that calls this.
pid_t Spawn(std::vector<std::string> command, const std::vector<std::string>& environment,
            int input, int output, int error) {
  if (access(command[0].c_str(), X_OK) != 0) return -1;
  std::vector<std::string> merged = MergedEnvironment(environment);
  const std::vector<char*> words = Pointers(command);
  const std::vector<char*> variables = Pointers(merged);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) BecomeProgram(parent, {input, output, error}, words.data(), variables.data());
  return pid;
}

int ExitCodeOf(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

// Reaps `pid`, polling until `deadline`; nothing when it still runs then.
std::optional<int> Reap(pid_t pid, absl::Time deadline) {
  while (true) {
    int status = 0;
    if (waitpid(pid, &status, WNOHANG) == pid) return ExitCodeOf(status);
    if (absl::Now() >= deadline) return std::nullopt;
    absl::SleepFor(kPollInterval);
  }
}

// Reads what is there; false at the end of the stream.
bool Drain(int descriptor, std::string& out) {
  std::array<char, 65536> buffer;
  const ssize_t count = read(descriptor, buffer.data(), buffer.size());
  if (count > 0) out.append(buffer.data(), static_cast<size_t>(count));
  return count > 0;
}

}  // namespace

ProcessResult RunProcess(const std::vector<std::string>& command, const ProcessOptions& options) {
  const Pipe input = MakePipe();
  const Pipe output = MakePipe();
  const Pipe error = MakePipe();
  const pid_t pid =
      Spawn(command, options.environment, input.read_end, output.write_end, error.write_end);
  for (int end : {input.read_end, output.write_end, error.write_end}) close(end);
  ProcessResult result;
  if (pid > 0) {
    // What tests feed fits into a pipe's buffer.
    SHIELD_CHECK(write(input.write_end, options.input.data(), options.input.size()) ==
                 static_cast<ssize_t>(options.input.size()));
  } else {
    result.notes = "cannot start " + command[0];
  }
  close(input.write_end);

  const absl::Time deadline = absl::Now() + options.timeout;
  std::array<pollfd, 2> streams = {pollfd{output.read_end, POLLIN, 0},
                                   pollfd{error.read_end, POLLIN, 0}};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    const int left = static_cast<int>(absl::ToInt64Milliseconds(deadline - absl::Now()));
    if (left <= 0 || poll(streams.data(), streams.size(), left) <= 0) break;
    if (streams[0].revents != 0 && !Drain(output.read_end, result.data)) streams[0].fd = -1;
    if (streams[1].revents != 0 && !Drain(error.read_end, result.notes)) streams[1].fd = -1;
  }
  close(output.read_end);
  close(error.read_end);
  if (pid > 0) {
    std::optional<int> code = Reap(pid, deadline);
    if (!code.has_value()) {
      kill(pid, SIGKILL);
      code = Reap(pid, absl::InfiniteFuture());
    }
    result.exit_code = *code;
  }
  return result;
}

Process::Process(const std::vector<std::string>& command,
                 const std::vector<std::string>& environment) {
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const Pipe output = MakePipe();
  const Pipe error = MakePipe();
  pid_ = Spawn(command, environment, nothing, output.write_end, error.write_end);
  SHIELD_CHECK(pid_ > 0);
  for (int end : {nothing, output.write_end, error.write_end}) close(end);
  readers_.emplace_back([this, end = output.read_end] { ReadLines(end); });
  readers_.emplace_back([this, end = error.read_end] { ReadLines(end); });
}

Process::~Process() {
  if (!exit_code_.has_value()) {
    kill(pid_, SIGKILL);
    Wait(absl::InfiniteDuration());
  }
  for (std::thread& reader : readers_) reader.join();
}

void Process::ReadLines(int descriptor) {
  std::string pending;
  while (Drain(descriptor, pending)) {
    MutexLock lock(mutex_);
    size_t end = 0;
    while ((end = pending.find('\n')) != std::string::npos) {
      lines_.push_back(pending.substr(0, end));
      pending.erase(0, end + 1);
    }
    changed_.NotifyAll();
  }
  close(descriptor);
  MutexLock lock(mutex_);
  if (!pending.empty()) lines_.push_back(pending);
  --open_streams_;
  changed_.NotifyAll();
}

std::optional<std::string> Process::WaitForLine(absl::string_view text, absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  MutexLock lock(mutex_);
  size_t seen = 0;
  while (true) {
    for (; seen < lines_.size(); ++seen) {
      if (lines_[seen].find(std::string(text)) != std::string::npos) return lines_[seen];
    }
    if (open_streams_ == 0) return std::nullopt;
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return std::nullopt;
    changed_.WaitFor(mutex_, left);
  }
}

std::vector<std::string> Process::lines() {
  MutexLock lock(mutex_);
  return lines_;
}

void Process::Signal(int signal) {
  if (!exit_code_.has_value()) kill(pid_, signal);
}

std::optional<int> Process::Wait(absl::Duration timeout) {
  if (!exit_code_.has_value()) exit_code_ = Reap(pid_, absl::Now() + timeout);
  return exit_code_;
}

}  // namespace shield::testing
