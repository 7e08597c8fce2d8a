#include "client/cli/omission_text.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"

namespace shield::cli {

nlohmann::json OmissionJson(const Omission& omission) {
  return {{"id", omission.bulletin.ToHex()},
          {"tlp", TlpWithPrefix(omission.tlp)},
          {"issued", PrintTime(omission.issued)},
          {"edition", omission.edition.ToHex()}};
}

std::string OmissionLine(Output& out, const Omission& omission) {
  return absl::StrCat(omission.bulletin.ToHex(), "  ", out.Label(omission.tlp), "  issued ",
                      PrintTime(omission.issued), "  by the edition ", omission.edition.ToHex());
}

absl::Status Omitted(size_t count) {
  if (count == 0) return absl::OkStatus();
  return WithHint(
      WithRule(absl::DataLossError(absl::StrCat(count, " bulletin", count == 1 ? "" : "s",
                                                " that everyone was sent never came here")),
               "OMITTED"),
      "the broker left them out: tell the authority, by another way");
}

absl::Status TellOmissions(Output& out, Client& client, const std::vector<InboxItem>& items,
                           absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<Omission> omissions, FindOmissionsIn(client, items, now));
  for (const Omission& omission : omissions) {
    out.Note(absl::StrCat("shield: ALARM: never came here: ", OmissionLine(out, omission),
                          " (OMITTED)"));
  }
  return Omitted(omissions.size());
}

}  // namespace shield::cli
