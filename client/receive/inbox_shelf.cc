#include "client/receive/inbox_shelf.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/fetch_bytes.h"
#include "client/receive/lost_with_log.h"
#include "client/receive/open_content.h"
#include "client/receive/openings.h"
#include "crypto/sha256.h"
#include "policy/account.h"
#include "policy/decide.h"

namespace shield {
namespace {

constexpr uint64_t kListBatch = 16;
constexpr char kLostByBroker[] = "LOST_BY_BROKER";

void SetFault(InboxItem& item, const absl::Status& fault) {
  item.state = InboxState::kRefused;
  item.fault = RuleOf(fault).empty() ? "STATEMENT_MALFORMED" : RuleOf(fault);
  item.fault_sentence = std::string(fault.message());
  item.closed_now = absl::IsPermissionDenied(fault) || absl::IsFailedPrecondition(fault);
}

// The fault a stored entry is closed by, as its check gave it.
absl::Status FaultOf(const KeptEntry& kept) {
  const bool integrity = kept.finding == Finding::kRefused || kept.fault == "TOMBSTONE_UNPROVEN";
  return WithRule(integrity ? absl::DataLossError(kept.fault_sentence)
                            : absl::PermissionDeniedError(kept.fault_sentence),
                  kept.fault);
}

// The cursor says how far an application has come, the receipt what this member has signed for. Of
// a notice, which nobody signs for, there is the cursor alone.
bool IsAcknowledged(ClientState& state, uint64_t cursor, const KeptEntry& kept) {
  if (kept.carried || kept.finding != Finding::kHeld || !kept.id.has_value()) return false;
  if (kept.delivered.slot_hash == Sha256(ByteSpan())) return kept.delivered.seq <= cursor;
  const auto receipt = state.FindReceipt(*kept.id, ReceiptState::kAcknowledged);
  return receipt.ok() && receipt->has_value();
}

void CopyStatement(const Statement& statement, InboxItem& item) {
  item.id = statement.id;
  item.tlp = statement.tlp;
  item.author = statement.author;
  item.bulletin_class = statement.bulletin_class;
  item.priority = statement.priority;
  item.status = statement.status;
  item.issued = statement.issued;
  item.not_before = statement.not_before;
  item.expires = statement.expires;
  item.references = statement.references;
  item.directory_version = statement.directory_version;
}

// Of a share: what it passes on, and who did.
void CopyOriginal(const Statement& original, InboxItem& item) {
  item.shared_by = item.author;
  item.author = original.author;
  item.bulletin_class = original.bulletin_class;
  item.priority = original.priority;
  item.issued = original.issued;
}

// What an entry without content is called by.
std::string NoticeKind(const Statement& statement) {
  if (statement.IsWithdrawal()) return "withdraw";
  return statement.Find(Relation::kRelabels) != nullptr ? "relabel" : "update";
}

// Where to begin among `count` that do not all have their turn at once: another place each second,
// scattered, so that no rhythm of looks falls on the same ones.
size_t TurnAt(absl::Time now, size_t count) {
  constexpr uint64_t kScatter = 0x9E3779B97F4A7C15;
  const uint64_t scattered = static_cast<uint64_t>(absl::ToUnixSeconds(now)) * kScatter;
  return static_cast<size_t>((scattered >> 32) % count);
}

// Why the broker does not serve a payload. Its clock may be a little ahead of the reader's, or
// behind; beyond that its word counts for nothing against the times that the author signed.
absl::Status NotServed(const absl::Status& status, absl::Time now, InboxItem& item) {
  if (!absl::IsNotFound(status)) return status;
  if (RuleOf(status) == "EMBARGOED" && item.not_before > now - kMaxReaderSkew) {
    item.state = InboxState::kEmbargoed;
  } else if (RuleOf(status) == "EXPIRED" && item.expires <= now + kMaxReaderSkew) {
    item.state = InboxState::kExpired;
  } else if (RuleOf(status) == "WITHDRAWN") {
    item.state = InboxState::kWithdrawn;
  } else if (RuleOf(status) == "SUPERSEDED") {
    item.state = InboxState::kSuperseded;
  } else {
    return WithRule(absl::DataLossError("bulletin refused: the broker does not serve its payload"),
                    "PAYLOAD_WITHHELD");
  }
  return absl::OkStatus();
}

// Nobody is accused of what the authority knows. It is asked for again all the same.
absl::Status ContentIsLost() {
  return WithHint(
      WithRule(absl::FailedPreconditionError(
                   "bulletin closed: the broker has lost its content, as the authority has said by "
                   "naming another key of the log"),
               kLostByBroker),
      "who has read it can give it in a folder: `shield inbox export`, then `shield inbox import`");
}

absl::Status NotReadable(const InboxItem& item) {
  const std::string id = item.id.has_value() ? item.id->ToHex() : absl::StrCat(item.seq);
  switch (item.state) {
    case InboxState::kEmbargoed:
      return WithRule(absl::PermissionDeniedError(absl::StrCat("bulletin `", id, "` opens at ",
                                                               absl::FormatTime(item.not_before))),
                      "EMBARGOED");
    case InboxState::kExpired:
      return WithRule(absl::PermissionDeniedError(absl::StrCat("bulletin `", id, "` expired at ",
                                                               absl::FormatTime(item.expires))),
                      "EXPIRED");
    case InboxState::kWithdrawn:
      return WithRule(absl::PermissionDeniedError(
                          absl::StrCat("bulletin `", id, "` was withdrawn by its source")),
                      "WITHDRAWN");
    case InboxState::kSuperseded:
      return WithRule(absl::PermissionDeniedError(
                          absl::StrCat("bulletin `", id, "` was replaced by a newer version")),
                      "SUPERSEDED");
    default:
      if (item.fault == kLostByBroker) return ContentIsLost();
      return WithRule(item.closed_now ? absl::PermissionDeniedError(item.fault_sentence)
                                      : absl::DataLossError(item.fault_sentence),
                      item.fault);
  }
}

}  // namespace

std::optional<InboxState> EndedState(DeliveryState state) {
  switch (state) {
    case DeliveryState::kExpired:
      return InboxState::kExpired;
    case DeliveryState::kWithdrawn:
      return InboxState::kWithdrawn;
    case DeliveryState::kSuperseded:
      return InboxState::kSuperseded;
    default:
      return std::nullopt;
  }
}

absl::StatusOr<KeptEntry> InboxShelf::Find(uint64_t seq) {
  ASSIGN_OR_RETURN(std::optional<KeptEntry> kept, parts_.state.FindEntry(seq));
  if (kept.has_value()) return *std::move(kept);
  return absl::NotFoundError(absl::StrCat("there is no entry ", seq, " in the inbox"));
}

absl::StatusOr<KeptEntry> InboxShelf::Find(const BulletinId& id) {
  ASSIGN_OR_RETURN(std::optional<KeptEntry> kept, parts_.state.FindBulletin(id));
  if (kept.has_value()) return *std::move(kept);
  return absl::NotFoundError(absl::StrCat("there is no bulletin `", id.ToHex(), "` in the inbox"));
}

absl::StatusOr<InboxShelf::Desk> InboxShelf::MakeDesk() {
  Desk desk;
  ASSIGN_OR_RETURN(desk.directory, parts_.directory.Newest());
  ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
  desk.acknowledged = cursor.acknowledged;
  return desk;
}

absl::StatusOr<VerifiedEntry> InboxShelf::Verify(const KeptEntry& kept) {
  ASSIGN_OR_RETURN(const Desk desk, MakeDesk());
  return VerifyAt(desk, kept);
}

// The newest directory, or, of what a carried one does not show, the one it was judged under: who
// is absent from a part of a directory may stand all the same. What became of this member's own
// account since counts in any case.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> InboxShelf::DirectoryFor(
    const Desk& desk, const KeptEntry& kept) {
  if (kept.finding != Finding::kHeld) return desk.directory;
  ASSIGN_OR_RETURN(const Statement claimed, ReadClaimedStatement(kept.delivered.statement));
  const Directory& newest = desk.directory->directory();
  const MemberRecord* own = newest.FindMember(parts_.keys.member);
  if (own != nullptr && newest.FindMember(claimed.author) != nullptr) return desk.directory;
  ASSIGN_OR_RETURN(const bool carried, parts_.state.NewestIsCarried());
  if (!carried) return desk.directory;
  if (own != nullptr && AccountFault(*own, newest.OrgOf(*own), parts_.clock.Now()).has_value()) {
    return desk.directory;
  }
  const auto older = parts_.directory.At(kept.directory_version);
  return absl::IsNotFound(older.status()) ? desk.directory : older;
}

