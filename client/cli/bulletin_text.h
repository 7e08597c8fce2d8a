// A bulletin as a person reads it on a terminal, and as a program reads it in JSON.
//
// The label stands first and last, alone on its line, whatever stands between. Everything that came
// from a person passes TerminalText, and every line of it begins with `| `, so that a body cannot
// pass for the end of its bulletin and the beginning of another; JSON keeps it as it was written.
// An edition of the briefing is laid out anew, as its format `term` is, and says which of the
// bulletins in it have ended since.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/cli/output.h"
#include "client/digest/publish/ended_parts.h"
#include "client/receive/inbox_item.h"

namespace shield::cli {

// "2026-11-22T07:30:00Z"
std::string PrintTime(absl::Time time);

// Text that a person wrote, safe and each line marked as theirs: "| first\n| second". None is
// longer than `columns` (0: as long as they are).
std::string QuotedText(absl::string_view text, size_t columns);

// A title in a list: one line that is marked as a person's and cut at `columns` (0: at 200).
std::string TitleLine(absl::string_view title, size_t columns);

// "withdrawn since: [1] 0123…, [3] 4567…" and "replaced since: …": a line for each way to end.
std::vector<std::string> EndedLines(const std::vector<EndedPart>& ended_since);

// {seq, id, tlp, title, kind, author, issued, state, …}
nlohmann::json ItemJson(const InboxItem& item);
// The same with {body, attachments, restrictions, …}; of an edition with {ended_since: [id]}.
nlohmann::json BulletinJson(const OpenedBulletin& bulletin,
                            const std::vector<EndedPart>& ended_since = {});

void PrintBulletin(Output& out, const OpenedBulletin& bulletin,
                   const std::vector<EndedPart>& ended_since = {});
// What a list command gives: three lines an item (number, label, time and id; its standing; its
// title, cut to one line), between the most restrictive of their labels; one object {entries: […]},
// beside the error unless `outcome` is OK; an object an item with --jsonl. Of an edition, what of
// it has ended since stands below it, and in {ended_since: [id]}. Gives `outcome` back.
absl::Status ShowItems(Output& out, const std::vector<InboxItem>& items,
                       const absl::Status& outcome, const EndedParts& ended_since = {});

}  // namespace shield::cli
