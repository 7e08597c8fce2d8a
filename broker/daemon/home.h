// The broker's home: one folder, 0700, that nobody else reads.
//
//   config.toml   settings                     store/   bulletins, inboxes, log
//   tls.key       TLS key, PEM                 lock     held while a shieldd works here
//   tls.crt       its self-made certificate
//   broker.key    signs inbox heads            (signing keys: base64 of an Ed25519 seed)
//   log.key       signs checkpoints
//
// Keys are 0600 files. They are made once, by CreateBrokerHome, which never overwrites anything.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/random.h"
#include "broker/daemon/config.h"
#include "crypto/signing_key.h"
#include "crypto/tls_key.h"

namespace shield::broker {

struct HomePaths {
  explicit HomePaths(std::string home);

  std::string folder;
  std::string config;
  std::string tls_key;
  std::string tls_certificate;
  std::string broker_key;
  std::string log_key;
  std::string store;
  std::string lock;
};

// Makes the folder, keys and config.toml and returns the pin: SHA-256 of the TLS public key.
// ALREADY_EXISTS, with nothing changed, when any of the files is there already.
absl::StatusOr<Digest> CreateBrokerHome(const HomePaths& paths, const DaemonConfig& config,
                                        Random& random);

// Everything of a home but its store. Movable only.
struct BrokerHome {
  DaemonConfig config;
  TlsKeyPair tls;
  Digest pin;
  SigningKey broker_key;
  SigningKey log_key;
};

// UNAUTHENTICATED when there is no home in the folder; FAILED_PRECONDITION when the folder or a key
// can be read by others, or the TLS key and certificate do not belong together.
absl::StatusOr<BrokerHome> OpenBrokerHome(const HomePaths& paths);

// Holds the home for one process; released when destroyed. FAILED_PRECONDITION while another
// process holds it.
class HomeLock {
 public:
  static absl::StatusOr<HomeLock> Acquire(const HomePaths& paths);
  ~HomeLock();
  HomeLock(HomeLock&& other) noexcept;
  HomeLock& operator=(HomeLock&&) = delete;

 private:
  explicit HomeLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace shield::broker
