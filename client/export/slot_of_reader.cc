#include "client/export/slot_of_reader.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/publish/explain.h"
#include "client/receive/openings.h"
#include "crypto/sha256.h"
#include "crypto/slot.h"
#include "policy/decision.h"
#include "policy/proof/hidden_audience.h"
#include "policy/proof/recipient_set.h"

namespace shield {
namespace {

constexpr size_t kKeySize = 32;

absl::Status Refused(Rule rule, std::string sentence) {
  return RefusalOf({.allowed = false, .rule = rule, .sentence = std::move(sentence)});
}

absl::StatusOr<Publication> FindOwn(const ClientParts& parts, const BulletinId& id) {
  ASSIGN_OR_RETURN(std::optional<Publication> own, parts.state.FindPublication(id));
  if (!own.has_value()) {
    return Refused(Rule::kNotSource,
                   "a folder for another reader is made in the home that sealed "
                   "the bulletin to it");
  }
  if (!own->slots.empty()) return *std::move(own);
  return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                               "the slots of bulletin `", id.ToHex(),
                               "` are not kept: it has more than ", kMaxKeptSlots, " readers")),
                           "SLOTS_NOT_KEPT"),
                  "the reader takes it from the broker");
}

// Where the reader's key stands among those it was sealed to; any key it has or had.
std::optional<size_t> IndexOf(const RecipientSet& set, const Directory& directory,
                              const MemberId& reader) {
  for (const KeyRecord& key : directory.KeysOf(reader)) {
    if (key.use != KeyUse::kSeal) continue;
    const absl::StatusOr<X25519PublicKey> parsed = ParseAgeRecipient(key.value);
    if (!parsed.ok()) continue;
    if (const std::optional<uint64_t> index = set.IndexOf(*parsed)) return *index;
  }
  return std::nullopt;
}

absl::StatusOr<RecipientSet> SetOf(const Publication& own) {
  const size_t count = own.slots.size() / kSlotSize;
  if (own.slots.size() != count * kSlotSize || own.seal_keys.size() != count * kKeySize ||
      own.orgs.size() != count) {
    return absl::DataLossError("local state: slots and keys of a publication do not match");
  }
  std::vector<Recipient> recipients;
  recipients.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    Recipient recipient{{}, Sha256(ByteSpan(own.slots).subspan(i * kSlotSize, kSlotSize))};
    std::copy_n(own.seal_keys.begin() + static_cast<std::ptrdiff_t>(i * kKeySize), kKeySize,
                recipient.key.bytes.begin());
    recipients.push_back(recipient);
  }
  return RecipientSet::Create(std::move(recipients));
}

}  // namespace

absl::StatusOr<ExportedSlot> SlotOfReader(const ClientParts& parts, const VerifiedEntry& verified,
                                          const MemberId& reader) {
  const BulletinId& id = verified.statement.statement().id;
  ASSIGN_OR_RETURN(const Publication own, FindOwn(parts, id));
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Newest());
  ASSIGN_OR_RETURN(const RecipientSet set, SetOf(own));
  const std::optional<size_t> index = IndexOf(set, directory->directory(), reader);
  const MemberRecord* member = directory->directory().FindMember(reader);
  if (member == nullptr || !index.has_value()) {
    return Refused(Rule::kNotInSnapshot, absl::StrCat("bulletin `", id.ToHex(),
                                                      "` was not sealed to `", reader.text(), "`"));
  }
  ASSIGN_OR_RETURN(const Decision decision,
                   ExplainHeld(parts, id, reader, *directory, parts.clock.Now(), own.orgs[*index]));
  if (!decision.allowed) return RefusalOf(decision);
  ASSIGN_OR_RETURN(const std::vector<Opening> openings, ReadOpenings(own.openings));
  ExportedSlot slot{{reader, set.recipients()[*index], *index, set.InclusionPath(*index), {}}, {}};
  slot.place.openings = WriteOpenings(OpeningsFor(openings, reader, member->org));
  slot.slot = ToBytes(ByteSpan(own.slots).subspan(*index * kSlotSize, kSlotSize));
  return slot;
}

}  // namespace shield
