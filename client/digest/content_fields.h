// Fields of a sealed document, read with forgiveness: what has not its form is not there.
//
// The counterpart of client/content/strict_json.h: that one refuses documents, this one reads what
// was accepted already. No function here fails. Pure.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace shield {

using Json = nlohmann::ordered_json;

// The member, or an empty value of the kind asked for when it is absent or of another kind; also
// when `object` is none.
const Json& ObjectAt(const Json& object, const char* name);
const Json& ListAt(const Json& object, const char* name);
std::string TextAt(const Json& object, const char* name);
// The same for a text of one line.
std::string LineAt(const Json& object, const char* name);
// The member when it is one of the words that content.md allows there.
std::string WordAt(const Json& object, const char* name);
// RFC 3339, of the years 1970 to 9999: what every format can write.
std::optional<absl::Time> MomentAt(const Json& object, const char* name);
// Finite.
std::optional<double> NumberAt(const Json& object, const char* name);
std::optional<double> NumberOf(const Json& value);

// Whether a briefing can tell of the moment: the years 1970 to 9999.
bool IsTellable(absl::Time moment);

// A list with a maximum: what does not fit is counted.
template <typename T>
void AddBounded(T value, size_t max, std::vector<T>& list, size_t& left_out) {
  if (list.size() < max) {
    list.push_back(std::move(value));
  } else {
    ++left_out;
  }
}

}  // namespace shield
