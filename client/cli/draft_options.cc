#include "client/cli/draft_options.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/input_file.h"
#include "client/text/terminal_text.h"
#include "policy/decision.h"

namespace shield::cli {
namespace {

// CLI11 takes an empty word for an optional that was not given.
void AddText(CLI::App* command, const std::string& name, std::optional<std::string>& text,
             const std::string& what) {
  command->add_option_function<std::string>(
      name, [&text](const std::string& given) { text = given; }, what);
}

std::string CheckWithin(const std::string& text) {
  if (ParseAcknowledgeWithin(text).has_value()) return "";
  return absl::StrCat("`", text, "` is no time to acknowledge in: give it as 30s, 30m, 2h or 1d, ",
                      "up to 90d");
}

DraftFlags FlagsOf(const DraftOptions& options) {
  DraftFlags flags;
  flags.title = options.title;
  flags.kind = options.kind;
  flags.tlp = options.tlp;
  if (!options.to.empty()) flags.to = options.to;
  flags.priority = options.priority;
  flags.status = options.status;
  flags.not_before = options.not_before;
  flags.expires = options.expires;
  flags.acknowledge_within = options.ack;
  flags.attach = options.attach;
  return flags;
}

}  // namespace

void AddDraftOptions(CLI::App* command, DraftOptions& options) {
  command->add_option("DRAFT", options.path, "Markdown with TOML front matter")->required();
  AddText(command, "--title", options.title, "Wins over the draft's");
  AddText(command, "--kind", options.kind, "flash_alert, guidance, …");
  AddText(command, "--tlp", options.tlp,
          "TLP:RED, TLP:AMBER+STRICT, TLP:AMBER, TLP:GREEN, TLP:CLEAR");
  command->add_option("--to", options.to, "An audience token; may be repeated")
      ->allow_extra_args(false)
      ->delimiter(',');
  AddText(command, "--priority", options.priority, "routine, urgent or flash");
  AddText(command, "--status", options.status, "actual, exercise or test");
  AddText(command, "--not-before", options.not_before, "Embargo, as 2026-12-01T00:00:00Z");
  AddText(command, "--expires", options.expires, "End, as 2026-12-01T00:00:00Z");
  command
      ->add_option_function<std::string>(
          "--ack", [&options](const std::string& given) { options.ack = given; },
          "Ask the readers to acknowledge it within 30s, 30m, 2h, 1d, … of its opening")
      ->type_name("D")
      ->check(CheckWithin);
  command->add_option("--attach", options.attach, "A file; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

absl::StatusOr<LintedDraft> ReadDraft(const DraftOptions& options, absl::Time now) {
  ASSIGN_OR_RETURN(const std::string text,
                   ReadInputFile(options.path, "draft", kMaxDraftBytes, InputOrigin::kOwn));
  const std::string folder = std::filesystem::absolute(options.path).parent_path().string();
  LintedDraft linted = LintDraft(text, folder, FlagsOf(options));
  LintFitness(linted, now);
  return linted;
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

void NoteWarnings(Session& session, const LintedDraft& linted, const std::string& path) {
  for (const LintFinding& finding : linted.findings) {
    if (finding.severity == LintSeverity::kWarning) {
      session.out().Note(TerminalLine(
          absl::StrCat("shield: warning: ", path, ":", finding.line, ": ", finding.sentence)));
    }
  }
}

absl::StatusOr<Draft> DraftToPublish(Session& session, const DraftOptions& options) {
  ASSIGN_OR_RETURN(LintedDraft linted, ReadDraft(options, session.environment().clock.Now()));
  NoteWarnings(session, linted, options.path);
  if (const LintFinding* error = FirstError(linted)) return ErrorOf(*error, options.path);
  return *std::move(linted.draft);
}

}  // namespace shield::cli
