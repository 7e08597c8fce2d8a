// A week of briefings: ISO 8601, Monday 00:00 to Monday 00:00 in Brussels.
//
//   ASSIGN_OR_RETURN(Week week, Week::Parse("2026-W47"));
//   week.begin();   // 2026-11-16 00:00 +01:00
//
// Immutable value. Source: ISO 8601 week dates; the week with the year's first Thursday is W01.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace shield {

// Where days begin and are named. From the system's zone files; where they are absent, the rule of
// the European Union since 1996 (CET, CEST from the last Sunday of March to that of October, 01:00
// UTC) gives the same answers from that year on.
absl::TimeZone BriefingZone();

class Week {
 public:
  // INVALID_ARGUMENT for anything but a week that there is, written YYYY-Www, 1997 to 9998.
  static absl::StatusOr<Week> Parse(absl::string_view text);
  // The week that `moment` lies in.
  static Week Of(absl::Time moment);

  std::string Print() const;  // 2026-W47
  int year() const { return year_; }
  int number() const { return number_; }  // 1 to 53
  absl::Time begin() const;
  absl::Time end() const;  // the next week's begin
  Week Plus(int weeks) const;
  // When its edition is due: Monday 07:00 after it.
  absl::Time due() const;

  friend bool operator==(const Week&, const Week&) = default;

 private:
  Week(int year, int number) : year_(year), number_(number) {}
  int year_;
  int number_;
};

}  // namespace shield
