#include "client/board/judge_board.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/board/board_rules.h"
#include "crypto/note.h"
#include "crypto/verifier_key.h"
#include "policy/account.h"
#include "policy/proof/receipt.h"

namespace shield {
namespace {

// How long the directory shows a key that has ended (docs/spec/directory.md).
constexpr absl::Duration kKeyRecordsKept = absl::Hours(400 * 24);

absl::Status Mismatch(absl::string_view how) {
  return WithRule(absl::DataLossError(absl::StrCat("receipt refused: it is ", how)),
                  "RECEIPT_MISMATCH");
}

absl::Status NotCounted(absl::string_view rule) {
  return WithRule(absl::DataLossError("receipt not counted"), rule);
}

// Why no key of the member's that was in force signed it.
absl::string_view KeyFault(const std::string& note, const Directory& directory) {
  constexpr absl::string_view kForged = "BAD_SIGNATURE";
  const absl::StatusOr<SignedNote> parsed = ParseNote(note);
  if (!parsed.ok()) return kForged;
  const absl::StatusOr<Receipt> receipt = ParseReceipt(parsed->text);
  if (!receipt.ok()) return kForged;
  for (const KeyRecord& key : directory.KeysOf(receipt->member)) {
    const absl::StatusOr<VerifierKey> verifier = VerifierKey::Parse(key.value);
    const bool ended = key.use == KeyUse::kSign && verifier.ok() &&
                       receipt->time >= key.period.until && VerifyNote(*parsed, *verifier).ok();
    if (ended) return kRuleKeyEnded;
  }
  const bool forgotten = directory.FindMember(receipt->member) == nullptr ||
                         receipt->time + kKeyRecordsKept < directory.note().issued;
  return forgotten ? kRuleKeyUnknown : kForged;
}

// What a reader's receipts have to be about.
absl::Status CheckSubject(const Receipt& receipt, const ReaderStatus& reader,
                          const BoardSubject& subject, absl::Time now) {
  if (receipt.member != reader.member) return Mismatch("another member's");
  if (!reader.shared_by.has_value()) {
    const bool about_it =
        receipt.bulletin == subject.statement.id && receipt.statement_digest == subject.text_digest;
    if (!about_it) return Mismatch("about another bulletin");
    return CheckReceiptTime(receipt.time, subject.statement.issued, now);
  }
  if (receipt.bulletin == subject.statement.id) return Mismatch("about the original");
  const auto share = subject.shares.find(receipt.bulletin);
  if (share == subject.shares.end()) return NotCounted(kRuleShareUnknown);
  if (!share->second.fault.empty()) return NotCounted(share->second.fault);
  const bool about_it = share->second.sharer == *reader.shared_by &&
                        share->second.text_digest == receipt.statement_digest;
  if (!about_it) return Mismatch("about another bulletin");
  return CheckReceiptTime(receipt.time, share->second.issued, now);
}

absl::Status TakeReceipt(const std::string& note, const ReaderStatus& reader,
                         const BoardSubject& subject, const Directory& directory, absl::Time now,
                         BoardReader& shown) {
  const absl::StatusOr<VerifiedReceipt> verified = VerifyReceipt(note, directory);
  if (RuleOf(verified.status()) == "BAD_SIGNATURE") return NotCounted(KeyFault(note, directory));
  RETURN_IF_ERROR(verified.status());
  const Receipt& receipt = verified->receipt();
  RETURN_IF_ERROR(CheckSubject(receipt, reader, subject, now));
  std::optional<absl::Time>& place = receipt.state == ReceiptState::kDelivered ? shown.delivered
                                     : receipt.state == ReceiptState::kOpened  ? shown.opened
                                                                               : shown.acknowledged;
  // Two of one state: the member signed both, and the earlier one counts.
  if (!place.has_value() || receipt.time < *place) place = receipt.time;
  return absl::OkStatus();
}

bool IsAwaited(const ReaderStatus& reader, const BoardSubject& subject,
               const Directory& directory) {
  if (reader.told || reader.member == subject.statement.author) return false;
  // RED goes to those alone who are named.
  if (subject.statement.tlp == Tlp::kRed) return true;
  const MemberRecord* member = directory.FindMember(reader.member);
  if (member == nullptr || member->org != subject.source) return true;
  return !member->Has(Role::kAnalyst) && !member->Has(Role::kDigest);
}

ReaderState StateOf(const BoardReader& reader, bool told,
                    const std::optional<absl::Time>& acknowledge_by, absl::Time now) {
  if (told) return ReaderState::kTold;
  if (reader.acknowledged.has_value()) return ReaderState::kAcknowledged;
  if (reader.awaited && acknowledge_by.has_value() && now >= *acknowledge_by) {
    return ReaderState::kOverdue;
  }
  if (reader.opened.has_value()) return ReaderState::kOpened;
  return reader.delivered.has_value() ? ReaderState::kDelivered : ReaderState::kPending;
}

// A forgery is worse than what does not count.
void NoteFault(std::string rule, BoardReader& reader) {
  if (rule.empty()) return;
  if (reader.fault.empty() || (IsForgery(rule) && !IsForgery(reader.fault))) {
    reader.fault = std::move(rule);
  }
}

bool IsSealedTo(const ReaderStatus& status) {
  return !status.told && !status.shared_by.has_value();
}

bool HasSigned(const BoardReader& reader) {
  return reader.delivered.has_value() || reader.opened.has_value() ||
         reader.acknowledged.has_value();
}

// What the broker says that a person holds, with what it signed about that. Without its state.
struct Row {
  BoardReader reader;
  bool told = false;    // and holds nothing
  bool sealed = false;  // holds the bulletin itself
};

Row JudgeRow(const ReaderStatus& status, const BoardSubject& subject, const Directory& directory,
             absl::Time now) {
  Row row{BoardReader{status.member, status.org}, status.told, IsSealedTo(status)};
  BoardReader& reader = row.reader;
  const MemberRecord* member = directory.FindMember(status.member);
  if (member != nullptr) reader.org = member->org;
  reader.awaited = IsAwaited(status, subject, directory);
  reader.passed = status.told && status.acknowledged;
  if (status.shared_by.has_value()) reader.sharers = {*status.shared_by};
  for (const std::string& note : status.receipts) {
    NoteFault(RuleOf(TakeReceipt(note, status, subject, directory, now, reader)), reader);
  }
  reader.signed_for = row.sealed && HasSigned(reader);
  return row;
}

void KeepEarlier(const std::optional<absl::Time>& other, std::optional<absl::Time>& time) {
  if (other.has_value() && (!time.has_value() || *other < *time)) time = other;
}

// The same person holds something else as well.
void Join(Row other, Row& row) {
  BoardReader& reader = row.reader;
  KeepEarlier(other.reader.delivered, reader.delivered);
  KeepEarlier(other.reader.opened, reader.opened);
  KeepEarlier(other.reader.acknowledged, reader.acknowledged);
  NoteFault(std::move(other.reader.fault), reader);
  reader.awaited = reader.awaited || other.reader.awaited;
  row.told = row.told && other.told;
  reader.passed = row.told && reader.passed;
  row.sealed = row.sealed || other.sealed;
  reader.signed_for = reader.signed_for || other.reader.signed_for;
  for (const MemberId& sharer : other.reader.sharers) {
    const auto end = reader.sharers.end();
    if (std::find(reader.sharers.begin(), end, sharer) == end) reader.sharers.push_back(sharer);
  }
}

void Settle(const BoardSubject& subject, absl::Time now, Row& row) {
  BoardReader& reader = row.reader;
  if (!row.sealed && !reader.sharers.empty()) reader.shared_by = reader.sharers.front();
  reader.state = StateOf(reader, row.told, subject.acknowledge_by, now);
  reader.late = reader.acknowledged.has_value() && subject.acknowledge_by.has_value() &&
                *reader.acknowledged > *subject.acknowledge_by;
}

void Count(const BoardReader& reader, BoardCounts& counts) {
  if (!reader.awaited) return;
  ++counts.awaited;
  switch (reader.state) {
    case ReaderState::kPending:
      ++counts.pending;
      break;
    case ReaderState::kDelivered:
      ++counts.delivered;
      break;
    case ReaderState::kOpened:
      ++counts.opened;
      break;
    case ReaderState::kAcknowledged:
      ++counts.acknowledged;
      break;
    case ReaderState::kOverdue:
      ++counts.overdue;
      break;
    case ReaderState::kTold:
      break;
  }
}

// Whom the bulletin was sealed to, as far as the broker's list bears it out. Each row is told of
// once, in the order of the list. The bulletin itself a person holds once; shares of it as many as
// were made for it, over time also by one sharer.
class Roll {
 public:
  explicit Roll(const BoardSubject& subject) : subject_(subject) {}

