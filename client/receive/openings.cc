#include "client/receive/openings.h"

#include <algorithm>

#include "base/status.h"
#include "crypto/note.h"

namespace shield {

absl::StatusOr<std::vector<Opening>> ReadOpenings(const std::vector<AudienceOpening>& openings) {
  std::vector<Opening> read;
  for (const AudienceOpening& opening : openings) {
    Opening made;
    if (opening.salt.size() != made.salt.size()) {
      return WithRule(absl::InvalidArgumentError("an audience opening has no salt of 16 bytes"),
                      "STATEMENT_MALFORMED");
    }
    std::copy(opening.salt.begin(), opening.salt.end(), made.salt.begin());
    ASSIGN_OR_RETURN(made.token, ParseAudienceToken(opening.token));
    read.push_back(std::move(made));
  }
  return read;
}

std::vector<AudienceOpening> WriteOpenings(const std::vector<Opening>& openings) {
  std::vector<AudienceOpening> written;
  written.reserve(openings.size());
  for (const Opening& opening : openings) {
    written.push_back({ToBytes(opening.salt), PrintAudienceToken(opening.token)});
  }
  return written;
}

absl::StatusOr<Statement> ReadClaimedStatement(absl::string_view note) {
  const absl::StatusOr<SignedNote> parsed = ParseNote(note);
  if (!parsed.ok()) return WithRule(parsed.status(), "STATEMENT_MALFORMED");
  return ParseStatement(parsed->text);
}

}  // namespace shield
