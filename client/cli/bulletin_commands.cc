// shield bulletin lint | publish | ls | show | status
#include <filesystem>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/input_file.h"
#include "client/cli/open_client.h"
#include "client/cli/plan_text.h"
#include "client/cli/terminal_text.h"
#include "policy/decision.h"

namespace shield::cli {
namespace {

// Beyond this many organisations the author is shown the reach and asked.
constexpr uint64_t kReachThatAsks = 100;

struct DraftOptions {
  std::string path;
  std::string title, kind, tlp, priority, status, not_before, expires;
  std::vector<std::string> to;
  std::vector<std::string> attach;
  bool dry_run = false;
  std::string confirm;
  std::string reason;
};

std::optional<std::string> Given(const std::string& value) {
  return value.empty() ? std::nullopt : std::optional<std::string>(value);
}

DraftFlags FlagsOf(const DraftOptions& options) {
  DraftFlags flags;
  flags.title = Given(options.title);
  flags.kind = Given(options.kind);
  flags.tlp = Given(options.tlp);
  if (!options.to.empty()) flags.to = options.to;
  flags.priority = Given(options.priority);
  flags.status = Given(options.status);
  flags.not_before = Given(options.not_before);
  flags.expires = Given(options.expires);
  flags.attach = options.attach;
  return flags;
}

absl::StatusOr<LintedDraft> ReadDraft(const DraftOptions& options) {
  ASSIGN_OR_RETURN(const std::string text, ReadInputFile(options.path, "draft", kMaxDraftBytes));
  const std::string folder = std::filesystem::absolute(options.path).parent_path().string();
  return LintDraft(text, folder, FlagsOf(options));
}

// The error a finding stands for: refused by policy when its rule is one of policy's.
absl::Status ErrorOf(const LintFinding& finding, const std::string& path) {
  const std::string place =
      finding.line > 0 ? absl::StrCat(path, ":", finding.line) : std::string(path);
  const std::string sentence = absl::StrCat(place, ": ", finding.sentence);
  const bool by_policy = ParseRule(finding.rule).has_value();
  const absl::Status status =
      by_policy ? absl::PermissionDeniedError(sentence) : absl::InvalidArgumentError(sentence);
  return WithHint(WithRule(status, finding.rule), finding.hint);
}

const LintFinding* FirstError(const LintedDraft& linted) {
  for (const LintFinding& finding : linted.findings) {
    if (finding.severity == LintSeverity::kError) return &finding;
  }
  return nullptr;
}

absl::Status Lint(Session& session, const DraftOptions& options) {
  ASSIGN_OR_RETURN(const LintedDraft linted, ReadDraft(options));
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

absl::StatusOr<Draft> DraftToPublish(Session& session, const DraftOptions& options) {
  ASSIGN_OR_RETURN(LintedDraft linted, ReadDraft(options));
  for (const LintFinding& finding : linted.findings) {
    if (finding.severity == LintSeverity::kWarning) {
      session.out().Note(TerminalLine(absl::StrCat("shield: warning: ", options.path, ":",
                                                   finding.line, ": ", finding.sentence)));
    }
  }
  if (const LintFinding* error = FirstError(linted)) return ErrorOf(*error, options.path);
  return *std::move(linted.draft);
}

// A bulletin to very many wants a second look: the number of readers is what has to be typed.
absl::Status ConfirmReach(Session& session, const DraftOptions& options,
                          const PublicationPlan& plan) {
  if (plan.organisations <= kReachThatAsks) return absl::OkStatus();
  return session.Confirm(absl::StrCat(plan.recipients.size()),
                         absl::StrFormat("This %s bulletin reaches %d members of %d organisations.",
                                         std::string(TlpWithPrefix(plan.tlp)),
                                         plan.recipients.size(), plan.organisations),
                         options.confirm, options.reason);
}

absl::Status Publish(Session& session, const DraftOptions& options) {
  ASSIGN_OR_RETURN(const Draft draft, DraftToPublish(session, options));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  if (!session.offline()) RETURN_IF_ERROR(client.SyncDirectory().status());
  ASSIGN_OR_RETURN(const PublicationPlan plan, client.Plan(draft));
  if (options.dry_run) {
    PrintPlan(session.out(), plan);
    session.out().Object(PlanJson(plan));
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(ConfirmReach(session, options, plan));
  ASSIGN_OR_RETURN(const Published published, client.Publish(draft));
  for (const std::string& warning : published.warnings) {
    session.out().Note(absl::StrCat("shield: warning: ", WarningSentence(warning)));
  }
  session.out().Line(session.out().Label(draft.tlp));
  session.out().Line(absl::StrFormat("published %s to %d members (directory %d, log index %d)",
                                     published.id.ToHex(), published.recipients,
                                     published.directory_version, published.log_index));
  session.out().Line(session.out().Label(draft.tlp));
  session.out().Object({{"id", published.id.ToHex()},
                        {"recipients", published.recipients},
                        {"directory_version", published.directory_version},
                        {"log_index", published.log_index},
                        {"replayed", published.replayed},
                        {"warnings", published.warnings}});
  return absl::OkStatus();
}

absl::Status List(Session& session) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  RETURN_IF_ERROR(Refresh(session, client));
  ASSIGN_OR_RETURN(const std::vector<InboxItem> items, client.Publications());
  PrintItems(session.out(), items);
  nlohmann::json entries = nlohmann::json::array();
  for (const InboxItem& item : items) entries.push_back(ItemJson(item));
  session.out().Object({{"entries", std::move(entries)}});
  return absl::OkStatus();
}

absl::StatusOr<BulletinId> ParseId(const std::string& text) {
  const std::optional<BulletinId> id = BulletinId::Parse(text);
  if (id.has_value()) return *id;
  return WithHint(UsageError(absl::StrCat("`", text, "` is not the id of a bulletin")),
                  "an id is 32 hexadecimal digits; `shield bulletin ls` lists them");
}

absl::Status Show(Session& session, const std::string& text) {
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(text));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  RETURN_IF_ERROR(Refresh(session, client));
  ASSIGN_OR_RETURN(const OpenedBulletin bulletin, client.Show(id));
  PrintBulletin(session.out(), bulletin);
  session.out().Object(BulletinJson(bulletin));
  return absl::OkStatus();
}

absl::Status Status(Session& session, const std::string& text) {
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(text));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  ASSIGN_OR_RETURN(const std::vector<ReaderStatus> readers, client.Readers(id));
  nlohmann::json recipients = nlohmann::json::array();
  uint64_t acknowledged = 0;
  for (const ReaderStatus& reader : readers) {
    acknowledged += reader.acknowledged ? 1 : 0;
    session.out().Line(absl::StrFormat("%-12s  %-32s  %s",
                                       reader.acknowledged ? "acknowledged" : "waiting",
                                       reader.member.str(), reader.org.str()));
    recipients.push_back({{"member", reader.member.str()},
                          {"org", reader.org.str()},
                          {"acknowledged", reader.acknowledged}});
  }
  session.out().Line(absl::StrFormat("%d of %d have acknowledged", acknowledged, readers.size()));
  session.out().Object(
      {{"id", text}, {"acknowledged", acknowledged}, {"recipients", std::move(recipients)}});
  return absl::OkStatus();
}

void AddDraftOptions(CLI::App* command, DraftOptions& options) {
  command->add_option("DRAFT", options.path, "Markdown with TOML front matter")->required();
  command->add_option("--title", options.title, "Wins over the draft's");
  command->add_option("--kind", options.kind, "flash_alert, guidance, …");
  command->add_option("--tlp", options.tlp,
                      "TLP:RED, TLP:AMBER+STRICT, TLP:AMBER, TLP:GREEN, TLP:CLEAR");
  command->add_option("--to", options.to, "An audience token; may be repeated")
      ->allow_extra_args(false)
      ->delimiter(',');
  command->add_option("--priority", options.priority, "routine, urgent or flash");
  command->add_option("--status", options.status, "actual, exercise or test");
  command->add_option("--not-before", options.not_before, "Embargo, as 2026-12-01T00:00:00Z");
  command->add_option("--expires", options.expires, "End, as 2026-12-01T00:00:00Z");
  command->add_option("--attach", options.attach, "A file; may be repeated")
      ->allow_extra_args(false);
}

}  // namespace

void AddBulletinCommands(CLI::App& app, Session& session) {
  CLI::App* bulletin = app.add_subcommand("bulletin", "Bulletins this member publishes");
  bulletin->require_subcommand(1);
  const auto options = std::make_shared<DraftOptions>();
  const auto id = std::make_shared<std::string>();

  CLI::App* lint = bulletin->add_subcommand("lint", "Say what is wrong with a draft");
  AddDraftOptions(lint, *options);
  session.Command(lint, [&session, options] { return Lint(session, *options); });

  CLI::App* publish = bulletin->add_subcommand("publish", "Seal a draft and send it");
  AddDraftOptions(publish, *options);
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
  session.Command(status, [&session, id] { return Status(session, *id); });
}

}  // namespace shield::cli
