#include "tests/e2e/evil/evil_service.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/status.h"
#include "policy/records.h"
#include "tests/e2e/evil/false_log.h"
#include "tests/e2e/evil/false_receipts.h"

namespace shield::testing {
namespace {

// A member as it would call, by the TLS key that the stored directory has for it.
absl::StatusOr<broker::Caller> CallerOf(store::Store& store, const MemberId& member) {
  ASSIGN_OR_RETURN(const store::DirectoryRecord record, store.ReadDirectory());
  for (const std::string& line : record.lines) {
    if (!absl::StartsWith(line, absl::StrCat("key ", member.text(), " tls "))) continue;
    ASSIGN_OR_RETURN(const KeyRecord key, ParseKeyRecord(line));
    const std::optional<Bytes> pin = Base64Decode(key.value, Base64Form::kPadded);
    if (!pin.has_value() || !Digest::FromBytes(*pin).has_value()) continue;
    return broker::Caller{*Digest::FromBytes(*pin), member};
  }
  return absl::NotFoundError(absl::StrCat("`", member.text(), "` has no TLS key"));
}

// Every piece with one byte of the whole changed.
class FlippedReader final : public broker::FetchReader {
 public:
  FlippedReader(std::unique_ptr<broker::FetchReader> truth, uint64_t offset, uint64_t flipped)
      : truth_(std::move(truth)), flipped_(flipped), passed_(offset) {}
  absl::StatusOr<std::optional<broker::FetchChunk>> Next() override {
    ASSIGN_OR_RETURN(std::optional<broker::FetchChunk> chunk, truth_->Next());
    if (!chunk.has_value()) return chunk;
    if (flipped_ >= passed_ && flipped_ - passed_ < chunk->bytes.size()) {
      char& byte = chunk->bytes[flipped_ - passed_];
      byte = static_cast<char>(byte ^ 1);
    }
    passed_ += chunk->bytes.size();
    return chunk;
  }

 private:
  const std::unique_ptr<broker::FetchReader> truth_;
  const uint64_t flipped_;
  uint64_t passed_;  // of the whole
};

}  // namespace

EvilService::EvilService(broker::BrokerService& truth, const StolenOffice& office,
                         const Attack& attack, Parties parties)
    : truth_(truth),
      office_(office),
      attack_(attack),
      parties_(std::move(parties)),
      directories_(attack),
      board_(attack) {}

absl::StatusOr<broker::BrokerIdentity> EvilService::GetBroker(const broker::Caller& caller) {
  return truth_.GetBroker(caller);
}

absl::StatusOr<std::unique_ptr<broker::DirectoryReader>> EvilService::GetDirectory(
    const broker::Caller& caller, uint64_t have_version) {
  if (!IsVictim(caller)) return truth_.GetDirectory(caller, have_version);
  ASSIGN_OR_RETURN(const std::unique_ptr<broker::DirectoryReader> whole,
                   truth_.GetDirectory(caller, 0));
  return directories_.Instead(*whole);
}

absl::StatusOr<std::unique_ptr<broker::DirectorySession>> EvilService::PublishDirectory(
    const broker::Caller& caller) {
  return truth_.PublishDirectory(caller);
}

absl::StatusOr<std::unique_ptr<broker::PublishSession>> EvilService::Publish(
    const broker::Caller& caller) {
  if (!IsVictim(caller)) return truth_.Publish(caller);
  if (attack_.kind == AttackKind::kSwallowPublish) return SwallowPublish(office_.store.log_size());
  ASSIGN_OR_RETURN(std::unique_ptr<broker::PublishSession> session, truth_.Publish(caller));
  if (attack_.kind != AttackKind::kFalseReceipt) return session;
  return InflateReceipt(std::move(session));
}

Attack EvilService::AttackOfCall() {
  Attack attack = attack_;
  const bool sweeps = attack.kind == AttackKind::kFlipStatement && !attack.k.has_value();
  if (sweeps) attack.k = calls_++;
  return attack;
}

absl::StatusOr<std::unique_ptr<broker::Subscription>> EvilService::SubscribeDonor() {
  if (!parties_.donor.has_value()) return std::unique_ptr<broker::Subscription>();
  ASSIGN_OR_RETURN(const broker::Caller donor, CallerOf(office_.store, *parties_.donor));
  return truth_.Subscribe(donor, {});
}

absl::StatusOr<std::unique_ptr<broker::Subscription>> EvilService::Subscribe(
    const broker::Caller& caller, broker::SubscribeQuery query) {
  if (!IsVictim(caller)) return truth_.Subscribe(caller, std::move(query));
  ASSIGN_OR_RETURN(std::unique_ptr<broker::Subscription> own, truth_.Subscribe(caller, {}));
  ASSIGN_OR_RETURN(std::unique_ptr<broker::Subscription> donor, SubscribeDonor());
  Deceived victim{parties_.victim, parties_.donor, std::move(query), directories_.VersionTold()};
  return std::make_unique<EvilSubscription>(office_, AttackOfCall(), std::move(victim),
                                            std::move(own), std::move(donor));
}

// Whatever the victim says it has, it is told that this is so.
void EvilService::Acknowledge(const broker::Caller& caller, uint64_t seq, const Digest& hash,
                              AcknowledgeCallback callback) {
  if (!IsVictim(caller)) return truth_.Acknowledge(caller, seq, hash, std::move(callback));
  callback(seq);
}

absl::StatusOr<std::unique_ptr<broker::FetchReader>> EvilService::Fetch(
    const broker::Caller& caller, const broker::FetchQuery& query) {
  ASSIGN_OR_RETURN(std::unique_ptr<broker::FetchReader> truth, truth_.Fetch(caller, query));
  if (!IsVictim(caller) || attack_.kind != AttackKind::kFlipObject) return truth;
  return std::make_unique<FlippedReader>(std::move(truth), query.offset, attack_.k.value_or(0));
}

void EvilService::AddReceipts(const broker::Caller& caller, std::vector<std::string> notes,
                              ReceiptsCallback callback) {
  truth_.AddReceipts(caller, std::move(notes), std::move(callback));
}

absl::StatusOr<std::vector<broker::RecipientStatus>> EvilService::GetStatus(
    const broker::Caller& caller, const BulletinId& id) {
  ASSIGN_OR_RETURN(std::vector<broker::RecipientStatus> readers, truth_.GetStatus(caller, id));
  if (IsVictim(caller)) board_.Falsify(readers);
  return readers;
}

absl::StatusOr<std::string> EvilService::GetStatement(const broker::Caller& caller,
                                                      const BulletinId& id) {
  return truth_.GetStatement(caller, id);
}

absl::StatusOr<broker::RetentionPage> EvilService::GetRetention(
    const broker::Caller& caller, const broker::RetentionQuery& query) {
  return truth_.GetRetention(caller, query);
}

absl::StatusOr<broker::LogProof> EvilService::Log(const broker::Caller& caller,
                                                  const broker::LogQuery& query) {
  if (!IsVictim(caller) || !IsOnLog(attack_)) return truth_.Log(caller, query);
  return AnswerFalsely(attack_, office_.store, office_.network, office_.log_key, query);
}

}  // namespace shield::testing
