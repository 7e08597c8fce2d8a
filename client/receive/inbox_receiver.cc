#include "client/receive/inbox_receiver.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/content/content.h"
#include "client/receive/fetch_bytes.h"
#include "client/receive/open_content.h"
#include "client/receive/openings.h"
#include "crypto/note.h"
#include "crypto/padding.h"
#include "crypto/payload.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

absl::Status ChainBroken(absl::string_view rule, absl::string_view sentence) {
  return WithHint(WithRule(absl::DataLossError(absl::StrCat("inbox refused: ", sentence)), rule),
                  "the broker lost data or is cheating: tell the authority");
}

// Errors that say nothing about the entry: it is tried again later.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsCancelled(status) || absl::IsUnauthenticated(status) ||
         absl::IsResourceExhausted(status) || absl::IsInternal(status) || absl::IsAborted(status);
}

DeliveryState DeliveryStateOf(InboxState state) {
  return state == InboxState::kSuperseded ? DeliveryState::kSuperseded : DeliveryState::kWithdrawn;
}

}  // namespace

absl::StatusOr<SubscriptionStart> InboxReceiver::Start() {
  ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
  ASSIGN_OR_RETURN(Bytes token, parts_.state.ResumeToken());
  return SubscriptionStart{cursor.size, cursor.head, std::move(token)};
}

absl::StatusOr<InboxPosition> InboxReceiver::LocalPosition() {
  ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
  if (cursor.size == 0) return InboxPosition{0, InboxGenesis(parts_.keys.member)};
  return InboxPosition{cursor.size, cursor.head};
}

absl::Status InboxReceiver::Take(const SubscriptionMessage& message) {
  if (message.hello.has_value()) RETURN_IF_ERROR(TakeHello(*message.hello));
  for (const DeliveredEntry& entry : message.entries) {
    caught_up_ = false;
    RETURN_IF_ERROR(TakeEntry(entry));
  }
  if (message.mark.has_value()) RETURN_IF_ERROR(TakeMark(*message.mark));
  if (message.heartbeat.has_value()) {
    return parts_.directory.AtLeast(message.heartbeat->directory_version).status();
  }
  return absl::OkStatus();
}

absl::StatusOr<InboxHead> InboxReceiver::VerifyHead(const std::string& note) {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  return VerifyInboxHead(note, directory->broker_key(), parts_.keys.member);
}

absl::Status InboxReceiver::TakeHello(const SubscriptionMessage::Hello& hello) {
  RETURN_IF_ERROR(parts_.directory.AtLeast(hello.directory_version).status());
  ASSIGN_OR_RETURN(const InboxHead head, VerifyHead(hello.head));
  ASSIGN_OR_RETURN(const InboxPosition local, LocalPosition());
  return CheckInboxAdvance(local, head.position);
}

absl::Status InboxReceiver::TakeMark(const SubscriptionMessage::Mark& mark) {
  ASSIGN_OR_RETURN(const InboxHead head, VerifyHead(mark.head));
  ASSIGN_OR_RETURN(const InboxPosition local, LocalPosition());
  if (head.position != local) {
    return ChainBroken("INBOX_GAP",
                       absl::StrCat("the broker's head is at ", head.position.seq,
                                    ", what came ends at ", local.seq, " or with another hash"));
  }
  caught_up_ = true;
  return parts_.state.SetResumeToken(mark.resume_token);
}

// What can be said of an entry before it is checked: its place in the chain, its id.
absl::StatusOr<KeptEntry> InboxReceiver::Chain(const DeliveredEntry& entry,
                                               const InboxPosition& local) const {
  if (entry.seq != local.seq + 1) {
    return ChainBroken("INBOX_GAP",
                       absl::StrCat("entry ", entry.seq, " came after entry ", local.seq));
  }
  const absl::StatusOr<SignedNote> note = ParseNote(entry.statement);
  if (!note.ok()) return ChainBroken("STATEMENT_MALFORMED", note.status().message());
  KeptEntry kept;
  kept.delivered = entry;
  kept.received = parts_.clock.Now();
  kept.chain_hash =
      InboxNext(local.hash, entry.seq, {entry.log_index, Sha256(note->text), entry.slot_hash});
  return kept;
}

