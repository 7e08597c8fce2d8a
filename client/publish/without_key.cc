#include "client/publish/without_key.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/decision.h"
#include "policy/targets.h"

namespace shield {
namespace {

// As many as a sentence names.
constexpr size_t kMostNames = 8;

bool IsOwnSeat(const Chosen& chosen) {
  return chosen.rule == Rule::kAuthor || chosen.rule == Rule::kSourceOrg;
}

bool ReachesAnother(const std::vector<Chosen>& recipients) {
  return !std::all_of(recipients.begin(), recipients.end(), IsOwnSeat);
}

}  // namespace

OwnSeats OwnSeatsOf(const Draft& draft) {
  const bool extends =
      std::any_of(draft.refs.begin(), draft.refs.end(),
                  [](const DraftReference& each) { return each.relation == Relation::kExtends; });
  const bool excludes = std::any_of(
      draft.to.begin(), draft.to.end(),
      [](const AudienceToken& token) { return token.kind == AudienceToken::Kind::kNotMember; });
  return extends && excludes ? OwnSeats::kSuffice : OwnSeats::kDoNotSuffice;
}

absl::Status RefuseWithoutKey(const std::vector<PlannedReader>& without_key) {
  std::string names;
  for (size_t i = 0; i < std::min(without_key.size(), kMostNames); ++i) {
    absl::StrAppend(&names, i == 0 ? "" : ", ", "`", without_key[i].member.text(), "`");
  }
  if (without_key.size() > kMostNames) absl::StrAppend(&names, " and others");
  return WithHint(
      WithRule(absl::PermissionDeniedError(
                   absl::StrCat("bulletin refused: nothing can be sealed to ", names,
                                ", whose keys have ended and who ",
                                without_key.size() == 1 ? "has" : "have", " no new ones yet")),
               kRecipientWithoutKey),
      "tell them in another way; when the authority has entered their new keys and published the "
      "directory, send it then");
}

absl::Status SetApartWithoutKey(const VerifiedDirectory& directory, OwnSeats own_seats,
                                PlannedBulletin& planned) {
  std::vector<Chosen>& recipients = planned.readers.recipients;
  const bool reached_another = ReachesAnother(recipients);
  const absl::Time issued = planned.statement.issued;
  const auto first = std::stable_partition(
      recipients.begin(), recipients.end(),
      [&](const Chosen& chosen) { return directory.SealKey(chosen.member, issued).has_value(); });
  planned.without_key.insert(planned.without_key.end(), std::make_move_iterator(first),
                             std::make_move_iterator(recipients.end()));
  recipients.erase(first, recipients.end());
  if (planned.without_key.empty()) return absl::OkStatus();

  const Targets targets = TargetsOf(planned.audience);
  std::vector<Chosen> named;
  std::copy_if(planned.without_key.begin(), planned.without_key.end(), std::back_inserter(named),
               [&](const Chosen& chosen) { return targets.Names(chosen.member); });
  if (!named.empty()) return RefuseWithoutKey(ReadersOf(named));
  const bool suffices = own_seats == OwnSeats::kSuffice && !recipients.empty();
  if (suffices || !reached_another || ReachesAnother(recipients)) return absl::OkStatus();
  std::vector<Chosen> others;
  std::copy_if(planned.without_key.begin(), planned.without_key.end(), std::back_inserter(others),
               [](const Chosen& chosen) { return !IsOwnSeat(chosen); });
  return RefuseWithoutKey(ReadersOf(others));
}

}  // namespace shield
