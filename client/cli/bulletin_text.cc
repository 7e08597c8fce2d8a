#include "client/cli/bulletin_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/hex.h"
#include "client/cli/plan_text.h"
#include "client/cli/terminal_text.h"

namespace shield::cli {
namespace {

std::string IdOf(const InboxItem& item) { return item.id ? item.id->ToHex() : std::string(); }

std::string AuthorOf(const InboxItem& item) {
  if (!item.author) return "unknown";
  if (!item.author_org) return item.author->str();
  return absl::StrCat(item.author->str(), " of ", item.author_org->str());
}

// What keeps an entry closed, in words.
std::string WhyClosed(const InboxItem& item) {
  switch (item.state) {
    case InboxState::kLive:
      return "";
    case InboxState::kEmbargoed:
      return absl::StrCat("Under embargo until ", PrintTime(item.not_before), ".");
    case InboxState::kExpired:
      return absl::StrCat("Expired on ", PrintTime(item.expires), "; its content is gone.");
    case InboxState::kWithdrawn:
      return "Withdrawn by its source. Do not act on it.";
    case InboxState::kSuperseded:
      return "Replaced by a newer bulletin.";
    case InboxState::kRefused:
      return absl::StrCat("Kept closed, a check failed: ", TerminalLine(item.fault_sentence), " (",
                          item.fault, ").");
  }
  return "";
}

// "withdraws 0123…": what the bulletin says of others.
std::vector<std::string> ReferenceLines(const InboxItem& item) {
  std::vector<std::string> lines;
  for (const Reference& reference : item.references) {
    lines.push_back(absl::StrCat(PrintRelation(reference.relation), " ", reference.id.ToHex()));
  }
  return lines;
}

nlohmann::json ReferencesJson(const InboxItem& item) {
  nlohmann::json list = nlohmann::json::array();
  for (const Reference& reference : item.references) {
    list.push_back({{"relation", std::string(PrintRelation(reference.relation))},
                    {"id", reference.id.ToHex()}});
  }
  return list;
}

// What a bulletin without content tells its reader to do.
std::string NoticeOf(const InboxItem& item) {
  if (item.kind == "withdraw") {
    return "The source has withdrawn this bulletin. Do not act on it any more.";
  }
  return "The source has replaced this bulletin by one that is not for you. Do not act on it any "
         "more.";
}

// What stands for an item in a list.
std::string TitleOf(const InboxItem& item) {
  std::string title = TerminalLine(item.title);
  if (item.state == InboxState::kRefused) title = absl::StrCat("a check failed: ", item.fault);
  if (!item.fetched) title = "(not fetched yet)";
  if (title.empty()) title = absl::StrJoin(ReferenceLines(item), "; ");
  for (const std::string& warning : item.warnings) absl::StrAppend(&title, " [", warning, "]");
  return title;
}

// What tells the eye that a bulletin is not meant in earnest.
absl::string_view MarkOf(BulletinStatus status) {
  switch (status) {
    case BulletinStatus::kExercise:
      return "EXERCISE";
    case BulletinStatus::kTest:
      return "TEST";
    case BulletinStatus::kActual:
    case BulletinStatus::kUnspecified:
      break;
  }
  return "";
}

nlohmann::json AttachmentsJson(const std::vector<ContentAttachment>& attachments) {
  nlohmann::json list = nlohmann::json::array();
  for (const ContentAttachment& attachment : attachments) {
    list.push_back({{"name", attachment.name},
                    {"media_type", attachment.media_type},
                    {"tlp", TlpWithPrefix(attachment.tlp)},
                    {"bytes", attachment.bytes},
                    {"sha256", HexEncode(attachment.sha256.span())}});
  }
  return list;
}

void PrintHeading(Output& out, const OpenedBulletin& bulletin) {
  const InboxItem& item = bulletin.item;
  out.Line(out.Label(item.tlp));
  const absl::string_view mark = MarkOf(item.status);
  if (!mark.empty()) out.Line(absl::StrCat(mark, " ", mark, " ", mark));
  for (const std::string& restriction : bulletin.content.restrictions) {
    out.Line(absl::StrCat("restriction: ", TerminalLine(restriction)));
  }
  out.Line("");
  if (!item.title.empty()) out.Line(QuotedText(TerminalLine(item.title), out.columns()));
  out.Line(absl::StrFormat("%s, %s, from %s",
                           TerminalLine(item.kind.empty() ? "bulletin" : item.kind),
                           PrintPriority(item.priority), AuthorOf(item)));
  if (item.shared_by) out.Line(absl::StrCat("passed on by ", item.shared_by->str()));
  if (item.carried) out.Line("carried here by hand; the broker has not delivered it");
  out.Line(
      absl::StrCat("issued ", PrintTime(item.issued), ", valid until ", PrintTime(item.expires)));
  out.Line(absl::StrCat("id ", IdOf(item)));
  for (const std::string& line : ReferenceLines(item)) out.Line(line);
}

}  // namespace

std::string PrintTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string QuotedText(absl::string_view text, size_t columns) {
  constexpr absl::string_view kMark = "| ";
  const size_t room = columns > kMark.size() ? columns - kMark.size() : 0;
  return absl::StrCat(kMark, absl::StrJoin(TerminalLines(text, room), absl::StrCat("\n", kMark)));
}

nlohmann::json ItemJson(const InboxItem& item) {
  nlohmann::json object = {{"seq", item.seq},
                           {"id", IdOf(item)},
                           {"tlp", TlpWithPrefix(item.tlp)},
                           {"title", item.title},
                           {"kind", item.kind},
                           {"author", item.author ? item.author->str() : ""},
                           {"org", item.author_org ? item.author_org->str() : ""},
                           {"shared_by", item.shared_by ? item.shared_by->str() : ""},
                           {"class", std::string(PrintBulletinClass(item.bulletin_class))},
                           {"priority", std::string(PrintPriority(item.priority))},
                           {"status", std::string(PrintBulletinStatus(item.status))},
                           {"issued", PrintTime(item.issued)},
                           {"not_before", PrintTime(item.not_before)},
                           {"expires", PrintTime(item.expires)},
                           {"state", std::string(PrintInboxState(item.state))},
                           {"acknowledged", item.acknowledged},
                           {"carried", item.carried},
                           {"fetched", item.fetched},
                           {"warnings", item.warnings},
                           {"refs", ReferencesJson(item)},
                           {"log_index", item.log_index}};
  if (item.state == InboxState::kRefused) {
    object["fault"] = item.fault;
    object["fault_sentence"] = item.fault_sentence;
  }
  return object;
}

nlohmann::json BulletinJson(const OpenedBulletin& bulletin) {
  nlohmann::json object = ItemJson(bulletin.item);
  object["summary"] = bulletin.content.summary;
  object["language"] = bulletin.content.language;
  object["body"] = bulletin.content.body;
  object["attachments"] = AttachmentsJson(bulletin.content.attachments);
  object["restrictions"] = bulletin.content.restrictions;
  object["warnings"] = bulletin.warnings;
  if (!bulletin.content.json.empty()) {
    object["content"] = nlohmann::json::parse(bulletin.content.json, nullptr, false);
    // One-shot identities open attachments; a program has no use for them here.
    if (object["content"].contains("attachments")) {
      for (nlohmann::json& attachment : object["content"]["attachments"]) {
        if (attachment.is_object()) attachment.erase("identity");
      }
    }
  }
  return object;
}

void PrintBulletin(Output& out, const OpenedBulletin& bulletin) {
  if (!out.human()) return;
  PrintHeading(out, bulletin);
  for (const std::string& warning : bulletin.warnings) {
    out.Line(absl::StrCat("warning: ", TerminalLine(WarningSentence(warning))));
  }
  out.Line("");
  if (bulletin.item.state == InboxState::kLive && bulletin.content.json.empty()) {
    out.Line(NoticeOf(bulletin.item));
  } else if (bulletin.item.state == InboxState::kLive) {
    if (!bulletin.content.summary.empty()) {
      out.Line(absl::StrCat(QuotedText(bulletin.content.summary, out.columns()), "\n"));
    }
    out.Line(QuotedText(bulletin.content.body, out.columns()));
  } else {
    out.Line(WhyClosed(bulletin.item));
  }
  size_t number = 0;
  for (const ContentAttachment& attachment : bulletin.content.attachments) {
    out.Line(absl::StrFormat("attachment %d: %s (%s, %d bytes sealed)", ++number,
                             TerminalLine(attachment.name), TerminalLine(attachment.media_type),
                             attachment.bytes));
  }
  out.Line("");
  out.Line(out.Label(bulletin.item.tlp));
}

namespace {

void PrintItems(Output& out, const std::vector<InboxItem>& items) {
  if (!out.human() || items.empty()) return;
  Tlp strictest = items.front().tlp;
  for (const InboxItem& item : items) strictest = MostRestrictive(strictest, item.tlp);
  out.Line(out.Label(strictest));
  for (const InboxItem& item : items) {
    out.Line(absl::StrFormat(
        "%5s  %s  %-16s  %s  %-10s  %-7s  %-8s  %s  %s",
        item.carried ? "hand" : absl::StrCat(item.seq), IdOf(item),
        std::string(TlpWithPrefix(item.tlp)), PrintTime(item.issued),
        std::string(PrintInboxState(item.state)), std::string(PrintPriority(item.priority)),
        std::string(MarkOf(item.status)), item.author ? item.author->str() : "?", TitleOf(item)));
  }
  out.Line(out.Label(strictest));
}

}  // namespace

absl::Status ShowItems(Output& out, const std::vector<InboxItem>& items,
                       const absl::Status& outcome) {
  PrintItems(out, items);
  if (out.format() == Format::kJsonLines) {
    for (const InboxItem& item : items) out.Object(ItemJson(item));
    return outcome;
  }
  nlohmann::json entries = nlohmann::json::array();
  for (const InboxItem& item : items) entries.push_back(ItemJson(item));
  return out.ObjectUnless(outcome, {{"entries", std::move(entries)}});
}

}  // namespace shield::cli
