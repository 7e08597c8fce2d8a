#include "client/publish/share_source.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/status.h"
#include "client/receive/fetch_bytes.h"
#include "client/receive/open_content.h"
#include "client/receive/openings.h"
#include "policy/proof/hidden_audience.h"

namespace shield {
namespace {

// What this home can read of the original's audience: of its own all, of another's what names it,
// of one that came by a share nothing.
absl::StatusOr<std::vector<AudienceToken>> KnownAudience(const ClientParts& parts,
                                                         const KeptEntry& kept,
                                                         const Statement& original) {
  if (kept.original.has_value()) return original.audience;
  ASSIGN_OR_RETURN(const std::optional<Publication> own, parts.state.FindPublication(original.id));
  ASSIGN_OR_RETURN(const std::vector<Opening> openings,
                   ReadOpenings(own.has_value() ? own->openings : kept.delivered.openings));
  return OpenAudience(original.audience, openings, OpeningsNeeded::kSome);
}

absl::StatusOr<Terms> TermsOfOriginal(const KeptEntry& kept, const Statement& original,
                                      std::vector<AudienceToken> audience,
                                      const Directory& directory) {
  const OrgRecord* source =
      kept.author_org.has_value() ? directory.FindOrg(*kept.author_org) : nullptr;
  if (source == nullptr) return TermsOf(directory, original, std::move(audience));
  return TermsOf(original, *source, std::move(audience));
}

}  // namespace

absl::StatusOr<ShareSource> OpenShareSource(const ClientParts& parts, InboxShelf& shelf,
                                            const BulletinId& id) {
  ASSIGN_OR_RETURN(KeptEntry kept, shelf.Find(id));
  RETURN_IF_ERROR(shelf.OpenReadable(kept).status());
  ASSIGN_OR_RETURN(const VerifiedEntry verified, shelf.Verify(kept));
  if (!verified.own_key.has_value()) {
    return absl::NotFoundError("it is news about another bulletin and has nothing to pass on");
  }
  const Statement& original = verified.Source().statement();
  Bytes payload = std::move(kept.delivered.payload);
  if (payload.empty()) {
    ASSIGN_OR_RETURN(payload, FetchPayload(parts.connection, parts.retrier,
                                           verified.statement.statement().id, original.payload));
  }
  ASSIGN_OR_RETURN(FileKey file_key, OpenCommittedKey(verified.statement, kept.delivered.slot,
                                                      payload, parts.keys.seal[*verified.own_key]));
  ASSIGN_OR_RETURN(std::vector<AudienceToken> audience, KnownAudience(parts, kept, original));
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Newest());
  ASSIGN_OR_RETURN(Terms terms,
                   TermsOfOriginal(kept, original, std::move(audience), directory->directory()));
  terms.author_standing = AuthorStanding::kProvenAtPublish;
  const bool by_share = kept.original.has_value();
  Reader sharer =
      by_share ? Reader::WithoutEntry(parts.keys.member) : Reader::Holder(parts.keys.member);
  if (!by_share) sharer.org_at_publish = kept.own_org;
  ShareSource source{{original, verified.Source().text_digest(), std::move(terms),
                      std::move(sharer), by_share, verified.statement.statement().expires},
                     std::move(file_key),
                     {}};
  std::copy_n(payload.begin(), kPayloadNonceSize, source.nonce.begin());
  return source;
}

}  // namespace shield
