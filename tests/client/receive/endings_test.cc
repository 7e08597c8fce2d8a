// A newer version takes the older one's local copy away; whoever is not its source cannot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "client/receive/inbox_shelf.h"
#include "client/state/state.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/verified_statement.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EndingsTest : public ::testing::Test {
 protected:
  Draft Superseding(const BulletinId& id) {
    return network_.DraftOf(absl::StrCat(
        "+++\ntitle = \"new\"\nkind = \"notice\"\ntlp = \"GREEN\"\nrefs = [\"supersedes:",
        id.ToHex(), "\"]\n+++\nBody.\n"));
  }
  Published Publish(absl::string_view front) {
    Client analyst = network_.Open("an-lise");
    const auto published = analyst.Publish(network_.DraftOf(
        absl::StrCat("+++\ntitle = \"x\"\nkind = \"notice\"\n", front, "\n+++\nBody.\n")));
    EXPECT_TRUE(published.ok()) << published.status();
    return *published;
  }
  // The entry as the broker gave it to this reader.
  DeliveredEntry EntryOf(absl::string_view reader) {
    const MemberId member = *MemberId::Parse(reader);
    std::vector<DeliveredEntry> entries = network_.broker().TakeInbox(member);
    for (const DeliveredEntry& entry : entries) network_.broker().Forge(member, entry);
    return entries.front();
  }
  // A statement of `author` that stands so to the one of `entry`, signed.
  std::string Ending(absl::string_view author, Relation relation, const DeliveredEntry& entry,
                     std::optional<Tlp> tlp = std::nullopt) {
    return Ending(author, network_.SignKeyOf(author), relation, entry, tlp);
  }
  // Signed with a key of anybody's.
  std::string Ending(absl::string_view author, const SigningKey& key, Relation relation,
                     const DeliveredEntry& entry, std::optional<Tlp> tlp = std::nullopt,
                     const BulletinId& id = *BulletinId::Parse(std::string(32, 'e'))) {
    const absl::StatusOr<SignedNote> note = ParseNote(entry.statement);
    const Statement original = *ParseStatement(note->text);
    Statement ending = original;
    ending.id = id;
    ending.author = *MemberId::Parse(author);
    const std::string name = absl::StrCat("antwerp.example/", author);
    ending.author_key = key.Verifier(name)->ToString();
    ending.references = {{relation, original.id, Sha256(note->text)}};
    ending.tlp = tlp.value_or(original.tlp);
    if (relation == Relation::kWithdraws) {
      ending.bulletin_class = BulletinClass::kControl;
      ending.recipients = 0;
      ending.recipients_root = Sha256(ByteSpan());
      ending.payload = {0, Sha256(ByteSpan())};
      ending.commitment.reset();
    }
    const auto signed_note = SignStatement(ending, key);
    EXPECT_TRUE(signed_note.ok()) << signed_note.status();
    return *signed_note;
  }
  // A control entry as the broker gives it to a holder.
  void DeliverWithdrawal(absl::string_view reader, const std::string& note,
                         uint64_t log_index = 900) {
    DeliveredEntry entry;
    entry.statement = note;
    entry.log_index = log_index;
    entry.state = DeliveryState::kLive;
    entry.slot_hash = Sha256(ByteSpan());
    network_.broker().Forge(*MemberId::Parse(reader), entry);
  }
  // Withdrawals of `entry` in the name of an-omar, by a key that nobody was given, as many as were
  // once looked at. They stand in the log from `log_index` on.
  void DeliverMadeUp(const DeliveredEntry& entry, uint64_t log_index) {
    const SigningKey made_up = SigningKey::Generate(network_.random());
    for (uint64_t i = 0; i <= InboxShelf::kMaxJudgedAgain; ++i) {
      Bytes id(16);
      network_.random().Fill(id);
      DeliverWithdrawal("meir-guard",
                        Ending("an-omar", made_up, Relation::kWithdraws, entry, std::nullopt,
                               *BulletinId::FromBytes(id)),
                        log_index + i);
    }
  }
  void EndKeysOf(absl::string_view member) {
    for (KeyRecord& key : network_.records().keys) {
      if (key.member.text() == member) key.period.until = network_.clock().Now();
    }
    network_.PublishDirectory();
  }
  // The state of the reader's first entry when the broker calls it ended by `note`.
  InboxItem FirstEndedBy(absl::string_view reader, DeliveryState state, const std::string& note) {
    Client client = network_.Open(reader);
    network_.Script(reader).AlterMessages([&](SubscriptionMessage& message) {
      for (DeliveredEntry& entry : message.entries) {
        entry.state = state;
        entry.ended_by = note;
        entry.slot.clear();
        entry.payload.clear();
      }
    });
    const auto report = client.Sync();
    EXPECT_TRUE(report.ok()) << report.status();
    return client.Inbox()->front();
  }
  SampleNetwork network_;
};

