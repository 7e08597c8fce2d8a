#include "client/cli/plan_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace shield::cli {
namespace {

nlohmann::json ReadersJson(const std::vector<PlannedReader>& readers) {
  nlohmann::json list = nlohmann::json::array();
  for (const PlannedReader& reader : readers) {
    list.push_back(
        {{"member", reader.member.str()}, {"org", reader.org.str()}, {"rule", reader.rule}});
  }
  return list;
}

void PrintReaders(Output& out, const std::vector<PlannedReader>& readers) {
  for (const PlannedReader& reader : readers) {
    out.Line(
        absl::StrFormat("  %-32s  %-32s  %s", reader.member.str(), reader.org.str(), reader.rule));
  }
}

}  // namespace

nlohmann::json PlanJson(const PublicationPlan& plan) {
  return {{"tlp", TlpWithPrefix(plan.tlp)},         {"directory_version", plan.directory_version},
          {"organisations", plan.organisations},    {"recipients", ReadersJson(plan.recipients)},
          {"excluded", ReadersJson(plan.excluded)}, {"warnings", plan.warnings}};
}

void PrintPlan(Output& out, const PublicationPlan& plan) {
  if (!out.human()) return;
  out.Line(out.Label(plan.tlp));
  out.Line(absl::StrFormat("%d recipients in %d organisations (directory %d):",
                           plan.recipients.size(), plan.organisations, plan.directory_version));
  PrintReaders(out, plan.recipients);
  out.Line(absl::StrFormat("%d excluded:", plan.excluded.size()));
  PrintReaders(out, plan.excluded);
  for (const std::string& warning : plan.warnings) {
    out.Line(absl::StrCat("warning: ", WarningSentence(warning)));
  }
  out.Line(out.Label(plan.tlp));
}

std::string WarningSentence(absl::string_view rule) {
  if (rule == "EMPTY_AUDIENCE") {
    return "the audience matches nobody; only the source's own seats receive it (EMPTY_AUDIENCE)";
  }
  return std::string(rule);
}

}  // namespace shield::cli
