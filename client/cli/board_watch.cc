#include "client/cli/board_watch.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/board_text.h"
#include "client/cli/exit_code.h"
#include "client/text/terminal_text.h"

namespace shield::cli {
namespace {

// How long an interruption may go unnoticed.
constexpr absl::Duration kInterruptCheck = absl::Milliseconds(100);

// Clears a terminal and puts the cursor at its beginning.
constexpr absl::string_view kClear = "\033[H\033[2J";

absl::Duration PauseFor(const StatusBoard& board) {
  const auto readers = static_cast<int64_t>(board.readers.size() / kReadersASecond);
  return std::max(kBoardPause, absl::Seconds(readers));
}

// The wish of the person to stop, for as long as it lives.
class Stopping {
 public:
  Stopping(Session& session, Client& client) : session_(session) {
    session.environment().interrupt.OnRaise([stopped = stopped_, client]() mutable {
      *stopped = true;
      client.Stop();
    });
  }
  ~Stopping() { session_.environment().interrupt.Forget(); }
  Stopping(const Stopping&) = delete;
  Stopping& operator=(const Stopping&) = delete;

  bool stopped() const { return *stopped_; }
  // False when it was interrupted.
  bool Wait(absl::Duration pause) const {
    Clock& clock = session_.environment().clock;
    for (const absl::Time end = clock.Now() + pause; clock.Now() < end && !stopped();) {
      clock.Sleep(std::min(kInterruptCheck, end - clock.Now()));
    }
    return !stopped();
  }

 private:
  Session& session_;
  const std::shared_ptr<std::atomic<bool>> stopped_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace

absl::StatusOr<StatusBoard> FollowBoard(Session& session, Client& client, const BulletinId& id,
                                        const std::function<bool(const StatusBoard&)>& seen,
                                        std::optional<absl::Time> until) {
  Clock& clock = session.environment().clock;
  const Stopping stopping(session, client);
  std::optional<StatusBoard> last;
  ShareMemory shares;
  bool lost = false;
  for (;;) {
    absl::StatusOr<StatusBoard> board = client.Board(id, shares);
    if (stopping.stopped()) return Interrupted();
    const absl::Status asked = board.status();
    if (board.ok()) {
      if (std::exchange(lost, false)) session.out().Note("shield: the broker is back");
      last = *std::move(board);
      if (!seen(*last)) return *std::move(last);
    } else if (!IsRetryable(asked) || (!last.has_value() && !until.has_value())) {
      return asked;
    } else if (!std::exchange(lost, true)) {
      session.out().Note(TerminalLine(
          absl::StrCat("shield: the broker is lost, trying again: ", asked.message())));
    }
    absl::Duration pause = last.has_value() ? PauseFor(*last) : kBoardPause;
    if (until.has_value()) {
      const absl::Time now = clock.Now();
      if (now >= *until) return last.has_value() ? absl::StatusOr<StatusBoard>(*last) : asked;
      pause = std::min(pause, *until - now);
    }
    if (!stopping.Wait(pause)) return Interrupted();
  }
}

absl::Status WatchBoard(Session& session, Client& client, const BulletinId& id) {
  Output& out = session.out();
  const bool redraws = out.human() && session.environment().data_is_terminal;
  std::optional<StatusBoard> before;
  absl::Status written;
  const absl::StatusOr<StatusBoard> last =
      FollowBoard(session, client, id, [&](const StatusBoard& board) {
        if (redraws) {
          session.environment().data << kClear;
          PrintBoard(out, board);
        } else if (!before.has_value()) {
          PrintBoard(out, board);
          out.Object(BoardHeadJson(board));
          for (const BoardReader& reader : board.readers) out.Object(BoardReaderJson(reader));
        } else {
          const nlohmann::json head = BoardHeadJson(board);
          if (head != BoardHeadJson(*before)) out.Object(head);
          for (const BoardReader& reader : ChangesOf(*before, board)) {
            out.Line(ChangeLine(reader));
            out.Object(BoardReaderJson(reader));
          }
        }
        before = board;
        written = out.Flush();
        return written.ok() && !board.Complete() && board.Fault().ok();
      });
  RETURN_IF_ERROR(written);
  if (!last.ok()) return last.status();
  return last->Fault();
}

absl::StatusOr<StatusBoard> WaitForAcknowledgements(Session& session, Client& client,
                                                    const BulletinId& id, absl::Time until) {
  Clock& clock = session.environment().clock;
  return FollowBoard(
      session, client, id,
      [&](const StatusBoard& board) {
        return !board.Complete() && board.Fault().ok() && clock.Now() < until;
      },
      until);
}

}  // namespace shield::cli
