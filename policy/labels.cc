#include "policy/labels.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "policy/fields.h"

namespace shield {
namespace {

constexpr absl::string_view kChoices =
    "write one of TLP:RED, TLP:AMBER+STRICT, TLP:AMBER, TLP:GREEN, TLP:CLEAR";

// One label with or without prefix, in any case.
std::optional<Tlp> OneLabel(absl::string_view text) {
  const std::string capitals = absl::AsciiStrToUpper(text);
  absl::string_view bare = capitals;
  absl::ConsumePrefix(&bare, "TLP:");
  return ParseBareTlp(bare);
}

std::optional<Tlp> OneImportedLabel(absl::string_view text) {
  const std::string capitals = absl::AsciiStrToUpper(text);
  if (capitals == "TLP:WHITE" || capitals == "WHITE") return Tlp::kClear;
  return OneLabel(text);
}

std::vector<absl::string_view> Words(absl::string_view text) {
  return absl::StrSplit(text, absl::ByAnyChar(" \t\n,;|/"), absl::SkipEmpty());
}

absl::Status Refusal(absl::string_view rule, absl::string_view sentence) {
  return WithHint(WithRule(absl::InvalidArgumentError(sentence), rule), kChoices);
}

}  // namespace

absl::StatusOr<Tlp> ParseTlp(absl::string_view text) {
  if (absl::StripAsciiWhitespace(text).empty()) {
    return Refusal("LABEL_REQUIRED", "the bulletin has no TLP label, and there is no default");
  }
  if (std::optional<Tlp> tlp = OneLabel(text)) return *tlp;
  const std::vector<absl::string_view> words = Words(text);
  const auto labels = std::count_if(words.begin(), words.end(), [](absl::string_view word) {
    return OneImportedLabel(word).has_value();
  });
  if (labels > 1) {
    return Refusal("AMBIGUOUS_LABEL", absl::StrCat(Quoted(text), " holds more than one TLP label"));
  }
  return Refusal("INVALID_LABEL", absl::StrCat(Quoted(text), " is not a label of TLP 2.0"));
}

std::optional<Tlp> ParseBareTlp(absl::string_view text) {
  for (Tlp tlp : kAllTlp) {
    if (text == TlpBare(tlp)) return tlp;
  }
  return std::nullopt;
}

absl::string_view TlpBare(Tlp tlp) {
  switch (tlp) {
    case Tlp::kUnspecified:
      break;
    case Tlp::kRed:
      return "RED";
    case Tlp::kAmberStrict:
      return "AMBER+STRICT";
    case Tlp::kAmber:
      return "AMBER";
    case Tlp::kGreen:
      return "GREEN";
    case Tlp::kClear:
      return "CLEAR";
  }
  return "UNSPECIFIED";
}

std::string TlpWithPrefix(Tlp tlp) { return absl::StrCat("TLP:", TlpBare(tlp)); }

absl::string_view TlpColour(Tlp tlp) {
  switch (tlp) {
    case Tlp::kRed:
      return "#FF2B2B";
    case Tlp::kAmberStrict:
    case Tlp::kAmber:
      return "#FFC000";
    case Tlp::kGreen:
      return "#33FF00";
    case Tlp::kUnspecified:
    case Tlp::kClear:
      break;
  }
  return "#FFFFFF";
}

Tlp MostRestrictive(Tlp a, Tlp b) { return std::min(a, b); }

absl::StatusOr<ImportedLabel> ParseImportedTlp(absl::string_view text) {
  const std::vector<absl::string_view> words = Words(text);
  if (words.empty()) return ImportedLabel{Tlp::kAmberStrict, ImportMark::kUnlabelled};

  ImportedLabel imported;
  for (absl::string_view word : words) {
    const std::optional<Tlp> tlp = OneImportedLabel(word);
    if (!tlp.has_value()) {
      return Refusal("INVALID_LABEL", absl::StrCat(Quoted(text), " is not a label of TLP"));
    }
    if (imported.tlp == Tlp::kUnspecified) {
      imported.tlp = *tlp;
      if (!OneLabel(word).has_value()) imported.mark = ImportMark::kLegacyWhite;
    } else {
      imported.tlp = MostRestrictive(imported.tlp, *tlp);
      imported.mark = ImportMark::kSeveralLabels;
    }
  }
  return imported;
}

}  // namespace shield
