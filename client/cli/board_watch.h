// Follows the board of a bulletin: shield bulletin status --watch, and publish --wait.
#pragma once

#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/board/status_board.h"
#include "client/cli/session.h"
#include "client/client.h"

namespace shield::cli {

// Between two looks at a board of few readers; of many it is longer, a second for each
// kReadersASecond.
inline constexpr absl::Duration kBoardPause = absl::Seconds(2);
inline constexpr size_t kReadersASecond = 500;

// Looks at the board again and again, calls `seen` with each, until `seen` says false or an error
// that trying again cannot mend; gives the last one. A broker that is lost later is remarked upon
// once, and waited for. With `until` it is waited for from the first look on, and until then: at
// the end the last board there was, or the error when there was none. CANCELLED when the person
// ended it.
absl::StatusOr<StatusBoard> FollowBoard(Session& session, Client& client, const BulletinId& id,
                                        const std::function<bool(const StatusBoard&)>& seen,
                                        std::optional<absl::Time> until = std::nullopt);

// Redraws the board on a terminal; otherwise what changes, a line each, or an object each with
// --jsonl. Ends when everybody who is awaited has acknowledged. DATA_LOSS, with what was shown,
// when a receipt was refused.
absl::Status WatchBoard(Session& session, Client& client, const BulletinId& id);

// The board when everybody has acknowledged, or when the time for it is over, whether the broker is
// there by then or not. UNAVAILABLE when it never was.
absl::StatusOr<StatusBoard> WaitForAcknowledgements(Session& session, Client& client,
                                                    const BulletinId& id, absl::Time until);

}  // namespace shield::cli
