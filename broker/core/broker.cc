#include "broker/core/broker.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/core/bulletin_intake.h"
#include "broker/core/content_reader.h"
#include "broker/core/directory_view.h"
#include "broker/core/inbox_subscription.h"
#include "broker/core/receipt_intake.h"
#include "broker/core/reference_check.h"
#include "broker/core/refusals.h"
#include "broker/core/retention_list.h"
#include "policy/decide.h"
#include "policy/recipient_list.h"

namespace shield::broker {
namespace {

store::CommitterOptions CommitterSettings(std::function<void()> on_commit,
                                          std::function<void(const absl::Status&)> on_failure) {
  store::CommitterOptions options;
  options.on_commit = [on_commit = std::move(on_commit)](uint64_t) { on_commit(); };
  options.on_failure = std::move(on_failure);
  return options;
}

Clock& PacingOf(const BrokerSetup& setup) {
  return setup.pacing == nullptr ? setup.clock : *setup.pacing;
}

// Whether it was signed by other keys, or for another network: a backup would hold the same.
bool IsOfAnotherFile(absl::string_view rule) {
  return rule == "BAD_SIGNATURE" || rule == "NETWORK_MISMATCH" || rule == "ROLLBACK" ||
         rule == "AUTHORITY_FORK";
}

absl::Status NotRestored(uint64_t version, const absl::Status& why) {
  const std::string directory = absl::StrCat("directory ", version, " in the store");
  if (!IsOfAnotherFile(RuleOf(why))) {
    return absl::DataLossError(absl::StrCat(directory, " cannot be read: ", why.message()));
  }
  return WithHint(
      absl::FailedPreconditionError(
          absl::StrCat(directory,
                       " was not signed by the keys of the network file that the broker was "
                       "started with: ",
                       why.message())),
      "start it with the network.shield of this network, which the authority's home holds; with a "
      "store that was put back from before a rotation, with the file of before that rotation");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Broker>> Broker::Create(BrokerSetup setup) {
  std::unique_ptr<Broker> broker(new Broker(std::move(setup)));
  RETURN_IF_ERROR(broker->PostStored());
  return broker;
}

Broker::Broker(BrokerSetup setup)
    : network_(std::move(setup.network)),
      signer_(network_.network, std::move(setup.broker_key), std::move(setup.log_key), setup.clock),
      store_(setup.store),
      clock_(setup.clock),
      log_(setup.log),
      board_(network_, clock_),
      shelf_(store_, clock_),
      holders_(store_),
      growth_(store_),
      rates_(setup.rates, PacingOf(setup)),
      retention_(std::move(setup.retention)),
      log_desk_(store_, signer_, board_, clock_),
      committer_(store_, clock_,
                 CommitterSettings([this] { OnCommit(); }, std::move(setup.on_failure))),
      parts_{network_, store_,  committer_, clock_,     log_,    board_,         shelf_,
             holders_, growth_, rates_,     retention_, signer_, PacingOf(setup)} {}

Broker::~Broker() { committer_.Stop(); }

absl::Status Broker::PostStored() {
  const absl::StatusOr<store::DirectoryRecord> record = store_.ReadDirectory();
  if (absl::IsNotFound(record.status())) return absl::OkStatus();
  RETURN_IF_ERROR(record.status());
  absl::StatusOr<PostedDirectory> posted = RestorePosted(*record, network_);
  if (!posted.ok()) return NotRestored(record->version, posted.status());
  board_.Post(std::make_shared<const PostedDirectory>(*std::move(posted)));
  return absl::OkStatus();
}

void Broker::Start() { committer_.Start(); }
void Broker::Stop() { committer_.Stop(); }
bool Broker::Step() { return committer_.Step(); }

void Broker::Sweep() {
  if (sweeping_.exchange(true)) return;
  SweepOn();
}

// One bounded part after another, each behind what waits by then.
void Broker::SweepOn() {
  const absl::Status queued = committer_.SubmitSweep(
      {.now = clock_.Now()}, [this](const absl::StatusOr<store::SweepReceipt>& receipt) {
        if (receipt.ok() && (receipt->slots > 0 || receipt->bulletins > 0)) {
          shield::Log(log_, clock_, "erased",
                      {{"slots", receipt->slots}, {"bulletins", receipt->bulletins}});
        }
        if (receipt.ok() && receipt->more) return SweepOn();
        sweeping_ = false;
      });
  if (!queued.ok()) sweeping_ = false;
}

// On the committing thread, after each group. Receipts are no news for those who follow an inbox.
void Broker::OnCommit() {
  // A feed that cannot be read is a failed store, and the committer tells of that.
  const absl::StatusOr<bool> news = growth_.CatchUp(shelf_);
  if (!news.ok() || !*news) return;
  if (FeedListener* listener = listener_.load()) listener->FeedGrew();
}

void Broker::Revoked(std::span<const Digest> pins) {
  FeedListener* listener = listener_.load();
  if (listener == nullptr) return;
  listener->PinsRevoked(pins);
  listener->FeedGrew();
}

absl::StatusOr<BrokerIdentity> Broker::GetBroker(const Caller& caller) {
  RETURN_IF_ERROR(rates_.AdmitCall(caller.pin));
  return BrokerIdentity{signer_.BrokerKeyText(), signer_.LogKeyText(), std::string(kSoftware),
                        clock_.Now()};
}

absl::StatusOr<std::unique_ptr<DirectoryReader>> Broker::GetDirectory(const Caller& caller,
                                                                      uint64_t have_version) {
  RETURN_IF_ERROR(rates_.AdmitCall(caller.pin));
  ASSIGN_OR_RETURN(const Seat seat, board_.ReportingSeat(caller));
  const bool unchanged = have_version == seat.directory().version();
  std::vector<uint32_t> shown;
  if (!unchanged) shown = VisibleOrgs(seat);
  return std::make_unique<DirectoryView>(seat.posted, std::move(shown), unchanged);
}

absl::StatusOr<std::unique_ptr<DirectorySession>> Broker::PublishDirectory(const Caller& caller) {
  RETURN_IF_ERROR(rates_.AdmitCall(caller.pin));
  return DirectoryIntake::Open(parts_, caller,
                               [this](std::span<const Digest> pins) { Revoked(pins); });
}

absl::StatusOr<std::unique_ptr<PublishSession>> Broker::Publish(const Caller& caller) {
  ASSIGN_OR_RETURN(Seat seat, board_.ReportingSeat(caller));
  RETURN_IF_ERROR(rates_.AdmitPublish(caller.pin));
  return std::make_unique<BulletinIntake>(parts_, caller, std::move(seat));
}

absl::StatusOr<std::unique_ptr<Subscription>> Broker::Subscribe(const Caller& caller,
                                                                SubscribeQuery query) {
  RETURN_IF_ERROR(rates_.AdmitCall(caller.pin));
  return InboxSubscription::Open(parts_, caller, query);
}

void Broker::Acknowledge(const Caller& caller, uint64_t seq, const Digest& hash,
                         AcknowledgeCallback callback) {
  absl::Status admitted = rates_.AdmitCall(caller.pin);
  absl::StatusOr<Seat> seat = board_.ActiveSeat(caller);
  if (admitted.ok()) admitted = seat.status();
  if (!admitted.ok()) {
    callback(admitted);
    return;
  }
  // Who was not given entry `seq` does not know its chain hash: it binds the slot, and no head is
  // signed for a member beyond what it was given (inbox_subscription.h).
  const absl::Status queued = committer_.SubmitAcknowledge({seat->member->id, seq, hash}, callback);
  if (!queued.ok()) callback(queued);
}

void Broker::AddReceipts(const Caller& caller, std::vector<std::string> notes,
                         ReceiptsCallback callback) {
  absl::Status admitted = rates_.AdmitReceipts(caller.pin, notes.size());
  absl::StatusOr<Seat> seat = board_.ActiveSeat(caller);
  if (admitted.ok()) admitted = seat.status();
  if (!admitted.ok()) {
    callback(admitted);
    return;
  }
  absl::StatusOr<JudgedReceipts> judged = JudgeReceipts(parts_, *seat, notes);
  if (!judged.ok()) {
    callback(judged.status());
    return;
  }
  if (judged->accepted.empty()) {
    callback(std::move(judged->rules));
    return;
  }
  const auto done = [callback,
                     rules = std::move(judged->rules)](const absl::StatusOr<uint64_t>& added) {
    if (added.ok()) {
      callback(rules);
    } else {
      callback(added.status());
    }
  };
  const absl::Status queued =
      committer_.SubmitReceipts({seat->member->id, std::move(judged->accepted)}, done);
  if (!queued.ok()) callback(queued);
}

absl::StatusOr<std::unique_ptr<FetchReader>> Broker::Fetch(const Caller& caller,
                                                           const FetchQuery& query) {
  RETURN_IF_ERROR(rates_.AdmitCall(caller.pin));
  return ContentReader::Open(parts_, caller, query);
}

absl::StatusOr<std::vector<RecipientStatus>> Broker::GetStatus(const Caller& caller,
                                                               const BulletinId& id) {
  RETURN_IF_ERROR(rates_.AdmitCall(caller.pin));
  ASSIGN_OR_RETURN(const Seat seat, board_.ActiveSeat(caller));
  const absl::StatusOr<ShelvedBulletinPtr> bulletin = shelf_.Take(id, *seat.posted);
  if (absl::IsNotFound(bulletin.status())) return NoSuchBulletin();
  RETURN_IF_ERROR(bulletin.status());
  RETURN_IF_ERROR(CheckMayKnowHolders(seat, **bulletin));
  std::vector<RecipientStatus> recipients;
  RETURN_IF_ERROR(AddHolders(seat, id, std::nullopt, recipients));
  ASSIGN_OR_RETURN(const std::vector<BulletinId> shares, store_.ReadShares(id));
  for (const BulletinId& share : shares) {
    ASSIGN_OR_RETURN(const store::BulletinRecord passed_on, store_.ReadBulletin(share));
    RETURN_IF_ERROR(AddHolders(seat, share, passed_on.sender, recipients));
  }
  return recipients;
}

absl::StatusOr<std::string> Broker::GetStatement(const Caller& caller, const BulletinId& id) {
  RETURN_IF_ERROR(rates_.AdmitCall(caller.pin));
  ASSIGN_OR_RETURN(const Seat seat, board_.ActiveSeat(caller));
  const absl::StatusOr<ShelvedBulletinPtr> bulletin = shelf_.Take(id, *seat.posted);
  if (absl::IsNotFound(bulletin.status())) return NoSuchBulletin();
  RETURN_IF_ERROR(bulletin.status());
  RETURN_IF_ERROR(CheckMayHaveStatement(seat, **bulletin));
  return (*bulletin)->shared->content().statement;
}

absl::Status Broker::CheckMayHaveStatement(const Seat& seat, const ShelvedBulletin& bulletin) {
  ASSIGN_OR_RETURN(Terms terms, TermsOfOriginal(bulletin, seat.directory()));
  terms.state = BulletinState::kLive;  // it may have ended: that is no reason not to know it
  const Statement& statement = bulletin.statement;
  const RelationRequest withdrawal{Relation::kWithdraws, seat.member->id, statement.tlp};
  if (DecideRelation(seat.directory(), terms, withdrawal, clock_.Now()).allowed) {
    return absl::OkStatus();
  }
  const Reference* original = statement.Find(Relation::kShares);
  if (original == nullptr) return NoSuchBulletin();
  ASSIGN_OR_RETURN(const ShelvedBulletinPtr shared, shelf_.Take(original->id, *seat.posted));
  return CheckMayKnowHolders(seat, *shared);
}

absl::Status Broker::AddHolders(const Seat& seat, const BulletinId& id,
                                const std::optional<MemberId>& shared_by,
                                std::vector<RecipientStatus>& recipients) {
  ASSIGN_OR_RETURN(const std::vector<store::RecipientCursor> cursors,
                   store_.ReadRecipientCursors(id));
  ASSIGN_OR_RETURN(const std::vector<store::ReceiptRecord> signed_by, store_.ReadReceipts(id));
  absl::flat_hash_map<MemberId, std::vector<std::string>> receipts;
  for (const store::ReceiptRecord& each : signed_by) {
    receipts[each.member].push_back(ToString(each.note));
  }
  for (const store::RecipientCursor& each : cursors) {
    // Records of members outlive them by 400 days; one that is gone has no organisation to show.
    const MemberRecord* member = seat.directory().FindMember(each.member);
    // What a sharer holds of its own share, or whom a withdrawal of it told, is nobody new.
    const bool news = !shared_by.has_value() || (each.member != *shared_by && !each.told);
    if (member == nullptr || !news) continue;
    recipients.push_back({each.member, member->org, each.acknowledged, each.told, shared_by,
                          std::move(receipts[each.member])});
  }
  return absl::OkStatus();
}

// Who is told of a withdrawal are the holders of what it takes back.
absl::Status Broker::CheckMayKnowHolders(const Seat& seat, const ShelvedBulletin& bulletin) {
  ASSIGN_OR_RETURN(const Terms terms, TermsOfOriginal(bulletin, seat.directory()));
  const Decision decision =
      DecideRecipientList(seat.directory(), terms, seat.member->id, clock_.Now());
  if (!decision.allowed) return NoSuchBulletin();
  const Reference* target = bulletin.statement.Find(Relation::kWithdraws);
  if (target == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ShelvedBulletinPtr withdrawn, shelf_.Take(target->id, *seat.posted));
  return CheckMayKnowHolders(seat, *withdrawn);
}

absl::StatusOr<RetentionPage> Broker::GetRetention(const Caller& caller,
                                                   const RetentionQuery& query) {
  RETURN_IF_ERROR(rates_.AdmitCall(caller.pin));
  ASSIGN_OR_RETURN(const Seat seat, board_.ActiveSeat(caller));
  return ListDue(parts_, seat, query);
}

absl::StatusOr<LogProof> Broker::Log(const Caller& caller, const LogQuery& query) {
  RETURN_IF_ERROR(rates_.AdmitCall(caller.pin));
  // Who may report may see that what it reported is in the log: there are hashes only.
  RETURN_IF_ERROR(board_.ReportingSeat(caller).status());
  return log_desk_.Answer(query);
}

}  // namespace shield::broker
