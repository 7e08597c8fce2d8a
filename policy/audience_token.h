// One word of an audience: whom a bulletin is for (docs/spec/statement.md, docs/spec/tlp.md).
//
//   public  community:<id>  org:<id>  member:<id>  sector:<code>  region:<code>  vetting:<0-3>
//   not-org:<id>  not-member:<id>  h:<base64 SHA-256(salt || token)>
//
// Tokens that name an organisation or a member are hidden in statements: what stands there is the
// last form, and only those it concerns learn what it hides.
#pragma once

#include <compare>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/strong_id.h"

namespace shield {

struct AudienceToken {
  enum class Kind {
    kUnspecified,
    kPublic,
    kCommunity,
    kOrg,
    kMember,
    kSector,
    kRegion,
    kVetting,
    kNotOrg,
    kNotMember,
    kHidden,
  };

  Kind kind = Kind::kUnspecified;
  // What follows the colon; empty for public. Valid for its kind if the token was parsed or made by
  // one of the functions below.
  std::string value = {};

  static AudienceToken Public();
  static AudienceToken Community(const CommunityId& id);
  static AudienceToken Org(const OrgId& id);
  static AudienceToken Member(const MemberId& id);
  static AudienceToken NotOrg(const OrgId& id);
  static AudienceToken NotMember(const MemberId& id);
  static AudienceToken Hidden(const Digest& digest);

  // Whether a statement must hide it: org, member, not-org, not-member.
  bool NamesSomeone() const;

  friend bool operator==(const AudienceToken&, const AudienceToken&) = default;
};

std::string PrintAudienceToken(const AudienceToken& token);

// Refuses with a sentence: another word before the colon, an id or number out of form, a sector or
// region that is on no list (rule UNKNOWN_CODE).
absl::StatusOr<AudienceToken> ParseAudienceToken(absl::string_view text);

}  // namespace shield
