#include "policy/proof/hidden_audience.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

absl::Status Refused(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("openings refused: ", why)),
                  "STATEMENT_MALFORMED");
}

bool Names(const AudienceToken& token, const MemberId& member, const OrgId& org) {
  switch (token.kind) {
    case AudienceToken::Kind::kOrg:
    case AudienceToken::Kind::kNotOrg:
      return token.value == org.text();
    case AudienceToken::Kind::kMember:
    case AudienceToken::Kind::kNotMember:
      return token.value == member.text();
    default:
      return false;
  }
}

}  // namespace

AudienceToken HiddenToken(const Opening& opening) {
  Bytes hashed = ToBytes(opening.salt);
  Append(hashed, AsBytes(PrintAudienceToken(opening.token)));
  return AudienceToken::Hidden(Sha256(hashed));
}

HiddenAudience HideAudience(std::span<const AudienceToken> tokens, Random& random) {
  HiddenAudience hidden;
  std::set<std::string> seen;
  for (const AudienceToken& token : tokens) {
    if (!seen.insert(PrintAudienceToken(token)).second) continue;
    if (!token.NamesSomeone()) {
      hidden.tokens.push_back(token);
      continue;
    }
    Opening opening{{}, token};
    random.Fill(opening.salt);
    hidden.tokens.push_back(HiddenToken(opening));
    hidden.openings.push_back(std::move(opening));
  }
  std::sort(hidden.tokens.begin(), hidden.tokens.end(),
            [](const AudienceToken& a, const AudienceToken& b) {
              return PrintAudienceToken(a) < PrintAudienceToken(b);
            });
  return hidden;
}

absl::StatusOr<std::vector<AudienceToken>> OpenAudience(std::span<const AudienceToken> audience,
                                                        std::span<const Opening> openings,
                                                        OpeningsNeeded needed) {
  if (openings.size() > audience.size()) return Refused("there are more than tokens");
  absl::flat_hash_map<std::string, AudienceToken> by_hidden;
  std::set<std::string> opened;
  for (const Opening& opening : openings) {
    const std::string token = PrintAudienceToken(opening.token);
    if (!opening.token.NamesSomeone()) {
      return Refused(absl::StrCat("`", token, "` is a token that is not hidden"));
    }
    if (!opened.insert(token).second) return Refused(absl::StrCat("`", token, "` stands twice"));
    by_hidden.emplace(HiddenToken(opening).value, opening.token);
  }
  std::vector<AudienceToken> result;
  result.reserve(audience.size());
  size_t used = 0;
  for (const AudienceToken& token : audience) {
    const auto found =
        token.kind == AudienceToken::Kind::kHidden ? by_hidden.find(token.value) : by_hidden.end();
    if (found != by_hidden.end()) {
      result.push_back(found->second);
      ++used;
      continue;
    }
    if (token.kind == AudienceToken::Kind::kHidden && needed == OpeningsNeeded::kAll) {
      return Refused(absl::StrCat("`", PrintAudienceToken(token), "` is not opened"));
    }
    result.push_back(token);
  }
  if (used != openings.size()) return Refused("one of them fits no token of the statement");
  return result;
}

std::vector<Opening> OpeningsFor(std::span<const Opening> openings, const MemberId& member,
                                 const OrgId& org) {
  std::vector<Opening> concerned;
  for (const Opening& opening : openings) {
    if (Names(opening.token, member, org)) concerned.push_back(opening);
  }
  return concerned;
}

}  // namespace shield
