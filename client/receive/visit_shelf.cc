#include "client/receive/visit_shelf.h"

#include <utility>

#include "base/status.h"
#include "client/receive/openings.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/hidden_audience.h"

namespace shield {
namespace {

// The openings this home has: of what it published all of them.
absl::StatusOr<std::vector<AudienceToken>> OpenedAudience(const ClientParts& parts,
                                                          const KeptEntry& kept,
                                                          const Statement& statement) {
  if (kept.original.has_value()) return statement.audience;
  ASSIGN_OR_RETURN(const std::optional<Publication> own, parts.state.FindPublication(statement.id));
  ASSIGN_OR_RETURN(const std::vector<Opening> openings,
                   ReadOpenings(own.has_value() ? own->openings : kept.delivered.openings));
  return OpenAudience(statement.audience, openings, OpeningsNeeded::kSome);
}

absl::StatusOr<ShelvedBulletin> Shelved(const ClientParts& parts, const KeptEntry& kept) {
  const std::string& note =
      kept.original.has_value() ? kept.delivered.shared_original : kept.delivered.statement;
  ASSIGN_OR_RETURN(const SignedNote signed_note, ParseNote(note));
  ASSIGN_OR_RETURN(Statement statement, ReadClaimedStatement(note));
  ASSIGN_OR_RETURN(std::vector<AudienceToken> audience, OpenedAudience(parts, kept, statement));
  ASSIGN_OR_RETURN(std::optional<std::set<MemberId>> sealed_to, parts.state.SealedTo(statement.id));
  return ShelvedBulletin{.opened = {},
                         .statement = std::move(statement),
                         .text_digest = Sha256(signed_note.text),
                         .audience = std::move(audience),
                         .own_org = kept.own_org,
                         .sealed_to = std::move(sealed_to),
                         .notice = kept.delivered.slot_hash == Sha256(ByteSpan())};
}

}  // namespace

absl::Status VisitShelf(const ClientParts& parts, InboxShelf& shelf, Fetching fetching,
                        const ShelfVisitor& visitor) {
  return shelf.Visit(fetching, [&](const KeptEntry& kept, OpenedBulletin&& opened) {
    absl::StatusOr<ShelvedBulletin> bulletin = Shelved(parts, kept);
    if (absl::IsInvalidArgument(bulletin.status())) return absl::OkStatus();  // out of form
    RETURN_IF_ERROR(bulletin.status());
    bulletin->opened = std::move(opened);
    return visitor(*std::move(bulletin));
  });
}

}  // namespace shield
