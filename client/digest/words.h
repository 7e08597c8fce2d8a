// What a briefing says in its own voice, in each language.
//
//   Say(Language::kDutch, Word::kWhatToDo)     // "Wat u deze week doet"
//   SaySeverity(Language::kFrench, Severity::kSevere)
//
// Static storage; pure. TLP labels, ids and codes are never translated. Texts with {0}, {1} are
// filled by Fill. A command stands between two backticks: formats that have a way to show code show
// it so, none shows them as part of what is to be typed. Every language has every word
// (words_test.cc).
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
  kLabelMeans,      // heading of SayLabel
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
  kRedHint,         // TLP:RED, {0}: read it with `shield inbox show {1}`; nothing of it stands here
  kUnacknowledged,  // Waiting for your acknowledgement
  kReport,          // Seen something? How to report
  kReportHow,       // the sentence: emergency number first, then `shield bulletin publish` of kind
                    // suspicious_activity
  kProvenance,      // Where this comes from
  kProvenanceHow,   // Each bulletin can be checked: `shield verify`; generator {0}, directory {1}
  kQuiet,           // A quiet week: nothing new was published for you.
  kNothing,         // None.
  kNew,             // new
  kChanged,         // changed
  kRevisionShort,   // version {0}
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
  kMoreIn,           // The rest is in the bulletin: `shield inbox show {0}`
  kLeftOut,          // and {0} more
  kExercise,         // EXERCISE
  kTest,             // TEST
  kReplacedBy,       // replaced by {0}
  kWithdrawnOn,      // withdrawn on {0}
  kExpiresOn,        // ends on {0}
  kAcknowledgeBy,    // acknowledge by {0}
  kTrendMore,        // More than usual: {0} this week, {1} a week in the four weeks before
  kTrendFewer,       // Fewer …
  kTrendSame,        // As many …
  kThreatLevel,      // Threat level {0}: {1} (before: {2})
  kThreatLevelSame,  // Threat level {0}: {1}, unchanged
  kWeekColumn,
  kCountColumn,
  kMeanRow,  // Mean of the four weeks before
  kPlaceColumn,
  kItemsColumn,
  kSeverityColumn,
  kWhenColumn,
  kWhatColumn,
  kWhereColumn,
  kPatternColumn,
  kUntilColumn,
  kRegisterUntil,  // register until {0}
  kIdColumn,
  kDigestColumn,
  kMapTitle,          // Places of this week's bulletins
  kMapDescription,    // Places drawn: {0}. The table below has the same data.
  kTrendDescription,  // … The table below has the same data.
  kPage,              // Page {0} of {1}
  kStub,              // of an e-mail: a briefing of {0} bulletins waits in the inbox
  kStubHow,           // … and how it is read
  kColon,             // ": ", with the space before it that French wants
  kSharedBy,          // passed on by {0}
  kThreatLevelFirst,  // Threat level {0}: {1}; no level before it is known
  kPicture,           // picture: {0}
  kExpired,           // Ended in the meantime: (numbers follow)
  kMoreLines,         // and {0} more: `shield inbox ls`
  kForCommunity,      // everyone in the community {0}
  kForVetting,        // vetting level {0} and above
  kForPublic,         // the public
  kOffMap,            // Not on the map, but in the table: {0}
  kStubOne,           // kStub of one bulletin
  kStubOwn,           // of one's own week: what waits in the inbox: {0}
  kTimesAre,          // all times are those of Brussels
  kOrganisedBy,       // organised by {0}
  kRegistrationOver,  // registration ended on {0}
  kAcknowledgeOver,   // was to be acknowledged by {0}
  kNoSeverity,        // severity not given
  kIndicatorsWhole,   // `shield inbox show ID --json` has each indicator whole
  kCount_,            // how many there are
};

absl::string_view Say(Language language, Word word);
// `text` with {0} … {9} replaced; one without its argument stays as it is.
std::string Fill(absl::string_view text, absl::Span<const std::string> arguments);
// With Say.
std::string SayFilled(Language language, Word word, absl::Span<const std::string> arguments);

absl::string_view SaySeverity(Language language, Severity severity);  // empty when unspecified
// "◆", "▲", "■", "●" from extreme to minor, "○" for none: the shapes of the map, in text.
absl::string_view SeverityMark(Severity severity);
// Of these four a word that is unknown comes back itself: it is an author's text then, and is to be
// cleaned as such. What comes back lives as long as the argument.
absl::string_view SayRole(Language language, absl::string_view who);
absl::string_view SayKind(Language language, absl::string_view kind);
absl::string_view SayLikelihood(Language language, absl::string_view word);
absl::string_view SayConfidence(Language language, absl::string_view word);
// "B2 (usually reliable source, probably true)": a grading of the Admiralty system; what is none
// comes back itself.
std::string SayGrading(Language language, absl::string_view grading);
// What a reader may do with what stands under the label, by FIRST TLP 2.0; the label first.
absl::string_view SayLabel(Language language, Tlp label);
// "Monday 16 November 2026", "16 Nov 2026", "16 Nov 2026 07:00", in BriefingZone.
std::string SayDay(Language language, absl::Time moment);
std::string SayDate(Language language, absl::Time moment);
std::string SayMoment(Language language, absl::Time moment);

}  // namespace shield