  // The rule against listing this reader; empty when there is none.
  std::string RuleAgainst(const ReaderStatus& status) {
    const bool again = !status.shared_by.has_value() && !listed_.insert(status.member).second;
    if (again) return "READER_LISTED_TWICE";
    const bool strange = IsSealedTo(status) && subject_.sealed_to.has_value() &&
                         !subject_.sealed_to->contains(status.member);
    return strange ? "READER_UNKNOWN" : "";
  }

  // Whoever is waited for shows when it does not acknowledge. Who is not must have signed
  // something, or the home must know its name: else it could be listed in the place of another.
  void Credit(const ReaderStatus& status, const BoardReader& shown) {
    if (!IsSealedTo(status)) return;
    const bool borne_out = subject_.sealed_to.has_value() || shown.awaited || HasSigned(shown) ||
                           status.member == subject_.statement.author;
    if (borne_out) credited_.insert(status.member);
  }

  uint64_t Unlisted() const {
    const uint64_t recipients = subject_.statement.recipients;
    return recipients - std::min<uint64_t>(recipients, credited_.size());
  }

 private:
  const BoardSubject& subject_;
  std::set<MemberId> listed_;
  std::set<MemberId> credited_;
};

}  // namespace

StatusBoard JudgeBoard(const BoardSubject& subject, const std::vector<ReaderStatus>& readers,
                       const Directory& directory, absl::Time now) {
  StatusBoard board{subject.statement.id, subject.statement.tlp, subject.acknowledge_by};
  Roll roll(subject);
  std::vector<Row> rows;
  rows.reserve(readers.size());
  std::map<MemberId, size_t> places;
  for (const ReaderStatus& status : readers) {
    Row row = JudgeRow(status, subject, directory, now);
    const std::string rule = roll.RuleAgainst(status);
    if (!rule.empty()) {
      BoardReader refused{status.member, row.reader.org};
      refused.awaited = false;
      refused.fault = rule;
      rows.push_back({std::move(refused)});
      continue;
    }
    roll.Credit(status, row.reader);
    const auto [place, is_new] = places.emplace(status.member, rows.size());
    if (is_new) {
      rows.push_back(std::move(row));
    } else {
      Join(std::move(row), rows[place->second]);
    }
  }
  board.readers.reserve(rows.size());
  for (Row& row : rows) {
    Settle(subject, now, row);
    Count(row.reader, board.counts);
    board.readers.push_back(std::move(row.reader));
  }
  board.unlisted = roll.Unlisted();
  board.counts.awaited += board.unlisted;
  const bool overdue = subject.acknowledge_by.has_value() && now >= *subject.acknowledge_by;
  (overdue ? board.counts.overdue : board.counts.pending) += board.unlisted;
  return board;
}

}  // namespace shield
