// shield audit retention: what this home keeps, or what the broker does.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "client/audit/broker_retention.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/open_client.h"
#include "policy/proof/verified_directory.h"

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
  std::string of;  // "home", "broker", or empty: as the caller's role is
};

// What a list shows: one row each, by its columns.
struct Listing {
  std::vector<const char*> columns = {};
  nlohmann::json rows = nlohmann::json::array();
  std::optional<Tlp> strictest = std::nullopt;
  std::string whose = {};  // a sentence
  bool more = false;
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

void AddLabel(Tlp tlp, Listing& listing) {
  listing.strictest = listing.strictest ? MostRestrictive(*listing.strictest, tlp) : tlp;
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

std::string CellOf(const nlohmann::json& value, bool csv) {
  if (value.is_null()) return csv ? "" : "-";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void PrintRows(Output& out, const Listing& listing, bool csv) {
  const char* const between = csv ? "," : "  ";
  if (csv || !listing.rows.empty()) out.Line(absl::StrJoin(listing.columns, between));
  for (const nlohmann::json& row : listing.rows) {
    std::vector<std::string> cells;
    cells.reserve(listing.columns.size());
    for (const char* column : listing.columns) cells.push_back(CellOf(row[column], csv));
    out.Line(absl::StrJoin(cells, between));
  }
}

void Print(Session& session, const Listing& listing, const RetentionOptions& options) {
  Output& out = session.out();
  const bool labelled = listing.strictest.has_value() && !options.csv;
  if (labelled) out.Line(out.Label(*listing.strictest));
  if (!options.csv) out.Line(listing.whose);
  PrintRows(out, listing, options.csv);
  if (labelled) out.Line(out.Label(*listing.strictest));
  if (listing.more) out.Note(absl::StrCat("There are more than ", options.max, "; see --max."));
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

absl::Status ListHome(Session& session, Client& client, const RetentionOptions& options,
                      absl::Duration due) {
  const absl::Time now = session.environment().clock.Now();
  ASSIGN_OR_RETURN(std::vector<Retained> contents,
                   client.ContentThatEnds(now + due, options.max + 1));
  Listing listing{{"id", "tlp", "class", "place", "expires", "erase_by", "state"}};
  listing.whose = "What this home keeps:";
  listing.more = contents.size() > options.max;
  if (listing.more) contents.pop_back();
  size_t overdue = 0;
  for (const Retained& content : contents) {
    overdue += StateOf(content, now) == "overdue" ? 1 : 0;
    AddLabel(content.tlp, listing);
    listing.rows.push_back(RowOf(content, now));
  }
  Print(session, listing, options);
  return session.out().ObjectUnless(Overdue(overdue), {{"of", "home"},
                                                       {"due", std::move(listing.rows)},
                                                       {"overdue", overdue},
                                                       {"more", listing.more}});
}

nlohmann::json RowOf(const DueAtBroker& due) {
  nlohmann::json row = {
      {"id", nullptr},
      {"statement_sha256", absl::BytesToHexString(AsText(due.text_digest.span()))},
      {"log_index", due.log_index},
      {"tlp", TlpWithPrefix(due.tlp)},
      {"class", std::string(PrintBulletinClass(due.bulletin_class))},
      {"issued", PrintTime(due.issued)},
      {"expires", PrintTime(due.expires)},
      {"row_days", nullptr}};
  if (due.id.has_value()) row["id"] = due.id->ToHex();
  if (due.row_days > 0) row["row_days"] = due.row_days;
  return row;
}

absl::Status ListBroker(Session& session, Client& client, const RetentionOptions& options,
                        absl::Duration due) {
  const absl::Time until = session.environment().clock.Now() + due;
  ASSIGN_OR_RETURN(const BrokerRetention list, client.ListDueAtBroker(until, options.max));
  Listing listing{
      {"id", "statement_sha256", "log_index", "tlp", "class", "issued", "expires", "row_days"}};
  listing.whose = absl::StrCat("What the broker says it erases (", list.unerased,
                               " ended and not erased yet):");
  listing.more = list.more;
  for (const DueAtBroker& each : list.due) {
    AddLabel(each.tlp, listing);
    listing.rows.push_back(RowOf(each));
  }
  Print(session, listing, options);
  session.out().Object({{"of", "broker"},
                        {"due", std::move(listing.rows)},
                        {"unerased", list.unerased},
                        {"more", list.more}});
  return absl::OkStatus();
}

// Whether the newest directory that is here has the caller as an auditor of an authority. Whoever
// has none yet gets the home's list, in which there is nothing either.
absl::StatusOr<bool> IsAuditor(Client& client) {
  const auto newest = client.NewestDirectory();
  if (absl::IsNotFound(newest.status())) return false;
  RETURN_IF_ERROR(newest.status());
  const Directory& directory = (*newest)->directory();
  const MemberRecord* member = directory.FindMember(client.member());
  const OrgRecord* org = member == nullptr ? nullptr : directory.FindOrg(member->org);
  return org != nullptr && org->kind == OrgKind::kAuthority && member->Has(Role::kAuditor);
}

absl::Status Retention(Session& session, const RetentionOptions& options) {
  ASSIGN_OR_RETURN(const absl::Duration due, ParseDue(options.due));
  if (options.csv && !session.out().human()) {
    return UsageError("--csv is a form of its own: leave --json out");
  }
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  bool broker = options.of == "broker";
  if (options.of.empty() && !session.offline()) {
    // An auditor's first command may be this one.
    if (absl::IsNotFound(client.NewestDirectory().status())) client.SyncDirectory().IgnoreError();
    ASSIGN_OR_RETURN(broker, IsAuditor(client));
  }
  return broker ? ListBroker(session, client, options, due)
                : ListHome(session, client, options, due);
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
  CLI::App* retention = audit->add_subcommand("retention", "What content is kept, and until when");
  retention->add_option("--due", options->due, "Of what ends within this time: 7d, 12h")
      ->type_name("TIME");
  retention->add_option("--max", options->max, "List at most so many")
      ->type_name("N")
      ->check(CLI::Range(uint64_t{1}, kMostListed));
  retention
      ->add_option("--of", options->of,
                   "Whose list: of this home, or of the broker, which an auditor is shown")
      ->check(CLI::IsMember({"home", "broker"}));
  retention->add_flag("--csv", options->csv, "Comma-separated, with a heading");
  session.Command(retention, [&session, options] { return Retention(session, *options); });
}

}  // namespace shield::cli
