// shield inbox ls | show | watch | ack | export
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/offline_connection.h"
#include "client/cli/omission_text.h"
#include "client/cli/open_client.h"
#include "client/cli/watch.h"
#include "client/digest/publish/ended_parts.h"
#include "client/receive/unproven_endings.h"
#include "client/text/terminal_text.h"

namespace shield::cli {
namespace {

// What the options of the inbox commands are read into.
struct InboxOptions {
  std::string entry;  // an id or a number
  std::string folder;
  bool sealed = false;
  std::string reader;
  std::string from;  // the folder that attachments are taken from; empty: the broker
  WatchOptions watch;
};

absl::Status NoSuchEntry(absl::string_view entry) {
  return WithHint(absl::NotFoundError(absl::StrCat("no bulletin `", entry, "` in this inbox")),
                  "`shield inbox ls` lists what is there");
}

absl::Status NotDelivered(absl::string_view entry) {
  return WithHint(
      WithRule(absl::FailedPreconditionError(absl::StrCat(
                   "bulletin `", entry, "` was carried here: the broker has not delivered it")),
               "CARRIED"),
      "acknowledge it once the broker has been reached");
}

absl::Status UnderEmbargo(const InboxItem& item) {
  return WithHint(
      WithRule(absl::PermissionDeniedError(absl::StrCat(
                   "entry ", item.seq, " cannot be read before ", PrintTime(item.not_before))),
               "EMBARGOED"),
      "acknowledge it when it has been read");
}

// The entry a person named by its number or its id.
absl::StatusOr<InboxItem> FindItem(Client& client, absl::string_view entry) {
  uint64_t seq = 0;
  const std::optional<BulletinId> id = BulletinId::Parse(entry);
  absl::StatusOr<InboxItem> item = NoSuchEntry(entry);
  if (id.has_value()) {
    item = client.Item(*id);
  } else if (absl::SimpleAtoi(entry, &seq)) {
    item = client.Item(seq);
  }
  if (absl::IsNotFound(item.status())) return NoSuchEntry(entry);
  return item;
}

// Proofs of cheating are nothing to scroll past.
absl::Status WarnOfAlarms(Session& session, Client& client) {
  ASSIGN_OR_RETURN(const std::vector<ForkAlarm> alarms, client.Alarms());
  for (const ForkAlarm& alarm : alarms) {
    session.out().Note(TerminalLine(
        absl::StrCat("shield: warning: two signed texts of ", alarm.kind, " `", alarm.subject,
                     "` cannot both be true; both are kept: tell the authority (FORK)")));
  }
  return absl::OkStatus();
}

// What a source may have said and nothing here can prove is no success.
absl::Status DoubtOf(const std::vector<std::string>& warnings) {
  if (std::find(warnings.begin(), warnings.end(), kEndingUnproven) == warnings.end()) {
    return absl::OkStatus();
  }
  return WithHint(
      WithRule(absl::DataLossError("a bulletin is said to have ended by a statement that does not "
                                   "hold here now; it is shown as it was"),
               kEndingUnproven),
      "ask its source in another way; `shield inbox ls` names the check that failed");
}

absl::Status DoubtOf(const std::vector<InboxItem>& items) {
  for (const InboxItem& item : items) RETURN_IF_ERROR(DoubtOf(item.warnings));
  return absl::OkStatus();
}

absl::Status List(Session& session) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (PreventsReading(refreshed)) return refreshed;
  RETURN_IF_ERROR(WarnOfAlarms(session, client));
  ASSIGN_OR_RETURN(const std::vector<InboxItem> items, client.Inbox());
  if (items.empty() && session.out().human()) session.out().Note("The inbox is empty.");
  const absl::Status omitted =
      TellOmissions(session.out(), client, items, session.environment().clock.Now());
  const absl::Status doubt = Graver(DoubtOf(items), omitted);
  ASSIGN_OR_RETURN(const EndedParts ended_since, FindEndedParts(client, items));
  return ShowItems(session.out(), items, Graver(refreshed, doubt), ended_since);
}

absl::Status Show(Session& session, const InboxOptions& options) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (PreventsReading(refreshed)) return refreshed;
  const absl::StatusOr<InboxItem> item = FindItem(client, options.entry);
  if (!item.ok()) return Graver(refreshed, item.status());
  if (NotReached(refreshed) && !item->fetched) return refreshed;
  const absl::StatusOr<OpenedBulletin> bulletin =
      item->carried ? client.Show(*item->id) : client.Show(item->seq);
  if (!bulletin.ok()) return Graver(refreshed, AsOwnStanding(bulletin.status()));
  ASSIGN_OR_RETURN(const std::vector<EndedPart> ended_since, EndedPartsOf(client, *bulletin));
  PrintBulletin(session.out(), *bulletin, ended_since);
  RETURN_IF_ERROR(session.out().Flush());
  // It has been shown, whether its source learns of it now or later.
  if (!session.offline()) client.SendReceipts().IgnoreError();
  return session.out().ObjectUnless(Graver(refreshed, DoubtOf(bulletin->warnings)),
                                    BulletinJson(*bulletin, ended_since));
}

