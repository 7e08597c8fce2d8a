// shield org set, shield member set: slips in the draft are corrected, and what changed is shown.
#include <gmock/gmock.h>

#include "tests/cli/commands_fixture.h"

namespace shield::cli {
namespace {

using ::testing::HasSubstr;

class SetCommands : public Commands {
 protected:
  Ran Set(Words words) {
    words.insert(words.end(), {"--home", home_});
    return Run(std::move(words));
  }
  nlohmann::json Draft() {
    return Run({"directory", "show", "--draft", "--json", "--home", home_}).json();
  }

  const std::string home_ = Authority();
};

TEST_F(SetCommands, ShowWhatIsAnotherAndWhatItWas) {
  const Ran org = Set({"org", "set", "hotel", "--vetting", "3", "--sectors", "hotels-restaurants"});
  ASSERT_EQ(org.code, ExitCode::kOk) << org.notes;
  EXPECT_EQ(org.data,
            "- org hotel sectors \n+ org hotel sectors hotels-restaurants\n"
            "- org hotel vetting 2\n+ org hotel vetting 3\n");
  const Ran member = Set({"member", "set", "desk", "--roles", "desk", "--until", "2099-01-01",
                          "--exercise", "yes", "--json"});
  ASSERT_EQ(member.code, ExitCode::kOk) << member.notes;
  const nlohmann::json changed = member.json()["changed"];
  ASSERT_EQ(changed.size(), 3u) << member.data;
  EXPECT_EQ(changed[0], (nlohmann::json{{"field", "roles"}, {"from", "reader"}, {"to", "desk"}}));
  EXPECT_EQ(changed[1]["to"], "yes");
  EXPECT_EQ(changed[2]["from"], "none");
  EXPECT_THAT(Draft().dump(), HasSubstr("hotels-restaurants"));
  EXPECT_EQ(Set({"member", "set", "desk", "--until", "none", "--json"}).json()["changed"][0]["to"],
            "none");
}

TEST_F(SetCommands, WhatIsTheSameChangesNothing) {
  const Ran same = Set({"org", "set", "hotel", "--vetting", "2", "--json"});
  EXPECT_EQ(same.code, ExitCode::kOk);
  EXPECT_TRUE(same.json()["changed"].empty());
}

TEST_F(SetCommands, WhatMakesNoSenseIsRefusedAndTheDraftStays) {
  const nlohmann::json before = Draft();
  for (const Words& words : std::vector<Words>{{"org", "set", "hotel"},
                                               {"member", "set", "desk"},
                                               {"org", "set", "hotel", "--kind", "bakery"},
                                               {"org", "set", "hotel", "--from", "2026-01-01"},
                                               {"org", "set", "hotel", "--vetting", "4"},
                                               {"member", "set", "desk", "--roles", "analyst"},
                                               {"member", "set", "desk", "--roles", "cook"}}) {
    EXPECT_EQ(Set(words).code, ExitCode::kUsage) << words.back();
  }
  EXPECT_EQ(Set({"org", "set", "nobody", "--vetting", "1"}).code, ExitCode::kNotFound);
  EXPECT_EQ(Set({"member", "set", "nobody", "--vetting", "1"}).code, ExitCode::kNotFound);
  EXPECT_EQ(Set({"member", "set", "desk", "--org", "nowhere"}).code, ExitCode::kNotFound);
  EXPECT_EQ(Draft(), before);
}

TEST_F(SetCommands, AClientGetsAnotherProvider) {
  for (const char* id : {"mall", "club"}) {
    ASSERT_EQ(Set({"org", "add", id, "--kind", "member", "--vetting", "2"}).code, ExitCode::kOk);
  }
  ASSERT_EQ(Set({"org", "add", "guards", "--kind", "client", "--vetting", "1", "--client-of",
                 "mall", "--from", "2026-01-01"})
                .code,
            ExitCode::kOk);
  const Ran moved =
      Set({"org", "set", "guards", "--client-of", "club", "--from", "2026-02-01", "--json"});
  ASSERT_EQ(moved.code, ExitCode::kOk) << moved.notes;
  ASSERT_EQ(moved.json()["changed"].size(), 1u) << moved.data;
  EXPECT_THAT(moved.json()["changed"][0]["from"].get<std::string>(),
              HasSubstr("mall from 2026-01"));
  EXPECT_THAT(moved.json()["changed"][0]["to"].get<std::string>(), HasSubstr("club from 2026-02"));
  EXPECT_EQ(Set({"org", "set", "guards", "--kind", "member"}).code, ExitCode::kFailure)
      << "it is a client still";
}

}  // namespace
}  // namespace shield::cli
