// What policy answers: a verdict, the rule that gave it and a sentence for a person
// (docs/spec/tlp.md).
//
//   Decision decision = Decide(directory, terms, reader, now);
//   if (!decision.allowed) return RefusalOf(decision);   // "TLP:RED names …" with RED_NOT_NAMED
//
// A rule code is part of the contract: tests, exit codes, the wire and the audit log compare it.
// The sentence is for people and may be worded anew at any time.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace shield {

// Every code of docs/spec/tlp.md, in the order of its checks. kUnspecified is never given.
enum class Rule {
  kUnspecified,
  // 1 signature, label
  kBadSignature,
  kLabelRequired,
  kInvalidLabel,
  kAmbiguousLabel,
  // 2 role and source
  kPublisherNotAuthorised,
  kNotSource,
  kPublisherKeyRevoked,
  // 3 caller
  kUnknownCaller,
  kRecipientRevoked,
  kSuspended,
  kMembershipPending,
  kMembershipNotYet,
  kMembershipExpired,
  // 4 bulletin
  kWithdrawn,
  kSuperseded,
  kEmbargoed,
  kExpired,
  // 5 exercise, 6 exclusion, 7 community and hops
  kExerciseNonParticipant,
  kExcluded,
  kOutsideCommunity,
  kHopLimit,
  // 8 what the label lets through
  kRedNotNamed,
  kServiceNoRed,
  kAffiliationChanged,
  kNotRecipientOrg,
  kStrictNoClients,
  kNotRecipientNorClient,
  kClientNotTransitive,
  kClientRelationExpired,
  kClientViaProviderOnly,
  kPublicChannel,
  kSarPrivate,
  // 9 vetting, 10 sector and region, 11 snapshot
  kVettingTooLow,
  kSectorMismatch,
  kRegionMismatch,
  kNotInSnapshot,
  // 12 sharing on
  kNeedToKnowMissing,
  kLabelDowngrade,
  kLabelImmutable,
  kPermissionExpired,
  // refused at publish
  kRedNeedsPersons,
  kAudienceRequired,
  kUnknownCode,
  kBadWindow,
  kPartStricterThanWhole,
  kSourceConsentMissing,
  // lists and digests
  kRecipientListPrivate,
  kDigestStale,
  // allowed
  kAuthor,
  kNamedPerson,
  kRecipientOrg,
  kOwnOrg,
  kClientOfRecipient,
  kCommunity,
  kPublic,
  kSourceOrg,
  kSourcePermission,
  kSourceRelabel,
  kSarToAuthority,
  // allowed with a mark, and a warning
  kUntrustedSource,
  kEmptyAudience,
};

// "RED_NOT_NAMED". Total over the enum; ParseRule is its inverse and knows no other word.
absl::string_view RuleName(Rule rule);
std::optional<Rule> ParseRule(absl::string_view name);

// Every rule but kUnspecified, in the order above.
std::span<const Rule> AllRules();

// What the person who was refused can do; empty where nothing helps.
absl::string_view HintFor(Rule rule);

struct Decision {
  bool allowed = false;
  Rule rule = Rule::kUnspecified;
  std::string sentence;  // lower case, no full stop
};

// OK for an allowed decision; otherwise PERMISSION_DENIED with the sentence, the rule and its hint.
// What an outsider is told of a refused read (NOT_FOUND) is the transport's affair.
absl::Status RefusalOf(const Decision& decision);

}  // namespace shield
