// What an import asks of a folder, what it leaves in the home, and how that meets what the broker
// delivers.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/export/import_bulletin.h"
#include "client/receive/openings.h"
#include "crypto/slot.h"
#include "policy/proof/verified_statement.h"
#include "tests/client/export/carriage_fixture.h"

namespace shield::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ImportTest : public CarriageTest {
 protected:
  // The home that imports and has called nobody.
  Client Guard() { return network_.Open("astrid-guard"); }
  // What the home holds, to be compared.
  std::string Picture(absl::string_view member) {
    const auto state = StateOf(member);
    std::string picture = absl::StrCat("directory ", *state->NewestVersion());
    const absl::StatusOr<std::vector<KeptEntry>> carried = state->Carried();
    EXPECT_TRUE(carried.ok()) << carried.status();
    for (const KeptEntry& kept : *carried) {
      absl::StrAppend(&picture, ", ", kept.id->ToHex());
    }
    return picture;
  }
  // The withdrawal of `id`, as a folder that a reader of it made.
  std::string CarryWithdrawal(const BulletinId& id) {
    Client desk = network_.Open("astrid-desk");
    EXPECT_TRUE(desk.Sync().ok());
    Client analyst = network_.Open("an-lise");
    EXPECT_TRUE(analyst.Sync().ok());
    const auto withdrawn = analyst.Withdraw(id);
    EXPECT_TRUE(withdrawn.ok()) << withdrawn.status();
    return *TryExport("astrid-desk", withdrawn->id, {"", true});
  }
};

TEST_F(ImportTest, AHomeThatHasCalledNobodyReadsWhatWasCarriedToIt) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  Client guard = Guard();
  const auto report = guard.Import(folder);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->id, id);
  EXPECT_FALSE(report->already);
  EXPECT_TRUE(report->newer_directory);
  EXPECT_EQ(report->directory_version, 1u);
  EXPECT_THAT(report->warnings, ElementsAre("DIRECTORY_STALE"));
  const auto shown = guard.Show(id);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->content.title, "Meir");
  for (const char* call : {"GetDirectory", "Subscribe", "Fetch"}) {
    EXPECT_EQ(network_.Script("astrid-guard").calls(call), 0) << call;
  }
}

TEST_F(ImportTest, AnotherHomeOfTheSameMemberTakesWhatTheFirstExported) {
  const BulletinId id = PublishAttached();
  for (const bool sealed : {true, false}) {
    const std::string folder = *TryExport("astrid-desk", id, {"", sealed});
    Client second = OpenOtherHome("astrid-desk");
    const auto report = second.Import(folder);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->already, !sealed);
    EXPECT_EQ(second.Show(id)->content.attachments.front().name, "secret-plan.png");
  }
}

TEST_F(ImportTest, WhatWasCarriedHasNoNumber) {
  const std::string folder = CarryFor("astrid-guard", Publish());
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  const InboxItem item = Only(guard);
  EXPECT_EQ(item.seq, 0u);
  EXPECT_TRUE(item.carried);
  EXPECT_FALSE(item.acknowledged);
  EXPECT_EQ(item.state, InboxState::kLive);
  EXPECT_EQ(*guard.LastEntry(), 0u);
  EXPECT_TRUE(absl::IsNotFound(guard.Show(0).status()));
}

TEST_F(ImportTest, AgainChangesNothing) {
  const std::string folder = CarryFor("astrid-guard", Publish());
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  const std::string before = Picture("astrid-guard");
  const auto again = guard.Import(folder);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->already);
  EXPECT_FALSE(again->newer_directory);
  EXPECT_EQ(Picture("astrid-guard"), before);
}

TEST_F(ImportTest, WhoIsNoReaderIsRefused) {
  const std::string folder = CarryFor("astrid-guard", Publish());
  const std::string green = CarryFor("astrid-guard", Publish("", "GREEN"));
  for (const char* member : {"meir-guard", "astrid-desk"}) {
    Client other = network_.Open(member);
    EXPECT_EQ(RuleOfImport(other, folder), "NOT_IN_SNAPSHOT") << member;
    EXPECT_TRUE(absl::IsPermissionDenied(other.Import(folder).status()));
  }
  // Nor when the folder is made to name them.
  std::string proof = Text(green, "proof.txt");
  proof.replace(proof.find("astrid-guard"), 12, "astrid-desk");
  Write(green, "proof.txt", proof);
  Client desk = network_.Open("astrid-desk");
  EXPECT_EQ(RuleOfImport(desk, green), "RECIPIENT_SET_MISMATCH");
  EXPECT_TRUE(absl::IsDataLoss(desk.Import(green).status()));
  EXPECT_THAT(*desk.Inbox(), IsEmpty());
}

