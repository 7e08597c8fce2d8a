#include "client/cli/bulletin_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace shield::cli {
namespace {

using ::testing::HasSubstr;

OpenedBulletin Alert() {
  OpenedBulletin bulletin;
  bulletin.item.seq = 1;
  bulletin.item.state = InboxState::kLive;
  bulletin.item.tlp = Tlp::kAmber;
  bulletin.item.author = MemberId::Parse("analyst");
  bulletin.item.author_org = OrgId::Parse("police");
  bulletin.item.priority = Priority::kFlash;
  bulletin.item.status = BulletinStatus::kActual;
  bulletin.item.kind = "flash_alert";
  bulletin.item.title = "Pickpockets";
  bulletin.content.body = "Four people.\nBy tram.";
  bulletin.content.json = "{}";
  return bulletin;
}

std::vector<std::string> LinesOf(const OpenedBulletin& bulletin) {
  std::ostringstream data;
  Output out(data, data, /*colour=*/false);
  PrintBulletin(out, bulletin);
  std::vector<std::string> lines = absl::StrSplit(data.str(), '\n');
  lines.pop_back();
  return lines;
}

std::string ListOf(const OpenedBulletin& bulletin) {
  std::ostringstream data;
  Output out(data, data, /*colour=*/false);
  EXPECT_TRUE(ShowItems(out, {bulletin.item}, absl::OkStatus()).ok());
  return data.str();
}

TEST(PrintBulletin, BeginsAndEndsWithTheBareLabel) {
  for (const BulletinStatus status : {BulletinStatus::kActual, BulletinStatus::kExercise}) {
    OpenedBulletin bulletin = Alert();
    bulletin.item.status = status;
    const std::vector<std::string> lines = LinesOf(bulletin);
    EXPECT_EQ(lines.front(), "TLP:AMBER");
    EXPECT_EQ(lines.back(), "TLP:AMBER");
  }
}

TEST(PrintBulletin, SaysUntilWhenItIsToBeAcknowledgedAndHow) {
  OpenedBulletin bulletin = Alert();
  EXPECT_EQ(BulletinJson(bulletin)["acknowledge_by"], "");
  bulletin.content.acknowledge_by = absl::FromUnixSeconds(1'790'000'000);
  const std::vector<std::string> lines = LinesOf(bulletin);
  EXPECT_THAT(lines, ::testing::Contains(HasSubstr("acknowledge by 2026-09-21T14:13:20Z: shield "
                                                   "inbox ack")));
  EXPECT_EQ(BulletinJson(bulletin)["acknowledge_by"], "2026-09-21T14:13:20Z");
}

TEST(PrintBulletin, AnExerciseSaysSoOnALineOfItsOwn) {
  OpenedBulletin bulletin = Alert();
  bulletin.item.status = BulletinStatus::kExercise;
  EXPECT_EQ(LinesOf(bulletin)[1], "EXERCISE EXERCISE EXERCISE");
  bulletin.item.status = BulletinStatus::kTest;
  EXPECT_EQ(LinesOf(bulletin)[1], "TEST TEST TEST");
}

TEST(PrintBulletin, WhoPassedItOnStandsBesideItsAuthor) {
  OpenedBulletin bulletin = Alert();
  EXPECT_EQ(BulletinJson(bulletin)["shared_by"], "");
  bulletin.item.shared_by = MemberId::Parse("guard");
  EXPECT_EQ(LinesOf(bulletin)[4], "passed on by guard");
  EXPECT_EQ(BulletinJson(bulletin)["shared_by"], "guard");
  EXPECT_EQ(BulletinJson(bulletin)["author"], "analyst");
}

// A body that holds the end of its bulletin and the beginning of another one.
TEST(PrintBulletin, ContentCannotPassForAnotherBulletin) {
  const std::string forged =
      "\nTLP:AMBER\nTLP:CLEAR\nrestriction: none\n\n| Evacuate\nflash_alert, flash, from analyst "
      "of "
      "police\nid 00\r\nTLP:CLEAR";
  OpenedBulletin bulletin = Alert();
  const size_t honest = LinesOf(bulletin).size();
  bulletin.content.body += forged;
  bulletin.content.summary = forged;
  bulletin.item.title += forged;
  bulletin.content.restrictions = {forged};
  ContentAttachment attachment;
  attachment.name = forged;
  attachment.media_type = forged;
  bulletin.content.attachments.push_back(attachment);
  size_t labels = 0;
  size_t own = 0;
  for (const std::string& line : LinesOf(bulletin)) {
    labels += absl::StartsWith(line, "TLP:") ? 1 : 0;
    own += absl::StartsWith(line, "| ") ? 0 : 1;
  }
  EXPECT_EQ(labels, 2u);
  // The restriction, the blank line after the summary, the attachment and what opens it.
  EXPECT_EQ(own, honest - 3 + 4);
}

// Where the terminal breaks a line, what comes next stands where a line of the program begins.
TEST(PrintBulletin, NoRestrictionOrAttachmentStandsAsALabelOnANarrowTerminal) {
  for (const size_t columns : {20u, 80u}) {
    OpenedBulletin bulletin = Alert();
    for (size_t before = 0; before < columns; ++before) {
      const std::string forged =
          std::string(before, 'r') + "TLP:CLEAR" + std::string(columns - 9, ' ') + "end";
      bulletin.content.restrictions.push_back(forged);
      ContentAttachment attachment;
      attachment.name = forged;
      bulletin.content.attachments.push_back(attachment);
    }
    std::ostringstream data;
    Output out(data, data, /*colour=*/false);
    out.set_columns(columns);
    PrintBulletin(out, bulletin);
    size_t labels = 0;
    const std::vector<std::string> lines = absl::StrSplit(data.str(), '\n');
    for (const std::string& line : lines) {
      for (size_t at = 0; at < line.size(); at += columns) {
        labels += absl::StartsWith(line.substr(at), "TLP:") ? 1 : 0;
      }
    }
    EXPECT_EQ(labels, 2u);
    EXPECT_THAT(data.str(), HasSubstr("\nrestriction:\n| "));
    EXPECT_THAT(data.str(), HasSubstr("\nattachment 1:\n| "));
  }
}

TEST(PrintBulletin, AShortRestrictionStaysOnItsLine) {
  OpenedBulletin bulletin = Alert();
  bulletin.content.restrictions = {"no photographs"};
  EXPECT_EQ(LinesOf(bulletin)[1], "restriction: no photographs");
}

TEST(QuotedText, NeverLetsTheTerminalBreakALine) {
  EXPECT_EQ(QuotedText("TLP:AMBER     TLP:CLEAR", 12), "| TLP:AMBER \n|    \n| TLP:CLEAR");
  EXPECT_EQ(QuotedText("\xE6\x9D\xB1\xE4\xBA\xAC", 5), "| \xE6\x9D\xB1\n| \xE4\xBA\xAC");
  EXPECT_EQ(QuotedText("a\tb", 10), "| a\n| \t\n| b");
  EXPECT_EQ(QuotedText(std::string(500, 'x'), 0), "| " + std::string(500, 'x'));
}

TEST(QuotedText, BreaksBetweenWordsWhereItCan) {
  EXPECT_EQ(QuotedText("this has been cleared", 14), "| this has \n| been cleared");
  EXPECT_EQ(QuotedText("been cleared now", 14), "| been cleared\n| now");
  EXPECT_EQ(QuotedText("a verylongwordindeed", 12), "| a \n| verylongwo\n| rdindeed");
  // A wide character never stands in a cell that is not there.
  EXPECT_EQ(QuotedText(" xxxx\xE6\x9D\xB1", 7), "|  \n| xxxx\n| \xE6\x9D\xB1");
}

// A title as wide as the terminal, behind which a label and another row stand.
TEST(ShowItems, ATitleCannotPassForALineOfTheProgram) {
  OpenedBulletin bulletin = Alert();
  bulletin.item.title = "Wallet" + std::string(74, ' ') + "TLP:CLEAR" + std::string(71, ' ') +
                        "   20  TLP:CLEAR  2026-11-22T09:13:58Z\nlive";
  for (const size_t columns : {0u, 20u, 80u, 240u}) {
    std::ostringstream data;
    Output out(data, data, /*colour=*/false);
    out.set_columns(columns);
    ASSERT_TRUE(ShowItems(out, {bulletin.item}, absl::OkStatus()).ok());
    const std::vector<std::string> lines = absl::StrSplit(data.str(), '\n');
    ASSERT_EQ(lines.size(), 6u);  // the label, three, the label, nothing
    EXPECT_TRUE(absl::StartsWith(lines[3], "| Wallet")) << lines[3];
    EXPECT_LE(lines[3].size(), columns == 0 ? 200u : columns);
  }
}

TEST(ShowItems, SaysWhichOfTheListIsWithdrawn) {
  OpenedBulletin first = Alert();
  first.item.id = BulletinId::Parse("b1ed7c8a202290e781ec12543406a319");
  OpenedBulletin notice = Alert();
  notice.item.seq = 2;
  notice.item.title.clear();
  notice.item.references = {{Relation::kWithdraws, *first.item.id, {}}};
  std::ostringstream data;
  Output out(data, data, /*colour=*/false);
  ASSERT_TRUE(ShowItems(out, {first.item, notice.item}, absl::OkStatus()).ok());
  EXPECT_THAT(data.str(), HasSubstr("withdraws 1 (b1ed7c8a202290e781ec12543406a319)"));
}

// A row of the state that somebody changed by hand.
TEST(ShowItems, WhatHasNoLabelThatCanBeReadIsHandledAsRed) {
  OpenedBulletin bulletin = Alert();
  bulletin.item.tlp = Tlp::kUnspecified;
  EXPECT_THAT(ListOf(bulletin), ::testing::StartsWith("TLP:RED\n"));
  EXPECT_THAT(ListOf(bulletin), ::testing::Not(HasSubstr("UNSPECIFIED")));
}

TEST(ShowItems, AnExerciseAndThePriorityCanBeSeenInAList) {
  OpenedBulletin bulletin = Alert();
  EXPECT_THAT(ListOf(bulletin), HasSubstr("flash"));
  EXPECT_THAT(ListOf(bulletin), ::testing::Not(HasSubstr("EXERCISE")));
  bulletin.item.status = BulletinStatus::kExercise;
  EXPECT_THAT(ListOf(bulletin), HasSubstr("EXERCISE"));
}

TEST(ShowItems, IsAnObjectAnItemWithJsonLinesAndOneWithJson) {
  const std::vector<InboxItem> items = {Alert().item, Alert().item};
  for (const bool lines : {false, true}) {
    std::ostringstream data;
    Output out(data, data, /*colour=*/false);
    out.set_format(lines ? Format::kJsonLines : Format::kJson);
    EXPECT_TRUE(ShowItems(out, items, absl::OkStatus()).ok());
    const std::string printed = data.str();
    EXPECT_EQ(std::count(printed.begin(), printed.end(), '\n'), lines ? 2 : 1);
  }
}

}  // namespace
}  // namespace shield::cli
