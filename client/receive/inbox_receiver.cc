#include "client/receive/inbox_receiver.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/judge_entry.h"
#include "client/receive/openings.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/directory_note.h"

namespace shield {
namespace {

absl::Status ChainBroken(absl::string_view rule, absl::string_view sentence) {
  return WithHint(WithRule(absl::DataLossError(absl::StrCat("inbox refused: ", sentence)), rule),
                  "the broker lost data or is cheating: tell the authority");
}

bool SaysOtherHistory(const absl::Status& refusal) {
  return RuleOf(refusal) == "ROLLBACK" || RuleOf(refusal) == "CURSOR_AHEAD";
}

// How many versions back the one is looked for that named a log key first.
constexpr uint64_t kMaxVersionsBack = 4096;

// When the log key of `newest` was named: when the oldest directory was issued of those that are
// here and name it, up to the last one that names another. This home may have published under any
// of them. A version that is not here says nothing.
absl::StatusOr<absl::Time> LogKeySince(ClientState& state, const DirectoryNote& newest) {
  absl::Time since = newest.issued;
  const uint64_t least = newest.version - std::min(newest.version, kMaxVersionsBack);
  for (uint64_t version = newest.version; version-- > least;) {
    ASSIGN_OR_RETURN(const std::optional<std::string> kept, state.DirectoryNote(version));
    if (!kept.has_value()) continue;
    ASSIGN_OR_RETURN(const SignedNote note, ParseNote(*kept));
    ASSIGN_OR_RETURN(const DirectoryNote before, ParseDirectoryNote(note.text));
    if (before.log_key != newest.log_key) return since;
    since = before.issued;
  }
  return since;
}

// A cursor beyond the broker's inbox is entries lost: it is never ahead of what the broker gave.
absl::Status AsRollback(const absl::Status& refusal) {
  if (RuleOf(refusal) == "ROLLBACK") return refusal;
  return ChainBroken("ROLLBACK", refusal.message());
}

}  // namespace

absl::StatusOr<SubscriptionStart> InboxReceiver::Start() {
  caught_up_ = false;
  greeted_ = false;
  signed_here_ = 0;
  log_end_ = 0;
  RETURN_IF_ERROR(LookForNewLog());
  if (anew_) return StartAfterTheCommon();
  ASSIGN_OR_RETURN(const std::optional<KeptHead> highest, parts_.state.HighestHead());
  highest_.reset();
  if (highest.has_value()) {
    highest_ = InboxHead{parts_.keys.network, parts_.keys.member, {highest->seq, highest->hash}};
    highest_note_ = highest->note;
  }
  ASSIGN_OR_RETURN(const InboxPosition begin, WhereToBegin());
  position_ = begin;
  if (begin.seq == 0) position_.hash = InboxGenesis(parts_.keys.member);
  ASSIGN_OR_RETURN(Bytes token, parts_.state.ResumeToken());
  if (without_token_) token.clear();
  return SubscriptionStart{begin.seq, begin.hash, std::move(token)};
}

// Whether the authority has named another log key since the inbox was followed to its end.
absl::Status InboxReceiver::LookForNewLog() {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  ASSIGN_OR_RETURN(const InboxLog followed, parts_.state.FollowedLog());
  log_ = {directory->log_key().ToString(), followed.since};
  may_begin_anew_ = !followed.key.empty() && followed.key != log_.key;
  if (may_begin_anew_) {
    ASSIGN_OR_RETURN(log_.since, LogKeySince(parts_.state, directory->directory().note()));
  }
  anew_ = anew_ && may_begin_anew_;
  return absl::OkStatus();
}

// What is stored is compared as it comes again, from the first entry on; a stream after one that
// was cut goes on from the last that was the same.
absl::StatusOr<SubscriptionStart> InboxReceiver::StartAfterTheCommon() {
  ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
  stored_ = {cursor.size, cursor.head};
  highest_.reset();
  position_ = common_;
  if (common_.seq == 0) position_.hash = InboxGenesis(parts_.keys.member);
  return SubscriptionStart{common_.seq, common_.hash, {}};
}

absl::StatusOr<InboxPosition> InboxReceiver::WhereToBegin() {
  ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
  stored_ = {cursor.size, cursor.head};
  if (!refused_.has_value()) return InboxPosition{cursor.size, cursor.head};
  if (cursor.confirmed == 0) return InboxPosition{};
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts_.state.FindEntry(cursor.confirmed));
  if (kept.has_value()) return InboxPosition{cursor.confirmed, kept->chain_hash};
  return absl::DataLossError(
      absl::StrCat("local state: entry ", cursor.confirmed, " is missing from the inbox"));
}

