// shield bulletin lint | publish | ls | show | status (the others: lifecycle_commands.cc)
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/draft_options.h"
#include "client/cli/open_client.h"
#include "client/cli/plan_text.h"
#include "client/cli/published_text.h"
#include "client/cli/terminal_text.h"
#include "client/cli/widening.h"

namespace shield::cli {
namespace {

struct PublishOptions {
  DraftOptions draft;
  bool dry_run = false;
  std::string confirm;
  std::string reason;
};

absl::Status Lint(Session& session, const DraftOptions& options) {
  ASSIGN_OR_RETURN(const LintedDraft linted, ReadDraft(options, session.environment().clock.Now()));
  nlohmann::json findings = nlohmann::json::array();
  for (const LintFinding& finding : linted.findings) {
    const bool error = finding.severity == LintSeverity::kError;
    session.out().Line(TerminalLine(absl::StrFormat(
        "%s:%d: %s: %s (%s)%s%s", options.path, finding.line, error ? "error" : "warning",
        finding.sentence, finding.rule, finding.hint.empty() ? "" : ". ", finding.hint)));
    findings.push_back({{"line", finding.line},
                        {"severity", error ? "error" : "warning"},
                        {"rule", finding.rule},
                        {"message", finding.sentence},
                        {"hint", finding.hint}});
  }
  const LintFinding* error = FirstError(linted);
  if (error != nullptr) {
    session.out().ErrorBeside({{"findings", std::move(findings)}});
    return ErrorOf(*error, options.path);
  }
  session.out().Line(absl::StrCat(TerminalLine(options.path), ": ready to publish"));
  session.out().Object({{"findings", std::move(findings)}});
  return absl::OkStatus();
}

// A bulletin to very many wants a second look: the number of readers is what has to be typed.
absl::Status ConfirmReach(Session& session, const PublishOptions& options,
                          const PublicationPlan& plan) {
  if (plan.organisations <= kReachThatAsks) return absl::OkStatus();
  return session.Confirm(absl::StrCat(plan.recipients.size()), ReachSentence(plan), options.confirm,
                         options.reason);
}

absl::Status ShowPlan(Session& session, Client& client, const Draft& draft) {
  if (!session.offline()) RETURN_IF_ERROR(client.SyncDirectory().status());
  ASSIGN_OR_RETURN(const PublicationPlan plan, client.Plan(draft));
  PrintPlan(session.out(), plan);
  session.out().Object(PlanJson(plan));
  return absl::OkStatus();
}

absl::Status Publish(Session& session, const PublishOptions& options) {
  if (!options.dry_run) RETURN_IF_ERROR(session.RefuseOffline());
  ASSIGN_OR_RETURN(const LintedDraft linted,
                   ReadDraft(options.draft, session.environment().clock.Now()));
  NoteWarnings(session, linted, options.draft.path);
  const LintFinding* error = FirstError(linted);
  const absl::Status unfit =
      error == nullptr ? absl::OkStatus() : ErrorOf(*error, options.draft.path);
  if (!linted.draft.has_value()) return unfit;
  const Draft& draft = *linted.draft;
  absl::StatusOr<Client> opened = OpenClient(session);
  if (!opened.ok()) return unfit.ok() ? opened.status() : unfit;
  Client client = *std::move(opened);
  if (options.dry_run) {
    RETURN_IF_ERROR(unfit);
    return ShowPlan(session, client, draft);
  }
  // What may have been published already is asked for, whatever would be said of the draft by now.
  ASSIGN_OR_RETURN(const bool unconfirmed, client.IsUnconfirmed(draft));
  if (!unconfirmed) {
    RETURN_IF_ERROR(unfit);
    RETURN_IF_ERROR(client.SyncDirectory().status());
    ASSIGN_OR_RETURN(const PublicationPlan plan, client.Plan(draft));
    RETURN_IF_ERROR(
        OriginalsOf(draft).empty()
            ? ConfirmReach(session, options, plan)
            : ConfirmWidening(session, client, {options.confirm, options.reason}, draft, plan));
  }
  ASSIGN_OR_RETURN(const Published published, client.Publish(draft));
  ShowPublished(session, draft.tlp, published);
  return absl::OkStatus();
}

absl::Status List(Session& session) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (Prevents(refreshed)) return refreshed;
  ASSIGN_OR_RETURN(const std::vector<InboxItem> items, client.Publications());
  return ShowItems(session.out(), items, refreshed);
}

absl::Status Show(Session& session, const std::string& text) {
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(text));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (Prevents(refreshed)) return refreshed;
  const absl::StatusOr<OpenedBulletin> bulletin = client.Show(id);
  if (!bulletin.ok()) return Graver(refreshed, AsOwnStanding(bulletin.status()));
  PrintBulletin(session.out(), *bulletin);
  return session.out().ObjectUnless(refreshed, BulletinJson(*bulletin));
}

