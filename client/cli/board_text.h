// The board of a bulletin as it is shown: for a person, for a program, for a spreadsheet.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/board/status_board.h"
#include "client/cli/output.h"

namespace shield::cli {

// Label, counts, a line a reader, label.
void PrintBoard(Output& out, const StatusBoard& board);

// {id, tlp, acknowledge_by, complete, acknowledged, counts: {…}, recipients: […]}:
// docs/spec/cli.md.
nlohmann::json BoardJson(const StatusBoard& board);
// The same without the readers: whom the broker does not list is counted here alone.
nlohmann::json BoardHeadJson(const StatusBoard& board);
nlohmann::json BoardReaderJson(const BoardReader& reader);

// RFC 4180: a header line, then a line a reader, each ended by CR LF; a last one when some are not
// listed, whose member is "(n not listed)".
std::string BoardCsv(const StatusBoard& board);

// One field. Quoted where RFC 4180 wants it; what a spreadsheet would take for a formula begins
// with an apostrophe instead.
std::string CsvField(absl::string_view text);

// "2 of those it was sealed to are not listed by the broker"; empty when all are.
std::string UnlistedSentence(const StatusBoard& board);

// "2 of 3 have acknowledged".
std::string BoardSentence(const StatusBoard& board);

// Those who are awaited and have not acknowledged, in the order of the board.
std::vector<BoardReader> MissingOn(const StatusBoard& board);

// What differs from the board before it: readers in another state, or new on it.
std::vector<BoardReader> ChangesOf(const StatusBoard& before, const StatusBoard& now);

// One change, on a line.
std::string ChangeLine(const BoardReader& reader);

}  // namespace shield::cli
