// A character that a text names instead of writing it: `&#8364;`, `&#x20AC;`, `&euro;`.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace shield::show {

inline constexpr absl::string_view kReplacementCharacter = "\xEF\xBF\xBD";  // U+FFFD

// The character that `entity` names, in UTF-8: one given by its number, or one of amp, lt, gt,
// quot, apos, nbsp and euro. U+FFFD for a number that is no character; `entity` itself for any
// other name. Pure.
std::string CharacterOf(absl::string_view entity);

}  // namespace shield::show
