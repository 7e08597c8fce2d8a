// What programs and people are told of a figure.
#include "tests/bench/harness/figure_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_split.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Workload Sealing() {
  return {.name = "seal_slots",
          .params = {{"recipients", 100}, {"bytes", 1024}, {"threads", 1}},
          .measure = nullptr};
}

const Figure kSealed = {.unit = "slots/s",
                        .better = Better::kHigher,
                        .ours = 18000,
                        .ceiling = 20000,
                        .cpu_s = 0.5,
                        .peak_bytes = 3 << 20};

TEST(JsonLine, HasAllFieldsInTheirOrder) {
  EXPECT_EQ(JsonLine(Sealing(), kSealed),
            R"({"workload":"seal_slots","params":{"recipients":100,"bytes":1024,"threads":1},)"
            R"("ours":18000.0,"ceiling":20000.0,"unit":"slots/s","ratio":0.9,"cpu_s":0.5,)"
            R"("peak_bytes":3145728})");
}

TEST(JsonLine, SaysNullWhereThereIsNoCeiling) {
  Figure figure = kSealed;
  figure.ceiling = std::nullopt;
  const auto line = nlohmann::json::parse(JsonLine(Sealing(), figure));
  EXPECT_EQ(line.size(), 8);
  EXPECT_TRUE(line.at("ceiling").is_null());
  EXPECT_TRUE(line.at("ratio").is_null());
}

TEST(JsonLine, KeepsTheCeilingWhereThereIsNoRatio) {
  Figure figure = kSealed;
  figure.ours = 0;
  const auto line = nlohmann::json::parse(JsonLine(Sealing(), figure));
  EXPECT_EQ(line.at("ceiling"), 20000.0);
  EXPECT_TRUE(line.at("ratio").is_null());
}

TEST(ParamsText, NamesEach) {
  EXPECT_EQ(ParamsText({{"subscribers", 100}, {"client", "counting"}}),
            "subscribers=100 client=counting");
  EXPECT_EQ(ParamsText(nlohmann::ordered_json::object()), "");
}

TEST(Table, PutsNumbersUnderTheirNames) {
  const std::vector<std::string> head =
      absl::StrSplit(TableHead(), absl::ByAnyChar(" \n"), absl::SkipEmpty());
  EXPECT_THAT(head, ElementsAre("workload", "params", "ours", "ceiling", "unit", "ratio", "cpu",
                                "s", "peak", "MiB"));
  EXPECT_EQ(TableHead().size(), TableRow(Sealing(), kSealed).size());
  EXPECT_EQ(TableHead().find(" unit"), TableRow(Sealing(), kSealed).find(" slots/s"));
}

TEST(Table, ShowsADashWhereThereIsNothing) {
  Figure figure = kSealed;
  EXPECT_THAT(TableRow(Sealing(), figure), HasSubstr(" 0.90 "));
  figure.ceiling = std::nullopt;
  EXPECT_THAT(TableRow(Sealing(), figure), HasSubstr(" - slots/s "));
  EXPECT_THAT(TableRow(Sealing(), figure), HasSubstr("      - "));
}

}  // namespace
}  // namespace shield::testing
