// A subscriber's stream: a position in an inbox, and one write in flight.
//
// It is stepped when inboxes have grown and once a second; FeedPacer says what a step does. A
// message waits in gRPC's buffer for its successor when there very likely is one; if none comes
// after all, a heartbeat takes its place. Nothing is read ahead: what a reader is entitled to is
// judged when it is sent.
#pragma once

#include <memory>
#include <optional>

#include "broker/transport/download_call.h"
#include "broker/transport/feed_pacer.h"
#include "broker/transport/newest_subscriptions.h"

namespace shield::broker {

struct SubscribeMethod {
  StreamRequest request;
  LiveHandler handler;
  absl::Duration heartbeat;
  absl::Duration stalled;
};

class SubscribeCall final : public Call {
 public:
  // Everything referred to must outlive the call.
  SubscribeCall(CallQueue& queue, MethodSlots& slots, const SubscribeMethod& method,
                Gatekeeper& gatekeeper, MemberSubscriptions& newest);

  void Step(absl::Time now) override;

 private:
  ~SubscribeCall() override = default;
  void Begin() override;
  void Done() override { over_ = true; }
  void Advance(absl::Time now);
  void Ask(absl::Time now);
  // `more`: the source has the next message already; `held_back`: this one waits for it.
  void Write(const grpc::ByteBuffer& message, bool more, bool held_back, absl::Time now);
  void Finish(const absl::Status& status);
  // Why the stream has to end although the source has more; OK when it has not.
  absl::Status MayGoOn(absl::Time now);
  absl::Status StillWelcome(absl::Time now);

  const SubscribeMethod& method_;
  Gatekeeper& gatekeeper_;
  MemberSubscriptions& newest_;
  grpc::ByteBuffer request_;
  StreamWriter writer_;
  std::optional<Caller> caller_;
  std::shared_ptr<const SubscriptionPlace> place_;
  std::unique_ptr<LiveSource> source_;
  FeedPacer pacer_;
  uint64_t generation_ = 0;  // of the gatekeeper, when the caller was looked up last
  absl::Time looked_up_;
  bool held_back_ = false;  // the last message waits for a successor
  bool first_ = true;       // nothing has been written yet
  bool over_ = false;       // finished, cut or gone: nothing more is started
  Operation written_;
  Operation finished_;
};

}  // namespace shield::broker
