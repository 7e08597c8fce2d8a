#include "policy/origin.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace shield {
namespace {

bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::optional<Origin> Origin::Parse(absl::string_view text) {
  if (text.empty() || text.size() > kMaxSize) return std::nullopt;
  if (!IsLetterOrDigit(text.front()) || !IsLetterOrDigit(text.back())) return std::nullopt;
  for (char c : text) {
    if (!IsLetterOrDigit(c) && c != '.' && c != '-') return std::nullopt;
  }
  if (absl::StrContains(text, "..")) return std::nullopt;
  return Origin(std::string(text));
}

std::string Origin::KeyName(absl::string_view holder) const {
  return absl::StrCat(text_, "/", holder);
}

}  // namespace shield
