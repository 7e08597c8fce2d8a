#include "client/digest/publish/publish_edition.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/bytes.h"
#include "base/hex.h"
#include "base/status.h"
#include "client/home/private_file.h"
#include "client/publish/draft_digest.h"

namespace shield {
namespace {

// Holds the digest of the draft that is on its way, and nothing of what it says.
std::string PathOfPending(const Home& home, const Week& week, Tier tier) {
  return home.PathOf(absl::StrCat("edition-", week.Print(), "-", PrintTier(tier), ".pending"));
}

absl::StatusOr<OrgId> SourceOf(const Gathered& gathered) {
  const MemberRecord* author = gathered.directory->directory().FindMember(gathered.member);
  if (author != nullptr) return author->org;
  return WithRule(
      absl::UnauthenticatedError("the directory that is here does not show this member"),
      "UNKNOWN_CALLER");
}

std::optional<Digest> ReadDigest(absl::string_view text) {
  const std::optional<Bytes> bytes = HexDecode(text);
  return bytes.has_value() ? Digest::FromBytes(*bytes) : std::nullopt;
}

std::string Named(const Week& week, Tier tier) {
  return absl::StrCat("the ", PrintTier(tier), " edition of ", week.Print());
}

absl::Status AlreadyPublished(const HeldEdition& edition) {
  return WithHint(WithRule(absl::FailedPreconditionError(
                               absl::StrCat(Named(*edition.week, edition.tier),
                                            " is published, as `", edition.id.ToHex(), "`")),
                           "EDITION_PUBLISHED"),
                  "--replace sends a newer version of it");
}

absl::Status NothingToReplace(const BriefingRequest& request) {
  return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                               Named(request.week, request.tier), " is not published yet")),
                           "EDITION_NOT_PUBLISHED"),
                  "publish it without --replace");
}

// How often this tier and week has had one, as far as that can be read here.
int HighestRevision(const std::vector<HeldEdition>& editions, const OrgId& source,
                    const BriefingRequest& request) {
  int revision = 0;
  for (const HeldEdition& edition : editions) {
    const bool same =
        edition.source == source && edition.week == request.week && edition.tier == request.tier;
    if (same) revision = std::max(revision, edition.revision);
  }
  return revision;
}

bool IsRefusal(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsFailedPrecondition(status) || absl::IsNotFound(status);
}

// Whether another seat's edition of the same came before this one.
absl::Status CheckAlone(Client& client, const Published& published, const Edition& edition) {
  ASSIGN_OR_RETURN(const Gathered gathered,
                   Gather(client, GatheredFor::kOthers, edition.language, Fetching::kAllowed));
  for (const HeldEdition& other : gathered.editions) {
    const bool earlier = other.id != published.id && other.source == edition.source &&
                         other.week == edition.week && other.tier == edition.tier &&
                         other.state == InboxState::kLive && other.log_index < published.log_index;
    if (!earlier) continue;
    return WithHint(
        WithRule(absl::FailedPreconditionError(absl::StrCat(
                     "published as `", published.id.ToHex(), "`, but another seat was quicker: ",
                     Named(edition.week, edition.tier), " is `", other.id.ToHex(), "`")),
                 "EDITION_TWICE"),
        absl::StrCat("take this one back: `shield bulletin withdraw ", published.id.ToHex(), "`"));
  }
  return absl::OkStatus();
}

}  // namespace

std::optional<HeldEdition> EditionThatHolds(const std::vector<HeldEdition>& editions,
                                            const OrgId& source, const Week& week, Tier tier) {
  std::optional<HeldEdition> newest;
  for (const HeldEdition& edition : editions) {
    const bool holds = edition.source == source && edition.week == week && edition.tier == tier &&
                       edition.state == InboxState::kLive;
    if (holds && (!newest.has_value() || newest->log_index < edition.log_index)) newest = edition;
  }
  return newest;
}

