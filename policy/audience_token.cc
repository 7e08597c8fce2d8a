#include "policy/audience_token.h"

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "policy/fields.h"
#include "policy/regions.h"
#include "policy/vocabulary.h"

namespace shield {
namespace {

using Kind = AudienceToken::Kind;

struct Form {
  absl::string_view prefix;
  Kind kind;
};
constexpr std::array<Form, 9> kForms = {{
    {"community:", Kind::kCommunity},
    {"org:", Kind::kOrg},
    {"member:", Kind::kMember},
    {"sector:", Kind::kSector},
    {"region:", Kind::kRegion},
    {"vetting:", Kind::kVetting},
    {"not-org:", Kind::kNotOrg},
    {"not-member:", Kind::kNotMember},
    {"h:", Kind::kHidden},
}};

absl::Status Refusal(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("audience token ", Quoted(text), ": ", why));
}

absl::Status CheckValue(Kind kind, absl::string_view value, absl::string_view text) {
  switch (kind) {
    case Kind::kCommunity:
    case Kind::kOrg:
    case Kind::kMember:
    case Kind::kNotOrg:
    case Kind::kNotMember:
      if (!IsIdentifier(value)) return Refusal(text, "what follows the colon is not an id");
      break;
    case Kind::kSector:
      if (!IsSector(value)) return WithRule(Refusal(text, "no such sector"), "UNKNOWN_CODE");
      break;
    case Kind::kRegion:
      if (!IsRegion(value)) return WithRule(Refusal(text, "no such region"), "UNKNOWN_CODE");
      break;
    case Kind::kVetting:
      if (!ParseVetting(value).has_value()) return Refusal(text, "vetting levels are 0 to 3");
      break;
    case Kind::kHidden:
      if (!ParseDigest(value).has_value()) return Refusal(text, "not the base64 of 32 bytes");
      break;
    case Kind::kPublic:
    case Kind::kUnspecified:
      break;
  }
  return absl::OkStatus();
}

}  // namespace

AudienceToken AudienceToken::Public() { return {Kind::kPublic, ""}; }
AudienceToken AudienceToken::Community(const CommunityId& id) {
  return {Kind::kCommunity, id.str()};
}
AudienceToken AudienceToken::Org(const OrgId& id) { return {Kind::kOrg, id.str()}; }
AudienceToken AudienceToken::Member(const MemberId& id) { return {Kind::kMember, id.str()}; }
AudienceToken AudienceToken::NotOrg(const OrgId& id) { return {Kind::kNotOrg, id.str()}; }
AudienceToken AudienceToken::NotMember(const MemberId& id) { return {Kind::kNotMember, id.str()}; }
AudienceToken AudienceToken::Hidden(const Digest& digest) {
  return {Kind::kHidden, PrintDigest(digest)};
}

bool AudienceToken::NamesSomeone() const {
  return kind == Kind::kOrg || kind == Kind::kMember || kind == Kind::kNotOrg ||
         kind == Kind::kNotMember;
}

std::string PrintAudienceToken(const AudienceToken& token) {
  for (const Form& form : kForms) {
    if (form.kind == token.kind) return absl::StrCat(form.prefix, token.value);
  }
  return token.kind == Kind::kPublic ? "public" : "unspecified";
}

absl::StatusOr<AudienceToken> ParseAudienceToken(absl::string_view text) {
  if (text == "public") return AudienceToken::Public();
  for (const Form& form : kForms) {
    absl::string_view value = text;
    if (!absl::ConsumePrefix(&value, form.prefix)) continue;
    RETURN_IF_ERROR(CheckValue(form.kind, value, text));
    return AudienceToken{form.kind, std::string(value)};
  }
  return WithHint(Refusal(text, "no such form"),
                  "tokens are public, community:, org:, member:, sector:, region:, vetting:, "
                  "not-org: and not-member:");
}

}  // namespace shield
