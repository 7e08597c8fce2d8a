#include "client/cli/board_text.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "client/cli/bulletin_text.h"

namespace shield::cli {
namespace {

constexpr absl::string_view kCsvLineEnd = "\r\n";

std::string TimeOrNothing(const std::optional<absl::Time>& time) {
  return time.has_value() ? PrintTime(*time) : "";
}

std::string SharerOf(const BoardReader& reader) {
  return reader.shared_by.has_value() ? reader.shared_by->str() : "";
}

std::vector<std::string> SharersOf(const BoardReader& reader) {
  std::vector<std::string> names;
  names.reserve(reader.sharers.size());
  for (const MemberId& sharer : reader.sharers) names.push_back(sharer.str());
  return names;
}

// When the reader came into its state, by its own clock.
std::optional<absl::Time> SinceWhen(const BoardReader& reader) {
  if (reader.acknowledged.has_value()) return reader.acknowledged;
  return reader.opened.has_value() ? reader.opened : reader.delivered;
}

std::string RemarksOn(const BoardReader& reader) {
  std::vector<std::string> remarks;
  if (!reader.fault.empty()) remarks.push_back(absl::StrCat("receipt refused: ", reader.fault));
  if (reader.late) remarks.emplace_back("late");
  if (reader.state == ReaderState::kOverdue) {
    remarks.emplace_back(reader.opened.has_value()      ? "opened"
                         : reader.delivered.has_value() ? "delivered"
                                                        : "nothing came back");
  }
  if (!reader.sharers.empty()) {
    remarks.push_back(absl::StrCat(reader.shared_by.has_value() ? "" : "also ", "passed on by ",
                                   absl::StrJoin(SharersOf(reader), " and ")));
  }
  if (!reader.awaited && reader.state != ReaderState::kTold) remarks.emplace_back("not waited for");
  return absl::StrJoin(remarks, ", ");
}

std::string CountsLine(const BoardCounts& counts) {
  return absl::StrFormat("%d pending, %d delivered, %d opened, %d acknowledged, %d overdue",
                         counts.pending, counts.delivered, counts.opened, counts.acknowledged,
                         counts.overdue);
}

uint64_t AcknowledgedOn(const StatusBoard& board) {
  uint64_t count = 0;
  for (const BoardReader& reader : board.readers) {
    count += reader.acknowledged.has_value() || reader.passed ? 1 : 0;
  }
  return count;
}

nlohmann::json CountsJson(const StatusBoard& board) {
  uint64_t told = 0;
  for (const BoardReader& reader : board.readers) {
    told += reader.state == ReaderState::kTold ? 1 : 0;
  }
  const BoardCounts& counts = board.counts;
  return {{"awaited", counts.awaited},
          {"pending", counts.pending},
          {"delivered", counts.delivered},
          {"opened", counts.opened},
          {"acknowledged", counts.acknowledged},
          {"overdue", counts.overdue},
          {"told", told},
          {"unlisted", board.unlisted}};
}

std::string CsvLine(const std::vector<std::string>& fields) {
  std::vector<std::string> safe;
  safe.reserve(fields.size());
  for (const std::string& field : fields) safe.push_back(CsvField(field));
  return absl::StrCat(absl::StrJoin(safe, ","), kCsvLineEnd);
}

}  // namespace

std::string BoardSentence(const StatusBoard& board) {
  return absl::StrFormat("%d of %d have acknowledged", board.counts.acknowledged,
                         board.counts.awaited);
}

std::string UnlistedSentence(const StatusBoard& board) {
  if (board.unlisted == 0) return "";
  return absl::StrFormat("%d of those it was sealed to are not listed by the broker",
                         board.unlisted);
}

void PrintBoard(Output& out, const StatusBoard& board) {
  out.Line(out.Label(board.tlp));
  out.Line(BoardSentence(board));
  out.Line(CountsLine(board.counts));
  if (board.acknowledge_by.has_value()) {
    out.Line(absl::StrCat("to be acknowledged by ", PrintTime(*board.acknowledge_by)));
  }
  if (board.unlisted > 0) {
    out.Line(UnlistedSentence(board));
  }
  for (const BoardReader& reader : board.readers) {
    const std::optional<absl::Time> since = SinceWhen(reader);
    out.Line(absl::StrFormat("%-12s  %-20s  %-32s  %s  %s",
                             std::string(PrintReaderState(reader.state)),
                             since.has_value() ? PrintTime(*since) : "-", reader.member.str(),
                             reader.org.str(), RemarksOn(reader)));
  }
  out.Line(out.Label(board.tlp));
}

nlohmann::json BoardReaderJson(const BoardReader& reader) {
  return {{"member", reader.member.str()},
          {"org", reader.org.str()},
          {"state", std::string(PrintReaderState(reader.state))},
          {"awaited", reader.awaited},
          {"acknowledged", reader.acknowledged.has_value() || reader.passed},
          {"delivered_at", TimeOrNothing(reader.delivered)},
          {"opened_at", TimeOrNothing(reader.opened)},
          {"acknowledged_at", TimeOrNothing(reader.acknowledged)},
          {"late", reader.late},
          {"told", reader.state == ReaderState::kTold},
          {"shared_by", SharerOf(reader)},
          {"sharers", SharersOf(reader)},
          {"fault", reader.fault}};
}

nlohmann::json BoardHeadJson(const StatusBoard& board) {
  return {{"id", board.id.ToHex()},
          {"tlp", TlpWithPrefix(board.tlp)},
          {"acknowledge_by", TimeOrNothing(board.acknowledge_by)},
          {"complete", board.Complete()},
          {"acknowledged", AcknowledgedOn(board)},
          {"counts", CountsJson(board)}};
}

nlohmann::json BoardJson(const StatusBoard& board) {
  nlohmann::json recipients = nlohmann::json::array();
  for (const BoardReader& reader : board.readers) recipients.push_back(BoardReaderJson(reader));
  nlohmann::json object = BoardHeadJson(board);
  object["recipients"] = std::move(recipients);
  return object;
}

std::string CsvField(absl::string_view text) {
  std::string field(text);
  const bool formula = !field.empty() &&
                       absl::string_view("=+-@\t\r").find(field.front()) != absl::string_view::npos;
  if (formula) field.insert(0, 1, '\'');
  if (field.find_first_of("\",\r\n") == std::string::npos) return field;
  return absl::StrCat("\"", absl::StrReplaceAll(field, {{"\"", "\"\""}}), "\"");
}

std::string BoardCsv(const StatusBoard& board) {
  std::string csv =
      CsvLine({"id", "tlp", "member", "org", "state", "awaited", "delivered_at", "opened_at",
               "acknowledged_at", "acknowledge_by", "late", "shared_by", "fault", "sharers"});
  for (const BoardReader& reader : board.readers) {
    csv += CsvLine({board.id.ToHex(), std::string(TlpWithPrefix(board.tlp)), reader.member.str(),
                    reader.org.str(), std::string(PrintReaderState(reader.state)),
                    reader.awaited ? "yes" : "no", TimeOrNothing(reader.delivered),
                    TimeOrNothing(reader.opened), TimeOrNothing(reader.acknowledged),
                    TimeOrNothing(board.acknowledge_by), reader.late ? "yes" : "no",
                    SharerOf(reader), reader.fault, absl::StrJoin(SharersOf(reader), " ")});
  }
  if (board.unlisted > 0) {
    const ReaderState state =
        board.counts.overdue > 0 ? ReaderState::kOverdue : ReaderState::kPending;
    csv += CsvLine({board.id.ToHex(), std::string(TlpWithPrefix(board.tlp)),
                    absl::StrFormat("(%d not listed)", board.unlisted), "",
                    std::string(PrintReaderState(state)), "yes", "", "", "",
                    TimeOrNothing(board.acknowledge_by), "no", "", "", ""});
  }
  return csv;
}

std::vector<BoardReader> MissingOn(const StatusBoard& board) {
  std::vector<BoardReader> missing;
  for (const BoardReader& reader : board.readers) {
    if (reader.awaited && reader.state != ReaderState::kAcknowledged) missing.push_back(reader);
  }
  return missing;
}

std::vector<BoardReader> ChangesOf(const StatusBoard& before, const StatusBoard& now) {
  std::set<std::pair<MemberId, ReaderState>> known;
  for (const BoardReader& reader : before.readers) known.emplace(reader.member, reader.state);
  std::vector<BoardReader> changes;
  for (const BoardReader& reader : now.readers) {
    if (!known.contains({reader.member, reader.state})) changes.push_back(reader);
  }
  return changes;
}

std::string ChangeLine(const BoardReader& reader) {
  const std::optional<absl::Time> since = SinceWhen(reader);
  const std::string remarks = RemarksOn(reader);
  return absl::StrCat(since.has_value() ? PrintTime(*since) : "-", "  ", reader.member.str(), "  ",
                      PrintReaderState(reader.state), remarks.empty() ? "" : "  ", remarks);
}

}  // namespace shield::cli
