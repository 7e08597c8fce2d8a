#include "client/cli/digest_options.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/input_file.h"
#include "client/cli/open_client.h"
#include "client/cli/version.h"
#include "client/content/text_form.h"
#include "policy/labels.h"

namespace shield::cli {
namespace {

absl::StatusOr<Tier> ReadTier(const DigestOptions& options) {
  if (options.mine && !options.tier.empty()) {
    return UsageError("--mine is one's own week, --tier an edition for others: give one of them");
  }
  if (options.mine) return Tier::kMine;
  if (options.tier.empty()) {
    return WithHint(UsageError("whom the edition is for is not said"),
                    options.for_others
                        ? "--tier green, amber or amber+strict"
                        : "--tier green, amber or amber+strict; for your own week, --mine");
  }
  return ReadTierWord(options.tier);
}

absl::StatusOr<std::vector<AudienceToken>> ReadAudience(const DigestOptions& options) {
  if (options.mine && !options.to.empty()) return UsageError("one's own week is for nobody else");
  std::vector<AudienceToken> audience;
  audience.reserve(options.to.size());
  for (const std::string& word : options.to) {
    absl::StatusOr<AudienceToken> token = ParseAudienceToken(word);
    if (!token.ok()) return AsUsageError(token.status());
    audience.push_back(*std::move(token));
  }
  return audience;
}

absl::StatusOr<std::vector<BulletinId>> ReadIds(const std::vector<std::string>& words) {
  std::vector<BulletinId> ids;
  ids.reserve(words.size());
  for (const std::string& word : words) {
    ASSIGN_OR_RETURN(const BulletinId id, ParseId(word));
    ids.push_back(id);
  }
  return ids;
}

absl::StatusOr<std::optional<absl::Time>> ReadMoment(const std::string& text) {
  if (text.empty()) return std::nullopt;
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return std::optional(time);
  return WithHint(UsageError(absl::StrCat("`", text, "` is no moment")),
                  "as 2026-11-23T07:00:00+01:00");
}

absl::Status CheckEditor(const BriefingRequest& request) {
  for (const BulletinId& id : request.picked) {
    if (std::find(request.left.begin(), request.left.end(), id) == request.left.end()) continue;
    return WithHint(WithRule(absl::InvalidArgumentError(absl::StrCat(
                                 "`", id.ToHex(), "` is to be picked and left at once")),
                             "PICKED_AND_LEFT"),
                    "name it with one of --pick and --leave");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadForeword(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadInputFile(path, "foreword", kMaxForewordBytes, InputOrigin::kOwn));
  absl::StatusOr<std::string> text = NormaliseText(bytes);
  absl::Status fault = text.status();
  if (fault.ok()) fault = CheckContentText(*text);
  if (fault.ok()) return text;
  return WithHint(UsageError(absl::StrCat("the foreword is no text: ", fault.message())),
                  "save it as plain text in UTF-8");
}

}  // namespace

absl::StatusOr<Week> ReadWeek(const std::optional<std::string>& text, absl::Time now) {
  if (!text.has_value()) return Week::Of(now).Plus(-1);
  absl::StatusOr<Week> week = Week::Parse(*text);
  return week.ok() ? week : AsUsageError(week.status());
}

absl::StatusOr<Tier> ReadTierWord(const std::string& word) {
  absl::StatusOr<Tier> tier = ParseTier(word);
  if (tier.ok()) return tier;
  const absl::StatusOr<Tlp> label = ParseTlp(word);
  for (const Tier each : {Tier::kGreen, Tier::kAmber, Tier::kAmberStrict}) {
    if (label.ok() && LabelOf(each) == *label) return each;
  }
  return AsUsageError(tier.status());
}

absl::StatusOr<BriefingRequest> ReadRequest(const DigestOptions& options, absl::Time now) {
  ASSIGN_OR_RETURN(const Week week, ReadWeek(options.week, now));
  BriefingRequest request{.week = week};
  ASSIGN_OR_RETURN(request.tier, ReadTier(options));
  const absl::StatusOr<Language> language =
      ParseLanguage(options.language.empty() ? "en" : options.language);
  if (!language.ok()) return AsUsageError(language.status());
  request.language = *language;
  ASSIGN_OR_RETURN(request.to, ReadAudience(options));
  ASSIGN_OR_RETURN(request.as_of, ReadMoment(options.as_of));
  ASSIGN_OR_RETURN(request.picked, ReadIds(options.pick));
  ASSIGN_OR_RETURN(request.left, ReadIds(options.leave));
  RETURN_IF_ERROR(CheckEditor(request));
  if (!options.foreword.empty()) {
    ASSIGN_OR_RETURN(request.foreword, ReadForeword(options.foreword));
  }
  request.generator = kVersion;
  return request;
}

void AddDigestOptions(CLI::App* command, DigestOptions& options) {
  const auto add_list = [command](const char* name, std::vector<std::string>& into,
                                  const char* what) {
    command->add_option(name, into, what)->allow_extra_args(false)->delimiter(',');
  };
  command->add_option("--week", options.week, "As 2026-W47; otherwise the last one that is over");
  command->add_option("--tier", options.tier, "green, amber or amber+strict");
  add_list("--to", options.to, "An audience token; may be repeated");
  command->add_option("--lang", options.language,
                      "en, nl or fr; otherwise en, or that of the edition it replaces");
  command->add_option("--foreword", options.foreword, "The editor's note, CommonMark")
      ->type_name("FILE");
  add_list("--pick", options.pick, "The id of one to stand first and in full; may be repeated");
  add_list("--leave", options.leave, "The id of one to stand in one line; may be repeated");
}

}  // namespace shield::cli