// What held once the home has checked; what may have changed since is who may read it now.
absl::StatusOr<VerifiedEntry> InboxShelf::VerifyAt(const Desk& desk, const KeptEntry& kept) {
  const SeenLookup none = [](absl::string_view,
                             const BulletinId&) -> absl::StatusOr<std::optional<Digest>> {
    return std::nullopt;
  };
  ASSIGN_OR_RETURN(const auto directory, DirectoryFor(desk, kept));
  ReaderView view{*directory, parts_.keys.member, parts_.seal_keys, none, parts_.clock.Now()};
  view.known = &parts_.known_notes;
  if (kept.finding == Finding::kHeld) {
    view.author_standing = AuthorStanding::kProvenAtPublish;
    view.own_org = kept.own_org;
    view.source = kept.author_org;
  }
  return VerifyEntry(kept.delivered, view);
}

absl::Status InboxShelf::JudgeAgain(const Desk& desk, Fetching fetching, KeptEntry& kept) {
  const DeliveryState was = kept.delivered.state;
  ASSIGN_OR_RETURN(const EntryEffects effects, JudgeEntry(parts_, *desk.directory, fetching, kept));
  if (kept.finding == Finding::kClosedForNow) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool settled, parts_.state.Settle(kept, was, effects));
  if (settled) return absl::OkStatus();
  // Another process was quicker: what it stored counts, and is judged again if it is still closed.
  // It may have taken the entry away, and another have its number.
  const Digest chain_hash = kept.chain_hash;
  ASSIGN_OR_RETURN(std::optional<KeptEntry> stored,
                   kept.carried ? parts_.state.FindCarried(*kept.id)
                                : parts_.state.FindEntry(kept.delivered.seq));
  if (!stored.has_value() || stored->chain_hash != chain_hash) {
    return absl::NotFoundError("another process has taken this entry out of the inbox");
  }
  kept = *std::move(stored);
  return absl::OkStatus();
}