TEST_F(ImportTest, WhatTheLogDoesNotProveIsRefused) {
  const std::string folder = CarryFor("astrid-guard", Publish());
  DropLogProof(folder);
  Client guard = Guard();
  EXPECT_EQ(RuleOfImport(guard, folder), "LOG_PROOF_MISSING");
}

TEST_F(ImportTest, ItIsCheckedAsOverTheWire) {
  const std::string folder = CarryFor("astrid-guard", Publish());
  Client guard = Guard();
  // An author without standing at this moment.
  for (const AccountState state : {AccountState::kSuspended, AccountState::kRevoked}) {
    network_.Member("an-lise").state = state;
    network_.PublishDirectory();
    Client told = OpenOtherHome("astrid-guard");
    ASSERT_TRUE(told.SyncDirectory().ok());
    EXPECT_TRUE(absl::IsPermissionDenied(told.Import(folder).status()));
    EXPECT_THAT(*told.Inbox(), IsEmpty());
  }
  // What nobody has told this home it does not know.
  EXPECT_TRUE(guard.Import(folder).ok());
}

TEST_F(ImportTest, WhatIsRefusedChangesNothing) {
  const std::string good = CarryFor("astrid-guard", PublishAttached());
  Client guard = Guard();
  const std::string before = Picture("astrid-guard");
  for (const char* name :
       {"statement.txt", "directory.txt", "proof.txt", "bulletin.age", "attachments/1.age"}) {
    const std::string text = Text(good, name);
    for (const size_t at : {size_t{3}, text.size() / 3, text.size() / 2, text.size() - 2}) {
      std::string changed = text;
      changed[at] ^= 1;
      Write(good, name, changed);
      EXPECT_FALSE(guard.Import(good).ok()) << name << " at " << at;
    }
    std::filesystem::remove(absl::StrCat(good, "/", name));
    EXPECT_TRUE(absl::IsNotFound(guard.Import(good).status())) << name;
    Write(good, name, text);
  }
  Write(good, "orders.txt", "believe me");
  EXPECT_EQ(RuleOfImport(guard, good), "EXPORT_MALFORMED");
  std::filesystem::remove(good + "/orders.txt");
  EXPECT_EQ(Picture("astrid-guard"), before);
  EXPECT_TRUE(guard.Import(good).ok());
}

TEST_F(ImportTest, ALinkInTheFolderIsNotFollowed) {
  const std::string folder = CarryFor("astrid-guard", PublishAttached());
  Client guard = Guard();
  for (const char* name : {"proof.txt", "attachments/1.age"}) {
    const std::string path = absl::StrCat(folder, "/", name);
    const std::string elsewhere = stick_ / "elsewhere";
    std::filesystem::rename(path, elsewhere);
    std::filesystem::create_symlink(elsewhere, path);
    EXPECT_EQ(RuleOfImport(guard, folder), "EXPORT_MALFORMED") << name;
    std::filesystem::remove(path);
    std::filesystem::rename(elsewhere, path);
  }
  const std::string away = stick_ / "away";
  std::filesystem::rename(folder + "/attachments", away);
  std::filesystem::create_symlink(away, folder + "/attachments");
  EXPECT_EQ(RuleOfImport(guard, folder), "EXPORT_MALFORMED");
}

TEST_F(ImportTest, APipeInTheFolderDoesNotStopIt) {
  const std::string folder = CarryFor("astrid-guard", Publish());
  std::filesystem::remove(folder + "/bulletin.age");
  ASSERT_EQ(mkfifo((folder + "/bulletin.age").c_str(), 0600), 0);
  Client guard = Guard();
  EXPECT_EQ(RuleOfImport(guard, folder), "EXPORT_MALFORMED");
}

