// The editions of the briefing that a home has, by what their details say
// (docs/spec/briefing.md section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/digest/language.h"
#include "client/digest/tier.h"
#include "client/digest/week.h"
#include "client/receive/inbox_item.h"
#include "policy/audience_token.h"
#include "policy/labels.h"

namespace shield {

inline constexpr absl::string_view kEditionKind = "weekly_briefing";

// A bulletin of the week that, by the edition's author, everyone in the community was sent.
struct ListedBulletin {
  BulletinId id;
  Tlp tlp = Tlp::kUnspecified;
  absl::Time issued = absl::UnixEpoch();
  uint64_t directory_version = 0;  // under which it was sealed to everyone

  friend bool operator==(const ListedBulletin&, const ListedBulletin&) = default;
};

// Value.
struct HeldEdition {
  BulletinId id;
  MemberId author;
  OrgId source;
  InboxState state = InboxState::kLive;
  uint64_t log_index = 0;
  absl::Time issued = absl::UnixEpoch();
  // What it carries to more readers: the bulletins that its statement extends or permits.
  std::vector<BulletinId> carries = {};
  bool permits = false;  // it permits one of them
  // Empty where its content says something else, or is gone and this home did not note what it said
  // (edition_notes.h).
  std::optional<Week> week = {};
  Tier tier = Tier::kGreen;
  int revision = 1;
  // From here on only where its content is here.
  Language language = Language::kEnglish;
  std::vector<AudienceToken> to = {};       // whom it says that it is for
  std::vector<BulletinId> contains = {};    // what stands in it as live content
  std::vector<BulletinId> ended = {};       // what it only says to be over
  std::vector<ListedBulletin> listed = {};  // what readers hold their inbox against
  bool readable = false;                    // all that it says to be inside (CanReadParts)
};

// What the details of a document of this kind say. Nothing when they have not the form of the spec:
// the document was accepted all the same. Pure.
struct EditionDetails {
  Week week;
  Tier tier;
  int revision = 1;
  Language language = Language::kEnglish;
  std::vector<AudienceToken> to = {};  // empty where a word of it cannot be read
  std::vector<BulletinId> contains = {};
  std::vector<BulletinId> ended = {};
  std::vector<ListedBulletin> listed = {};  // those whose every member can be read
};
std::optional<EditionDetails> ReadEditionDetails(absl::string_view content_json);

// Whether all that such a document says to stand in it can be read. One without details, written by
// hand, says nothing; one whose details have another form, a later one's say, says what nobody here
// knows. Pure.
bool CanReadParts(absl::string_view content_json);

}  // namespace shield
