// shield digest build | show | check | mail; publish and due are in digest_publish.cc
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "client/cli/admission_text.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/counted.h"
#include "client/cli/digest_desk.h"
#include "client/cli/digest_formats.h"
#include "client/cli/digest_options.h"
#include "client/cli/digest_publish.h"
#include "client/cli/digest_show.h"
#include "client/cli/omission_text.h"
#include "client/cli/open_client.h"
#include "client/digest/page/html.h"
#include "client/digest/page/page_templates.h"
#include "client/digest/publish/edition_standing.h"
#include "client/digest/publish/ended_parts.h"
#include "client/digest/publish/mail_limit.h"
#include "client/digest/publish/omissions.h"
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

// The newest edition of this tier and week that holds: by the organisation of who makes editions,
// and otherwise by whatever force has sent it one.
std::optional<HeldEdition> PublishedOne(const Gathered& gathered, const BriefingRequest& request) {
  const absl::StatusOr<OrgId> source = SourceOf(gathered);
  if (!source.ok() || request.tier == Tier::kMine) return std::nullopt;
  std::set<OrgId> sources = {*source};
  if (!MakesEditions(gathered)) {
    for (const HeldEdition& edition : gathered.editions) sources.insert(edition.source);
  }
  std::optional<HeldEdition> newest;
  for (const OrgId& each : sources) {
    const std::vector<HeldEdition> holding =
        EditionsThatHold(gathered.editions, each, request.week, request.tier);
    if (holding.empty()) continue;
    if (!newest.has_value() || newest->log_index < holding.back().log_index) {
      newest = holding.back();
    }
  }
  return newest;
}

absl::StatusOr<Gathered> GatherAtDesk(Desk& desk, const BriefingRequest& request) {
  const GatheredFor whom = request.tier == Tier::kMine ? GatheredFor::kMine : GatheredFor::kOthers;
  return Gather(desk.client, desk.home, whom, request.language, desk.fetching);
}