// Nothing is signed of how many lines there are.
TEST_F(ImportTest, ADirectoryThatWouldFillTheMemoryIsRefused) {
  const std::string folder = CarryFor("astrid-guard", Publish());
  const std::string honest = Text(folder, "directory.txt");
  Client guard = Guard();
  const std::string line(44, 'A');
  const std::string part = absl::StrCat("part 0 0 600000\n", line, "\n");
  std::string lines;
  for (int i = 0; i < 600'000; ++i) lines += "x\n";
  for (const std::string& more : {absl::StrCat("part 0 0 1\n", line, "\n\n"),
                                  absl::StrCat("part 4294967296 0 0\n", line, "\n"),
                                  absl::StrCat(part, lines, part, lines)}) {
    Write(folder, "directory.txt", absl::StrCat(honest, more));
    EXPECT_EQ(RuleOfImport(guard, folder), "EXPORT_MALFORMED") << more.substr(0, 80);
  }
  Write(folder, "directory.txt", honest);
  EXPECT_TRUE(guard.Import(folder).ok());
}

// Its note is read first, and of what nobody signed no more than that.
TEST_F(ImportTest, OfADirectoryThatNobodySignedNothingBehindItsNoteIsRead) {
  const std::string folder = CarryFor("astrid-guard", Publish());
  const std::string honest = Text(folder, "directory.txt");
  std::string forged = honest;
  const size_t version = forged.find("\nversion ");
  ASSERT_NE(version, std::string::npos);
  forged[version + 9] = '7';
  Client guard = Guard();
  const std::string garbage = "part 0 0 600000\nno part at all\n\n";
  Write(folder, "directory.txt", absl::StrCat(forged, garbage));
  EXPECT_EQ(RuleOfImport(guard, folder), "BAD_SIGNATURE");
  // What is signed is read further, and then the garbage is found.
  Write(folder, "directory.txt", absl::StrCat(honest, garbage));
  EXPECT_EQ(RuleOfImport(guard, folder), "EXPORT_MALFORMED");
  // A note that does not end is no note.
  Write(folder, "directory.txt", absl::StrCat(std::string(1 << 20, 'x'), honest));
  EXPECT_EQ(RuleOfImport(guard, folder), "EXPORT_MALFORMED");
  Write(folder, "directory.txt", honest);
  EXPECT_TRUE(guard.Import(folder).ok());
}

// A withdrawal is carried by whoever has it, and so without the organisation of who takes it in.
TEST_F(ImportTest, ADirectoryWithoutTheReadersOwnSeatTakesNothingFromIt) {
  const BulletinId id = Publish();
  const BulletinId other = Publish();
  const std::string folders[] = {CarryFor("astrid-guard", id), CarryFor("astrid-guard", other)};
  Client guard = Guard();
  for (const std::string& folder : folders) ASSERT_TRUE(guard.Import(folder).ok());
  network_.PublishDirectory();
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  const auto withdrawn = analyst.Withdraw(id);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  const std::string withdrawal = *TryExport("an-lise", withdrawn->id, {"", true});
  EXPECT_EQ(Text(withdrawal, "directory.txt").find("astrid"), std::string::npos);
  const auto report = guard.Import(withdrawal);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->directory_version, 2u);
  EXPECT_EQ(RuleOf(guard.Show(id).status()), "WITHDRAWN");
  EXPECT_EQ(guard.Show(other)->content.title, "Meir");
  const std::string later = CarryFor("astrid-guard", Publish());
  EXPECT_TRUE(guard.Import(later).ok());
}

TEST_F(ImportTest, ADirectoryNeverGoesBack) {
  const std::string first = CarryFor("astrid-guard", Publish());
  network_.PublishDirectory();
  const std::string second = CarryFor("astrid-guard", Publish());
  Client guard = Guard();
  EXPECT_EQ(guard.Import(second)->directory_version, 2u);
  const auto older = guard.Import(first);
  ASSERT_TRUE(older.ok()) << older.status();
  EXPECT_EQ(older->directory_version, 2u);
  EXPECT_FALSE(older->newer_directory);
  EXPECT_THAT(*guard.Inbox(), SizeIs(2));
}

// The authority signs two texts as version 2; the records are the same, and so are the proofs.
TEST_F(ImportTest, AnotherTextOfADirectoryIsAForkAndBothAreKept) {
  const BulletinId id = Publish();
  const DirectoryUpload other = network_.NextUpload();
  network_.clock().Advance(absl::Seconds(1));
  network_.PublishDirectory();
  const std::string folder = CarryFor("astrid-guard", id);
  std::string directory = Text(folder, "directory.txt");
  directory.replace(0, directory.find("\n\npart ") + 1, other.note);
  const std::string honest = Text(folder, "directory.txt");
  Write(folder, "directory.txt", directory);
  Client guard = Guard();
  ASSERT_TRUE(guard.SyncDirectory().ok());
  EXPECT_EQ(RuleOfImport(guard, folder), "DIRECTORY_FORK");
  const auto alarms = guard.Alarms();
  ASSERT_THAT(*alarms, SizeIs(1));
  EXPECT_EQ(alarms->front().kind, "directory");
  EXPECT_EQ(alarms->front().second, other.note);
  EXPECT_THAT(*guard.Inbox(), IsEmpty());
  // Also of a version that is not the newest any more.
  network_.PublishDirectory();
  ASSERT_TRUE(guard.SyncDirectory().ok());
  EXPECT_EQ(RuleOfImport(guard, folder), "DIRECTORY_FORK");
  // And the other way round: what was carried is held against the broker.
  Client night = OpenOtherHome("astrid-guard");
  ASSERT_TRUE(night.Import(folder).ok());
  Write(folder, "directory.txt", honest);
  EXPECT_EQ(RuleOfImport(night, folder), "DIRECTORY_FORK");
}

