// What a briefing says in its own voice, in each language.
//
//   Say(Language::kDutch, Word::kWhatToDo)     // "Wat u deze week doet"
//   SaySeverity(Language::kFrench, Severity::kSevere)
//
// Static storage; pure. TLP labels, ids and codes are never translated. Texts with {0}, {1} are
// filled by Fill. Every language has every word (words_test.cc).
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/digest/briefed_content.h"
#include "client/digest/language.h"
#include "client/digest/tier.h"

namespace shield {

enum class Word {
  kBriefing,        // Weekly briefing
  kIssue,           // Issue
  kRevision,        // Revision {0}: corrects the one before
  kWeek,            // Week {0}
  kPeriod,          // Period
  kAudience,        // For
  kAuthor,          // From
  kAsOf,            // As of
  kValidUntil,      // Valid until
  kLabelMeans,      // one sentence on what the label allows: see SayLabel
  kForeword,        // Editor's note
  kJudgements,      // Key judgements
  kWhatToDo,        // What to do this week
  kNewAndChanged,   // New and changed
  kAlso,            // Also published
  kStillOpen,       // Still open
  kExpiring,        // Ends before the next edition
  kWithdrawn,       // Withdrawn: do not act on it any more
  kCorrected,       // Corrected: replaced by a newer version
  kPlaces,          // Places
  kTrend,           // Bulletins a week
  kLookAhead,       // Look ahead
  kIndicators,      // Indicators (defanged)
  kRed,             // For you by name
  kRedHint,         // {0} TLP:RED: read it with `shield inbox show {1}`; nothing of it stands here
  kUnacknowledged,  // Waiting for your acknowledgement
  kReport,          // Seen something? How to report
  kReportHow,       // the sentence: emergency number first, then `shield bulletin publish` of kind
                    // suspicious_activity
  kProvenance,      // Where this comes from
  kProvenanceHow,   // Each bulletin can be checked: `shield verify`; generator {0}, directory {1}
  kQuiet,           // A quiet week: nothing new was published for you.
  kNothing,         // None.
  kNew,
  kChanged,
  kRevisionShort,  // new / changed / "version {0}"
  kWhyItMatters,
  kDoThis,
  kWhere,
  kFrom,
  kGrading,
  kFact,
  kAssessment,
  kMixed,
  kLikelihood,
  kConfidence,
  kHolds,
  kEnds,
  kPublished,
  kContact,
  kRestrictions,
  kMore,
  kMoreIn,   // the rest is in the bulletin: `shield inbox show {0}`
  kLeftOut,  // and {0} more
  kExercise,
  kTest,        // EXERCISE EXERCISE EXERCISE / TEST
  kReplacedBy,  // replaced by {0}
  kWithdrawnOn,
  kExpiresOn,
  kAcknowledgeBy,
  kTrendMore,
  kTrendFewer,
  kTrendSame,    // {0} bulletins this week; the four weeks before had {1} each on average
  kThreatLevel,  // Threat level {0}: {1} (before: {2})
  kThreatLevelSame,
  kWeekColumn,
  kCountColumn,
  kMeanRow,
  kPlaceColumn,
  kItemsColumn,
  kSeverityColumn,
  kWhenColumn,
  kWhatColumn,
  kWhereColumn,
  kPatternColumn,
  kUntilColumn,
  kRegisterUntil,
  kIdColumn,
  kDigestColumn,
  kMapTitle,
  kMapDescription,  // "Places of this week's bulletins" / "{0} places between …; the table below
                    // has the same data"
  kTrendDescription,
  kPage,    // Page {0} of {1}
  kStub,    // e-mail stub: {0} items wait for you in your inbox
  kCount_,  // how many there are
};

absl::string_view Say(Language language, Word word);
// `text` with {0} … {9} replaced; one without its argument stays as it is.
std::string Fill(absl::string_view text, absl::Span<const std::string> arguments);
// With Say.
std::string SayFilled(Language language, Word word, absl::Span<const std::string> arguments);

absl::string_view SaySeverity(Language language, Severity severity);  // empty when unspecified
absl::string_view SayRole(Language language, absl::string_view who);  // itself when unknown
absl::string_view SayKind(Language language, absl::string_view kind);
absl::string_view SayLikelihood(Language language, absl::string_view word);
absl::string_view SayConfidence(Language language, absl::string_view word);
// What a reader may do with what stands under the label, by FIRST TLP 2.0; the label first.
absl::string_view SayLabel(Language language, Tlp label);
// "Monday 16 November 2026", "16 Nov 2026", "16 Nov 2026 07:00", in BriefingZone.
std::string SayDay(Language language, absl::Time moment);
std::string SayDate(Language language, absl::Time moment);
std::string SayMoment(Language language, absl::Time moment);

}  // namespace shield
