// Gives the entries of an inbox to an application: each when its turn comes, whatever its state,
// and those that were closed then once more when they open.
//
//   HandOver hand_over(lock, parts, shelf, handler);
//   RETURN_IF_ERROR(hand_over.HandNew());      // after each message of the subscription
//   RETURN_IF_ERROR(hand_over.HandOpened());
//
// An entry that was handed closed for now, under embargo, or without a payload because the broker
// did not give it, waits: its row says so, written with the cursor. It waits until the application
// has had it readable or refused for good, or until it has ended, of which nothing is handed: the
// application knows its signed expiry, and is handed the bulletin that replaces or withdraws it.
// The cursor never goes back for it, and what was handed readable never waits. Rules:
// docs/spec/delivery.md, G5.
//
// Where the home has no room to note that an entry was handed, this object remembers it, and what
// comes behind it is handed all the same. It is noted once there is room; another process, or the
// next subscription, hands it once more.
//
// The home's handing lock is held for one entry at a time, its handler included; a process that
// dies in the handler leaves the entry to the next.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/client.h"
#include "client/client_parts.h"
#include "client/receive/asking_pauses.h"
#include "client/receive/inbox_item.h"
#include "client/receive/inbox_shelf.h"
#include "client/receive/unnoted_handings.h"

namespace shield {

// How many waiting entries are looked at after one message; the next message goes on from there.
inline constexpr uint64_t kMaxLookedAt = 256;

// How long one message's looking may take before the stream is read on: past it no entry is begun.
inline constexpr absl::Duration kMaxLookingTime = absl::Seconds(10);

// What has been looked at is not looked at again sooner, unless a newer directory has come. An idle
// broker sends a heartbeat every 20 s, so an entry is handed within 25 s of its opening, as long as
// no more than kMaxLookedAt wait and the broker gives what it is asked for at once. What it does
// not give is asked for again after the pauses of client/receive/asking_pauses.h, and holds up
// those behind it by no more than the time it takes to be told so.
inline constexpr absl::Duration kLookAgainAfter = absl::Seconds(5);

// From when on an entry that is in this state may open; nothing for one that is readable, refused
// for good or has ended.
std::optional<absl::Time> MayOpenFrom(const InboxItem& item);

// Thread-compatible: one subscription drives one. Borrows what it is given.
class HandOver {
 public:
  // `handed` is called after each entry that the handler has taken, when what there is to note of
  // it was noted or kept in mind, and by Marked.
  HandOver(std::string lock_path, const ClientParts& parts, InboxShelf& shelf,
           const InboxHandler& handler, std::function<void()> handed);

  // Everything that is stored and has not had its turn: what was carried first, from when it may be
  // opened, and what of it was handed closed and has opened; then the inbox in order; of what came
  // both ways the first that was open. What was carried and of which the payload cannot be had now
  // holds up nothing: it is put off, with the pauses and the bound that HandOpened has. CANCELLED
  // when the client was stopped; the handler's error as it is; else what kept an entry from being
  // read. RESOURCE_EXHAUSTED, after all of it, when the home has no room to note it.
  absl::Status HandNew();
  // What waits and has opened. Errors as HandNew; but an entry whose payload cannot be had now goes
  // on waiting, and so does, after kMaxLookingTime, what comes after it until the next call.
  absl::Status HandOpened();

  // A mark was stored: the broker may be another than before, and receipts due to it.
  void Marked() const { handed_(); }

 private:
  // A walk over everything that waits, in as many calls as it takes.
  struct Round {
    uint64_t directory_version = 0;  // at its beginning, as is the time
    absl::Time begun = absl::InfinitePast();
    bool over = true;
    uint64_t passed = 0;  // the last number, or place, looked at
  };

  using Handed = UnnotedHandings::Handed;
  // What became of an entry in its turn.
  enum class Turn { kGone, kHad, kHanded };

  // Calls `deed` while no other process hands over, or not at all once `needed` says no.
  absl::Status WhileAlone(const std::function<absl::StatusOr<bool>()>& needed,
                          const std::function<absl::Status()>& deed);
  // The number of the next entry to hand; 0: there is none.
  absl::StatusOr<uint64_t> NextNew();
  absl::StatusOr<bool> HasNew();
  absl::Status HandCarried();
  absl::Status HandOneCarried(const CarriedPlace& at);
  absl::Status HandCarriedOpened();
  absl::Status LookAgainAtCarried(const CarriedPlace& at);
  // Nothing when it is gone, or cannot be had now; of what the broker does not give a pause begins.
  absl::StatusOr<std::optional<OpenedBulletin>> OpenCarried(const CarriedPlace& at,
                                                            const KeptEntry& kept);
  absl::StatusOr<bool> WasHanded(const KeptEntry& kept);
  absl::Status HandNext();
  // What is not known to have been handed. `handed` becomes what is to be noted.
  absl::StatusOr<Turn> HandOnce(const KeptEntry& kept, Handed& handed);
  // The same of what was handed and could not be noted: again if it was closed and has opened.
  absl::StatusOr<Turn> HandIfOpened(const KeptEntry& kept, Handed& handed);
  // An error when what is handed now could be neither noted nor kept in mind.
  absl::Status RoomToHand(const UnnotedHandings& unnoted) const;
  // Has `note` note it, or keeps it in mind where there is no room; an error where that is full
  // too.
  absl::Status NoteOrKeep(UnnotedHandings& unnoted, ByteSpan key, const Handed& handed,
                          const std::function<absl::Status(const Handed&)>& note);
  absl::Status BeginRound(Round& round, AskingPauses& pauses);
  absl::Status LookAgain(uint64_t seq);
  // What waits, if it has opened or ended; of what the broker does not give a pause begins.
  absl::StatusOr<std::optional<OpenedBulletin>> OpenWaiting(const KeptEntry& kept);
  // Calls the handler. What it took with its content is opened from then on: the receipt for that.
  absl::StatusOr<std::optional<DueReceipt>> Hand(const OpenedBulletin& opened,
                                                 const KeptEntry& kept);

  const std::string lock_path_;
  const ClientParts parts_;
  InboxShelf& shelf_;
  const InboxHandler& handler_;
  const std::function<void()> handed_;
  // Each is forgotten as a whole when nothing of its kind is left to note: another process may have
  // noted some of it.
  UnnotedHandings unnoted_;  // of the inbox, in their first turn
  UnnotedHandings opened_;   // when they had opened
  UnnotedHandings carried_;  // the same of what was carried
  UnnotedHandings carried_opened_;
  uint64_t passed_ = 0;   // the last of the inbox that this walk could not note
  absl::Status no_room_;  // what kept it from that
  Round round_;
  AskingPauses pauses_;  // by number
  Round carried_round_;
  AskingPauses carried_pauses_;  // by place
};

}  // namespace shield
