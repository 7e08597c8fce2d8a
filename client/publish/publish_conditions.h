// What has to hold for a draft to be sent, beyond what policy asks of every bulletin.
#pragma once

#include <optional>

#include "base/strong_id.h"
#include "policy/proof/verified_directory.h"

namespace shield {

// Value. None by default.
struct PublishConditions {
  // Sealed under this directory alone, since whoever asked whom the draft may reach asked it of
  // this one: under any other nothing is sent.
  std::optional<HeldDirectory> directory = {};
  // What an earlier call left open, and whose bytes are not to be sent any more: the draft takes
  // its id, so that the broker, which commits an id once, takes one of the two at most. No effect
  // on what the broker has refused meanwhile: that is on its way no more.
  std::optional<BulletinId> instead_of = {};
};

}  // namespace shield
