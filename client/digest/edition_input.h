// What an edition is made of. The same input and order always give the same edition.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/digest/briefed_bulletin.h"
#include "client/digest/language.h"
#include "client/digest/tier.h"
#include "client/digest/week.h"

namespace shield {

// What an editor asks for. Picking and leaving change order and length, never whom it may reach:
// only what may enter can be picked.
struct EditionOrder {
  Week week;
  Tier tier = Tier::kGreen;
  Language language = Language::kEnglish;
  std::vector<std::string> audience;  // tokens, sorted
  absl::Time as_of;
  int revision = 1;
  std::string foreword;              // CommonMark
  std::vector<BulletinId> picked;    // in full and first, in this order
  std::vector<BulletinId> left;      // not in full: they are listed
  std::vector<std::string> sectors;  // of the readers, for the order: codes
  std::vector<std::string> regions;
  // How often every maximum of edition.h is halved: for a week so full, or texts so long, that an
  // edition would be no bulletin any more (publish/make_edition.h).
  int halvings = 0;

  size_t Most(size_t maximum) const { return maximum >> halvings; }
};

// Everything `BuildEdition` may speak of: the bulletins that were admitted (admit.h), in any order,
// and what names the edition. `red` holds what names the builder of an own edition.
struct EditionInput {
  std::string network;
  MemberId author;
  OrgId source;
  uint64_t directory_version = 0;
  std::string generator;
  std::vector<BriefedBulletin> bulletins;
  std::vector<BriefedBulletin> red;  // without content; kMine only
};

}  // namespace shield
