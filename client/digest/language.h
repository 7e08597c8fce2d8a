// The languages that a briefing is written in.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield {

enum class Language { kEnglish, kDutch, kFrench };

// "en", "nl", "fr": BCP 47.
absl::string_view PrintLanguage(Language language);
// INVALID_ARGUMENT for anything else.
absl::StatusOr<Language> ParseLanguage(absl::string_view text);

}  // namespace shield
