#include "client/digest/publish/mail_limit.h"

#include <toml++/toml.h>

#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/quoted.h"
#include "base/status.h"
#include "client/home/private_file.h"

namespace shield {
namespace {

absl::Status BadProfile(absl::string_view what) {
  return WithHint(absl::InvalidArgumentError(absl::StrCat("profile.toml of this home: ", what)),
                  "as in `[email]` and below it `max_tlp = \"TLP:GREEN\"`");
}

// A limit that is written in another place than it is read from is one that does not hold.
bool LooksLikeTheLimit(absl::string_view key) {
  const std::string lower = absl::AsciiStrToLower(key);
  return absl::StrContains(lower, "mail") || absl::StrContains(lower, "tlp");
}

absl::StatusOr<Tlp> LimitIn(const toml::table& profile) {
  for (const auto& [key, value] : profile) {
    const std::string name(key.str());
    if (name != "email" && LooksLikeTheLimit(name)) {
      return BadProfile(absl::StrCat(Quoted(name), " is not known"));
    }
  }
  const toml::node* email = profile.get("email");
  if (email == nullptr) return Tlp::kGreen;
  if (!email->is_table()) return BadProfile("`email` is no table");
  const toml::table& settings = *email->as_table();
  for (const auto& [key, value] : settings) {
    const std::string name(key.str());
    if (name != "max_tlp") {
      return BadProfile(absl::StrCat(Quoted(name), " of `email` is not known"));
    }
  }
  if (settings.empty()) return Tlp::kGreen;
  const std::optional<std::string> text = settings["max_tlp"].value<std::string>();
  if (!text.has_value()) return BadProfile("`email.max_tlp` is no text");
  const absl::StatusOr<Tlp> label = ParseTlp(*text);
  if (!label.ok()) return BadProfile("`email.max_tlp` is no label");
  if (*label == Tlp::kRed) return BadProfile("TLP:RED is for named persons and never mailed");
  return *label;
}

}  // namespace

absl::StatusOr<Tlp> ReadMailLimit(const Home& home) {
  const absl::StatusOr<std::string> text =
      ReadSmallFile(home.PathOf("profile.toml"), kMaxProfileBytes);
  if (absl::IsNotFound(text.status())) return Tlp::kGreen;
  RETURN_IF_ERROR(text.status());
  try {
    return LimitIn(toml::parse(*text));
  } catch (const toml::parse_error&) {
    return BadProfile("it is no TOML");
  }
}

}  // namespace shield
