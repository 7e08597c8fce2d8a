#include "client/cli/digest_publish.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/admission_text.h"
#include "client/cli/digest_desk.h"
#include "client/cli/digest_options.h"
#include "client/cli/open_client.h"
#include "client/cli/plan_text.h"
#include "client/cli/published_text.h"
#include "client/cli/revision_text.h"
#include "client/digest/publish/edition_standing.h"
#include "client/digest/publish/publish_edition.h"
#include "client/digest/show/json.h"

namespace shield::cli {
namespace {

struct PublishOptions {
  DigestOptions digest;
  bool dry_run = false;
  bool replace = false;
  bool once = false;
  bool corrections = false;
};

struct DueOptions {
  std::optional<std::string> week;
  std::vector<std::string> tiers;
};

// What a run that nobody looks at leaves to a person: said, and no failure of its own.
absl::Status LeftToAnalyst(const absl::Status& refused) {
  return WithHint(WithRule(absl::FailedPreconditionError(refused.message()), "LEFT_TO_ANALYST"),
                  HintOf(refused));
}

bool IsLeftToAnalyst(const absl::Status& status) { return RuleOf(status) == "EDITION_OF_ANOTHER"; }

void Warn(Session& session, const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) {
    session.out().Note(absl::StrCat("shield: warning: ", sentence));
  }
}

nlohmann::json SentJson(const BriefingRequest& request, const Published& published) {
  nlohmann::json object = PublishedJson(published);
  object["week"] = request.week.Print();
  object["tier"] = PrintTier(request.tier);
  return object;
}

void ShowSent(Session& session, const BriefingRequest& request, const Published& published) {
  NotePublished(session, published);
  PrintPublished(session, LabelOf(request.tier), published);
  session.out().Object(SentJson(request, published));
  TellDone(session, IsPublished(published.id));
}

absl::Status ShowPlanned(Session& session, Client& client, const PreparedEdition& prepared) {
  ASSIGN_OR_RETURN(const PublicationPlan plan, client.Plan(prepared.draft));
  const Admission& admission = prepared.made.admission;
  const Week& week = prepared.made.edition.week;
  std::vector<std::string> lines = AdmissionLines(session.out(), admission, week);
  for (const std::vector<std::string>& more :
       {NotReachedSentences(prepared), StandingSentences(prepared)}) {
    for (const std::string& sentence : more) lines.push_back(absl::StrCat("warning: ", sentence));
  }
  PrintPlan(session.out(), plan, LabelOfAdmission(admission, week, plan.tlp), lines);
  nlohmann::json object = PlanJson(plan);
  object["edition"] = nlohmann::json::parse(WriteJson(prepared.made.edition), nullptr, false);
  object.update(AdmissionJson(admission));
  object.update(RevisionJson(prepared));
  session.out().Object(object);
  return absl::OkStatus();
}

// Of those that hold the first that this seat cannot replace, of which the refusal speaks.
const HeldEdition& FirstOfAnother(const Gathered& gathered,
                                  const std::vector<HeldEdition>& editions) {
  const auto first = std::find_if(
      editions.begin(), editions.end(),
      [&gathered](const HeldEdition& edition) { return !MayReplace(gathered, edition); });
  return first == editions.end() ? editions.back() : *first;
}

// An unattended run that comes a second time has nothing to do.
absl::Status AsDone(Session& session, Client& client, const Home& home,
                    const PublishOptions& options, const BriefingRequest& request,
                    const absl::Status& status) {
  const bool of_another = options.once && IsLeftToAnalyst(status);
  const bool done = options.once && RuleOf(status) == "EDITION_PUBLISHED";
  if (!of_another && !done) return AsUsageError(status);
  nlohmann::json object = {
      {"week", request.week.Print()}, {"tier", PrintTier(request.tier)}, {"published", false}};
  ASSIGN_OR_RETURN(const Gathered gathered,
                   Gather(client, home, GatheredFor::kOthers, request.language, Fetching::kNever));
  const EditionStanding standing =
      StandingOf(gathered, request.week, request.tier, session.environment().clock.Now());
  if (!standing.editions.empty()) {
    const HeldEdition& edition =
        of_another ? FirstOfAnother(gathered, standing.editions) : standing.editions.back();
    object["id"] = edition.id.ToHex();
    if (of_another) object["author"] = edition.author.str();
  }
  if (of_another) return session.out().ObjectUnless(LeftToAnalyst(status), object);
  session.out().Note(absl::StrCat("shield: ", status.message()));
  session.out().Object(object);
  return absl::OkStatus();
}

EditionMode ModeOf(const PublishOptions& options) {
  if (options.replace) return EditionMode::kReplace;
  return options.once ? EditionMode::kOnce : EditionMode::kFirst;
}

absl::StatusOr<Published> SendOne(Session& session, Client& client, const Home& home,
                                  const BriefingRequest& request, EditionMode mode) {
  return PublishEdition(client, home, request, mode, session.environment().clock,
                        [&](const PreparedEdition& prepared) -> absl::Status {
                          ASSIGN_OR_RETURN(const PublicationPlan plan, client.Plan(prepared.draft));
                          session.out().Note(ReachSentence(plan));
                          Warn(session, LeftOutSentences(prepared));
                          Warn(session, NotReachedSentences(prepared));
                          Warn(session, StandingSentences(prepared));
                          return absl::OkStatus();
                        });
}

absl::Status Publish(Session& session, const PublishOptions& options) {
  const absl::Time now = session.environment().clock.Now();
  if (options.once && options.replace) {
    return WithHint(UsageError("--once sends none where there is one, --replace one in its place"),
                    "give one of them");
  }
  ASSIGN_OR_RETURN(BriefingRequest request, ReadRequest(options.digest, now));
  request.for_their_readers = options.replace && request.to.empty();
  request.keeps_language = options.digest.language.empty();
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (NotReached(refreshed)) return WithHint(refreshed, "nothing was sent: try it again later");
  if (Prevents(refreshed)) return refreshed;
  if (options.dry_run) {
    const absl::StatusOr<PreparedEdition> prepared =
        PrepareEdition(client, home, request, ModeOf(options), now);
    if (!prepared.ok()) return AsDone(session, client, home, options, request, prepared.status());
    return ShowPlanned(session, client, *prepared);
  }
  const absl::StatusOr<Published> published =
      SendOne(session, client, home, request, ModeOf(options));
  if (!published.ok()) return AsDone(session, client, home, options, request, published.status());
  ShowSent(session, request, *published);
  return absl::OkStatus();
}

absl::Status CheckCorrections(const PublishOptions& options) {
  const DigestOptions& digest = options.digest;
  const bool more = digest.week.has_value() || !digest.to.empty() || !digest.language.empty() ||
                    !digest.foreword.empty() || !digest.pick.empty() || !digest.leave.empty() ||
                    options.dry_run || options.replace || options.once;
  if (!more) return absl::OkStatus();
  return WithHint(UsageError("corrections are of every week, as each was published"),
                  "give --tier alone; `shield digest publish --replace` corrects one week");
}

// One edition that cannot be corrected leaves the others: the first reason is returned at the end.
absl::Status Correct(Session& session, const PublishOptions& options) {
  RETURN_IF_ERROR(CheckCorrections(options));
  const absl::Time now = session.environment().clock.Now();
  ASSIGN_OR_RETURN(const BriefingRequest asked, ReadRequest(options.digest, now));
  ASSIGN_OR_RETURN(Desk desk, OpenDesk(session));
  if (NotReached(desk.refreshed)) {
    return WithHint(desk.refreshed, "nothing was sent: try it again later");
  }
  if (Prevents(desk.refreshed)) return desk.refreshed;
  ASSIGN_OR_RETURN(const Gathered gathered, Gather(desk.client, desk.home, GatheredFor::kOthers,
                                                   asked.language, desk.fetching));
  absl::Status outcome;
  absl::Status left_to_analyst;
  nlohmann::json sent = nlohmann::json::array();
  nlohmann::json left = nlohmann::json::array();
  for (const HeldEdition& edition : EditionsToCorrect(gathered, asked.tier, now)) {
    absl::StatusOr<BriefingRequest> request = CorrectionOf(edition);
    if (request.ok()) request->generator = asked.generator;
    const absl::StatusOr<Published> published =
        request.ok() ? SendOne(session, desk.client, desk.home, *request, EditionMode::kReplace)
                     : absl::StatusOr<Published>(request.status());
    if (IsLeftToAnalyst(published.status())) {
      left_to_analyst.Update(LeftToAnalyst(published.status()));
      left.push_back({{"id", edition.id.ToHex()},
                      {"week", edition.week->Print()},
                      {"tier", PrintTier(edition.tier)},
                      {"author", edition.author.str()}});
      continue;
    }
    if (!published.ok()) {
      outcome.Update(published.status());
      continue;
    }
    NotePublished(session, *published);
    PrintPublished(session, LabelOf(request->tier), *published);
    sent.push_back(SentJson(*request, *published));
  }
  if (sent.empty()) session.out().Line("nothing was corrected");
  // What failed is graver than what waits.
  outcome.Update(left_to_analyst);
  return session.out().ObjectUnless(outcome,
                                    {{"corrections", std::move(sent)}, {"left", std::move(left)}});
}

absl::StatusOr<std::vector<Tier>> ReadTiers(const std::vector<std::string>& words) {
  std::vector<Tier> tiers;
  tiers.reserve(words.size());
  for (const std::string& word : words) {
    ASSIGN_OR_RETURN(const Tier tier, ReadTierWord(word));
    tiers.push_back(tier);
  }
  if (tiers.empty()) tiers.push_back(Tier::kGreen);
  return tiers;
}

// Whether this seat can send another in the place of all that hold.
bool MayReplaceAll(const Gathered& gathered, const EditionStanding& standing) {
  return std::all_of(
      standing.editions.begin(), standing.editions.end(),
      [&gathered](const HeldEdition& edition) { return MayReplace(gathered, edition); });
}

nlohmann::json ShowStanding(Session& session, const Week& week, Tier tier,
                            const EditionStanding& standing, bool may_replace) {
  nlohmann::json object = {{"week", week.Print()},
                           {"tier", PrintTier(tier)},
                           {"standing", PrintStanding(standing.kind)},
                           {"changed", nlohmann::json::array()},
                           {"others", nlohmann::json::array()}};
  std::string line =
      absl::StrCat(week.Print(), "  ", PrintTier(tier), "  ", PrintStanding(standing.kind));
  if (!standing.editions.empty()) {
    const HeldEdition& newest = standing.editions.back();
    object["id"] = newest.id.ToHex();
    object["revision"] = newest.revision;
    object["author"] = newest.author.str();
    object["may_replace"] = may_replace;
    absl::StrAppend(&line, "  ", newest.id.ToHex());
    if (!may_replace) absl::StrAppend(&line, ", published by ", newest.author.text());
  }
  session.out().Line(line);
  for (size_t i = 0; i + 1 < standing.editions.size(); ++i) {
    const std::string id = standing.editions[i].id.ToHex();
    session.out().Line(absl::StrCat("  holds as well: ", id));
    object["others"].push_back(id);
  }
  for (const BulletinId& id : standing.changed) {
    session.out().Line(absl::StrCat("  ended: ", id.ToHex()));
    object["changed"].push_back(id.ToHex());
  }
  return object;
}

// What a standing asks for; graver ones are later.
enum class Ask { kNothing, kPublish, kReplaceEarly, kCorrect, kMakeOne };

Ask AskOf(EditionStanding::Kind kind, const Week& week, absl::Time now) {
  switch (kind) {
    case EditionStanding::Kind::kNotDue:
    case EditionStanding::Kind::kStands:
      break;
    case EditionStanding::Kind::kMissing:
      return Ask::kPublish;
    case EditionStanding::Kind::kProvisional:
      return now < week.due() ? Ask::kNothing : Ask::kReplaceEarly;
    case EditionStanding::Kind::kStale:
      return Ask::kCorrect;
    case EditionStanding::Kind::kTwice:
      return Ask::kMakeOne;
  }
  return Ask::kNothing;
}

absl::Status Due(absl::string_view what, absl::string_view rule, absl::string_view hint) {
  return WithHint(WithRule(absl::PermissionDeniedError(what), rule), hint);
}

// `replacing`: what an analyst of the force runs, where this seat cannot; empty where it can.
absl::Status DueError(Ask ask, const std::string& replacing) {
  const std::string replaces =
      replacing.empty() ? "`shield digest publish --replace` sends the next revision"
                        : absl::StrCat("an analyst of the force corrects it: `", replacing, "`");
  switch (ask) {
    case Ask::kNothing:
      break;
    case Ask::kPublish:
      return Due("an edition is due and not published", "EDITION_MISSING",
                 "`shield digest publish` sends it");
    case Ask::kReplaceEarly:
      return Due("an edition was published before its week was over", "EDITION_PROVISIONAL",
                 replaces);
    case Ask::kCorrect:
      return Due("an edition tells of what has ended", "DIGEST_STALE", replaces);
    case Ask::kMakeOne:
      return Due("two editions of one tier and week hold", "EDITION_TWICE",
                 replacing.empty()
                     ? "`shield digest publish --replace` sends one in the place of all"
                     : replaces);
  }
  return absl::OkStatus();
}

// Nothing is due from a seat that publishes no editions.
absl::Status CheckPublishes(const Gathered& gathered) {
  RETURN_IF_ERROR(SourceOf(gathered).status());
  if (MakesEditions(gathered)) return absl::OkStatus();
  return Due("editions for others are published by the analysts and digest seats of a force",
             "PUBLISHER_NOT_AUTHORISED",
             "`shield inbox ls` shows those that came; `shield digest build --mine` is your week");
}

absl::Status ShowDue(Session& session, const DueOptions& options) {
  const absl::Time now = session.environment().clock.Now();
  ASSIGN_OR_RETURN(const Week week, ReadWeek(options.week, now));
  ASSIGN_OR_RETURN(const std::vector<Tier> tiers, ReadTiers(options.tiers));
  ASSIGN_OR_RETURN(Desk desk, OpenDesk(session));
  ASSIGN_OR_RETURN(const Gathered gathered, Gather(desk.client, desk.home, GatheredFor::kOthers,
                                                   Language::kEnglish, desk.fetching));
  RETURN_IF_ERROR(CheckPublishes(gathered));
  nlohmann::json editions = nlohmann::json::array();
  Ask ask = Ask::kNothing;
  std::string replacing;
  for (const Tier tier : tiers) {
    const EditionStanding standing = StandingOf(gathered, week, tier, now);
    const bool may_replace = MayReplaceAll(gathered, standing);
    const Ask asked = AskOf(standing.kind, week, now);
    if (asked > ask) replacing = may_replace ? "" : ReplacingCommand(week, tier);
    ask = std::max(ask, asked);
    editions.push_back(ShowStanding(session, week, tier, standing, may_replace));
  }
  return session.out().ObjectUnless(Graver(desk.refreshed, DueError(ask, replacing)),
                                    {{"editions", std::move(editions)}});
}

void AddPublish(CLI::App& digest, Session& session) {
  const auto options = std::make_shared<PublishOptions>();
  CLI::App* publish = digest.add_subcommand("publish", "Make an edition anew and send it");
  AddDigestOptions(publish, options->digest);
  options->digest.for_others = true;
  publish->add_flag("--dry-run", options->dry_run,
                    "Show who would get it, what stands in it and what not");
  publish->add_flag("--replace", options->replace,
                    "Send the next revision in the place of each that holds");
  publish->add_flag("--once", options->once,
                    "That it is published already is no failure; one that was issued before its "
                    "week was over is replaced: for timers");
  publish->add_flag("--corrections", options->corrections,
                    "Replace each edition of the tier that tells of what has ended: for timers");
  session.OnlineCommand(publish, [&session, options] {
    return options->corrections ? Correct(session, *options) : Publish(session, *options);
  });
}

}  // namespace

void AddDigestPublishCommands(CLI::App& digest, Session& session) {
  AddPublish(digest, session);
  const auto options = std::make_shared<DueOptions>();
  CLI::App* due = digest.add_subcommand(
      "due", "Say whether an edition is missing, provisional, stale or twice");
  due->add_option("--week", options->week, "Otherwise the last one that is over");
  due->add_option("--tier", options->tiers, "May be repeated; otherwise green")
      ->allow_extra_args(false)
      ->delimiter(',');
  session.Command(due, [&session, options] { return ShowDue(session, *options); });
}

}  // namespace shield::cli