TEST_F(EndingsTest, AnyAnalystOfTheSourceWithdraws) {
  const Published old = Publish("tlp = \"GREEN\"");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  DeliverWithdrawal("meir-guard", Ending("an-omar", Relation::kWithdraws, EntryOf("meir-guard")));
  const auto report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->refused, 0u);
  EXPECT_EQ(RuleOf(guard.Show(old.id).status()), "WITHDRAWN");
  EXPECT_EQ((*guard.Inbox())[1].kind, "withdraw");
}

// A thief may sign with a key that has ended: it ends nothing. The source may have signed it as
// well: the bulletin is not shown as if nothing had been said.
TEST_F(EndingsTest, AWithdrawalWhoseKeyHasEndedWhenItComesMarksTheBulletin) {
  const Published old = Publish("tlp = \"GREEN\"");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_THAT(guard.Inbox()->front().warnings, IsEmpty());
  const std::string withdrawal = Ending("an-omar", Relation::kWithdraws, EntryOf("meir-guard"));
  network_.clock().Advance(absl::Hours(1));
  std::vector<absl::Time> untils;
  for (KeyRecord& key : network_.records().keys) {
    untils.push_back(key.period.until);
    if (key.member.text() == "an-omar") key.period.until = network_.clock().Now();
  }
  network_.PublishDirectory();
  DeliverWithdrawal("meir-guard", withdrawal);
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ((*guard.Inbox())[1].fault, "PUBLISHER_KEY_REVOKED");
  EXPECT_EQ(guard.Inbox()->front().state, InboxState::kLive);
  EXPECT_THAT(guard.Inbox()->front().warnings, ElementsAre("ENDING_UNPROVEN"));
  EXPECT_THAT(guard.Show(old.id)->warnings, Contains("ENDING_UNPROVEN"));
  // Once it holds it ends the bulletin, and there is no doubt any more.
  for (size_t i = 0; i < untils.size(); ++i) network_.records().keys[i].period.until = untils[i];
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Inbox()->front().state, InboxState::kWithdrawn);
  EXPECT_THAT(guard.Inbox()->front().warnings, IsEmpty());
}

// A broker can make a key and sign with it in any member's name.
TEST_F(EndingsTest, AWithdrawalByAKeyThatNobodyWasGivenMarksNothing) {
  const Published old = Publish("tlp = \"GREEN\"");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  const SigningKey made_up = SigningKey::Generate(network_.random());
  for (const char* author : {"an-lise", "an-omar"}) {
    DeliverWithdrawal("meir-guard",
                      Ending(author, made_up, Relation::kWithdraws, EntryOf("meir-guard")),
                      author == std::string("an-lise") ? 900 : 901);
  }
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_THAT(*guard.Inbox(), SizeIs(3));
  EXPECT_EQ((*guard.Inbox())[1].fault, "PUBLISHER_KEY_REVOKED");
  EXPECT_EQ((*guard.Inbox())[2].fault, "PUBLISHER_KEY_REVOKED");
  EXPECT_THAT(guard.Inbox()->front().warnings, IsEmpty());
  EXPECT_THAT(guard.Show(old.id)->warnings, IsEmpty());
}