// The oldest first.
absl::StatusOr<std::vector<ClosedPlace>> InboxShelf::FindClosed(const Directory& newest) {
  std::vector<ClosedPlace> places;
  RETURN_IF_ERROR(VisitClosedOfKnownSigners(
      parts_.state, newest,
      [&places](const ClosedPlace& place, const Statement&) { places.push_back(place); }));
  std::reverse(places.begin(), places.end());
  return places;
}

absl::Status InboxShelf::JudgeClosed(const Desk& desk, const ClosedPlace& place) {
  ASSIGN_OR_RETURN(std::optional<KeptEntry> kept, place.id.has_value()
                                                      ? parts_.state.FindCarried(*place.id)
                                                      : parts_.state.FindEntry(place.seq));
  if (!kept.has_value() || kept->finding != Finding::kClosedForNow) return absl::OkStatus();
  const absl::Status judged = JudgeAgain(desk, Fetching::kNever, *kept);
  return absl::IsNotFound(judged) ? absl::OkStatus() : judged;
}

absl::Status InboxShelf::JudgeClosedEntries() {
  ASSIGN_OR_RETURN(const Desk desk, MakeDesk());
  ASSIGN_OR_RETURN(const std::vector<ClosedPlace> closed, FindClosed(desk.directory->directory()));
  const size_t count = std::min<size_t>(closed.size(), kMaxJudgedAgain);
  const size_t first = closed.size() > count ? TurnAt(parts_.clock.Now(), closed.size()) : 0;
  for (size_t i = 0; i < count; ++i) {
    RETURN_IF_ERROR(JudgeClosed(desk, closed[(first + i) % closed.size()]));
  }
  return absl::OkStatus();
}

