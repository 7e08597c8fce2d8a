// shield audit retention
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/open_client.h"

namespace shield::cli {
namespace {

constexpr uint64_t kMostListed = 10'000;
constexpr int64_t kMostDays = 3650;
// A freshness note is renewed within a day; what ended before the one before is late.
constexpr absl::Duration kErasedWithin = absl::Hours(24);

struct RetentionOptions {
  std::string due = "7d";
  uint64_t max = 1000;
  bool csv = false;
};

absl::StatusOr<absl::Duration> ParseDue(const std::string& text) {
  uint64_t number = 0;
  const absl::string_view digits =
      absl::string_view(text).substr(0, text.empty() ? 0 : text.size() - 1);
  const char unit = text.empty() ? ' ' : text.back();
  const int64_t hours = unit == 'd' ? 24 : unit == 'h' ? 1 : 0;
  const bool read = hours > 0 && absl::SimpleAtoi(digits, &number) &&
                    number <= static_cast<uint64_t>(kMostDays * 24 / hours);
  if (read) return absl::Hours(hours * static_cast<int64_t>(number));
  return WithHint(UsageError(absl::StrCat("--due `", text, "` is no time ahead")),
                  "give it as 7d or 12h, up to 3650d");
}

absl::string_view PlaceOf(const Retained& content) {
  switch (content.place) {
    case Retained::Place::kInbox:
      return "inbox";
    case Retained::Place::kCarried:
      return "carried";
    case Retained::Place::kPublished:
      break;
  }
  return "published";
}

// due: it has not ended; ended: it goes with the next synchronisation; overdue: it should be gone.
absl::string_view StateOf(const Retained& content, absl::Time now) {
  if (now < content.expires) return "due";
  return now < content.expires + kErasedWithin ? "ended" : "overdue";
}

nlohmann::json RowOf(const Retained& content, absl::Time now) {
  return {{"id", content.id.ToHex()},
          {"tlp", TlpWithPrefix(content.tlp)},
          {"class", std::string(PrintBulletinClass(content.bulletin_class))},
          {"place", std::string(PlaceOf(content))},
          {"expires", PrintTime(content.expires)},
          {"erase_by", PrintTime(content.expires + kErasedWithin)},
          {"state", std::string(StateOf(content, now))}};
}

void PrintRows(Output& out, const nlohmann::json& rows, bool csv) {
  static constexpr const char* kColumns[] = {"id",      "tlp",      "class", "place",
                                             "expires", "erase_by", "state"};
  if (csv) out.Line("id,tlp,class,place,expires,erase_by,state");
  for (const nlohmann::json& row : rows) {
    std::string line;
    for (const char* column : kColumns) {
      absl::StrAppend(&line, line.empty() ? "" : csv ? "," : "  ", row[column].get<std::string>());
    }
    out.Line(line);
  }
}

absl::Status Overdue(size_t count) {
  if (count == 0) return absl::OkStatus();
  return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                               count,
                               " bulletins ended more than a day ago and their content is "
                               "still in this home")),
                           "RETENTION_OVERDUE"),
                  "`shield inbox ls` synchronises the home, which erases what has ended");
}

absl::Status Retention(Session& session, const RetentionOptions& options) {
  ASSIGN_OR_RETURN(const absl::Duration due, ParseDue(options.due));
  if (options.csv && !session.out().human()) {
    return UsageError("--csv is a form of its own: leave --json out");
  }
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Time now = session.environment().clock.Now();
  ASSIGN_OR_RETURN(std::vector<Retained> contents,
                   client.ContentThatEnds(now + due, options.max + 1));
  const bool more = contents.size() > options.max;
  if (more) contents.pop_back();
  nlohmann::json rows = nlohmann::json::array();
  size_t overdue = 0;
  std::optional<Tlp> strictest;
  for (const Retained& content : contents) {
    overdue += StateOf(content, now) == "overdue" ? 1 : 0;
    strictest = strictest ? MostRestrictive(*strictest, content.tlp) : content.tlp;
    rows.push_back(RowOf(content, now));
  }
  const bool labelled = strictest.has_value() && !options.csv;
  if (labelled) session.out().Line(session.out().Label(*strictest));
  PrintRows(session.out(), rows, options.csv);
  if (labelled) session.out().Line(session.out().Label(*strictest));
  if (more) session.out().Note(absl::StrCat("There are more than ", options.max, "; see --max."));
  return session.out().ObjectUnless(
      Overdue(overdue), {{"due", std::move(rows)}, {"overdue", overdue}, {"more", more}});
}

// Other commands of the noun may have been added already.
CLI::App* AuditOf(CLI::App& app) {
  const auto found =
      app.get_subcommands([](const CLI::App* command) { return command->check_name("audit"); });
  if (!found.empty()) return found.front();
  CLI::App* audit = app.add_subcommand("audit", "What can be shown of what was done");
  audit->require_subcommand(1);
  return audit;
}

}  // namespace

void AddRetentionCommand(CLI::App& app, Session& session) {
  const auto options = std::make_shared<RetentionOptions>();
  CLI::App* audit = AuditOf(app);
  CLI::App* retention =
      audit->add_subcommand("retention", "What content this home keeps, and until when");
  retention->add_option("--due", options->due, "Of what ends within this time: 7d, 12h")
      ->type_name("TIME");
  retention->add_option("--max", options->max, "List at most so many")
      ->type_name("N")
      ->check(CLI::Range(uint64_t{1}, kMostListed));
  retention->add_flag("--csv", options->csv, "Comma-separated, with a heading");
  session.Command(retention, [&session, options] { return Retention(session, *options); });
}

}  // namespace shield::cli
