// Receipts in the broker in memory: which are kept, and who may see them (docs/spec/receipt.md).
#include <algorithm>
#include <optional>
#include <utility>

#include "base/status.h"
#include "client/mock/memory_broker.h"
#include "client/mock/memory_connection.h"
#include "client/mock/no_such_bulletin.h"
#include "client/receive/openings.h"
#include "crypto/note.h"
#include "policy/decide.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/receipt.h"
#include "policy/recipient_list.h"

namespace shield {
namespace {

absl::Status Refused(absl::string_view rule) {
  return WithRule(absl::InvalidArgumentError("receipt refused"), rule);
}

}  // namespace

// Kept when it was not there yet.
absl::Status MemoryBroker::CheckReceipt(const MemberId& caller, const std::string& note) {
  const absl::Time now = clock_.Now();
  ASSIGN_OR_RETURN(const VerifiedReceipt verified, VerifyReceipt(note, directory_->directory()));
  const Receipt& receipt = verified.receipt();
  if (receipt.member != caller) return Refused("RECEIPT_MALFORMED");
  if (!verified.key_period().Contains(now)) return Refused("BAD_SIGNATURE");
  const auto found = bulletins_.find(receipt.bulletin);
  if (found == bulletins_.end()) return Refused("NO_SUCH_BULLETIN");
  Bulletin& bulletin = found->second;
  const bool holds =
      std::find(bulletin.readers.begin(), bulletin.readers.end(), caller) != bulletin.readers.end();
  if (!holds || bulletin.text_digest != receipt.statement_digest) {
    return Refused("NO_SUCH_BULLETIN");
  }
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(bulletin.statement));
  RETURN_IF_ERROR(CheckReceiptTime(receipt.time, statement.issued, now));
  if (bulletin.receipts.try_emplace({caller, receipt.state}, note).second) {
    AppendLog(LogEntry(LogKind::kReceipt, verified.text_digest()));
  }
  return absl::OkStatus();
}

absl::Status MemoryBroker::CheckMayKnowHolders(const MemberId& caller, const Bulletin& bulletin) {
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(bulletin.statement));
  ASSIGN_OR_RETURN(const Terms terms, TermsOfOriginal(bulletin, statement));
  const Decision decision =
      DecideRecipientList(directory_->directory(), terms, caller, clock_.Now());
  if (!decision.allowed) return NoSuchBulletin();
  const Reference* target = statement.Find(Relation::kWithdraws);
  if (target == nullptr) return absl::OkStatus();
  return CheckMayKnowHolders(caller, bulletins_.at(target->id));
}

absl::Status MemoryBroker::CheckMayWithdraw(const MemberId& caller, const Bulletin& bulletin) {
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(bulletin.statement));
  ASSIGN_OR_RETURN(Terms terms, TermsOfOriginal(bulletin, statement));
  terms.state = BulletinState::kLive;
  const RelationRequest request{Relation::kWithdraws, caller, statement.tlp};
  const Decision decision = DecideRelation(directory_->directory(), terms, request, clock_.Now());
  return decision.allowed ? absl::OkStatus() : NoSuchBulletin();
}

absl::StatusOr<std::vector<std::string>> MemoryConnection::AddReceipts(
    const std::vector<std::string>& notes, absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckCaller(member_));
  if (notes.size() > kMaxReceiptsInCall) {
    return WithRule(absl::InvalidArgumentError("there are too many receipts"), "LIMIT_EXCEEDED");
  }
  if (notes.empty()) {
    return WithRule(absl::InvalidArgumentError("there is no receipt"), "REQUEST_MALFORMED");
  }
  std::vector<std::string> rules;
  rules.reserve(notes.size());
  for (const std::string& note : notes) {
    rules.push_back(RuleOf(broker_.CheckReceipt(member_, note)));
  }
  return rules;
}

absl::StatusOr<std::vector<ReaderStatus>> MemoryConnection::GetStatus(const BulletinId& id,
                                                                      absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckCaller(member_));
  const auto found = broker_.bulletins_.find(id);
  if (found == broker_.bulletins_.end()) return NoSuchBulletin();
  RETURN_IF_ERROR(broker_.CheckMayKnowHolders(member_, found->second));
  std::vector<ReaderStatus> readers;
  broker_.AddReaders(found->second, std::nullopt, readers);
  for (const BulletinId& share : broker_.SharesOf(id)) {
    const MemoryBroker::Bulletin& passed_on = broker_.bulletins_.at(share);
    broker_.AddReaders(passed_on, passed_on.author, readers);
  }
  return readers;
}

absl::StatusOr<std::string> MemoryConnection::GetStatement(const BulletinId& id, absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckCaller(member_));
  const auto found = broker_.bulletins_.find(id);
  if (found == broker_.bulletins_.end()) return NoSuchBulletin();
  RETURN_IF_ERROR(broker_.CheckMayWithdraw(member_, found->second));
  return found->second.statement;
}

}  // namespace shield