absl::StatusOr<PreparedEdition> PrepareEdition(Client& client, const BriefingRequest& request,
                                               EditionMode mode, absl::Time now) {
  ASSIGN_OR_RETURN(const Gathered gathered,
                   Gather(client, GatheredFor::kOthers, request.language, Fetching::kAllowed));
  ASSIGN_OR_RETURN(const OrgId source, SourceOf(gathered));
  const std::optional<HeldEdition> holds =
      EditionThatHolds(gathered.editions, source, request.week, request.tier);
  if (mode == EditionMode::kFirst && holds.has_value()) return AlreadyPublished(*holds);
  if (mode == EditionMode::kReplace && !holds.has_value()) return NothingToReplace(request);
  BriefingRequest revised = request;
  revised.revision = HighestRevision(gathered.editions, source, request) + 1;
  ASSIGN_OR_RETURN(MadeEdition made, MakeEdition(gathered, revised, now));
  made.edition = AsSent(std::move(made.edition));
  const std::optional<BulletinId> replaced =
      holds.has_value() ? std::optional(holds->id) : std::nullopt;
  Draft draft = DraftOfEdition(made, ForEveryone(gathered, request.week), replaced);
  return PreparedEdition{std::move(made), std::move(draft), holds};
}

absl::StatusOr<std::optional<Published>> ResumeEdition(Client& client, const Home& home,
                                                       const Week& week, Tier tier) {
  const std::string path = PathOfPending(home, week, tier);
  const absl::StatusOr<std::string> text = ReadSmallFile(path);
  if (absl::IsNotFound(text.status())) return std::nullopt;
  RETURN_IF_ERROR(text.status());
  const std::optional<Digest> draft = ReadDigest(*text);
  if (!draft.has_value()) return std::nullopt;  // half of a file that nothing was sent after
  ASSIGN_OR_RETURN(const std::optional<BulletinId> pending, client.FindPendingDraft(*draft));
  if (!pending.has_value()) {
    RETURN_IF_ERROR(RemovePrivateFile(path));
    return std::nullopt;
  }
  absl::StatusOr<Published> published = client.Resume(*pending);
  if (IsRefusal(published.status())) return std::nullopt;
  RETURN_IF_ERROR(published.status());
  RETURN_IF_ERROR(RemovePrivateFile(path));
  return std::optional(*std::move(published));
}

absl::StatusOr<Published> SendEdition(Client& client, const Home& home,
                                      const PreparedEdition& prepared, Clock& clock) {
  const Edition& edition = prepared.made.edition;
  RETURN_IF_ERROR(client.Sync().status());
  ASSIGN_OR_RETURN(const Gathered again,
                   Gather(client, GatheredFor::kOthers, edition.language, Fetching::kAllowed));
  RETURN_IF_ERROR(CheckStillAdmitted(prepared.made, again, clock.Now()));
  const std::optional<HeldEdition> holds =
      EditionThatHolds(again.editions, edition.source, edition.week, edition.tier);
  const bool other =
      holds.has_value() && (!prepared.replaces.has_value() || prepared.replaces->id != holds->id);
  if (other) return AlreadyPublished(*holds);
  const std::string path = PathOfPending(home, edition.week, edition.tier);
  ASSIGN_OR_RETURN(const Digest digest, DraftDigest(prepared.draft));
  RETURN_IF_ERROR(WritePrivateFile(path, AsBytes(HexEncode(digest.span()))));
  ASSIGN_OR_RETURN(Published published, client.Publish(prepared.draft));
  // Whether the note goes or stays: what is not on its way any more is forgotten when it is read.
  RemovePrivateFile(path).IgnoreError();
  // The other's edition may not be here yet, and the broker may be gone: then nobody is told now.
  if (client.Sync().ok()) RETURN_IF_ERROR(CheckAlone(client, published, edition));
  return published;
}

EditionStanding StandingOf(const Gathered& gathered, const Week& week, Tier tier, absl::Time now) {
  EditionStanding standing;
  const absl::StatusOr<OrgId> source = SourceOf(gathered);
  if (source.ok()) {
    standing.edition = EditionThatHolds(gathered.editions, *source, week, tier);
  }
  if (!standing.edition.has_value()) {
    standing.kind =
        now < week.due() ? EditionStanding::Kind::kNotDue : EditionStanding::Kind::kMissing;
    return standing;
  }
  const absl::flat_hash_set<BulletinId> inside(standing.edition->contains.begin(),
                                               standing.edition->contains.end());
  for (const BriefingCandidate& candidate : gathered.candidates) {
    const BriefedBulletin& bulletin = candidate.bulletin;
    const bool ended =
        bulletin.state == InboxState::kWithdrawn || bulletin.state == InboxState::kSuperseded;
    const bool since = !bulletin.ended.has_value() || *bulletin.ended > standing.edition->issued;
    if (ended && since && inside.contains(bulletin.id)) standing.changed.push_back(bulletin.id);
  }
  standing.kind =
      standing.changed.empty() ? EditionStanding::Kind::kStands : EditionStanding::Kind::kStale;
  return standing;
}

}  // namespace shield
