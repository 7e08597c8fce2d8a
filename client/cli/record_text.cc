#include "client/cli/record_text.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "client/cli/bulletin_text.h"
#include "policy/fields.h"

namespace shield::cli {
namespace {

std::string ReadableMoment(absl::string_view text) {
  const std::optional<absl::Time> time = ParseMoment(text);
  if (!time.has_value()) return std::string(text);
  return *time == NoEnd() ? "no-end" : PrintTime(*time);
}

// "firm:<from>-<until>"; a moment has no hyphen.
std::string ReadableClient(absl::string_view client) {
  const std::vector<absl::string_view> halves = absl::StrSplit(client, absl::MaxSplits(':', 1));
  if (halves.size() != 2) return std::string(client);
  const std::vector<absl::string_view> moments = absl::StrSplit(halves[1], '-');
  if (moments.size() != 2) return std::string(client);
  return absl::StrCat(halves[0], ":", ReadableMoment(moments[0]), "/", ReadableMoment(moments[1]));
}

std::string ReadableWord(absl::string_view word) {
  for (const absl::string_view field : {"from=", "until=", "issued=", "expires="}) {
    absl::string_view value = word;
    if (absl::ConsumePrefix(&value, field)) return absl::StrCat(field, ReadableMoment(value));
  }
  absl::string_view clients = word;
  if (!absl::ConsumePrefix(&clients, "clients=") || clients.empty()) return std::string(word);
  std::vector<std::string> readable;
  for (const absl::string_view client : absl::StrSplit(clients, ',')) {
    readable.push_back(ReadableClient(client));
  }
  return absl::StrCat("clients=", absl::StrJoin(readable, ","));
}

}  // namespace

std::string ReadableRecord(absl::string_view line) {
  std::vector<std::string> words;
  for (const absl::string_view word : absl::StrSplit(line, ' ')) {
    words.push_back(ReadableWord(word));
  }
  return absl::StrJoin(words, " ");
}

}  // namespace shield::cli
