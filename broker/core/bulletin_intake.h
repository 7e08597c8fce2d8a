// One publish call, from the header to the receipt.
//
// The order of checks is sealing.md's and docs/spec/wire.md's: first whether exactly this was
// committed before, which depends on nothing that changes; then author, signature, directory, time,
// freshness and policy, all on the header, before a single slot is read; then slots, payload and
// objects as they stream in; then the one thing only the committer can know, that the directory is
// still the same. The broker needs no secret for any of it and never holds one.
//
// The statement binds everything else that is sent: payload and objects by digest, slots by root,
// openings by hash. So its bytes alone decide whether a repeat is the same request.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/core/core_parts.h"
#include "broker/core/part_intake.h"
#include "broker/core/reference_check.h"
#include "broker/core/service.h"
#include "broker/core/slot_intake.h"
#include "policy/audience.h"
#include "policy/proof/hidden_audience.h"
#include "policy/proof/verified_statement.h"

namespace shield::broker {

// How far a statement's `issued` may be from the broker's clock.
inline constexpr absl::Duration kMaxClockSkew = absl::Seconds(120);
// How long a checked bulletin may wait for the committer.
inline constexpr absl::Duration kCommitDeadline = absl::Seconds(30);

// Used by one thread at a time; destroyed after Finish's callback has run.
class BulletinIntake final : public PublishSession {
 public:
  BulletinIntake(const CoreParts& parts, const Caller& caller, Seat seat);
  ~BulletinIntake() override;

  absl::Status OnHeader(PublishHeader header) override;
  absl::Status OnSlots(ByteSpan chunk) override;
  absl::Status OnPayload(ByteSpan chunk) override;
  absl::Status OnObject(uint32_t object, ByteSpan chunk) override;
  void Finish(Callback callback) override;

 private:
  // The seat and time a bulletin was judged by; everything that follows uses the same.
  absl::Status CheckHeader(const PublishHeader& header);
  absl::Status CheckDirectory(const Statement& statement) const;
  absl::Status CheckReferred(const PublishHeader& header);
  // Once more, when everything has come: an upload may outlast what its header was judged by.
  absl::Status CheckStillGood() const;
  absl::Status CheckPolicy();
  // Whom policy gives it, with the warnings; of a share as its original lets it.
  absl::StatusOr<std::vector<Chosen>> Resolve(const Terms& terms);
  absl::Status OnPart(uint32_t part, ByteSpan chunk);
  // The first part closes the slots: their set must be complete and the author's.
  absl::Status CloseSlots();
  absl::StatusOr<store::PublishCommand> MakeCommand();
  // What its readers can be given from memory; nothing of what ends others or passes one on.
  std::optional<FreshBulletin> MakeFresh(const store::PublishCommand& command) const;
  void Conclude(const absl::StatusOr<store::PublishReceipt>& result, const Callback& callback);
  absl::Status Refused(absl::Status status);

  const CoreParts parts_;
  const Caller caller_;
  const Seat seat_;
  Digest request_hash_;
  std::optional<VerifiedStatement> verified_;
  std::optional<PublishReceipt> replay_;  // committed before: what follows is read and forgotten
  std::vector<store::StoredOpening> openings_;
  std::vector<std::string> warnings_;
  std::vector<store::NamedRecipient> named_;
  std::vector<store::Referral> referrals_;
  std::optional<PassedOn> passed_on_;    // a share: its parts are the original's, none are sent
  std::vector<Opening> opened_;          // `openings_`, parsed
  std::vector<AudienceToken> audience_;  // with its hidden tokens opened
  std::optional<SlotIntake> slots_;
  std::optional<SealedSlots> sealed_;
  std::optional<PartIntake> bytes_;
  std::optional<store::UploadId> upload_;  // handed to the committer
  std::optional<FreshBulletin> fresh_;     // until it is committed
};

}  // namespace shield::broker
