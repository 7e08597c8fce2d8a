// From what the broker shows of a bulletin's readers to the board of its source: every receipt is
// verified here.
//
// Pure. No I/O, no clock.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "client/board/share_memory.h"
#include "client/board/status_board.h"
#include "client/connection.h"
#include "policy/directory.h"
#include "policy/statement.h"

namespace shield {

// The bulletin that is asked about, verified. Borrows the directory.
struct BoardSubject {
  const Statement& statement;
  Digest text_digest;
  OrgId source;
  std::map<BulletinId, KnownShare> shares = {};
  std::optional<absl::Time> acknowledge_by = {};
  // Whom it was sealed to, as the author's home noted it. Nothing in another home, which has only
  // their number, by the statement.
  std::optional<std::set<MemberId>> sealed_to = {};
};

StatusBoard JudgeBoard(const BoardSubject& subject, const std::vector<ReaderStatus>& readers,
                       const Directory& directory, absl::Time now);

}  // namespace shield