absl::Status InboxReceiver::Reconsider(const absl::Status& refusal) {
  if (!SaysOtherHistory(refusal)) {
    refused_.reset();
    return refusal;
  }
  ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
  if (cursor.size != stored_.seq || cursor.head != stored_.hash) return StartAnew();
  ASSIGN_OR_RETURN(const Bytes token, parts_.state.ResumeToken());
  if (!token.empty() && !without_token_) {
    without_token_ = true;
    return absl::OkStatus();
  }
  const bool tried = cut_back_ || refused_.has_value();
  if (tried || cursor.confirmed == cursor.size) {
    if (!may_begin_anew_ || anew_) return AsRollback(refusal);
    anew_ = true;
    common_ = {};
    refused_.reset();
    return absl::OkStatus();
  }
  refused_ = stored_.hash;
  // What the broker did not take was this home's own, not the token: that is tried again as well.
  without_token_ = false;
  return absl::OkStatus();
}

// Another process has moved the inbox: what was refused is not what is there.
absl::Status InboxReceiver::StartAnew() {
  refused_.reset();
  without_token_ = false;
  if (++moved_ <= kMaxMoved) return absl::OkStatus();
  return absl::AbortedError("local state: another process keeps moving the inbox");
}

std::vector<std::string> InboxReceiver::Warnings() const {
  std::vector<std::string> warnings;
  if (restored_) warnings.emplace_back("BROKER_RESTORED");
  if (cut_back_) warnings.emplace_back("INBOX_CUT_BACK");
  if (begun_anew_) warnings.emplace_back("INBOX_ANEW");
  return warnings;
}

// One sync for all of a message, with what is stored last of it, or whatever became of it: what is
// stored may be handed over next.
absl::Status InboxReceiver::Take(const SubscriptionMessage& message) {
  synced_ = false;
  const absl::Status taken = TakeParts(message);
  const bool stores =
      message.hello.has_value() || !message.entries.empty() || message.mark.has_value();
  const absl::Status kept = stores && !synced_ ? parts_.state.MakeDurable() : absl::OkStatus();
  return taken.ok() ? kept : taken;
}

absl::Status InboxReceiver::TakeParts(const SubscriptionMessage& message) {
  if (message.hello.has_value()) RETURN_IF_ERROR(TakeHello(*message.hello));
  greeted_ = greeted_ || message.hello.has_value();
  if (!greeted_) return ChainBroken("INBOX_GAP", "the broker has signed nothing to begin with");
  for (const DeliveredEntry& entry : message.entries) {
    caught_up_ = false;
    const bool last = &entry == &message.entries.back() && !message.mark.has_value();
    RETURN_IF_ERROR(TakeEntry(entry, last ? Durability::kNow : Durability::kLater));
  }
  if (message.mark.has_value()) RETURN_IF_ERROR(TakeMark(*message.mark));
  if (message.heartbeat.has_value()) return TakeHeartbeat(*message.heartbeat);
  return absl::OkStatus();
}

// A broker with nothing to say has said everything that it signed for.
absl::Status InboxReceiver::TakeHeartbeat(const SubscriptionMessage::Heartbeat& heartbeat) {
  RETURN_IF_ERROR(parts_.directory.AtLeast(heartbeat.directory_version).status());
  if (position_.seq > signed_here_) {
    return ChainBroken("INBOX_GAP", absl::StrCat("the broker is idle after entry ", position_.seq,
                                                 " and has not signed it"));
  }
  if (!highest_.has_value() || highest_->position.seq <= position_.seq) return absl::OkStatus();
  return ChainBroken("INBOX_GAP", absl::StrCat("the broker is idle after entry ", position_.seq,
                                               ", its signed head is at ", highest_->position.seq));
}

