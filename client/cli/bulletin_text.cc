#include "client/cli/bulletin_text.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/hex.h"
#include "client/cli/plan_text.h"
#include "client/digest/publish/held_edition.h"
#include "client/digest/show/terminal.h"
#include "client/text/terminal_text.h"

namespace shield::cli {
namespace {

constexpr absl::string_view kMark = "| ";  // before each line that a person wrote
// The longest title in a list, where no terminal says how wide it is.
constexpr size_t kTitleColumns = 200;

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

// Under which numbers the bulletins of a list stand.
using Numbers = std::map<BulletinId, uint64_t>;

// "withdraws 0123…", "withdraws 7 (0123…)": what the bulletin says of others.
std::vector<std::string> ReferenceLines(const InboxItem& item, const Numbers& numbers = {}) {
  std::vector<std::string> lines;
  lines.reserve(item.references.size());
  for (const Reference& reference : item.references) {
    const std::string id = reference.id.ToHex();
    const auto number = numbers.find(reference.id);
    lines.push_back(
        absl::StrCat(PrintRelation(reference.relation), " ",
                     number == numbers.end() ? id : absl::StrCat(number->second, " (", id, ")")));
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

nlohmann::json EndedJson(const std::vector<EndedPart>& ended_since) {
  nlohmann::json list = nlohmann::json::array();
  for (const EndedPart& part : ended_since) list.push_back(part.id.ToHex());
  return list;
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

// "restriction: text" where that fits on a line, else the word alone and the text quoted beneath
// it: nothing that others wrote stands where a line begins.
std::string NamedText(absl::string_view word, absl::string_view text, size_t columns) {
  std::string line = absl::StrCat(word, ": ", TerminalLine(text));
  if (TerminalLines(line, columns).size() == 1) return line;
  return absl::StrCat(word, ":\n", QuotedText(TerminalLine(text), columns));
}

// An edition is laid out for a terminal, where it is wide enough for that.
std::optional<std::string> LaidOut(const Content& content, size_t columns) {
  if (content.kind != kEditionKind) return std::nullopt;
  const size_t room = columns == 0 ? kPlainColumns : columns - std::min(columns, kMark.size());
  const std::string text = WriteTerminalOf(content.body, room);
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  const bool fits = columns == 0 || std::all_of(lines.begin(), lines.end(), [&](const auto& line) {
                      return TerminalCells(line) <= room;
                    });
  if (!fits) return std::nullopt;
  return absl::StrCat(kMark, absl::StrJoin(lines, absl::StrCat("\n", kMark)));
}

void PrintHeading(Output& out, const OpenedBulletin& bulletin) {
  const InboxItem& item = bulletin.item;
  out.Line(out.Label(item.tlp));
  const absl::string_view mark = MarkOf(item.status);
  if (!mark.empty()) out.Line(absl::StrCat(mark, " ", mark, " ", mark));
  for (const std::string& restriction : bulletin.content.restrictions) {
    out.Line(NamedText("restriction", restriction, out.columns()));
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
  if (bulletin.content.acknowledge_by.has_value()) {
    out.Line(absl::StrCat("acknowledge by ", PrintTime(*bulletin.content.acknowledge_by),
                          ": shield inbox ack ", IdOf(item)));
  }
  out.Line(absl::StrCat(item.carried ? "" : absl::StrCat("number ", item.seq, " in the inbox, "),
                        "id ", IdOf(item)));
  for (const std::string& line : ReferenceLines(item)) out.Line(line);
}

}  // namespace

std::string PrintTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string QuotedText(absl::string_view text, size_t columns) {
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

nlohmann::json BulletinJson(const OpenedBulletin& bulletin,
                            const std::vector<EndedPart>& ended_since) {
  nlohmann::json object = ItemJson(bulletin.item);
  if (bulletin.item.kind == kEditionKind) object["ended_since"] = EndedJson(ended_since);
  object["summary"] = bulletin.content.summary;
  object["language"] = bulletin.content.language;
  object["body"] = bulletin.content.body;
  object["attachments"] = AttachmentsJson(bulletin.content.attachments);
  object["restrictions"] = bulletin.content.restrictions;
  const std::optional<absl::Time>& acknowledge_by = bulletin.content.acknowledge_by;
  object["acknowledge_by"] = acknowledge_by.has_value() ? PrintTime(*acknowledge_by) : "";
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

void PrintBulletin(Output& out, const OpenedBulletin& bulletin,
                   const std::vector<EndedPart>& ended_since) {
  if (!out.human()) return;
  PrintHeading(out, bulletin);
  for (const std::string& warning : bulletin.warnings) {
    out.Line(absl::StrCat("warning: ", TerminalLine(WarningSentence(warning))));
  }
  for (const std::string& line : EndedLines(ended_since)) {
    out.Line(absl::StrCat("warning: ", line, "; what stands here of it holds no more"));
  }
  out.Line("");
  if (bulletin.item.state == InboxState::kLive && bulletin.content.json.empty()) {
    out.Line(NoticeOf(bulletin.item));
  } else if (bulletin.item.state == InboxState::kLive) {
    if (!bulletin.content.summary.empty()) {
      out.Line(absl::StrCat(QuotedText(bulletin.content.summary, out.columns()), "\n"));
    }
    const std::optional<std::string> laid_out = LaidOut(bulletin.content, out.columns());
    out.Line(laid_out.has_value() ? *laid_out : QuotedText(bulletin.content.body, out.columns()));
  } else {
    out.Line(WhyClosed(bulletin.item));
  }
  size_t number = 0;
  for (const ContentAttachment& attachment : bulletin.content.attachments) {
    out.Line(NamedText(absl::StrCat("attachment ", ++number),
                       absl::StrCat(attachment.name, " (", attachment.media_type, ", ",
                                    attachment.bytes, " bytes sealed)"),
                       out.columns()));
  }
  if (number > 0) {
    const std::string which = bulletin.item.carried
                                  ? absl::StrCat(IdOf(bulletin.item), " --from FOLDER")
                                  : absl::StrCat(bulletin.item.seq);
    out.Line(absl::StrCat("`shield inbox export ", which, " --out DIR` opens ",
                          number == 1 ? "it" : "them",
                          bulletin.item.carried ? "; FOLDER is what it was carried in" : ""));
  }
  out.Line("");
  out.Line(out.Label(bulletin.item.tlp));
}

std::vector<std::string> EndedLines(const std::vector<EndedPart>& ended_since) {
  std::vector<std::string> lines;
  for (const InboxState state : {InboxState::kWithdrawn, InboxState::kSuperseded}) {
    std::vector<std::string> parts;
    parts.reserve(ended_since.size());
    for (const EndedPart& part : ended_since) {
      if (part.state == state)
        parts.push_back(absl::StrCat("[", part.number, "] ", part.id.ToHex()));
    }
    if (parts.empty()) continue;
    lines.push_back(absl::StrCat(state == InboxState::kWithdrawn ? "withdrawn" : "replaced",
                                 " since: ", absl::StrJoin(parts, ", ")));
  }
  return lines;
}

std::string TitleLine(absl::string_view title, size_t columns) {
  constexpr absl::string_view kMore = " [...]";
  const std::string line = TerminalLine(title);
  const size_t room = std::min(columns > 0 ? columns : kTitleColumns, kTitleColumns);
  if (TerminalLines(line, room - std::min(room, kMark.size())).size() == 1) {
    return absl::StrCat(kMark, line);
  }
  const size_t cut = kMark.size() + kMore.size();
  return absl::StrCat(kMark, TerminalLines(line, room > cut ? room - cut : 1).front(), kMore);
}

namespace {

// What stands for an item in a list: the author's title, else what is said of it.
std::string TitleOf(const InboxItem& item, const Numbers& numbers, size_t columns) {
  if (item.state == InboxState::kRefused) {
    return absl::StrCat("       a check failed: ", item.fault);
  }
  if (!item.fetched) return "       (not fetched yet)";
  if (!item.title.empty()) return TitleLine(item.title, columns);
  return absl::StrCat("       ", absl::StrJoin(ReferenceLines(item, numbers), "; "));
}

std::string StandingOf(const InboxItem& item) {
  std::string line = absl::StrCat("       ", PrintInboxState(item.state), ", ",
                                  PrintPriority(item.priority), ", from ", AuthorOf(item));
  if (item.acknowledged) absl::StrAppend(&line, ", acknowledged");
  if (!MarkOf(item.status).empty()) absl::StrAppend(&line, ", ", MarkOf(item.status));
  for (const std::string& warning : item.warnings) absl::StrAppend(&line, " [", warning, "]");
  return line;
}

const std::vector<EndedPart>& EndedOf(const InboxItem& item, const EndedParts& ended_since) {
  static const auto& none = *new std::vector<EndedPart>();
  const auto found = item.id.has_value() ? ended_since.find(*item.id) : ended_since.end();
  return found == ended_since.end() ? none : found->second;
}

nlohmann::json ListedJson(const InboxItem& item, const EndedParts& ended_since) {
  nlohmann::json object = ItemJson(item);
  if (item.kind == kEditionKind) object["ended_since"] = EndedJson(EndedOf(item, ended_since));
  return object;
}

// What a statement says that can be read no more is handled as the strictest there is.
Tlp HandledAs(const InboxItem& item) {
  return item.tlp == Tlp::kUnspecified ? Tlp::kRed : item.tlp;
}

void PrintItems(Output& out, const std::vector<InboxItem>& items, const EndedParts& ended_since) {
  if (!out.human() || items.empty()) return;
  Tlp strictest = HandledAs(items.front());
  Numbers numbers;
  for (const InboxItem& item : items) {
    strictest = MostRestrictive(strictest, HandledAs(item));
    if (item.id) numbers[*item.id] = item.seq;
  }
  out.Line(out.Label(strictest));
  for (const InboxItem& item : items) {
    out.Line(absl::StrFormat("%5s  %-16s  %s  %s", item.carried ? "hand" : absl::StrCat(item.seq),
                             std::string(TlpWithPrefix(HandledAs(item))), PrintTime(item.issued),
                             IdOf(item)));
    out.Line(StandingOf(item));
    out.Line(TitleOf(item, numbers, out.columns()));
    for (const std::string& line : EndedLines(EndedOf(item, ended_since))) {
      out.Line(absl::StrCat("       ", line));
    }
  }
  out.Line(out.Label(strictest));
}

}  // namespace

absl::Status ShowItems(Output& out, const std::vector<InboxItem>& items,
                       const absl::Status& outcome, const EndedParts& ended_since) {
  PrintItems(out, items, ended_since);
  if (out.format() == Format::kJsonLines) {
    for (const InboxItem& item : items) out.Object(ListedJson(item, ended_since));
    return outcome;
  }
  nlohmann::json entries = nlohmann::json::array();
  for (const InboxItem& item : items) entries.push_back(ListedJson(item, ended_since));
  return out.ObjectUnless(outcome, {{"entries", std::move(entries)}});
}

}  // namespace shield::cli
