// What the broker says falls due for erasure, for an auditor (docs/spec/wire.md, "Retention").
//
// It is the broker's word: what it leaves out is not found out here. What it does say is held to
// form: rows ascend by their ends, lie in the time that was asked for, are of a class and label
// there is, and each page goes on where the last one stopped.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "client/client_parts.h"
#include "policy/labels.h"
#include "policy/vocabulary.h"

namespace shield {

// A bulletin whose content the broker erases at `expires`.
struct DueAtBroker {
  std::optional<BulletinId> id = {};  // of the own organisation's, but for RED
  Digest text_digest = {};            // of its statement, as its leaf in the log has it …
  uint64_t log_index = 0;             // … and where that stands
  BulletinClass bulletin_class = BulletinClass::kUnspecified;
  Tlp tlp = Tlp::kUnspecified;
  absl::Time issued = absl::UnixEpoch();
  absl::Time expires = absl::UnixEpoch();
  uint32_t row_days = 0;  // the row of the broker's retention table; 0: none for class and label
};

struct BrokerRetention {
  std::vector<DueAtBroker> due = {};  // the earliest first, each once
  bool more = false;                  // than was asked for
  uint64_t unerased = 0;              // that have ended and whose erasure is under way
};

// What ends before `until`, at most `max`. PERMISSION_DENIED, NOT_AN_AUDITOR: the broker lists it
// for auditors of an authority. DATA_LOSS, ANSWER_MALFORMED: it is out of form.
absl::StatusOr<BrokerRetention> ListBrokerRetention(const ClientParts& parts, absl::Time until,
                                                    uint64_t max);

}  // namespace shield
