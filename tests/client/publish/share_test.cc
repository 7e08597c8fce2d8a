// Passing a bulletin on from a home: once, however often it is asked for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "client/client.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::HasSubstr;

class ShareTest : public ::testing::Test {
 protected:
  ShareTest() {
    Client analyst = network_.Open("an-lise");
    const auto published = analyst.Publish(network_.DraftOf(
        "+++\ntitle = \"Meir\"\nkind = \"notice\"\ntlp = \"AMBER\"\nto = [\"org:astrid\"]\n+++\n"
        "Body.\n"));
    EXPECT_TRUE(published.ok()) << published.status();
    original_ = published->id;
    network_.AddMember("astrid-night", "astrid", {Role::kReader});
    network_.AddMember("astrid-porter", "astrid", {Role::kReader});
    network_.PublishDirectory();
    EXPECT_TRUE(guard_.Sync().ok());
  }
  ShareOrder Order(const std::vector<std::string>& to, const std::string& reason = "") {
    ShareOrder order{*original_, {}, reason};
    for (const std::string& member : to) {
      order.to.push_back(*ParseAudienceToken("member:" + member));
    }
    return order;
  }

  SampleNetwork network_;
  std::optional<BulletinId> original_;
  Client guard_ = network_.Open("astrid-guard");
};

TEST_F(ShareTest, AShareWhoseReasonWasRefusedIsNotMadeAgain) {
  ScriptedConnection& script = network_.Script("astrid-guard");
  script.BeforeNextFinish(
      [&script] { script.FailNext("Publish", absl::PermissionDeniedError("no more today")); });
  const auto first = guard_.Share(Order({"astrid-night"}, "your shift"));
  ASSERT_TRUE(absl::IsPermissionDenied(first.status())) << first.status();
  EXPECT_THAT(std::string(first.status().message()), HasSubstr("but without the reason"));
  const uint64_t committed = network_.broker().committed();
  const auto second = guard_.Share(Order({"astrid-night"}, "your shift"));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->share.replayed);
  EXPECT_TRUE(second->reason.has_value());
  EXPECT_THAT(std::string(first.status().message()), HasSubstr(second->share.id.ToHex()));
  EXPECT_EQ(network_.broker().committed(), committed + 1);  // the reason
}

TEST_F(ShareTest, SharingTwiceIsSharingOnce) {
  const auto first = guard_.Share(Order({"astrid-night", "astrid-porter"}, "your shift"));
  ASSERT_TRUE(first.ok()) << first.status();
  const uint64_t committed = network_.broker().committed();
  const auto second = guard_.Share(Order({"astrid-porter", "astrid-night"}, "your shift"));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->share.id, first->share.id);
  EXPECT_EQ(second->reason, first->reason);
  EXPECT_EQ(network_.broker().committed(), committed);
}

TEST_F(ShareTest, OtherReadersAndWhatWasTakenBackMakeAnotherShare) {
  const auto first = guard_.Share(Order({"astrid-night"}));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_NE(guard_.Share(Order({"astrid-porter"}))->share.id, first->share.id);
  ASSERT_TRUE(guard_.Sync().ok());
  const auto withdrawn = guard_.Withdraw(first->share.id);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  ASSERT_TRUE(guard_.Sync().ok());
  const auto again = guard_.Share(Order({"astrid-night"}));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_NE(again->share.id, first->share.id);
  EXPECT_FALSE(again->share.replayed);
}

}  // namespace
}  // namespace shield::testing
