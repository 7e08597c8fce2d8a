#include "client/digest/publish/make_edition.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/digest/build_edition.h"
#include "client/digest/show/markdown.h"
#include "policy/edition_plan.h"

namespace shield {
namespace {

// After so many no list has anything in it.
constexpr int kMostHalvings = 8;

absl::StatusOr<absl::Time> MomentOf(const BriefingRequest& request, absl::Time now) {
  if (now < request.week.begin()) {
    return WithHint(
        absl::InvalidArgumentError(absl::StrCat("week ", request.week.Print(), " has not begun")),
        "an edition tells of a week that is over, or of the one that runs");
  }
  if (!request.as_of.has_value()) return std::min(request.week.due(), now);
  if (*request.as_of > now) {
    return WithHint(
        absl::InvalidArgumentError("the moment that the edition is made for lies ahead"),
        "leave it out: an edition is made for Monday 07:00, or for now");
  }
  if (*request.as_of < request.week.begin()) {
    return WithHint(
        absl::InvalidArgumentError(absl::StrCat("the moment that the edition is made for lies "
                                                "before week ",
                                                request.week.Print())),
        "ask for the week that it lies in");
  }
  return *request.as_of;
}

absl::StatusOr<const MemberRecord*> AuthorIn(const Directory& directory, const MemberId& member) {
  const MemberRecord* author = directory.FindMember(member);
  if (author != nullptr) return author;
  return WithHint(
      WithRule(absl::UnauthenticatedError("the directory that is here does not show this member"),
               "UNKNOWN_CALLER"),
      "fetch a newer one: `shield directory show`");
}

std::vector<AudienceToken> AudienceOf(const BriefingRequest& request, const OrgRecord& own) {
  if (!request.to.empty()) return request.to;
  if (request.tier == Tier::kGreen) return {AudienceToken::Community(own.community)};
  return {AudienceToken{AudienceToken::Kind::kVetting, "2"}};
}

std::vector<std::string> Codes(const std::vector<AudienceToken>& to, AudienceToken::Kind kind) {
  std::vector<std::string> codes;
  for (const AudienceToken& token : to) {
    if (token.kind == kind) codes.push_back(token.value);
  }
  std::sort(codes.begin(), codes.end());
  return codes;
}

EditionTerms TermsFor(const MadeEdition& made) {
  return {made.edition.author, LabelOf(made.edition.tier), made.to};
}

// What the readers of such an edition know by its id: what those of its source and tier told that
// are here, of its week or an earlier one.
ToldByEditions ToldUpTo(const Gathered& gathered, const OrgId& source, Tier tier,
                        const Week& week) {
  ToldByEditions told;
  for (const HeldEdition& edition : gathered.editions) {
    const bool counts = edition.source == source && edition.tier == tier &&
                        edition.week.has_value() && edition.week->begin() <= week.begin();
    if (!counts) continue;
    told.insert(edition.contains.begin(), edition.contains.end());
    told.insert(edition.ended.begin(), edition.ended.end());
  }
  return told;
}

absl::StatusOr<Admission> Admit(const Gathered& gathered, const BriefingRequest& request,
                                const OrgId& source, const std::vector<AudienceToken>& to,
                                absl::Time at) {
  const Directory& directory = gathered.directory->directory();
  if (request.tier == Tier::kMine) {
    return AdmitForMember(directory, gathered.member, gathered.candidates, at);
  }
  absl::StatusOr<Admission> admitted =
      AdmitForOthers(directory, {gathered.member, LabelOf(request.tier), to}, gathered.candidates,
                     at, ToldUpTo(gathered, source, request.tier, request.week));
  if (!absl::IsFailedPrecondition(admitted.status())) return admitted;
  return WithHint(WithRule(admitted.status(), "DIRECTORY_INCOMPLETE"),
                  "editions for others are made by the authority, which sees all organisations");
}

EditionOrder OrderOf(const BriefingRequest& request, const std::vector<AudienceToken>& to,
                     const OrgRecord& own, absl::Time as_of, const MemberId& member) {
  EditionOrder order{.week = request.week,
                     .tier = request.tier,
                     .language = request.language,
                     .audience = {},
                     .as_of = as_of,
                     .revision = request.revision,
                     .foreword = request.foreword,
                     .picked = request.picked,
                     .left = request.left,
                     .sectors = Codes(to, AudienceToken::Kind::kSector),
                     .regions = Codes(to, AudienceToken::Kind::kRegion)};
  if (request.tier == Tier::kMine) {
    order.audience = {PrintAudienceToken(AudienceToken::Member(member))};
    order.sectors = own.sectors;
    order.regions = own.regions;
    return order;
  }
  order.audience.reserve(to.size());
  for (const AudienceToken& token : to) order.audience.push_back(PrintAudienceToken(token));
  std::sort(order.audience.begin(), order.audience.end());
  return order;
}

bool CanBeSealed(const Edition& edition) {
  const std::string markdown = WriteMarkdown(edition);
  return markdown.size() <= kMaxEditionMarkdown &&
         nlohmann::json(markdown).dump().size() <= kMaxEditionMarkdownInJson;
}

absl::StatusOr<Edition> BuildToSize(const EditionInput& input, EditionOrder order) {
  while (true) {
    ASSIGN_OR_RETURN(Edition edition, BuildEdition(input, order));
    if (order.halvings == kMostHalvings || CanBeSealed(edition)) return edition;
    ++order.halvings;
  }
}

bool AreOfOne(const Directory& directory, const MemberSet& readers, const CommunityId& community) {
  for (size_t i = 0; i < directory.members().size(); ++i) {
    const bool outside =
        readers.Contains(i) && directory.OrgOf(directory.members()[i]).community != community;
    if (outside) return false;
  }
  return true;
}

// Of those admitted, which are sorted by id; null when it is not there.
const BriefedBulletin* FindIn(const std::vector<BriefedBulletin>& admitted, const BulletinId& id) {
  const auto found =
      std::lower_bound(admitted.begin(), admitted.end(), id,
                       [](const BriefedBulletin& bulletin, const BulletinId& sought) {
                         return bulletin.id < sought;
                       });
  return found != admitted.end() && found->id == id ? &*found : nullptr;
}

}  // namespace

std::vector<AudienceToken> SealedWords(const BriefingRequest& request,
                                       const std::vector<AudienceToken>& to) {
  std::vector<AudienceToken> sealed;
  std::copy_if(to.begin(), to.end(), std::back_inserter(sealed), [&](const AudienceToken& token) {
    return std::find(request.unsealed.begin(), request.unsealed.end(), token) ==
           request.unsealed.end();
  });
  return sealed;
}

absl::StatusOr<MadeEdition> MakeEdition(const Gathered& gathered, const BriefingRequest& request,
                                        absl::Time now) {
  const Directory& directory = gathered.directory->directory();
  ASSIGN_OR_RETURN(const absl::Time as_of, MomentOf(request, now));
  ASSIGN_OR_RETURN(const MemberRecord* author, AuthorIn(directory, gathered.member));
  if (request.tier == Tier::kMine && !request.to.empty()) {
    return absl::InvalidArgumentError("one's own week is for nobody else");
  }
  const OrgRecord& own = directory.OrgOf(*author);
  const std::vector<AudienceToken> to =
      request.tier == Tier::kMine ? std::vector<AudienceToken>() : AudienceOf(request, own);
  std::vector<AudienceToken> reached = SealedWords(request, to);
  reached.insert(reached.end(), request.untold.begin(), request.untold.end());
  ASSIGN_OR_RETURN(Admission admission,
                   Admit(gathered, request, own.id, reached, std::max(as_of, now)));
  const EditionInput input{.network = std::string(directory.note().network.text()),
                           .author = gathered.member,
                           .source = own.id,
                           .directory_version = directory.version(),
                           .generator = request.generator,
                           .bulletins = admission.bulletins,
                           .red = admission.red};
  ASSIGN_OR_RETURN(Edition edition,
                   BuildToSize(input, OrderOf(request, to, own, as_of, gathered.member)));
  return MadeEdition{std::move(edition), std::move(admission), std::move(reached)};
}

absl::Status CheckStillAdmitted(const MadeEdition& made, const Gathered& again, absl::Time now) {
  ASSIGN_OR_RETURN(
      const Admission admitted,
      AdmitForOthers(again.directory->directory(), TermsFor(made), again.candidates,
                     std::max(made.edition.as_of, now),
                     ToldUpTo(again, made.edition.source, made.edition.tier, made.edition.week)));
  const Decision decision = DecideStillAdmitted(made.admission, admitted);
  return decision.allowed ? absl::OkStatus() : RefusalOf(decision);
}

std::vector<ListedLine> ForEveryone(const Directory& directory,
                                    std::span<const BriefingCandidate> candidates,
                                    const MadeEdition& made) {
  const Week& week = made.edition.week;
  const MemberRecord* author = directory.FindMember(made.edition.author);
  std::vector<ListedLine> found;
  if (author == nullptr) return found;
  const CommunityId& community = directory.OrgOf(*author).community;
  if (!AreOfOne(directory, made.admission.readers, community)) return found;
  for (const BriefingCandidate& candidate : candidates) {
    const Terms& terms = candidate.terms;
    const absl::Time appeared = std::max(terms.issued, terms.not_before);
    const bool in_week = appeared >= week.begin() && appeared < week.end();
    const bool for_everyone = IsForAll(terms) && terms.community == community &&
                              terms.status == BulletinStatus::kActual && candidate.delivered;
    if (!in_week || !for_everyone) continue;
    const BriefedBulletin* admitted = FindIn(made.admission.bulletins, candidate.bulletin.id);
    if (admitted == nullptr) continue;
    found.push_back({{admitted->id, terms.tlp, terms.issued, candidate.directory_version},
                     admitted->content.title});
  }
  std::sort(found.begin(), found.end(), [](const ListedLine& a, const ListedLine& b) {
    return std::pair(a.bulletin.issued, a.bulletin.id) <
           std::pair(b.bulletin.issued, b.bulletin.id);
  });
  return found;
}

}  // namespace shield
