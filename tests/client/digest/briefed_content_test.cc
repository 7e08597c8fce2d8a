#include "client/digest/briefed_content.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/content/content.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::ordered_json;

Json Document(absl::string_view kind) {
  return {{"schema", "shield/content/v1"},
          {"tlp", "TLP:GREEN"},
          {"kind", std::string(kind)},
          {"title", "Bags left at the station"},
          {"language", "en"}};
}

BriefedContent Read(const Json& document, Language language = Language::kEnglish) {
  const absl::StatusOr<Content> content = ParseContent(document.dump());
  EXPECT_TRUE(content.ok()) << content.status();
  return content.ok() ? ReadBriefedContent(*content, language) : BriefedContent();
}

// Every member that is read, in its form.
Json FullDocument(absl::string_view kind) {
  Json document = Document(kind);
  document["summary"] = "Three in two weeks.";
  document["body"] = "# What is known\n\nThree bags.";
  document["translations"] = {{{"language", "nl-BE"},
                               {"title", "Tassen in het station"},
                               {"summary", "Drie in twee weken."},
                               {"body", "Drie tassen."}},
                              {{"language", "fr"}, {"title", "Sacs à la gare"}}};
  document["actions"] = {{{"who", "guards"}, {"text", "Walk the hall every hour."}}};
  document["restrictions"] = {"Not for social media"};
  document["severity"] = "severe";
  document["urgency"] = "expected";
  document["certainty"] = "likely";
  document["grading"] = {{"source", "B"}, {"information", 2}};
  document["likelihood"] = "very likely";
  document["confidence"] = "moderate";
  document["statement_type"] = "assessment";
  document["areas"] = {{{"type", "Feature"},
                        {"name", "Central station"},
                        {"radius_m", 300},
                        {"geometry", {{"type", "Point"}, {"coordinates", {4.4213, 51.2172}}}}}};
  document["valid"] = {{"from", "2026-11-16T00:00:00+01:00"}, {"until", "2026-11-30T00:00:00Z"}};
  document["indicators"] = {{{"pattern", "[domain-name:value = 'bad.example']"},
                             {"name", "bad.example"},
                             {"valid_until", "2026-12-01T00:00:00Z"}}};
  document["hash_list"] = {{"algorithm", "SHA-256"}, {"values", {"00ff", "11ee"}}};
  document["contact"] = {{"name", "Duty desk"}, {"phone", "+32 3 000 00 00"}, {"hours", "24/7"}};
  document["acknowledge_by"] = "2026-11-20T12:00:00Z";
  document["details"] = {{"event", "Marathon"},
                         {"place", "Grote Markt"},
                         {"organiser", "City"},
                         {"starts", "2026-12-06T09:00:00+01:00"},
                         {"ends", "2026-12-06T17:00:00+01:00"},
                         {"register_until", "2026-12-01T00:00:00Z"},
                         {"uid", "marathon-2026@example"},
                         {"scheme", "ocad"},
                         {"level", 3},
                         {"previous", "2"},
                         {"scope", "sector"},
                         {"of", "transport"}};
  return document;
}

