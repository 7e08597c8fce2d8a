// Whom a bulletin is sealed to, as one root in its statement.
//
//   leaf = SHA-256(00 || X25519 public key || SHA-256(slot))      strictly ascending by public key
//
// The author signs count and root, so a broker can neither add a reader nor take one out nor swap a
// slot: every reader checks that its own key with the slot it got is in the tree
// (docs/spec/statement.md, "Recipient set").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/digest.h"
#include "crypto/age_recipient.h"
#include "crypto/merkle.h"
#include "policy/statement.h"

namespace shield {

struct Recipient {
  X25519PublicKey key;
  Digest slot_digest;  // SHA-256 of its slot

  friend bool operator==(const Recipient&, const Recipient&) = default;
};

Digest RecipientLeafHash(const Recipient& recipient);

// Immutable. About 130 bytes a recipient.
class RecipientSet {
 public:
  // INVALID_ARGUMENT, rule RECIPIENT_SET_MISMATCH, unless the keys ascend strictly and are at most
  // kMaxRecipients.
  static absl::StatusOr<RecipientSet> Create(std::vector<Recipient> ascending);

  uint64_t size() const { return recipients_.size(); }
  const MerkleTree& tree() const { return tree_; }
  Digest Root() const { return tree_.Root(); }
  std::span<const Recipient> recipients() const { return recipients_; }

  // Where `key` stands, if it does. Binary search.
  std::optional<uint64_t> IndexOf(const X25519PublicKey& key) const;
  // `index` below size().
  std::vector<Digest> InclusionPath(uint64_t index) const { return tree_.InclusionPath(index); }

  // OK when `statement` names this set. INVALID_ARGUMENT, rule RECIPIENT_SET_MISMATCH, otherwise.
  absl::Status CheckNamedBy(const Statement& statement) const;

 private:
  explicit RecipientSet(std::vector<Recipient> recipients);

  std::vector<Recipient> recipients_;
  MerkleTree tree_;
};

// OK when `recipient` is at `index` of the set that `statement` names. DATA_LOSS, rule
// RECIPIENT_SET_MISMATCH, otherwise.
absl::Status VerifyRecipient(const Recipient& recipient, uint64_t index,
                             std::span<const Digest> path, const Statement& statement);

}  // namespace shield
