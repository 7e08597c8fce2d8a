#include "client/digest/publish/mail_limit.h"

#include <gtest/gtest.h>

#include "client/home/private_file.h"
#include "tests/support/temporary_folder.h"

namespace shield {
namespace {

class MailLimitTest : public ::testing::Test {
 protected:
  absl::StatusOr<Tlp> LimitOf(absl::string_view profile) {
    const Home home = *Home::Create(folder_ / "home");
    EXPECT_TRUE(WritePrivateFile(home.PathOf("profile.toml"), AsBytes(profile)).ok());
    return ReadMailLimit(home);
  }

  ::shield::testing::TemporaryFolder folder_;
};

TEST_F(MailLimitTest, IsGreenUnlessTheProfileSaysAnother) {
  const Home home = *Home::Create(folder_ / "home");
  EXPECT_EQ(*ReadMailLimit(home), Tlp::kGreen);
  EXPECT_EQ(*LimitOf("[other]\nkey = 1\n"), Tlp::kGreen);
  EXPECT_EQ(*LimitOf("[email]\nmax_tlp = \"TLP:CLEAR\"\n"), Tlp::kClear);
  EXPECT_EQ(*LimitOf("[email]\nmax_tlp = \"TLP:AMBER\"\n"), Tlp::kAmber);
}

TEST_F(MailLimitTest, AProfileThatCannotBeReadLetsNothingBeMailed) {
  for (const char* profile :
       {"[email\n", "[email]\nmax_tlp = 3\n", "[email]\nmax_tlp = \"WHITE\"\n",
        "[email]\nmax_tlp = \"TLP:RED\"\n"}) {
    EXPECT_EQ(LimitOf(profile).status().code(), absl::StatusCode::kInvalidArgument) << profile;
  }
}

TEST_F(MailLimitTest, ALimitThatIsMisspeltLetsNothingBeMailed) {
  for (const char* profile :
       {"email = \"TLP:CLEAR\"\n", "[[email]]\nmax_tlp = \"TLP:CLEAR\"\n",
        "\"email.max_tlp\" = \"TLP:CLEAR\"\n", "[Email]\nmax_tlp = \"TLP:CLEAR\"\n",
        "[mail]\nmax_tlp = \"TLP:CLEAR\"\n", "max_tlp = \"TLP:CLEAR\"\n",
        "[email]\nmax-tlp = \"TLP:CLEAR\"\n", "[email]\nmax_tlp = \"TLP:AMBER\"\nto = \"a\"\n"}) {
    EXPECT_EQ(LimitOf(profile).status().code(), absl::StatusCode::kInvalidArgument) << profile;
  }
  EXPECT_EQ(*LimitOf("[email]\n"), Tlp::kGreen);
}

}  // namespace
}  // namespace shield