// The version before it and the one after it were seen, it was not: they say which text it has.
TEST_F(ImportTest, AnOlderDirectoryThatDoesNotFitBetweenThoseSeenIsAFork) {
  const BulletinId id = Publish();
  const DirectoryUpload other = network_.NextUpload();
  network_.clock().Advance(absl::Seconds(1));
  network_.PublishDirectory();
  const std::string second = CarryFor("astrid-guard", id);
  std::string directory = Text(second, "directory.txt");
  directory.replace(0, directory.find("\n\npart ") + 1, other.note);
  Write(second, "directory.txt", directory);
  network_.PublishDirectory();
  const std::string third = CarryFor("astrid-guard", id);
  Client guard = Guard();
  ASSERT_TRUE(guard.SyncDirectory().ok());  // it follows another second version
  EXPECT_EQ(RuleOfImport(guard, second), "DIRECTORY_FORK");
  ASSERT_THAT(*guard.Alarms(), SizeIs(1));
  EXPECT_EQ(guard.Alarms()->front().subject, "2");

  network_.PublishDirectory();
  const std::string fourth = CarryFor("astrid-guard", id);
  Client night = OpenOtherHome("astrid-guard");
  ASSERT_TRUE(night.Import(second).ok());
  ASSERT_TRUE(night.Import(fourth).ok());
  EXPECT_EQ(RuleOfImport(night, third), "DIRECTORY_FORK");
  ASSERT_THAT(*night.Alarms(), SizeIs(1));
  EXPECT_EQ(night.Alarms()->front().first, other.note);
}

TEST_F(ImportTest, ASecondTextUnderOneIdIsAForkAndBothAreKept) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  {
    // This home has seen another text of that author under the id.
    Client guard = Guard();
    ASSERT_TRUE(guard.SyncDirectory().ok());
    const auto state = StateOf("astrid-guard");
    KeptEntry entry;
    entry.delivered.seq = 1;
    entry.delivered.statement = "another text";
    entry.id = id;
    entry.finding = Finding::kClosedForNow;
    EntryEffects effects;
    effects.seen =
        SeenBulletin{ReadClaimedStatement(Text(folder, "statement.txt"))->author_key, id, Digest{}};
    ASSERT_TRUE(state->Append(entry, Digest{}, effects).ok());
  }
  Client guard = Guard();
  EXPECT_EQ(RuleOfImport(guard, folder), "BULLETIN_FORK");
  const auto alarms = guard.Alarms();
  ASSERT_THAT(*alarms, SizeIs(1));
  EXPECT_EQ(alarms->front().first, "another text");
  EXPECT_EQ(alarms->front().second, Text(folder, "statement.txt"));
}

// The texts are compared, not the ids alone and not the signatures below them.
TEST_F(ImportTest, WhatIsStoredUnderAnIdIsTheSameTextOrAFork) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  const auto state = StateOf("astrid-guard");
  const KeptEntry kept = state->Carried()->front();
  const uint64_t version = *state->NewestVersion();
  const auto store = [&](const std::string& statement) {
    KeptEntry entry = kept;
    entry.delivered.statement = statement;
    return state->StoreCarried(entry, EntryEffects{}, std::nullopt, version);
  };
  const std::string& text = kept.delivered.statement;
  const absl::StatusOr<bool> signed_again = store(absl::StrCat(text, "\u2014 another AAAA\n"));
  ASSERT_TRUE(signed_again.ok()) << signed_again.status();
  EXPECT_FALSE(*signed_again) << "it is here already";
  std::string other = text;
  other[0] = 'S';
  EXPECT_EQ(RuleOf(store(other).status()), "BULLETIN_FORK");
  EXPECT_EQ(state->Carried()->front().delivered.statement, text);
}

// A firm's report travels with the firm's part of the directory, beside the police's.
TEST_F(ImportTest, AFirmsReportIsReadByThePartsOfBothItsOrganisationAndTheReaders) {
  Client desk = network_.Open("astrid-desk");
  const auto report = desk.Publish(network_.DraftOf(
      "+++\ntitle = \"Seen\"\nkind = \"suspicious_activity\"\ntlp = \"AMBER\"\n+++\nBody.\n"));
  ASSERT_TRUE(report.ok()) << report.status();
  const BulletinId own = Publish();
  for (const bool firm_first : {true, false}) {
    const char* reader = firm_first ? "an-lise" : "an-omar";
    const std::string reported = CarryFor(reader, report->id, "astrid-desk");
    const std::string folder = *TryExport(reader, own, {"", true});
    EXPECT_EQ(Text(folder, "directory.txt").find("astrid"), std::string::npos);
    Client home = OpenOtherHome(reader);
    for (const std::string& each :
         {firm_first ? reported : folder, firm_first ? folder : reported}) {
      const auto imported = home.Import(each);
      ASSERT_TRUE(imported.ok()) << imported.status();
    }
    const auto item = home.Item(report->id);
    ASSERT_TRUE(item.ok()) << item.status();
    EXPECT_EQ(item->author_org->text(), "astrid");
    EXPECT_EQ(home.Show(report->id)->content.title, "Seen");
    EXPECT_TRUE(home.Show(own).ok());
  }
}