absl::Status Status(Session& session, const std::string& text) {
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(text));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  ASSIGN_OR_RETURN(const std::vector<ReaderStatus> readers, client.Readers(id));
  ASSIGN_OR_RETURN(const std::optional<Tlp> tlp, LabelOf(client, id));
  const std::string label = tlp.has_value() ? session.out().Label(*tlp) : "TLP unknown here";
  session.out().Line(label);
  nlohmann::json recipients = nlohmann::json::array();
  uint64_t acknowledged = 0;
  for (const ReaderStatus& reader : readers) {
    acknowledged += reader.acknowledged ? 1 : 0;
    const std::string shared_by = reader.shared_by ? reader.shared_by->str() : "";
    session.out().Line(absl::StrFormat(
        "%-12s  %-32s  %s%s", reader.acknowledged ? "acknowledged" : "waiting", reader.member.str(),
        reader.org.str(), shared_by.empty() ? "" : absl::StrCat("  passed on by ", shared_by)));
    recipients.push_back({{"member", reader.member.str()},
                          {"org", reader.org.str()},
                          {"acknowledged", reader.acknowledged},
                          {"told", reader.told},
                          {"shared_by", shared_by}});
  }
  session.out().Line(absl::StrFormat("%d of %d have acknowledged", acknowledged, readers.size()));
  session.out().Line(label);
  session.out().Object(
      {{"id", text}, {"acknowledged", acknowledged}, {"recipients", std::move(recipients)}});
  return absl::OkStatus();
}

}  // namespace

void AddBulletinCommands(CLI::App& app, Session& session) {
  CLI::App* bulletin = app.add_subcommand("bulletin", "Bulletins this member publishes");
  bulletin->require_subcommand(1);
  const auto lint_options = std::make_shared<DraftOptions>();
  const auto options = std::make_shared<PublishOptions>();
  const auto id = std::make_shared<std::string>();

  CLI::App* lint = bulletin->add_subcommand("lint", "Say what is wrong with a draft");
  AddDraftOptions(lint, *lint_options);
  session.Command(lint, [&session, lint_options] { return Lint(session, *lint_options); });

  CLI::App* publish = bulletin->add_subcommand("publish", "Seal a draft and send it");
  AddDraftOptions(publish, options->draft);
  publish->add_flag("--dry-run", options->dry_run, "Show who would get it and who not, and why");
  publish->add_option("--confirm", options->confirm, "The number of readers, when asked for it");
  publish->add_option("--reason", options->reason, "Why so many");
  session.Command(publish, [&session, options] { return Publish(session, *options); });

  CLI::App* ls = bulletin->add_subcommand("ls", "List what this member published");
  session.Command(ls, [&session] { return List(session); });

  CLI::App* show = bulletin->add_subcommand("show", "Show one of them");
  show->add_option("ID", *id, "Its id")->required();
  session.Command(show, [&session, id] { return Show(session, *id); });

  CLI::App* status = bulletin->add_subcommand("status", "Who has acknowledged one");
  status->add_option("ID", *id, "Its id")->required();
  session.OnlineCommand(status, [&session, id] { return Status(session, *id); });

  AddLifecycleCommands(*bulletin, session);
  AddShareCommand(*bulletin, session);
  AddImportCommand(*bulletin, session);
}

}  // namespace shield::cli
