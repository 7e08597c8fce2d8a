#include "client/digest/publish/edition_draft.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "client/digest/edition_choice.h"
#include "client/digest/show/markdown.h"
#include "client/digest/words.h"

namespace shield {
namespace {

std::string Moment(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string Issue(const Week& week) { return absl::StrCat(week.number(), "/", week.year()); }

std::string TitleOf(const Edition& edition) {
  std::string title =
      absl::StrCat(Say(edition.language, Word::kBriefing), " ", Issue(edition.week));
  if (edition.revision == 1) return title;
  return absl::StrCat(
      title, " (",
      SayFilled(edition.language, Word::kRevisionShort, {absl::StrCat(edition.revision)}), ")");
}

nlohmann::json ItemsOf(const std::vector<BriefingCandidate>& for_everyone) {
  nlohmann::json items = nlohmann::json::array();
  for (const BriefingCandidate& each : for_everyone) {
    const BriefedBulletin& bulletin = each.bulletin;
    nlohmann::json item = {{"id", bulletin.id.ToHex()},
                           {"tlp", TlpWithPrefix(each.terms.tlp)},
                           {"issued", Moment(each.terms.issued)},
                           {"directory", each.directory_version}};
    const bool named = for_everyone.size() <= kMaxListedTitles && !bulletin.content.title.empty();
    if (named) item["title"] = bulletin.content.title;
    items.push_back(std::move(item));
  }
  return items;
}

nlohmann::json DetailsOf(const Edition& edition,
                         const std::vector<BriefingCandidate>& for_everyone) {
  nlohmann::json contains = nlohmann::json::array();
  for (const ProvenanceLine& line : edition.provenance) contains.push_back(line.id.ToHex());
  return {
      {"edition", Issue(edition.week)},
      {"revision", edition.revision},
      {"week", edition.week.Print()},
      {"tier", PrintTier(edition.tier)},
      {"period", {{"from", Moment(edition.week.begin())}, {"until", Moment(edition.week.end())}}},
      {"items", ItemsOf(for_everyone)},
      {"contains", std::move(contains)}};
}

}  // namespace

Edition AsSent(Edition edition) {
  edition.label = LabelOf(edition.tier);
  return edition;
}

Draft DraftOfEdition(const MadeEdition& made, const std::vector<BriefingCandidate>& for_everyone,
                     const std::optional<BulletinId>& replaces) {
  const Edition& edition = made.edition;
  Draft draft;
  draft.title = TitleOf(edition);
  draft.kind = std::string(kEditionKind);
  draft.bulletin_class = BulletinClass::kContent;
  draft.tlp = LabelOf(edition.tier);
  draft.to = made.to;
  draft.expires = NextDue(edition.week) + kEditionLife;
  if (replaces.has_value()) draft.refs.push_back({Relation::kSupersedes, *replaces});
  const nlohmann::json members = {{"title", draft.title},
                                  {"kind", draft.kind},
                                  {"language", PrintLanguage(edition.language)},
                                  {"body", WriteMarkdown(edition)},
                                  {"details", DetailsOf(edition, for_everyone)}};
  draft.members_json = members.dump();
  return draft;
}

}  // namespace shield
