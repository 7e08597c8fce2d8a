// Bulletins on their way: sealed, perhaps committed by the broker, their receipt not seen yet.
//
// A row is written before the first byte is sent and goes in the transaction that records the
// receipt. So whoever publishes the same draft again sends the bytes that were sent before, and the
// broker, which commits an id once, says what became of them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "client/connection.h"

namespace shield {

// Beyond so many the oldest makes room.
inline constexpr size_t kMaxOutboxEntries = 64;
// After this a draft without an answer is forgotten; publishing it again makes a new bulletin.
inline constexpr absl::Duration kMaxOutboxAge = absl::Hours(7 * 24);

struct OutboxEntry {
  Digest draft;  // what it was sealed from (client/publish/draft_digest.h)
  BulletinId id;
  std::string statement;  // the signed note
  std::vector<AudienceOpening> openings;
  Bytes slots;
  Bytes payload;
  std::vector<std::string> spool;  // names of its sealed attachments in the home's spool, in order
  absl::Time begun;                // when the draft was first sealed under this id
  std::optional<absl::Time> acknowledge_by = {};  // what its content asks for
  Bytes seal_keys = {};                // whom the slots are for, 32 bytes each, in their order
  std::vector<MemberId> readers = {};  // whom it is sealed to, at most kMaxRecipients
  std::vector<OrgId> orgs = {};        // and the organisation of each
};

}  // namespace shield
