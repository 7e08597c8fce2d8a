// An audience, sorted by what its words do: name, select or exclude (docs/spec/tlp.md, "Audience").
//
//   recipients = named organisations and members UNION selector, MINUS exclusions
//   selector   = community AND (any of the sectors) AND (any of the regions) AND vetting
//
// A hidden token nobody opened names someone unknown: it keeps an audience from being empty, and
// never lets anybody in.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/strong_id.h"
#include "policy/audience_token.h"
#include "policy/labels.h"
#include "policy/records.h"
#include "policy/vocabulary.h"

namespace shield {

// All lists sorted. Value.
struct Targets {
  std::vector<OrgId> orgs;
  std::vector<MemberId> members;
  std::vector<OrgId> not_orgs;
  std::vector<MemberId> not_members;
  std::vector<CommunityId> communities;
  std::vector<std::string> sectors;
  std::vector<std::string> regions;
  std::optional<int> vetting;             // the highest of several
  bool everyone = false;                  // the word `public`
  bool hidden = false;                    // a token that is still hidden
  std::optional<std::string> unreadable;  // a token whose value has not its kind's form

  // Whether it says anything about whom the bulletin is for, exclusions aside.
  bool SaysWhom() const;
  // Whether a sector, region, vetting level, community or `public` is among its words.
  bool HasSelector() const;
  // The same without communities and `public`: what AMBER and AMBER+STRICT ask for.
  bool NarrowsCommunity() const;

  bool Names(const OrgId& org) const;
  bool Names(const MemberId& member) const;
  bool Excludes(const MemberRecord& member) const;
  bool Excludes(const OrgId& org) const;
};

Targets TargetsOf(std::span<const AudienceToken> tokens);

// The audience as a statement must carry it: GREEN content that says nothing of whom it is for is
// for `community`, CLEAR content for everyone. Every other audience comes back as it is, that of a
// report or direct message whatever its label: those have no default.
std::vector<AudienceToken> CompleteAudience(std::vector<AudienceToken> tokens,
                                            BulletinClass bulletin_class, Tlp tlp,
                                            const CommunityId& community);

}  // namespace shield
