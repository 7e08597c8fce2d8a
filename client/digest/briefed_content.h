// What a briefing says of one bulletin's content: the sealed document, read into fields.
//
//   BriefedContent content = ReadBriefedContent(opened.content, Language::kDutch);
//
// Pure. Total: a member that is absent or has not the form of docs/spec/content.md is left empty,
// never an error, since the document has been accepted already. Texts stay as their author wrote
// them: whoever shows them cleans them for where they are shown. Each list has a named maximum;
// what goes beyond it is counted in `left_out`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/content/content.h"
#include "client/digest/language.h"

namespace shield {

inline constexpr size_t kMaxBriefedActions = 16;
inline constexpr size_t kMaxBriefedPlaces = 32;
inline constexpr size_t kMaxBriefedIndicators = 64;
inline constexpr size_t kMaxBriefedRestrictions = 8;

// CAP 1.2; kUnspecified where the author gave none.
enum class Severity { kUnspecified, kMinor, kModerate, kSevere, kExtreme };
enum class StatementType { kUnspecified, kFact, kAssessment, kMixed };

// Whom an action is for, in the order a briefing lists them.
inline constexpr absl::string_view kActionRoles[] = {"front_desk", "guards",     "security_manager",
                                                     "it",         "management", "all"};

struct BriefedAction {
  std::string who;  // one of kActionRoles
  std::string text;

  friend bool operator==(const BriefedAction&, const BriefedAction&) = default;
};

// A feature of `areas`: where it is a point, there; otherwise the middle of its bounding box.
struct BriefedPlace {
  std::string name;
  double longitude = 0;  // degrees, -180 to 180
  double latitude = 0;   // degrees, -90 to 90
  std::optional<double> radius_m;

  friend bool operator==(const BriefedPlace&, const BriefedPlace&) = default;
};

struct BriefedIndicator {
  std::string pattern;  // STIX, or one value of a hash list
  std::string name;
  std::optional<absl::Time> valid_until;

  friend bool operator==(const BriefedIndicator&, const BriefedIndicator&) = default;
};

// When something is held: an event plan, a training, a meeting; or a registration ends.
struct BriefedEvent {
  std::string what;  // event_plan: the event; else the bulletin's title
  std::string place;
  std::string organiser;
  absl::Time starts;
  std::optional<absl::Time> ends;
  std::optional<absl::Time> register_until;
  std::string uid;  // as given; empty: the bulletin's id stands for it

  friend bool operator==(const BriefedEvent&, const BriefedEvent&) = default;
};

struct BriefedThreatLevel {
  std::string scheme;
  std::string level;
  std::string previous;
  std::string scope;
  std::string of;

  friend bool operator==(const BriefedThreatLevel&, const BriefedThreatLevel&) = default;
};

struct BriefedContent {
  std::string kind;
  std::string title;
  std::string language;  // BCP 47 of the texts below
  std::string summary;
  std::string body;  // CommonMark
  std::vector<std::string> restrictions;
  std::vector<BriefedAction> actions;
  Severity severity = Severity::kUnspecified;
  std::string urgency;
  std::string certainty;
  std::string grading;  // "B2", Admiralty; empty when not both halves were given
  std::string likelihood;
  std::string confidence;
  StatementType statement_type = StatementType::kUnspecified;
  std::vector<BriefedPlace> places;
  std::optional<absl::Time> valid_from;
  std::optional<absl::Time> valid_until;
  std::vector<BriefedIndicator> indicators;
  std::optional<BriefedEvent> event;
  std::optional<BriefedThreatLevel> threat_level;
  std::string contact_name;
  std::string contact_phone;
  std::string contact_hours;
  std::optional<absl::Time> acknowledge_by;
  size_t left_out = 0;  // of all lists together

  friend bool operator==(const BriefedContent&, const BriefedContent&) = default;
};

// Title, summary, body and actions in `language` where the document or one of its translations has
// them.
BriefedContent ReadBriefedContent(const Content& content, Language language);

}  // namespace shield
