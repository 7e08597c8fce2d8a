// Receipts: what a member signs about a bulletin it was sent.
//
//   shield/receipt/v1
//   network <origin>
//   member <id>
//   bulletin <32 lowercase hex>
//   statement <base64 SHA-256 of the statement's text>
//   state delivered|opened|acknowledged
//   time <unix s>
//
// signed by one of the member's sign keys. Member and statement name one entry of one inbox, for
// nobody holds a bulletin twice. Its number and chain hash do not stand here: they would tell the
// source how much else the member is sent. Specification: docs/spec/receipt.md.
//
//   ASSIGN_OR_RETURN(VerifiedReceipt receipt, VerifyReceipt(note, directory));
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "crypto/signing_key.h"
#include "policy/directory.h"
#include "policy/origin.h"
#include "policy/period.h"

namespace shield {

// Of a whole note, signature included.
inline constexpr size_t kMaxReceiptBytes = 1024;
// How far the clocks of member, broker and source may be apart.
inline constexpr absl::Duration kMaxReceiptSkew = absl::Seconds(120);

// Each says more than the one before it. The values are those of the broker's store.
enum class ReceiptState : uint8_t {
  kUnspecified = 0,
  kDelivered,     // it came, and every check held
  kOpened,        // its content was shown to somebody
  kAcknowledged,  // somebody said so
};
inline constexpr size_t kReceiptStates = 3;

// "delivered", "opened", "acknowledged"; empty for kUnspecified.
absl::string_view PrintReceiptState(ReceiptState state);
// Nothing for any other word.
std::optional<ReceiptState> ParseReceiptState(absl::string_view text);

struct Receipt {
  Origin network;
  MemberId member;
  BulletinId bulletin;
  Digest statement_digest = {};  // SHA-256 of the statement's text
  ReceiptState state = ReceiptState::kUnspecified;
  absl::Time time = absl::UnixEpoch();  // when it came, was shown, was acknowledged; whole seconds

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

std::string PrintReceipt(const Receipt& receipt);
// INVALID_ARGUMENT, rule RECEIPT_MALFORMED, naming the line.
absl::StatusOr<Receipt> ParseReceipt(absl::string_view text);

// The signed note, by the key named <network>/<member>.
std::string SignReceipt(const Receipt& receipt, const SigningKey& key);

// A receipt that its member signed. Immutable; made by VerifyReceipt only. Copyable.
class VerifiedReceipt {
 public:
  const Receipt& receipt() const { return receipt_; }
  // When the directory lets the key that signed it sign.
  const Period& key_period() const { return key_period_; }
  // SHA-256 of what was signed.
  const Digest& text_digest() const { return text_digest_; }

 private:
  friend absl::StatusOr<VerifiedReceipt> VerifyReceipt(absl::string_view, const Directory&);
  VerifiedReceipt(Receipt receipt, const Period& key_period, const Digest& text_digest)
      : receipt_(std::move(receipt)), key_period_(key_period), text_digest_(text_digest) {}

  Receipt receipt_;
  Period key_period_;
  Digest text_digest_;
};

// What a note says it is, before anybody has looked at who signed it.
//   INVALID_ARGUMENT RECEIPT_MALFORMED   no note with exactly one signature, or a text out of form
//   INVALID_ARGUMENT NETWORK_MISMATCH    not of `network`
absl::StatusOr<Receipt> ReadClaimedReceipt(absl::string_view note, const Origin& network);

// The receipt of a note with exactly one signature, by a key that the directory gives its member
// for signing and that had not ended at the receipt's own time. A key that begins later will do: a
// receipt is signed when it is sent. Errors:
//   INVALID_ARGUMENT RECEIPT_MALFORMED   no note, or a text out of form
//   INVALID_ARGUMENT NETWORK_MISMATCH    another network's
//   DATA_LOSS BAD_SIGNATURE              no key that this directory gives the member signed it, or
//                                        one that had ended
absl::StatusOr<VerifiedReceipt> VerifyReceipt(absl::string_view note, const Directory& directory);

// OK when `time` is one at which a receipt for a bulletin issued at `issued` can have been made, as
// seen at `now`. INVALID_ARGUMENT, rule CLOCK_SKEW: before it was issued, or still to come, by more
// than kMaxReceiptSkew. A receipt may come long after its time: its member was without a network.
absl::Status CheckReceiptTime(absl::Time time, absl::Time issued, absl::Time now);

}  // namespace shield
