// What a person asks a briefing for, on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cli/session.h"
#include "client/digest/publish/make_edition.h"

namespace shield::cli {

// Of a foreword, as it is read.
inline constexpr size_t kMaxForewordBytes = 64 * 1024;

struct DigestOptions {
  std::optional<std::string> week;  // not given: the last one that is over
  std::string tier;
  bool mine = false;
  bool for_others = false;  // of a command that has no --mine
  std::vector<std::string> to;
  std::string language;  // empty: en, or that of the edition to be replaced
  std::string foreword;  // a file
  std::vector<std::string> pick;
  std::vector<std::string> leave;
  std::string as_of;
};

// --week, --tier, --to, --lang, --foreword, --pick, --leave.
void AddDigestOptions(CLI::App* command, DigestOptions& options);

// USAGE for a word that is none, and a foreword that is no text (UTF-8 without controls but LF and
// TAB; the CR of a line that ends with CR LF goes); PICKED_AND_LEFT, a usage error too, for an id
// that is both; the errors of ReadInputFile for the foreword. `generator` is this program.
absl::StatusOr<BriefingRequest> ReadRequest(const DigestOptions& options, absl::Time now);

// The week that was named, or the last one that is over at `now`.
absl::StatusOr<Week> ReadWeek(const std::optional<std::string>& text, absl::Time now);

// "green", or the label of the tier in any spelling of ParseTlp: "TLP:GREEN". USAGE.
absl::StatusOr<Tier> ReadTierWord(const std::string& word);

}  // namespace shield::cli