absl::StatusOr<MadeEdition> MakeAtDesk(Session& session, Desk& desk, const DigestOptions& options) {
  const absl::Time now = session.environment().clock.Now();
  ASSIGN_OR_RETURN(BriefingRequest request, ReadRequest(options, now));
  ASSIGN_OR_RETURN(const Gathered gathered, GatherAtDesk(desk, request));
  // The revision of what holds. Of a first edition what is shown is that edition; a correction is
  // for those who had what it corrects, who are not found out here: more may stand in it, or less.
  const std::optional<HeldEdition> holds = PublishedOne(gathered, request);
  if (holds.has_value()) request.revision = holds->revision;
  // A revision was made when it was issued, not when the first one was due.
  if (request.revision > 1 && !request.as_of.has_value())
    request.as_of = std::min(now, holds->issued);
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

absl::StatusOr<PageTemplates> ReadTemplates(const BuildOptions& options,
                                            const std::string& format) {
  if (options.templates.empty()) return PageTemplates::BuiltIn();
  if (format != "html" && format != "pdf" && format != "all" && format != "eml") {
    return WithHint(UsageError(absl::StrCat("the format `", format, "` is made of no templates")),
                    "leave out --templates, or ask for html, pdf or all");
  }
  absl::StatusOr<PageTemplates> templates = ReadPageTemplates(options.templates);
  if (absl::IsNotFound(templates.status())) return UsageError(templates.status().message());
  return absl::IsInvalidArgument(templates.status()) ? AsUsageError(templates.status()) : templates;
}

absl::Status CheckOut(const BuildOptions& options, const std::string& format) {
  if (!options.out.empty()) return CheckOutName(options.out);
  if (format == "all") {
    return WithHint(UsageError("several formats are several files"), "name a folder with --out");
  }
  if (format != "pdf") return absl::OkStatus();
  return WithHint(UsageError("a PDF is no text to show"), "name a file with --out");
}

absl::Status WriteBriefing(Session& session, Desk& desk, const BuildOptions& options,
                           const std::string& format, const MailOptions& mail) {
  RETURN_IF_ERROR(CheckOut(options, format));
  ASSIGN_OR_RETURN(PageTemplates templates, ReadTemplates(options, format));
  const absl::StatusOr<MadeEdition> made = MakeAtDesk(session, desk, options.digest);
  if (!made.ok()) return Graver(desk.refreshed, AsUsageError(made.status()));
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
  RETURN_IF_ERROR(CheckOut(options, format));
  ASSIGN_OR_RETURN(Desk desk, OpenDesk(session));
  return WriteBriefing(session, desk, options, format, {});
}

// Whether it is asked for as it would be made now, whatever has been published.
bool IsAskedAnew(const DigestOptions& options, const HeldEdition& published) {
  const bool other_language =
      !options.language.empty() && options.language != PrintLanguage(published.language);
  return other_language || !options.to.empty() || !options.foreword.empty() ||
         !options.pick.empty() || !options.leave.empty() || !options.as_of.empty();
}

// Of what is published the mail is that, whatever has come since.
absl::StatusOr<std::optional<HeldEdition>> PublishedToMail(Session& session, Desk& desk,
                                                           const DigestOptions& options) {
  ASSIGN_OR_RETURN(const BriefingRequest request,
                   ReadRequest(options, session.environment().clock.Now()));
  ASSIGN_OR_RETURN(const Gathered gathered, GatherAtDesk(desk, request));
  std::optional<HeldEdition> published = PublishedOne(gathered, request);
  if (published.has_value() && IsAskedAnew(options, *published)) return std::nullopt;
  return published;
}

absl::Status ShowMail(Session& session, const std::string& mail, const nlohmann::json& object,
                      const BuildOptions& options, const absl::Status& outcome) {
  if (options.out.empty()) {
    session.out().Line(absl::StripSuffix(mail, "\n"));
  } else {
    RETURN_IF_ERROR(WriteOut({{"", mail}}, options.out, /*folder=*/false).status());
    session.out().Line(TerminalLine(absl::StrCat("wrote ", options.out)));
  }
  return session.out().ObjectUnless(outcome, object);
}

// A published edition as the page that `digest show` makes of it.
absl::StatusOr<std::string> PageOf(const HeldEdition& held, const OpenedBulletin& opened) {
  Edition head{.author = held.author, .source = held.source};
  head.label = opened.item.tlp;
  head.week = *held.week;
  head.tier = held.tier;
  head.revision = held.revision;
  head.language = held.language;
  return WriteReceivedHtml(head, opened.content.body, {});
}

absl::Status MailPublished(Session& session, Desk& desk, const HeldEdition& held,
                           const BuildOptions& options, const MailOptions& mail) {
  ASSIGN_OR_RETURN(const OpenedBulletin opened, desk.client.Read(held.id));
  // The mail stays what was sealed; who sends it has to know.
  ASSIGN_OR_RETURN(const std::vector<EndedPart> ended_since, EndedPartsOf(desk.client, opened));
  for (const std::string& line : EndedLines(ended_since)) {
    session.out().Note(absl::StrCat("shield: warning: ", line));
  }
  ASSIGN_OR_RETURN(const auto directory, desk.client.NewestDirectory());
  const PublishedEdition edition{
      .network = std::string(directory->directory().note().network.text()),
      .id = held.id,
      .week = *held.week,
      .revision = held.revision,
      .label = opened.item.tlp,
      .language = held.language,
      .issued = held.issued,
      .markdown = opened.content.body,
      .waiting = held.contains.size()};
  MailOptions with_page = mail;
  ASSIGN_OR_RETURN(with_page.html, PageOf(held, opened));
  const absl::StatusOr<std::string> text = ComposeMail(edition, with_page);
  if (!text.ok()) return AsUsageError(text.status());  // an address that is none
  return ShowMail(session, *text,
                  {{"id", held.id.ToHex()},
                   {"week", held.week->Print()},
                   {"tier", PrintTier(held.tier)},
                   {"tlp", TlpWithPrefix(opened.item.tlp)},
                   {"revision", held.revision},
                   {"language", PrintLanguage(held.language)}},
                  options, desk.refreshed);
}

absl::Status Mail(Session& session, const BuildOptions& options) {
  if (!options.out.empty()) {
    RETURN_IF_ERROR(CheckOutName(options.out));
    RETURN_IF_ERROR(FormatForFile("eml", options.out).status());
  }
  ASSIGN_OR_RETURN(Desk desk, OpenDesk(session));
  ASSIGN_OR_RETURN(const Tlp limit, ReadMailLimit(desk.home));
  const MailOptions mail{.max_tlp = limit, .from = options.from, .to = options.to};
  ASSIGN_OR_RETURN(const std::optional<HeldEdition> published,
                   PublishedToMail(session, desk, options.digest));
  if (published.has_value()) return MailPublished(session, desk, *published, options, mail);
  return WriteBriefing(session, desk, options, "eml", mail);
}

absl::Status Check(Session& session) {
  ASSIGN_OR_RETURN(Desk desk, OpenDesk(session));
  ASSIGN_OR_RETURN(const Gathered gathered, Gather(desk.client, desk.home, GatheredFor::kMine,
                                                   Language::kEnglish, desk.fetching));
  const std::vector<Omission> omissions =
      FindOmissions(gathered, session.environment().clock.Now());
  Output& out = session.out();
  nlohmann::json missing = nlohmann::json::array();
  for (const Omission& omission : omissions) {
    out.Line(absl::StrCat("missing: ", OmissionLine(out, omission)));
    missing.push_back(OmissionJson(omission));
  }
  const auto live = static_cast<size_t>(
      std::count_if(gathered.editions.begin(), gathered.editions.end(),
                    [](const HeldEdition& each) { return each.state == InboxState::kLive; }));
  out.Line(absl::StrCat(Counted(live, "edition"), " here, ", Counted(omissions.size(), "bulletin"),
                        " missing"));
  return out.ObjectUnless(Graver(desk.refreshed, Omitted(omissions.size())),
                          {{"editions", live}, {"missing", std::move(missing)}});
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
  AddDigestPublishCommands(*digest, session);

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
