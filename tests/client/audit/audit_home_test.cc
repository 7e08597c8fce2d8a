// The walk over a home and its log, and that it stops at whatever does not fit.
#include "client/audit/audit_home.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/state/database.h"
#include "tests/client/support/sample_network.h"

namespace shield {
namespace {

class AuditHomeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Publish("an-lise", "one");
    ASSERT_TRUE(guard_.Sync().ok());
    network_.PublishDirectory();
    Publish("an-lise", "two");
    ASSERT_TRUE(guard_.Sync().ok());
  }
  void Publish(absl::string_view author, absl::string_view title) {
    const auto published = network_.Open(author).Publish(network_.Green(title));
    ASSERT_TRUE(published.ok()) << published.status();
  }
  // Changes the state of a home behind its client's back.
  void Change(absl::string_view member, const std::string& sql) {
    auto database = SqlDatabase::Open(network_.HomeOf(member).PathOf("state.db"));
    ASSERT_TRUE(database.ok()) << database.status();
    const absl::Status changed = database->Execute(sql);
    ASSERT_TRUE(changed.ok()) << changed;
  }

  testing::SampleNetwork network_;
  Client guard_ = network_.Open("meir-guard");
};

TEST_F(AuditHomeTest, CountsWhatItHasWalked) {
  const auto report = guard_.Audit();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->log_size, 6u);  // two receipts among them
  EXPECT_EQ(report->checkpoints, 3u);
  EXPECT_EQ(report->directories, 2u);
  EXPECT_EQ(report->entries, 2u);
  EXPECT_EQ(report->refused, 0u);
  EXPECT_EQ(report->publications, 0u);
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_EQ(analyst.Audit()->publications, 2u);
}

// A watch and a publisher go on over the same home while the log is copied.
TEST_F(AuditHomeTest, WhatIsStoredWhileTheLogIsCopiedBreaksNothing) {
  Client desk = network_.Open("an-lise");
  ASSERT_TRUE(desk.Sync().ok());
  ScriptedConnection& script = network_.Script("an-lise");
  bool first = true;
  script.AlterTiles([&](Bytes&) {
    if (!std::exchange(first, false)) return;
    Publish("an-lise", "three");
    EXPECT_TRUE(network_.Open("an-lise").Sync().ok());
  });
  const auto report = desk.Audit();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->publications, 2u);
  script.AlterTiles(nullptr);
  EXPECT_EQ(desk.Audit()->publications, 3u);
}

TEST_F(AuditHomeTest, AHeadThatComesWhileTheLogIsCopiedBreaksNothing) {
  ScriptedConnection& script = network_.Script("meir-guard");
  Publish("an-lise", "three");
  bool first = true;
  script.AlterTiles([&](Bytes&) {
    if (!std::exchange(first, false)) return;
    EXPECT_TRUE(network_.Open("meir-guard").Sync().ok());
  });
  const auto report = guard_.Audit();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->entries, 2u);
  script.AlterTiles(nullptr);
  EXPECT_EQ(guard_.Audit()->entries, 3u);
}

TEST_F(AuditHomeTest, ABrokerThatRefusesTheProofOfOneBulletinIsNamed) {
  const BulletinId id = *guard_.Inbox()->front().id;
  network_.Script("meir-guard").FailNext("ProveInclusion", absl::NotFoundError("no such leaf"));
  EXPECT_EQ(RuleOf(guard_.ProveLogged(id).status()), "LOG_WITHHELD");
  EXPECT_TRUE(guard_.ProveLogged(id).ok());
}

TEST_F(AuditHomeTest, ATileOfAnotherLogBreaksIt) {
  network_.Script("meir-guard").AlterTiles([](Bytes& tile) { tile[33] ^= 1; });
  EXPECT_EQ(RuleOf(guard_.Audit().status()), "LOG_MISMATCH");
  network_.Script("meir-guard").AlterTiles([](Bytes& tile) { tile.pop_back(); });
  EXPECT_EQ(RuleOf(guard_.Audit().status()), "LOG_WITHHELD");
  network_.Script("meir-guard").AlterTiles(nullptr);
  network_.Script("meir-guard").FailNext("GetTile", absl::NotFoundError("no such tile"));
  EXPECT_EQ(RuleOf(guard_.Audit().status()), "LOG_WITHHELD");
}

struct Tampering {
  const char* name;
  const char* member;
  const char* sql;
  const char* rule;
  const char* words;  // of the sentence
};

class TamperedHome : public AuditHomeTest, public ::testing::WithParamInterface<Tampering> {};

TEST_P(TamperedHome, BreaksTheWalkWithASentence) {
  Client client = network_.Open(GetParam().member);
  ASSERT_TRUE(client.Sync().ok());
  ASSERT_TRUE(client.Audit().ok());
  Change(GetParam().member, GetParam().sql);
  const absl::Status broken = client.Audit().status();
  EXPECT_EQ(RuleOf(broken), GetParam().rule) << broken;
  EXPECT_TRUE(absl::StrContains(broken.message(), GetParam().words)) << broken;
}

INSTANTIATE_TEST_SUITE_P(
    All, TamperedHome,
    ::testing::Values(
        Tampering{"OlderCheckpoint", "meir-guard",
                  "UPDATE checkpoint SET root = zeroblob(32) WHERE size < 4", "LOG_MISMATCH",
                  "its first 2 leaves"},
        Tampering{"OlderDirectory", "meir-guard",
                  "UPDATE directory SET note = CAST(replace(CAST(note AS TEXT), 'orgs 3 ', "
                  "'orgs 4 ') AS BLOB) WHERE version = 1",
                  "LOG_MISMATCH", "directory version 1 is not in the log"},
        Tampering{"SlotHash", "meir-guard",
                  "UPDATE entry SET slot_hash = zeroblob(32) WHERE seq = 2", "INBOX_GAP",
                  "broken at entry 2"},
        Tampering{"MissingEntry", "meir-guard", "DELETE FROM entry WHERE seq = 1", "INBOX_GAP",
                  "broken at entry 2"},
        Tampering{"MissingTail", "meir-guard",
                  "DELETE FROM entry WHERE seq = 2; UPDATE position SET size = 1, confirmed = 1",
                  "INBOX_GAP", "the broker has signed 2"},
        Tampering{"Head", "meir-guard", "UPDATE head SET hash = zeroblob(32)", "INBOX_GAP",
                  "does not lead to the head"},
        Tampering{"Ending", "meir-guard",
                  "UPDATE entry SET ended_by = CAST(replace(CAST(statement AS TEXT), 'tlp GREEN', "
                  "'tlp CLEAR') AS BLOB) WHERE seq = 1",
                  "LOG_MISMATCH", "what ended entry 1"},
        Tampering{"Publication", "an-lise", "UPDATE publication SET log_index = 0", "LOG_MISMATCH",
                  "is not the leaf at index 0"}),
    [](const ::testing::TestParamInfo<Tampering>& tried) { return tried.param.name; });

}  // namespace
}  // namespace shield
