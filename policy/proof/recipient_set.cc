#include "policy/proof/recipient_set.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield {
namespace {

constexpr absl::string_view kRule = "RECIPIENT_SET_MISMATCH";

std::vector<Digest> LeafHashes(std::span<const Recipient> recipients) {
  std::vector<Digest> hashes;
  hashes.reserve(recipients.size());
  for (const Recipient& recipient : recipients) hashes.push_back(RecipientLeafHash(recipient));
  return hashes;
}

absl::Status Refused(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("recipient set refused: ", why)), kRule);
}

}  // namespace

Digest RecipientLeafHash(const Recipient& recipient) {
  std::array<uint8_t, 64> entry;
  std::copy(recipient.key.bytes.begin(), recipient.key.bytes.end(), entry.begin());
  std::copy(recipient.slot_digest.bytes.begin(), recipient.slot_digest.bytes.end(),
            entry.begin() + 32);
  return LeafHash(entry);
}

RecipientSet::RecipientSet(std::vector<Recipient> recipients)
    : recipients_(std::move(recipients)), tree_(LeafHashes(recipients_)) {}

absl::StatusOr<RecipientSet> RecipientSet::Create(std::vector<Recipient> ascending) {
  if (ascending.size() > kMaxRecipients) {
    return Refused(absl::StrCat("more than ", kMaxRecipients, " recipients"));
  }
  const auto not_ascending =
      std::adjacent_find(ascending.begin(), ascending.end(),
                         [](const Recipient& a, const Recipient& b) { return !(a.key < b.key); });
  if (not_ascending != ascending.end()) {
    return Refused("its keys do not ascend strictly");
  }
  return RecipientSet(std::move(ascending));
}

std::optional<uint64_t> RecipientSet::IndexOf(const X25519PublicKey& key) const {
  const auto found =
      std::lower_bound(recipients_.begin(), recipients_.end(), key,
                       [](const Recipient& recipient, const X25519PublicKey& wanted) {
                         return recipient.key < wanted;
                       });
  if (found == recipients_.end() || found->key != key) return std::nullopt;
  return static_cast<uint64_t>(found - recipients_.begin());
}

absl::Status RecipientSet::CheckNamedBy(const Statement& statement) const {
  if (statement.recipients != size()) {
    return Refused(
        absl::StrCat("the statement says ", statement.recipients, " and there are ", size()));
  }
  if (statement.recipients_root != Root()) {
    return Refused("keys and slots do not lead to the root in the statement");
  }
  return absl::OkStatus();
}

absl::Status VerifyRecipient(const Recipient& recipient, uint64_t index,
                             std::span<const Digest> path, const Statement& statement) {
  const absl::Status included = VerifyInclusion(
      RecipientLeafHash(recipient), index, statement.recipients, path, statement.recipients_root);
  return WithRule(Annotate(included, "this key with this slot is not shown to be a recipient"),
                  kRule);
}

}  // namespace shield
