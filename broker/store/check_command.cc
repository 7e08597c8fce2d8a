#include "broker/store/check_command.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "broker/store/store_errors.h"

namespace shield::store {
namespace {

absl::Status AtMost(absl::string_view what, uint64_t value, uint64_t limit) {
  return value <= limit ? absl::OkStatus() : LimitExceeded(what, value, limit);
}

absl::Status LongEntry(const Bytes& entry) {
  return LimitExceeded("the log entry's length", entry.size(), kMaxLogEntryBytes);
}

absl::Status CheckDeliveries(const std::vector<Delivery>& deliveries) {
  if (deliveries.size() > kMaxDeliveries) {
    return LimitExceeded("the number of recipients", deliveries.size(), kMaxDeliveries);
  }
  absl::flat_hash_set<absl::string_view> seen;
  seen.reserve(deliveries.size());
  for (const Delivery& delivery : deliveries) {
    if (delivery.slot.size() > kMaxSlotBytes) {
      return LimitExceeded("a slot's length", delivery.slot.size(), kMaxSlotBytes);
    }
    if (!seen.insert(delivery.member.text()).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("member `", delivery.member.text(), "` is a recipient twice"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckPayload(const PublishCommand& command) {
  if (command.part_bytes.size() > kMaxParts) {
    return LimitExceeded("the number of parts", command.part_bytes.size(), kMaxParts);
  }
  for (uint64_t bytes : command.part_bytes) {
    if (bytes > kMaxPartBytes) return LimitExceeded("a part's length", bytes, kMaxPartBytes);
  }
  if (command.payload.size() > kChunkBytes) {
    return LimitExceeded("an inline payload's length", command.payload.size(), kChunkBytes);
  }
  const uint64_t stated = command.part_bytes.empty() ? 0 : command.part_bytes[0];
  if (!command.payload.empty() && command.payload.size() != stated) {
    return absl::InvalidArgumentError("the inline payload is not as long as part 0 is said to be");
  }
  return absl::OkStatus();
}

absl::Status CheckReferrals(const PublishCommand& command) {
  if (command.referrals.size() > kMaxReferrals) {
    return LimitExceeded("the number of referrals", command.referrals.size(), kMaxReferrals);
  }
  absl::flat_hash_set<BulletinId> seen = {command.id};
  for (const Referral& referral : command.referrals) {
    if (!seen.insert(referral.id).second) {
      return absl::InvalidArgumentError("a bulletin is referred to twice, or by itself");
    }
    if (referral.effect != Effect::kShares) continue;
    if (command.referrals.size() > 1 || command.upload.has_value() || !command.payload.empty()) {
      return absl::InvalidArgumentError(
          "a share refers to one bulletin and has no bytes of its own");
    }
  }
  return absl::OkStatus();
}

}  // namespace

const BulletinId* FindShared(const std::vector<Referral>& referrals) {
  for (const Referral& referral : referrals) {
    if (referral.effect == Effect::kShares) return &referral.id;
  }
  return nullptr;
}

bool EndsOthers(const std::vector<Referral>& referrals) {
  for (const Referral& referral : referrals) {
    if (Ends(referral.effect)) return true;
  }
  return false;
}

bool Permits(Effect effect, BulletinState state) {
  if (effect == Effect::kWithdraws) return state != BulletinState::kWithdrawn;
  return state == BulletinState::kLive;
}

absl::Status CheckCommand(const PublishCommand& command) {
  if (command.statement.size() > kMaxStatementBytes) {
    return LimitExceeded("the statement's length", command.statement.size(), kMaxStatementBytes);
  }
  if (command.named.size() > kMaxNamed) {
    return LimitExceeded("the number of recipients named in person", command.named.size(),
                         kMaxNamed);
  }
  if (command.log_entry.size() > kMaxLogEntryBytes) return LongEntry(command.log_entry);
  if (absl::Status status = CheckPayload(command); !status.ok()) return status;
  if (absl::Status status = CheckReferrals(command); !status.ok()) return status;
  return CheckDeliveries(command.deliveries);
}

absl::Status CheckCommand(const DirectoryCommand& command) {
  if (command.version <= command.expected_version) {
    return absl::InvalidArgumentError(absl::StrCat("directory version ", command.version,
                                                   " does not follow version ",
                                                   command.expected_version));
  }
  if (command.note.size() > kMaxDirectoryNoteBytes) {
    return LimitExceeded("the directory note's length", command.note.size(),
                         kMaxDirectoryNoteBytes);
  }
  if (command.fresh.size() > kMaxFreshBytes) {
    return LimitExceeded("the freshness note's length", command.fresh.size(), kMaxFreshBytes);
  }
  if (command.authority.size() > kMaxAuthorityBytes) {
    return LimitExceeded("the length of the authority's rotations", command.authority.size(),
                         kMaxAuthorityBytes);
  }
  if (command.log_entry.size() > kMaxLogEntryBytes) return LongEntry(command.log_entry);
  return AtMost("the number of directory lines", command.lines.size(), kMaxDirectoryLines);
}

absl::Status CheckCommand(const FreshCommand& command) {
  return AtMost("the freshness note's length", command.fresh.size(), kMaxFreshBytes);
}

absl::Status CheckCommand(const ReceiptsCommand& command) {
  if (command.receipts.size() > kMaxReceipts) {
    return LimitExceeded("the number of receipts", command.receipts.size(), kMaxReceipts);
  }
  for (const NewReceipt& receipt : command.receipts) {
    if (receipt.note.size() > kMaxReceiptBytes) {
      return LimitExceeded("a receipt's length", receipt.note.size(), kMaxReceiptBytes);
    }
    if (receipt.log_entry.size() > kMaxLogEntryBytes) return LongEntry(receipt.log_entry);
    if (receipt.state == 0 || receipt.state > kMaxReceiptState) {
      return absl::InvalidArgumentError("a receipt is in no state");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckChunk(uint32_t part, uint32_t chunk, ByteSpan bytes) {
  if (part >= kMaxParts) return LimitExceeded("the part", part, kMaxParts - 1);
  if (bytes.empty()) return absl::InvalidArgumentError("a chunk must not be empty");
  if (bytes.size() > kChunkBytes) {
    return LimitExceeded("a chunk's length", bytes.size(), kChunkBytes);
  }
  return AtMost("a part's length", uint64_t{chunk} * kChunkBytes + bytes.size(), kMaxPartBytes);
}

absl::Status CheckNextChunk(uint64_t staged, uint32_t chunk) {
  if (staged % kChunkBytes != 0) {
    return absl::InvalidArgumentError("a short chunk has already ended this part");
  }
  if (staged / kChunkBytes != chunk) {
    return absl::InvalidArgumentError(
        absl::StrCat("chunk ", chunk, " of a part that holds ", staged / kChunkBytes, " chunks"));
  }
  return absl::OkStatus();
}

absl::Status CheckParts(const PublishCommand& command, const std::vector<uint64_t>& staged) {
  for (size_t part = 0; part < kMaxParts; ++part) {
    uint64_t stated = part < command.part_bytes.size() ? command.part_bytes[part] : 0;
    if (part == 0 && !command.payload.empty()) stated = 0;  // travels in the command itself
    const uint64_t found = part < staged.size() ? staged[part] : 0;
    if (stated != found) {
      return absl::InvalidArgumentError(absl::StrCat("part ", part, " is said to hold ", stated,
                                                     " bytes, but ", found, " were staged"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckDuePlace(const DuePlace& place) {
  return AtMost("the number of rows to pass", place.rows, kMaxDueRowsPassed);
}

absl::Status CheckLogRange(uint64_t part, uint64_t whole, uint64_t log_size) {
  if (part <= whole && whole <= log_size) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("the log has ", log_size, " leaves; asked about ", part, " of ", whole));
}

absl::Status CheckLogNodes(uint32_t level, uint64_t first, uint32_t count, uint64_t log_size) {
  const uint64_t complete = level < 64 ? log_size >> level : 0;
  if (first <= complete && count <= complete - first) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat("level ", level, " of the log has ", complete,
                                            " nodes; asked for ", count, " from ", first, " on"));
}

}  // namespace shield::store
