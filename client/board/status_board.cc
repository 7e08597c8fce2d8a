#include "client/board/status_board.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/board/board_rules.h"

namespace shield {

absl::string_view PrintReaderState(ReaderState state) {
  switch (state) {
    case ReaderState::kPending:
      return "pending";
    case ReaderState::kDelivered:
      return "delivered";
    case ReaderState::kOpened:
      return "opened";
    case ReaderState::kAcknowledged:
      return "acknowledged";
    case ReaderState::kOverdue:
      return "overdue";
    case ReaderState::kTold:
      return "told";
  }
  return "";
}

absl::Status StatusBoard::Fault() const {
  for (const BoardReader& reader : readers) {
    if (!IsForgery(reader.fault)) continue;
    return WithHint(
        WithRule(absl::DataLossError(absl::StrCat("board of bulletin `", id.ToHex(),
                                                  "`: the broker shows a receipt that is not what "
                                                  "its member signed about it, or a reader whom it "
                                                  "was not sealed to")),
                 reader.fault),
        "the broker is broken or cheating: tell its operator and the authority");
  }
  return absl::OkStatus();
}

}  // namespace shield
