#include "client/digest/page/map_frame.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/digest/page/plot.h"
#include "tests/client/digest/support/sample_edition.h"

namespace shield::page {
namespace {

size_t CountOf(const std::string& text, absl::string_view piece) {
  size_t count = 0;
  for (size_t at = text.find(std::string(piece)); at != std::string::npos;
       at = text.find(std::string(piece), at + piece.size())) {
    ++count;
  }
  return count;
}

EditionPlace At(double longitude, double latitude, std::string name = "x") {
  return {std::move(name), longitude, latitude, Severity::kMinor, {1}};
}

TEST(MapFrame, AllPlacesLieWithinTheDrawing) {
  const std::vector<EditionPlace> places = {At(4.2561, 51.2899), At(4.4226, 51.2186),
                                            At(4.1437, 51.1651)};
  const MapFrame frame(places, 440, 320);
  for (const EditionPlace& place : places) {
    const MapPoint at = frame.Project(place.longitude, place.latitude);
    EXPECT_TRUE(at.x > 0 && at.x < 440 && at.y > 0 && at.y < 320) << at.x << " " << at.y;
  }
}

TEST(MapFrame, ADegreeOfLongitudeIsShorterByTheCosineOfTheMiddle) {
  const MapFrame frame({At(4, 60)}, 440, 320);
  const MapPoint origin = frame.Project(4, 60);
  const double east = frame.Project(4.01, 60).x - origin.x;
  const double south = frame.Project(4, 59.99).y - origin.y;
  EXPECT_NEAR(east / south, 0.5, 1e-6);
}

TEST(MapFrame, OnePlaceHasKilometresAroundIt) {
  const MapFrame frame({At(4.4, 51.2)}, 440, 320);
  EXPECT_NEAR(frame.north() - frame.south(), MapFrame::kMinSpanDegrees, 1e-9);
  EXPECT_NEAR(frame.metres_per_unit() * 320, 3336, 5);
}

TEST(MapFrame, CoordinatesThatAreNoneStayWithinTheDrawing) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  const MapFrame frame({At(nan, infinite), At(1e300, -1e300), At(-180, 90)}, 440, 320);
  const MapPoint at = frame.Project(nan, infinite);
  EXPECT_TRUE(std::isfinite(at.x) && std::isfinite(at.y));
}

TEST(SplitPlaces, OneFarFromAllOthersIsOffTheMap) {
  std::vector<EditionPlace> places = {At(4.40, 51.22, "a"), At(4.41, 51.21, "b"),
                                      At(4.42, 51.22, "c"), At(4.39, 51.21, "d"),
                                      At(4.94, 51.32, "far")};
  const PlacesOfMap split = SplitPlaces(places);
  ASSERT_EQ(split.off.size(), 1U);
  EXPECT_EQ(split.off[0].name, "far");
  EXPECT_EQ(split.on.size(), 4U);
  // Two far from each other are both on it: there is no middle that one of them is far from.
  EXPECT_EQ(SplitPlaces({At(4.4, 51.2), At(100, -20)}).on.size(), 2U);
  EXPECT_TRUE(SplitPlaces({}).on.empty());
}

TEST(RoundLength, IsTheNextRoundOneBelow) {
  EXPECT_DOUBLE_EQ(RoundLength(7300), 5000);
  EXPECT_DOUBLE_EQ(RoundLength(4999), 2000);
  EXPECT_DOUBLE_EQ(RoundLength(0.19), 0.1);
}

TEST(DrawMap, MarksEveryPlaceAndNamesThoseThatHaveRoom) {
  Edition edition = SampleEdition(Language::kEnglish);
  edition.places.assign(kMaxEditionPlaces, At(4.4, 51.2, "Antwerpen"));
  const std::string crowded = DrawMap(edition);
  EXPECT_EQ(CountOf(crowded, "class=\"mark "), kMaxEditionPlaces);
  EXPECT_GE(CountOf(crowded, "class=\"name\""), 1U);
  EXPECT_LE(CountOf(crowded, "class=\"name\""), 4U);
  edition.places = {At(4.3, 51.2, "West"), At(4.5, 51.2, "Oost")};
  EXPECT_EQ(CountOf(DrawMap(edition), "class=\"name\""), 2U);
}

// Where a text that says `name` begins, and where the marks are.
double NumberAfter(const std::string& svg, size_t at, const std::string& name) {
  const size_t found = svg.find(name, at);
  return found == std::string::npos ? -1 : std::stod(svg.substr(found + name.size()));
}

TEST(DrawMap, ANameThatWouldReadAsAnothersIsMovedOrANumberStandsForIt) {
  Edition edition = SampleEdition(Language::kEnglish);
  // The second mark stands where the name of the first would end.
  edition.places = {At(4.400, 51.2, "Antwerpen-Zuid"), At(4.421, 51.2, "")};
  const std::string map = DrawMap(edition);
  const size_t name = map.find(">Antwerpen-Zuid<");
  ASSERT_NE(name, std::string::npos);
  const std::string text = map.substr(map.rfind("<text", name), name - map.rfind("<text", name));
  const double first = NumberAfter(map, map.find("class=\"mark "), "cx=\"");
  EXPECT_LT(NumberAfter(text, 0, " x=\""), first) << "on the other side of its mark";
  // Where there is no room for a name, the number of its bulletin stands.
  edition.places = {At(4.4000, 51.2000, "Antwerpen-Centraal station"),
                    At(4.4000, 51.2060, "Antwerpen, Koningin Astridplein"),
                    At(4.4000, 51.1940, "Antwerpen, Statiestraat en omgeving"),
                    At(4.4060, 51.2000, "Antwerpen, De Keyserlei, voetgangers"),
                    At(4.3940, 51.2000, "Antwerpen, Pelikaanstraat en omgeving")};
  edition.places[0].items = {77};
  for (size_t i = 1; i < edition.places.size(); ++i)
    std::swap(edition.places[i - 1], edition.places[i]);
  const std::string crowded = DrawMap(edition);
  EXPECT_EQ(CountOf(crowded, ">Antwerpen-Centraal"), 0U);
  EXPECT_EQ(CountOf(crowded, ">[77]<"), 1U) << crowded;
}

TEST(DrawMap, SaysWhatItIsAndHasAScale) {
  const std::string map = DrawMap(SampleEdition(Language::kDutch));
  EXPECT_NE(map.find("role=\"img\""), std::string::npos);
  EXPECT_NE(map.find("<title id=\"map-title\">Plaatsen"), std::string::npos);
  EXPECT_NE(map.find(" km</text>"), std::string::npos);
  EXPECT_EQ(DrawMap(QuietEdition(Language::kDutch)), "");
}

TEST(DrawMap, SeveritiesDifferInShape) {
  Edition edition = SampleEdition(Language::kEnglish);
  std::set<std::string> shapes;
  for (const Severity severity : {Severity::kUnspecified, Severity::kMinor, Severity::kModerate,
                                  Severity::kSevere, Severity::kExtreme}) {
    edition.places = {{"x", 4.4, 51.2, severity, {1}}};
    const std::string map = DrawMap(edition);
    const size_t mark = map.find("class=\"mark ");
    const size_t begin = map.rfind('<', mark);
    std::string shape = map.substr(begin, map.find(' ', begin) - begin);
    if (shape == "<polygon") shape += std::to_string(CountOf(map.substr(mark, 200), ","));
    if (map.substr(mark, 40).find("mark-none") != std::string::npos) shape += " hollow";
    shapes.insert(shape);
  }
  EXPECT_EQ(shapes.size(), 5U);
}

TEST(DrawTrend, HasABarForEachWeekAndAMean) {
  const std::string trend = DrawTrend(SampleEdition(Language::kFrench));
  EXPECT_EQ(CountOf(trend, "<rect"), 5U);
  EXPECT_EQ(CountOf(trend, "class=\"mean\""), 1U);
  EXPECT_NE(trend.find(">2026-W47<"), std::string::npos);
  Edition edition = SampleEdition(Language::kFrench);
  edition.trend_compares = false;
  EXPECT_EQ(CountOf(DrawTrend(edition), "<rect"), 5U);
  EXPECT_EQ(CountOf(DrawTrend(edition), "class=\"mean\""), 0U);
  for (TrendWeek& week : edition.trend) week.published = 0;
  EXPECT_EQ(DrawTrend(edition), "") << "five weeks of nothing";
}

TEST(DrawTrend, NoNumberStandsOnTheLineOfTheMean) {
  Edition edition = SampleEdition(Language::kEnglish);
  for (TrendWeek& week : edition.trend) week.published = 20;
  edition.trend.back().published = 19;
  const std::string trend = DrawTrend(edition);
  const auto number_after = [&trend](size_t at, const std::string& name) {
    return std::stod(trend.substr(trend.find(name, at) + name.size()));
  };
  const double mean = number_after(trend.find("class=\"mean\""), "y1=\"");
  const double count = number_after(trend.rfind("class=\"count\""), " y=\"");
  EXPECT_LT(count, mean);
}

}  // namespace
}  // namespace shield::page
