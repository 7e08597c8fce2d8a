// The hash chain of a member's inbox, and the heads the broker signs.
//
//   h_0 = SHA-256("shield/v1/inbox" || 00 || member id)
//   h_n = SHA-256("shield/v1/inbox-link" || 00 || h_{n-1} || u64be n || u64be log index ||
//                 SHA-256(statement text) || SHA-256(slot))
//
// An entry without a slot has SHA-256 of nothing there. A member keeps (n, h_n): a smaller n, or
// another h for the same n, shows a broker that drops, reorders or rolls back
// (docs/spec/delivery.md).
//
//   InboxChain chain(member);
//   chain.Extend({log_index, statement_digest, slot_digest});
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "crypto/signing_key.h"
#include "crypto/verifier_key.h"
#include "policy/origin.h"

namespace shield {

// Where an inbox stands: the number of its last entry, 0 for none, and the chain hash there.
struct InboxPosition {
  uint64_t seq = 0;
  Digest hash = {};

  friend bool operator==(const InboxPosition&, const InboxPosition&) = default;
};

// What the chain binds of an entry, besides its number.
struct InboxLink {
  uint64_t log_index = 0;
  Digest statement_digest;  // SHA-256 of the statement's text
  Digest slot_digest;       // SHA-256 of the slot, or of nothing
};

Digest InboxGenesis(const MemberId& member);
Digest InboxNext(const Digest& previous, uint64_t seq, const InboxLink& link);

// The positions of one inbox, one after the other. Thread-compatible.
class InboxChain {
 public:
  explicit InboxChain(const MemberId& member) : position_{0, InboxGenesis(member)} {}
  explicit InboxChain(const InboxPosition& position) : position_(position) {}

  const InboxPosition& position() const { return position_; }
  // Moves on by one entry and returns where the inbox then stands.
  InboxPosition Extend(const InboxLink& link);

 private:
  InboxPosition position_;
};

// What the broker signs about an inbox:
//
//   shield/inbox/v1
//   network <origin>
//   member <id>
//   size <n>
//   head <base64 h_n>
//   log <size of the log>
//   time <s>
struct InboxHead {
  Origin network;
  MemberId member;
  InboxPosition position = {};
  uint64_t log_size = 0;
  absl::Time time = absl::UnixEpoch();

  friend bool operator==(const InboxHead&, const InboxHead&) = default;
};

std::string PrintInboxHead(const InboxHead& head);
// INVALID_ARGUMENT, rule INBOX_HEAD_MALFORMED, naming the line.
absl::StatusOr<InboxHead> ParseInboxHead(absl::string_view text);

// The signed note, by the key named <network>/broker.
std::string SignInboxHead(const InboxHead& head, const SigningKey& broker_key);

// The head of a note that `broker_key` signed for this member. DATA_LOSS, rule BAD_SIGNATURE, when
// it did not; INVALID_ARGUMENT when it is out of form or another member's.
absl::StatusOr<InboxHead> VerifyInboxHead(absl::string_view note, const VerifierKey& broker_key,
                                          const MemberId& member);

// OK when `now` may follow `before` of the same inbox. DATA_LOSS, rule ROLLBACK: fewer entries, or
// another hash for as many.
absl::Status CheckInboxAdvance(const InboxPosition& before, const InboxPosition& now);

}  // namespace shield
