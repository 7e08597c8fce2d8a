#include "client/digest/week.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "base/quoted.h"
#include "base/status.h"
#include "client/digest/brussels_rule.h"

namespace shield {
namespace {

constexpr int kFirstYear = 1997;
constexpr int kLastYear = 9998;
constexpr int kDueHour = 7;

absl::CivilDay MondayOf(absl::CivilDay day) {
  return absl::PrevWeekday(day + 1, absl::Weekday::monday);
}

// The fourth of January is always in the first week.
absl::CivilDay MondayOf(int year, int number) {
  return MondayOf(absl::CivilDay(year, 1, 4)) + 7 * (number - 1);
}

int WeeksIn(int year) { return static_cast<int>((MondayOf(year + 1, 1) - MondayOf(year, 1)) / 7); }

// What FormatTime can write in four digits.
absl::CivilDay Bounded(absl::CivilDay day) {
  return std::clamp(day, absl::CivilDay(1, 1, 8), absl::CivilDay(9999, 12, 24));
}

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

}  // namespace

absl::TimeZone BriefingZone() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone from_files;
    return absl::LoadTimeZone("Europe/Brussels", &from_files) ? from_files : BrusselsByRule();
  }();
  return zone;
}

absl::StatusOr<Week> Week::Parse(absl::string_view text) {
  const absl::Status refused = WithHint(
      absl::InvalidArgumentError(absl::StrCat(Quoted(text), " is no week of 1997 to 9998")),
      "write the ISO week as YYYY-Www, for example 2026-W47");
  int year = 0;
  int number = 0;
  if (text.size() != 8 || text.substr(4, 2) != "-W" || !AllDigits(text.substr(0, 4)) ||
      !AllDigits(text.substr(6)) || !absl::SimpleAtoi(text.substr(0, 4), &year) ||
      !absl::SimpleAtoi(text.substr(6), &number)) {
    return refused;
  }
  if (year < kFirstYear || year > kLastYear || number < 1) return refused;
  if (number > WeeksIn(year)) {
    return WithHint(absl::InvalidArgumentError(absl::StrCat(Quoted(text), " is no week: ", year,
                                                            " has ", WeeksIn(year), " weeks")),
                    absl::StrCat("the last one is ", year, "-W", WeeksIn(year)));
  }
  return Week(year, number);
}

Week Week::Of(absl::Time moment) {
  const absl::CivilDay monday = MondayOf(Bounded(absl::ToCivilDay(moment, BriefingZone())));
  const absl::CivilDay thursday = monday + 3;
  return Week(static_cast<int>(thursday.year()), (absl::GetYearDay(thursday) - 1) / 7 + 1);
}

std::string Week::Print() const { return absl::StrFormat("%04d-W%02d", year_, number_); }

absl::Time Week::begin() const { return absl::FromCivil(MondayOf(year_, number_), BriefingZone()); }

absl::Time Week::end() const {
  return absl::FromCivil(MondayOf(year_, number_) + 7, BriefingZone());
}

Week Week::Plus(int weeks) const {
  const absl::CivilDay monday = Bounded(MondayOf(year_, number_) + absl::civil_diff_t{7} * weeks);
  return Of(absl::FromCivil(monday, BriefingZone()));
}

absl::Time Week::due() const {
  const absl::CivilDay monday = MondayOf(year_, number_) + 7;
  return absl::FromCivil(absl::CivilHour(monday) + kDueHour, BriefingZone());
}

}  // namespace shield