// Whoever has left another organisation, or lost its key there, cannot speak for this one.
TEST_F(EndingsTest, AWithdrawalByAStrangerWhoseKeyHasEndedMarksNothing) {
  network_.Org("astrid").kind = OrgKind::kAuthority;  // a reader is shown no other firms
  network_.PublishDirectory();
  Publish("tlp = \"GREEN\"");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  const std::string ending = Ending("astrid-guard", Relation::kWithdraws, EntryOf("meir-guard"));
  network_.clock().Advance(absl::Hours(1));
  EndKeysOf("astrid-guard");
  DeliverWithdrawal("meir-guard", ending);
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ((*guard.Inbox())[1].fault, "PUBLISHER_KEY_REVOKED");
  EXPECT_TRUE((*guard.Inbox())[1].signer_known);
  EXPECT_THAT(guard.Inbox()->front().warnings, IsEmpty());
}

// However many statements nobody made stand before it and after it.
TEST_F(EndingsTest, NoNumberOfMadeUpStatementsHidesAnUnprovenEnding) {
  Publish("tlp = \"GREEN\"");
  const DeliveredEntry bulletin = EntryOf("meir-guard");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  const std::string ending = Ending("an-omar", Relation::kWithdraws, bulletin);
  network_.clock().Advance(absl::Hours(1));
  EndKeysOf("an-omar");
  DeliverMadeUp(bulletin, 900);
  DeliverWithdrawal("meir-guard", ending, 1800);
  DeliverMadeUp(bulletin, 1900);
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_THAT(guard.Inbox()->front().warnings, ElementsAre("ENDING_UNPROVEN"));
}

TEST_F(EndingsTest, NoNumberOfMadeUpStatementsKeepsAnEndingFromBeingJudgedAgain) {
  const Published old = Publish("tlp = \"GREEN\"");
  const DeliveredEntry bulletin = EntryOf("meir-guard");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  const std::string ending = Ending("an-omar", Relation::kWithdraws, bulletin);
  network_.Member("an-omar").state = AccountState::kSuspended;
  network_.PublishDirectory();
  DeliverMadeUp(bulletin, 900);
  DeliverWithdrawal("meir-guard", ending, 1800);
  ASSERT_TRUE(guard.Sync().ok());
  const auto state = ClientState::Open(network_.HomeOf("meir-guard").PathOf("state.db"),
                                       "antwerp.example/meir-guard");
  ASSERT_EQ((*state)->FindBulletin(old.id)->value().delivered.state, DeliveryState::kLive);
  network_.Member("an-omar").state = AccountState::kActive;
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ((*state)->FindBulletin(old.id)->value().delivered.state, DeliveryState::kWithdrawn);
}

// Of more than are judged again at once each has its turn, though none before it ever holds.
TEST_F(EndingsTest, OfMoreThanAreJudgedAgainAtOnceEachHasItsTurn) {
  const Published old = Publish("tlp = \"GREEN\"");
  const DeliveredEntry bulletin = EntryOf("meir-guard");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  network_.AddMember("an-third", "ocad", {Role::kAnalyst});
  network_.PublishDirectory();
  const std::string ending = Ending("an-omar", Relation::kWithdraws, bulletin);
  for (uint64_t i = 0; i <= InboxShelf::kMaxJudgedAgain; ++i) {
    Bytes id(16);
    network_.random().Fill(id);
    DeliverWithdrawal("meir-guard",
                      Ending("an-third", network_.SignKeyOf("an-third"), Relation::kWithdraws,
                             bulletin, std::nullopt, *BulletinId::FromBytes(id)),
                      900 + i);
  }
  DeliverWithdrawal("meir-guard", ending, 1800);
  network_.clock().Advance(absl::Hours(1));
  EndKeysOf("an-third");
  network_.Member("an-omar").state = AccountState::kSuspended;
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  network_.Member("an-omar").state = AccountState::kActive;
  network_.PublishDirectory();
  const auto state = ClientState::Open(network_.HomeOf("meir-guard").PathOf("state.db"),
                                       "antwerp.example/meir-guard");
  constexpr int kLooks = 8;
  for (int i = 0; i < kLooks; ++i) {
    network_.clock().Advance(absl::Seconds(1));
    ASSERT_TRUE(guard.Sync().ok());
  }
  EXPECT_EQ((*state)->FindBulletin(old.id)->value().delivered.state, DeliveryState::kWithdrawn);
}

