#include "client/cli/board_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/status.h"

namespace shield::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
constexpr char kId[] = "0123456789abcdef0123456789abcdef";

BoardReader Reader(absl::string_view member, ReaderState state) {
  BoardReader reader{*MemberId::Parse(member), *OrgId::Parse("hotel"), state};
  if (state != ReaderState::kPending) reader.delivered = kNow;
  if (state == ReaderState::kAcknowledged) reader.acknowledged = kNow + absl::Minutes(5);
  return reader;
}

// One has acknowledged, one is overdue, one of the source is not waited for.
StatusBoard Board() {
  StatusBoard board{*BulletinId::Parse(kId), Tlp::kAmberStrict, kNow + absl::Minutes(30)};
  board.readers = {Reader("desk", ReaderState::kAcknowledged),
                   Reader("guard", ReaderState::kOverdue), Reader("jan", ReaderState::kPending)};
  board.readers[2].awaited = false;
  board.counts = {.awaited = 2, .acknowledged = 1, .overdue = 1};
  return board;
}

std::string Printed(const StatusBoard& board) {
  std::ostringstream data;
  Output out(data, data, /*colour=*/false);
  PrintBoard(out, board);
  return data.str();
}

TEST(BoardText, BeginsAndEndsWithTheLabelAndHasTheCountsAtItsTop) {
  const std::string text = Printed(Board());
  EXPECT_THAT(text, StartsWith("TLP:AMBER+STRICT\n1 of 2 have acknowledged\n0 pending, 0 "
                               "delivered, 0 opened, 1 acknowledged, 1 overdue\n"));
  EXPECT_THAT(text, EndsWith("\nTLP:AMBER+STRICT\n"));
  EXPECT_THAT(text, HasSubstr("to be acknowledged by 2026-09-21T14:43:20Z"));
  EXPECT_THAT(text, HasSubstr("not waited for"));
}

TEST(BoardText, AReceiptThatWasRefusedIsNamed) {
  StatusBoard board = Board();
  board.readers[1].fault = "BAD_SIGNATURE";
  EXPECT_THAT(Printed(board), HasSubstr("receipt refused: BAD_SIGNATURE"));
  EXPECT_EQ(BoardJson(board)["recipients"][1]["fault"], "BAD_SIGNATURE");
  EXPECT_EQ(RuleOf(board.Fault()), "BAD_SIGNATURE");
}

TEST(BoardText, TheObjectHasTheFieldsThatScriptsRelyOn) {
  const nlohmann::json board = BoardJson(Board());
  EXPECT_EQ(board["id"], kId);
  EXPECT_EQ(board["tlp"], "TLP:AMBER+STRICT");
  EXPECT_EQ(board["acknowledged"], 1);
  EXPECT_EQ(board["complete"], false);
  EXPECT_EQ(board["counts"]["overdue"], 1);
  ASSERT_THAT(board["recipients"], SizeIs(3));
  const nlohmann::json& desk = board["recipients"][0];
  EXPECT_EQ(desk["member"], "desk");
  EXPECT_EQ(desk["org"], "hotel");
  EXPECT_EQ(desk["state"], "acknowledged");
  EXPECT_EQ(desk["acknowledged"], true);
  EXPECT_EQ(desk["acknowledged_at"], "2026-09-21T14:18:20Z");
  EXPECT_EQ(desk["opened_at"], "");
  EXPECT_EQ(desk["told"], false);
  EXPECT_EQ(desk["shared_by"], "");
}

TEST(BoardText, CsvIsALineAReaderEachEndedByCrLf) {
  const std::string csv = BoardCsv(Board());
  EXPECT_THAT(csv, StartsWith("id,tlp,member,org,state,awaited,delivered_at,opened_at,"
                              "acknowledged_at,acknowledge_by,late,shared_by,fault,sharers\r\n"));
  EXPECT_THAT(csv, HasSubstr("0123456789abcdef0123456789abcdef,TLP:AMBER+STRICT,desk,hotel,"
                             "acknowledged,yes,2026-09-21T14:13:20Z,,2026-09-21T14:18:20Z,"
                             "2026-09-21T14:43:20Z,no,,,\r\n"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 4);
}

TEST(CsvField, IsQuotedAsTheRfcSaysAndNoFormula) {
  EXPECT_EQ(CsvField("plain"), "plain");
  EXPECT_EQ(CsvField(""), "");
  EXPECT_EQ(CsvField("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvField("say \"so\""), "\"say \"\"so\"\"\"");
  EXPECT_EQ(CsvField("two\r\nlines"), "\"two\r\nlines\"");
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1"}) {
    EXPECT_THAT(CsvField(formula), StartsWith("'")) << formula;
  }
  EXPECT_EQ(CsvField("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
}

TEST(BoardChanges, AreReadersInAnotherStateOrNew) {
  const StatusBoard before = Board();
  StatusBoard now = before;
  EXPECT_THAT(ChangesOf(before, now), SizeIs(0));
  now.readers[1].state = ReaderState::kAcknowledged;
  now.readers.push_back(Reader("cleaner", ReaderState::kDelivered));
  now.readers.back().sharers = {*MemberId::Parse("guard")};
  now.readers.back().shared_by = now.readers.back().sharers.front();
  const std::vector<BoardReader> changes = ChangesOf(before, now);
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0].member.text(), "guard");
  EXPECT_THAT(ChangeLine(changes[1]), HasSubstr("cleaner  delivered  passed on by guard"));
}

TEST(BoardText, WhoHoldsItAndWasPassedItToStandsOnceWithAllWhoDidSo) {
  StatusBoard board = Board();
  board.readers[1].sharers = {*MemberId::Parse("desk"), *MemberId::Parse("jan")};
  EXPECT_THAT(Printed(board), HasSubstr("also passed on by desk and jan"));
  EXPECT_THAT(BoardCsv(board), HasSubstr("no,,,desk jan\r\n"));
  const nlohmann::json guard = BoardJson(board)["recipients"][1];
  EXPECT_EQ(guard["shared_by"], "");
  EXPECT_EQ(guard["sharers"], nlohmann::json::array({"desk", "jan"}));
}

TEST(MissingOnABoard, AreThoseWhoAreAwaitedAndHaveNotAcknowledged) {
  const std::vector<BoardReader> missing = MissingOn(Board());
  ASSERT_THAT(missing, SizeIs(1));
  EXPECT_EQ(missing[0].member.text(), "guard");
}

}  // namespace
}  // namespace shield::cli
