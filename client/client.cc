#include "client/client.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "client/audit/audit_home.h"
#include "client/audit/broker_retention.h"
#include "client/audit/log_copy.h"
#include "client/audit/log_witness.h"
#include "client/audit/prove_logged.h"
#include "client/audit/standing_alarms.h"
#include "client/board/read_board.h"
#include "client/board/served_readers.h"
#include "client/client_core.h"
#include "client/export/export_bulletin.h"
#include "client/export/import_bulletin.h"
#include "client/publish/explain.h"
#include "client/publish/share_on.h"
#include "client/publish/share_source.h"
#include "client/receive/fetch_attachment.h"
#include "client/receive/openings.h"
#include "client/receive/receipt_courier.h"
#include "policy/proof/hidden_audience.h"

namespace shield {

absl::StatusOr<Client> Client::Open(const Home& home, const Passphrase& passphrase,
                                    std::shared_ptr<Connection> connection, Clock& clock,
                                    Random& random, const ClientOptions& options) {
  ASSIGN_OR_RETURN(MemberKeys keys, home.ReadKeys(passphrase));
  return Open(home, std::move(keys), std::move(connection), clock, random, options);
}

absl::StatusOr<Client> Client::Open(const Home& home, MemberKeys keys,
                                    std::shared_ptr<Connection> connection, Clock& clock,
                                    Random& random, const ClientOptions& options) {
  ASSIGN_OR_RETURN(NetworkFile network, home.ReadNetwork());
  if (network.network != keys.network) {
    return WithHint(absl::FailedPreconditionError(
                        "the keys of this home belong to another network than network.shield"),
                    "give each network a home of its own");
  }
  ASSIGN_OR_RETURN(std::unique_ptr<ClientState> state,
                   ClientState::Open(home.PathOf("state.db"), keys.SignerName()));
  return Client(std::make_shared<ClientCore>(home, std::move(keys), std::move(network),
                                             std::move(state), std::move(connection), clock, random,
                                             options));
}

const MemberId& Client::member() const { return core_->parts().keys.member; }

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> Client::SyncDirectory() {
  return core_->parts().directory.Sync();
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> Client::NewestDirectory() {
  return core_->parts().directory.Newest();
}

absl::StatusOr<PublicationPlan> Client::Plan(const Draft& draft) {
  return core_->publisher().Plan(draft);
}

absl::StatusOr<bool> Client::IsUnconfirmed(const Draft& draft) {
  return core_->publisher().IsUnconfirmed(draft);
}

absl::StatusOr<Published> Client::Publish(const Draft& draft, const PublishConditions& conditions) {
  return core_->publisher().Publish(draft, conditions);
}

absl::StatusOr<bool> Client::IsCommitted(const BulletinId& pending) {
  return core_->publisher().IsCommitted(pending);
}

absl::StatusOr<Published> Client::Withdraw(const BulletinId& id) {
  return core_->publisher().Withdraw(id);
}

absl::Status Client::CheckWithdrawal(const BulletinId& id) {
  return core_->publisher().CheckWithdrawal(id);
}

absl::StatusOr<bool> Client::IsWithdrawalUnconfirmed(const BulletinId& id) {
  return core_->publisher().IsWithdrawalUnconfirmed(id);
}

absl::StatusOr<std::optional<PendingBulletin>> Client::FindPending(Relation relation,
                                                                   const BulletinId& target) {
  return core_->publisher().FindPending(relation, target);
}

absl::StatusOr<Published> Client::Resume(const BulletinId& pending) {
  return core_->publisher().Resume(pending);
}

absl::StatusOr<std::optional<BulletinId>> Client::FindPendingDraft(const Digest& draft) {
  ASSIGN_OR_RETURN(const std::optional<OutboxEntry> entry, core_->parts().state.FindOutbox(draft));
  if (!entry.has_value()) return std::nullopt;
  return std::optional(entry->id);
}

absl::StatusOr<Tlp> Client::WithdrawnLabel(const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::string note, SourceStatement(core_->parts(), id));
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(note));
  return statement.tlp;
}

absl::StatusOr<PublicationPlan> Client::PlanShare(const ShareOrder& order) {
  ASSIGN_OR_RETURN(const ShareSource source,
                   OpenShareSource(core_->parts(), core_->shelf(), order.id));
  return core_->publisher().PlanShare(source, order);
}

absl::StatusOr<SharedOn> Client::Share(const ShareOrder& order) {
  ASSIGN_OR_RETURN(const ShareSource source,
                   OpenShareSource(core_->parts(), core_->shelf(), order.id));
  return ShareOn(core_->parts(), core_->publisher(), source, order);
}

