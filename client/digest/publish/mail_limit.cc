#include "client/digest/publish/mail_limit.h"

#include <toml++/toml.h>

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/home/private_file.h"

namespace shield {
namespace {

absl::Status BadProfile(absl::string_view what) {
  return WithHint(absl::InvalidArgumentError(absl::StrCat("profile.toml of this home: ", what)),
                  "as in `[email]` and below it `max_tlp = \"TLP:GREEN\"`");
}

absl::StatusOr<Tlp> LimitIn(const toml::table& profile) {
  const toml::node_view<const toml::node> node = profile["email"]["max_tlp"];
  if (!node) return Tlp::kGreen;
  const std::optional<std::string> text = node.value<std::string>();
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
