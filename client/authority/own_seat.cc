#include "client/authority/own_seat.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/draft_directory.h"
#include "policy/account.h"

namespace shield {
namespace {

absl::Status ShutsOut(absl::string_view why, absl::string_view hint) {
  return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                               "directory not signed: the broker would shut this home out for "
                               "good, because ",
                               why)),
                           "OWN_SEAT"),
                  hint);
}

}  // namespace

absl::Status CheckOwnSeat(const DirectoryDraft& draft, const NetworkFile& network, absl::Time now) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Directory> directory, IndexDraft(draft, network));
  const MemberRecord* seat = directory->MemberByTlsPin(network.authority_tls_pin, now);
  if (seat == nullptr) {
    return ShutsOut("no member holds the authority's own TLS key",
                    "run `shield org add ID --kind authority --vetting 3`: the first authority "
                    "brings that seat with it");
  }
  const OrgRecord& org = directory->OrgOf(*seat);
  if (const std::optional<Rule> fault = AccountFault(*seat, org, now)) {
    return ShutsOut(absl::StrCat("its own seat `", seat->id.text(), "` in `", org.id.text(),
                                 "` does not count: ", RuleName(*fault)),
                    absl::StrCat("run `shield member reinstate ", seat->id.text(),
                                 " --reason TEXT`; if its time is up, `shield org set ",
                                 org.id.text(), " --until DATE`"));
  }
  const bool may_upload = seat->Has(Role::kVetting) || seat->Has(Role::kAnalyst);
  if (org.kind == OrgKind::kAuthority && may_upload) return absl::OkStatus();
  return ShutsOut(absl::StrCat("its own seat `", seat->id.text(), "` in `", org.id.text(),
                               "` may not upload directories"),
                  "it takes role vetting in an organisation of kind authority");
}

}  // namespace shield