absl::StatusOr<Decision> Client::Explain(const Draft& draft, const MemberId& member) {
  return core_->publisher().Explain(draft, member);
}

absl::StatusOr<Decision> Client::Explain(const BulletinId& id, const MemberId& member) {
  const ClientParts parts = core_->parts();
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Newest());
  return ExplainHeld(parts, id, member, *directory, parts.clock.Now());
}

absl::StatusOr<SyncReport> Client::Sync() { return core_->Sync(); }

absl::Status Client::Subscribe(const InboxHandler& handler) { return core_->Subscribe(handler); }

void Client::Stop() { core_->Stop(); }

absl::Status Client::Acknowledge(uint64_t seq) { return core_->Acknowledge(seq - 1, seq); }

absl::Status Client::AcknowledgeThrough(uint64_t seq) { return core_->Acknowledge(0, seq); }

absl::Status Client::SendReceipts() {
  const auto refused = core_->parts().retrier.Run([&](absl::Duration left) {
    return SendDueReceipts(core_->parts(), std::min(left, kReceiptTimeout));
  });
  return refused.status();
}

absl::StatusOr<StatusBoard> Client::Board(const BulletinId& id) {
  ShareMemory memory;
  return ReadBoard(core_->parts(), core_->shelf(), id, kMaxSharesAsked, memory);
}

absl::StatusOr<StatusBoard> Client::Board(const BulletinId& id, ShareMemory& memory) {
  return ReadBoard(core_->parts(), core_->shelf(), id, kMaxSharesAskedInWatch, memory);
}

absl::StatusOr<std::vector<InboxItem>> Client::Inbox(uint64_t after) {
  return core_->shelf().List(after);
}

absl::StatusOr<InboxItem> Client::Item(uint64_t seq) {
  ASSIGN_OR_RETURN(const KeptEntry kept, core_->shelf().Find(seq));
  return core_->shelf().Describe(kept);
}

absl::StatusOr<InboxItem> Client::Item(const BulletinId& id) {
  ASSIGN_OR_RETURN(const KeptEntry kept, core_->shelf().Find(id));
  return core_->shelf().Describe(kept);
}

absl::StatusOr<uint64_t> Client::LastEntry() {
  ASSIGN_OR_RETURN(const InboxCursor cursor, core_->parts().state.Position());
  return cursor.size;
}

absl::StatusOr<std::vector<Retained>> Client::ContentThatEnds(absl::Time until, uint64_t max) {
  ASSIGN_OR_RETURN(const std::vector<RetainedContent> kept,
                   core_->parts().state.Retained(until, max));
  std::vector<Retained> retained;
  retained.reserve(kept.size());
  for (const RetainedContent& each : kept) {
    Retained item{each.id, static_cast<Retained::Place>(each.place)};
    item.expires = each.expires;
    if (const auto statement = ReadClaimedStatement(each.statement); statement.ok()) {
      item.bulletin_class = statement->bulletin_class;
      item.tlp = statement->tlp;
    }
    retained.push_back(item);
  }
  return retained;
}

absl::StatusOr<std::vector<ForkAlarm>> Client::Alarms() { return core_->parts().state.Forks(); }

absl::StatusOr<std::vector<ForkAlarm>> Client::StandingAlarms() {
  return FindStandingAlarms(core_->parts());
}

absl::StatusOr<OpenedBulletin> Client::Show(uint64_t seq) {
  ASSIGN_OR_RETURN(const KeptEntry kept, core_->shelf().Find(seq));
  return core_->Show(kept);
}

absl::StatusOr<OpenedBulletin> Client::Show(const BulletinId& id) {
  ASSIGN_OR_RETURN(const KeptEntry kept, core_->shelf().Find(id));
  return core_->Show(kept);
}

absl::StatusOr<OpenedBulletin> Client::Read(const BulletinId& id) {
  ASSIGN_OR_RETURN(const KeptEntry kept, core_->shelf().Find(id));
  return core_->shelf().OpenReadable(kept);
}

absl::Status Client::FetchAttachment(const BulletinId& id, size_t number, const std::string& path) {
  ASSIGN_OR_RETURN(const OpenedBulletin opened, Read(id));
  return shield::FetchAttachment(core_->parts(), opened, number, path);
}