TEST(BriefedContentTest, ReadsEveryMember) {
  const BriefedContent content = Read(FullDocument("event_plan"));
  EXPECT_EQ(content.title, "Bags left at the station");
  EXPECT_EQ(content.summary, "Three in two weeks.");
  EXPECT_EQ(content.language, "en");
  EXPECT_EQ(content.severity, Severity::kSevere);
  EXPECT_EQ(content.urgency, "expected");
  EXPECT_EQ(content.certainty, "likely");
  EXPECT_EQ(content.grading, "B2");
  EXPECT_EQ(content.likelihood, "very likely");
  EXPECT_EQ(content.confidence, "moderate");
  EXPECT_EQ(content.statement_type, StatementType::kAssessment);
  EXPECT_THAT(content.restrictions, ElementsAre("Not for social media"));
  ASSERT_THAT(content.actions, SizeIs(1));
  EXPECT_EQ(content.actions[0].who, "guards");
  ASSERT_THAT(content.places, SizeIs(1));
  EXPECT_EQ(content.places[0].name, "Central station");
  EXPECT_DOUBLE_EQ(content.places[0].longitude, 4.4213);
  EXPECT_DOUBLE_EQ(content.places[0].latitude, 51.2172);
  EXPECT_EQ(content.places[0].radius_m, 300);
  EXPECT_EQ(*content.valid_from, absl::FromUnixSeconds(1'794'783'600));
  ASSERT_THAT(content.indicators, SizeIs(3));
  EXPECT_EQ(content.indicators[1].pattern, "00ff");
  EXPECT_EQ(content.indicators[1].name, "SHA-256");
  EXPECT_EQ(content.contact_phone, "+32 3 000 00 00");
  EXPECT_TRUE(content.acknowledge_by.has_value());
  EXPECT_EQ(content.left_out, 0u);
}

TEST(BriefedContentTest, WhatToDoIsSaidInTheLanguageOfTheEditionWhereTheBulletinHasIt) {
  Json document = FullDocument("notice");
  EXPECT_EQ(Read(document, Language::kDutch).actions, Read(document).actions) << "untranslated";
  document["translations"][0]["actions"] = {{{"who", "it"}, {"text", "Blokkeer het adres."}}};
  const BriefedContent dutch = Read(document, Language::kDutch);
  ASSERT_THAT(dutch.actions, SizeIs(1));
  EXPECT_EQ(dutch.actions[0].who, "it");
  EXPECT_EQ(dutch.actions[0].text, "Blokkeer het adres.");
  EXPECT_EQ(Read(document).actions[0].who, "guards") << "its own language";
}

TEST(BriefedContentTest, AnEventIsReadByItsKind) {
  const BriefedContent plan = Read(FullDocument("event_plan"));
  ASSERT_TRUE(plan.event.has_value());
  EXPECT_EQ(plan.event->what, "Marathon");
  EXPECT_EQ(plan.event->uid, "marathon-2026@example");
  EXPECT_EQ(*plan.event->ends - plan.event->starts, absl::Hours(8));
  EXPECT_EQ(Read(FullDocument("training")).event->what, "Bags left at the station");
  EXPECT_FALSE(Read(FullDocument("notice")).event.has_value());
  Json without_begin = FullDocument("meeting");
  without_begin["details"].erase("starts");
  EXPECT_FALSE(Read(without_begin).event.has_value());
}

TEST(BriefedContentTest, AnEndBeforeTheBeginIsNone) {
  Json document = FullDocument("meeting");
  document["details"]["ends"] = "2026-12-05T09:00:00+01:00";
  EXPECT_FALSE(Read(document).event->ends.has_value());
}

TEST(BriefedContentTest, AThreatLevelMayBeANumberOrAWord) {
  const BriefedContent content = Read(FullDocument("threat_level"));
  ASSERT_TRUE(content.threat_level.has_value());
  EXPECT_EQ(content.threat_level->level, "3");
  EXPECT_EQ(content.threat_level->previous, "2");
  Json without = FullDocument("threat_level");
  without["details"]["level"] = Json::array({3});
  EXPECT_FALSE(Read(without).threat_level.has_value());
}

TEST(BriefedContentTest, TextsAreInTheLanguageAskedForWhereTheyAre) {
  const BriefedContent dutch = Read(FullDocument("notice"), Language::kDutch);
  EXPECT_EQ(dutch.title, "Tassen in het station");
  EXPECT_EQ(dutch.body, "Drie tassen.");
  EXPECT_EQ(dutch.language, "nl-BE");
  const BriefedContent french = Read(FullDocument("notice"), Language::kFrench);
  EXPECT_EQ(french.title, "Sacs à la gare");
  EXPECT_EQ(french.summary, "Three in two weeks.");  // that one was not translated
}

TEST(BriefedContentTest, ATextInTheLanguageAskedForIsNotTranslated) {
  Json document = FullDocument("notice");
  document["language"] = "NL";
  EXPECT_EQ(Read(document, Language::kDutch).title, "Bags left at the station");
}

TEST(BriefedContentTest, AnAreaIsTheMiddleOfItsBox) {
  Json document = Document("geo_restriction");
  document["areas"] = Json::parse(R"([
    {"type":"Feature","properties":{"name":"Meir","radius_m":50},
     "geometry":{"type":"Polygon","coordinates":[[[4.40,51.20],[4.42,51.20],[4.42,51.22],[4.40,51.20]]]}},
    {"name":"Two","geometry":{"type":"GeometryCollection","geometries":[
      {"type":"Point","coordinates":[4,51,12]},{"type":"Point","coordinates":[5,52]}]}},
    {"name":"Bare","type":"Point","coordinates":[3,50]}])");
  const BriefedContent content = Read(document);
  ASSERT_THAT(content.places, SizeIs(3));
  EXPECT_NEAR(content.places[0].longitude, 4.41, 1e-9);
  EXPECT_NEAR(content.places[0].latitude, 51.21, 1e-9);
  EXPECT_EQ(content.places[0].radius_m, 50);
  EXPECT_DOUBLE_EQ(content.places[1].longitude, 4.5);
  EXPECT_EQ(content.places[2].name, "Bare");
}

TEST(BriefedContentTest, PlacesThatAreNotOnEarthAreNone) {
  for (const char* feature :
       {R"({"name":"a","geometry":{"type":"Point","coordinates":[181,51]}})",
        R"({"name":"a","geometry":{"type":"Point","coordinates":[4,-90.5]}})",
        R"({"name":"a","geometry":{"type":"Point","coordinates":[1e300,51]}})",
        R"({"name":"a","geometry":{"type":"Point","coordinates":["4",51]}})",
        R"({"name":"a","geometry":{"type":"Point","coordinates":[4]}})",
        R"({"name":"a","geometry":{"type":"Point","coordinates":[]}})",
        R"({"name":"a","geometry":{"type":"LineString","coordinates":[[4,51],[4,95]]}})",
        R"({"name":"","geometry":{"type":"Point","coordinates":[4,51]}})",
        R"({"name":"a\nb","geometry":{"type":"Point","coordinates":[4,51]}})",
        R"({"geometry":{"type":"Point","coordinates":[4,51]}})", R"({"name":"a"})", "4", "null",
        R"([4,51])"}) {
    Json document = Document("notice");
    document["areas"] = Json::array({Json::parse(feature)});
    EXPECT_THAT(Read(document).places, IsEmpty()) << feature;
  }
}

TEST(BriefedContentTest, ARadiusLargerThanTheEarthIsNone) {
  Json document = FullDocument("notice");
  for (const Json& radius : {Json(-1), Json(1e12), Json("300"), Json(nullptr)}) {
    document["areas"][0]["radius_m"] = radius;
    const BriefedContent content = Read(document);
    ASSERT_THAT(content.places, SizeIs(1));
    EXPECT_FALSE(content.places[0].radius_m.has_value()) << radius;
  }
}

TEST(BriefedContentTest, EachListHasAMaximumAndCountsTheRest) {
  Json document = Document("indicator_checklist");
  for (int i = 0; i < 100; ++i) {
    document["actions"].push_back({{"who", "it"}, {"text", absl::StrCat("do ", i)}});
    document["indicators"].push_back({{"pattern", absl::StrCat("p", i)}});
    document["restrictions"].push_back(absl::StrCat("r", i));
    document["areas"].push_back(
        {{"name", absl::StrCat("a", i)}, {"geometry", {{"coordinates", {4, 51}}}}});
  }
  const BriefedContent content = Read(document);
  EXPECT_THAT(content.actions, SizeIs(kMaxBriefedActions));
  EXPECT_THAT(content.indicators, SizeIs(kMaxBriefedIndicators));
  EXPECT_THAT(content.restrictions, SizeIs(kMaxBriefedRestrictions));
  EXPECT_THAT(content.places, SizeIs(kMaxBriefedPlaces));
  EXPECT_EQ(content.left_out, 4 * 100 - kMaxBriefedActions - kMaxBriefedIndicators -
                                  kMaxBriefedRestrictions - kMaxBriefedPlaces);
}

TEST(BriefedContentTest, AsManyAsAreAllowedLeaveNothingOut) {
  Json document = Document("notice");
  for (size_t i = 0; i < kMaxBriefedActions; ++i) {
    document["actions"].push_back({{"who", "it"}, {"text", absl::StrCat("do ", i)}});
  }
  EXPECT_EQ(Read(document).left_out, 0u);
  document["actions"].push_back({{"who", "it"}, {"text", "one more"}});
  EXPECT_EQ(Read(document).left_out, 1u);
}

TEST(BriefedContentTest, WhatAnUnknownRoleIsAskedToDoIsForAll) {
  Json document = Document("notice");
  document["actions"] = Json::parse(
      R"([{"who":"IT","text":"a"},{"who":"janitor","text":"b"},{"text":"c"},{"who":"it"},7])");
  const BriefedContent content = Read(document);
  ASSERT_THAT(content.actions, SizeIs(3));
  EXPECT_EQ(content.actions[0].who, "it");
  EXPECT_EQ(content.actions[1].who, "all");
  EXPECT_EQ(content.actions[2].who, "all");
}

TEST(BriefedContentTest, WordsThatAreOnNoListAreLeftEmpty) {
  Json document = Document("notice");
  document["severity"] = "apocalyptic";
  document["likelihood"] = "maybe";
  document["confidence"] = 3;
  document["urgency"] = Json::array({"immediate"});
  document["grading"] = {{"source", "B"}};
  document["statement_type"] = "rumour";
  const BriefedContent content = Read(document);
  EXPECT_EQ(content.severity, Severity::kUnspecified);
  EXPECT_THAT(content.likelihood, IsEmpty());
  EXPECT_THAT(content.confidence, IsEmpty());
  EXPECT_THAT(content.urgency, IsEmpty());
  EXPECT_THAT(content.grading, IsEmpty());
  EXPECT_EQ(content.statement_type, StatementType::kUnspecified);
}

TEST(BriefedContentTest, ParagraphsOfBothTypesAreMixed) {
  Json document = Document("notice");
  document["statement_type"] = Json::parse(R"([[1,2,"fact"],[3,3,"assessment"]])");
  EXPECT_EQ(Read(document).statement_type, StatementType::kMixed);
  document["statement_type"] = Json::parse(R"([[1,2,"fact"],[3,3,"fact"],[4,"fact"],"x"])");
  EXPECT_EQ(Read(document).statement_type, StatementType::kFact);
}

TEST(BriefedContentTest, MomentsNoCalendarCanWriteAreNone) {
  for (const char* moment : {"infinite-future", "infinite-past", "10000-01-01T00:00:00Z",
                             "1969-12-31T23:59:59Z", "yesterday", "2026-02-30T00:00:00Z", ""}) {
    Json document = FullDocument("meeting");
    document["details"]["starts"] = moment;
    document["valid"]["until"] = moment;
    const BriefedContent content = Read(document);
    EXPECT_FALSE(content.event.has_value()) << moment;
    EXPECT_FALSE(content.valid_until.has_value()) << moment;
  }
}

TEST(BriefedContentTest, OfAnUnknownSchemaTitleAndBodyAreRead) {
  const BriefedContent content = Read({{"schema", "shield/content/v9"},
                                       {"tlp", "TLP:GREEN"},
                                       {"title", "t"},
                                       {"body", "b"},
                                       {"severity", "extreme"}});
  EXPECT_EQ(content.title, "t");
  EXPECT_EQ(content.body, "b");
  EXPECT_EQ(content.severity, Severity::kUnspecified);
}

// A document in which anything may stand anywhere.
class Mutator {
 public:
  explicit Mutator(uint64_t seed) : engine_(seed) {}

  void Mutate(Json& value, int depth = 0) {
    if (Below(12) == 0) {
      value = AnyValue();
      return;
    }
    if (depth > 12 || !value.is_structured()) return;
    for (Json& inner : value) Mutate(inner, depth + 1);
    if (value.is_array() && !value.empty() && Below(6) == 0) {
      const Json again = value[Below(value.size())];
      for (size_t i = 0; i < 70; ++i) value.push_back(again);
    }
  }

  size_t Below(size_t n) { return static_cast<size_t>(engine_() % n); }

 private:
  Json AnyValue() {
    switch (Below(10)) {
      case 0:
        return nullptr;
      case 1:
        return true;
      case 2:
        return -1.5e308;
      case 3:
        return std::numeric_limits<uint64_t>::max();
      case 4:
        return std::numeric_limits<double>::quiet_NaN();
      case 5:
        return "infinite-future";
      case 6:
        return Json::array({Json::array(), Json::object(), "x", 181});
      case 7:
        return Json::object({{"who", 3}, {"coordinates", {1, 2, 3}}, {"text", "\n"}});
      case 8:
        return std::numeric_limits<double>::infinity();
      default:
        return "";
    }
  }

  std::mt19937_64 engine_;
};

// As no bulletin has it: ParseContent refuses it.
Content Unaccepted(std::string kind, std::string json) {
  Content content;
  content.kind = std::move(kind);
  content.json = std::move(json);
  return content;
}

void ExpectInForm(const BriefedContent& content) {
  EXPECT_LE(content.actions.size(), kMaxBriefedActions);
  EXPECT_LE(content.indicators.size(), kMaxBriefedIndicators);
  EXPECT_LE(content.restrictions.size(), kMaxBriefedRestrictions);
  EXPECT_LE(content.places.size(), kMaxBriefedPlaces);
  for (const BriefedPlace& place : content.places) {
    EXPECT_FALSE(place.name.empty());
    EXPECT_TRUE(place.longitude >= -180 && place.longitude <= 180);
    EXPECT_TRUE(place.latitude >= -90 && place.latitude <= 90);
  }
  for (const BriefedAction& action : content.actions) EXPECT_FALSE(action.text.empty());
  for (const auto& moment : {content.valid_from, content.valid_until, content.acknowledge_by}) {
    EXPECT_LT(moment.value_or(absl::UnixEpoch()), absl::FromUnixSeconds(253'402'300'800));
  }
  if (content.event.has_value()) {
    EXPECT_TRUE(!content.event->ends.has_value() || *content.event->ends >= content.event->starts);
  }
}

TEST(BriefedContentTest, ReadsWhateverStandsInADocument) {
  static constexpr const char* kKinds[] = {"event_plan", "threat_level", "notice", "meeting"};
  size_t accepted = 0;
  for (uint64_t seed = 0; seed < 5'000; ++seed) {
    Mutator mutator(seed);
    Json document = FullDocument(kKinds[seed % 4]);
    for (Json& member : document) mutator.Mutate(member);
    const std::string json = document.dump();
    absl::StatusOr<Content> content = ParseContent(json);
    if (content.ok()) {
      ++accepted;
    } else {
      content = Unaccepted(kKinds[seed % 4], json);
    }
    ExpectInForm(ReadBriefedContent(*content, static_cast<Language>(seed % 3)));
  }
  EXPECT_GT(accepted, 500u);
}

TEST(BriefedContentTest, ReadsBytesThatAreNoDocument) {
  std::mt19937_64 engine(7);
  const std::string json = FullDocument("event_plan").dump();
  for (int i = 0; i < 2'000; ++i) {
    std::string broken = json.substr(0, engine() % json.size());
    for (int flips = 0; flips < 3 && !broken.empty(); ++flips) {
      broken[engine() % broken.size()] = static_cast<char>(engine());
    }
    ExpectInForm(ReadBriefedContent(Unaccepted("event_plan", broken), Language::kDutch));
  }
}

}  // namespace
}  // namespace shield::testing