// The authority's clock, which is a minute ahead, ended the key: it signs no ending either.
TEST_F(EndingsTest, AnEndingByAKeyThatHadEndedWhenTheDirectoryWasIssuedIsUnproven) {
  Publish("tlp = \"GREEN\"");
  const std::string ending = Ending("an-omar", Relation::kWithdraws, EntryOf("meir-guard"));
  network_.clock().Advance(absl::Minutes(1));
  for (KeyRecord& key : network_.records().keys) {
    if (key.member.text() == "an-omar") key.period.until = network_.clock().Now();
  }
  network_.PublishDirectory();
  network_.clock().Advance(-absl::Minutes(1));
  EXPECT_EQ(FirstEndedBy("meir-guard", DeliveryState::kWithdrawn, ending).fault,
            "TOMBSTONE_UNPROVEN");
}

// Who takes back its own bulletin does so from the seat it wrote it from, whatever seat it has now.
TEST_F(EndingsTest, AnOwnWithdrawalHoldsAgainstABulletinThatComesAfterItsAuthorHasMoved) {
  network_.Org("astrid").kind = OrgKind::kAuthority;  // a reader is shown no other firms
  network_.PublishDirectory();
  const Published old = Publish("tlp = \"GREEN\"");
  const MemberId member = *MemberId::Parse("meir-guard");
  DeliveredEntry bulletin = EntryOf("meir-guard");
  network_.broker().TakeInbox(member);
  DeliverWithdrawal("meir-guard", Ending("an-lise", Relation::kWithdraws, bulletin));
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  network_.Member("an-lise").org = *OrgId::Parse("astrid");
  network_.PublishDirectory();
  bulletin.log_index = 901;
  network_.broker().Forge(member, bulletin);
  // It stands at an index of this test's own, which no log holds.
  EXPECT_EQ(RuleOf(guard.Sync().status()), "LOG_MISMATCH");
  EXPECT_EQ(RuleOf(guard.Show(old.id).status()), "WITHDRAWN");
}

TEST_F(EndingsTest, AWithdrawalThatComesFirstIsHeldAgainstTheBulletin) {
  const Published old = Publish("tlp = \"GREEN\"");
  DeliveredEntry bulletin = EntryOf("meir-guard");
  network_.broker().TakeInbox(*MemberId::Parse("meir-guard"));
  DeliverWithdrawal("meir-guard", Ending("an-omar", Relation::kWithdraws, bulletin));
  bulletin.log_index = 901;
  network_.broker().Forge(*MemberId::Parse("meir-guard"), bulletin);
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(RuleOf(guard.Show(old.id).status()), "WITHDRAWN");
}

TEST_F(EndingsTest, AnAuditorOfTheSourceWithdrawsNothing) {
  network_.AddMember("an-audit", "ocad", {Role::kAuditor});
  network_.PublishDirectory();
  const Published old = Publish("tlp = \"GREEN\"");
  const std::string ending = Ending("an-audit", Relation::kWithdraws, EntryOf("meir-guard"));
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  DeliverWithdrawal("meir-guard", ending);
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ((*guard.Inbox())[1].fault, "PUBLISHER_NOT_AUTHORISED");
  EXPECT_TRUE(guard.Show(old.id).ok());
  EXPECT_EQ(FirstEndedBy("astrid-guard", DeliveryState::kWithdrawn, ending).fault,
            "TOMBSTONE_UNPROVEN");
}

TEST_F(EndingsTest, AMemberOfAnotherOrganisationWithdrawsNothing) {
  network_.Org("astrid").kind = OrgKind::kAuthority;  // a reader is shown no other firms
  network_.PublishDirectory();
  const Published old = Publish("tlp = \"GREEN\"");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  DeliverWithdrawal("meir-guard",
                    Ending("astrid-guard", Relation::kWithdraws, EntryOf("meir-guard")));
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ((*guard.Inbox())[1].fault, "NOT_SOURCE");
  EXPECT_FALSE((*guard.Inbox())[1].closed_now);
  EXPECT_TRUE(guard.Show(old.id).ok());
}

