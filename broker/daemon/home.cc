#include "broker/daemon/home.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/base64.h"
#include "base/status.h"
#include "broker/daemon/private_file.h"

namespace shield::broker {
namespace {

constexpr size_t kMaxKeyFileBytes = 16 * 1024;
constexpr size_t kMaxConfigFileBytes = 64 * 1024;

absl::Status CheckFolder(const std::string& folder) {
  struct stat facts {};
  if (::stat(folder.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode)) {
    return WithHint(
        absl::UnauthenticatedError(absl::StrCat("there is no broker home in `", folder, "`")),
        "make one with `shieldd init`");
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return WithHint(absl::FailedPreconditionError(
                        absl::StrCat("others can enter the broker's home `", folder, "`")),
                    absl::StrCat("chmod 0700 ", folder));
  }
  return absl::OkStatus();
}

// Made with mode 0700, or found so; an empty folder of the caller's own is closed to others, and
// any other that they can enter is left as it is.
absl::Status MakePrivate(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) return absl::OkStatus();
  struct stat facts {};
  if (errno != EEXIST || ::stat(folder.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode)) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot create `", folder, "`"));
  }
  std::error_code error;
  const bool own_and_empty = facts.st_uid == ::geteuid() && (facts.st_mode & S_ISVTX) == 0 &&
                             std::filesystem::is_empty(folder, error) && !error;
  if (own_and_empty && ::chmod(folder.c_str(), 0700) == 0) return absl::OkStatus();
  return CheckFolder(folder);
}

// The folder, private, and none of the files in it that are about to be written.
absl::Status PrepareFolder(const HomePaths& paths) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(paths.folder).parent_path(), error);
  RETURN_IF_ERROR(MakePrivate(paths.folder));
  for (const std::string* path : {&paths.config, &paths.tls_key, &paths.tls_certificate,
                                  &paths.broker_key, &paths.log_key, &paths.store}) {
    if (std::filesystem::exists(*path, error)) {
      return WithHint(absl::AlreadyExistsError(absl::StrCat("`", *path, "` exists already")),
                      "a home is made once; choose another folder");
    }
  }
  return absl::OkStatus();
}

absl::Status WriteSigningKey(const std::string& path, const SigningKey& key) {
  std::string text = Base64Encode(key.Seed(SecretAccess::ForExport()), Base64Form::kPadded) + "\n";
  absl::Status written = WritePrivateFile(path, text);
  Wipe({reinterpret_cast<uint8_t*>(text.data()), text.size()});
  return written;
}

absl::StatusOr<SigningKey> ReadSigningKey(const std::string& path) {
  ASSIGN_OR_RETURN(std::string text, ReadPrivateFile(path, kMaxKeyFileBytes));
  std::optional<Bytes> seed = Base64Decode(absl::StripSuffix(text, "\n"), Base64Form::kPadded);
  Wipe({reinterpret_cast<uint8_t*>(text.data()), text.size()});
  if (!seed.has_value() || seed->size() != 32) {
    return absl::FailedPreconditionError(
        absl::StrCat("`", path, "` does not hold a signing key: 32 bytes in base64 expected"));
  }
  const SigningSeed secret(std::span<const uint8_t, 32>(seed->data(), 32));
  Wipe(*seed);
  return SigningKey::FromSeed(secret);
}

}  // namespace

HomePaths::HomePaths(std::string home)
    : folder(std::move(home)),
      config(folder + "/config.toml"),
      tls_key(folder + "/tls.key"),
      tls_certificate(folder + "/tls.crt"),
      broker_key(folder + "/broker.key"),
      log_key(folder + "/log.key"),
      store(folder + "/store"),
      lock(folder + "/lock") {}

absl::StatusOr<Digest> CreateBrokerHome(const HomePaths& paths, const DaemonConfig& config,
                                        Random& random) {
  RETURN_IF_ERROR(PrepareFolder(paths));
  ASSIGN_OR_RETURN(const TlsKeyPair tls, NewTlsKeyPair("shieldd"));
  ASSIGN_OR_RETURN(const Digest pin, SpkiDigest(tls.certificate_pem));
  RETURN_IF_ERROR(WritePrivateFile(paths.tls_key, tls.key_pem));
  RETURN_IF_ERROR(WritePrivateFile(paths.tls_certificate, tls.certificate_pem));
  RETURN_IF_ERROR(WriteSigningKey(paths.broker_key, SigningKey::Generate(random)));
  RETURN_IF_ERROR(WriteSigningKey(paths.log_key, SigningKey::Generate(random)));
  RETURN_IF_ERROR(WritePrivateFile(paths.config, PrintConfig(config)));
  return pin;
}

absl::StatusOr<BrokerHome> OpenBrokerHome(const HomePaths& paths) {
  RETURN_IF_ERROR(CheckFolder(paths.folder));
  absl::StatusOr<std::string> config_text = ReadPublicFile(paths.config, kMaxConfigFileBytes);
  if (absl::IsNotFound(config_text.status())) {
    return WithHint(
        absl::UnauthenticatedError(absl::StrCat("there is no broker home in `", paths.folder, "`")),
        "make one with `shieldd init`");
  }
  RETURN_IF_ERROR(config_text.status());
  ASSIGN_OR_RETURN(DaemonConfig config, ParseConfig(*config_text));
  TlsKeyPair tls;
  ASSIGN_OR_RETURN(tls.key_pem, ReadPrivateFile(paths.tls_key, kMaxKeyFileBytes));
  ASSIGN_OR_RETURN(tls.certificate_pem, ReadPublicFile(paths.tls_certificate, kMaxKeyFileBytes));
  if (absl::Status matches = CheckKeyPair(tls); !matches.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "`", paths.tls_key, "` and `", paths.tls_certificate, "`: ", matches.message()));
  }
  ASSIGN_OR_RETURN(const Digest pin, SpkiDigest(tls.certificate_pem));
  ASSIGN_OR_RETURN(SigningKey broker_key, ReadSigningKey(paths.broker_key));
  ASSIGN_OR_RETURN(SigningKey log_key, ReadSigningKey(paths.log_key));
  return BrokerHome{std::move(config), std::move(tls), pin, std::move(broker_key),
                    std::move(log_key)};
}

absl::StatusOr<HomeLock> HomeLock::Acquire(const HomePaths& paths) {
  const int descriptor = ::open(paths.lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot open `", paths.lock, "`"));
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return WithHint(
        absl::FailedPreconditionError(absl::StrCat("another shieldd uses `", paths.folder, "`")),
        "stop it first");
  }
  return HomeLock(descriptor);
}

HomeLock::~HomeLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

HomeLock::HomeLock(HomeLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

}  // namespace shield::broker
