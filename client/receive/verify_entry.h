// The checks on an inbox entry, in the order of docs/spec/sealing.md section 7. The first that
// fails names the fault; none is skipped because a later one might hold.
//
//   1 the directory the statement names is not newer than the one held
//   2 the author's signature, by a key that is the author's now, or was when this home first
//     checked it; the network
//   3 this author key and id: unseen, or seen with the same text
//   4 the window and the policy: may this member have it
//   5 this member's key with this slot is in the signed recipient set
//   6 a tombstone is proven by expiry or by the statement that ended the bulletin
// A notice, which has no slot and only tells that another bulletin ended, passes 1 to 3; its author
// must have a seat that ends others. A newer version is a notice to those whom it is not for; that
// is judged only while the directory it names is the newest here, because a later one may have made
// a reader of who was none. A notice is live until it is proven to have ended.
// Opening comes after (client/receive/open_content.h).
//
// A replay and an entry out of its place show by what is stored (client/receive/judge_entry.h).
//
// Pure but for `seen`: the same arguments give the same verdict. No I/O, no clock.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "client/connection.h"
#include "client/receive/inbox_item.h"
#include "crypto/age_recipient.h"
#include "policy/proof/known_notes.h"
#include "policy/proof/verified_directory.h"
#include "policy/proof/verified_statement.h"
#include "policy/terms.h"

namespace shield {

// The digest of the text that this author key has signed under this id, as first seen.
using SeenLookup = std::function<absl::StatusOr<std::optional<Digest>>(absl::string_view author_key,
                                                                       const BulletinId& id)>;

// How far the clocks of author, broker and reader may be apart.
inline constexpr absl::Duration kMaxReaderSkew = absl::Minutes(2);

// The moment at which a statement is judged: `now`, or its `issued` when that lies ahead by no more
// than kMaxReaderSkew. A reader whose clock is a little behind neither takes a new bulletin for an
// embargoed one nor a new key for one that is not valid yet.
absl::Time ReadingTime(const Statement& statement, absl::Time now);

// Who checks, against what, when. Borrows what it names.
struct ReaderView {
  const VerifiedDirectory& directory;
  const MemberId& member;
  std::span<const X25519PublicKey> seal_keys;  // the member's own, newest first
  SeenLookup seen;
  absl::Time now;
  // kProvenAtPublish for an entry this home has received and checked before: then neither its
  // author's account nor its author's key is asked for again.
  AuthorStanding author_standing = AuthorStanding::kCheckNow;
  // Where reader and author belonged when everything held; nothing: where the directory has them.
  // A person is named as one of an organisation, and a bulletin stays its source's; a share, its
  // original's.
  std::optional<OrgId> own_org = {};
  std::optional<OrgId> source = {};
  KnownNotes* known = nullptr;  // whose signatures need not be verified again
};

// `note`, signed by its author: by a key that is the author's now, taken through ReadingTime and
// KeyTime; what has been checked before, by the key it names. Errors are those of
// VerifyStatement.
absl::StatusOr<VerifiedStatement> VerifyAuthor(absl::string_view note, const ReaderView& view);

struct VerifiedEntry {
  VerifiedStatement statement;
  InboxState state = InboxState::kLive;  // live, embargoed, expired, withdrawn or superseded
  std::optional<size_t> own_key;         // index into seal_keys; nothing on a notice
  std::vector<std::string> marks = {};   // UNTRUSTED_SOURCE: a report of a suspended member
  std::optional<VerifiedStatement> original = {};  // of a share: what it passes on

  // What the sealed content belongs to: of a share, its original.
  const VerifiedStatement& Source() const { return original.has_value() ? *original : statement; }
};

// Faults, by rule:
//   FAILED_PRECONDITION DIRECTORY_BEHIND   the statement names a newer directory: fetch it first
//   DATA_LOSS BAD_SIGNATURE, INVALID_ARGUMENT STATEMENT_MALFORMED, NETWORK_MISMATCH, …
//   PERMISSION_DENIED PUBLISHER_KEY_REVOKED
//   DATA_LOSS BULLETIN_FORK                another text of an id seen before; of a share, also of
//                                          its original's
//   PERMISSION_DENIED and a policy rule    the policy does not let this member have it
//   DATA_LOSS SLOT_MALFORMED               a slot is missing, is not the one of the chain, or is
//                                          none where the newer version is for this member
//   DATA_LOSS RECIPIENT_SET_MISMATCH       the author did not seal this slot to this member
//   DATA_LOSS TOMBSTONE_UNPROVEN           the broker says it ended, nothing signed does
//   DATA_LOSS PUBLISHER_NOT_AUTHORISED     a withdrawal by a seat that may send none
//   DATA_LOSS REFERENCE_MISMATCH           a share that is not of the original beside it
absl::StatusOr<VerifiedEntry> VerifyEntry(const DeliveredEntry& entry, const ReaderView& view);

}  // namespace shield