absl::StatusOr<InboxItem> InboxShelf::ItemOf(Desk& desk, const KeptEntry& kept) {
  const Directory& directory = desk.directory->directory();
  InboxItem item;
  item.seq = kept.delivered.seq;
  item.id = kept.id;
  item.received = kept.received;
  item.log_index = kept.delivered.log_index;
  item.acknowledged = IsAcknowledged(parts_.state, desk.acknowledged, kept);
  item.carried = kept.carried;
  item.warnings = kept.marks;
  item.state = EndedState(kept.delivered.state).value_or(InboxState::kLive);
  const bool live = item.state == InboxState::kLive && kept.finding == Finding::kHeld;
  if (live && !desk.endings.has_value()) {
    ASSIGN_OR_RETURN(desk.endings, ReadUnprovenEndings(parts_.state, directory));
  }
  if (live && IsSaidToHaveEnded(*desk.endings, directory, kept)) {
    item.warnings.emplace_back(kEndingUnproven);
  }
  const absl::StatusOr<Statement> claimed = ReadClaimedStatement(kept.delivered.statement);
  if (claimed.ok()) CopyStatement(*claimed, item);
  item.signer_known = claimed.ok() && GivesKey(directory, *claimed);
  const absl::StatusOr<Statement> original = ReadClaimedStatement(kept.delivered.shared_original);
  if (kept.original.has_value() && original.ok()) CopyOriginal(*original, item);
  if (kept.finding != Finding::kHeld) SetFault(item, FaultOf(kept));
  item.author_org = kept.author_org;
  if (item.author_org.has_value() || !item.author.has_value()) return item;
  const MemberRecord* author = directory.FindMember(*item.author);
  if (author != nullptr) item.author_org = author->org;
  return item;
}

absl::StatusOr<OpenedBulletin> InboxShelf::OpenAt(Desk& desk, KeptEntry kept, Fetching fetching) {
  if (kept.finding == Finding::kClosedForNow) {
    RETURN_IF_ERROR(JudgeAgain(desk, fetching, kept));
  }
  OpenedBulletin opened;
  ASSIGN_OR_RETURN(opened.item, ItemOf(desk, kept));
  opened.statement = kept.delivered.statement;
  opened.warnings = opened.item.warnings;
  if (opened.item.state != InboxState::kLive) return opened;
  const absl::Status status = ReadContent(desk, kept, fetching, opened);
  if (IsPassing(status)) return status;
  if (!status.ok()) SetFault(opened.item, status);
  return opened;
}

absl::Status InboxShelf::Withheld(const absl::Status& refusal, const KeptEntry& kept,
                                  InboxItem& item) {
  const absl::Status fault = NotServed(refusal, parts_.clock.Now(), item);
  if (RuleOf(fault) != "PAYLOAD_WITHHELD") return fault;
  ASSIGN_OR_RETURN(const bool lost, WasLostWithLog(parts_.state, kept));
  return lost ? ContentIsLost() : fault;
}

absl::Status InboxShelf::ReadContent(const Desk& desk, const KeptEntry& kept, Fetching fetching,
                                     OpenedBulletin& opened) {
  ASSIGN_OR_RETURN(const VerifiedEntry verified, VerifyAt(desk, kept));
  opened.item.state = verified.state;
  if (verified.state != InboxState::kLive || !verified.own_key.has_value()) {
    if (!verified.own_key.has_value()) {
      opened.item.kind = NoticeKind(verified.statement.statement());
    }
    return absl::OkStatus();
  }
  const Statement& statement = verified.statement.statement();
  Bytes payload = kept.delivered.payload;
  opened.item.fetched = !payload.empty();
  if (payload.empty() && fetching == Fetching::kNever) return absl::OkStatus();
  if (payload.empty()) {
    absl::StatusOr<Bytes> fetched =
        FetchPayload(parts_.connection, parts_.retrier, statement.id, statement.payload);
    if (!fetched.ok()) return Withheld(fetched.status(), kept, opened.item);
    payload = *std::move(fetched);
  }
  ASSIGN_OR_RETURN(opened.content,
                   OpenContent(verified.statement, verified.Source(), kept.delivered.slot, payload,
                               parts_.keys.seal[*verified.own_key]));
  opened.item.title = opened.content.title;
  opened.item.kind = opened.content.kind;
  if (!opened.content.known_schema) opened.warnings.push_back("UNKNOWN_SCHEMA");
  if (opened.item.fetched) return absl::OkStatus();
  opened.item.fetched = true;
  // Kept or not, it is shown: what could not be kept is fetched again.
  parts_.state.StorePayload(kept, payload).IgnoreError();
  return absl::OkStatus();
}