absl::StatusOr<InboxHead> InboxReceiver::VerifyHead(const std::string& note) {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  absl::StatusOr<InboxHead> head =
      VerifyInboxHead(note, directory->broker_key(), parts_.keys.member);
  if (head.ok() && head->log_size > signed_log_size_) {
    signed_log_size_ = head->log_size;
    signed_log_head_ = note;
  }
  if (!absl::IsInvalidArgument(head.status())) return head;
  // What came is out of form or another member's: no fault of the caller's.
  return ChainBroken(RuleOf(head.status()), head.status().message());
}

// Two signed heads of one inbox that cannot both be: both are kept.
absl::Status InboxReceiver::WentBack(const std::string& note, absl::string_view rule,
                                     absl::string_view sentence) {
  const absl::Status kept = parts_.state.RecordFork(
      {"inbox", parts_.keys.member.str(), highest_note_, note, parts_.clock.Now()});
  return AlarmAfter(kept, ChainBroken(rule, sentence));
}

// What was stored without a signed head may be what the chain broke at: it comes again.
absl::Status InboxReceiver::CutBackAnd(absl::Status broken) {
  ASSIGN_OR_RETURN(const bool removed, parts_.state.CutBack());
  cut_back_ = cut_back_ || removed;
  return broken;
}

// The broker goes on from the last confirmed entry: it has lost what came after, unless another
// process has cut that back already.
absl::Status InboxReceiver::CutBackRefused() {
  if (!refused_.has_value()) return absl::OkStatus();
  if (may_begin_anew_) {
    // That it has is known: what was held of it stays.
    refused_.reset();
    return SetAsideAfter(position_.seq);
  }
  ASSIGN_OR_RETURN(const bool removed, parts_.state.CutBack(*refused_));
  refused_.reset();
  cut_back_ = cut_back_ || removed;
  taken_back_ = taken_back_ || removed;
  return absl::OkStatus();
}

absl::Status InboxReceiver::NoteHead(const InboxHead& head, const std::string& note,
                                     const Bytes* resume_token) {
  const KeptHead kept{head.position.seq, head.position.hash, note};
  ASSIGN_OR_RETURN(const bool agrees, resume_token != nullptr
                                          ? parts_.state.NoteMark(kept, *resume_token)
                                          : parts_.state.NoteHead(kept, Durability::kLater));
  if (!agrees) {
    const std::string sentence =
        absl::StrCat("the signed head has another hash at entry ", head.position.seq);
    ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
    if (cursor.confirmed >= head.position.seq) return WentBack(note, "ROLLBACK", sentence);
    return CutBackAnd(ChainBroken("ROLLBACK", sentence));
  }
  signed_here_ = std::max(signed_here_, head.position.seq);
  if (!highest_.has_value() || highest_->position.seq <= head.position.seq) {
    highest_ = head;
    highest_note_ = note;
  }
  return absl::OkStatus();
}

// What the head before spoke of never came here, and never will: the broker goes on from what is
// stored. Not so one that signs another history than that.
absl::Status InboxReceiver::ForgetHeadThatIsLost(const InboxHead& head) {
  const bool another = head.position.seq == position_.seq && head.position.hash != position_.hash;
  if (another || head.position.seq < position_.seq) {
    return ChainBroken("ROLLBACK", absl::StrCat("the signed head at ", head.position.seq,
                                                " is not on the way that came here"));
  }
  RETURN_IF_ERROR(SetAsideAfter(position_.seq));
  highest_.reset();
  return absl::OkStatus();
}

