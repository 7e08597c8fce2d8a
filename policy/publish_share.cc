// ResolveShare: whom a share is sealed to.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/decide.h"
#include "policy/publisher.h"
#include "policy/rule_sentence.h"
#include "policy/share.h"

namespace shield {
namespace {

absl::Status Refuse(Rule rule, const Terms& terms, absl::string_view who) {
  return RefusalOf(Deny(rule, terms, who));
}

absl::Status RefuseInWords(Rule rule, absl::string_view sentence) {
  return RefusalOf({.allowed = false, .rule = rule, .sentence = std::string(sentence)});
}

absl::Status Mismatch(absl::string_view what) {
  return WithRule(absl::InvalidArgumentError(
                      absl::StrCat("the share has another ", what, " than its original")),
                  "REFERENCE_MISMATCH");
}

// Of whom a partial directory does not show it is not said whether there is such a person.
absl::Status RefuseUnknown(const Directory& directory, const MemberId& id) {
  if (directory.complete()) {
    return RefuseInWords(Rule::kUnknownCode, absl::StrCat("the audience says `", id.text(),
                                                          "`, which this network does not know"));
  }
  return RefuseNotShown(absl::StrCat("member `", id.text(), "`"));
}

bool IsOfMembersAlone(const Targets& targets) {
  return !targets.members.empty() && targets.orgs.empty() && targets.not_orgs.empty() &&
         targets.not_members.empty() && !targets.HasSelector();
}

absl::Status CheckShare(const Directory& directory, const Terms& share) {
  const absl::string_view author = share.author.text();
  if (std::optional<Rule> fault = LabelFault(share)) return Refuse(*fault, share, author);
  const MemberRecord* member = directory.FindMember(share.author);
  if (member == nullptr || member->org != share.source) {
    return Refuse(Rule::kUnknownCaller, share, author);
  }
  if (std::optional<Rule> fault = ClassFault(*member, directory.OrgOf(*member), share)) {
    return Refuse(*fault, share, author);
  }
  if (share.expires <= share.not_before || share.expires <= share.issued) {
    return Refuse(Rule::kBadWindow, share, "");
  }
  if (share.targets.unreadable.has_value() || share.targets.hidden) {
    return RefuseInWords(Rule::kUnknownCode, "the audience has a word that cannot be read");
  }
  if (IsOfMembersAlone(share.targets)) return absl::OkStatus();
  return RefuseInWords(Rule::kAudienceRequired, "a share names members and nobody else");
}

}  // namespace

absl::Status RefuseNotShown(absl::string_view who) {
  return WithHint(
      RefuseInWords(Rule::kUnknownCode,
                    absl::StrCat(who,
                                 " is not among those your directory shows you: your "
                                 "organisation, its clients and providers, the authorities")),
      "ask the authority to pass it on");
}

absl::Status CheckRepeats(const Statement& share, const Statement& original) {
  if (share.tlp != original.tlp) return Mismatch("label");
  if (share.status != original.status) return Mismatch("status");
  if (share.payload != original.payload) return Mismatch("payload");
  if (share.objects != original.objects) return Mismatch("list of objects");
  if (share.clear_key != original.clear_key) return Mismatch("public key");
  if (share.expires > original.expires) return Mismatch("end, and a later one,");
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Chosen>> ResolveShare(const Directory& directory,
                                                 const SharePublication& publication,
                                                 absl::Time now) {
  const Terms& share = publication.share;
  RETURN_IF_ERROR(CheckShare(directory, share));
  std::vector<Chosen> chosen;
  for (const MemberId& id : share.targets.members) {
    if (id == share.author) continue;
    const MemberRecord* member = directory.FindMember(id);
    if (member == nullptr) {
      return RefuseUnknown(directory, id);
    }
    const ShareRequest request{.from = publication.sharer,
                               .to = Reader::WithoutEntry(id),
                               .label = share.tlp,
                               .reason_given = publication.reason_given,
                               .from_holds_by_share = publication.holds_by_share};
    const Decision decision = DecideShare(directory, publication.original, request, now);
    if (!decision.allowed) return RefusalOf(decision);
    if (publication.original.tlp == Tlp::kRed) {
      return RefuseInWords(
          Rule::kRedNotNamed,
          "TLP:RED is passed on to nobody, not even to whom it was for: its author "
          "names each person who has it");
    }
    chosen.push_back({id, member->org, decision.rule});
  }
  if (chosen.empty()) {
    return RefuseInWords(Rule::kAudienceRequired, "a share names someone beside the sharer");
  }
  chosen.push_back({share.author, share.source, Rule::kAuthor});
  std::sort(chosen.begin(), chosen.end(), [](const Chosen& a, const Chosen& b) {
    return a.org != b.org ? a.org < b.org : a.member < b.member;
  });
  return chosen;
}

}  // namespace shield
