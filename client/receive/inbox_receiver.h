// Takes what a subscription brings, one message after the other, and stores what can be stored.
//
// The chain comes first: numbers are dense, each link follows from the one before it on this
// stream, heads are signed by the broker and never go back (docs/spec/delivery.md). A break there
// ends the subscription and stores nothing more; what was stored and no signed head has confirmed
// is cut back when it may be what broke the chain. Every signed head is held against the highest
// one this home has seen, and two that cannot both be true are kept as an alarm. An entry whose own
// checks fail is stored with the rule that failed (client/receive/judge_entry.h): its number is
// taken.
//
// Once in the life of a log key this is different. When the directory, which the authority signs,
// names another log key than the one the inbox was followed under, the authority says that the
// broker lost data and that this is known: a history that stays refused is then followed from its
// first entry, and what this home has beyond it is set aside (ClientState::SetAside), not accused.
// The first entry that is another uses that up, or the end where there is none: a broker that never
// signs the end sets nothing aside a second time.
//
// The stream has a position of its own: another process over the same home may be ahead or behind.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/client_parts.h"
#include "client/connection.h"
#include "policy/proof/inbox_chain.h"
#include "policy/proof/verified_directory.h"

namespace shield {

struct ReceivedCount {
  uint64_t received = 0;
  uint64_t refused = 0;
};

// Thread-compatible: one subscription drives one receiver.
class InboxReceiver {
 public:
  explicit InboxReceiver(const ClientParts& parts) : parts_(parts) {}

  // Where a subscription is to begin.
  absl::StatusOr<SubscriptionStart> Start();

  // What a broker answered that would not take up this start. OK: start again. ROLLBACK for the
  // resume token alone (a store that was restored has another epoch) is tried again with position
  // and hash alone, then from the last entry that a signed head confirmed. What came after that one
  // is cut back when the broker takes this up, and not before: one that was set back further may
  // be put right. Where another process has moved the inbox since the start, all of this begins
  // anew, at most kMaxMoved times: then ABORTED. Otherwise `refusal`; a cursor that the broker
  // calls too high is ROLLBACK as well, because it once gave what is there.
  static constexpr int kMaxMoved = 8;
  absl::Status Reconsider(const absl::Status& refusal);

  // Everything in `message`, in its order. Errors end the subscription:
  //   DATA_LOSS INBOX_GAP          a number is missing or comes again; the chain does not lead to a
  //                                signed head; it ends, or the broker idles, before one; it begins
  //                                without one, or the broker idles after what it has not signed
  //   DATA_LOSS INBOX_REORDER      a log index lies beyond the log of the signed head
  //   DATA_LOSS ROLLBACK           a signed head is behind what was received or signed, or another
  //   DATA_LOSS BAD_SIGNATURE      a head that the broker did not sign
  //   DATA_LOSS INBOX_HEAD_MALFORMED, NETWORK_MISMATCH   a head out of form, or of another inbox
  //   DATA_LOSS DIRECTORY_WITHHELD the broker names a directory that it does not serve
  //   ABORTED                      another process has cut the inbox back or begun it anew: start
  //                                again
  // What was stored of it, all or up to an error, survives a power cut when this returns.
  absl::Status Take(const SubscriptionMessage& message);

  // Whether the last mark said that everything has been sent.
  bool caught_up() const { return caught_up_; }
  const ReceivedCount& count() const { return count_; }
  // Up to which entry what is stored has been found again where the inbox begins anew: the next
  // stream goes on from there.
  uint64_t compared() const { return common_.seq; }
  // Whether a stream that goes on has taken back entries since this was asked last.
  bool TakeCutBack() { return std::exchange(taken_back_, false); }
  // Whether it has set entries aside (INBOX_ANEW) since this was asked last.
  bool TakeSetAside() { return std::exchange(set_aside_, false); }
  // The size of the longest log that a head signed on this stream speaks of, and that head; 0 and
  // empty before the first.
  uint64_t signed_log_size() const { return signed_log_size_; }
  const std::string& signed_log_head() const { return signed_log_head_; }
  // BROKER_RESTORED: it did not take the resume token, but position and hash. INBOX_CUT_BACK:
  // entries that no signed head had confirmed were removed. INBOX_ANEW: the broker has lost
  // entries, which the authority knows; those that were held stay here as what was carried.
  std::vector<std::string> Warnings() const;

 private:
  absl::Status TakeParts(const SubscriptionMessage& message);
  absl::Status TakeHello(const SubscriptionMessage::Hello& hello);
  absl::Status TakeEntry(const DeliveredEntry& entry, Durability durability);
  absl::Status TakeMark(const SubscriptionMessage::Mark& mark);
  absl::Status TakeHeartbeat(const SubscriptionMessage::Heartbeat& heartbeat);

  absl::StatusOr<InboxHead> VerifyHead(const std::string& note);
  // With the resume token of the mark it came in.
  absl::Status NoteHead(const InboxHead& head, const std::string& note,
                        const Bytes* resume_token = nullptr);
  absl::Status WentBack(const std::string& note, absl::string_view rule,
                        absl::string_view sentence);
  absl::StatusOr<KeptEntry> Chain(const DeliveredEntry& entry) const;
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> DirectoryFor(const KeptEntry& kept);
  absl::StatusOr<InboxPosition> WhereToBegin();
  absl::Status StartAnew();
  absl::Status CutBackAnd(absl::Status broken);
  absl::Status CutBackRefused();
  absl::Status LookForNewLog();
  absl::StatusOr<SubscriptionStart> StartAfterTheCommon();
  absl::StatusOr<bool> IsStoredAlready(const KeptEntry& kept);
  absl::Status ForgetHeadThatIsLost(const InboxHead& head);
  absl::Status SetAsideAfter(uint64_t after);
  absl::Status LeaveWhatWasCommon();
  absl::Status FollowedToItsEnd(const InboxHead& head, const SubscriptionMessage::Mark& mark);

  const ClientParts parts_;
  InboxPosition position_;            // of the last entry taken from this stream
  InboxPosition stored_;              // end of the inbox when the stream started
  uint64_t log_end_ = 0;              // past the highest log index on this stream
  std::optional<InboxHead> highest_;  // signed head: before this stream, then on it
  std::string highest_note_;
  bool greeted_ = false;      // this stream has begun with a hello
  uint64_t signed_here_ = 0;  // up to where heads that came on this stream have confirmed
  uint64_t signed_log_size_ = 0;
  std::string signed_log_head_;
  bool without_token_ = false;  // start by position and hash alone, until a mark brings a new one
  std::optional<Digest> refused_;  // hash of the last entry stored: start before what may be lost
  InboxLog log_;                   // of the directory when the stream started
  bool may_begin_anew_ = false;    // the inbox was followed under another log key until now
  bool anew_ = false;              // it begins at the first entry because of it
  InboxPosition common_;           // up to where it has brought what is stored
  bool begun_anew_ = false;        // and entries were set aside
  int moved_ = 0;                  // how often that was so when a start was refused
  bool restored_ = false;
  bool cut_back_ = false;
  bool synced_ = false;  // what has been stored of this message
  bool taken_back_ = false;
  bool set_aside_ = false;
  bool caught_up_ = false;
  ReceivedCount count_;
};

}  // namespace shield
