#include "client/digest/language.h"

#include "absl/strings/str_cat.h"
#include "base/quoted.h"
#include "base/status.h"

namespace shield {

absl::string_view PrintLanguage(Language language) {
  switch (language) {
    case Language::kEnglish:
      return "en";
    case Language::kDutch:
      return "nl";
    case Language::kFrench:
      return "fr";
  }
  return "en";
}

absl::StatusOr<Language> ParseLanguage(absl::string_view text) {
  for (Language language : {Language::kEnglish, Language::kDutch, Language::kFrench}) {
    if (text == PrintLanguage(language)) return language;
  }
  return WithHint(absl::InvalidArgumentError(
                      absl::StrCat("no briefing is written in the language ", Quoted(text))),
                  "use en, nl or fr");
}

}  // namespace shield
