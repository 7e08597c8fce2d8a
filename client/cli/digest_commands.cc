// shield digest build | show | publish | due | check | mail
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "client/cli/admission_text.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/digest_formats.h"
#include "client/cli/digest_options.h"
#include "client/cli/digest_show.h"
#include "client/cli/omission_text.h"
#include "client/cli/open_client.h"
#include "client/cli/plan_text.h"
#include "client/cli/published_text.h"
#include "client/digest/page/page_templates.h"
#include "client/digest/publish/mail_limit.h"
#include "client/digest/publish/omissions.h"
#include "client/digest/publish/publish_edition.h"
#include "client/digest/show/json.h"
#include "client/home/private_file.h"
#include "client/text/terminal_text.h"

namespace shield::cli {
namespace {

struct BuildOptions {
  DigestOptions digest;
  std::string format;
  std::string out;
  std::string templates;  // a folder
  std::string from;
  std::string to;  // of a mail
};

struct PublishOptions {
  DigestOptions digest;
  bool dry_run = false;
  bool replace = false;
  bool once = false;
};

struct DueOptions {
  std::optional<std::string> week;
  std::vector<std::string> tiers;
};

// What is here can be briefed of without the broker; then what came without its content stays so.
struct Desk {
  Client client;
  absl::Status refreshed;
  Fetching fetching = Fetching::kAllowed;
};

absl::StatusOr<Desk> OpenDesk(Session& session) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (PreventsReading(refreshed)) return refreshed;
  const bool alone = session.offline() || NotReached(refreshed);
  return Desk{std::move(client), refreshed, alone ? Fetching::kNever : Fetching::kAllowed};
}

// The revision of what holds, so that what is shown or mailed is that edition.
void TakeRevision(const Gathered& gathered, BriefingRequest& request) {
  const MemberRecord* author = gathered.directory->directory().FindMember(gathered.member);
  if (author == nullptr || request.tier == Tier::kMine) return;
  const std::optional<HeldEdition> holds =
      EditionThatHolds(gathered.editions, author->org, request.week, request.tier);
  if (holds.has_value()) request.revision = holds->revision;
}

absl::StatusOr<MadeEdition> MakeAtDesk(Session& session, Desk& desk, const DigestOptions& options) {
  const absl::Time now = session.environment().clock.Now();
  ASSIGN_OR_RETURN(BriefingRequest request, ReadRequest(options, now));
  const GatheredFor whom = request.tier == Tier::kMine ? GatheredFor::kMine : GatheredFor::kOthers;
  ASSIGN_OR_RETURN(const Gathered gathered,
                   Gather(desk.client, whom, request.language, desk.fetching));
  TakeRevision(gathered, request);
  return MakeEdition(gathered, request, now);
}

absl::StatusOr<std::string> FormatOf(const BuildOptions& options, Session& session) {
  if (!options.out.empty()) return FormatForFile(options.format, options.out);
  if (!options.format.empty()) return options.format;
  return std::string(session.environment().data_is_terminal ? "term" : "md");
}

// A folder that its owner has closed to writing stays as it is.
absl::Status MakeFolderToWrite(const std::string& folder) {
  std::error_code none;
  const std::filesystem::file_status found = std::filesystem::status(folder, none);
  const bool closed =
      std::filesystem::is_directory(found) &&
      (found.permissions() & std::filesystem::perms::owner_write) == std::filesystem::perms::none;
  if (!closed) return MakePrivateFolder(folder);
  return WithHint(
      absl::PermissionDeniedError(absl::StrCat("the folder `", folder, "` may not be written to")),
      "`chmod u+w` opens it, or name another with --out");
}

// One file, or a folder of several.
absl::StatusOr<std::vector<std::string>> WriteOut(const std::vector<WrittenEdition>& written,
                                                  const std::string& out, bool folder) {
  if (folder) RETURN_IF_ERROR(MakeFolderToWrite(out));
  std::vector<std::string> paths;
  paths.reserve(written.size());
  for (const WrittenEdition& each : written) {
    paths.push_back(folder ? (std::filesystem::path(out) / each.name).string() : out);
    RETURN_IF_ERROR(WritePrivateFile(paths.back(), AsBytes(each.text)));
  }
  return paths;
}

absl::Status Show(Session& session, const Edition& edition,
                  const std::vector<WrittenEdition>& written, const BuildOptions& options,
                  const absl::Status& outcome) {
  Output& out = session.out();
  if (options.out.empty()) {
    for (const WrittenEdition& each : written) {
      out.Line(absl::StripSuffix(each.text, "\n"));
    }
    return out.ObjectUnless(outcome, nlohmann::json::parse(WriteJson(edition), nullptr, false));
  }
  const bool folder = options.format == "all";
  ASSIGN_OR_RETURN(const std::vector<std::string> paths, WriteOut(written, options.out, folder));
  for (const std::string& path : paths) out.Line(TerminalLine(absl::StrCat("wrote ", path)));
  return out.ObjectUnless(outcome, {{"files", paths},
                                    {"week", edition.week.Print()},
                                    {"tier", PrintTier(edition.tier)},
                                    {"tlp", TlpWithPrefix(edition.label)},
                                    {"items", edition.items.size() + edition.also.size()}});
}

absl::StatusOr<PageTemplates> ReadTemplates(const BuildOptions& options) {
  if (options.templates.empty()) return PageTemplates::BuiltIn();
  absl::StatusOr<PageTemplates> templates = ReadPageTemplates(options.templates);
  return absl::IsInvalidArgument(templates.status()) ? AsUsageError(templates.status()) : templates;
}

absl::Status CheckOut(const BuildOptions& options, const std::string& format) {
  if (!options.out.empty()) return absl::OkStatus();
  if (format == "all") {
    return WithHint(UsageError("several formats are several files"), "name a folder with --out");
  }
  if (format != "pdf") return absl::OkStatus();
  return WithHint(UsageError("a PDF is no text to show"), "name a file with --out");
}

absl::Status WriteBriefing(Session& session, const BuildOptions& options, const std::string& format,
                           const MailOptions& mail) {
  RETURN_IF_ERROR(CheckOut(options, format));
  ASSIGN_OR_RETURN(PageTemplates templates, ReadTemplates(options));
  ASSIGN_OR_RETURN(Desk desk, OpenDesk(session));
  const absl::StatusOr<MadeEdition> made = MakeAtDesk(session, desk, options.digest);
  if (!made.ok()) return Graver(desk.refreshed, made.status());
  const Colours colours = session.environment().data_is_terminal && options.out.empty()
                              ? Colours::kAnsi
                              : Colours::kNone;
  const absl::StatusOr<WrittenFormats> written =
      WriteFormats(made->edition, {.format = format,
                                   .columns = session.out().columns(),
                                   .colours = colours,
                                   .mail = mail,
                                   .templates = std::move(templates)});
  // An address or a template that is none was given with the command.
  if (!written.ok()) return AsUsageError(written.status());
  return Show(session, made->edition, written->files, options,
              Graver(desk.refreshed, written->failed));
}

absl::Status Build(Session& session, const BuildOptions& options) {
  ASSIGN_OR_RETURN(const std::string format, FormatOf(options, session));
  if (format == "eml") {
    return WithHint(UsageError("a mail has a sender and a reader"), "use `shield digest mail`");
  }
  return WriteBriefing(session, options, format, {});
}

absl::Status Mail(Session& session, const BuildOptions& options) {
  if (!options.out.empty()) RETURN_IF_ERROR(FormatForFile("eml", options.out).status());
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  ASSIGN_OR_RETURN(const Tlp limit, ReadMailLimit(home));
  return WriteBriefing(session, options, "eml",
                       {.max_tlp = limit, .from = options.from, .to = options.to});
}

void ShowSent(Session& session, const BriefingRequest& request, Tlp tlp,
              const Published& published) {
  NotePublished(session, published);
  PrintPublished(session, tlp, published);
  nlohmann::json object = PublishedJson(published);
  object["week"] = request.week.Print();
  object["tier"] = PrintTier(request.tier);
  session.out().Object(object);
  TellDone(session, IsPublished(published.id));
}

absl::Status ShowPlanned(Session& session, Client& client, const PreparedEdition& prepared) {
  ASSIGN_OR_RETURN(const PublicationPlan plan, client.Plan(prepared.draft));
  const Admission& admission = prepared.made.admission;
  const Week& week = prepared.made.edition.week;
  PrintPlan(session.out(), plan, LabelOfAdmission(admission, week, plan.tlp),
            AdmissionLines(session.out(), admission, week));
  nlohmann::json object = PlanJson(plan);
  object["edition"] = nlohmann::json::parse(WriteJson(prepared.made.edition), nullptr, false);
  object.update(AdmissionJson(admission));
  session.out().Object(object);
  return absl::OkStatus();
}

// An unattended run that comes a second time has nothing to do.
absl::Status AsDone(Session& session, Client& client, const PublishOptions& options,
                    const BriefingRequest& request, const absl::Status& status) {
  if (!options.once || RuleOf(status) != "EDITION_PUBLISHED") return status;
  nlohmann::json object = {
      {"week", request.week.Print()}, {"tier", PrintTier(request.tier)}, {"published", false}};
  ASSIGN_OR_RETURN(const Gathered gathered,
                   Gather(client, GatheredFor::kOthers, request.language, Fetching::kNever));
  const EditionStanding standing =
      StandingOf(gathered, request.week, request.tier, session.environment().clock.Now());
  if (standing.edition.has_value()) object["id"] = standing.edition->id.ToHex();
  session.out().Note(absl::StrCat("shield: ", status.message()));
  session.out().Object(object);
  return absl::OkStatus();
}

absl::Status Publish(Session& session, const PublishOptions& options) {
  Clock& clock = session.environment().clock;
  ASSIGN_OR_RETURN(const BriefingRequest request, ReadRequest(options.digest, clock.Now()));
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (Prevents(refreshed)) return refreshed;
  if (!options.dry_run) {
    ASSIGN_OR_RETURN(const std::optional<Published> resumed,
                     ResumeEdition(client, home, request.week, request.tier));
    if (resumed.has_value()) {
      ShowSent(session, request, LabelOf(request.tier), *resumed);
      return absl::OkStatus();
    }
  }
  const EditionMode mode = options.replace ? EditionMode::kReplace : EditionMode::kFirst;
  const absl::StatusOr<PreparedEdition> prepared =
      PrepareEdition(client, request, mode, clock.Now());
  if (!prepared.ok()) return AsDone(session, client, options, request, prepared.status());
  if (options.dry_run) return ShowPlanned(session, client, *prepared);
  ASSIGN_OR_RETURN(const PublicationPlan plan, client.Plan(prepared->draft));
  session.out().Note(ReachSentence(plan));
  const absl::StatusOr<Published> published = SendEdition(client, home, *prepared, clock);
  if (!published.ok()) return AsDone(session, client, options, request, published.status());
  ShowSent(session, request, prepared->draft.tlp, *published);
  return absl::OkStatus();
}

absl::string_view PrintStanding(EditionStanding::Kind kind) {
  switch (kind) {
    case EditionStanding::Kind::kNotDue:
      return "not due";
    case EditionStanding::Kind::kMissing:
      return "missing";
    case EditionStanding::Kind::kStands:
      return "published";
    case EditionStanding::Kind::kStale:
      break;
  }
  return "stale";
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

nlohmann::json ShowStanding(Session& session, const Week& week, Tier tier,
                            const EditionStanding& standing) {
  nlohmann::json object = {{"week", week.Print()},
                           {"tier", PrintTier(tier)},
                           {"standing", PrintStanding(standing.kind)}};
  std::string line =
      absl::StrCat(week.Print(), "  ", PrintTier(tier), "  ", PrintStanding(standing.kind));
  if (standing.edition.has_value()) {
    object["id"] = standing.edition->id.ToHex();
    object["revision"] = standing.edition->revision;
    absl::StrAppend(&line, "  ", standing.edition->id.ToHex());
  }
  session.out().Line(line);
  object["changed"] = nlohmann::json::array();
  for (const BulletinId& id : standing.changed) {
    session.out().Line(absl::StrCat("  ended since: ", id.ToHex()));
    object["changed"].push_back(id.ToHex());
  }
  return object;
}

absl::Status DueError(bool missing, bool stale) {
  if (!missing && !stale) return absl::OkStatus();
  return WithHint(
      WithRule(absl::PermissionDeniedError(stale ? "an edition tells of what has ended since"
                                                 : "an edition is due and not published"),
               stale ? "DIGEST_STALE" : "EDITION_MISSING"),
      stale ? "`shield digest publish --replace` sends the next revision"
            : "`shield digest publish` sends it");
}

absl::Status Due(Session& session, const DueOptions& options) {
  const absl::Time now = session.environment().clock.Now();
  ASSIGN_OR_RETURN(const Week week, ReadWeek(options.week, now));
  ASSIGN_OR_RETURN(const std::vector<Tier> tiers, ReadTiers(options.tiers));
  ASSIGN_OR_RETURN(Desk desk, OpenDesk(session));
  ASSIGN_OR_RETURN(const Gathered gathered,
                   Gather(desk.client, GatheredFor::kOthers, Language::kEnglish, desk.fetching));
  nlohmann::json editions = nlohmann::json::array();
  bool missing = false;
  bool stale = false;
  for (const Tier tier : tiers) {
    const EditionStanding standing = StandingOf(gathered, week, tier, now);
    missing = missing || standing.kind == EditionStanding::Kind::kMissing;
    stale = stale || standing.kind == EditionStanding::Kind::kStale;
    editions.push_back(ShowStanding(session, week, tier, standing));
  }
  return session.out().ObjectUnless(Graver(desk.refreshed, DueError(missing, stale)),
                                    {{"editions", std::move(editions)}});
}

absl::Status Check(Session& session) {
  ASSIGN_OR_RETURN(Desk desk, OpenDesk(session));
  ASSIGN_OR_RETURN(const Gathered gathered,
                   Gather(desk.client, GatheredFor::kMine, Language::kEnglish, desk.fetching));
  const std::vector<Omission> omissions =
      FindOmissions(gathered, session.environment().clock.Now());
  Output& out = session.out();
  nlohmann::json missing = nlohmann::json::array();
  for (const Omission& omission : omissions) {
    out.Line(absl::StrCat("missing: ", OmissionLine(out, omission)));
    missing.push_back(OmissionJson(omission));
  }
  out.Line(absl::StrCat(gathered.editions.size(), " editions here, ", omissions.size(),
                        " bulletins missing"));
  return out.ObjectUnless(
      Graver(desk.refreshed, Omitted(omissions.size())),
      {{"editions", gathered.editions.size()}, {"missing", std::move(missing)}});
}

void AddOwn(CLI::App* command, BuildOptions& options) {
  AddDigestOptions(command, options.digest);
  command->add_flag("--mine", options.digest.mine, "One's own week");
  command->add_option("--as-of", options.digest.as_of,
                      "The moment it is made for, as 2026-11-23T07:00:00+01:00");
  command->add_option("--out", options.out, "A file; of several formats a folder")
      ->type_name("PATH");
  command
      ->add_option("--templates", options.templates,
                   "A folder of mustache templates and page.css, for HTML, PDF and mail")
      ->type_name("FOLDER");
}

}  // namespace

void AddDigestCommands(CLI::App& app, Session& session) {
  CLI::App* digest = app.add_subcommand("digest", "The weekly briefing");
  digest->require_subcommand(1);

  const auto build_options = std::make_shared<BuildOptions>();
  CLI::App* build = digest->add_subcommand("build", "Make an edition, and send nothing");
  AddOwn(build, *build_options);
  build->add_option("--format", build_options->format, "md, term, html, pdf, json, ics or all");
  session.Command(build, [&session, build_options] { return Build(session, *build_options); });

  AddDigestShow(*digest, session);

  const auto publish_options = std::make_shared<PublishOptions>();
  CLI::App* publish = digest->add_subcommand("publish", "Make an edition anew and send it");
  AddDigestOptions(publish, publish_options->digest);
  publish->add_flag("--dry-run", publish_options->dry_run,
                    "Show who would get it, what stands in it and what not");
  publish->add_flag("--replace", publish_options->replace, "Send the next revision of it");
  publish->add_flag("--once", publish_options->once,
                    "That it is published already is no failure: for timers");
  session.OnlineCommand(publish,
                        [&session, publish_options] { return Publish(session, *publish_options); });

  const auto due_options = std::make_shared<DueOptions>();
  CLI::App* due = digest->add_subcommand("due", "Say whether an edition is missing or stale");
  due->add_option("--week", due_options->week, "Otherwise the last one that is over");
  due->add_option("--tier", due_options->tiers, "May be repeated; otherwise green")
      ->allow_extra_args(false)
      ->delimiter(',');
  session.Command(due, [&session, due_options] { return Due(session, *due_options); });

  CLI::App* check = digest->add_subcommand(
      "check", "Hold the inbox against the editions: say what was sent to all and never came");
  session.Command(check, [&session] { return Check(session); });

  const auto mail_options = std::make_shared<BuildOptions>();
  CLI::App* mail = digest->add_subcommand(
      "mail", "Write an edition as a mail; above the label that mail may carry, that it waits");
  AddOwn(mail, *mail_options);
  mail->add_option("--mail-from", mail_options->from, "local@host")->required();
  mail->add_option("--mail-to", mail_options->to, "One address")->required();
  session.Command(mail, [&session, mail_options] { return Mail(session, *mail_options); });
}

}  // namespace shield::cli