TEST_F(ImportTest, WhatHasEndedIsRefused) {
  const absl::Time expires = network_.clock().Now() + absl::Hours(1);
  const BulletinId id = Publish(absl::StrCat(
      "expires = ", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", expires, absl::UTCTimeZone()), "\n"));
  const std::string folder = CarryFor("astrid-guard", id);
  Client guard = Guard();
  network_.clock().Advance(absl::Hours(1));
  const absl::Status refused = guard.Import(folder).status();
  EXPECT_TRUE(absl::IsPermissionDenied(refused)) << refused;
  EXPECT_EQ(RuleOf(refused), "EXPIRED");
  EXPECT_THAT(*guard.Inbox(), IsEmpty());
}

TEST_F(ImportTest, ContentThatWasCarriedIsErasedWhenItHasExpired) {
  const absl::Time expires = network_.clock().Now() + absl::Hours(2);
  const BulletinId id = Publish(absl::StrCat(
      "expires = ", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", expires, absl::UTCTimeZone()), "\n"));
  const std::string folder = CarryFor("astrid-guard", id);
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  const auto state = StateOf("astrid-guard");
  EXPECT_EQ(*state->DropExpired(expires - absl::Seconds(1)), 0u);
  EXPECT_THAT(*state->Retained(expires + absl::Seconds(1), 9), SizeIs(1));
  EXPECT_EQ(*state->DropExpired(expires), 1u);
  EXPECT_THAT(*state->Retained(expires + absl::Seconds(1), 9), IsEmpty());
  const KeptEntry kept = state->Carried()->front();
  EXPECT_EQ(kept.delivered.state, DeliveryState::kExpired);
  EXPECT_THAT(kept.delivered.payload, IsEmpty());
  EXPECT_THAT(kept.delivered.slot, IsEmpty());
}

// The newer folder's directory is the only clock of such a home that the authority has signed.
TEST_F(ImportTest, AHomeWithoutABrokerErasesWithTheNextFolder) {
  const absl::Time expires = network_.clock().Now() + absl::Hours(2);
  const std::string first = CarryFor(
      "astrid-guard",
      Publish(absl::StrCat(
          "expires = ", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", expires, absl::UTCTimeZone()),
          "\n")));
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(first).ok());
  network_.clock().Advance(absl::Hours(3));
  network_.PublishDirectory();
  const std::string second = CarryFor("astrid-guard", Publish());
  EXPECT_THAT(*StateOf("astrid-guard")->Retained(expires + absl::Seconds(1), 9), SizeIs(1));
  ASSERT_TRUE(guard.Import(second).ok());
  EXPECT_THAT(*StateOf("astrid-guard")->Retained(expires + absl::Seconds(1), 9), IsEmpty());
}

// Made when it had opened, by a clock that is ahead of this home's.
TEST_F(ImportTest, WhatIsUnderEmbargoOpensAtItsTime) {
  const absl::Time opens = network_.clock().Now() + absl::Hours(3);
  const BulletinId id = Publish(absl::StrCat(
      "not_before = ", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", opens, absl::UTCTimeZone()), "\n"));
  network_.clock().Advance(absl::Hours(4));
  const std::string folder = CarryFor("astrid-guard", id);
  network_.clock().Advance(-absl::Hours(4));
  Client guard = Guard();
  const auto report = guard.Import(folder);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(Only(guard).state, InboxState::kEmbargoed);
  EXPECT_EQ(Only(guard).title, "");
  EXPECT_EQ(RuleOf(guard.Show(id).status()), "EMBARGOED");
  EXPECT_THAT(*StateOf("astrid-guard")->CarriedToHand(0, network_.clock().Now(), 1), IsEmpty());
  network_.clock().Advance(absl::Hours(4));
  EXPECT_EQ(guard.Show(id)->content.title, "Meir");
  EXPECT_THAT(*StateOf("astrid-guard")->CarriedToHand(0, network_.clock().Now(), 1), SizeIs(1));
}

TEST_F(ImportTest, KilledAtAnyMomentItIsThereOrNot) {
  std::vector<std::string> folders;
  std::vector<BulletinId> ids;
  for (int i = 0; i < 12; ++i) {
    ids.push_back(Publish());
    folders.push_back(CarryFor("astrid-guard", ids.back()));
  }
  Guard();  // its home is made
  for (size_t told = 1; told <= folders.size(); told += 3) {
    int channel[2];
    ASSERT_EQ(pipe(channel), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Client guard = Guard();
      for (const std::string& folder : folders) {
        if (!guard.Import(folder).ok()) _exit(1);
        if (write(channel[1], "x", 1) != 1) _exit(1);
      }
      pause();
    }
    close(channel[1]);
    char ignored = 0;
    for (size_t i = 0; i < told; ++i) ASSERT_EQ(read(channel[0], &ignored, 1), 1);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(channel[0]);
    Client guard = Guard();
    const auto items = guard.Inbox();
    ASSERT_TRUE(items.ok()) << items.status();
    ASSERT_GE(items->size(), told);
    for (const InboxItem& item : *items) EXPECT_EQ(item.title, "Meir");
  }
}

TEST_F(ImportTest, WhatTheBrokerDeliversLaterTakesItsPlace) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  ASSERT_TRUE(guard.Sync().ok());
  const InboxItem item = Only(guard);
  EXPECT_EQ(item.seq, 1u);
  EXPECT_FALSE(item.carried);
  EXPECT_EQ(*item.id, id);
  // What comes by hand after it was delivered is here already.
  EXPECT_TRUE(guard.Import(folder)->already);
  EXPECT_EQ(Only(guard).seq, 1u);
}

TEST_F(ImportTest, ACarriedPayloadFillsAnEntryThatCameWithout) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  Client guard = Guard();
  network_.Script("astrid-guard").AlterMessages([](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) entry.payload.clear();
  });
  network_.Script("astrid-guard").FailNext("Fetch", absl::NotFoundError("not now"));
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_FALSE(Only(guard).fetched);
  EXPECT_TRUE(guard.Import(folder)->already);
  EXPECT_TRUE(Only(guard).fetched);
  EXPECT_EQ(Only(guard).title, "Meir");
}

TEST_F(ImportTest, TheApplicationIsHandedItOnceThoughItComesTwice) {
  const BulletinId carried = Publish();
  const std::string folder = CarryFor("astrid-guard", carried);
  const BulletinId other = Publish();
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  std::vector<std::pair<uint64_t, BulletinId>> handed;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
    handed.emplace_back(opened.item.seq, *opened.item.id);
    return handed.size() == 2 ? absl::CancelledError("enough") : absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
  EXPECT_THAT(handed, ElementsAre(std::pair{uint64_t{0}, carried}, std::pair{uint64_t{2}, other}));
}

TEST_F(ImportTest, AHandlerThatFailsGetsWhatWasCarriedAgain) {
  const std::string folder = CarryFor("astrid-guard", Publish());
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  for (int i = 0; i < 2; ++i) {
    int called = 0;
    const absl::Status ended = guard.Subscribe([&](const OpenedBulletin&) {
      ++called;
      return absl::InternalError("no");
    });
    EXPECT_TRUE(absl::IsInternal(ended)) << ended;
    EXPECT_EQ(called, 1);
  }
}

// What is closed by the directory of the day is handed closed, and once more when it opens.
TEST_F(ImportTest, WhatWasHandedClosedIsHandedOnceMoreWhenItOpens) {
  const std::string folder = CarryFor("astrid-guard", Publish());
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  const auto handed = [&] {
    std::vector<InboxState> states;
    network_.Script("astrid-guard").FailNext("GetDirectory", absl::PermissionDeniedError("no"));
    const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
      states.push_back(opened.item.state);
      return absl::OkStatus();
    });
    EXPECT_TRUE(absl::IsPermissionDenied(ended)) << ended;
    return states;
  };
  const auto vet = [&](int vetting) {
    network_.Member("astrid-guard").vetting = vetting;
    network_.PublishDirectory();
    ASSERT_TRUE(guard.SyncDirectory().ok());
  };
  const int enough = network_.Member("astrid-guard").vetting;
  vet(0);
  EXPECT_THAT(handed(), ElementsAre(InboxState::kRefused));
  EXPECT_THAT(handed(), IsEmpty());
  vet(enough);
  EXPECT_THAT(handed(), ElementsAre(InboxState::kLive));
  EXPECT_THAT(handed(), IsEmpty());
}

