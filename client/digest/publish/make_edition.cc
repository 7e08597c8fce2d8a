#include "client/digest/publish/make_edition.h"

#include <algorithm>
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

absl::StatusOr<Admission> Admit(const Gathered& gathered, const BriefingRequest& request,
                                const std::vector<AudienceToken>& to, absl::Time at) {
  const Directory& directory = gathered.directory->directory();
  if (request.tier == Tier::kMine) {
    return AdmitForMember(directory, gathered.member, gathered.candidates, at);
  }
  absl::StatusOr<Admission> admitted = AdmitForOthers(
      directory, {gathered.member, LabelOf(request.tier), to}, gathered.candidates, at);
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

absl::StatusOr<Edition> BuildToSize(const EditionInput& input, EditionOrder order) {
  while (true) {
    ASSIGN_OR_RETURN(Edition edition, BuildEdition(input, order));
    const bool fits = WriteMarkdown(edition).size() <= kMaxEditionMarkdown;
    if (fits || order.halvings == kMostHalvings) return edition;
    ++order.halvings;
  }
}

}  // namespace

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
  ASSIGN_OR_RETURN(Admission admission, Admit(gathered, request, to, std::max(as_of, now)));
  const EditionInput input{.network = std::string(directory.note().network.text()),
                           .author = gathered.member,
                           .source = own.id,
                           .directory_version = directory.version(),
                           .generator = request.generator,
                           .bulletins = admission.bulletins,
                           .red = admission.red};
  ASSIGN_OR_RETURN(Edition edition,
                   BuildToSize(input, OrderOf(request, to, own, as_of, gathered.member)));
  return MadeEdition{std::move(edition), std::move(admission), to};
}

absl::Status CheckStillAdmitted(const MadeEdition& made, const Gathered& again, absl::Time now) {
  ASSIGN_OR_RETURN(const Admission admitted,
                   AdmitForOthers(again.directory->directory(), TermsFor(made), again.candidates,
                                  std::max(made.edition.as_of, now)));
  const Decision decision = DecideStillAdmitted(made.admission, admitted);
  return decision.allowed ? absl::OkStatus() : RefusalOf(decision);
}

std::vector<BriefingCandidate> ForEveryone(const Gathered& gathered, const Week& week) {
  const Directory& directory = gathered.directory->directory();
  const MemberRecord* author = directory.FindMember(gathered.member);
  std::vector<BriefingCandidate> found;
  if (author == nullptr) return found;
  const CommunityId& community = directory.OrgOf(*author).community;
  for (const BriefingCandidate& candidate : gathered.candidates) {
    const Terms& terms = candidate.terms;
    const bool in_week = terms.issued >= week.begin() && terms.issued < week.end();
    const bool for_everyone = IsForAll(terms) && terms.community == community &&
                              terms.status == BulletinStatus::kActual && candidate.delivered;
    if (in_week && for_everyone) found.push_back(candidate);
  }
  std::stable_sort(
      found.begin(), found.end(), [](const BriefingCandidate& a, const BriefingCandidate& b) {
        return std::pair(a.terms.issued, a.bulletin.id) < std::pair(b.terms.issued, b.bulletin.id);
      });
  return found;
}

}  // namespace shield
