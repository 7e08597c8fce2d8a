// Reads what is stored: lists entries and opens them, each time under the policy of that moment.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "client/client_parts.h"
#include "client/receive/inbox_item.h"
#include "client/receive/judge_entry.h"
#include "client/receive/known_signer.h"
#include "client/receive/unproven_endings.h"
#include "client/receive/verify_entry.h"

namespace shield {

// Thread-safe as its parts are.
class InboxShelf {
 public:
  explicit InboxShelf(const ClientParts& parts) : parts_(parts) {}

  // Entries above `after`, then what was carried and has no entry. Offline: a payload that is not
  // here stays away, and the title with it. Sealed entries are read a few at a time.
  absl::StatusOr<std::vector<InboxItem>> List(uint64_t after);
  // Each of these with its content as `Open` has it, one at a time and in this order, but for what
  // another process takes away meanwhile. An error of `visitor` ends it; the others are those of
  // `Open`.
  using Visitor = std::function<absl::Status(const KeptEntry& kept, OpenedBulletin&& opened)>;
  absl::Status Visit(Fetching fetching, const Visitor& visitor);
  // Those this member has published. Offline.
  absl::StatusOr<std::vector<InboxItem>> Publications();
  // One entry as List has it.
  absl::StatusOr<InboxItem> Describe(const KeptEntry& kept);

  // NOT_FOUND when there is no such entry.
  absl::StatusOr<KeptEntry> Find(uint64_t seq);
  absl::StatusOr<KeptEntry> Find(const BulletinId& id);

  // The entry with its content, if it is live. Never an error for a refused entry: its item says
  // why. Fetches a payload that came without, and keeps it once it has been opened.
  // NOT_FOUND when another process has taken it back or set it aside meanwhile.
  absl::StatusOr<OpenedBulletin> Open(const KeptEntry& kept);
  // The same, for whoever wants content: DATA_LOSS with its rule for a refused entry,
  // FAILED_PRECONDITION, rule LOST_BY_BROKER, for one whose content the broker lost before the
  // authority named another log key,
  // PERMISSION_DENIED for one that policy does not let this member read now (EMBARGOED, EXPIRED,
  // WITHDRAWN, SUPERSEDED, AFFILIATION_CHANGED, …).
  absl::StatusOr<OpenedBulletin> OpenReadable(const KeptEntry& kept);

  // The envelope of a stored entry, verified again.
  absl::StatusOr<VerifiedEntry> Verify(const KeptEntry& kept);

  // Judges again what was closed for now, kMaxJudgedAgain at most: of more, each time those from
  // another one on, by the clock. What no key of the newest directory signed cannot hold under it,
  // and takes nobody's turn. An ending that holds by now takes effect.
  static constexpr uint64_t kMaxJudgedAgain = 256;
  absl::Status JudgeClosedEntries();

 private:
  // What every entry of one call is read by.
  struct Desk {
    std::shared_ptr<const VerifiedDirectory> directory;
    uint64_t acknowledged = 0;
    std::optional<UnprovenEndings> endings = {};  // once something that is live has been asked for
  };
  absl::StatusOr<Desk> MakeDesk();
  absl::Status VisitFrom(uint64_t after, Fetching fetching, const Visitor& visitor);
  absl::Status VisitOne(Desk& desk, const KeptEntry& kept, Fetching fetching,
                        const Visitor& visitor);
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> DirectoryFor(const Desk& desk,
                                                                        const KeptEntry& kept);
  absl::StatusOr<VerifiedEntry> VerifyAt(const Desk& desk, const KeptEntry& kept);
  absl::StatusOr<std::vector<ClosedPlace>> FindClosed(const Directory& newest);
  absl::Status JudgeClosed(const Desk& desk, const ClosedPlace& place);
  absl::Status JudgeAgain(const Desk& desk, Fetching fetching, KeptEntry& kept);
  absl::StatusOr<InboxItem> ItemOf(Desk& desk, const KeptEntry& kept);
  absl::StatusOr<OpenedBulletin> OpenAt(Desk& desk, KeptEntry kept, Fetching fetching);
  // Why the broker gives no payload: the state of `item`, or the fault that closes it.
  absl::Status Withheld(const absl::Status& refusal, const KeptEntry& kept, InboxItem& item);
  absl::Status ReadContent(const Desk& desk, const KeptEntry& kept, Fetching fetching,
                           OpenedBulletin& opened);

  const ClientParts parts_;
};

// The state of an entry that has ended for good; nothing for one that has not.
std::optional<InboxState> EndedState(DeliveryState state);

}  // namespace shield
