#include "client/cli/digest_show.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/bytes.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/digest_formats.h"
#include "client/cli/open_client.h"
#include "client/digest/page/html.h"
#include "client/digest/page/pdf.h"
#include "client/digest/publish/ended_parts.h"
#include "client/digest/publish/held_edition.h"
#include "client/digest/show/terminal.h"
#include "client/home/private_file.h"
#include "client/text/terminal_text.h"
#include "policy/decision.h"

namespace shield::cli {
namespace {

struct ShowOptions {
  std::string id;
  std::string format;
  std::string out;
};

absl::StatusOr<std::string> FormatOf(const ShowOptions& options) {
  std::string format = options.format;
  if (!options.out.empty()) {
    RETURN_IF_ERROR(CheckOutName(options.out));
    ASSIGN_OR_RETURN(format, FormatForFile(options.format, options.out));
  } else if (format.empty()) {
    format = "term";
  }
  if (format == "pdf" && options.out.empty()) {
    return WithHint(UsageError("a PDF is no text to show"), "name a file with --out");
  }
  if (format == "md" || format == "term" || format == "html" || format == "pdf") return format;
  return WithHint(UsageError(absl::StrCat("`", format, "` is no format of an edition's text")),
                  "md, term, html or pdf; `shield inbox show ID --json` for programs");
}

absl::Status NoEdition(const OpenedBulletin& bulletin) {
  const bool live = bulletin.item.state == InboxState::kLive;
  return WithHint(absl::FailedPreconditionError(
                      live ? std::string("the bulletin is no edition of the briefing")
                           : absl::StrCat("the bulletin is ", PrintInboxState(bulletin.item.state),
                                          ": its text is shown no more")),
                  "`shield inbox show` says what it is");
}

// The bulletin here that holds in its place; of several the newest in the log.
std::optional<BulletinId> FindSuccessor(const std::vector<InboxItem>& items, BulletinId id) {
  std::optional<BulletinId> newest;
  // Each step goes on to another bulletin, of which there are so many.
  for (size_t steps = 0; steps < items.size(); ++steps) {
    const auto replaces = [&id](const InboxItem& item) {
      const bool names = std::any_of(
          item.references.begin(), item.references.end(), [&id](const Reference& reference) {
            return reference.relation == Relation::kSupersedes && reference.id == id;
          });
      const bool holds = item.state == InboxState::kLive || item.state == InboxState::kSuperseded;
      return item.id.has_value() && holds && names;
    };
    const auto found = std::find_if(items.begin(), items.end(), replaces);
    if (found == items.end()) break;
    id = *found->id;
    if (found->state == InboxState::kLive) newest = id;
  }
  return newest;
}

// Of one that has been replaced: what stands in its place.
absl::Status WithSuccessor(Client& client, const BulletinId& id, const absl::Status& status) {
  if (RuleOf(status) != RuleName(Rule::kSuperseded)) return status;
  ASSIGN_OR_RETURN(const std::vector<InboxItem> items, client.Inbox());
  const std::optional<BulletinId> successor = FindSuccessor(items, id);
  if (!successor.has_value()) return status;
  return WithHint(status, absl::StrCat("`shield digest show ", successor->ToHex(),
                                       "` shows the one in its place"));
}

// What the frame of a page says of it.
Edition HeadOf(const OpenedBulletin& bulletin, const EditionDetails& details) {
  Edition head{.author = *bulletin.item.author, .source = *bulletin.item.author_org};
  head.label = bulletin.item.tlp;
  head.week = details.week;
  head.tier = details.tier;
  head.revision = details.revision;
  const absl::StatusOr<Language> language = ParseLanguage(bulletin.content.language);
  if (language.ok()) head.language = *language;
  return head;
}

absl::StatusOr<std::string> Write(const OpenedBulletin& bulletin, const EditionDetails& details,
                                  const std::vector<EndedPart>& ended_since,
                                  const std::string& format) {
  if (format == "md") return bulletin.content.body;
  if (format == "term") {
    return absl::StrCat(WriteTerminalOf(bulletin.content.body, kPlainColumns), "\n");
  }
  ASSIGN_OR_RETURN(
      std::string html,
      WriteReceivedHtml(HeadOf(bulletin, details), bulletin.content.body, EndedLines(ended_since)));
  if (format == "html") return html;
  return WritePdf(html, {.as_of = bulletin.item.issued});
}

// To a file, or to where the data goes: of a terminal as `inbox show` does.
absl::Status Give(Session& session, const OpenedBulletin& bulletin,
                  const std::vector<EndedPart>& ended_since, const ShowOptions& options,
                  const std::string& format) {
  Output& out = session.out();
  if (format == "term" && options.out.empty()) {
    PrintBulletin(out, bulletin, ended_since);
    return absl::OkStatus();
  }
  const std::optional<EditionDetails> details = ReadEditionDetails(bulletin.content.json);
  if (!details.has_value() || !bulletin.item.author || !bulletin.item.author_org) {
    return NoEdition(bulletin);
  }
  ASSIGN_OR_RETURN(const std::string text, Write(bulletin, *details, ended_since, format));
  for (const std::string& line : EndedLines(ended_since)) {
    out.Note(absl::StrCat("shield: warning: ", line));
  }
  if (options.out.empty()) {
    out.Line(absl::StripSuffix(text, "\n"));
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(WritePrivateFile(options.out, AsBytes(text)));
  out.Line(TerminalLine(absl::StrCat("wrote ", options.out)));
  return absl::OkStatus();
}

absl::Status Show(Session& session, const ShowOptions& options) {
  ASSIGN_OR_RETURN(const std::string format, FormatOf(options));
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(options.id));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (PreventsReading(refreshed)) return refreshed;
  const absl::StatusOr<OpenedBulletin> bulletin = client.Show(id);
  if (!bulletin.ok())
    return Graver(refreshed, WithSuccessor(client, id, AsOwnStanding(bulletin.status())));
  if (!ReadEditionDetails(bulletin->content.json).has_value()) {
    return Graver(refreshed, NoEdition(*bulletin));
  }
  ASSIGN_OR_RETURN(const std::vector<EndedPart> ended_since, EndedPartsOf(client, *bulletin));
  const absl::Status given = Give(session, *bulletin, ended_since, options, format);
  if (!given.ok()) return Graver(refreshed, given);
  RETURN_IF_ERROR(session.out().Flush());
  if (!session.offline()) client.SendReceipts().IgnoreError();
  nlohmann::json object = BulletinJson(*bulletin, ended_since);
  if (!options.out.empty()) object["files"] = nlohmann::json::array({options.out});
  return session.out().ObjectUnless(refreshed, std::move(object));
}

}  // namespace

void AddDigestShow(CLI::App& digest, Session& session) {
  const auto options = std::make_shared<ShowOptions>();
  CLI::App* show = digest.add_subcommand("show", "Show an edition of the inbox, also as a page");
  show->add_option("ID", options->id, "Its id")->required();
  show->add_option("--format", options->format, "md, term, html or pdf");
  show->add_option("--out", options->out, "A file")->type_name("PATH");
  session.Command(show, [&session, options] { return Show(session, *options); });
}

}  // namespace shield::cli
