#include "client/transport/pinned_channel.h"

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "proto/wire/limits.h"
#include "proto/wire/prepare_process.h"
#include "proto/wire/status_map.h"

namespace shield {
namespace {

using grpc::experimental::ExternalCertificateVerifier;
using grpc::experimental::TlsCustomVerificationCheckRequest;

constexpr int kKeepaliveMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
constexpr int kFirstReconnectMs = 200;
constexpr int kLongestReconnectMs = 5'000;
// For one attempt to connect; the broker gives a handshake no longer either.
constexpr int kConnectPatienceMs = 5'000;
constexpr std::chrono::seconds kKnockPatience{2};
constexpr std::chrono::milliseconds kBetweenKnocks{250};

class DoorVerifier final : public ExternalCertificateVerifier {
 public:
  explicit DoorVerifier(std::shared_ptr<Door> door) : door_(std::move(door)) {}

  // Always answers at once (true).
  bool Verify(TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* status) override {
    const grpc::string_ref pem = request->peer_cert();
    const absl::StatusOr<Digest> shown = SpkiDigest(absl::string_view(pem.data(), pem.size()));
    if (!shown.ok()) door_->KnockWithoutKey();
    const bool right = shown.ok() && door_->Knock(*shown);
    *status = right ? grpc::Status::OK
                    : grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "not the pinned key");
    return true;
  }

  void Cancel(TlsCustomVerificationCheckRequest*) override {}

 private:
  const std::shared_ptr<Door> door_;
};

std::shared_ptr<grpc::ChannelCredentials> Credentials(const TlsKeyPair& own,
                                                      std::shared_ptr<Door> door) {
  grpc::experimental::TlsChannelCredentialsOptions options;
  // The own certificate stands in as root: without one gRPC would want the system's bundle.
  options.set_certificate_provider(
      std::make_shared<grpc::experimental::StaticDataCertificateProvider>(
          own.certificate_pem, std::vector<grpc::experimental::IdentityKeyCertPair>{
                                   {own.key_pem, own.certificate_pem}}));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(false);
  options.set_check_call_host(false);
  options.set_certificate_verifier(
      ExternalCertificateVerifier::Create<DoorVerifier>(std::move(door)));
  return grpc::experimental::TlsCredentials(options);
}

std::shared_ptr<grpc::Channel> NewChannel(const GrpcConnectionOptions& options,
                                          std::shared_ptr<Door> door) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(wire::kMaxMessageBytes);
  arguments.SetMaxSendMessageSize(wire::kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectPatienceMs);
  // The pin names one peer: no proxy, no service config from DNS, no connection of another channel.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // A message that claims to be compressed is taken as it stands, and is then malformed.
  arguments.SetInt(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  // Retrying is the library's business, above this.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // A name that is no name: the peer is known by its key.
  arguments.SetSslTargetNameOverride("shieldd");
  return grpc::CreateCustomChannel(options.address, Credentials(options.own, std::move(door)),
                                   arguments);
}

// Whether the broker showed its key to a new channel and then closed the door on it. Neither a door
// that opens nor one that nobody comes to is a refusal.
bool ClosesTheDoor(const PinnedWay& way) {
  const auto deadline = std::chrono::system_clock::now() + kKnockPatience;
  grpc_connectivity_state state = way.channel->GetState(true);
  while (state == GRPC_CHANNEL_IDLE || state == GRPC_CHANNEL_CONNECTING) {
    if (!way.channel->WaitForStateChange(state, deadline)) return false;
    state = way.channel->GetState(true);
  }
  return state == GRPC_CHANNEL_TRANSIENT_FAILURE && way.door->sight() == Door::Sight::kRightKey;
}

absl::Status NotEnrolled(absl::string_view address) {
  return WithHint(
      WithRule(absl::UnauthenticatedError(absl::StrCat(
                   "the broker at `", address,
                   "` showed its pinned key and then closed the connection: it does not know this "
                   "member's TLS key")),
               "NOT_ENROLLED"),
      "likely causes: not enrolled yet, suspended, revoked or expired, or another key than the "
      "one that was enrolled; ask the vetting authority");
}

absl::Status WrongPin(absl::string_view address) {
  return WithHint(
      WithRule(absl::FailedPreconditionError(
                   absl::StrCat("the peer at `", address,
                                "` is not the broker: its TLS key is not the pinned "
                                "one")),
               "WRONG_BROKER_PIN"),
      "check the address; if the broker's key was replaced, get the new network.shield from the "
      "vetting authority over a channel you trust");
}

absl::Status NotABroker(absl::string_view address, absl::string_view what) {
  return WithHint(
      WithRule(absl::FailedPreconditionError(absl::StrCat(
                   "what answers at `", address, "` is not a broker: it does not speak ", what)),
               "NOT_A_BROKER"),
      "check the address and the port");
}

absl::Status TlsTooOld(absl::string_view address) {
  return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                               "what answers at `", address,
                               "` does not speak TLS 1.3, and a broker speaks nothing older")),
                           "TLS_TOO_OLD"),
                  "check the address and the port, and whether a proxy stands in between");
}

