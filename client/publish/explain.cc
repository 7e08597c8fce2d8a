#include "client/publish/explain.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/publish/held_bulletin.h"
#include "client/receive/openings.h"
#include "policy/decide.h"
#include "policy/proof/hidden_audience.h"
#include "policy/share.h"
#include "policy/terms.h"

namespace shield {
namespace {

// A bulletin of this home: its signed note, and the openings this home has of its audience.
struct HeldEnvelope {
  std::string note;
  std::vector<AudienceOpening> openings;
  std::string shared_original = {};            // of a share
  BulletinState state = BulletinState::kLive;  // as far as this home was told
};

absl::StatusOr<HeldEnvelope> FindEnvelope(const ClientParts& parts, const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts.state.FindBulletin(id));
  ASSIGN_OR_RETURN(const std::optional<Publication> own, parts.state.FindPublication(id));
  HeldEnvelope held;
  if (kept.has_value()) {
    held = {kept->delivered.statement, kept->delivered.openings, kept->delivered.shared_original,
            HeldAs(*kept).state};
  }
  if (own.has_value()) {
    held.note = own->statement;
    held.openings = own->openings;
  }
  if (kept.has_value() || own.has_value()) return held;
  return WithHint(absl::NotFoundError(absl::StrCat("no bulletin `", id.ToHex(), "` in this home")),
                  "`shield inbox ls` lists what is there");
}

}  // namespace

absl::StatusOr<Decision> ExplainPlanned(const PlannedBulletin& planned, const MemberId& member,
                                        const VerifiedDirectory& directory, absl::Time now) {
  ASSIGN_OR_RETURN(const Terms terms,
                   TermsOf(directory.directory(), planned.statement, planned.audience));
  return DecideDelivery(directory.directory(), terms, member, now);
}

absl::StatusOr<Decision> ExplainHeld(const ClientParts& parts, const BulletinId& id,
                                     const MemberId& member, const VerifiedDirectory& directory,
                                     absl::Time now, const std::optional<OrgId>& org_at_publish) {
  ASSIGN_OR_RETURN(const HeldEnvelope envelope, FindEnvelope(parts, id));
  if (!envelope.shared_original.empty()) {
    ASSIGN_OR_RETURN(const Statement original, ReadClaimedStatement(envelope.shared_original));
    ASSIGN_OR_RETURN(Terms shared, TermsOf(directory.directory(), original, original.audience));
    shared.state = envelope.state;
    Reader reader = Reader::WithoutEntry(member);
    reader.org_at_publish = org_at_publish;
    return DecidePassedOn(directory.directory(), shared, reader, now);
  }
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(envelope.note));
  ASSIGN_OR_RETURN(const std::vector<Opening> openings, ReadOpenings(envelope.openings));
  ASSIGN_OR_RETURN(const std::vector<AudienceToken> audience,
                   OpenAudience(statement.audience, openings, OpeningsNeeded::kSome));
  ASSIGN_OR_RETURN(Terms terms, TermsOf(directory.directory(), statement, audience));
  terms.state = envelope.state;
  Reader reader = Reader::Holder(member);
  reader.org_at_publish = org_at_publish;
  return Decide(directory.directory(), terms, reader, now);
}

}  // namespace shield
