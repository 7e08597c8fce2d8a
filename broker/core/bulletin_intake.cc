#include "broker/core/bulletin_intake.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/core/reference_check.h"
#include "broker/core/refusals.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/audience.h"
#include "policy/decide.h"
#include "policy/proof/log_leaf.h"
#include "policy/share.h"

namespace shield::broker {
namespace {

PublishReceipt ReceiptOf(const BulletinId& id, const store::PublishReceipt& stored) {
  return {id,          stored.recipients, stored.directory_version, stored.log_index,
          stored.told, stored.replayed,   stored.warnings};
}

absl::StatusOr<Statement> ReadStatement(const std::string& note) {
  absl::StatusOr<SignedNote> parsed = ParseNote(note, {kMaxStatementBytes, 1});
  if (!parsed.ok()) {
    return WithRule(Annotate(parsed.status(), "statement refused"), "STATEMENT_MALFORMED");
  }
  return ParseStatement(parsed->text);
}

absl::StatusOr<std::vector<Opening>> ReadOpenings(const std::vector<store::StoredOpening>& sent) {
  std::vector<Opening> openings;
  for (const store::StoredOpening& each : sent) {
    ASSIGN_OR_RETURN(AudienceToken token, ParseAudienceToken(each.token));
    Opening opening{{}, std::move(token)};
    if (each.salt.size() != opening.salt.size()) {
      return OutOfOrder("the salt of an opening is 16 bytes");
    }
    std::copy(each.salt.begin(), each.salt.end(), opening.salt.begin());
    openings.push_back(std::move(opening));
  }
  return openings;
}

// Whom the slots are for, in their order. A recipient without a seal key at `issued` cannot be
// sealed to and has no slot.
std::vector<Addressee> AddresseesOf(const VerifiedDirectory& directory,
                                    const std::vector<Chosen>& recipients, absl::Time issued) {
  std::vector<Addressee> addressees;
  addressees.reserve(recipients.size());
  for (const Chosen& chosen : recipients) {
    const std::optional<X25519PublicKey> key = directory.SealKey(chosen.member, issued);
    if (key.has_value()) addressees.push_back({*key, chosen.member});
  }
  std::sort(addressees.begin(), addressees.end(),
            [](const Addressee& a, const Addressee& b) { return a.key < b.key; });
  return addressees;
}

// Where those of them are now whom the audience names in person. Addressees stand in the order of
// the recipient tree.
std::vector<store::NamedRecipient> NamedOf(const Directory& directory, const Targets& targets,
                                           const std::vector<Addressee>& addressees) {
  std::vector<store::NamedRecipient> named;
  if (targets.members.empty()) return named;
  for (uint32_t leaf = 0; leaf < addressees.size(); ++leaf) {
    const MemberId& member = addressees[leaf].member;
    if (!targets.Names(member)) continue;
    named.push_back({leaf, directory.FindMember(member)->org});
  }
  return named;
}

absl::Status CheckNamesCurrent(const Statement& statement, const PostedDirectory& posted) {
  const VerifiedDirectory& current = *posted.verified;
  if (statement.directory_version == current.version() &&
      statement.directory_digest == current.digest()) {
    return absl::OkStatus();
  }
  return DirectoryHasMoved(statement.directory_version, current.version());
}

absl::Status CheckInForce(const PostedDirectory& posted, absl::Time now) {
  const VerifiedDirectory& current = *posted.verified;
  if (current.ExpiredAt(now)) return DirectoryExpired(current.version());
  if (!posted.fresh.has_value() || !FreshAt(*posted.fresh, now).ok()) {
    return NoFreshness(current.version());
  }
  return absl::OkStatus();
}

absl::Status CheckRetention(const Statement& statement, const RetentionTable& retention) {
  const auto longest = retention.Longest(statement.bulletin_class, statement.tlp);
  const absl::Duration life = statement.expires - statement.issued;
  if (!longest.has_value() || life <= *longest) return absl::OkStatus();
  return LivesTooLong(life, *longest);
}

absl::Status CheckSizes(const Statement& statement) {
  if (statement.payload.bytes > store::kMaxPartBytes) {
    return TooMuch("bytes of payload", statement.payload.bytes, store::kMaxPartBytes);
  }
  for (const SizedDigest& object : statement.objects) {
    if (object.bytes > store::kMaxPartBytes) {
      return TooMuch("bytes of an object", object.bytes, store::kMaxPartBytes);
    }
  }
  return absl::OkStatus();
}

}  // namespace

BulletinIntake::BulletinIntake(const CoreParts& parts, const Caller& caller, Seat seat)
    : parts_(parts), caller_(caller), seat_(std::move(seat)) {}

BulletinIntake::~BulletinIntake() = default;

absl::Status BulletinIntake::OnHeader(PublishHeader header) {
  if (verified_.has_value() || replay_.has_value()) return OutOfOrder("a second header");
  return Refused(CheckHeader(header));
}

absl::Status BulletinIntake::CheckHeader(const PublishHeader& header) {
  ASSIGN_OR_RETURN(const Statement claimed, ReadStatement(header.statement));
  request_hash_ = Sha256(header.statement);
  ASSIGN_OR_RETURN(const std::optional<store::PublishReceipt> known,
                   parts_.store.FindReceipt(claimed.id, seat_.member->id, request_hash_));
  if (known.has_value()) {
    replay_ = ReceiptOf(claimed.id, *known);
    replay_->replayed = true;
    return absl::OkStatus();
  }
  if (claimed.author != seat_.member->id) return NotTheAuthor(claimed.author);
  ASSIGN_OR_RETURN(VerifiedStatement verified,
                   VerifyStatement(header.statement, seat_.directory(),
                                   KeyTime(seat_.directory(), parts_.clock.Now())));
  verified_ = std::move(verified);
  RETURN_IF_ERROR(CheckDirectory(claimed));
  RETURN_IF_ERROR(CheckSizes(claimed));
  RETURN_IF_ERROR(CheckRetention(claimed, parts_.retention));
  RETURN_IF_ERROR(CheckReferred(header));
  ASSIGN_OR_RETURN(opened_, ReadOpenings(openings_));
  RETURN_IF_ERROR(CheckPolicy());
  bytes_.emplace(parts_.store, verified_->statement());
  return absl::OkStatus();
}

absl::Status BulletinIntake::CheckReferred(const PublishHeader& header) {
  ASSIGN_OR_RETURN(CheckedReferences checked,
                   CheckReferences(parts_, seat_, *verified_, parts_.clock.Now()));
  referrals_ = std::move(checked.referrals);
  passed_on_ = std::move(checked.passed_on);
  openings_ = std::move(checked.openings);
  if (verified_->statement().IsWithdrawal()) {
    if (header.openings.empty()) return absl::OkStatus();
    return OutOfOrder("the openings of a withdrawal are those of what it takes back");
  }
  for (const AudienceOpening& each : header.openings) openings_.push_back({each.salt, each.token});
  return absl::OkStatus();
}

absl::Status BulletinIntake::CheckDirectory(const Statement& statement) const {
  const absl::Time now = parts_.clock.Now();
  RETURN_IF_ERROR(CheckNamesCurrent(statement, *seat_.posted));
  if (absl::AbsDuration(statement.issued - now) > kMaxClockSkew) {
    return IssuedAtAnotherTime(statement.issued, now);
  }
  // What must be taken back must not wait for the authority.
  if (statement.IsWithdrawal()) return absl::OkStatus();
  return CheckInForce(*seat_.posted, now);
}

absl::Status BulletinIntake::CheckStillGood() const {
  const Statement& statement = verified_->statement();
  const absl::Time now = parts_.clock.Now();
  ASSIGN_OR_RETURN(const Seat seat, parts_.board.ReportingSeat(caller_));
  RETURN_IF_ERROR(CheckNamesCurrent(statement, *seat.posted));
  if (statement.IsWithdrawal()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckInForce(*seat.posted, now));
  if (now < statement.expires) return absl::OkStatus();
  return RefusedByPolicy(RuleName(Rule::kExpired), "it expired before all of it had come");
}

absl::Status BulletinIntake::CheckPolicy() {
  const Statement& statement = verified_->statement();
  const Directory& directory = seat_.directory();
  ASSIGN_OR_RETURN(std::vector<AudienceToken> audience,
                   OpenAudience(statement.audience, opened_, OpeningsNeeded::kAll));
  audience_ = audience;
  ASSIGN_OR_RETURN(const Terms terms, TermsOf(directory, statement, std::move(audience)));
  ASSIGN_OR_RETURN(const std::vector<Chosen> recipients, Resolve(terms));
  std::vector<Addressee> addressees =
      AddresseesOf(*seat_.posted->verified, recipients, statement.issued);
  if (addressees.size() != statement.recipients) {
    return WrongRecipients(absl::StrCat("policy gives ", addressees.size(),
                                        ", the statement names ", statement.recipients));
  }
  named_ = NamedOf(directory, terms.targets, addressees);
  std::optional<FileKey> clear_key;
  if (statement.clear_key.has_value()) clear_key = FileKeyFromPublic(*statement.clear_key);
  slots_.emplace(std::move(addressees), std::move(clear_key));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Chosen>> BulletinIntake::Resolve(const Terms& terms) {
  const Directory& directory = seat_.directory();
  if (passed_on_.has_value()) {
    const SharePublication share{*passed_on_->original->terms, terms, passed_on_->sharer,
                                 passed_on_->holds_by_share};
    return ResolveShare(directory, share, terms.issued);
  }
  const Decision decision = DecidePublish(directory, terms, terms.issued);
  if (!decision.allowed) return RefusalOf(decision);
  ASSIGN_OR_RETURN(Recipients recipients, ResolveRecipients(directory, terms, terms.issued));
  if (decision.rule == Rule::kUntrustedSource) warnings_.emplace_back(RuleName(decision.rule));
  for (const Rule warning : recipients.warnings) warnings_.emplace_back(RuleName(warning));
  return std::move(recipients.recipients);
}

absl::Status BulletinIntake::OnSlots(ByteSpan chunk) {
  RETURN_IF_ERROR(parts_.rates.AdmitUpload(caller_.pin, chunk.size()));
  if (replay_.has_value()) return absl::OkStatus();
  if (!slots_.has_value() || sealed_.has_value()) return OutOfOrder("slots follow the header");
  return Refused(slots_->Take(chunk));
}

absl::Status BulletinIntake::OnPayload(ByteSpan chunk) { return OnPart(0, chunk); }

absl::Status BulletinIntake::OnObject(uint32_t object, ByteSpan chunk) {
  if (object >= kMaxObjects) return TooMuch("object number", object, kMaxObjects - 1);
  return OnPart(object + 1, chunk);
}

absl::Status BulletinIntake::OnPart(uint32_t part, ByteSpan chunk) {
  RETURN_IF_ERROR(parts_.rates.AdmitUpload(caller_.pin, chunk.size()));
  if (replay_.has_value()) return absl::OkStatus();
  if (!slots_.has_value()) return OutOfOrder("bytes before the header");
  if (passed_on_.has_value()) return OutOfOrder("a share has its original's bytes and sends none");
  RETURN_IF_ERROR(Refused(CloseSlots()));
  return Refused(bytes_->Take(part, chunk));
}

absl::Status BulletinIntake::CloseSlots() {
  if (sealed_.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(sealed_, slots_->Finish(verified_->statement()));
  return absl::OkStatus();
}

void BulletinIntake::Finish(Callback callback) {
  if (replay_.has_value()) {
    callback(*replay_);
    return;
  }
  absl::StatusOr<store::PublishCommand> command = MakeCommand();
  if (!command.ok()) {
    callback(Refused(command.status()));
    return;
  }
  upload_ = command->upload;
  fresh_ = MakeFresh(*command);
  store::Committer::PublishKept kept;
  if (fresh_.has_value()) {
    kept = [this](const store::PublishReceipt& receipt) {
      parts_.shelf.PutUpFresh(*std::move(fresh_), receipt);
    };
  }
  const absl::Status queued = parts_.committer.SubmitPublish(
      *std::move(command), parts_.clock.Now() + kCommitDeadline,
      [this, callback](const absl::StatusOr<store::PublishReceipt>& result) {
        Conclude(result, callback);
      },
      std::move(kept));
  if (!queued.ok()) Conclude(queued, callback);
}

absl::StatusOr<store::PublishCommand> BulletinIntake::MakeCommand() {
  if (!slots_.has_value()) return OutOfOrder("the call ended before its header");
  RETURN_IF_ERROR(CloseSlots());
  RETURN_IF_ERROR(CheckStillGood());
  const Statement& statement = verified_->statement();
  store::PublishCommand command{statement.id, statement.author};
  if (passed_on_.has_value()) {
    command.part_bytes = passed_on_->original->record.part_bytes;
  } else {
    RETURN_IF_ERROR(bytes_->Finish(command));
  }
  command.request_hash = request_hash_;
  command.directory_version = statement.directory_version;
  command.statement = ToBytes(AsBytes(verified_->note()));
  command.text_digest = verified_->text_digest();
  command.openings = std::move(openings_);
  command.source = seat_.org->id;
  command.community = seat_.org->community;
  command.named = std::move(named_);
  command.slots = sealed_->bytes;
  command.deliveries = std::move(sealed_->deliveries);
  ASSIGN_OR_RETURN(command.not_told, NotTold(parts_.store, seat_.directory(), referrals_));
  command.referrals = std::move(referrals_);
  command.log_entry = LogEntry(LogKind::kBulletin, verified_->text_digest());
  command.expires = statement.expires;
  command.warnings = std::move(warnings_);
  return command;
}

std::optional<FreshBulletin> BulletinIntake::MakeFresh(const store::PublishCommand& command) const {
  for (const store::Referral& referral : command.referrals) {
    if (referral.effect != store::Effect::kNone) return std::nullopt;
  }
  const Statement& statement = verified_->statement();
  store::BulletinRecord record = store::RecordOf(command, {});
  std::optional<Terms> terms = TermsUnder(seat_.directory(), record, statement, audience_);
  FreshBulletin fresh{
      {.record = std::move(record),
       .statement = statement,
       .openings = opened_,
       .terms = std::move(terms),
       .original_terms = std::nullopt,
       .directory_version = seat_.directory().version(),
       .recipients = {sealed_->whose, &sealed_->whose->tree()},
       .shared = nullptr,
       .slots = std::make_shared<const SlotsAtHand>(SlotsAtHand{sealed_->bytes, sealed_->whose})},
      {.statement = verified_->note(),
       .log_index = 0,
       .payload = ToString(command.payload),
       .state = EntryState::kLive,
       .ended_by = {}}};
  return fresh;
}

void BulletinIntake::Conclude(const absl::StatusOr<store::PublishReceipt>& result,
                              const Callback& callback) {
  const BulletinId& id = verified_->statement().id;
  const bool kept = result.ok() && !result->replayed;
  // An unknown outcome may be a commit: its upload stays until the next start tells.
  const bool unknown = absl::IsUnavailable(result.status());
  if (upload_.has_value() && !kept && !unknown) parts_.store.DropUpload(*upload_).IgnoreError();
  if (!result.ok()) {
    callback(Refused(result.status()));
    return;
  }
  Log(parts_.log, parts_.clock, "publish_committed",
      {{"bulletin", id},
       {"author", verified_->statement().author},
       {"recipients", result->recipients},
       {"told", result->told},
       {"payload_bytes", verified_->statement().payload.bytes},
       {"objects", verified_->statement().objects.size()},
       {"log_index", result->log_index},
       {"replayed", result->replayed}});
  callback(ReceiptOf(id, *result));
}

absl::Status BulletinIntake::Refused(absl::Status status) {
  if (!status.ok()) {
    Log(parts_.log, parts_.clock, "publish_refused",
        {{"caller", seat_.member->id}, {"code", status.code()}});
  }
  return status;
}

}  // namespace shield::broker
