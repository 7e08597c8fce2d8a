#include "client/digest/show/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "tests/client/digest/support/hostile_edition.h"
#include "tests/client/digest/support/hostile_strings.h"
#include "tests/client/digest/support/sample_edition.h"

namespace shield {
namespace {

using nlohmann::json;

TEST(Json, HasEverythingOfAnEditionUnderStableNames) {
  const json object = json::parse(WriteJson(SampleOwnEdition(Language::kDutch)));
  std::vector<std::string> names;
  for (const auto& member : object.items()) names.push_back(member.key());
  EXPECT_THAT(names,
              testing::UnorderedElementsAre(
                  "schema", "tlp", "network", "tier", "week", "period", "language", "audience",
                  "revision", "author", "source", "as_of", "valid_until", "quiet", "judgements",
                  "deeds", "items", "also", "open", "expiring", "expired", "withdrawn", "corrected",
                  "places", "places_left_out", "trend", "trend_compares", "events", "indicators",
                  "indicators_left_out", "red", "unacknowledged", "left_out", "provenance",
                  "directory_version", "generator"));
  EXPECT_EQ(object["schema"], "shield/briefing/v1");
  EXPECT_EQ(object["tlp"], "TLP:AMBER+STRICT");
  EXPECT_EQ(object["week"], "2026-W47");
  EXPECT_EQ(object["as_of"], "2026-11-23T06:00:00Z");
  EXPECT_EQ(object["period"]["from"], "2026-11-15T23:00:00Z");
  EXPECT_EQ(object["items"].size(), 3U);
  EXPECT_EQ(object["items"][0]["tlp"], "TLP:AMBER");
  EXPECT_EQ(object["items"][0]["content"]["grading"], "B2");
  EXPECT_EQ(object["items"][1]["change"], "changed");
  EXPECT_FALSE(object["withdrawn"][0].contains("title")) << "it is not told any more";
  EXPECT_EQ(object["red"][0]["tlp"], "TLP:RED");
  EXPECT_EQ(object["red"][0].size(), 4U);
  EXPECT_EQ(object["indicators"][0]["pattern"], "[domain-name:value = 'acces[.]example']");
}

TEST(Json, WhatIsNotGivenIsAbsentAndAnEmptyListIsThere) {
  const json object = json::parse(WriteJson(QuietEdition(Language::kEnglish)));
  EXPECT_EQ(object["quiet"], true);
  EXPECT_TRUE(object["items"].is_array());
  EXPECT_TRUE(object["items"].empty());
  EXPECT_FALSE(object["judgements"][0].contains("likelihood"));
  EXPECT_FALSE(object.contains("foreword"));
}

TEST(Json, EveryTextOfAnAuthorIsThatTextAndDoesNothing) {
  for (const HostileString& hostile : HostileStrings()) {
    const std::string written = WriteJson(FillEveryField(hostile.text));
    for (const char c : written) {
      EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~' && c != '<' && c != '>' && c != '&'))
          << hostile.text;
      if (c < ' ' && c != '\n') break;
    }
    const json object = json::parse(written);
    const std::string expected =
        json::parse(json(hostile.text).dump(-1, ' ', true, json::error_handler_t::replace));
    EXPECT_EQ(object["items"][1]["content"]["title"], expected);
    EXPECT_EQ(object["deeds"][0]["deeds"][1]["text"], expected);
    EXPECT_EQ(object["generator"], expected);
    EXPECT_EQ(object["tlp"], "TLP:AMBER");
    EXPECT_EQ(object.size(), hostile.text.empty() ? 36U : 37U) << "no foreword is none";
  }
}

TEST(Json, IsOneObjectAndALineEnd) {
  const std::string written = WriteJson(SampleEdition(Language::kFrench));
  EXPECT_TRUE(absl::StartsWith(written, "{\n"));
  EXPECT_TRUE(absl::EndsWith(written, "\n}\n"));
}

}  // namespace
}  // namespace shield
