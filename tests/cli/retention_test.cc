// shield audit retention: what a home keeps, until when, and what should be gone.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/cli/commands_fixture.h"

namespace shield::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Retention : public Commands {
 protected:
  // GREEN, an hour long.
  std::string PublishForAnHour() {
    const absl::Time expires = network_.clock().Now() + absl::Hours(1);
    const auto published = network_.Open("an-lise").Publish(network_.DraftOf(absl::StrCat(
        "+++\ntitle = \"secret title\"\nkind = \"notice\"\ntlp = \"GREEN\"\nexpires = ",
        absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", expires, absl::UTCTimeZone()), "\n+++\nBody.\n")));
    EXPECT_TRUE(published.ok()) << published.status();
    return published->id.ToHex();
  }
  Ran Due(const std::string& time, Words more = {"--json"}) {
    Words words = {"audit", "retention", "--due", time};
    words.insert(words.end(), more.begin(), more.end());
    return RunAs("astrid-guard", words);
  }
};

TEST_F(Retention, ListsWhatEndsInTimeAndNamesNothingOfIt) {
  const std::string id = PublishForAnHour();
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  const Ran ran = Due("2h");
  ASSERT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  ASSERT_EQ(ran.json()["due"].size(), 1u) << ran.data;
  const nlohmann::json row = ran.json()["due"][0];
  EXPECT_EQ(row["id"], id);
  EXPECT_EQ(row["tlp"], "TLP:GREEN");
  EXPECT_EQ(row["class"], "content");
  EXPECT_EQ(row["place"], "inbox");
  EXPECT_EQ(row["state"], "due");
  EXPECT_EQ(ran.data.find("secret title"), std::string::npos);
  EXPECT_EQ(ran.data.find("an-lise"), std::string::npos);
  EXPECT_TRUE(Due("0h").json()["due"].empty());
}

TEST_F(Retention, WhatShouldBeGoneIsOverdueUntilItIs) {
  PublishForAnHour();
  RunAs("astrid-guard", {"inbox", "ls"});
  network_.clock().Advance(absl::Hours(2));
  EXPECT_EQ(Due("1h").json()["due"][0]["state"], "ended");
  EXPECT_EQ(Due("1h").code, ExitCode::kOk);
  network_.clock().Advance(absl::Hours(24));
  const Ran overdue = Due("1h");
  EXPECT_EQ(overdue.code, ExitCode::kPartial) << overdue.notes;
  EXPECT_EQ(overdue.json()["error"]["code"], "RETENTION_OVERDUE");
  EXPECT_EQ(overdue.json()["overdue"], 1);
  network_.Refresh();
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  EXPECT_EQ(Due("1h").code, ExitCode::kOk);
  EXPECT_TRUE(Due("1h").json()["due"].empty());
}

TEST_F(Retention, ComesCommaSeparated) {
  const std::string id = PublishForAnHour();
  RunAs("astrid-guard", {"inbox", "ls"});
  const Ran ran = Due("1d", {"--csv"});
  EXPECT_EQ(ran.code, ExitCode::kOk);
  EXPECT_THAT(ran.data, StartsWith("id,tlp,class,place,expires,erase_by,state\n" + id +
                                   ",TLP:GREEN,content,"));
  EXPECT_EQ(Due("1d", {"--csv", "--json"}).code, ExitCode::kUsage);
}

TEST_F(Retention, ATimeOutOfFormAndANumberOutOfRangeAreUsageErrors) {
  for (const char* time : {"", "7", "d", "7w", "-1d", "3651d"}) {
    EXPECT_EQ(Due(time).code, ExitCode::kUsage) << time;
  }
  EXPECT_EQ(Due("1d", {"--max", "0", "--json"}).code, ExitCode::kUsage);
  EXPECT_EQ(Due("1d", {"--max", "10001", "--json"}).code, ExitCode::kUsage);
}

TEST_F(Retention, TellsThatThereIsMore) {
  PublishForAnHour();
  PublishForAnHour();
  RunAs("astrid-guard", {"inbox", "ls"});
  const Ran ran = Due("1d", {"--max", "1", "--json"});
  EXPECT_EQ(ran.json()["due"].size(), 1u);
  EXPECT_EQ(ran.json()["more"], true);
}

}  // namespace
}  // namespace shield::cli
