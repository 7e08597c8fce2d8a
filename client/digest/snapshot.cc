#include "client/digest/snapshot.h"

#include <algorithm>
#include <utility>

#include "crypto/age_recipient.h"
#include "policy/audience.h"
#include "policy/proof/recipient_set.h"
#include "policy/seal_key.h"

namespace shield {
namespace {

std::optional<Recipient> RecipientOf(const Directory& directory, const SentSlot& slot,
                                     absl::Time issued) {
  const KeyRecord* record = directory.ActiveKey(slot.member, KeyUse::kSeal, issued);
  if (record == nullptr) return std::nullopt;
  absl::StatusOr<X25519PublicKey> key = ParseAgeRecipient(record->value);
  if (!key.ok()) return std::nullopt;
  return Recipient{*std::move(key), slot.slot_digest};
}

bool IsTheSet(const Directory& directory, const Statement& statement, const SentList& list) {
  if (list.size() != statement.recipients) return false;
  std::vector<Recipient> recipients;
  recipients.reserve(list.size());
  for (const SentSlot& slot : list) {
    const std::optional<Recipient> recipient = RecipientOf(directory, slot, statement.issued);
    if (!recipient.has_value()) return false;
    recipients.push_back(*recipient);
  }
  std::sort(recipients.begin(), recipients.end(),
            [](const Recipient& a, const Recipient& b) { return a.key < b.key; });
  const absl::StatusOr<RecipientSet> set = RecipientSet::Create(std::move(recipients));
  return set.ok() && set->CheckNamedBy(statement).ok();
}

}  // namespace

std::optional<std::vector<MemberId>> FindSentTo(const Directory& directory,
                                                const Statement& statement,
                                                std::span<const SentList> lists) {
  const auto found = std::find_if(lists.begin(), lists.end(), [&](const SentList& list) {
    return IsTheSet(directory, statement, list);
  });
  if (found == lists.end()) return std::nullopt;
  std::vector<MemberId> members;
  members.reserve(found->size());
  for (const SentSlot& slot : *found) members.push_back(slot.member);
  std::sort(members.begin(), members.end());
  return members;
}

std::optional<std::vector<MemberId>> SentUnder(const Directory& directory,
                                               const Digest& note_digest,
                                               const Statement& statement, const Terms& terms) {
  if (statement.bulletin_class != BulletinClass::kContent || !directory.complete() ||
      statement.directory_version != directory.version() ||
      statement.directory_digest != note_digest || terms.targets.hidden) {
    return std::nullopt;
  }
  const absl::StatusOr<Recipients> resolved = ResolveRecipients(directory, terms, statement.issued);
  if (!resolved.ok()) return std::nullopt;
  std::vector<MemberId> members;
  members.reserve(resolved->recipients.size());
  for (const Chosen& chosen : resolved->recipients) {
    if (CanBeSealedTo(directory, chosen.member, statement.issued)) members.push_back(chosen.member);
  }
  if (members.size() != statement.recipients) return std::nullopt;
  std::sort(members.begin(), members.end());
  return members;
}

}  // namespace shield
