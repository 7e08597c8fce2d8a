// Whom a bulletin would reach and whom not, each with the rule that says so; and what publishing
// it gave.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/strong_id.h"
#include "policy/audience_token.h"
#include "policy/labels.h"

namespace shield {

// A member and the rule that chose or excluded it (docs/spec/tlp.md).
struct PlannedReader {
  MemberId member;
  OrgId org;
  std::string rule;
};

struct PublicationPlan {
  Tlp tlp = Tlp::kUnspecified;
  uint64_t directory_version = 0;
  std::vector<PlannedReader> recipients;  // by organisation, then member
  std::vector<PlannedReader> excluded;    // every other member of the directory, but …
  // … those it is for and who have no key now: nothing is sealed to them. RECIPIENT_WITHOUT_KEY.
  std::vector<PlannedReader> without_key;
  std::vector<std::string> warnings;  // rule codes, for example EMPTY_AUDIENCE
  uint64_t organisations = 0;         // how many the recipients belong to
};

// A bulletin on its way whose outcome is not known: perhaps it has been published.
struct PendingBulletin {
  BulletinId id;
  Tlp tlp = Tlp::kUnspecified;
  std::vector<AudienceToken> audience;  // opened
};

struct Published {
  BulletinId id;
  uint64_t recipients = 0;
  uint64_t directory_version = 0;
  uint64_t log_index = 0;
  uint64_t told = 0;      // holders of what it ended, beside the recipients
  bool replayed = false;  // an earlier attempt had been committed already
  // NOT_RECORDED: published, but this home could not note it; RECIPIENT_WITHOUT_KEY: `without_key`.
  std::vector<std::string> warnings;
  std::optional<absl::Time> acknowledge_by = {};  // until when its readers are asked to acknowledge
  // Whom it is for and who had no key when it was sealed; nothing of what an earlier call sealed.
  std::vector<PlannedReader> without_key = {};
};

// A bulletin that was passed on.
struct SharedOn {
  Published share;
  std::optional<BulletinId> reason;    // the message that says why
  std::vector<PlannedReader> readers;  // whom it was sealed to, the sharer among them
};

}  // namespace shield