// Once for a log key, in the transaction that notes it: who gives this inbox another history the
// next time finds it followed under that key.
absl::Status InboxReceiver::SetAsideAfter(uint64_t after) {
  ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
  ASSIGN_OR_RETURN(const std::optional<KeptHead> head, parts_.state.HighestHead());
  ASSIGN_OR_RETURN(const bool first, parts_.state.SetAside(after, log_));
  if (!first) return absl::AbortedError("local state: another process has begun the inbox anew");
  const bool lost = cursor.size > after || (head.has_value() && head->seq > after);
  begun_anew_ = begun_anew_ || lost;
  set_aside_ = set_aside_ || lost;
  anew_ = false;
  may_begin_anew_ = false;
  return absl::OkStatus();
}

absl::Status InboxReceiver::TakeHello(const SubscriptionMessage::Hello& hello) {
  RETURN_IF_ERROR(parts_.directory.AtLeast(hello.directory_version).status());
  ASSIGN_OR_RETURN(const InboxHead head, VerifyHead(hello.head));
  if (highest_.has_value()) {
    const absl::Status advance = CheckInboxAdvance(highest_->position, head.position);
    if (!advance.ok() && !may_begin_anew_) {
      return WentBack(hello.head, "ROLLBACK", advance.message());
    }
    if (!advance.ok()) RETURN_IF_ERROR(ForgetHeadThatIsLost(head));
  }
  if (head.position.seq < position_.seq) {
    return ChainBroken("ROLLBACK",
                       absl::StrCat("entry ", position_.seq, " has come, the signed head is at ",
                                    head.position.seq));
  }
  RETURN_IF_ERROR(CutBackRefused());
  if (!anew_) return NoteHead(head, hello.head);
  // Noted when the stream has left what is stored, which may be another history.
  signed_here_ = head.position.seq;
  highest_ = head;
  highest_note_ = hello.head;
  return absl::OkStatus();
}

absl::Status InboxReceiver::TakeMark(const SubscriptionMessage::Mark& mark) {
  ASSIGN_OR_RETURN(const InboxHead head, VerifyHead(mark.head));
  if (head.position.seq == position_.seq && head.position.hash != position_.hash) {
    return CutBackAnd(ChainBroken("INBOX_GAP", absl::StrCat("what came up to entry ", position_.seq,
                                                            " does not lead to the signed head")));
  }
  if (highest_.has_value() && head.position.seq < highest_->position.seq) {
    return WentBack(mark.head, "INBOX_GAP",
                    absl::StrCat("it is said to end at entry ", head.position.seq,
                                 ", the head signed before is at ", highest_->position.seq));
  }
  if (head.position.seq != position_.seq) {
    return ChainBroken("INBOX_GAP", absl::StrCat("the signed head is at ", head.position.seq,
                                                 ", what came ends at ", position_.seq));
  }
  if (log_end_ > head.log_size) {
    return CutBackAnd(ChainBroken("INBOX_REORDER", "what came lies beyond the end of the log"));
  }
  RETURN_IF_ERROR(FollowedToItsEnd(head, mark));
  caught_up_ = true;
  restored_ = restored_ || without_token_;
  without_token_ = false;
  return absl::OkStatus();
}

absl::Status InboxReceiver::FollowedToItsEnd(const InboxHead& head,
                                             const SubscriptionMessage::Mark& mark) {
  if (anew_) RETURN_IF_ERROR(SetAsideAfter(head.position.seq));
  RETURN_IF_ERROR(NoteHead(head, mark.head, &mark.resume_token));
  synced_ = true;
  ASSIGN_OR_RETURN(const InboxLog followed, parts_.state.FollowedLog());
  if (followed.key != log_.key) RETURN_IF_ERROR(parts_.state.SetFollowedLog(log_));
  may_begin_anew_ = false;
  return absl::OkStatus();
}

// What comes again where the inbox begins anew has been judged.
absl::StatusOr<bool> InboxReceiver::IsStoredAlready(const KeptEntry& kept) {
  if (!anew_) return false;
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> stored,
                   parts_.state.FindEntry(kept.delivered.seq));
  return stored.has_value() && stored->chain_hash == kept.chain_hash;
}

