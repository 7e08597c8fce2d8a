// shield audit retention: what a home keeps, until when, and what should be gone.
#include <gmock/gmock.h>

#include <functional>
#include <vector>

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
  EXPECT_NE(Due("2h", {}).data.find("id  tlp  class  place  expires  erase_by  state\n"),
            std::string::npos)
      << "the columns have names";
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

class RetentionAtTheBroker : public Retention {
 protected:
  RetentionAtTheBroker() {
    network_.AddMember("an-auditor", "ocad", {Role::kAuditor});
    network_.PublishDirectory();
    network_.Open("an-auditor");
  }
  Ran Ask(const std::string& time, Words more = {"--json"}) {
    Words words = {"audit", "retention", "--due", time};
    words.insert(words.end(), more.begin(), more.end());
    return RunAs("an-auditor", words);
  }
};

TEST_F(RetentionAtTheBroker, IsListedForAnAuditorWithoutNamesOrContent) {
  const std::string id = PublishForAnHour();
  const Ran ran = Ask("2h");
  ASSERT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  EXPECT_EQ(ran.json()["of"], "broker");
  ASSERT_EQ(ran.json()["due"].size(), 1u) << ran.data;
  const nlohmann::json row = ran.json()["due"][0];
  EXPECT_EQ(row["id"], id);
  EXPECT_EQ(row["tlp"], "TLP:GREEN");
  EXPECT_EQ(row["class"], "content");
  EXPECT_EQ(row["statement_sha256"].get<std::string>().size(), 64u);
  EXPECT_TRUE(row["row_days"].is_null());
  EXPECT_EQ(ran.json()["more"], false);
  EXPECT_EQ(ran.data.find("secret title"), std::string::npos);
  EXPECT_EQ(ran.data.find("an-lise"), std::string::npos);
  EXPECT_TRUE(Ask("0h").json()["due"].empty());
}

TEST_F(RetentionAtTheBroker, SaysWhoseListItIs) {
  PublishForAnHour();
  EXPECT_THAT(Ask("2h", {}).data, HasSubstr("What the broker says it erases"));
  EXPECT_THAT(Ask("2h", {"--of", "home"}).data, HasSubstr("What this home keeps"));
  EXPECT_EQ(Ask("2h", {"--of", "home", "--json"}).json()["of"], "home");
  EXPECT_EQ(Ask("2h", {"--offline", "--json"}).json()["of"], "home");
  EXPECT_EQ(Due("2h").json()["of"], "home");
}

TEST_F(RetentionAtTheBroker, IsRefusedToWhoIsNoAuditor) {
  const Ran ran = Due("2h", {"--of", "broker", "--json"});
  EXPECT_EQ(ran.code, ExitCode::kRefused) << ran.notes;
  EXPECT_EQ(ran.json()["error"]["code"], "NOT_AN_AUDITOR");
}

TEST_F(RetentionAtTheBroker, ComesCommaSeparatedAndTellsThatThereIsMore) {
  PublishForAnHour();
  PublishForAnHour();
  EXPECT_THAT(Ask("2h", {"--csv"}).data,
              StartsWith("id,statement_sha256,log_index,tlp,class,issued,expires,row_days\n"));
  const Ran one = Ask("2h", {"--max", "1", "--json"});
  EXPECT_EQ(one.json()["due"].size(), 1u);
  EXPECT_EQ(one.json()["more"], true);
}

TEST_F(RetentionAtTheBroker, AListOutOfFormIsAnIntegrityFailure) {
  PublishForAnHour();
  const std::vector<std::function<void(RetentionPage&)>> lies = {
      [](RetentionPage& page) { page.rows[0].label = "BEIGE"; },
      [](RetentionPage& page) { page.rows[0].bulletin_class = "rumour"; },
      [](RetentionPage& page) { page.rows[0].expires += absl::Hours(9); },
      [](RetentionPage& page) {
        page.rows.push_back(page.rows[0]);
        page.rows[1].expires -= absl::Seconds(1);
      },
      [](RetentionPage& page) { page.next = RetentionPlace{}; }};
  for (const auto& lie : lies) {
    network_.Script("an-auditor").AlterRetention(lie);
    const Ran ran = Ask("2h");
    EXPECT_EQ(ran.code, ExitCode::kIntegrity) << ran.data;
    EXPECT_EQ(ran.json()["error"]["code"], "ANSWER_MALFORMED");
  }
}

}  // namespace
}  // namespace shield::cli
