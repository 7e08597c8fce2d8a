#include "broker/daemon/config.h"

#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/shared_folder.h"

namespace shield::broker {
namespace {

using ::testing::HasSubstr;

std::string WithLimit(const std::string& line) {
  return "listen = \"127.0.0.1:0\"\n[limits]\n" + line + "\n";
}

TEST(Config, WhatInitWritesParsesToTheSameSettings) {
  DaemonConfig config;
  config.listen = {"::1", 7443};
  config.publishes_per_minute = 7;
  const auto parsed = ParseConfig(PrintConfig(config));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->listen.ToString(), "[::1]:7443");
  EXPECT_EQ(parsed->publishes_per_minute, 7u);
  EXPECT_EQ(parsed->free_space_mebibytes, config.free_space_mebibytes);
}

TEST(Config, SampleInDeployHoldsTheDefaults) {
  std::ifstream file(testing::SourceFolder() / "deploy/shieldd.toml");
  std::stringstream text;
  text << file.rdbuf();
  const auto parsed = ParseConfig(text.str());
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  const DaemonConfig defaults;
  EXPECT_EQ(parsed->publishes_per_minute, defaults.publishes_per_minute);
  EXPECT_EQ(parsed->upload_mebibytes_per_hour, defaults.upload_mebibytes_per_hour);
  EXPECT_EQ(parsed->calls_per_second, defaults.calls_per_second);
  EXPECT_EQ(parsed->free_space_mebibytes, defaults.free_space_mebibytes);
}

TEST(Config, AnUnknownKeyIsRefusedByName) {
  const auto parsed = ParseConfig("listen = \"127.0.0.1:0\"\nlisten_adress = 3\n");
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("`listen_adress`"));
  EXPECT_THAT(std::string(ParseConfig(WithLimit("publishes = 1")).status().message()),
              HasSubstr("`limits.publishes`"));
}

TEST(Config, LimitsAreTakenAtTheirBoundsAndRefusedOnePast) {
  EXPECT_TRUE(ParseConfig(WithLimit("free_space_mebibytes = 256")).ok());
  EXPECT_FALSE(ParseConfig(WithLimit("free_space_mebibytes = 255")).ok());
  EXPECT_TRUE(ParseConfig(WithLimit("calls_per_second = 100000")).ok());
  EXPECT_FALSE(ParseConfig(WithLimit("calls_per_second = 100001")).ok());
  EXPECT_FALSE(ParseConfig(WithLimit("calls_per_second = \"50\"")).ok());
  EXPECT_FALSE(ParseConfig(std::string(64 * 1024 + 1, '\n')).ok());
}

std::string WithRetention(const std::string& lines) {
  return "listen = \"127.0.0.1:0\"\n" + lines + "\n";
}

TEST(Config, RetentionIsByClassAndLabel) {
  const auto parsed = ParseConfig(WithRetention(
      "[retention_days.content]\n\"TLP:RED\" = 7\n[retention_days.report]\n\"TLP:AMBER\" = 3650"));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->retention_days.size(), 2u);
  EXPECT_EQ(parsed->retention_days.at({BulletinClass::kContent, Tlp::kRed}), 7u);
  EXPECT_EQ(parsed->retention_days.at({BulletinClass::kReport, Tlp::kAmber}), 3650u);
}

TEST(Config, RetentionThatMeansNothingIsRefusedByName) {
  const std::pair<const char*, const char*> faults[] = {
      {"retention_days = 3", "`retention_days`"},
      {"[retention_days]\ncontent = 3", "`retention_days.content`"},
      {"[retention_days.control]\n\"TLP:RED\" = 1", "`retention_days.control`"},
      {"[retention_days.memo]\n\"TLP:RED\" = 1", "`retention_days.memo`"},
      {"[retention_days.content]\n\"TLP:PINK\" = 1", "`retention_days.content.TLP:PINK`"},
      {"[retention_days.content]\n\"TLP:RED\" = 0", "`retention_days.content.TLP:RED`"},
      {"[retention_days.content]\n\"TLP:RED\" = 3651", "`retention_days.content.TLP:RED`"},
      {"[retention_days.content]\n\"TLP:RED\" = \"7\"", "`retention_days.content.TLP:RED`"}};
  for (const auto& [text, named] : faults) {
    const absl::Status refused = ParseConfig(WithRetention(text)).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(named));
  }
}

TEST(Config, SyntaxErrorsNameTheLine) {
  const auto parsed = ParseConfig("listen = \"127.0.0.1:0\"\nlimits = [\n");
  EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("config.toml: line "));
}

TEST(ListenAddress, TakesNamesAddressesAndBracketedIpv6) {
  for (const char* good : {"127.0.0.1:0", "broker.example:65535", "[::1]:7443"}) {
    const auto address = ParseListenAddress(good);
    ASSERT_TRUE(address.ok()) << good;
    EXPECT_EQ(address->ToString(), good);
  }
}

TEST(ListenAddress, RefusesWhatIsNotHostAndPort) {
  for (const char* bad : {"", ":1", "host", "host:", "host:65536", "host:+1", "::1:7443", "[::1]",
                          "[host]:1", "ho st:1", "host:1x"}) {
    EXPECT_EQ(ParseListenAddress(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

}  // namespace
}  // namespace shield::broker
