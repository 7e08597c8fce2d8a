#include "client/digest/content_fields.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "client/content/content_words.h"

namespace shield {
namespace {

// Null when it is not there.
const Json* Find(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

const Json& ObjectAt(const Json& object, const char* name) {
  static const auto& empty = *new Json(Json::object());
  const Json* member = Find(object, name);
  return member != nullptr && member->is_object() ? *member : empty;
}

const Json& ListAt(const Json& object, const char* name) {
  static const auto& empty = *new Json(Json::array());
  const Json* member = Find(object, name);
  return member != nullptr && member->is_array() ? *member : empty;
}

std::string TextAt(const Json& object, const char* name) {
  const Json* member = Find(object, name);
  return member != nullptr && member->is_string() ? member->get<std::string>() : std::string();
}

std::string LineAt(const Json& object, const char* name) {
  std::string text = TextAt(object, name);
  if (text.find('\n') != std::string::npos) text.clear();
  return text;
}

std::string WordAt(const Json& object, const char* name) {
  std::string word = TextAt(object, name);
  if (!word.empty() && !CheckContentWords(Json{{name, word}}).ok()) word.clear();
  return word;
}

std::optional<absl::Time> MomentAt(const Json& object, const char* name) {
  absl::Time moment;
  const std::string text = TextAt(object, name);
  if (!absl::ParseTime(absl::RFC3339_full, text, &moment, nullptr)) return std::nullopt;
  if (!IsTellable(moment)) return std::nullopt;
  return moment;
}

std::optional<double> NumberAt(const Json& object, const char* name) {
  const Json* member = Find(object, name);
  return member == nullptr ? std::nullopt : NumberOf(*member);
}

std::optional<double> NumberOf(const Json& value) {
  if (!value.is_number()) return std::nullopt;
  const double number = value.get<double>();
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

bool IsTellable(absl::Time moment) {
  static const absl::Time end = absl::FromCivil(absl::CivilYear(10000), absl::UTCTimeZone());
  return absl::UnixEpoch() <= moment && moment < end - absl::Hours(24);
}

}  // namespace shield
