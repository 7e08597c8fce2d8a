// The board of one bulletin: who has it, who has opened and acknowledged it, who has not.
//
//   ASSIGN_OR_RETURN(StatusBoard board, client.Board(id));
//   for (const BoardReader& reader : board.readers) …
//   RETURN_IF_ERROR(board.Fault());          // a receipt was not what its member signed
//
// Nothing on it is the broker's word but which of the readers there are: each state is what a
// receipt says that its member signed. A receipt that the broker drops leaves its reader pending,
// one that it forges, or shows for another bulletin or reader, is refused, and the reader is shown
// without it. Specification: docs/spec/receipt.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "policy/labels.h"

namespace shield {

enum class ReaderState {
  kPending,  // nothing was signed
  kDelivered,
  kOpened,
  kAcknowledged,
  kOverdue,  // the time to acknowledge has passed
  kTold,     // it holds no slot: it was told that what it held has ended
};
// "pending", "delivered", "opened", "acknowledged", "overdue", "told".
absl::string_view PrintReaderState(ReaderState state);

// A person, once, whatever it holds: the bulletin, shares of it, or both. Of all that it signed
// about any of them the earliest moment of each kind counts. One that was refused is a row of its
// own.
struct BoardReader {
  MemberId member;
  OrgId org;
  ReaderState state = ReaderState::kPending;
  // Whether the source waits for it: not for itself, its own analysts and its service seats, who
  // are sent everything it publishes.
  bool awaited = true;
  std::optional<absl::Time> delivered = {};
  std::optional<absl::Time> opened = {};
  std::optional<absl::Time> acknowledged = {};
  bool late = false;  // acknowledged after the time that was asked for
  // Of one that was told, by the broker's word: it has taken everything up to that entry.
  bool passed = false;
  // Who passed it on to it, in the order of the board: by a share, or by several.
  std::vector<MemberId> sharers = {};
  std::optional<MemberId> shared_by = {};  // the first of them, of one that has it by no other way
  // A receipt of its own says that it has the bulletin itself, and not only a share of it.
  bool signed_for = false;
  std::string fault = {};  // rule by which it, or a receipt shown for it, was refused
};

// Of those that are awaited; each is counted once.
struct BoardCounts {
  uint64_t awaited = 0;
  uint64_t pending = 0;
  uint64_t delivered = 0;
  uint64_t opened = 0;
  uint64_t acknowledged = 0;
  uint64_t overdue = 0;
};

struct StatusBoard {
  BulletinId id;
  Tlp tlp = Tlp::kUnspecified;
  std::optional<absl::Time> acknowledge_by = {};
  std::vector<BoardReader> readers = {};  // as the broker lists them
  // Recipients by the signed statement that the broker does not list: they left the network long
  // ago, or it keeps them back. They count as pending. The home of the author knows them by name;
  // another counts as listed whoever is waited for, or has signed anything.
  uint64_t unlisted = 0;
  BoardCounts counts = {};

  // Everybody who is awaited has acknowledged.
  bool Complete() const { return counts.acknowledged == counts.awaited; }
  // OK, or the first fault that is a forgery (board_rules.h): DATA_LOSS and its rule, as
  // BAD_SIGNATURE, RECEIPT_MISMATCH, RECEIPT_MALFORMED, READER_LISTED_TWICE; READER_UNKNOWN for one
  // whom the author's home did not seal it to. What is only not counted is none.
  absl::Status Fault() const;
};

}  // namespace shield
