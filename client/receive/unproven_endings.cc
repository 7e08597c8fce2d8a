#include "client/receive/unproven_endings.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/status.h"
#include "client/receive/known_signer.h"
#include "client/receive/openings.h"
#include "client/receive/verify_ending.h"
#include "crypto/note.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

std::optional<OrgId> OrgNow(const Directory& newest, const MemberId& id) {
  const MemberRecord* member = newest.FindMember(id);
  if (member == nullptr) return std::nullopt;
  return member->org;
}

// Whether one of them names the bulletin `id` with this statement, which is of `org` or else of
// where its author sits now, and may speak for its source.
bool Names(const UnprovenEndings& endings, const Directory& newest, const BulletinId& id,
           const std::string& note, const std::optional<OrgId>& org) {
  const auto said = endings.equal_range(id);
  if (said.first == said.second) return false;
  const absl::StatusOr<SignedNote> parsed = ParseNote(note);
  const absl::StatusOr<Statement> statement = ReadClaimedStatement(note);
  if (!parsed.ok() || !statement.ok()) return false;
  const Digest digest = Sha256(parsed->text);
  const std::optional<OrgId> source = org.has_value() ? org : OrgNow(newest, statement->author);
  return std::any_of(said.first, said.second, [&](const UnprovenEndings::value_type& each) {
    const UnprovenEnding& ending = each.second;
    const bool of_source = ending.author == statement->author || ending.org == source;
    return of_source && ending.text_digest == digest;
  });
}

}  // namespace

absl::StatusOr<UnprovenEndings> ReadUnprovenEndings(ClientState& state, const Directory& newest) {
  UnprovenEndings endings;
  RETURN_IF_ERROR(
      VisitClosedOfKnownSigners(state, newest, [&](const ClosedPlace&, const Statement& statement) {
        const std::optional<OrgId> org = OrgNow(newest, statement.author);
        if (!org.has_value()) return;
        for (const EndedReference& each : EndedBy(statement)) {
          endings.emplace(each.id, UnprovenEnding{each.text_digest, statement.author, *org});
        }
      }));
  return endings;
}

// Of a share the entry keeps the organisation of its original.
bool IsSaidToHaveEnded(const UnprovenEndings& endings, const Directory& newest,
                       const KeptEntry& kept) {
  if (endings.empty() || !kept.id.has_value()) return false;
  const bool share = kept.original.has_value();
  const std::optional<OrgId> own = share ? std::nullopt : kept.author_org;
  if (Names(endings, newest, *kept.id, kept.delivered.statement, own)) return true;
  return share &&
         Names(endings, newest, *kept.original, kept.delivered.shared_original, kept.author_org);
}

}  // namespace shield
