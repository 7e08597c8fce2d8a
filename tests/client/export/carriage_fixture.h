// Folders that are carried between homes of a network in memory. The homes that import are those of
// `astrid-guard` and others who have not synchronised: nothing has told them of any directory.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "client/home/private_file.h"
#include "client/state/state.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {

class CarriageTest : public ::testing::Test {
 protected:
  // By an-lise, to the hotel.
  BulletinId Publish(absl::string_view more = "", absl::string_view tlp = "AMBER") {
    Client analyst = network_.Open("an-lise");
    const auto published = analyst.Publish(
        network_.DraftOf(absl::StrCat("+++\ntitle = \"Meir\"\nkind = \"notice\"\ntlp = \"", tlp,
                                      "\"\nto = [\"org:astrid\"]\n", more, "+++\nBody.\n")));
    EXPECT_TRUE(published.ok()) << published.status();
    return published->id;
  }
  BulletinId PublishAttached() {
    std::ofstream(network_.folder() + "/secret-plan.png") << "not really a plan";
    return Publish("attachments = [\"secret-plan.png\"]\n");
  }
  // What `member` makes of one it holds, when it has synchronised.
  absl::StatusOr<std::string> TryExport(absl::string_view member, const BulletinId& id,
                                        ExportOrder order) {
    order.folder = NewFolder();
    Client client = network_.Open(member);
    RETURN_IF_ERROR(client.Sync().status());
    ASSIGN_OR_RETURN(const ExportReport report, client.Export(id, order));
    return report.folder;
  }
  // By its publisher, for a reader.
  std::string CarryFor(absl::string_view reader, const BulletinId& id,
                       absl::string_view publisher = "an-lise") {
    const auto folder = TryExport(publisher, id, {"", true, *MemberId::Parse(reader)});
    EXPECT_TRUE(folder.ok()) << folder.status();
    return folder.value_or("");
  }
  std::string NewFolder() { return stick_ / absl::StrCat("folder-", ++folders_); }

  // Another home of a member: its keys and network, and nothing it has heard.
  Client OpenOtherHome(absl::string_view member) {
    const Home first = network_.HomeOf(member);
    const std::string path = stick_ / absl::StrCat("home-of-", member);
    const Home second = *Home::Create(path);
    if (!second.Has("identity.txt")) {
      EXPECT_TRUE(second.Join(*first.ReadNetworkText()).ok());
      EXPECT_TRUE(second
                      .WriteKeys(*first.ReadKeys(std::nullopt), std::nullopt,
                                 network_.clock().Now(), network_.random())
                      .ok());
    }
    return *Client::Open(second, std::nullopt, network_.broker().Connect(*MemberId::Parse(member)),
                         network_.clock(), network_.random());
  }
  // The state of a member's home, whatever clients are open over it.
  std::unique_ptr<ClientState> StateOf(absl::string_view member) {
    return *ClientState::Open(network_.HomeOf(member).PathOf("state.db"),
                              network_.network().network.KeyName(member));
  }
  // The one item of a home.
  static InboxItem Only(Client& client) {
    const auto items = client.Inbox();
    EXPECT_TRUE(items.ok()) << items.status();
    EXPECT_EQ(items->size(), 1u);
    return items->empty() ? InboxItem{} : items->front();
  }
  static std::string RuleOfImport(Client& client, const std::string& folder) {
    const auto report = client.Import(folder);
    EXPECT_FALSE(report.ok());
    return RuleOf(report.status());
  }
  static std::string Text(const std::string& folder, absl::string_view name) {
    return *ReadSmallFile(absl::StrCat(folder, "/", name));
  }
  static void Write(const std::string& folder, absl::string_view name, absl::string_view text) {
    std::ofstream(absl::StrCat(folder, "/", name), std::ios::binary) << text;
  }
  static void DropLogProof(const std::string& folder) {
    const std::string text = Text(folder, "proof.txt");
    Write(folder, "proof.txt", text.substr(0, text.find("\nlog ") + 1));
  }

  SampleNetwork network_;
  TemporaryFolder stick_;
  int folders_ = 0;
};

}  // namespace shield::testing
