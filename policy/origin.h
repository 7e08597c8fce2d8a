// The name of a network, for example "shield.antwerp.example" (docs/spec/statement.md).
//
// It leads the name of every key of the network (`<origin>/<member-id>`), so it holds no slash, no
// space and no plus sign: [a-z0-9]([a-z0-9.-]{0,126}[a-z0-9])?, without two full stops in a row.
#pragma once

#include <compare>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace shield {

// Immutable.
class Origin {
 public:
  static constexpr size_t kMaxSize = 128;

  static std::optional<Origin> Parse(absl::string_view text);

  absl::string_view text() const { return text_; }
  const std::string& str() const { return text_; }

  // The name of the key that `holder` (a member id, "broker", "log", …) has in this network.
  std::string KeyName(absl::string_view holder) const;

  friend auto operator<=>(const Origin&, const Origin&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Origin& origin) {
    return out << origin.text_;
  }

 private:
  explicit Origin(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace shield
