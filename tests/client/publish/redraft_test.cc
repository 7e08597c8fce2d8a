// A bulletin sent again keeps what it says, and the labels of its parts.
#include "client/publish/redraft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::SizeIs;

constexpr char kFront[] =
    "+++\ntitle = \"Pickpockets\"\nkind = \"flash_alert\"\ntlp = \"AMBER\"\nto = "
    "[\"org:astrid\"]\npriority = \"urgent\"\nsummary = \"Three men\"\n"
    "restrictions = [\"not by radio\"]\ncontact = {name = \"duty desk\"}\n"
    "attachments = [{path = \"map.txt\", name = \"the map\", tlp = \"GREEN\"}, \"cctv.txt\"]\n"
    "+++\nWatch the *doors*.\n";

class RedraftTest : public ::testing::Test {
 protected:
  RedraftTest() {
    Write("map.txt", "the map");
    Write("cctv.txt", "a face");
    Client analyst = network_.Open("an-lise");
    const auto published = analyst.Publish(network_.DraftOf(kFront));
    EXPECT_TRUE(published.ok()) << published.status();
    EXPECT_TRUE(analyst.Sync().ok());
    id_ = published->id;
    original_ = *analyst.Show(id_);
  }
  void Write(const std::string& name, absl::string_view text) {
    std::ofstream(PathOf(name)) << text;
  }
  std::string Read(const std::string& name) {
    std::ifstream file(PathOf(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string PathOf(const std::string& name) { return network_.folder() + "/" + name; }
  // Whether the redraft goes out, and what its reader opens.
  OpenedBulletin Sent(const Draft& draft, absl::string_view reader) {
    Client analyst = network_.Open("an-lise");
    const auto published = analyst.Publish(draft);
    EXPECT_TRUE(published.ok()) << published.status();
    Client client = network_.Open(reader);
    EXPECT_TRUE(client.Sync().ok());
    const auto opened = client.Show(published->id);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return *opened;
  }
  absl::StatusOr<Draft> Redraft(Relation relation, std::optional<Tlp> tlp, const std::string& to) {
    return RedraftOf(original_, {relation, tlp, {*ParseAudienceToken(to)}},
                     {PathOf("map.txt"), PathOf("cctv.txt")});
  }

  SampleNetwork network_;
  BulletinId id_{{}};
  OpenedBulletin original_;
};

TEST_F(RedraftTest, AnExtensionSaysWordForWordWhatTheOriginalSays) {
  const auto draft = Redraft(Relation::kExtends, std::nullopt, "org:meir");
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->expires, original_.item.expires);
  ASSERT_THAT(draft->refs, SizeIs(1));
  EXPECT_EQ(draft->refs[0].relation, Relation::kExtends);
  EXPECT_EQ(draft->refs[0].id, id_);
  const OpenedBulletin copy = Sent(*draft, "meir-guard");
  EXPECT_EQ(copy.item.tlp, Tlp::kAmber);
  EXPECT_EQ(copy.item.priority, Priority::kUrgent);
  EXPECT_EQ(copy.item.status, BulletinStatus::kActual);
  EXPECT_EQ(copy.item.expires, original_.item.expires);
  auto before = nlohmann::json::parse(original_.content.json);
  auto after = nlohmann::json::parse(copy.content.json);
  before.erase("attachments");
  after.erase("attachments");
  EXPECT_EQ(after, before);
}

TEST_F(RedraftTest, AttachmentsKeepNameTypeLabelAndBytes) {
  const auto draft = Redraft(Relation::kExtends, std::nullopt, "org:meir");
  ASSERT_TRUE(draft.ok()) << draft.status();
  const OpenedBulletin copy = Sent(*draft, "meir-guard");
  ASSERT_THAT(copy.content.attachments, SizeIs(2));
  for (size_t i = 0; i < 2; ++i) {
    const ContentAttachment& before = original_.content.attachments[i];
    const ContentAttachment& after = copy.content.attachments[i];
    EXPECT_EQ(after.name, before.name);
    EXPECT_EQ(after.media_type, before.media_type);
    EXPECT_EQ(after.tlp, before.tlp);
  }
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.FetchAttachment(*copy.item.id, 2, PathOf("opened")).ok());
  EXPECT_EQ(Read("opened"), "a face");
}

TEST_F(RedraftTest, PartsUnderTheBulletinsOwnLabelFollowIt) {
  const auto draft = Redraft(Relation::kRelabels, Tlp::kAmberStrict, "org:astrid");
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->tlp, Tlp::kAmberStrict);
  EXPECT_EQ(draft->attachments[0].tlp, Tlp::kGreen);
  EXPECT_EQ(draft->attachments[1].tlp, Tlp::kAmberStrict);
  EXPECT_EQ(Sent(*draft, "astrid-desk").content.tlp, Tlp::kAmberStrict);
}

TEST_F(RedraftTest, APartStricterThanTheNewLabelIsRefused) {
  const absl::Status refused = Redraft(Relation::kRelabels, Tlp::kClear, "public").status();
  EXPECT_EQ(RuleOf(refused), "PART_STRICTER_THAN_WHOLE") << refused;
  EXPECT_TRUE(absl::IsPermissionDenied(refused));
  EXPECT_TRUE(Redraft(Relation::kRelabels, Tlp::kGreen, "sector:retail").ok());
}

TEST_F(RedraftTest, OnlyContentIsSentAgain) {
  for (const BulletinClass other :
       {BulletinClass::kReport, BulletinClass::kDirect, BulletinClass::kControl}) {
    original_.item.bulletin_class = other;
    const absl::Status refused = Redraft(Relation::kExtends, std::nullopt, "org:meir").status();
    EXPECT_EQ(RuleOf(refused), "NOT_CONTENT") << refused;
    EXPECT_TRUE(absl::IsInvalidArgument(refused));
  }
}

}  // namespace
}  // namespace shield::testing