absl::Status InboxReceiver::TakeEntry(const DeliveredEntry& entry) {
  ASSIGN_OR_RETURN(const InboxPosition local, LocalPosition());
  ASSIGN_OR_RETURN(KeptEntry kept, Chain(entry, local));
  const absl::StatusOr<Statement> claimed = ReadClaimedStatement(entry.statement);
  if (claimed.ok()) kept.id = claimed->id;
  ASSIGN_OR_RETURN(const auto directory,
                   parts_.directory.AtLeast(claimed.ok() ? claimed->directory_version : 0));
  kept.directory_version = directory->version();

  std::optional<VerifiedEntry> verified;
  const absl::Status fault = CheckEntry(kept, *directory, verified);
  std::optional<SeenBulletin> seen;
  if (fault.ok()) {
    seen = SeenBulletin{claimed->author_key, claimed->id, verified->statement.text_digest()};
    RETURN_IF_ERROR(ApplyEndings(verified->statement, *directory));
  } else if (IsPassing(fault) || RuleOf(fault) == "DIRECTORY_BEHIND") {
    return fault;
  } else {
    RETURN_IF_ERROR(NoteFault(fault, kept));
  }
  RETURN_IF_ERROR(parts_.state.Append(kept, local.hash, seen));
  ++count_.received;
  return absl::OkStatus();
}

absl::Status InboxReceiver::NoteFault(const absl::Status& fault, KeptEntry& kept) {
  ++count_.refused;
  kept.fault = RuleOf(fault).empty() ? "STATEMENT_MALFORMED" : RuleOf(fault);
  kept.fault_sentence = std::string(fault.message());
  if (kept.fault != "BULLETIN_FORK") return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> first, parts_.state.FindBulletin(*kept.id));
  return parts_.state.RecordFork({"bulletin", kept.id->ToHex(),
                                  first.has_value() ? first->delivered.statement : std::string(),
                                  kept.delivered.statement, kept.received});
}

absl::Status InboxReceiver::CheckEntry(KeptEntry& kept, const VerifiedDirectory& directory,
                                       std::optional<VerifiedEntry>& verified) {
  const SeenLookup seen = [this](absl::string_view key, const BulletinId& id) {
    return parts_.state.FindSeen(key, id);
  };
  const ReaderView view{directory,     parts_.keys.member,        parts_.seal_keys, seen,
                        kept.received, AuthorStanding::kCheckNow, kept.received};
  ASSIGN_OR_RETURN(verified, VerifyEntry(kept.delivered, view));
  if (verified->state != InboxState::kLive || !verified->own_key.has_value()) {
    return absl::OkStatus();
  }
  return CheckContent(kept.delivered, *verified);
}

// Opens the bulletin once, so that what is wrong shows when it comes; the plaintext is dropped.
absl::Status InboxReceiver::CheckContent(DeliveredEntry& entry, const VerifiedEntry& verified) {
  const Statement& statement = verified.statement.statement();
  if (statement.payload.bytes > SealedPayloadSize(PadmeSize(kMaxContentBytes))) {
    return WithRule(absl::DataLossError(absl::StrCat("bulletin refused: its payload has ",
                                                     statement.payload.bytes,
                                                     " bytes, more than content may have")),
                    "LIMIT_EXCEEDED");
  }
  if (entry.payload.empty()) {
    absl::StatusOr<Bytes> payload =
        FetchPayload(parts_.connection, parts_.retrier, statement.id, statement.payload);
    // Not served now (an embargo by the broker's clock, an end meanwhile): it is opened, and
    // checked, when it is shown.
    if (absl::IsNotFound(payload.status())) return absl::OkStatus();
    RETURN_IF_ERROR(payload.status());
    entry.payload = *std::move(payload);
  }
  return OpenContent(verified.statement, entry.slot, entry.payload,
                     parts_.keys.seal[*verified.own_key])
      .status();
}

// A withdrawal or a newer version takes the local copy of the old one away.
absl::Status InboxReceiver::ApplyEndings(const VerifiedStatement& ending,
                                         const VerifiedDirectory& directory) {
  for (const EndedReference& reference : EndedBy(ending.statement())) {
    ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts_.state.FindBulletin(reference.id));
    if (!kept.has_value() || !kept->fault.empty()) continue;
    const absl::StatusOr<VerifiedStatement> ended =
        VerifyStatement(kept->delivered.statement, directory.directory(), kept->received);
    if (!ended.ok()) continue;
    const absl::StatusOr<InboxState> state =
        VerifyEnding(ending.note(), *ended, directory, parts_.clock.Now());
    if (!state.ok()) continue;
    RETURN_IF_ERROR(parts_.state.EndBulletin(reference.id, DeliveryStateOf(*state), ending.note()));
  }
  return absl::OkStatus();
}

}  // namespace shield