TEST_F(ImportTest, AWithdrawalThatIsDeliveredEndsWhatWasCarried) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  CarryWithdrawal(id);
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(RuleOf(guard.Show(id).status()), "WITHDRAWN");
  const absl::StatusOr<std::vector<KeptEntry>> carried = StateOf("astrid-guard")->Carried();
  ASSERT_TRUE(carried.ok()) << carried.status();
  for (const KeptEntry& kept : *carried) {
    EXPECT_THAT(kept.delivered.payload, IsEmpty());
  }
}

TEST_F(ImportTest, AWithdrawalThatIsCarriedEndsWhatTheBrokerDelivered) {
  const BulletinId id = Publish();
  Client guard = Guard();
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_TRUE(guard.Show(id).ok());
  const std::string withdrawal = CarryWithdrawal(id);
  const auto report = guard.Import(withdrawal);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(RuleOf(guard.Show(id).status()), "WITHDRAWN");
  const auto items = guard.Inbox();
  ASSERT_THAT(*items, SizeIs(2));
  EXPECT_EQ((*items)[0].state, InboxState::kWithdrawn);
  EXPECT_EQ((*items)[1].kind, "withdraw");
  EXPECT_TRUE((*items)[1].carried);
  // Delivered as well, it is one.
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_THAT(*guard.Inbox(), SizeIs(2));
}

