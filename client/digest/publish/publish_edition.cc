#include "client/digest/publish/publish_edition.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/digest/publish/edition_standing.h"
#include "client/digest/publish/pending_edition.h"
#include "client/publish/draft_digest.h"

namespace shield {
namespace {

constexpr absl::string_view kStale = "DIGEST_STALE";

std::string Named(const Week& week, Tier tier) {
  return absl::StrCat("the ", PrintTier(tier), " edition of ", week.Print());
}

absl::Status AlreadyPublished(const Gathered& gathered, const HeldEdition& edition) {
  const absl::Status published = WithRule(
      absl::FailedPreconditionError(absl::StrCat(Named(*edition.week, edition.tier),
                                                 " is published, as `", edition.id.ToHex(), "`")),
      "EDITION_PUBLISHED");
  if (MayReplace(gathered, edition)) {
    return WithHint(published, "--replace sends a newer version of it");
  }
  return WithHint(published,
                  absl::StrCat("`", edition.author.text(),
                               "` published it: an analyst of the force can replace it"));
}

absl::Status NothingToReplace(const BriefingRequest& request) {
  return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                               Named(request.week, request.tier), " is not published yet")),
                           "EDITION_NOT_PUBLISHED"),
                  "publish it without --replace");
}

absl::Status Stale(absl::string_view what) {
  return WithHint(WithRule(absl::PermissionDeniedError(what), kStale),
                  "publish it again: it is built anew");
}

absl::string_view PrintMode(EditionMode mode) {
  switch (mode) {
    case EditionMode::kFirst:
      return "first";
    case EditionMode::kReplace:
      return "replace";
    case EditionMode::kOnce:
      break;
  }
  return "once";
}

// How often this tier and week has had one, as far as this home has seen.
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

// Whether `mode` allows to send another in the place of those that hold.
absl::Status CheckMode(const Gathered& gathered, const std::vector<HeldEdition>& holding,
                       const BriefingRequest& request, EditionMode mode, absl::Time now) {
  if (holding.empty()) {
    return mode == EditionMode::kReplace ? NothingToReplace(request) : absl::OkStatus();
  }
  const bool provisional = holding.back().issued < request.week.end() && now >= request.week.end();
  const bool replaces =
      mode == EditionMode::kReplace || (mode == EditionMode::kOnce && provisional);
  return replaces ? CheckMayReplace(gathered, holding) : AlreadyPublished(gathered, holding.back());
}

std::vector<BulletinId> IdsOf(const std::vector<HeldEdition>& editions) {
  std::vector<BulletinId> ids;
  ids.reserve(editions.size());
  for (const HeldEdition& edition : editions) ids.push_back(edition.id);
  return ids;
}

