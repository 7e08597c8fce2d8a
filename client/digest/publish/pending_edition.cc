#include "client/digest/publish/pending_edition.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/hex.h"
#include "base/status.h"
#include "client/home/private_file.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

std::string PathOf(const Home& home, const Week& week, Tier tier) {
  return home.PathOf(absl::StrCat("edition-", week.Print(), "-", PrintTier(tier), ".pending"));
}

std::optional<Digest> ReadDigest(absl::string_view text) {
  const std::optional<Bytes> bytes = HexDecode(text);
  return bytes.has_value() ? Digest::FromBytes(*bytes) : std::nullopt;
}

std::optional<PendingEdition> ParseLine(absl::string_view line) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  if (words.size() != 2) return std::nullopt;
  const std::optional<Digest> draft = ReadDigest(words[0]);
  const std::optional<Digest> order = ReadDigest(words[1]);
  if (!draft.has_value() || !order.has_value()) return std::nullopt;
  return PendingEdition{*draft, *order};
}

// A field with its length before it: no two requests print alike.
void Add(Sha256Hasher& hasher, absl::string_view field) {
  hasher.Update(absl::StrCat(field.size(), ":", field));
}

void Add(Sha256Hasher& hasher, const std::vector<BulletinId>& ids) {
  Add(hasher, absl::StrCat(ids.size()));
  for (const BulletinId& id : ids) Add(hasher, id.ToHex());
}

}  // namespace

Digest OrderDigest(const BriefingRequest& request, absl::string_view mode) {
  Sha256Hasher hasher;
  hasher.Update("shield/briefing/order/v1");
  Add(hasher, mode);
  Add(hasher, request.week.Print());
  Add(hasher, PrintTier(request.tier));
  Add(hasher, PrintLanguage(request.language));
  Add(hasher, absl::StrCat(request.to.size()));
  for (const AudienceToken& token : request.to) Add(hasher, PrintAudienceToken(token));
  Add(hasher, request.for_their_readers ? "for their readers" : "");
  Add(hasher, request.keeps_language ? "in their language" : "");
  Add(hasher, request.as_of.has_value() ? absl::StrCat(absl::ToUnixMicros(*request.as_of)) : "");
  Add(hasher, request.foreword);
  Add(hasher, request.picked);
  Add(hasher, request.left);
  return hasher.Finish();
}

absl::StatusOr<std::vector<PendingEdition>> ReadPendingEditions(const Home& home, const Week& week,
                                                                Tier tier) {
  std::vector<PendingEdition> found;
  const absl::StatusOr<std::string> text = ReadSmallFile(PathOf(home, week, tier));
  if (absl::IsNotFound(text.status())) return found;
  RETURN_IF_ERROR(text.status());
  found.reserve(kMaxPendingEditions);
  for (const absl::string_view line : absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
    const std::optional<PendingEdition> pending = ParseLine(line);
    if (pending.has_value() && found.size() < kMaxPendingEditions) found.push_back(*pending);
  }
  return found;
}

absl::Status NotePendingEdition(const Home& home, const Week& week, Tier tier,
                                const PendingEdition& pending, bool keep_older) {
  std::vector<PendingEdition> noted = {pending};
  if (keep_older) {
    ASSIGN_OR_RETURN(const std::vector<PendingEdition> older,
                     ReadPendingEditions(home, week, tier));
    for (const PendingEdition& each : older) {
      if (each.draft != pending.draft && noted.size() < kMaxPendingEditions) noted.push_back(each);
    }
  }
  std::string text;
  for (const PendingEdition& each : noted) {
    absl::StrAppend(&text, HexEncode(each.draft.span()), " ", HexEncode(each.order.span()), "\n");
  }
  return WritePrivateFile(PathOf(home, week, tier), AsBytes(text));
}

absl::Status ForgetPendingEditions(const Home& home, const Week& week, Tier tier) {
  const absl::Status removed = RemovePrivateFile(PathOf(home, week, tier));
  return absl::IsNotFound(removed) ? absl::OkStatus() : removed;
}

}  // namespace shield