absl::StatusOr<OpenedBulletin> InboxShelf::Open(const KeptEntry& kept) {
  ASSIGN_OR_RETURN(Desk desk, MakeDesk());
  ASSIGN_OR_RETURN(OpenedBulletin opened, OpenAt(desk, kept, Fetching::kAllowed));
  if (opened.item.state != InboxState::kLive) return opened;
  for (std::string& warning : parts_.directory.Warnings(*desk.directory, parts_.clock.Now())) {
    opened.warnings.push_back(std::move(warning));
  }
  return opened;
}

absl::StatusOr<OpenedBulletin> InboxShelf::OpenReadable(const KeptEntry& kept) {
  ASSIGN_OR_RETURN(OpenedBulletin opened, Open(kept));
  if (opened.item.state != InboxState::kLive) return NotReadable(opened.item);
  return opened;
}

absl::StatusOr<InboxItem> InboxShelf::Describe(const KeptEntry& kept) {
  ASSIGN_OR_RETURN(Desk desk, MakeDesk());
  ASSIGN_OR_RETURN(OpenedBulletin opened, OpenAt(desk, kept, Fetching::kNever));
  return std::move(opened.item);
}

absl::StatusOr<std::vector<InboxItem>> InboxShelf::List(uint64_t after) {
  std::vector<InboxItem> items;
  RETURN_IF_ERROR(VisitFrom(after, Fetching::kNever, [&](const KeptEntry&, OpenedBulletin&& each) {
    items.push_back(std::move(each.item));
    return absl::OkStatus();
  }));
  return items;
}

absl::Status InboxShelf::Visit(Fetching fetching, const Visitor& visitor) {
  return VisitFrom(0, fetching, visitor);
}

absl::Status InboxShelf::VisitOne(Desk& desk, const KeptEntry& kept, Fetching fetching,
                                  const Visitor& visitor) {
  absl::StatusOr<OpenedBulletin> opened = OpenAt(desk, kept, fetching);
  if (absl::IsNotFound(opened.status())) return absl::OkStatus();
  RETURN_IF_ERROR(opened.status());
  return visitor(kept, *std::move(opened));
}

absl::Status InboxShelf::VisitFrom(uint64_t after, Fetching fetching, const Visitor& visitor) {
  ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
  ASSIGN_OR_RETURN(const std::vector<KeptEntry> carried, parts_.state.Carried());
  if (cursor.size == 0 && carried.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Desk desk, MakeDesk());
  for (;;) {
    ASSIGN_OR_RETURN(const std::vector<KeptEntry> entries, parts_.state.Entries(after, kListBatch));
    for (const KeptEntry& kept : entries) {
      after = kept.delivered.seq;
      RETURN_IF_ERROR(VisitOne(desk, kept, fetching, visitor));
    }
    if (entries.size() < kListBatch) break;
  }
  for (const KeptEntry& kept : carried) {
    RETURN_IF_ERROR(VisitOne(desk, kept, fetching, visitor));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<InboxItem>> InboxShelf::Publications() {
  ASSIGN_OR_RETURN(const std::vector<Publication> publications, parts_.state.Publications());
  std::vector<InboxItem> items;
  if (publications.empty()) return items;
  ASSIGN_OR_RETURN(Desk desk, MakeDesk());
  for (const Publication& publication : publications) {
    ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept,
                     parts_.state.FindBulletin(publication.id));
    if (kept.has_value()) {
      absl::StatusOr<OpenedBulletin> opened = OpenAt(desk, *kept, Fetching::kNever);
      if (opened.ok()) items.push_back(std::move(opened->item));
      if (opened.ok()) continue;
      if (!absl::IsNotFound(opened.status())) return opened.status();
    }
    // Published, but the author's own entry has not been fetched yet, or is taken away meanwhile.
    KeptEntry pending;
    pending.id = publication.id;
    pending.delivered.statement = publication.statement;
    pending.delivered.log_index = publication.log_index;
    pending.received = publication.published;
    ASSIGN_OR_RETURN(InboxItem item, ItemOf(desk, pending));
    items.push_back(std::move(item));
    items.back().fetched = false;
  }
  return items;
}

}  // namespace shield
