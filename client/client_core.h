// What the copies of a Client share: keys, state, connection and the parts that work with them.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "client/client.h"
#include "client/client_parts.h"
#include "client/log/log_keeper.h"
#include "client/publish/publisher.h"
#include "client/receive/hand_over.h"
#include "client/receive/inbox_receiver.h"
#include "client/receive/inbox_shelf.h"
#include "policy/proof/network_file.h"

namespace shield {

// Thread-safe. Each Sync and each Subscribe follows a stream of its own; what both bring is stored
// once. No lock is held while a handler runs but the home's handing lock, which nothing else
// needs.
class ClientCore {
 public:
  ClientCore(Home home, MemberKeys keys, NetworkFile network, std::unique_ptr<ClientState> state,
             std::shared_ptr<Connection> connection, Clock& clock, Random& random,
             const ClientOptions& options);

  const Home& home() const { return home_; }
  const NetworkFile& network() const { return network_; }
  ClientParts parts();
  Publisher& publisher() { return publisher_; }
  InboxShelf& shelf() { return shelf_; }

  absl::StatusOr<SyncReport> Sync();
  absl::Status Subscribe(const InboxHandler& handler);
  void Stop();
  // Signs for the entries after `after` up to `seq`, and moves the cursor there.
  absl::Status Acknowledge(uint64_t after, uint64_t seq);
  // The entry with its content, for somebody to see.
  absl::StatusOr<OpenedBulletin> Show(const KeptEntry& kept);

  // Erases what has expired by this clock and by what the authority has signed.
  absl::Status DropExpired();

 private:
  // Follows the inbox until it is caught up (or for ever), handing over on the way. A stream that
  // the broker would not take up begins once more where the receiver can start otherwise.
  absl::Status Follow(InboxReceiver& receiver, bool until_caught_up, absl::Duration timeout,
                      HandOver* hand_over);
  // One stream. `began` tells whether the broker took it up.
  absl::Status ReadStream(SubscriptionReader& reader, InboxReceiver& receiver, bool until_caught_up,
                          HandOver* hand_over, bool& began);
  absl::Status SyncInbox(InboxReceiver& receiver);
  absl::StatusOr<bool> CouldBeRead(const KeptEntry& entry);
  // Holds the broker to its log after what a Sync brought. False when it could not be asked now.
  absl::StatusOr<bool> SyncLog(const InboxReceiver& receiver);
  // The same for who follows the inbox, not before its turn has come.
  absl::Status FollowLog(const InboxReceiver& receiver, const SubscriptionMessage& message);
  absl::Status SayLogAlarm(const absl::Status& alarm);
  absl::Status LogAlarmOr(const absl::Status& ended);
  void SayCutBack();
  void SaySetAside();
  absl::Status SubscribeWhileAlone(const InboxHandler& handler);

  const Home home_;
  const MemberKeys keys_;
  const std::vector<X25519PublicKey> seal_keys_;
  const NetworkFile network_;
  const std::unique_ptr<ClientState> state_;
  const std::shared_ptr<Connection> connection_;
  Clock& clock_;
  Random& random_;
  Retrier retrier_;
  const LinkObserver on_link_;
  KnownNotes known_notes_;
  DirectoryKeeper directory_;
  Publisher publisher_;
  InboxShelf shelf_;
  LogKeeper log_;

  Mutex syncing_;  // held by the one Sync that goes on
  Mutex mutex_;
  bool subscribed_ ABSL_GUARDED_BY(mutex_) = false;
  // When who follows the inbox asked about the log last.
  absl::Time log_followed_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Status log_alarm_ ABSL_GUARDED_BY(mutex_);  // of this subscription; OK: none
  absl::Time log_alarm_said_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::set<SubscriptionReader*> open_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield
