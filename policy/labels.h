// The five labels of TLP 2.0 (FIRST, August 2022), their only spellings, and what to make of
// others.
//
//   ASSIGN_OR_RETURN(Tlp tlp, ParseTlp("tlp:amber+strict"));   // kAmberStrict
//   TlpWithPrefix(tlp)                                         // "TLP:AMBER+STRICT"
//
// Labels are not nested: that a client may have AMBER does not give it GREEN (docs/spec/tlp.md).
#pragma once

#include <array>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield {

// In the order of restriction; kUnspecified is refused everywhere.
enum class Tlp { kUnspecified, kRed, kAmberStrict, kAmber, kGreen, kClear };

inline constexpr std::array<Tlp, 5> kAllTlp = {Tlp::kRed, Tlp::kAmberStrict, Tlp::kAmber,
                                               Tlp::kGreen, Tlp::kClear};

// The label a person wrote for a bulletin to be published, with or without its prefix, in any case.
// Refused, each with its rule and a sentence: nothing (LABEL_REQUIRED), two labels
// (AMBIGUOUS_LABEL), everything that is not one of the five, the obsolete WHITE and spaces after
// the prefix included (INVALID_LABEL).
absl::StatusOr<Tlp> ParseTlp(absl::string_view text);

// The label exactly as a statement writes it: bare, capitals. Nothing for any other text.
std::optional<Tlp> ParseBareTlp(absl::string_view text);

// "AMBER+STRICT", as statements write it. kUnspecified gives "UNSPECIFIED", which no parser takes.
absl::string_view TlpBare(Tlp tlp);

// "TLP:AMBER+STRICT", as people and programs read it.
std::string TlpWithPrefix(Tlp tlp);

// The colour of FIRST's standard, "#RRGGBB" on black.
absl::string_view TlpColour(Tlp tlp);

// The label of a whole whose parts carry `a` and `b`.
Tlp MostRestrictive(Tlp a, Tlp b);

// What came in from elsewhere, with what was done to its label.
enum class ImportMark {
  kNone,
  kLegacyWhite,    // WHITE, read as CLEAR
  kUnlabelled,     // no label: AMBER+STRICT, in quarantine until a person labels it
  kSeveralLabels,  // the most restrictive of them
};
struct ImportedLabel {
  Tlp tlp = Tlp::kUnspecified;
  ImportMark mark = ImportMark::kNone;
};

// The label of something imported. Still refused: text that holds no label (INVALID_LABEL).
absl::StatusOr<ImportedLabel> ParseImportedTlp(absl::string_view text);

}  // namespace shield
