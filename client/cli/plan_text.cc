#include "client/cli/plan_text.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/cli/counted.h"

namespace shield::cli {
namespace {

constexpr std::pair<absl::string_view, absl::string_view> kWarnings[] = {
    {"EMPTY_AUDIENCE", "the audience matches nobody; only the source's own seats receive it"},
    {"RECIPIENT_WITHOUT_KEY",
     "nothing is sealed to those who have no key now: tell them in another way, and send it to "
     "them "
     "when the directory has their new keys"},
    {"NOT_RECORDED", "it is published, but this home could not note it"},
    {"DIRECTORY_EXPIRED",
     "the directory has expired: ask the authority to publish a new one; what is shown may go by "
     "an old list of members"},
    {"DIRECTORY_STALE",
     "nothing here shows that the directory was the newest within the last day: ask the broker, "
     "without --offline; the authority renews that with `shield directory refresh`"},
    {"UNKNOWN_SCHEMA", "it was written by a newer program; title and text are all that is shown"},
    {"ENDING_UNPROVEN",
     "it is said to have been withdrawn or replaced, by a statement that does not hold here now: "
     "ask its source whether it still counts"},
    {"UNTRUSTED_SOURCE", "its author is suspended: treat it as a report of a stranger"},
    {"BROKER_RESTORED",
     "the broker did not know where this home had stopped; it may have been restored from a copy"},
    {"LOG_UNCHECKED",
     "the broker could not be asked whether its log holds what came; that is asked again, and "
     "within "
     "a day it is an alarm"},
    {"INBOX_ANEW",
     "the broker was restored from a copy and the authority says so; entries it has lost stay here "
     "as what was carried"},
    {"INBOX_CUT_BACK", "entries that no signed head of the broker had confirmed were removed"},
};

// As many as a sentence names.
constexpr size_t kMostNames = 8;

void PrintReaders(Output& out, const std::vector<PlannedReader>& readers) {
  for (const PlannedReader& reader : readers) {
    out.Line(
        absl::StrFormat("  %-32s  %-32s  %s", reader.member.str(), reader.org.str(), reader.rule));
  }
}

}  // namespace

nlohmann::json ReadersJson(const std::vector<PlannedReader>& readers) {
  nlohmann::json list = nlohmann::json::array();
  for (const PlannedReader& reader : readers) {
    list.push_back(
        {{"member", reader.member.str()}, {"org", reader.org.str()}, {"rule", reader.rule}});
  }
  return list;
}

std::string NamesOf(const std::vector<PlannedReader>& readers) {
  std::vector<std::string> names;
  names.reserve(kMostNames);
  for (const PlannedReader& reader : readers) {
    if (names.size() == kMostNames) break;
    names.push_back(reader.member.str());
  }
  const size_t more = readers.size() - names.size();
  return absl::StrCat(absl::StrJoin(names, ", "),
                      more > 0 ? absl::StrCat(" and ", more, " more") : "");
}

nlohmann::json PlanJson(const PublicationPlan& plan) {
  return {{"tlp", TlpWithPrefix(plan.tlp)},
          {"directory_version", plan.directory_version},
          {"organisations", plan.organisations},
          {"recipients", ReadersJson(plan.recipients)},
          {"without_key", ReadersJson(plan.without_key)},
          {"excluded", ReadersJson(plan.excluded)},
          {"warnings", plan.warnings}};
}

void PrintPlan(Output& out, const PublicationPlan& plan) { PrintPlan(out, plan, plan.tlp, {}); }

void PrintPlan(Output& out, const PublicationPlan& plan, Tlp label,
               const std::vector<std::string>& more) {
  if (!out.human()) return;
  out.Line(out.Label(label));
  out.Line(absl::StrFormat("%s in %s (directory %d):", Counted(plan.recipients.size(), "recipient"),
                           Counted(plan.organisations, "organisation"), plan.directory_version));
  PrintReaders(out, plan.recipients);
  if (!plan.without_key.empty()) {
    out.Line(
        absl::StrFormat("%d without a key, to whom nothing is sealed:", plan.without_key.size()));
    PrintReaders(out, plan.without_key);
  }
  if (plan.excluded.empty()) {
    out.Line("nobody is excluded");
  } else {
    out.Line(absl::StrFormat("%d excluded:", plan.excluded.size()));
    PrintReaders(out, plan.excluded);
  }
  for (const std::string& warning : plan.warnings) {
    out.Line(absl::StrCat("warning: ", WarningSentence(warning)));
  }
  for (const std::string& line : more) out.Line(line);
  out.Line(out.Label(label));
}

std::string WarningSentence(absl::string_view rule) {
  for (const auto& warning : kWarnings) {
    if (warning.first == rule) return absl::StrCat(warning.second, " (", rule, ")");
  }
  return std::string(rule);
}

}  // namespace shield::cli