TEST_F(EndingsTest, OfRedTheAuthorAloneRelabels) {
  Publish("tlp = \"RED\"\nto = [\"member:meir-guard\", \"member:astrid-guard\"]");
  const DeliveredEntry red = EntryOf("meir-guard");
  const std::string colleague = Ending("an-omar", Relation::kRelabels, red, Tlp::kAmberStrict);
  EXPECT_EQ(FirstEndedBy("meir-guard", DeliveryState::kSuperseded, colleague).fault,
            "TOMBSTONE_UNPROVEN");
  const std::string author = Ending("an-lise", Relation::kRelabels, red, Tlp::kAmberStrict);
  EXPECT_EQ(FirstEndedBy("astrid-guard", DeliveryState::kSuperseded, author).state,
            InboxState::kSuperseded);
}

TEST_F(EndingsTest, ANewerVersionUnderAnotherLabelIsNoEnding) {
  Publish("tlp = \"GREEN\"");
  const std::string ending =
      Ending("an-omar", Relation::kSupersedes, EntryOf("meir-guard"), Tlp::kAmber);
  EXPECT_EQ(FirstEndedBy("meir-guard", DeliveryState::kSuperseded, ending).fault,
            "TOMBSTONE_UNPROVEN");
}

TEST_F(EndingsTest, HowItEndedIsWhatIsSignedAndNotTheBrokersWord) {
  const Published old = Publish("tlp = \"GREEN\"");
  const std::string ending = Ending("an-omar", Relation::kSupersedes, EntryOf("meir-guard"));
  EXPECT_EQ(FirstEndedBy("meir-guard", DeliveryState::kWithdrawn, ending).state,
            InboxState::kSuperseded);
  network_.clock().Advance(absl::Hours(24 * 400));
  EXPECT_EQ(FirstEndedBy("astrid-guard", DeliveryState::kWithdrawn, "").state,
            InboxState::kExpired);
  EXPECT_EQ(RuleOf(network_.Open("astrid-guard").Show(old.id).status()), "EXPIRED");
}

TEST_F(EndingsTest, ANewerVersionOfTheSourceEndsTheOlderOne) {
  Client analyst = network_.Open("an-lise");
  const Published old = *analyst.Publish(network_.Green("old"));
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Client colleague = network_.Open("an-omar");
  ASSERT_TRUE(colleague.Sync().ok());
  const auto published = colleague.Publish(Superseding(old.id));
  ASSERT_TRUE(published.ok()) << published.status();

  ASSERT_TRUE(guard.Sync().ok());
  const auto items = guard.Inbox();
  EXPECT_EQ((*items)[0].state, InboxState::kSuperseded);
  EXPECT_EQ((*items)[0].title, "");
  EXPECT_EQ((*items)[1].title, "new");
  EXPECT_EQ(RuleOf(guard.Show(old.id).status()), "SUPERSEDED");
  const auto state = ClientState::Open(network_.HomeOf("meir-guard").PathOf("state.db"),
                                       "antwerp.example/meir-guard");
  const KeptEntry kept = **(*state)->FindBulletin(old.id);
  EXPECT_THAT(kept.delivered.payload, IsEmpty());
  EXPECT_THAT(kept.delivered.slot, IsEmpty());
}

TEST_F(EndingsTest, ATombstoneIsBelievedWithTheStatementThatEndedIt) {
  Client analyst = network_.Open("an-lise");
  const Published old = *analyst.Publish(network_.Green("old"));
  ASSERT_TRUE(analyst.Sync().ok());
  const Published published = *analyst.Publish(Superseding(old.id));
  ASSERT_TRUE(analyst.Sync().ok());
  const std::string ending = analyst.Show(published.id)->statement;
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) {
      if (entry.seq != 1) continue;
      entry.state = DeliveryState::kSuperseded;
      entry.ended_by = ending;
      entry.slot.clear();
      entry.payload.clear();
    }
  });
  const auto report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->refused, 0u);
  EXPECT_EQ(guard.Inbox()->front().state, InboxState::kSuperseded);
}

TEST_F(EndingsTest, AReferenceToWhatIsNotHereIsRefusedBeforeAnythingIsSealed) {
  Client analyst = network_.Open("an-lise");
  const auto published = analyst.Publish(Superseding(*BulletinId::Parse(std::string(32, '1'))));
  EXPECT_TRUE(absl::IsNotFound(published.status()));
  EXPECT_EQ(network_.Script("an-lise").calls("Publish"), 0);
}

}  // namespace
}  // namespace shield::testing