absl::Status Acknowledge(Session& session, const InboxOptions& options) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  // What comes with this very command nobody has seen.
  ASSIGN_OR_RETURN(uint64_t seq, client.LastEntry());
  const absl::Status refreshed = Refresh(session, client);
  if (Prevents(refreshed)) return refreshed;
  if (options.entry.empty()) {
    ASSIGN_OR_RETURN(const uint64_t last, client.LastEntry());
    if (last > seq) {
      session.out().Note(
          absl::StrCat("shield: ", last - seq,
                       " newer came just now and are not acknowledged; `shield inbox "
                       "ls` lists them"));
    }
  } else {
    const absl::StatusOr<InboxItem> item = FindItem(client, options.entry);
    if (!item.ok()) return Graver(refreshed, item.status());
    if (item->carried) return Graver(refreshed, NotDelivered(options.entry));
    if (item->state == InboxState::kEmbargoed) return Graver(refreshed, UnderEmbargo(*item));
    seq = item->seq;
  }
  if (seq > 0) {
    const absl::Status acknowledged =
        options.entry.empty() ? client.AcknowledgeThrough(seq) : client.Acknowledge(seq);
    if (!acknowledged.ok()) return Graver(refreshed, acknowledged);
  }
  session.environment().interrupt.Settle();
  session.out().Line(options.entry.empty() ? absl::StrCat("acknowledged everything up to ", seq)
                                           : absl::StrCat("acknowledged entry ", seq));
  return session.out().ObjectUnless(refreshed, {{"acknowledged", seq}});
}

absl::StatusOr<ExportOrder> OrderOf(const InboxOptions& options) {
  ExportOrder order{options.folder, options.sealed};
  if (options.reader.empty()) return order;
  order.reader = MemberId::Parse(options.reader);
  if (order.reader.has_value()) return order;
  return UsageError(absl::StrCat("--for `", options.reader, "` is not the id of a member"));
}

// With --from no broker is asked for anything.
absl::StatusOr<Client> OpenExporter(Session& session, const InboxOptions& options) {
  if (options.from.empty()) return OpenClient(session);
  ASSIGN_OR_RETURN(std::shared_ptr<Connection> folder, NewFolderConnection(options.from));
  return OpenClientOver(session, std::move(folder));
}

// Without the advice that policy has for who asks for itself.
absl::Status AboutReader(const absl::Status& status) {
  if (!absl::IsPermissionDenied(status)) return status;
  return WithHint(status, "nothing is carried to whom the broker would not give it either");
}

absl::Status Export(Session& session, const InboxOptions& options) {
  const absl::StatusOr<ExportOrder> order = OrderOf(options);
  RETURN_IF_ERROR(order.status());
  ASSIGN_OR_RETURN(Client client, OpenExporter(session, options));
  const absl::Status refreshed = options.from.empty() ? Refresh(session, client) : absl::OkStatus();
  if (PreventsReading(refreshed)) return refreshed;
  const absl::StatusOr<InboxItem> item = FindItem(client, options.entry);
  if (!item.ok()) return Graver(refreshed, item.status());
  if (!item->id) return Graver(refreshed, NoSuchEntry(options.entry));
  const absl::StatusOr<ExportReport> report = client.Export(*item->id, *order);
  // A refusal is about this member, or about the reader whom it would be carried to.
  if (!report.ok() && order->reader.has_value())
    return Graver(refreshed, AboutReader(report.status()));
  if (!report.ok()) return Graver(refreshed, AsOwnStanding(report.status()));
  for (const std::string& file : report->files) {
    session.out().Line(absl::StrCat(TerminalLine(report->folder), "/", TerminalLine(file)));
  }
  return session.out().ObjectUnless(
      refreshed, {{"id", item->id->ToHex()}, {"folder", report->folder}, {"files", report->files}});
}

}  // namespace

void AddInboxCommands(CLI::App& app, Session& session) {
  CLI::App* inbox = app.add_subcommand("inbox", "Bulletins this member received");
  inbox->require_subcommand(1);
  const auto options = std::make_shared<InboxOptions>();

  CLI::App* ls = inbox->add_subcommand("ls", "List them");
  session.Command(ls, [&session] { return List(session); });

  CLI::App* show = inbox->add_subcommand("show", "Verify, open and show one");
  show->add_option("ID", options->entry, "Its id or its number in the inbox")->required();
  session.Command(show, [&session, options] { return Show(session, *options); });

  CLI::App* watch = inbox->add_subcommand("watch", "Show each as it comes, until interrupted");
  watch->add_flag("--ack", options->watch.acknowledge, "Acknowledge each when it has been shown");
  watch->add_option("--max", options->watch.max, "Stop after so many")
      ->type_name("N")
      ->check(CLI::Range(int64_t{1}, kMostWatched));
  session.OnlineCommand(watch, [&session, options] { return Watch(session, options->watch); });

  CLI::App* ack = inbox->add_subcommand("ack", "Tell the source, signed, that one was read");
  ack->add_option("ID", options->entry, "Its id or number; without it, all that was here before");
  session.OnlineCommand(ack, [&session, options] { return Acknowledge(session, *options); });

  CLI::App* dump = inbox->add_subcommand("export", "Write one, with its proofs, to a folder");
  dump->add_option("ID", options->entry, "Its id or number")->required();
  dump->add_option("--out", options->folder, "A folder that is empty or not there")
      ->required()
      ->type_name("DIR");
  dump->add_flag("--sealed", options->sealed, "To be carried: write nothing in clear");
  dump->add_option("--for", options->reader,
                   "To be carried to this reader of what this home published")
      ->type_name("MEMBER");
  dump->add_option("--from", options->from,
                   "Take its attachments from the folder it was carried in; asks no broker")
      ->type_name("DIR");
  session.Command(dump, [&session, options] { return Export(session, *options); });
}

}  // namespace shield::cli
