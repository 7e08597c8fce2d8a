#include "client/digest/admit.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield {
namespace {

constexpr absl::string_view kNotBriefed = "NOT_BRIEFED";

bool IsBriefing(const BriefingCandidate& candidate) {
  return candidate.is_edition || candidate.bulletin.content.kind == "weekly_briefing";
}

bool ById(const BriefedBulletin& a, const BriefedBulletin& b) { return a.id < b.id; }

absl::Status CheckDistinct(std::span<const BriefingCandidate> candidates) {
  std::vector<BulletinId> ids;
  ids.reserve(candidates.size());
  for (const BriefingCandidate& candidate : candidates) ids.push_back(candidate.bulletin.id);
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  if (twice == ids.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the bulletin `", twice->ToHex(), "` stands twice among those to brief of"));
}

// What became of it, by the graver of what its holder and policy's terms say. Nothing when there is
// nothing to tell: it could not be read here.
std::optional<InboxState> StateOf(const BriefingCandidate& candidate, bool ended) {
  const InboxState held = candidate.bulletin.state;
  if (held == InboxState::kRefused || held == InboxState::kEmbargoed) return std::nullopt;
  if (candidate.terms.state == BulletinState::kWithdrawn) return InboxState::kWithdrawn;
  if (held == InboxState::kWithdrawn) return held;
  if (candidate.terms.state == BulletinState::kSuperseded) return InboxState::kSuperseded;
  if (held == InboxState::kSuperseded) return held;
  return ended ? InboxState::kExpired : held;
}

absl::Time InForceUntil(const BriefingCandidate& candidate) {
  const bool live = candidate.terms.state == BulletinState::kLive &&
                    candidate.bulletin.state != InboxState::kWithdrawn &&
                    candidate.bulletin.state != InboxState::kSuperseded;
  return live ? candidate.terms.expires : absl::UnixEpoch();
}

BriefedBulletin Briefed(const BriefingCandidate& candidate, InboxState state, bool for_others) {
  BriefedBulletin bulletin = candidate.bulletin;
  const Terms& terms = candidate.terms;
  bulletin.author = terms.author;
  bulletin.source = terms.source;
  bulletin.bulletin_class = terms.bulletin_class;
  bulletin.tlp = terms.tlp;
  bulletin.status = terms.status;
  bulletin.issued = terms.issued;
  bulletin.not_before = terms.not_before;
  bulletin.expires = terms.expires;
  bulletin.state = state;
  bulletin.original = candidate.original;
  if (state != InboxState::kLive || terms.tlp == Tlp::kRed) bulletin.content = {};
  if (for_others) {
    bulletin.shared_by.reset();
    bulletin.acknowledged = false;
  }
  return bulletin;
}

// One pass over a plan's lists.
class Entering {
 public:
  Entering(const EditionPlan& plan, std::span<const BriefingCandidate> candidates, bool for_others,
           const ToldByEditions& told)
      : candidates_(candidates), for_others_(for_others), told_(told) {
    for (size_t part : plan.items) Choose(part, /*ended=*/false);
    for (size_t part : plan.ended) {
      if (StateOf(candidates[part], /*ended=*/true).has_value()) Choose(part, /*ended=*/true);
    }
  }

  void Take(const std::vector<size_t>& parts, bool ended, std::vector<BriefedBulletin>& into) {
    for (size_t part : parts) {
      const BriefingCandidate& candidate = candidates_[part];
      const std::optional<InboxState> state = StateOf(candidate, ended);
      if (IsBriefing(candidate) || IsToldByAnother(part, ended)) {
        Leave(part, kNotBriefed, std::nullopt);
      } else if (!state.has_value()) {
        Leave(part, "NOT_READABLE", std::nullopt);
      } else {
        into.push_back(Briefed(candidate, *state, for_others_));
      }
    }
  }

  void Leave(size_t part, absl::string_view rule, const std::optional<MemberId>& reader) {
    const BriefingCandidate& candidate = candidates_[part];
    admission_.left_out.push_back(
        {.id = candidate.bulletin.id,
         .rule = std::string(rule),
         .reader = reader,
         .tlp = candidate.terms.tlp,
         .title =
             candidate.terms.tlp == Tlp::kRed ? std::string() : candidate.bulletin.content.title,
         .appeared = std::max(candidate.terms.issued, candidate.terms.not_before),
         .in_force_until = InForceUntil(candidate),
         .original = candidate.original});
  }

  // An edition enters none, whatever else there is to say.
  void LeaveAsPlanned(const EditionPlan::Left& left) {
    if (IsBriefing(candidates_[left.part])) {
      Leave(left.part, kNotBriefed, std::nullopt);
    } else {
      Leave(left.part, left.rule, left.reader);
    }
  }

  Admission& admission() { return admission_; }

 private:
  using ByOriginal = absl::flat_hash_map<BulletinId, size_t>;

  void Choose(size_t part, bool ended) {
    ByOriginal& chosen = ended ? ended_ : live_;
    const auto [found, first] = chosen.emplace(OriginalOf(candidates_[part]), part);
    if (!first && IsToldBefore(part, found->second)) found->second = part;
  }

  bool IsKnown(size_t part) const { return told_.contains(candidates_[part].bulletin.id); }

  // Of two that say the same, which one is told.
  bool IsToldBefore(size_t one, size_t other) const {
    const auto place = [&](size_t part) {
      const BriefingCandidate& each = candidates_[part];
      return std::tuple(each.original.has_value(), each.terms.issued, each.bulletin.id);
    };
    return place(one) < place(other);
  }

  // Who knows several of them is told of each that it ended.
  bool IsToldByAnother(size_t part, bool ended) const {
    const ByOriginal& chosen = ended ? ended_ : live_;
    const auto found = chosen.find(OriginalOf(candidates_[part]));
    const bool another = found != chosen.end() && found->second != part;
    return another && !(ended && IsKnown(part));
  }

  const std::span<const BriefingCandidate> candidates_;
  const bool for_others_;
  const ToldByEditions& told_;
  ByOriginal live_;   // of what says the same, the part that enters
  ByOriginal ended_;  // of those that have ended
  Admission admission_;
};

}  // namespace

const BulletinId& OriginalOf(const BriefingCandidate& candidate) {
  return candidate.original.has_value() ? *candidate.original : candidate.bulletin.id;
}

std::vector<EditionPart> PartsOf(std::span<const BriefingCandidate> candidates) {
  std::vector<EditionPart> parts;
  parts.reserve(candidates.size());
  for (const BriefingCandidate& candidate : candidates) {
    parts.push_back({.terms = &candidate.asked(),
                     .sent_to = candidate.sent_to.get(),
                     .by_share = candidate.by_share,
                     .org_at_publish = candidate.org_at_publish});
  }
  return parts;
}

Admission Enter(const EditionPlan& plan, std::span<const BriefingCandidate> candidates,
                bool for_others, const ToldByEditions& told) {
  Entering entering(plan, candidates, for_others, told);
  Admission& admission = entering.admission();
  admission.readers = plan.readers;
  entering.Take(plan.items, /*ended=*/false, admission.bulletins);
  entering.Take(plan.ended, /*ended=*/true, admission.bulletins);
  entering.Take(plan.pointers, /*ended=*/false, admission.red);
  for (const EditionPlan::Left& left : plan.left_out) entering.LeaveAsPlanned(left);
  std::sort(admission.bulletins.begin(), admission.bulletins.end(), ById);
  std::sort(admission.red.begin(), admission.red.end(), ById);
  std::sort(admission.left_out.begin(), admission.left_out.end(),
            [](const Admission::Left& a, const Admission::Left& b) { return a.id < b.id; });
  return std::move(admission);
}

absl::StatusOr<Admission> AdmitForOthers(const Directory& directory, const EditionTerms& edition,
                                         std::span<const BriefingCandidate> candidates,
                                         absl::Time at, const ToldByEditions& told) {
  RETURN_IF_ERROR(CheckDistinct(candidates));
  ASSIGN_OR_RETURN(const EditionPlan plan,
                   PlanEdition(directory, edition, PartsOf(candidates), at));
  return Enter(plan, candidates, /*for_others=*/true, told);
}

absl::StatusOr<Admission> AdmitForMember(const Directory& directory, const MemberId& member,
                                         std::span<const BriefingCandidate> candidates,
                                         absl::Time at) {
  RETURN_IF_ERROR(CheckDistinct(candidates));
  return Enter(PlanOwnEdition(directory, member, PartsOf(candidates), at), candidates,
               /*for_others=*/false);
}

Decision DecideStillAdmitted(const Admission& built, const Admission& again) {
  const auto still = [&again](const BriefedBulletin& bulletin) {
    const auto found =
        std::lower_bound(again.bulletins.begin(), again.bulletins.end(), bulletin, ById);
    return found != again.bulletins.end() && *found == bulletin;
  };
  if (!std::all_of(built.bulletins.begin(), built.bulletins.end(), still)) {
    return {.allowed = false,
            .rule = Rule::kDigestStale,
            .sentence =
                "a bulletin in the edition, or whom the edition reaches, has changed since "
                "it was built"};
  }
  return {.allowed = true,
          .rule = Rule::kRecipientOrg,
          .sentence = "every reader of the edition may have all that is in it"};
}

}  // namespace shield