bool Contains(const std::vector<BulletinId>& ids, const BulletinId& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// That those which hold now are the ones that the prepared edition takes the place of.
absl::Status CheckReplaced(const PreparedEdition& prepared, const Gathered& gathered,
                           std::vector<HeldEdition> holding) {
  const std::vector<BulletinId> known = IdsOf(prepared.replaced.editions);
  const Replaced found = ReplacedOf(gathered, std::move(holding));
  for (const HeldEdition& edition : found.editions) {
    if (!Contains(known, edition.id)) return AlreadyPublished(gathered, edition);
  }
  if (found.editions.size() != known.size()) {
    return Stale("the edition that this one replaces has ended since it was built");
  }
  if (IdsOf(found.Family()) == IdsOf(prepared.replaced.Family())) return absl::OkStatus();
  return Stale("an extension of the edition that this one replaces has come or ended since");
}

// What is here, its contents in the language of the edition to be: asked for, or kept.
struct GatheredToReplace {
  Gathered gathered;
  std::vector<HeldEdition> holding;
  Language language;
};

absl::StatusOr<GatheredToReplace> GatherToReplace(Client& client, const Home& home,
                                                  const BriefingRequest& request) {
  ASSIGN_OR_RETURN(Gathered gathered, Gather(client, home, GatheredFor::kOthers, request.language,
                                             Fetching::kAllowed));
  ASSIGN_OR_RETURN(const OrgId source, SourceOf(gathered));
  std::vector<HeldEdition> holding =
      EditionsThatHold(gathered.editions, source, request.week, request.tier);
  const Language language =
      request.keeps_language && !holding.empty() ? holding.back().language : request.language;
  if (language != request.language) {
    ASSIGN_OR_RETURN(gathered,
                     Gather(client, home, GatheredFor::kOthers, language, Fetching::kNever));
  }
  return GatheredToReplace{std::move(gathered), std::move(holding), language};
}

// Two hold, for an extension of what this one replaces came while it was on its way.
absl::Status ExtendedMeanwhile(const Published& published, const Edition& edition,
                               const HeldEdition& other) {
  return WithHint(
      WithRule(absl::FailedPreconditionError(absl::StrCat(
                   "published as `", published.id.ToHex(), "`, but `", other.id.ToHex(),
                   "` extended what it replaces meanwhile: ", Named(edition.week, edition.tier),
                   " holds twice, and who has that extension is not reached")),
               "EDITION_TWICE"),
      "`shield digest publish --replace` makes one of both");
}

// Whether another seat's edition of the same came before this one. What carries the replaced ones
// and was known to hold on is none: whoever sends this one was told of it.
absl::Status CheckAlone(Client& client, const Home& home, const Published& published,
                        const PreparedEdition& prepared) {
  const Edition& edition = prepared.made.edition;
  ASSIGN_OR_RETURN(const Gathered gathered, Gather(client, home, GatheredFor::kOthers,
                                                   edition.language, Fetching::kAllowed));
  const std::vector<BulletinId> standing = IdsOf(prepared.replaced.standing);
  const std::vector<BulletinId> carriers =
      IdsOf(CarriersOf(gathered.editions, prepared.replaced.editions));
  for (const HeldEdition& other :
       EditionsThatHold(gathered.editions, edition.source, edition.week, edition.tier)) {
    if (other.id == published.id || other.log_index > published.log_index) continue;
    if (Contains(standing, other.id)) continue;
    if (Contains(carriers, other.id)) return ExtendedMeanwhile(published, edition, other);
    return WithHint(
        WithRule(absl::FailedPreconditionError(absl::StrCat(
                     "published as `", published.id.ToHex(), "`, but another seat was quicker: ",
                     Named(edition.week, edition.tier), " is `", other.id.ToHex(), "`")),
                 "EDITION_TWICE"),
        absl::StrCat("take this one back: `shield bulletin withdraw ", published.id.ToHex(), "`",
                     MayReplace(gathered, other) ? "; or --replace makes one of both" : ""));
  }
  return absl::OkStatus();
}

// What is on its way, and what it was asked for as.
struct OnItsWay {
  BulletinId id;
  Digest order;
};

absl::StatusOr<std::optional<OnItsWay>> FindOnItsWay(Client& client, const Home& home,
                                                     const Week& week, Tier tier) {
  ASSIGN_OR_RETURN(const std::vector<PendingEdition> noted, ReadPendingEditions(home, week, tier));
  for (const PendingEdition& each : noted) {
    ASSIGN_OR_RETURN(const std::optional<BulletinId> id, client.FindPendingDraft(each.draft));
    if (id.has_value()) return std::optional(OnItsWay{*id, each.order});
  }
  // It has come to its end, or was never sent.
  RETURN_IF_ERROR(ForgetPendingEditions(home, week, tier));
  return std::nullopt;
}

// Whether it has been withdrawn or replaced by now, as far as the inbox tells.
absl::StatusOr<bool> HasEnded(Client& client, const BulletinId& id) {
  const absl::StatusOr<InboxItem> item = client.Item(id);
  if (absl::IsNotFound(item.status())) return false;
  RETURN_IF_ERROR(item.status());
  return item->state == InboxState::kWithdrawn || item->state == InboxState::kSuperseded;
}

}  // namespace

absl::StatusOr<PreparedEdition> PrepareEdition(Client& client, const Home& home,
                                               const BriefingRequest& request, EditionMode mode,
                                               absl::Time now) {
  ASSIGN_OR_RETURN(GatheredToReplace found, GatherToReplace(client, home, request));
  const Gathered& gathered = found.gathered;
  ASSIGN_OR_RETURN(const OrgId source, SourceOf(gathered));
  RETURN_IF_ERROR(CheckMode(gathered, found.holding, request, mode, now));
  Replaced replaced = ReplacedOf(gathered, std::move(found.holding));
  ASSIGN_OR_RETURN(BriefingRequest revised, Revising(gathered, request, replaced, now));
  revised.language = found.language;
  revised.revision = HighestRevision(gathered.editions, source, request) + 1;
  ASSIGN_OR_RETURN(MadeEdition made, MakeEdition(gathered, revised, now));
  made.edition = AsSent(std::move(made.edition));
  const std::vector<ListedLine> listed =
      ForEveryone(gathered.directory->directory(), gathered.candidates, made);
  Draft draft = DraftOfEdition(made, listed, IdsOf(replaced.Ended()));
  ASSIGN_OR_RETURN(std::vector<Unreached> not_reached,
                   NotReached(gathered, revised, made, replaced, now));
  return PreparedEdition{.made = std::move(made),
                         .draft = std::move(draft),
                         .replaced = std::move(replaced),
                         .not_reached = std::move(not_reached),
                         .mode = mode,
                         .request = request};
}

