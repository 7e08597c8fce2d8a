// A bulletin as whoever makes a briefing holds it. Value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "client/digest/briefed_content.h"
#include "client/receive/inbox_item.h"
#include "policy/labels.h"
#include "policy/vocabulary.h"

namespace shield {

struct BriefedBulletin {
  BulletinId id;
  Digest text_digest;  // SHA-256 of its statement's text
  MemberId author;
  OrgId source;
  std::optional<MemberId> shared_by = {};
  BulletinClass bulletin_class = BulletinClass::kUnspecified;
  Tlp tlp = Tlp::kUnspecified;
  Priority priority = Priority::kUnspecified;
  BulletinStatus status = BulletinStatus::kActual;  // exercises and tests say so
  absl::Time issued = absl::UnixEpoch();
  absl::Time not_before = absl::UnixEpoch();
  absl::Time expires = absl::UnixEpoch();
  // kLive, kExpired, kWithdrawn or kSuperseded; whatever else there is enters no briefing.
  InboxState state = InboxState::kLive;
  std::optional<absl::Time> ended = {};  // when it was withdrawn or replaced
  std::optional<BulletinId> supersedes = {};
  // The bulletin that this one carries to more readers, where an edition is asked about both as one
  // (publish/lift_extensions.h).
  std::optional<BulletinId> original = {};
  int revision = 1;  // 1 plus how many versions this one replaces, as far as they are here
  bool acknowledged = false;
  // Sectors and regions that it was addressed to, codes; empty: no such choice was made.
  std::vector<std::string> sectors = {};
  std::vector<std::string> regions = {};
  BriefedContent content = {};  // empty unless live

  friend bool operator==(const BriefedBulletin&, const BriefedBulletin&) = default;
};

}  // namespace shield
