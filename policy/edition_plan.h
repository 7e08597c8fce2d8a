// An edition: one digest for many readers. What stands in it is what every one of them may have.
//
//   ASSIGN_OR_RETURN(EditionPlan plan, PlanEdition(*directory, edition, parts, at));
//
// The readers are whom a bulletin of the edition's label, author and audience would be sealed to:
// who has no key at that moment is sent nothing, and is none. Its author is not asked, who holds
// what it puts in. Of each bulletin the policy is asked for every reader, as a fetch is: the label
// alone says nothing, since labels are not nested. Whoever is addressed and was not sent it
// (NOT_IN_SNAPSHOT) keeps it out too, but for
//   - content that IsForAll, which its label lets anyone pass on to those it is for;
//   - CLEAR of which every word is known;
//   - the seats of a bulletin's own source, which may give it to anyone, and to themselves.
// Rules: docs/spec/briefing.md section 1. Pure; no clock.
//
// Worked example. The digest seat of the police makes an AMBER edition for the hotels, a and b.
//   AMBER to the hotels, sent to all of a and b         item
//   the same, but a seat of b was enrolled afterwards   left out, NOT_IN_SNAPSHOT
//   AMBER to organisation a                             left out, NOT_RECIPIENT_NOR_CLIENT for b
//   AMBER+STRICT to the hotels                          left out, LABEL_ABOVE_TIER
//   GREEN to the community                              item, for the new seat as well
//   the first one, withdrawn since                      ended: it is told that it was withdrawn
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "policy/audience_token.h"
#include "policy/directory.h"
#include "policy/labels.h"
#include "policy/member_set.h"
#include "policy/terms.h"

namespace shield {

// Whom an edition is for.
struct EditionTerms {
  MemberId author;
  Tlp tlp = Tlp::kUnspecified;  // GREEN, AMBER or AMBER+STRICT: the strictest that may be inside
  std::vector<AudienceToken> to = {};
};

// A bulletin that may be told of. Borrows.
struct EditionPart {
  const Terms* terms = nullptr;
  // Whom it was sealed to, of the directory that is asked. Null: nobody here can tell.
  const MemberSet* sent_to = nullptr;
  // For one's own edition: it came by a share, and where the member was then.
  bool by_share = false;
  std::optional<OrgId> org_at_publish = {};
};

// Indexes into the parts the plan was made from, ascending; each is in one list.
struct EditionPlan {
  struct Left {
    size_t part = 0;
    // A rule of policy, or NOT_BRIEFED (another class, a test), LABEL_ABOVE_TIER, AUDIENCE_NARROWED
    // (GREEN takes what is for all), SENT_TO_UNKNOWN, AUDIENCE_HIDDEN (a word of its audience is
    // not opened here, and may let its readers in). Static storage.
    absl::string_view rule;
    std::optional<MemberId> reader = {};  // the one that it refuses; the first of several
  };
  MemberSet readers;
  std::vector<size_t> items;  // each reader may have it
  std::vector<size_t> ended;  // each reader might, had it not been withdrawn, replaced or expired
  std::vector<size_t> pointers;  // own edition: RED that names the member
  std::vector<Left> left_out;    // for whoever makes the edition, and nobody else
};

// Whether a bulletin is GREEN or CLEAR content for its author's whole community or for everyone,
// and no word narrows, names or excludes. A word that is still hidden may do so.
bool IsForAll(const Terms& terms);

// For others, at `at`. Needs the whole directory (FAILED_PRECONDITION). INVALID_ARGUMENT, rule
// INVALID_LABEL: a label that no edition has. PERMISSION_DENIED with its rule: the author may not
// publish such a bulletin (DecidePublish).
absl::StatusOr<EditionPlan> PlanEdition(const Directory& directory, const EditionTerms& edition,
                                        std::span<const EditionPart> parts, absl::Time at);

// The same question, of each part: for whose sake it does not enter. Those of the readers whom
// policy refuses it and those who were not sent it: were they none, it would enter. Nobody where it
// enters, and where no reader is the reason: its label or class, a fault of its own, a word that is
// hidden here, or that nobody here can tell whom it was sent to. Errors as PlanEdition.
absl::StatusOr<std::vector<MemberSet>> FindWhoKeepsOut(const Directory& directory,
                                                       const EditionTerms& edition,
                                                       std::span<const EditionPart> parts,
                                                       absl::Time at);

// The question of readers that are given and are let in by a bulletin of that label at `at`: of
// each part, who of them may not have it, or of whom that is not known here. Of what stands in an
// edition that is to be sent to more than its readers.
std::vector<MemberSet> FindWhoMayNotHave(const Directory& directory, Tlp tlp,
                                         const MemberSet& readers,
                                         std::span<const EditionPart> parts, absl::Time at);

// Whom such an edition names in its audience though it could not be sealed to them, suspended or
// vetted for less than all of that audience asks for, say. PERMISSION_DENIED as PlanEdition, where
// its author is not enrolled.
absl::StatusOr<std::vector<AudienceToken>> FindRefusedNames(const Directory& directory,
                                                            const EditionTerms& edition,
                                                            absl::Time at);

// For `member` alone, who holds the parts; the member's direct messages are among them.
EditionPlan PlanOwnEdition(const Directory& directory, const MemberId& member,
                           std::span<const EditionPart> parts, absl::Time at);

}  // namespace shield
