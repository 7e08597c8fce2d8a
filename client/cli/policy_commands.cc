// shield policy explain | test
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/cli/commands.h"
#include "client/cli/draft_options.h"
#include "client/cli/input_file.h"
#include "client/cli/open_client.h"
#include "client/text/terminal_text.h"
#include "policy/corpus/run_cases.h"
#include "policy/decision.h"
#include "policy/proof/verified_directory.h"

namespace shield::cli {
namespace {

struct ExplainOptions {
  DraftOptions draft;
  std::string member;
};

// What is told of a decision.
struct Told {
  bool allowed = false;
  std::string rule;
  std::string sentence;
};

Told ToldOf(const Decision& decision) {
  return {decision.allowed, std::string(RuleName(decision.rule)), decision.sentence};
}

// Why this member's own entry is kept closed, by whatever check; nothing when none failed.
absl::StatusOr<std::optional<Told>> WhyRefused(Client& client, const BulletinId& id) {
  const absl::StatusOr<InboxItem> item = client.Item(id);
  if (absl::IsNotFound(item.status())) return std::optional<Told>();
  RETURN_IF_ERROR(item.status());
  if (item->state != InboxState::kRefused) return std::optional<Told>();
  return std::make_optional(Told{false, item->fault, item->fault_sentence});
}

absl::Status Report(Session& session, const MemberId& member, const Told& told, Tlp tlp,
                    const absl::Status& refreshed) {
  const std::string verdict = told.allowed ? "allow" : "deny";
  session.out().Line(session.out().Label(tlp));
  session.out().Line(TerminalLine(
      absl::StrFormat("%s: %s %s: %s", member.str(), verdict, told.rule, told.sentence)));
  session.out().Line(session.out().Label(tlp));
  return session.out().ObjectUnless(refreshed, {{"member", member.str()},
                                                {"verdict", verdict},
                                                {"rule", told.rule},
                                                {"sentence", told.sentence}});
}

// A member's home sees its own organisation and those it may know of: of anybody else it cannot
// tell whether there is one.
absl::Status CheckSeen(Client& client, const MemberId& member) {
  ASSIGN_OR_RETURN(const auto verified, client.NewestDirectory());
  const Directory& directory = verified->directory();
  if (directory.complete() || directory.FindMember(member) != nullptr) return absl::OkStatus();
  return WithHint(
      absl::NotFoundError(absl::StrCat("this home is shown only a part of the directory, and `",
                                       member.text(), "` is not in it")),
      "ask an analyst of the source to explain it");
}

absl::Status Explain(Session& session, const ExplainOptions& options) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (PreventsReading(refreshed)) return refreshed;
  MemberId member = client.member();
  if (!options.member.empty()) {
    const std::optional<MemberId> named = MemberId::Parse(options.member);
    if (!named.has_value()) {
      return UsageError(absl::StrCat("`", options.member, "` is not a member id"));
    }
    member = *named;
    RETURN_IF_ERROR(CheckSeen(client, member));
  }
  if (const std::optional<BulletinId> id = BulletinId::Parse(options.draft.path)) {
    ASSIGN_OR_RETURN(const Decision decision, client.Explain(*id, member));
    ASSIGN_OR_RETURN(const std::optional<Tlp> label, LabelOf(client, *id));
    const Tlp tlp = label.value_or(Tlp::kRed);
    std::optional<Told> refused;
    if (member == client.member()) {
      ASSIGN_OR_RETURN(refused, WhyRefused(client, *id));
    }
    return Report(session, member, refused.value_or(ToldOf(decision)), tlp, refreshed);
  }
  ASSIGN_OR_RETURN(const Draft draft, DraftToPublish(session, options.draft));
  ASSIGN_OR_RETURN(const Decision decision, client.Explain(draft, member));
  return Report(session, member, ToldOf(decision), draft.tlp, refreshed);
}

absl::Status Test(Session& session, const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text,
                   ReadInputFile(path, "case file", kMaxCaseFileBytes, InputOrigin::kOwn));
  ASSIGN_OR_RETURN(const CaseFile file, ParseCaseFile(text));
  const CaseReport report = RunCases(file);
  nlohmann::json mismatches = nlohmann::json::array();
  for (const CaseMismatch& mismatch : report.mismatches) {
    session.out().Line(
        TerminalLine(absl::StrFormat("%s:%d: %s: expected %s, got %s", path, mismatch.line,
                                     mismatch.id, mismatch.expected, mismatch.actual)));
    mismatches.push_back({{"line", mismatch.line},
                          {"id", mismatch.id},
                          {"expected", mismatch.expected},
                          {"actual", mismatch.actual}});
  }
  if (!report.mismatches.empty()) {
    session.out().ErrorBeside({{"cases", report.cases}, {"mismatches", std::move(mismatches)}});
    return WithRule(absl::PermissionDeniedError(
                        absl::StrFormat("%d of %d cases come out otherwise than the file expects",
                                        report.mismatches.size(), report.cases)),
                    "CASE_MISMATCH");
  }
  session.out().Line(absl::StrFormat("%d cases, all as expected", report.cases));
  session.out().Object({{"cases", report.cases}, {"mismatches", std::move(mismatches)}});
  return absl::OkStatus();
}

}  // namespace

void AddPolicyCommands(CLI::App& app, Session& session) {
  CLI::App* policy = app.add_subcommand("policy", "What may reach whom, and why");
  policy->require_subcommand(1);

  const auto explain_options = std::make_shared<ExplainOptions>();
  CLI::App* explain = policy->add_subcommand(
      "explain", "Whether a member may have a bulletin (its id, or a draft), and by which rule");
  AddDraftOptions(explain, explain_options->draft);
  explain->add_option("--member", explain_options->member, "Who asks (default: this home's member)")
      ->type_name("ID");
  session.Command(explain,
                  [&session, explain_options] { return Explain(session, *explain_options); });

  const auto path = std::make_shared<std::string>();
  CLI::App* test = policy->add_subcommand("test", "Judge a file of policy cases");
  test->add_option("FILE", *path, "In the form of docs/spec/tlp.md")->required();
  session.Command(test, [&session, path] { return Test(session, *path); });
}

}  // namespace shield::cli
