#include "policy/rule_sentence.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"

namespace shield {
namespace {

// {who} the reader, {label} TLP:…, {source} and {author}, {from} and {until} the window.
absl::string_view PatternFor(Rule rule) {
  switch (rule) {
    case Rule::kUnspecified:
      return "no rule was given";
    case Rule::kBadSignature:
      return "the signature on the statement is not the author's";
    case Rule::kLabelRequired:
      return "a bulletin needs a TLP label, and this one has none";
    case Rule::kInvalidLabel:
      return "the label is not one of the five of TLP 2.0";
    case Rule::kAmbiguousLabel:
      return "the bulletin carries another label inside than the {label} outside";
    case Rule::kPublisherNotAuthorised:
      return "{author} may not publish this class of bulletin";
    case Rule::kNotSource:
      return "only the organisation that published a bulletin decides about it, and {who} does not "
             "speak for {source} here";
    case Rule::kPublisherKeyRevoked:
      return "the key of {author} had ended, and nothing proves that the bulletin came before";
    case Rule::kUnknownCaller:
      return "{who} is not enrolled in this network";
    case Rule::kRecipientRevoked:
      return "the enrolment of {who} was revoked";
    case Rule::kSuspended:
      return "the enrolment of {who} is suspended";
    case Rule::kMembershipPending:
      return "{who} has applied and is not vetted yet";
    case Rule::kMembershipNotYet:
      return "the membership of {who} has not begun yet";
    case Rule::kMembershipExpired:
      return "the membership of {who} has ended";
    case Rule::kWithdrawn:
      return "the source has withdrawn the bulletin";
    case Rule::kSuperseded:
      return "the source has replaced the bulletin by a newer one";
    case Rule::kEmbargoed:
      return "the bulletin is under embargo until {from}";
    case Rule::kExpired:
      return "the bulletin expired at {until}";
    case Rule::kExerciseNonParticipant:
      return "the bulletin belongs to an exercise in which {who} takes no part";
    case Rule::kExcluded:
      return "the source has excluded {who}";
    case Rule::kOutsideCommunity:
      return "{label} here is for members of a community {who} is not in";
    case Rule::kHopLimit:
      return "the bulletin has crossed as many network borders as it may";
    case Rule::kRedNotNamed:
      return "TLP:RED is for named persons, and {who} is not one of them";
    case Rule::kServiceNoRed:
      return "TLP:RED is for named persons, and {who} is a service";
    case Rule::kAffiliationChanged:
      return "{who} was named as a person of another organisation than today's";
    case Rule::kNotRecipientOrg:
      return "the bulletin is addressed, and neither {who} nor its organisation is";
    case Rule::kStrictNoClients:
      return "TLP:AMBER+STRICT stays inside the recipient organisation, and {who} is its client";
    case Rule::kNotRecipientNorClient:
      return "TLP:AMBER is for recipient organisations and their clients, and {who} is neither";
    case Rule::kClientNotTransitive:
      return "{who} is the client of a client, which is not a client of the recipient";
    case Rule::kClientRelationExpired:
      return "the client relation of {who} to the recipient does not hold now";
    case Rule::kClientViaProviderOnly:
      return "{who} is a client of a recipient, who may share it on; the network does not";
    case Rule::kPublicChannel:
      return "{label} may not go through a public channel";
    case Rule::kSarPrivate:
      return "a report goes only to the authority it names, and {who} is not it";
    case Rule::kVettingTooLow:
      return "the vetting of {who} or of its organisation is below what {label} or the source asks";
    case Rule::kSectorMismatch:
      return "the bulletin is for sectors the organisation of {who} is not in";
    case Rule::kRegionMismatch:
      return "the bulletin is for regions the organisation of {who} is not in";
    case Rule::kNotInSnapshot:
      return "{who} was not among the recipients when the bulletin was published";
    case Rule::kNeedToKnowMissing:
      return "nothing shows that {who} needs to know it";
    case Rule::kLabelDowngrade:
      return "only the source may widen the label {label}";
    case Rule::kLabelImmutable:
      return "the label of a bulletin changes only when its source relabels it";
    case Rule::kPermissionExpired:
      return "the source's permission for {who} does not hold now";
    case Rule::kRedNeedsPersons:
      return "TLP:RED is for named persons only";
    case Rule::kAudienceRequired:
      return "the bulletin does not say whom it is for";
    case Rule::kUnknownCode:
      return "{who} is not known to this network";
    case Rule::kBadWindow:
      return "the bulletin would expire at {until}, before anyone could read it";
    case Rule::kPartStricterThanWhole:
      return "a part of the bulletin has a stricter label than its {label}";
    case Rule::kSourceConsentMissing:
      return "the reporter has not agreed to be quoted like this";
    case Rule::kRecipientListPrivate:
      return "who received a bulletin is for its source alone";
    case Rule::kDigestStale:
      return "a bulletin in the digest has changed since the digest was built";
    case Rule::kAuthor:
      return "{who} wrote it";
    case Rule::kNamedPerson:
      return "{who} is named in person";
    case Rule::kRecipientOrg:
      return "the bulletin is for the organisation of {who}";
    case Rule::kOwnOrg:
      return "{who} is in the same organisation";
    case Rule::kClientOfRecipient:
      return "{who} is a client of the recipient organisation and needs to know";
    case Rule::kCommunity:
      return "{who} is in the community {label} is for";
    case Rule::kPublic:
      return "TLP:CLEAR is for everyone";
    case Rule::kSourceOrg:
      return "{source} published it, and {who} acts for {source}";
    case Rule::kSourcePermission:
      return "the source has permitted it to {who}";
    case Rule::kSourceRelabel:
      return "{source} published it and may change its label";
    case Rule::kSarToAuthority:
      return "the report is for the authority, and {who} acts for it";
    case Rule::kUntrustedSource:
      return "reports of a suspended member are taken, marked as untrusted";
    case Rule::kEmptyAudience:
      return "the audience holds nobody but the source's own seats";
  }
  return "no rule was given";
}

std::string Moment(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string InBackticks(absl::string_view id) { return absl::StrCat("`", id, "`"); }

}  // namespace

std::string SentenceFor(Rule rule, const Terms& terms, absl::string_view who) {
  return absl::StrReplaceAll(PatternFor(rule),
                             {{"{who}", who.empty() ? "the public" : InBackticks(who)},
                              {"{label}", TlpWithPrefix(terms.tlp)},
                              {"{source}", InBackticks(terms.source.text())},
                              {"{author}", InBackticks(terms.author.text())},
                              {"{from}", Moment(terms.not_before)},
                              {"{until}", Moment(terms.expires)}});
}

Decision Allow(Rule rule, const Terms& terms, absl::string_view who) {
  return {.allowed = true, .rule = rule, .sentence = SentenceFor(rule, terms, who)};
}

Decision Deny(Rule rule, const Terms& terms, absl::string_view who) {
  return {.allowed = false, .rule = rule, .sentence = SentenceFor(rule, terms, who)};
}

}  // namespace shield
