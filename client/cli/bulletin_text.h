// A bulletin as a person reads it on a terminal, and as a program reads it in JSON.
//
// The label stands first and last, alone on its line, whatever stands between. Everything that came
// from a person passes TerminalText, and every line of it begins with `| `, so that a body cannot
// pass for the end of its bulletin and the beginning of another; JSON keeps it as it was written.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/cli/output.h"
#include "client/receive/inbox_item.h"

namespace shield::cli {

// "2026-11-22T07:30:00Z"
std::string PrintTime(absl::Time time);

// Text that a person wrote, safe and each line marked as theirs: "| first\n| second". None is
// longer than `columns` (0: as long as they are).
std::string QuotedText(absl::string_view text, size_t columns);

// {seq, id, tlp, title, kind, author, issued, state, …}
nlohmann::json ItemJson(const InboxItem& item);
// The same with {body, attachments, restrictions, …}.
nlohmann::json BulletinJson(const OpenedBulletin& bulletin);

void PrintBulletin(Output& out, const OpenedBulletin& bulletin);
// What a list command gives: three lines an item (number, label, time and id; its standing; its
// title, cut to one line), between the most restrictive of their labels; one object {entries: […]},
// beside the error unless `outcome` is OK; an object an item with --jsonl. Gives `outcome` back.
absl::Status ShowItems(Output& out, const std::vector<InboxItem>& items,
                       const absl::Status& outcome);

}  // namespace shield::cli
