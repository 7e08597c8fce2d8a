#include "client/receive/unproven_endings.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/status.h"
#include "client/receive/openings.h"
#include "client/receive/verify_ending.h"
#include "crypto/note.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

bool Names(const std::vector<BulletinText>& endings, const BulletinId& id,
           const std::string& note) {
  const auto of_it = [&id](const BulletinText& each) { return each.id == id; };
  if (std::none_of(endings.begin(), endings.end(), of_it)) return false;
  const absl::StatusOr<SignedNote> parsed = ParseNote(note);
  if (!parsed.ok()) return false;
  const Digest digest = Sha256(parsed->text);
  return std::any_of(endings.begin(), endings.end(), [&](const BulletinText& each) {
    return each.id == id && each.text_digest == digest;
  });
}

void AddEndingsOf(const KeptEntry& kept, std::vector<BulletinText>& endings) {
  const absl::StatusOr<Statement> claimed = ReadClaimedStatement(kept.delivered.statement);
  if (!claimed.ok()) return;
  for (const EndedReference& each : EndedBy(*claimed)) {
    endings.push_back({each.id, each.text_digest});
  }
}

}  // namespace

absl::StatusOr<std::vector<BulletinText>> UnprovenEndings(ClientState& state, uint64_t max) {
  std::vector<BulletinText> endings;
  ASSIGN_OR_RETURN(const std::vector<uint64_t> closed, state.ClosedForNow(max));
  for (const uint64_t seq : closed) {
    ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, state.FindEntry(seq));
    if (kept.has_value()) AddEndingsOf(*kept, endings);
  }
  ASSIGN_OR_RETURN(const std::vector<BulletinId> carried, state.CarriedClosedForNow(max));
  for (const BulletinId& id : carried) {
    ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, state.FindBulletin(id));
    if (kept.has_value() && kept->carried) AddEndingsOf(*kept, endings);
  }
  return endings;
}

bool IsSaidToHaveEnded(const std::vector<BulletinText>& endings, const KeptEntry& kept) {
  if (endings.empty() || !kept.id.has_value()) return false;
  if (Names(endings, *kept.id, kept.delivered.statement)) return true;
  return kept.original.has_value() &&
         Names(endings, *kept.original, kept.delivered.shared_original);
}

}  // namespace shield