absl::Status Unreachable(absl::string_view address, absl::string_view why) {
  return WithHint(WithRule(absl::UnavailableError(absl::StrCat("no broker could be reached at `",
                                                               address, "`: ", why)),
                           "UNREACHABLE"),
                  "check the address and the network, then try again");
}

// The reason of gRPC and the system in plain words; nothing for one without any.
absl::string_view PlainReason(absl::string_view why) {
  static constexpr std::pair<absl::string_view, absl::string_view> kReasons[] = {
      {"Connection refused", "nothing listens there (connection refused)"},
      {"C-ares", "its name cannot be looked up"},
      {"DNS resolution failed", "its name cannot be looked up"},
      {"Network is unreachable", "this machine has no way to its network"},
      {"No route to host", "this machine has no way to it"},
      {"timed out", "it does not answer"},
      {"Deadline Exceeded", "it does not answer in time"},
  };
  for (const auto& [mark, plain] : kReasons) {
    if (absl::StrContains(why, mark)) return plain;
  }
  return {};
}

// Nobody has shown a key: what gRPC and OpenSSL say of it.
absl::Status NobodyAnswered(absl::string_view address, absl::string_view why) {
  if (absl::StrContains(why, "protocol version") ||
      absl::StrContains(why, "unsupported protocol")) {
    return TlsTooOld(address);
  }
  if (absl::StrContains(why, "wrong version number") || absl::StrContains(why, "http request")) {
    return NotABroker(address, "TLS");
  }
  if (absl::StrContains(why, "ALPN")) return NotABroker(address, "HTTP/2");
  if (absl::StrContains(why, "Socket closed") || absl::StrContains(why, "reset by peer")) {
    return Unreachable(address, "the connection is closed before anybody shows a key");
  }
  const absl::string_view plain = PlainReason(why);
  return Unreachable(address, plain.empty() ? why : plain);
}

}  // namespace

absl::StatusOr<std::shared_ptr<PinnedChannel>> PinnedChannel::Create(
    const GrpcConnectionOptions& options) {
  RETURN_IF_ERROR(wire::CheckPrepared());
  RETURN_IF_ERROR(CheckKeyPair(options.own));
  return std::shared_ptr<PinnedChannel>(new PinnedChannel(options));
}

PinnedChannel::PinnedChannel(const GrpcConnectionOptions& options)
    : options_(options), way_(NewWay()) {}

PinnedWay PinnedChannel::NewWay() const {
  const auto door = std::make_shared<Door>(options_.broker_pin);
  return {door, NewChannel(options_, door)};
}

PinnedWay PinnedChannel::Way() {
  MutexLock lock(mutex_);
  const grpc_connectivity_state state = way_.channel->GetState(false);
  const bool left = state == GRPC_CHANNEL_IDLE && way_.door->sight() != Door::Sight::kNobody;
  if (left || state == GRPC_CHANNEL_TRANSIENT_FAILURE) way_ = NewWay();
  return way_;
}

absl::Status PinnedChannel::Translate(const PinnedWay& way, const grpc::Status& status) const {
  absl::Status result = wire::FromGrpc(status);
  if (result.ok() || !RuleOf(result).empty()) {
    way.door->Answered();
    return result;
  }
  const bool no_connection =
      absl::IsUnavailable(result) ||
      (absl::IsDeadlineExceeded(result) && way.channel->GetState(false) != GRPC_CHANNEL_READY);
  return no_connection ? Unanswered(*way.door, result.message()) : result;
}

absl::Status PinnedChannel::Unanswered(const Door& door, absl::string_view why) const {
  switch (door.sight()) {
    case Door::Sight::kWrongKey:
      return WrongPin(options_.address);
    case Door::Sight::kNobody:
      return NobodyAnswered(options_.address, why);
    case Door::Sight::kAnswered:
      return Unreachable(options_.address, why);
    case Door::Sight::kRightKey:
      return RefusesTwice() ? NotEnrolled(options_.address) : Unreachable(options_.address, why);
  }
  return Unreachable(options_.address, why);
}

bool PinnedChannel::RefusesTwice() const {
  const PinnedWay first = NewWay();
  if (!ClosesTheDoor(first)) return false;
  // A pause: a broker that is busy or restarting may have closed this one door.
  first.channel->WaitForStateChange(GRPC_CHANNEL_TRANSIENT_FAILURE,
                                    std::chrono::system_clock::now() + kBetweenKnocks);
  return ClosesTheDoor(NewWay());
}

}  // namespace shield
