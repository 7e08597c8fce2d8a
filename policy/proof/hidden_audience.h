// Audience tokens that name someone are hidden in statements; openings show what they are.
//
//   h:<base64 SHA-256(salt || token)>          salt: 16 random bytes, another for every token
//
// The broker gets all openings, because it decides; a recipient gets only those that concern it
// (docs/spec/statement.md, "Hidden audience").
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "base/strong_id.h"
#include "policy/audience_token.h"

namespace shield {

using OpeningSalt = std::array<uint8_t, 16>;

// What one hidden token stands for.
struct Opening {
  OpeningSalt salt = {};
  AudienceToken token;

  friend bool operator==(const Opening&, const Opening&) = default;
};

// The hidden token that `opening` opens.
AudienceToken HiddenToken(const Opening& opening);

struct HiddenAudience {
  std::vector<AudienceToken> tokens;  // as a statement prints them, sorted bytewise, unique
  std::vector<Opening> openings;      // of every hidden one
};

// Hides what names someone; the rest stays. Repeated tokens are dropped.
HiddenAudience HideAudience(std::span<const AudienceToken> tokens, Random& random);

enum class OpeningsNeeded {
  kAll,   // every hidden token must be opened: broker, publisher
  kSome,  // what is not opened stays hidden: readers
};

// The audience with its hidden tokens opened, in the order of `audience`. INVALID_ARGUMENT, rule
// STATEMENT_MALFORMED: an opening that fits no hidden token or fits twice, a token that needs no
// hiding, two that open to the same, and with kAll one that stays hidden.
absl::StatusOr<std::vector<AudienceToken>> OpenAudience(std::span<const AudienceToken> audience,
                                                        std::span<const Opening> openings,
                                                        OpeningsNeeded needed);

// Those of `openings` that name this member or its organisation.
std::vector<Opening> OpeningsFor(std::span<const Opening> openings, const MemberId& member,
                                 const OrgId& org);

}  // namespace shield
