// shield bulletin lint | publish | ls | show | status (the others: lifecycle_commands.cc)
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/cli/board_text.h"
#include "client/cli/board_watch.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/draft_options.h"
#include "client/cli/open_client.h"
#include "client/cli/plan_text.h"
#include "client/cli/published_text.h"
#include "client/cli/widening.h"
#include "client/text/terminal_text.h"

namespace shield::cli {
namespace {

struct PublishOptions {
  DraftOptions draft;
  bool dry_run = false;
  bool wait = false;
  std::string confirm;
  std::string reason;
};

struct BoardOptions {
  std::string id;
  bool csv = false;
  bool watch = false;
};

bool AsksToAcknowledge(const Draft& draft) {
  if (draft.acknowledge_within.has_value()) return true;
  const auto members = nlohmann::json::parse(draft.members_json, nullptr, false);
  return members.is_object() && members.contains("acknowledge_by");
}

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
    const absl::Status refused = ErrorOf(*error, options.path);
    if (!session.out().human()) return refused;
    // Each has been said in a line of its own.
    return WithRule(
        absl::Status(refused.code(), absl::StrCat(options.path, " is not ready to publish")),
        RuleOf(refused));
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

absl::Status NotAllAcknowledged(const StatusBoard& board) {
  return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                               "the time to acknowledge is over, and only ", BoardSentence(board))),
                           "NOT_ALL_ACKNOWLEDGED"),
                  absl::StrCat("`shield bulletin status ", board.id.ToHex(), "` shows who has"));
}

// Nobody can say that it has been read: whoever waits for that is not told that all have.
absl::Status NobodyToWaitFor() {
  return WithHint(WithRule(absl::FailedPreconditionError(
                               "it is published, and --wait waits for nobody: it was sealed to the "
                               "source's own seats alone"),
                           "NOBODY_AWAITED"),
                  "publish it for others, or leave --wait out");
}

// Shows what was published, waits, and shows who has not acknowledged it.
absl::Status ShowWhenAcknowledged(Session& session, Client& client, Tlp tlp,
                                  const Published& published) {
  Output& out = session.out();
  NotePublishedSoFar(session, published);
  PrintPublished(session, tlp, published);
  TellDone(session, IsPublished(published.id));
  nlohmann::json object = PublishedJson(published);
  const absl::StatusOr<StatusBoard> board =
      WaitForAcknowledgements(session, client, published.id, *published.acknowledge_by);
  if (!board.ok()) {
    const absl::Status status = Annotate(board.status(), IsPublished(published.id));
    return out.ObjectUnless(status, std::move(object));
  }
  nlohmann::json missing = nlohmann::json::array();
  out.Line(BoardSentence(*board));
  for (const BoardReader& reader : MissingOn(*board)) {
    out.Line(absl::StrCat("not yet: ", reader.member.str(), "  ", reader.org.str()));
    missing.push_back(reader.member.str());
  }
  out.Line(out.Label(tlp));
  object["acknowledged"] = board->counts.acknowledged;
  object["awaited"] = board->counts.awaited;
  object["missing"] = std::move(missing);
  absl::Status outcome = board->Fault();
  if (outcome.ok() && board->counts.awaited == 0) outcome = NobodyToWaitFor();
  if (outcome.ok() && !board->Complete()) outcome = NotAllAcknowledged(*board);
  return out.ObjectUnless(outcome, std::move(object));
}

absl::Status NothingToWaitFor() {
  return WithHint(UsageError("--wait waits for acknowledgements, and the draft asks for none"),
                  "say until when with --ack 30m");
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
  if (options.wait && !AsksToAcknowledge(draft)) return NothingToWaitFor();
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
  if (options.wait && published.acknowledge_by.has_value()) {
    return ShowWhenAcknowledged(session, client, draft.tlp, published);
  }
  ShowPublished(session, draft.tlp, published);
  return absl::OkStatus();
}

absl::Status List(Session& session) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (PreventsReading(refreshed)) return refreshed;
  ASSIGN_OR_RETURN(const std::vector<InboxItem> items, client.Publications());
  ASSIGN_OR_RETURN(const EndedParts ended_since, FindEndedParts(client, items));
  return ShowItems(session.out(), items, refreshed, ended_since);
}

absl::Status Show(Session& session, const std::string& text) {
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(text));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (PreventsReading(refreshed)) return refreshed;
  const absl::StatusOr<OpenedBulletin> bulletin = client.Show(id);
  if (!bulletin.ok()) return Graver(refreshed, AsOwnStanding(bulletin.status()));
  ASSIGN_OR_RETURN(const std::vector<EndedPart> ended_since, EndedPartsOf(client, *bulletin));
  PrintBulletin(session.out(), *bulletin, ended_since);
  return session.out().ObjectUnless(refreshed, BulletinJson(*bulletin, ended_since));
}

absl::Status CheckBoardFormat(const Output& out, const BoardOptions& options) {
  if (options.csv && (options.watch || !out.human())) {
    return WithHint(UsageError("--csv is a format of its own"),
                    "leave out --json, --jsonl and --watch");
  }
  if (!options.watch || out.format() != Format::kJson) return absl::OkStatus();
  return WithHint(UsageError("a watch is a stream, and --json gives one object at its end"),
                  "use --jsonl");
}

absl::Status Status(Session& session, const BoardOptions& options) {
  RETURN_IF_ERROR(CheckBoardFormat(session.out(), options));
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(options.id));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  if (options.watch) return WatchBoard(session, client, id);
  ASSIGN_OR_RETURN(const StatusBoard board, client.Board(id));
  if (options.csv) {
    session.environment().data << BoardCsv(board);
    if (board.unlisted > 0) session.out().Note(absl::StrCat("shield: ", UnlistedSentence(board)));
    return board.Fault();
  }
  PrintBoard(session.out(), board);
  return session.out().ObjectUnless(board.Fault(), BoardJson(board));
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
  publish->add_flag("--wait", options->wait,
                    "Wait until all have acknowledged, or the time for it is over");
  publish->add_flag("--dry-run", options->dry_run, "Show who would get it and who not, and why");
  publish->add_option("--confirm", options->confirm, "The number of readers, when asked for it");
  publish->add_option("--reason", options->reason, "Why so many");
  session.Command(publish, [&session, options] { return Publish(session, *options); });

  CLI::App* ls = bulletin->add_subcommand("ls", "List what this member published");
  session.Command(ls, [&session] { return List(session); });

  CLI::App* show = bulletin->add_subcommand("show", "Show one of them");
  show->add_option("ID", *id, "Its id")->required();
  session.Command(show, [&session, id] { return Show(session, *id); });

  const auto board = std::make_shared<BoardOptions>();
  CLI::App* status =
      bulletin->add_subcommand("status", "Who has received, opened and acknowledged one");
  status->add_option("ID", board->id, "Its id")->required();
  status->add_flag("--csv", board->csv, "A table for a spreadsheet");
  status->add_flag("--watch", board->watch, "Follow it until everybody has acknowledged");
  session.OnlineCommand(status, [&session, board] { return Status(session, *board); });

  AddLifecycleCommands(*bulletin, session);
  AddShareCommand(*bulletin, session);
  AddImportCommand(*bulletin, session);
}

}  // namespace shield::cli