// Where the inbox begins anew, the first entry that is another, or is beyond what is here, ends
// what was common.
absl::Status InboxReceiver::LeaveWhatWasCommon() {
  if (!anew_) return absl::OkStatus();
  RETURN_IF_ERROR(SetAsideAfter(position_.seq));
  if (!highest_.has_value()) return absl::OkStatus();
  const InboxHead head = *highest_;
  const std::string note = highest_note_;
  return NoteHead(head, note);
}

// What can be said of an entry before it is checked: its place in the chain, its id.
absl::StatusOr<KeptEntry> InboxReceiver::Chain(const DeliveredEntry& entry) const {
  if (entry.seq != position_.seq + 1) {
    return ChainBroken("INBOX_GAP",
                       absl::StrCat("entry ", entry.seq, " came after entry ", position_.seq));
  }
  const bool under_head = highest_.has_value() && entry.seq <= highest_->position.seq;
  if (under_head && highest_->log_size > 0 && entry.log_index >= highest_->log_size) {
    return ChainBroken("INBOX_REORDER",
                       absl::StrCat("entry ", entry.seq, " lies beyond the end of the signed log"));
  }
  const absl::StatusOr<SignedNote> note = ParseNote(entry.statement);
  if (!note.ok()) return ChainBroken("STATEMENT_MALFORMED", note.status().message());
  KeptEntry kept;
  kept.delivered = entry;
  kept.received = parts_.clock.Now();
  kept.chain_hash =
      InboxNext(position_.hash, entry.seq, {entry.log_index, Sha256(note->text), entry.slot_hash});
  const absl::StatusOr<Statement> claimed = ReadClaimedStatement(entry.statement);
  if (claimed.ok()) {
    kept.id = claimed->id;
    kept.expires = claimed->expires;
    const Reference* original = claimed->Find(Relation::kShares);
    if (original != nullptr) kept.original = original->id;
  }
  return kept;
}

// The directory that its statement names, or a newer one. One that the broker does not serve keeps
// the entry closed and the inbox going: the author may have named what there is not.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> InboxReceiver::DirectoryFor(
    const KeptEntry& kept) {
  const absl::StatusOr<Statement> claimed = ReadClaimedStatement(kept.delivered.statement);
  auto directory = parts_.directory.AtLeast(claimed.ok() ? claimed->directory_version : 0);
  if (RuleOf(directory.status()) != "DIRECTORY_WITHHELD") return directory;
  return parts_.directory.Newest();
}

absl::Status InboxReceiver::TakeEntry(const DeliveredEntry& entry, Durability durability) {
  ASSIGN_OR_RETURN(KeptEntry kept, Chain(entry));
  ASSIGN_OR_RETURN(const bool stored, IsStoredAlready(kept));
  if (stored) {
    position_ = {entry.seq, kept.chain_hash};
    common_ = position_;
    log_end_ = std::max(log_end_, entry.log_index + 1);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto directory, DirectoryFor(kept));
  kept.directory_version = directory->version();
  ASSIGN_OR_RETURN(const EntryEffects effects,
                   JudgeEntry(parts_, *directory, Fetching::kAllowed, kept));
  if (kept.fault == "BULLETIN_FORK") RETURN_IF_ERROR(RecordBulletinFork(parts_.state, kept));
  RETURN_IF_ERROR(LeaveWhatWasCommon());
  const absl::StatusOr<bool> is_new =
      parts_.state.Append(kept, position_.hash, effects, durability);
  if (RuleOf(is_new.status()) == "INBOX_GAP") return CutBackAnd(is_new.status());
  RETURN_IF_ERROR(is_new.status());
  position_ = {entry.seq, kept.chain_hash};
  log_end_ = std::max(log_end_, entry.log_index + 1);
  // Of what another process has stored nobody knows here whether it is synced.
  if (!*is_new) return absl::OkStatus();
  synced_ = durability == Durability::kNow;
  ++count_.received;
  if (kept.finding == Finding::kRefused) ++count_.refused;
  return absl::OkStatus();
}

}  // namespace shield
