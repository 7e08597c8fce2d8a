// What a quarter of bulletins in Antwerp is about: subjects, each with its texts in two or three
// languages, and the places that they name. All of it is invented but the public places.
//
// Static storage. Texts hold {place}, {other}, {street}, {hour} and {count}, which whoever tells
// them fills in (quarter_plan.h).
#pragma once

#include <array>
#include <vector>

#include "absl/strings/string_view.h"

namespace shield::testing {

struct QuarterPlace {
  absl::string_view name;
  double longitude = 0;
  double latitude = 0;
};

// One subject in one language; without a title the subject is not told in it.
struct Telling {
  absl::string_view title;
  absl::string_view summary;
  absl::string_view body;  // CommonMark
};

struct AskedDeed {
  absl::string_view who;
  absl::string_view english;
  absl::string_view dutch;
  absl::string_view french;
};

// What a subject has beside its texts.
enum class Extra {
  kNone,
  kIndicators,
  kHashes,
  kEvent,    // of an event plan
  kSession,  // of a training or meeting
  kLevel,    // of a threat
  kMeasure,
  kArea,
};

struct Subject {
  absl::string_view kind;
  Extra extra = Extra::kNone;
  int gravest = 0;                // 0 none, 1 minor … 4 extreme
  bool is_assessed = false;       // gives likelihood and confidence
  int days = 14;                  // how long it holds
  absl::string_view sector = {};  // whom it concerns most; empty: everyone
  int weight = 1;                 // how often it comes
  Telling english = {};
  Telling dutch = {};
  Telling french = {};
  std::vector<AskedDeed> deeds = {};
};

const std::vector<Subject>& QuarterSubjects();
const std::vector<QuarterPlace>& QuarterPlaces();
const std::vector<absl::string_view>& QuarterStreets();

}  // namespace shield::testing
