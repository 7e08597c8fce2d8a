#include "proto/wire/prepare_process.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace shield::wire {
namespace {

// `MinProtocol` would have no effect: gRPC sets its own minimum afterwards.
constexpr absl::string_view kOpenSslPolicy = R"(openssl_conf = policy
[policy]
ssl_conf = contexts
[contexts]
system_default = wire
[wire]
Protocol = -TLSv1.2
Options = -SessionTicket
NumTickets = 0
)";

std::atomic<bool> prepared{false};

absl::Status OpenSslError(absl::string_view what) {
  char text[256];
  ERR_error_string_n(ERR_get_error(), text, sizeof(text));
  return absl::InternalError(absl::StrCat(what, ": ", text));
}

absl::Status LoadOpenSslPolicy() {
  // Neither the machine's openssl.cnf nor OPENSSL_CONF may say otherwise afterwards.
  if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) != 1) {
    return OpenSslError("OpenSSL does not start");
  }
  std::unique_ptr<BIO, decltype(&BIO_free)> text(
      BIO_new_mem_buf(kOpenSslPolicy.data(), static_cast<int>(kOpenSslPolicy.size())), &BIO_free);
  std::unique_ptr<CONF, decltype(&NCONF_free)> conf(NCONF_new(nullptr), &NCONF_free);
  if (text == nullptr || conf == nullptr) return OpenSslError("OpenSSL has no memory");
  long error_line = 0;  // NOLINT: OpenSSL's type
  if (NCONF_load_bio(conf.get(), text.get(), &error_line) != 1) {
    return OpenSslError(absl::StrCat("the TLS policy is malformed in line ", error_line));
  }
  if (CONF_modules_load(conf.get(), nullptr, 0) <= 0) {
    return OpenSslError("OpenSSL refuses the TLS policy");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status PrepareProcess() {
  // Protobuf would let peers write to stderr.
  google::protobuf::SetLogHandler(nullptr);
  // gRPC would write to stderr what its callers are told anyway; its own switch turns it on again.
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  absl::Status loaded = LoadOpenSslPolicy();
  if (loaded.ok()) prepared.store(true, std::memory_order_release);
  return loaded;
}

absl::Status CheckPrepared() {
  if (prepared.load(std::memory_order_acquire)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "this process is not prepared for the wire: call shield::wire::PrepareProcess() first in "
      "main, or TLS 1.2 would be accepted");
}

}  // namespace shield::wire