absl::StatusOr<EarlierEdition> FindEarlierEdition(Client& client, const Home& home,
                                                  const BriefingRequest& request,
                                                  EditionMode mode) {
  ASSIGN_OR_RETURN(const std::optional<OnItsWay> pending,
                   FindOnItsWay(client, home, request.week, request.tier));
  if (!pending.has_value()) return EarlierEdition();
  RETURN_IF_ERROR(client.Sync().status());
  ASSIGN_OR_RETURN(const bool committed, client.IsCommitted(pending->id));
  if (!committed) return EarlierEdition{.not_committed = pending->id};
  // The broker answers the same bytes with the same receipt.
  absl::StatusOr<Published> published = client.Resume(pending->id);
  // It took those of a call before the last: that is in the inbox, like another seat's.
  const bool older = absl::IsAlreadyExists(published.status());
  if (!older) RETURN_IF_ERROR(published.status());
  RETURN_IF_ERROR(ForgetPendingEditions(home, request.week, request.tier));
  if (older) return EarlierEdition();
  ASSIGN_OR_RETURN(const bool ended, HasEnded(client, pending->id));
  if (ended) return EarlierEdition();
  const bool as_asked = pending->order == OrderDigest(request, PrintMode(mode));
  return EarlierEdition{.published = *std::move(published), .as_asked = as_asked};
}

absl::StatusOr<Published> SendEdition(Client& client, const Home& home,
                                      const PreparedEdition& prepared, Clock& clock) {
  const Edition& edition = prepared.made.edition;
  RETURN_IF_ERROR(client.Sync().status());
  ASSIGN_OR_RETURN(const Gathered again, Gather(client, home, GatheredFor::kOthers,
                                                edition.language, Fetching::kAllowed));
  RETURN_IF_ERROR(CheckStillAdmitted(prepared.made, again, clock.Now()));
  RETURN_IF_ERROR(
      CheckReplaced(prepared, again,
                    EditionsThatHold(again.editions, edition.source, edition.week, edition.tier)));
  ASSIGN_OR_RETURN(const Digest digest, DraftDigest(prepared.draft));
  const Digest order = OrderDigest(prepared.request, PrintMode(prepared.mode));
  RETURN_IF_ERROR(NotePendingEdition(home, edition.week, edition.tier, {digest, order},
                                     prepared.instead_of.has_value()));
  const PublishConditions conditions{.directory = again.directory->held(),
                                     .instead_of = prepared.instead_of};
  absl::StatusOr<Published> published = client.Publish(prepared.draft, conditions);
  if (absl::IsAborted(published.status())) {
    return Stale("the directory, and so whom the edition reaches, has changed since it was built");
  }
  RETURN_IF_ERROR(published.status());
  // Whether the note goes or stays: what is not on its way any more is forgotten when it is read.
  ForgetPendingEditions(home, edition.week, edition.tier).IgnoreError();
  // The other's edition may not be here yet, and the broker may be gone: then nobody is told now.
  if (client.Sync().ok()) RETURN_IF_ERROR(CheckAlone(client, home, *published, prepared));
  return published;
}

absl::StatusOr<Published> PublishEdition(
    Client& client, const Home& home, const BriefingRequest& request, EditionMode mode,
    Clock& clock, const std::function<absl::Status(const PreparedEdition&)>& before_sending) {
  ASSIGN_OR_RETURN(EarlierEdition earlier, FindEarlierEdition(client, home, request, mode));
  if (earlier.published.has_value() && earlier.as_asked) return *std::move(earlier.published);
  for (int builds = 1;; ++builds) {
    ASSIGN_OR_RETURN(PreparedEdition prepared,
                     PrepareEdition(client, home, request, mode, clock.Now()));
    prepared.instead_of = earlier.not_committed;
    RETURN_IF_ERROR(before_sending(prepared));
    absl::StatusOr<Published> published = SendEdition(client, home, prepared, clock);
    // What this one was to stand instead of has been taken after all: it is in the inbox now.
    const bool overtaken =
        prepared.instead_of.has_value() && absl::IsAlreadyExists(published.status());
    if (!overtaken && RuleOf(published.status()) != kStale) return published;
    if (builds == kMaxBuilds) return published;
    if (overtaken) {
      earlier.not_committed.reset();
      RETURN_IF_ERROR(client.Sync().status());
    }
  }
}

}  // namespace shield
