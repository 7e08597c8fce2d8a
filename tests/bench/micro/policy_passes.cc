#include "tests/bench/micro/policy_passes.h"

#include "base/status.h"
#include "policy/audience.h"
#include "tests/bench/policy_questions.h"
#include "tests/bench/sector_network.h"

namespace shield::testing {
namespace {

std::shared_ptr<const Directory> NetworkOf(size_t members) {
  return SectorNetwork({.members = members, .period = PolicyPeriod()});
}

}  // namespace

DecisionPass::DecisionPass(size_t members)
    : directory_(NetworkOf(members)),
      terms_(PolicyBulletin(Tlp::kAmber, {{AudienceToken::Kind::kSector, "retail"}})) {
  for (size_t i = 0; i < kDecisions; ++i) {
    readers_.push_back(Reader::Holder(SectorReader(i * members / kDecisions)));
  }
}

absl::Status DecisionPass::Run() const {
  size_t allowed = 0;
  for (const Reader& reader : readers_) {
    allowed += Decide(*directory_, terms_, reader, PolicyNow()).allowed ? 1 : 0;
  }
  if (allowed > 0 && allowed < kDecisions) return absl::OkStatus();
  return absl::InternalError("a bulletin to one sector was for nobody or for everybody");
}

AudiencePass::AudiencePass(size_t members)
    : directory_(NetworkOf(members)), terms_(PolicyBulletin(Tlp::kGreen, {})) {}

absl::Status AudiencePass::Run() const {
  ASSIGN_OR_RETURN(const Recipients found, ResolveRecipients(*directory_, terms_, PolicyNow()));
  if (found.recipients.size() == directory_->members().size()) return absl::OkStatus();
  return absl::InternalError("a bulletin to the community did not reach everybody");
}

}  // namespace shield::testing
