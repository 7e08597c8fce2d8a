// A bulletin as a person reads it on a terminal, and as a program reads it in JSON.
//
// The label stands first and last, whatever stands between. Everything that came from a person
// passes TerminalText; JSON keeps it as it was written.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "client/cli/output.h"
#include "client/receive/inbox_item.h"

namespace shield::cli {

// "2026-11-22T07:30:00Z"
std::string PrintTime(absl::Time time);

// {seq, id, tlp, title, kind, author, issued, state, …}
nlohmann::json ItemJson(const InboxItem& item);
// The same with {body, attachments, restrictions, …}.
nlohmann::json BulletinJson(const OpenedBulletin& bulletin);

void PrintBulletin(Output& out, const OpenedBulletin& bulletin);
// A line an item, between the most restrictive of their labels.
void PrintItems(Output& out, const std::vector<InboxItem>& items);

}  // namespace shield::cli
