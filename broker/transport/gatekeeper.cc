#include "broker/transport/gatekeeper.h"

#include <memory>
#include <optional>

#include "base/status.h"

namespace shield::broker {
namespace {

constexpr absl::Duration kFullRetryDelay = absl::Seconds(30);
constexpr absl::Duration kDrainingRetryDelay = absl::Seconds(2);

absl::Status NotEnrolled() {
  return WithHint(
      WithRule(absl::UnauthenticatedError("this TLS key is not enrolled, or was revoked"),
               "NOT_ENROLLED"),
      "ask the vetting authority whether this member is enrolled and active");
}

absl::Status Full() {
  return WithRetryDelay(
      WithRule(absl::UnavailableError("the broker has as many connections as it can hold"),
               "BROKER_FULL"),
      kFullRetryDelay);
}

}  // namespace

bool Gatekeeper::MayStart(const grpc::AuthContext& peer) {
  const std::optional<Digest> pin = certificates_.PinOf(peer);
  if (!pin.has_value()) return false;
  if (started_.Start(*pin, clock_.Now())) return true;
  connections_.CutPins({&*pin, 1});
  return false;
}

absl::StatusOr<Caller> Gatekeeper::Admit(const grpc::ServerContext& context) {
  const std::shared_ptr<const grpc::AuthContext> auth = context.auth_context();
  const std::optional<Digest> pin = auth == nullptr ? std::nullopt : certificates_.PinOf(*auth);
  if (!pin.has_value()) return NotEnrolled();
  started_.Begin(*pin);
  // First the table, then the directory: whoever revokes this key in between finds the connection.
  if (!connections_.Authenticate(context.peer(), *pin)) {
    return absl::UnavailableError("the connection is closed");
  }
  std::optional<Caller> caller = pins_.Admit(*pin);
  if (!caller.has_value()) {
    connections_.CutSoon(context.peer(), clock_.Now());
    return NotEnrolled();
  }
  if (!connections_.Settle(context.peer(), caller->of_authority)) return Full();
  if (draining()) return DrainingStatus();
  return *std::move(caller);
}

absl::Status Gatekeeper::StillWelcome(const Caller& caller) const {
  return pins_.Admit(caller.pin).has_value() ? absl::OkStatus() : NotEnrolled();
}

void Gatekeeper::CountUnknownCall(const grpc::ServerContext& context, int limit) {
  if (connections_.CountUnknownCall(context.peer()) > limit) connections_.CutPeer(context.peer());
}

absl::Status Gatekeeper::DrainingStatus() {
  return WithRetryDelay(
      WithRule(absl::UnavailableError("the broker is going down for maintenance"), "DRAINING"),
      kDrainingRetryDelay);
}

}  // namespace shield::broker