TEST_F(ImportTest, AWithdrawalThatIsCarriedEndsWhatWasCarried) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  ASSERT_TRUE(guard.Import(CarryWithdrawal(id)).ok());
  EXPECT_EQ(RuleOf(guard.Show(id).status()), "WITHDRAWN");
  EXPECT_EQ(RuleOfImport(guard, folder), "WITHDRAWN");
}

TEST_F(ImportTest, WhatWasWithdrawnBeforeItCameIsRefused) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  const std::string withdrawal = CarryWithdrawal(id);
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(withdrawal).ok());
  EXPECT_EQ(RuleOfImport(guard, folder), "WITHDRAWN");
}

// Also when the account of who withdrew it does not stand any more: it held when it came.
TEST_F(ImportTest, WhatWasWithdrawnStaysSoWhateverBecomesOfWhoWithdrewIt) {
  const auto published = network_.Open("an-lise").Publish(
      network_.DraftOf("+++\ntitle = \"Meir\"\nkind = \"notice\"\ntlp = \"AMBER\"\n"
                       "to = [\"org:astrid\", \"member:an-omar\"]\n+++\nBody.\n"));
  ASSERT_TRUE(published.ok()) << published.status();
  const std::string folder = CarryFor("astrid-guard", published->id);
  Client omar = network_.Open("an-omar");
  ASSERT_TRUE(omar.Sync().ok());
  const auto withdrawn = omar.Withdraw(published->id);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  const std::string withdrawal = *TryExport("astrid-desk", withdrawn->id, {"", true});
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(withdrawal).ok());
  for (const AccountState state : {AccountState::kSuspended, AccountState::kRevoked}) {
    network_.Member("an-omar").state = state;
    network_.PublishDirectory();
    ASSERT_TRUE(guard.SyncDirectory().ok());
    const absl::Status refused = guard.Import(folder).status();
    EXPECT_TRUE(absl::IsPermissionDenied(refused)) << refused;
    EXPECT_THAT(*guard.Inbox(), SizeIs(1));
  }
}

// Nor does it matter where the signer, a colleague of the author's, has gone since and what it is
// there.
TEST_F(ImportTest, WhatWasWithdrawnStaysSoWhereverWhoWithdrewItHasGone) {
  const auto published = network_.Open("an-lise").Publish(
      network_.DraftOf("+++\ntitle = \"Meir\"\nkind = \"notice\"\ntlp = \"AMBER\"\n"
                       "to = [\"org:astrid\", \"member:an-omar\"]\n+++\nBody.\n"));
  ASSERT_TRUE(published.ok()) << published.status();
  const std::string folder = CarryFor("astrid-guard", published->id);
  Client omar = network_.Open("an-omar");
  ASSERT_TRUE(omar.Sync().ok());
  const auto withdrawn = omar.Withdraw(published->id);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  const std::string withdrawal = *TryExport("astrid-desk", withdrawn->id, {"", true});
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(withdrawal).ok());
  network_.Member("an-omar").org = *OrgId::Parse("meir");
  network_.Member("an-omar").roles = {Role::kReader};
  network_.PublishDirectory();
  ASSERT_TRUE(guard.SyncDirectory().ok());
  EXPECT_EQ(RuleOfImport(guard, folder), "WITHDRAWN");
  EXPECT_THAT(*guard.Inbox(), SizeIs(1));
}

TEST_F(ImportTest, ANewerVersionThatIsCarriedEndsTheOlder) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  const BulletinId newer = Publish(absl::StrCat("refs = [\"supersedes:", id.ToHex(), "\"]\n"));
  const std::string second = CarryFor("astrid-guard", newer);
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  ASSERT_TRUE(guard.Import(second).ok());
  EXPECT_EQ(RuleOf(guard.Show(id).status()), "SUPERSEDED");
  EXPECT_TRUE(guard.Show(newer).ok());
}

