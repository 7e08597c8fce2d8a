// One edition of the weekly briefing: everything that is said in it, in the order it is said, and
// nothing of how it looks.
//
//   Edition edition = BuildEdition(input, order);      // build_edition.h
//   std::string text = WriteMarkdown(edition);         // show/markdown.h, and the other formats
//
// Value. The texts of bulletins stay as their authors wrote them, raw: each format cleans them for
// where they are shown. What Shield itself says is not here either: the formats take it from
// words.h in the edition's language. Two editions that are equal are written byte for byte alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "client/digest/briefed_bulletin.h"
#include "client/digest/language.h"
#include "client/digest/tier.h"
#include "client/digest/week.h"
#include "policy/labels.h"

namespace shield {

inline constexpr size_t kMaxFullItems = 12;
inline constexpr size_t kMaxJudgements = 5;
inline constexpr size_t kMaxDeedsByRole = 8;
inline constexpr size_t kMaxEditionIndicators = 200;
inline constexpr size_t kMaxEditionPlaces = 100;
inline constexpr size_t kMaxEditionEvents = 40;
inline constexpr size_t kMaxAlsoLines = 40;
inline constexpr size_t kMaxOpenLines = 20;
inline constexpr size_t kMaxEditionLines = 40;  // of every other list
inline constexpr int kTrendWeeks = 5;           // this one and the four before

enum class ItemChange { kNew, kChanged };

// A bulletin in full. `number` is what the text refers to it by: [1], [2], …, over the whole
// edition.
struct EditionItem {
  int number = 0;
  BriefedBulletin bulletin;
  ItemChange change = ItemChange::kNew;

  friend bool operator==(const EditionItem&, const EditionItem&) = default;
};

// A bulletin in one line.
struct EditionLine {
  int number = 0;
  BulletinId id;
  Tlp tlp = Tlp::kUnspecified;
  std::string title;  // empty where its content is gone
  std::string kind;
  OrgId source;
  BulletinStatus status = BulletinStatus::kActual;
  Severity severity = Severity::kUnspecified;
  int revision = 1;
  absl::Time issued = absl::UnixEpoch();
  absl::Time expires = absl::UnixEpoch();
  std::optional<absl::Time> ended = {};
  std::optional<BulletinId> replaced_by = {};
  std::optional<absl::Time> acknowledge_by = {};

  friend bool operator==(const EditionLine&, const EditionLine&) = default;
};

// What the editors hold to be likely, or know: from a bulletin, or, of the number of bulletins,
// from counting.
struct Judgement {
  enum class Kind {
    kStated,       // `text`, with likelihood and confidence where the author gave them
    kThreatLevel,  // `threat_level`
    kTrend,        // more, fewer or as many as in the four weeks before: where trend_compares
    kQuiet,        // nothing new was published
  };
  Kind kind = Kind::kStated;
  std::string text;
  std::string likelihood;  // a word of ICD 203; empty: a fact, or not given
  std::string confidence;  // low moderate high
  std::string grading;     // B2
  StatementType statement_type = StatementType::kUnspecified;
  std::optional<BriefedThreatLevel> threat_level = {};
  std::vector<int> items = {};  // numbers

  friend bool operator==(const Judgement&, const Judgement&) = default;
};

// What to do this week, of one role.
struct Deed {
  std::string text;
  std::vector<int> items;  // numbers of the bulletins that ask for it

  friend bool operator==(const Deed&, const Deed&) = default;
};
struct DeedsOfRole {
  std::string who;  // front_desk guards security_manager it management all
  std::vector<Deed> deeds;
  size_t left_out = 0;

  friend bool operator==(const DeedsOfRole&, const DeedsOfRole&) = default;
};

struct EditionPlace {
  std::string name;
  double longitude = 0;
  double latitude = 0;
  Severity severity = Severity::kUnspecified;  // the highest of its bulletins
  std::vector<int> items;

  friend bool operator==(const EditionPlace&, const EditionPlace&) = default;
};

struct TrendWeek {
  Week week;
  size_t published = 0;  // bulletins that may be told of here

  friend bool operator==(const TrendWeek&, const TrendWeek&) = default;
};

struct EditionEvent {
  BriefedEvent event;
  std::string kind;  // event_plan training meeting
  int item = 0;
  BulletinId id;

  friend bool operator==(const EditionEvent&, const EditionEvent&) = default;
};

struct EditionIndicator {
  BriefedIndicator indicator;
  int item = 0;

  friend bool operator==(const EditionIndicator&, const EditionIndicator&) = default;
};

// TLP:RED for the reader of the own edition: that it is there, and nothing of what it says.
struct RedPointer {
  BulletinId id;
  absl::Time issued = absl::UnixEpoch();
  bool acknowledged = false;

  friend bool operator==(const RedPointer&, const RedPointer&) = default;
};

struct ProvenanceLine {
  int number = 0;
  BulletinId id;
  Digest text_digest;

  friend bool operator==(const ProvenanceLine&, const ProvenanceLine&) = default;
};

// How many there are beyond the maximum of each list.
struct LinesLeftOut {
  size_t also = 0;
  size_t open = 0;
  size_t expiring = 0;
  size_t expired = 0;
  size_t withdrawn = 0;
  size_t corrected = 0;
  size_t events = 0;
  size_t red = 0;
  size_t unacknowledged = 0;

  friend bool operator==(const LinesLeftOut&, const LinesLeftOut&) = default;
};

struct Edition {
  // Head
  std::string network = {};  // origin
  Tier tier = Tier::kGreen;
  Week week = Week::Of(absl::UnixEpoch());
  Language language = Language::kEnglish;
  Tlp label = Tlp::kUnspecified;  // the most restrictive of its parts; with none, the tier's
  std::vector<std::string> audience = {};  // tokens; of an own edition `member:<id>`
  int revision = 1;                        // 2 and more: it corrects the one before
  MemberId author;
  OrgId source;
  absl::Time as_of = absl::UnixEpoch();        // the moment it was made for
  absl::Time valid_until = absl::UnixEpoch();  // when the next is due
  std::string foreword = {};                   // CommonMark; empty: none

  // Body
  std::vector<Judgement> judgements = {};  // at most kMaxJudgements
  std::vector<DeedsOfRole> deeds = {};     // roles in the order of content.md, without empty ones
  std::vector<EditionItem> items = {};     // at most kMaxFullItems
  std::vector<EditionLine> also = {};      // new and changed ones that had no room
  std::vector<EditionLine> open = {};      // published earlier, hold still
  std::vector<EditionLine> expiring = {};  // hold, and end before the next edition
  std::vector<EditionLine> expired = {};   // have ended since the week began; without titles
  std::vector<EditionLine> withdrawn = {};
  std::vector<EditionLine> corrected = {};  // an older version; replaced_by says by what
  std::vector<EditionPlace> places = {};
  std::vector<TrendWeek> trend = {};  // kTrendWeeks, oldest first
  bool trend_compares = false;        // these weeks are over and held whole: they have a mean
  std::vector<EditionEvent> events = {};
  std::vector<EditionIndicator> indicators = {};
  std::vector<RedPointer> red = {};              // own edition only
  std::vector<EditionLine> unacknowledged = {};  // own edition only
  size_t places_left_out = 0;
  size_t indicators_left_out = 0;
  LinesLeftOut left_out = {};

  // Foot
  std::vector<ProvenanceLine> provenance = {};  // by number
  uint64_t directory_version = 0;
  std::string generator = {};  // "shield 0.4.0"

  bool quiet() const { return items.empty() && also.empty(); }

  friend bool operator==(const Edition&, const Edition&) = default;
};

}  // namespace shield
