// Editions that seats of the police publish in a network in memory, and what becomes of them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/digest/publish/edition_standing.h"
#include "client/digest/publish/pending_edition.h"
#include "client/digest/publish/publish_edition.h"
#include "client/publish/redraft.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {

class EditionsTest : public ::testing::Test {
 protected:
  EditionsTest() : week_(Week::Of(network_.clock().Now())) {
    for (const char* seat : {"an-lise", "an-omar"}) {
      EXPECT_TRUE(network_.Open(seat).Sync().ok());
    }
  }

  BulletinId Green(absl::string_view title, absl::string_view seat = "an-lise") {
    network_.clock().Advance(absl::Minutes(1));
    const auto published = network_.Open(seat).Publish(network_.Green(title));
    EXPECT_TRUE(published.ok()) << published.status();
    network_.clock().Advance(absl::Minutes(1));
    return published->id;
  }

  // An AMBER notice to `to`, as in a draft.
  BulletinId Amber(absl::string_view title, absl::string_view to = "\"vetting:2\"",
                   absl::string_view seat = "an-lise") {
    network_.clock().Advance(absl::Minutes(1));
    const Draft draft = network_.DraftOf(
        absl::StrCat("+++\ntitle = \"", title, "\"\nkind = \"notice\"\ntlp = \"TLP:AMBER\"\nto = [",
                     to, "]\n+++\nBody.\n"));
    const auto published = network_.Open(seat).Publish(draft);
    EXPECT_TRUE(published.ok()) << published.status();
    network_.clock().Advance(absl::Minutes(1));
    return published->id;
  }
  // What `shield bulletin extend` sends.
  BulletinId Extend(absl::string_view seat, const BulletinId& id, std::vector<AudienceToken> to) {
    network_.clock().Advance(absl::Minutes(1));
    Client client = network_.Open(seat);
    EXPECT_TRUE(client.Sync().ok());
    const auto opened = client.Read(id);
    EXPECT_TRUE(opened.ok()) << opened.status();
    const auto draft =
        RedraftOf(*opened, {Relation::kExtends, std::nullopt, std::move(to)}, /*paths=*/{});
    EXPECT_TRUE(draft.ok()) << draft.status();
    const auto published = client.Publish(*draft);
    EXPECT_TRUE(published.ok()) << published.status();
    network_.clock().Advance(absl::Minutes(1));
    return published->id;
  }
  static std::vector<AudienceToken> ToVettedBut(std::initializer_list<const char*> holders) {
    std::vector<AudienceToken> to = {AudienceToken{AudienceToken::Kind::kVetting, "2"}};
    for (const char* holder : holders) {
      to.push_back(AudienceToken::NotMember(*MemberId::Parse(holder)));
    }
    return to;
  }
  void Withdraw(const BulletinId& id, absl::string_view seat = "an-lise") {
    ASSERT_TRUE(network_.Open(seat).Withdraw(id).ok());
    network_.clock().Advance(absl::Minutes(1));
  }

  // What a reader is told to be over, by the edition that it holds.
  std::vector<std::string> EndedIn(absl::string_view member, const BulletinId& edition) {
    const std::string content = ContentOf(member, edition);
    if (content.empty()) return {};
    return nlohmann::json::parse(content)["details"]["ended"].get<std::vector<std::string>>();
  }
  void EndKeysOf(absl::string_view member) {
    for (KeyRecord& key : network_.records().keys) {
      const bool ends = key.member.text() == member && key.use == KeyUse::kSeal;
      if (ends) key.period.until = network_.clock().Now() + absl::Minutes(1);
    }
    network_.clock().Advance(absl::Minutes(2));
    network_.PublishDirectory();
  }
  // An organisation of which nobody is enrolled yet.
  void AddPort() {
    OrgRecord port = network_.Org("meir");
    port.id = *OrgId::Parse("port");
    network_.records().orgs.push_back(std::move(port));
    network_.PublishDirectory();
  }
  BriefingRequest ForAstridAndPort() const {
    BriefingRequest request = Request(Tier::kAmber);
    request.to = {AudienceToken::Org(*OrgId::Parse("astrid")),
                  AudienceToken::Org(*OrgId::Parse("port"))};
    return request;
  }

  // One in the place of what holds, for those who had it, in its language.
  BriefingRequest Correcting(Tier tier = Tier::kAmber) const {
    BriefingRequest request = Request(tier);
    request.for_their_readers = true;
    request.keeps_language = true;
    return request;
  }

  BriefingRequest Request(Tier tier = Tier::kGreen) const {
    return {.week = week_, .tier = tier, .generator = "shield test"};
  }

  absl::StatusOr<PreparedEdition> Prepare(Client& client, EditionMode mode = EditionMode::kFirst,
                                          Tier tier = Tier::kGreen) {
    EXPECT_TRUE(client.Sync().ok());
    return PrepareEdition(client, network_.HomeOf(client.member().text()), Request(tier), mode,
                          network_.clock().Now());
  }