absl::Status Client::VisitShelf(Fetching fetching, const ShelfVisitor& visitor) {
  return shield::VisitShelf(core_->parts(), core_->shelf(), fetching, visitor);
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> Client::DirectoryAt(uint64_t version) {
  // Asked for each of thousands of bulletins: no later version is read to find that it is another.
  ASSIGN_OR_RETURN(const uint64_t parts, core_->parts().state.CountParts(version));
  if (parts == 0) return absl::NotFoundError("that version of the directory is not here");
  ASSIGN_OR_RETURN(std::shared_ptr<const VerifiedDirectory> directory,
                   core_->parts().directory.At(version));
  if (directory->version() == version) return directory;
  return absl::NotFoundError("that version of the directory is not here");
}

absl::StatusOr<std::vector<InboxItem>> Client::Publications() {
  return core_->shelf().Publications();
}

absl::StatusOr<std::optional<std::vector<AudienceToken>>> Client::AudienceOf(const BulletinId& id) {
  ASSIGN_OR_RETURN(const KeptEntry kept, core_->shelf().Find(id));
  ASSIGN_OR_RETURN(const std::optional<Publication> own, core_->parts().state.FindPublication(id));
  ASSIGN_OR_RETURN(const std::vector<Opening> openings,
                   ReadOpenings(own.has_value() ? own->openings : kept.delivered.openings));
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(kept.delivered.statement));
  ASSIGN_OR_RETURN(std::vector<AudienceToken> audience,
                   OpenAudience(statement.audience, openings, OpeningsNeeded::kSome));
  for (const AudienceToken& token : audience) {
    if (token.kind == AudienceToken::Kind::kHidden) return std::nullopt;
  }
  return std::make_optional(std::move(audience));
}

absl::StatusOr<std::vector<ReaderStatus>> Client::Readers(const BulletinId& id) {
  return core_->parts().retrier.Run(
      [&](absl::Duration left) { return core_->parts().connection.GetStatus(id, left); });
}

absl::StatusOr<std::set<MemberId>> Client::Served(const BulletinId& id) {
  return ServedReaders(core_->parts(), core_->shelf(), id);
}

absl::StatusOr<ExportReport> Client::Export(const BulletinId& id, const std::string& folder) {
  return Export(id, ExportOrder{folder});
}

absl::StatusOr<ExportReport> Client::Export(const BulletinId& id, const ExportOrder& order) {
  ASSIGN_OR_RETURN(const KeptEntry kept, core_->shelf().Find(id));
  absl::StatusOr<ExportReport> report = ExportBulletin(core_->parts(), core_->shelf(), kept, order);
  // A home that has no room for the receipt does not take back what has been written.
  if (report.ok()) NoteReceiptOf(core_->parts(), kept, ReceiptState::kOpened).IgnoreError();
  return report;
}

absl::StatusOr<ImportReport> Client::Import(const std::string& folder) {
  absl::StatusOr<ImportReport> report = ImportBulletin(core_->parts(), core_->network(), folder);
  // A home without a broker has no other moment for it. What fails now is made up for by the next.
  if (report.ok()) core_->DropExpired().IgnoreError();
  return report;
}

absl::StatusOr<BrokerRetention> Client::ListDueAtBroker(absl::Time until, uint64_t max) {
  return ListBrokerRetention(core_->parts(), until, max);
}

absl::StatusOr<AuditReport> Client::Audit() { return AuditHome(core_->parts()); }

absl::StatusOr<KnownLeaves> Client::LogLeaves(bool ask) { return ListLog(core_->parts(), ask); }

absl::StatusOr<std::string> Client::ProveLogged(const BulletinId& id) {
  return shield::ProveLogged(core_->parts(), id);
}

absl::StatusOr<LogExport> Client::ExportLog(const std::string& folder) {
  const ClientParts parts = core_->parts();
  ASSIGN_OR_RETURN(const KeptCheckpoint newest, LogKeeper(parts).Advance());
  ASSIGN_OR_RETURN(const uint64_t files, WriteLog(parts, newest, folder));
  return LogExport{files, newest.size};
}

absl::StatusOr<std::string> Client::CosignLog(bool hand_in) {
  const ClientParts parts = core_->parts();
  ASSIGN_OR_RETURN(const SigningKey::Named key,
                   OpenWitnessKey(core_->home(), parts.keys, parts.random));
  ASSIGN_OR_RETURN(std::string note, CosignNewest(parts, key));
  if (!hand_in) return note;
  RETURN_IF_ERROR(
      parts.retrier.Run([&](absl::Duration left) { return parts.connection.Cosign(note, left); }));
  return note;
}

}  // namespace shield
