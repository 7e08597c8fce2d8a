#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "client/digest/week.h"
#include "client/digest/words.h"

namespace shield {
namespace {

struct Calendar {
  std::array<absl::string_view, 7> days;  // Monday first
  std::array<absl::string_view, 12> months;
  std::array<absl::string_view, 12> short_months;
};

constexpr Calendar kEnglish = {
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    {"January", "February", "March", "April", "May", "June", "July", "August", "September",
     "October", "November", "December"},
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}};

constexpr Calendar kDutch = {
    {"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"},
    {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
     "oktober", "november", "december"},
    {"jan.", "feb.", "mrt.", "apr.", "mei", "juni", "juli", "aug.", "sep.", "okt.", "nov.",
     "dec."}};

constexpr Calendar kFrench = {
    {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
     "octobre", "novembre", "décembre"},
    {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
     "déc."}};

const Calendar& CalendarOf(Language language) {
  switch (language) {
    case Language::kEnglish:
      return kEnglish;
    case Language::kDutch:
      return kDutch;
    case Language::kFrench:
      return kFrench;
  }
  return kEnglish;
}

// French counts the first of a month and numbers the other days.
std::string DayOfMonth(Language language, int day) {
  return absl::StrCat(day, language == Language::kFrench && day == 1 ? "er" : "");
}

std::string DateWith(Language language, absl::CivilDay day,
                     const std::array<absl::string_view, 12>& months) {
  return absl::StrCat(DayOfMonth(language, day.day()), " ",
                      months[static_cast<size_t>(day.month() - 1)], " ", day.year());
}

}  // namespace

std::string SayDay(Language language, absl::Time moment) {
  const Calendar& calendar = CalendarOf(language);
  const absl::CivilDay day = absl::ToCivilDay(moment, BriefingZone());
  const auto weekday = static_cast<size_t>(absl::GetWeekday(day));
  return absl::StrCat(calendar.days[weekday], " ", DateWith(language, day, calendar.months));
}

std::string SayDate(Language language, absl::Time moment) {
  return DateWith(language, absl::ToCivilDay(moment, BriefingZone()),
                  CalendarOf(language).short_months);
}

std::string SayMoment(Language language, absl::Time moment) {
  const absl::CivilMinute minute = absl::ToCivilMinute(moment, BriefingZone());
  const absl::string_view between = language == Language::kFrench ? "h" : ":";
  return absl::StrCat(SayDate(language, moment),
                      absl::StrFormat(" %02d%s%02d", minute.hour(), between, minute.minute()));
}

}  // namespace shield