  absl::StatusOr<PreparedEdition> PrepareAs(absl::string_view seat, const BriefingRequest& request,
                                            EditionMode mode = EditionMode::kReplace) {
    Client client = network_.Open(seat);
    EXPECT_TRUE(client.Sync().ok());
    return PrepareEdition(client, network_.HomeOf(seat), request, mode, network_.clock().Now());
  }

  absl::StatusOr<Published> Send(absl::string_view seat, EditionMode mode = EditionMode::kFirst) {
    Client client = network_.Open(seat);
    absl::StatusOr<PreparedEdition> prepared = Prepare(client, mode);
    if (!prepared.ok()) return prepared.status();
    return SendEdition(client, network_.HomeOf(seat), *prepared, network_.clock());
  }

  // All of it, as a program does that is run again.
  absl::StatusOr<Published> PublishAll(absl::string_view seat, const BriefingRequest& request,
                                       EditionMode mode = EditionMode::kFirst) {
    Client client = network_.Open(seat);
    EXPECT_TRUE(client.Sync().ok());
    return PublishEdition(client, network_.HomeOf(seat), request, mode, network_.clock(),
                          [](const PreparedEdition&) { return absl::OkStatus(); });
  }
  void CutOff(absl::string_view seat) {
    for (int i = 0; i < 50; ++i) {
      network_.Script(seat).FailNext("Publish", absl::UnavailableError("the link is dead"));
    }
  }
  // The first edition of an-lise, sent into the void, or committed without an answer.
  void SendUnheard(bool committed) {
    Client client = network_.Open("an-lise");
    const auto prepared = Prepare(client);
    ASSERT_TRUE(prepared.ok()) << prepared.status();
    if (committed) {
      network_.Script("an-lise").LoseNextReceipt();
      network_.Script("an-lise").BeforeNextFinish([this] { CutOff("an-lise"); });
    } else {
      CutOff("an-lise");
    }
    ASSERT_FALSE(SendEdition(client, network_.HomeOf("an-lise"), *prepared, network_.clock()).ok());
  }
  // Sends what an-lise has sent so far, when it is called: a link that was only slow.
  std::function<void()> Later() {
    const std::string folder = network_.folder() + "/later";
    std::filesystem::copy(network_.HomeOf("an-lise").folder(), folder,
                          std::filesystem::copy_options::recursive);
    return [this, folder] {
      const absl::StatusOr<Home> home = Home::Open(folder);
      ASSERT_TRUE(home.ok()) << home.status();
      auto client =
          Client::Open(*home, std::nullopt, network_.broker().Connect(*MemberId::Parse("an-lise")),
                       network_.clock(), network_.random());
      ASSERT_TRUE(client.ok()) << client.status();
      const auto noted = ReadPendingEditions(*home, week_, Tier::kGreen);
      ASSERT_EQ(noted->size(), 1u);
      const auto id = client->FindPendingDraft(noted->front().draft);
      ASSERT_TRUE(id.ok() && id->has_value());
      const auto sent = client->Resume(**id);
      ASSERT_TRUE(sent.ok()) << sent.status();
    };
  }
  // Those that hold, at a reader.
  std::vector<HeldEdition> LiveOf(absl::string_view member) {
    std::vector<HeldEdition> live;
    for (HeldEdition& edition : EditionsOf(member)) {
      if (edition.state == InboxState::kLive) live.push_back(std::move(edition));
    }
    return live;
  }
  std::string ContentOf(absl::string_view member, const BulletinId& id) {
    Client client = network_.Open(member);
    EXPECT_TRUE(client.Sync().ok());
    const auto opened = client.Read(id);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? opened->content.json : "";
  }

  // The editions that a reader holds.
  std::vector<HeldEdition> EditionsOf(absl::string_view member) {
    Client client = network_.Open(member);
    EXPECT_TRUE(client.Sync().ok());
    auto gathered = Gather(client, network_.HomeOf(member), GatheredFor::kMine, Language::kEnglish,
                           Fetching::kAllowed);
    EXPECT_TRUE(gathered.ok()) << gathered.status();
    return gathered->editions;
  }

  EditionStanding Standing(absl::string_view member, Tier tier = Tier::kGreen) {
    Client client = network_.Open(member);
    EXPECT_TRUE(client.Sync().ok());
    auto gathered = Gather(client, network_.HomeOf(member), GatheredFor::kOthers,
                           Language::kEnglish, Fetching::kAllowed);
    EXPECT_TRUE(gathered.ok()) << gathered.status();
    return StandingOf(*gathered, week_, tier, network_.clock().Now());
  }

  SampleNetwork network_;
  const Week week_;
};

}  // namespace shield::testing