TEST_F(ImportTest, ANewerVersionThatHasEndedIsRefusedAndEndsTheOlderAllTheSame) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  const absl::Time expires = network_.clock().Now() + absl::Hours(1);
  const std::string second =
      CarryFor("astrid-guard",
               Publish(absl::StrCat(
                   "refs = [\"supersedes:", id.ToHex(), "\"]\nexpires = ",
                   absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", expires, absl::UTCTimeZone()), "\n")));
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  network_.clock().Advance(absl::Hours(2));
  EXPECT_EQ(RuleOfImport(guard, second), "EXPIRED");
  EXPECT_EQ(RuleOf(guard.Show(id).status()), "SUPERSEDED");
  EXPECT_THAT(*guard.Inbox(), SizeIs(1));
}

TEST_F(ImportTest, ANewerVersionThatWasWithdrawnIsRefusedAndEndsTheOlderAllTheSame) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  const BulletinId newer = Publish(absl::StrCat("refs = [\"supersedes:", id.ToHex(), "\"]\n"));
  const std::string second = CarryFor("astrid-guard", newer);
  const std::string withdrawal = CarryWithdrawal(newer);
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  ASSERT_TRUE(guard.Import(withdrawal).ok());
  EXPECT_TRUE(guard.Show(id).ok()) << "nobody has told yet what the newer one ended";
  EXPECT_EQ(RuleOfImport(guard, second), "WITHDRAWN");
  EXPECT_EQ(RuleOf(guard.Show(id).status()), "SUPERSEDED");
}

// By a courier who says of the newer version that it had no slot.
TEST_F(ImportTest, AFolderThatWasStrippedOfItsSlotEndsNothing) {
  const BulletinId id = Publish();
  const std::string folder = CarryFor("astrid-guard", id);
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  const BulletinId newer = Publish(absl::StrCat("refs = [\"supersedes:", id.ToHex(), "\"]\n"));
  const std::string honest = CarryFor("astrid-guard", newer);
  const std::string stripped = NewFolder();
  std::filesystem::create_directory(stripped);
  for (const char* name : {"statement.txt", "directory.txt"}) {
    Write(stripped, name, Text(honest, name));
  }
  std::string proof = Text(honest, "proof.txt");
  proof = absl::StrCat(proof.substr(0, proof.find("files ")), "files notice\n",
                       proof.substr(proof.find("\nlog ") + 1));
  Write(stripped, "proof.txt", proof);
  Client guard = Guard();
  ASSERT_TRUE(guard.Import(folder).ok());
  EXPECT_EQ(RuleOfImport(guard, stripped), "SLOT_MISSING");
  EXPECT_EQ(guard.Show(id)->content.title, "Meir");
  EXPECT_FALSE(guard.Import(honest)->already);
  EXPECT_EQ(RuleOf(guard.Show(id).status()), "SUPERSEDED");
  EXPECT_TRUE(guard.Show(newer).ok());
}

TEST_F(ImportTest, AShareIsCarriedWithItsOriginalAndEndsWithIt) {
  network_.AddMember("astrid-night", "astrid", {Role::kReader});
  const BulletinId id = Publish();
  network_.PublishDirectory();
  Client desk = network_.Open("astrid-desk");
  ASSERT_TRUE(desk.Sync().ok());
  const auto shared = desk.Share({id, {*ParseAudienceToken("member:astrid-night")}, ""});
  ASSERT_TRUE(shared.ok()) << shared.status();
  const std::string folder = CarryFor("astrid-night", shared->share.id, "astrid-desk");
  Client night = network_.Open("astrid-night");
  const auto report = night.Import(folder);
  ASSERT_TRUE(report.ok()) << report.status();
  const InboxItem item = Only(night);
  EXPECT_EQ(item.author->text(), "an-lise");
  EXPECT_EQ(item.shared_by->text(), "astrid-desk");
  EXPECT_EQ(item.title, "Meir");
  ASSERT_TRUE(night.Import(CarryWithdrawal(id)).ok());
  EXPECT_EQ(RuleOf(night.Show(shared->share.id).status()), "WITHDRAWN");
}

TEST_F(ImportTest, ACarriedDirectoryIsFetchedWholeFromTheBroker) {
  const std::string folder = CarryFor("an-omar", Publish());
  Client omar = network_.Open("an-omar");
  ASSERT_TRUE(omar.Import(folder).ok());
  const auto carried = omar.NewestDirectory();
  EXPECT_EQ((*carried)->directory().FindOrg(*OrgId::Parse("meir")), nullptr);
  ASSERT_TRUE(omar.Sync().ok());
  const auto whole = omar.NewestDirectory();
  EXPECT_EQ((*whole)->version(), 1u);
  EXPECT_NE((*whole)->directory().FindOrg(*OrgId::Parse("meir")), nullptr);
}

}  // namespace
}  // namespace shield::testing
