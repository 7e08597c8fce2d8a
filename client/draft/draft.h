// A bulletin before it is sealed: CommonMark with TOML front matter, as an author writes it
// (docs/spec/content.md, "Drafts").
//
//   +++
//   title = "Pickpocket team around the Meir"
//   kind = "flash_alert"
//   tlp = "TLP:AMBER+STRICT"
//   to = ["org:hotel-astrid", "sector:hotels-restaurants"]
//   expires = 2026-12-01T00:00:00Z
//   attachments = ["cctv.jpg"]
//   +++
//   Body …
//
// Front matter holds what the envelope needs (tlp, to, priority, status, not_before, expires,
// refs, attachments) and any member of the sealed content by its own name. Flags win over it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "policy/audience_token.h"
#include "policy/labels.h"
#include "policy/vocabulary.h"

namespace shield {

// Without `expires` a bulletin lives this long.
inline constexpr absl::Duration kDefaultBulletinLife = absl::Hours(30 * 24);
inline constexpr size_t kMaxDraftBytes = 512 * 1024;

struct DraftAttachment {
  std::string path;  // relative ones start at the draft's folder
  std::string name;  // the last part of the path
  std::string media_type;
  Tlp tlp = Tlp::kUnspecified;  // the draft's own unless it says another
};

// `refs = ["supersedes:<id>"]`
struct DraftReference {
  Relation relation = Relation::kUnspecified;
  BulletinId id;
};

struct Draft {
  std::string title;
  std::string kind;
  BulletinClass bulletin_class = BulletinClass::kUnspecified;  // of the kind
  Tlp tlp = Tlp::kUnspecified;
  std::vector<AudienceToken> to;  // empty: what the label means without a target
  Priority priority = Priority::kRoutine;
  BulletinStatus status = BulletinStatus::kActual;
  std::optional<absl::Time> not_before;  // nothing: at once
  std::optional<absl::Time> expires;     // nothing: kDefaultBulletinLife after publishing
  // How long after it opens its readers are asked to acknowledge it; sealing makes a moment of it.
  // Nothing: not asked, or asked by `acknowledge_by` among the members.
  std::optional<absl::Duration> acknowledge_within = {};
  std::vector<DraftReference> refs;
  std::vector<DraftAttachment> attachments;
  std::string members_json;  // for ComposeContent: title, kind, body and what else was given
};

// What flags give; each wins over the front matter.
struct DraftFlags {
  std::optional<std::string> title;
  std::optional<std::string> kind;
  std::optional<std::string> tlp;
  std::optional<std::vector<std::string>> to;
  std::optional<std::string> priority;
  std::optional<std::string> status;
  std::optional<std::string> not_before;  // RFC 3339
  std::optional<std::string> expires;
  std::optional<std::string> acknowledge_within;  // 30s, 30m, 2h, 1d
  std::vector<std::string> attach;                // paths, added to the draft's own
};

enum class LintSeverity { kWarning, kError };

struct LintFinding {
  int line = 0;  // of the draft, from 1; 0: a flag, or the draft as a whole
  LintSeverity severity = LintSeverity::kError;
  std::string rule;  // INVALID_LABEL, UNKNOWN_CODE, …
  std::string sentence;
  std::string hint;
};

struct LintedDraft {
  std::optional<Draft> draft;  // there whenever it could be read; fit if no finding is an error
  std::vector<LintFinding> findings;  // by line
  std::map<std::string, int> lines;   // of each member of the front matter; 0: given by a flag
};

// Reads a draft and says everything that is wrong with it. `folder` is where relative attachment
// paths start; attachments must be readable files.
LintedDraft LintDraft(absl::string_view text, const std::string& folder, const DraftFlags& flags);

// A whole number of seconds, minutes, hours or days, 1s to 90d: "30s", "30m", "2h", "1d". Nothing
// for anything else: no sign, fraction, leading zero, space or second unit.
std::optional<absl::Duration> ParseAcknowledgeWithin(absl::string_view text);
inline constexpr absl::Duration kLongestAcknowledgeWithin = absl::Hours(90 * 24);

// Adds what would refuse the draft, when it is published at `now`, whatever the directory says:
// BAD_WINDOW (it expires in the past), RED_NEEDS_PERSONS, AUDIENCE_REQUIRED, PUBLIC_CHANNEL. Takes
// the draft away when something was added. Nothing to do when there is no draft.
void LintFitness(LintedDraft& linted, absl::Time now);

// The draft, or its first error: INVALID_ARGUMENT with rule, line and hint.
absl::StatusOr<Draft> ParseDraft(absl::string_view text, const std::string& folder,
                                 const DraftFlags& flags = {});

}  // namespace shield
