#include "tests/bench/peer/jetstream_server.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"

namespace shield::testing {
namespace {

// Where Debian installs it.
constexpr char kProgram[] = "/usr/sbin/nats-server";
constexpr char kListening[] = "Listening for client connections on ";

// Files made in `folder` from now on are on the disk when a write of them has returned.
absl::Status WriteAtOnce(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return absl::InternalError("no folder for the store");
  int flags = 0;
  const bool set = ::ioctl(descriptor, FS_IOC_GETFLAGS, &flags) == 0 &&
                   (flags |= FS_SYNC_FL, ::ioctl(descriptor, FS_IOC_SETFLAGS, &flags)) == 0;
  ::close(descriptor);
  return set ? absl::OkStatus()
             : absl::UnimplementedError(
                   absl::StrCat("the file system of `", folder,
                                "` cannot be told to write at once; ext4 can: set TMPDIR"));
}

void Write(const std::string& path, absl::string_view text) {
  std::ofstream file(path);
  file << text;
}

}  // namespace

absl::StatusOr<std::unique_ptr<JetStreamServer>> JetStreamServer::Start(
    const JetStreamOptions& options) {
  if (::access(kProgram, X_OK) != 0) {
    return absl::NotFoundError(
        absl::StrCat("`", kProgram, "` is not installed; deploy/install-deps does that"));
  }
  ASSIGN_OR_RETURN(const TlsKeyPair identity, NewTlsKeyPair("jetstream"));
  const std::string folder = absl::StrCat(options.folder, "/jetstream");
  const std::string store = folder + "/store";
  std::filesystem::create_directories(store);
  if (options.synced) RETURN_IF_ERROR(WriteAtOnce(store));
  Write(folder + "/key.pem", identity.key_pem);
  Write(folder + "/certificate.pem", identity.certificate_pem);
  Write(folder + "/clients.pem", absl::StrJoin(options.client_certificates, ""));
  // Port -1 is a free one.
  Write(folder + "/nats.conf",
        absl::StrCat("listen: \"127.0.0.1:-1\"\njetstream { store_dir: \"", store,
                     "\" }\ntls { cert_file: \"", folder, "/certificate.pem\", key_file: \"",
                     folder, "/key.pem\", ca_file: \"", folder,
                     "/clients.pem\", verify: true, timeout: 30 }\n"));
  std::unique_ptr<JetStreamServer> server(
      new JetStreamServer({kProgram, "-c", folder + "/nats.conf"}));
  const std::optional<std::string> line = server->process_.WaitForLine(kListening);
  if (!line.has_value()) return absl::InternalError(absl::StrJoin(server->process_.lines(), "; "));
  server->address_ =
      absl::StrCat("tls://", line->substr(line->find(kListening) + sizeof(kListening) - 1));
  return server;
}

}  // namespace shield::testing
