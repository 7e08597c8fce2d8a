#include "policy/decision.h"

#include <array>
#include <vector>

#include "base/check.h"
#include "base/status.h"

namespace shield {
namespace {

struct RuleEntry {
  Rule rule;
  absl::string_view name;
  absl::string_view hint;  // for a refusal that the person can do something about
};

// In the order of the enum: a rule stands at the place of its number.
constexpr RuleEntry kRules[] = {
    {Rule::kUnspecified, "UNSPECIFIED", ""},
    {Rule::kBadSignature, "BAD_SIGNATURE",
     "do not trust this bulletin; tell the network's authority"},
    {Rule::kLabelRequired, "LABEL_REQUIRED",
     "give it one of TLP:RED, TLP:AMBER+STRICT, TLP:AMBER, TLP:GREEN, TLP:CLEAR"},
    {Rule::kInvalidLabel, "INVALID_LABEL",
     "use one of TLP:RED, TLP:AMBER+STRICT, TLP:AMBER, TLP:GREEN, TLP:CLEAR, without spaces"},
    {Rule::kAmbiguousLabel, "AMBIGUOUS_LABEL", "give it exactly one label"},
    {Rule::kPublisherNotAuthorised, "PUBLISHER_NOT_AUTHORISED",
     "ask an analyst of the authority to publish it; members send reports and direct messages"},
    {Rule::kNotSource, "NOT_SOURCE", "ask the organisation that published it"},
    {Rule::kPublisherKeyRevoked, "PUBLISHER_KEY_REVOKED", "ask the source to publish it again"},
    {Rule::kUnknownCaller, "UNKNOWN_CALLER", "ask the vetting officer to enrol you"},
    {Rule::kRecipientRevoked, "RECIPIENT_REVOKED", "call the authority's hotline"},
    {Rule::kSuspended, "SUSPENDED",
     "only reports can be sent meanwhile; call the vetting officer about the rest"},
    {Rule::kMembershipPending, "MEMBERSHIP_PENDING", "wait until vetting is done"},
    {Rule::kMembershipNotYet, "MEMBERSHIP_NOT_YET", "try again once the membership has begun"},
    {Rule::kMembershipExpired, "MEMBERSHIP_EXPIRED", "ask the vetting officer to renew it"},
    {Rule::kWithdrawn, "WITHDRAWN", "do not use it any more"},
    {Rule::kSuperseded, "SUPERSEDED", "use the bulletin that replaced it"},
    {Rule::kEmbargoed, "EMBARGOED", "try again when the embargo has passed"},
    {Rule::kExpired, "EXPIRED", ""},
    {Rule::kExerciseNonParticipant, "EXERCISE_NON_PARTICIPANT", ""},
    {Rule::kExcluded, "EXCLUDED", ""},
    {Rule::kOutsideCommunity, "OUTSIDE_COMMUNITY", ""},
    {Rule::kHopLimit, "HOP_LIMIT", ""},
    {Rule::kRedNotNamed, "RED_NOT_NAMED", ""},
    {Rule::kServiceNoRed, "SERVICE_NO_RED", "name the persons themselves"},
    {Rule::kAffiliationChanged, "AFFILIATION_CHANGED", ""},
    {Rule::kNotRecipientOrg, "NOT_RECIPIENT_ORG", "ask the source to permit it"},
    {Rule::kStrictNoClients, "STRICT_NO_CLIENTS", "ask the source to permit it"},
    {Rule::kNotRecipientNorClient, "NOT_RECIPIENT_NOR_CLIENT", "ask the source to permit it"},
    {Rule::kClientNotTransitive, "CLIENT_NOT_TRANSITIVE", "ask the source to permit it"},
    {Rule::kClientRelationExpired, "CLIENT_RELATION_EXPIRED",
     "have the client relation renewed in the directory"},
    {Rule::kClientViaProviderOnly, "CLIENT_VIA_PROVIDER_ONLY", "ask your provider to share it"},
    {Rule::kPublicChannel, "PUBLIC_CHANNEL", "only TLP:CLEAR is for the public"},
    {Rule::kSarPrivate, "SAR_PRIVATE", "a report goes to the authority and stays there"},
    {Rule::kVettingTooLow, "VETTING_TOO_LOW",
     "choose a vetted recipient, or ask the vetting officer"},
    {Rule::kSectorMismatch, "SECTOR_MISMATCH", ""},
    {Rule::kRegionMismatch, "REGION_MISMATCH", ""},
    {Rule::kNotInSnapshot, "NOT_IN_SNAPSHOT", "ask the source to extend it"},
    {Rule::kNeedToKnowMissing, "NEED_TO_KNOW_MISSING", "say why it is needed there"},
    {Rule::kLabelDowngrade, "LABEL_DOWNGRADE", "ask the source to relabel it"},
    {Rule::kLabelImmutable, "LABEL_IMMUTABLE",
     "keep the label, or relabel it if you are its source"},
    {Rule::kPermissionExpired, "PERMISSION_EXPIRED", "ask the source to permit it again"},
    {Rule::kRedNeedsPersons, "RED_NEEDS_PERSONS",
     "use --to member:<id>, or label it TLP:AMBER+STRICT"},
    {Rule::kAudienceRequired, "AUDIENCE_REQUIRED",
     "use --to org:<id>, or narrow it by sector:, region: or vetting:"},
    {Rule::kUnknownCode, "UNKNOWN_CODE",
     "see docs/spec/tlp.md for the lists, `shield directory "
     "show` for organisations and members"},
    {Rule::kBadWindow, "BAD_WINDOW",
     "let it expire after it begins; a TLP:CLEAR one begins at once, so leave its embargo out or "
     "give it another label"},
    {Rule::kPartStricterThanWhole, "PART_STRICTER_THAN_WHOLE",
     "raise the bulletin's label to its strictest part's, or leave that part out"},
    {Rule::kSourceConsentMissing, "SOURCE_CONSENT_MISSING",
     "ask the reporter, or take out what shows who it was"},
    {Rule::kRecipientListPrivate, "RECIPIENT_LIST_PRIVATE", ""},
    {Rule::kDigestStale, "DIGEST_STALE", "build the digest again"},
    {Rule::kAuthor, "AUTHOR", ""},
    {Rule::kNamedPerson, "NAMED_PERSON", ""},
    {Rule::kRecipientOrg, "RECIPIENT_ORG", ""},
    {Rule::kOwnOrg, "OWN_ORG", ""},
    {Rule::kClientOfRecipient, "CLIENT_OF_RECIPIENT", ""},
    {Rule::kCommunity, "COMMUNITY", ""},
    {Rule::kPublic, "PUBLIC", ""},
    {Rule::kSourceOrg, "SOURCE_ORG", ""},
    {Rule::kSourcePermission, "SOURCE_PERMISSION", ""},
    {Rule::kSourceRelabel, "SOURCE_RELABEL", ""},
    {Rule::kSarToAuthority, "SAR_TO_AUTHORITY", ""},
    {Rule::kUntrustedSource, "UNTRUSTED_SOURCE", ""},
    {Rule::kEmptyAudience, "EMPTY_AUDIENCE", "nobody but the source's own seats receives it"},
};
constexpr size_t kRuleCount = sizeof(kRules) / sizeof(kRules[0]);

constexpr bool EachAtItsPlace() {
  for (size_t i = 0; i < kRuleCount; ++i) {
    if (static_cast<size_t>(kRules[i].rule) != i) return false;
  }
  return static_cast<size_t>(Rule::kEmptyAudience) + 1 == kRuleCount;
}
static_assert(EachAtItsPlace());

constexpr std::array<Rule, kRuleCount - 1> EveryRule() {
  std::array<Rule, kRuleCount - 1> rules{};
  for (size_t i = 0; i + 1 < kRuleCount; ++i) rules[i] = kRules[i + 1].rule;
  return rules;
}
constexpr std::array<Rule, kRuleCount - 1> kEveryRule = EveryRule();

const RuleEntry& EntryOf(Rule rule) {
  const size_t place = static_cast<size_t>(rule);
  SHIELD_CHECK(place < kRuleCount);
  return kRules[place];
}

}  // namespace

absl::string_view RuleName(Rule rule) { return EntryOf(rule).name; }

absl::string_view HintFor(Rule rule) { return EntryOf(rule).hint; }

std::span<const Rule> AllRules() { return kEveryRule; }

std::optional<Rule> ParseRule(absl::string_view name) {
  for (Rule rule : kEveryRule) {
    if (RuleName(rule) == name) return rule;
  }
  return std::nullopt;
}

absl::Status RefusalOf(const Decision& decision) {
  if (decision.allowed) return absl::OkStatus();
  return WithHint(WithRule(absl::PermissionDeniedError(decision.sentence), RuleName(decision.rule)),
                  HintFor(decision.rule));
}

}  // namespace shield
