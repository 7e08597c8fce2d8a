// Everything that is asked of an inbox entry before it counts, and what follows from it.
//
//   1 its log index is higher than that of every entry before it
//   2 no entry before it brought the same statement
//   3 the checks of client/receive/verify_entry.h
//   4 nothing that is here already ended it; a withdrawal takes back what its author may take back
//   5 it opens, if its payload is here or may be fetched (the plaintext is dropped)
//
// What was carried in a folder has no place in the inbox and passes 1 and 2.
//
// What can never hold later refuses the entry for good. What may (policy, standing, a clock, a
// proof or a directory that is not here yet) closes it for now: it is judged again whenever it is
// read, until everything holds once.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/client_parts.h"
#include "client/receive/verify_entry.h"
#include "client/state/state.h"
#include "policy/proof/verified_directory.h"

namespace shield {

// Whether the broker may be asked for a payload that is not here.
enum class Fetching { kNever, kAllowed };

// The conclusion goes into `kept` (finding, fault, what stays with a held entry; an entry that has
// ended loses slot and payload and gets the state that is proven), the effects are returned; the
// caller stores both. Faults beyond those of VerifyEntry and OpenContent:
//   INBOX_REORDER   the log index is not higher than those before: an old entry, or out of order
//   DIRECTORY_FORK  its author names another text of a directory version than this home has seen;
//                   both are kept as an alarm
//   DUPLICATE       an entry before it has the same statement: a replay
//   LIMIT_EXCEEDED  the payload is larger than content may be
// An error says nothing about the entry: broker or state could not be asked.
absl::StatusOr<EntryEffects> JudgeEntry(const ClientParts& parts,
                                        const VerifiedDirectory& directory, Fetching fetching,
                                        KeptEntry& kept);

// Keeps both texts of what JudgeEntry has refused as BULLETIN_FORK: of the entry or, of a share, of
// its original. Call it before the entry is stored.
absl::Status RecordBulletinFork(ClientState& state, const KeptEntry& kept);

// Whether a failed check can never hold later.
bool IsForGood(const absl::Status& fault);

}  // namespace shield
