// What is published in a quarter, moment by moment: more than 600 bulletins in thirteen weeks of
// 2026.
//
//   for (const QuarterDeed& deed : PlanQuarter({.seed = 1})) …     // quarter_network.h does them
//
// Pure: the same order gives the same deeds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/digest/week.h"

namespace shield::testing {

inline constexpr int kQuarterWeeks = 13;
// In this week, counted from 0, nothing is published.
inline constexpr int kQuietWeek = 11;

// 2026-W39, the week in which the clock of a sample network begins.
Week FirstWeekOfQuarter();

// Texts of others to be taken among the bulletins: a body, or what a STIX file looks for.
struct QuarterSample {
  std::string name;
  std::string body;                   // CommonMark; empty for a STIX file
  std::vector<std::string> patterns;  // STIX
};

struct QuarterOrder {
  uint64_t seed = 2026;
  std::vector<QuarterSample> samples = {};
};

struct QuarterDeed {
  enum class Kind {
    kPublish,
    kReplace,   // `draft` supersedes what deed `target` published
    kRelabel,   // … relabels it
    kWithdraw,  // `target`
    kShare,     // `target`, with `to`
  };
  Kind kind = Kind::kPublish;
  absl::Time at = absl::UnixEpoch();
  std::string member;
  std::string draft = {};  // front matter and body
  std::string to = {};
  std::optional<size_t> target = {};  // an earlier deed that published
};

// By time.
std::vector<QuarterDeed> PlanQuarter(const QuarterOrder& order);

}  // namespace shield::testing
