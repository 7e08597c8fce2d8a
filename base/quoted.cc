#include "base/quoted.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace shield {
namespace {

constexpr std::array<absl::string_view, 3> kMarks = {"AGE-SECRET-KEY-", "PRIVATE+KEY+",
                                                     "PRIVATE KEY-----"};

bool SameLetter(char a, char b) { return absl::ascii_toupper(a) == absl::ascii_toupper(b); }

}  // namespace

bool HoldsPrivateKey(absl::string_view text) {
  // Searched in place: a copy in one case would be a secret to wipe.
  return std::any_of(kMarks.begin(), kMarks.end(), [text](absl::string_view mark) {
    return std::search(text.begin(), text.end(), mark.begin(), mark.end(), SameLetter) !=
           text.end();
  });
}

std::string Quoted(absl::string_view text) {
  if (HoldsPrivateKey(text)) return "(a private key, not repeated here)";
  std::string shown = absl::CHexEscape(text.substr(0, kMaxQuotedBytes));
  std::replace(shown.begin(), shown.end(), '`', '\'');
  return absl::StrCat("`", shown, text.size() > kMaxQuotedBytes ? "…" : "", "`");
}

}  // namespace shield
