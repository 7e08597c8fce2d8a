#include "client/digest/publish/earlier_readers.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/member_set.h"

namespace shield {
namespace {

constexpr absl::string_view kSendItYourself =
    "`shield digest publish --replace --to …` sends it to whom you name; what not each of them was "
    "sent is left out of it";

absl::Status ReadersUnknown(const HeldEdition& edition) {
  return WithHint(
      WithRule(absl::FailedPreconditionError(absl::StrCat("whom the edition `", edition.id.ToHex(),
                                                          "` was sent to is not known here")),
               "EDITION_READERS_UNKNOWN"),
      kSendItYourself);
}

absl::Status TooMany(size_t words) {
  return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                               words, " organisations and members have joined since the edition, ",
                               kMaxExcluded, " is the most that can be left out")),
                           "TOO_MANY_JOINED"),
                  kSendItYourself);
}

const MemberSet* SentTo(const Gathered& gathered, const HeldEdition& edition) {
  for (const BriefingCandidate& candidate : gathered.candidates) {
    if (candidate.bulletin.id == edition.id) return candidate.sent_to.get();
  }
  return nullptr;
}

// Every one of whom one of `replaced` was sent to.
absl::StatusOr<std::vector<bool>> SentToAny(const Gathered& gathered,
                                            const std::vector<HeldEdition>& replaced) {
  std::vector<bool> sent(gathered.directory->directory().members().size());
  for (const HeldEdition& edition : replaced) {
    const MemberSet* members = SentTo(gathered, edition);
    if (members == nullptr) return ReadersUnknown(edition);
    for (size_t i = 0; i < sent.size(); ++i) sent[i] = sent[i] || members->Contains(i);
  }
  return sent;
}

}  // namespace

absl::StatusOr<std::vector<AudienceToken>> JoinedSince(const Gathered& gathered,
                                                       const EditionTerms& edition,
                                                       const std::vector<HeldEdition>& replaced,
                                                       absl::Time at) {
  std::vector<AudienceToken> excluding;
  const Directory& directory = gathered.directory->directory();
  if (edition.tlp == Tlp::kGreen || !directory.complete()) return excluding;
  ASSIGN_OR_RETURN(const std::vector<bool> sent, SentToAny(gathered, replaced));
  ASSIGN_OR_RETURN(const EditionPlan plan, PlanEdition(directory, edition, {}, at));
  std::set<OrgId> had_it;
  for (size_t i = 0; i < sent.size(); ++i) {
    if (sent[i]) had_it.insert(directory.members()[i].org);
  }
  std::set<OrgId> excluded;
  for (size_t i = 0; i < sent.size(); ++i) {
    const MemberRecord& member = directory.members()[i];
    if (sent[i] || !plan.readers.Contains(i)) continue;
    if (had_it.count(member.org) > 0) {
      excluding.push_back(AudienceToken::NotMember(member.id));
    } else if (excluded.insert(member.org).second) {
      excluding.push_back(AudienceToken::NotOrg(member.org));
    }
  }
  if (excluding.size() > kMaxExcluded) return TooMany(excluding.size());
  return excluding;
}

}  // namespace shield
