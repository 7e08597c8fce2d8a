#include "policy/labels.h"

#include <gtest/gtest.h>

#include "base/status.h"

namespace shield {
namespace {

TEST(Tlp, PublishTakesTheFiveLabelsInAnyCase) {
  for (Tlp tlp : kAllTlp) {
    EXPECT_EQ(ParseTlp(TlpWithPrefix(tlp)).value(), tlp);
    EXPECT_EQ(ParseTlp(TlpBare(tlp)).value(), tlp);
  }
  EXPECT_EQ(ParseTlp("tlp:amber+strict").value(), Tlp::kAmberStrict);
  EXPECT_EQ(TlpWithPrefix(Tlp::kAmberStrict), "TLP:AMBER+STRICT");
}

TEST(Tlp, PublishRefusesWithTheRule) {
  const auto rule = [](absl::string_view text) { return RuleOf(ParseTlp(text).status()); };
  for (absl::string_view text : {"", " ", "\n"}) EXPECT_EQ(rule(text), "LABEL_REQUIRED") << text;
  for (absl::string_view text :
       {"TLP:WHITE", "WHITE", "TLP: RED", "TLP:ROUGE", "TLP:AMBER-STRICT", "TLP:AMBER STRICT",
        "TLP:EX:CHR", "TLP:", "TLP:TLP:RED", " TLP:RED", "TLP:RED.", "UNSPECIFIED",
        "TLP:R\xc3\x89"
        "D"}) {
    EXPECT_EQ(rule(text), "INVALID_LABEL") << text;
  }
  for (absl::string_view text : {"TLP:RED TLP:GREEN", "tlp:red,tlp:red", "GREEN/CLEAR"}) {
    EXPECT_EQ(rule(text), "AMBIGUOUS_LABEL") << text;
  }
  EXPECT_FALSE(HintOf(ParseTlp("ROUGE").status()).empty());
}

TEST(Tlp, BareFormIsExact) {
  for (Tlp tlp : kAllTlp) EXPECT_EQ(ParseBareTlp(TlpBare(tlp)), tlp);
  for (absl::string_view text : {"red", "TLP:RED", "RED ", "", "UNSPECIFIED", "WHITE"}) {
    EXPECT_FALSE(ParseBareTlp(text).has_value()) << text;
  }
}

TEST(Tlp, ImportMapsWhatOthersWrote) {
  const auto import = [](absl::string_view text) { return ParseImportedTlp(text).value(); };
  EXPECT_EQ(import("TLP:WHITE").tlp, Tlp::kClear);
  EXPECT_EQ(import("TLP:WHITE").mark, ImportMark::kLegacyWhite);
  EXPECT_EQ(import("").tlp, Tlp::kAmberStrict);
  EXPECT_EQ(import("").mark, ImportMark::kUnlabelled);
  EXPECT_EQ(import("TLP:GREEN, TLP:AMBER").tlp, Tlp::kAmber);
  EXPECT_EQ(import("TLP:WHITE TLP:GREEN").mark, ImportMark::kSeveralLabels);
  EXPECT_EQ(import("tlp:red").mark, ImportMark::kNone);
  EXPECT_EQ(RuleOf(ParseImportedTlp("TLP:ROUGE").status()), "INVALID_LABEL");
}

TEST(Tlp, CombiningTakesTheMostRestrictive) {
  for (size_t i = 0; i < kAllTlp.size(); ++i) {
    for (size_t j = 0; j < kAllTlp.size(); ++j) {
      EXPECT_EQ(MostRestrictive(kAllTlp[i], kAllTlp[j]), kAllTlp[std::min(i, j)]);
    }
  }
}

TEST(Tlp, ColoursAreThoseOfTheStandard) {
  EXPECT_EQ(TlpColour(Tlp::kRed), "#FF2B2B");
  EXPECT_EQ(TlpColour(Tlp::kAmberStrict), "#FFC000");
  EXPECT_EQ(TlpColour(Tlp::kAmber), "#FFC000");
  EXPECT_EQ(TlpColour(Tlp::kGreen), "#33FF00");
  EXPECT_EQ(TlpColour(Tlp::kClear), "#FFFFFF");
}

}  // namespace
}  // namespace shield
