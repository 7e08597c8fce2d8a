#include "client/cli/demo_broker.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/status.h"

extern char** environ;

namespace shield::cli {
namespace {

constexpr absl::Duration kPollInterval = absl::Milliseconds(10);
constexpr char kListening[] = "listening on ";

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

// Starts `command` with its output in `output` and `notes`, in a session of its own.
absl::StatusOr<pid_t> Spawn(std::vector<std::string> command, const std::string& output,
                            const std::string& notes) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), kWrite, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, notes.c_str(), kWrite, 0600);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // This program keeps SIGINT and SIGTERM for one thread; the broker has to see them.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, command[0].c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return absl::NotFoundError(
        absl::StrCat("`", command[0], "` cannot be started: ", std::strerror(error)));
  }
  return pid;
}

// The process that a home's pid file names, if it is still a shieldd of that home: a pid is used
// again after a while, and we stop only what we started.
std::optional<pid_t> RunningBroker(const std::filesystem::path& home) {
  pid_t pid = 0;
  if (!absl::SimpleAtoi(ReadText(home / "shieldd.pid"), &pid) || pid <= 0) return std::nullopt;
  const std::string command = ReadText(absl::StrCat("/proc/", pid, "/cmdline"));
  const std::vector<std::string> words = absl::StrSplit(command, '\0');
  for (const std::string& word : words) {
    if (word == (home / "broker").string()) return pid;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::string> DemoBroker::Init(const std::string& address) const {
  const std::string output = (home_ / "shieldd.pin").string();
  const std::string notes = (home_ / "shieldd.log").string();
  ASSIGN_OR_RETURN(const pid_t pid, Spawn({program_, "init", "--home", (home_ / "broker").string(),
                                           "--listen", address},
                                          output, notes));
  int status = 0;
  if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return absl::InternalError(absl::StrCat("shieldd init failed: ", ReadText(notes)));
  }
  return std::string(absl::StripAsciiWhitespace(ReadText(output)));
}

absl::Status DemoBroker::Start(const std::string& network_file, absl::Duration timeout) const {
  const std::string log = (home_ / "shieldd.log").string();
  ASSIGN_OR_RETURN(const pid_t pid, Spawn({program_, "run", "--home", (home_ / "broker").string(),
                                           "--network", network_file},
                                          "/dev/null", log));
  std::ofstream(home_ / "shieldd.pid") << pid << '\n';
  for (const absl::Time deadline = absl::Now() + timeout; absl::Now() < deadline;) {
    if (ReadText(log).find(kListening) != std::string::npos) return absl::OkStatus();
    if (waitpid(pid, nullptr, WNOHANG) == pid) break;
    absl::SleepFor(kPollInterval);
  }
  return absl::UnavailableError(absl::StrCat("shieldd does not listen; it said: ", ReadText(log)));
}

absl::Status DemoBroker::Stop(absl::Duration timeout) const {
  const std::optional<pid_t> pid = RunningBroker(home_);
  if (!pid.has_value()) {
    return WithHint(
        absl::NotFoundError(absl::StrCat("no demo broker of `", home_.string(), "` runs")),
        "`shield demo up` starts one");
  }
  kill(*pid, SIGTERM);
  for (const absl::Time deadline = absl::Now() + timeout; absl::Now() < deadline;) {
    waitpid(*pid, nullptr, WNOHANG);  // it is ours only if this process started it
    if (!RunningBroker(home_).has_value()) {
      std::error_code ignored;
      std::filesystem::remove(home_ / "shieldd.pid", ignored);
      return absl::OkStatus();
    }
    absl::SleepFor(kPollInterval);
  }
  return absl::DeadlineExceededError(absl::StrCat("shieldd (pid ", *pid, ") did not end"));
}

bool DemoBroker::Runs() const { return RunningBroker(home_).has_value(); }

absl::StatusOr<std::string> FindShieldd(const std::string& program_folder,
                                        const std::string& path) {
  std::vector<std::string> folders = absl::StrSplit(path, ':');
  folders.insert(folders.begin(), program_folder);
  for (const std::string& folder : folders) {
    const std::string candidate = absl::StrCat(folder, "/shieldd");
    if (!folder.empty() && access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return WithHint(absl::NotFoundError("shieldd is neither beside shield nor on PATH"),
                  "build or install the broker first");
}

absl::StatusOr<int> FreeLoopbackPort() {
  const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const absl::Cleanup close_socket = [socket_fd] { close(socket_fd); };
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(socket_fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(socket_fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return absl::UnavailableError(absl::StrCat("no free port on loopback: ", std::strerror(errno)));
  }
  return ntohs(address.sin_port);
}

}  // namespace shield::cli
