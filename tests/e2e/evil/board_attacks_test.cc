// What a source sees of its readers when the broker cheats it, with the shipped command line.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/evil/attack_table.h"
#include "tests/e2e/evil/evil_network.h"

namespace shield::testing {
namespace {

class BoardAttacks : public AttackTable {
 protected:
  // The two of the hotel look at their inboxes, and so sign that its bulletins came.
  void Read(const EvilBroker& broker) {
    for (const char* reader : {"astrid-desk", "astrid-guard"}) {
      ASSERT_EQ(ShieldAt(network().CopyHome(reader), broker.address(), {"inbox", "ls"}).exit_code,
                0);
    }
  }
  // What the author has published, the oldest first.
  std::vector<std::string> Published(const EvilBroker& broker) {
    const ProcessResult listed =
        ShieldAt(network().CopyHome("analyst"), broker.address(), {"bulletin", "ls"});
    const nlohmann::json object = nlohmann::json::parse(listed.data);
    std::vector<std::string> ids;
    for (const nlohmann::json& entry : object["entries"]) {
      ids.push_back(entry["id"]);
    }
    return ids;
  }
  ProcessResult Status(const EvilBroker& broker, const std::string& id) {
    return ShieldAt(network().CopyHome("analyst"), broker.address(), {"bulletin", "status", id});
  }
  // "astrid-desk delivered, astrid-guard pending": the hotel on a board.
  static std::string HotelOn(const ProcessResult& status) {
    const nlohmann::json board = nlohmann::json::parse(status.data);
    std::string hotel;
    for (const nlohmann::json& reader : board["recipients"]) {
      if (reader["org"] != "hotel-astrid") continue;
      absl::StrAppend(&hotel, hotel.empty() ? "" : ", ", reader["member"].get<std::string>(), " ",
                      reader["state"].get<std::string>());
    }
    return hotel;
  }
};

TEST_F(BoardAttacks, AreNoticedByTheSource) {
  constexpr struct {
    const char* attack;
    const char* expected;
  } kAttacks[] = {
      {"none", "0"},
      {"forge-receipts", "7 BAD_SIGNATURE"},
      {"swap-receipts", "7 RECEIPT_MISMATCH"},
  };
  for (const auto& attack : kAttacks) {
    const EvilBroker evil(network(), attack.attack, "analyst");
    Read(evil);
    const ProcessResult status = Status(evil, Published(evil).at(1));
    Row(absl::StrCat(attack.attack, ", the board"), attack.expected, OutcomeOf(status));
  }
}

TEST_F(BoardAttacks, TheReceiptsOfAnotherBulletinAreRefused) {
  const EvilBroker evil(network(), "replay-receipts", "analyst");
  Read(evil);
  const std::vector<std::string> ids = Published(evil);
  Row("replay-receipts, the first board", "0", OutcomeOf(Status(evil, ids.at(0))));
  Row("replay-receipts, another board", "7 RECEIPT_MISMATCH", OutcomeOf(Status(evil, ids.at(1))));
}

TEST_F(BoardAttacks, ADroppedReceiptLeavesItsReaderPending) {
  std::string id;
  {
    const EvilBroker honest(network(), "none", "analyst");
    Read(honest);
    id = Published(honest).at(1);
    const std::string hotel = HotelOn(Status(honest, id));
    EXPECT_EQ(hotel.find("pending"), std::string::npos) << hotel;
  }
  const EvilBroker evil(network(), "drop-receipts", "analyst");
  const ProcessResult status = Status(evil, id);
  EXPECT_EQ(status.exit_code, 0);
  EXPECT_EQ(HotelOn(status).find("delivered"), std::string::npos);
  EXPECT_NE(HotelOn(status).find("pending"), std::string::npos);
}

TEST_F(BoardAttacks, AReaderWhoIsNotListedIsCounted) {
  const EvilBroker evil(network(), "hide-reader:2", "analyst");
  const ProcessResult status = Status(evil, Published(evil).at(1));
  const nlohmann::json board = nlohmann::json::parse(status.data);
  EXPECT_EQ(board["counts"]["unlisted"], 1) << status.data;
  EXPECT_EQ(board["complete"], false);
}

TEST_F(BoardAttacks, AReaderInWhosePlaceAnotherIsListedIsCounted) {
  const EvilBroker evil(network(), "substitute-reader:2", "analyst");
  const ProcessResult status = Status(evil, Published(evil).at(1));
  Row("substitute-reader, the board", "7 READER_UNKNOWN", OutcomeOf(status));
  const nlohmann::json board = nlohmann::json::parse(status.data);
  EXPECT_EQ(board["counts"]["unlisted"], 1) << status.data;
  EXPECT_EQ(board["complete"], false);
}

TEST_F(BoardAttacks, AnExtensionLeavesNobodyOutOnTheWordOfTheBroker) {
  const EvilBroker evil(network(), "substitute-reader:2", "analyst");
  const std::string home = network().CopyHome("analyst");
  const ProcessResult listed = ShieldAt(home, evil.address(), {"bulletin", "ls"});
  const std::string id = nlohmann::json::parse(listed.data)["entries"].at(1)["id"];
  const ProcessResult extended = ShieldAt(home, evil.address(),
                                          {"bulletin", "extend", id, "--to", "org:hotel-astrid",
                                           "--confirm", id, "--reason", "for who came since"});
  Row("substitute-reader, an extension", "7 READER_UNKNOWN", OutcomeOf(extended));
}

}  // namespace
}  // namespace shield::testing
