#include "policy/proof/verified_directory.h"

#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/directory_links.h"
#include "policy/proof/directory_tree.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

using testing::PublishedDirectory;
using testing::SampleNetwork;
using testing::SeededRandom;

constexpr size_t kOrgs = 7;

void AddOrgs(SampleNetwork& network) {
  network.AddOrg("police", OrgKind::kAuthority);
  network.AddMember("jan", "police", {Role::kAnalyst});
  for (size_t i = 1; i < kOrgs; ++i) {
    const std::string org = absl::StrCat("hotel-", i);
    network.AddOrg(org, OrgKind::kMember);
    network.AddMember(absl::StrCat(org, "-desk"), org, {Role::kDesk});
    network.AddMember(absl::StrCat(org, "-els"), org, {Role::kReader});
  }
}

class VerifiedDirectoryTest : public ::testing::Test {
 protected:
  VerifiedDirectoryTest() {
    AddOrgs(network_);
    published_ = network_.Publish();
  }

  std::string RuleOfFull(absl::string_view note, std::span<const OrgLines> orgs,
                         const std::optional<HeldDirectory>& held = std::nullopt) {
    const auto directory = VerifyDirectory(note, orgs, network_.file(), held);
    return directory.ok() ? "" : RuleOf(directory.status());
  }
  std::string RuleOfParts(std::span<const OrgPart> parts) {
    const auto directory =
        VerifyPartialDirectory(published_.note, parts, network_.file(), std::nullopt);
    return directory.ok() ? "" : RuleOf(directory.status());
  }

  // A note that may follow the published one: what is wrong with it is what a test did to it.
  DirectoryNote Next() {
    DirectoryNote note = network_.draft();
    ++note.version;
    return note;
  }

  SampleNetwork network_{3, 2};
  PublishedDirectory published_;
};

TEST_F(VerifiedDirectoryTest, HoldsWhatTheAuthoritySigned) {
  const VerifiedDirectory& directory = *published_.directory;
  EXPECT_EQ(directory.version(), 1U);
  EXPECT_EQ(directory.note(), published_.note);
  EXPECT_EQ(directory.digest(), Sha256(ParseNote(published_.note)->text));
  EXPECT_TRUE(directory.directory().complete());
  EXPECT_EQ(directory.directory().orgs().size(), kOrgs);
  EXPECT_EQ(directory.broker_key().public_key(), network_.KeyOf("broker").public_key());
  EXPECT_EQ(directory.log_key().public_key(), network_.KeyOf("log").public_key());
  EXPECT_EQ(directory.fresh_key().public_key(), network_.KeyOf("fresh").public_key());
  const MemberId jan = *MemberId::Parse("jan");
  EXPECT_EQ(directory.SealKey(jan, network_.now()), network_.Seat("jan").seal);
  EXPECT_FALSE(directory.SealKey(*MemberId::Parse("nobody"), network_.now()).has_value());
}

// An author's clock may be behind that of the authority, which ended the key.
TEST_F(VerifiedDirectoryTest, NothingIsSealedToAKeyThatHadEndedWhenItWasIssued) {
  network_.Advance(absl::Hours(1));
  const MemberId jan = *MemberId::Parse("jan");
  for (KeyRecord& key : network_.records().keys) {
    if (key.member == jan) key.period.until = network_.now();
  }
  const PublishedDirectory next = network_.Publish();
  ASSERT_EQ(next.directory->directory().note().issued, network_.now());
  EXPECT_FALSE(next.directory->SealKey(jan, network_.now() - absl::Minutes(2)).has_value());
}

TEST_F(VerifiedDirectoryTest, ExpiresAtItsMoment) {
  const absl::Time expires = published_.directory->directory().note().expires;
  EXPECT_FALSE(published_.directory->ExpiredAt(expires - absl::Seconds(1)));
  EXPECT_TRUE(published_.directory->ExpiredAt(expires));
}

TEST_F(VerifiedDirectoryTest, NeedsTheThresholdOfDifferentPinnedKeys) {
  const std::string text = ParseNote(published_.note)->text;
  const auto name = [this](absl::string_view holder) { return network_.origin().KeyName(holder); };
  const std::string one = SignNote(text, name("authority-1"), network_.KeyOf("authority-1"));
  EXPECT_EQ(RuleOfFull(one, published_.orgs), "BAD_SIGNATURE");
  // A second signature by a key that is not pinned, or by the same key under another name.
  for (const std::string& more :
       {AddSignature(one, name("authority-4"), network_.KeyOf("broker")).value(),
        AddSignature(one, name("authority-2"), network_.KeyOf("broker")).value(),
        AddSignature(one, name("authority-2"), network_.KeyOf("authority-1")).value()}) {
    EXPECT_EQ(RuleOfFull(more, published_.orgs), "BAD_SIGNATURE");
  }
  const std::string others =
      AddSignature(SignNote(text, name("authority-2"), network_.KeyOf("authority-2")),
                   name("authority-3"), network_.KeyOf("authority-3"))
          .value();
  EXPECT_EQ(RuleOfFull(others, published_.orgs), "");
}

TEST_F(VerifiedDirectoryTest, AChangedNoteIsRefused) {
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"version 1", "version 2"},
                                                        {"127.0.0.1:8443", "127.0.0.1:8444"},
                                                        {"orgs 7", "orgs 8"}}) {
    const std::string changed = absl::StrReplaceAll(published_.note, {{from, to}});
    ASSERT_NE(changed, published_.note);
    EXPECT_EQ(RuleOfFull(changed, published_.orgs), "BAD_SIGNATURE") << to;
  }
}

TEST_F(VerifiedDirectoryTest, EveryOrganisationIsNeededWholeAndInOrder) {
  std::vector<OrgLines> orgs = published_.orgs;
  orgs.pop_back();
  EXPECT_EQ(RuleOfFull(published_.note, orgs), "DIGEST_MISMATCH");
  orgs = published_.orgs;
  std::swap(orgs[0], orgs[1]);
  EXPECT_EQ(RuleOfFull(published_.note, orgs), "DIGEST_MISMATCH");
  orgs = published_.orgs;
  orgs[2].line = absl::StrReplaceAll(orgs[2].line, {{"vetting=3", "vetting=2"}});
  EXPECT_EQ(RuleOfFull(published_.note, orgs), "DIGEST_MISMATCH");
  orgs = published_.orgs;
  orgs[2].own_lines.pop_back();
  EXPECT_EQ(RuleOfFull(published_.note, orgs), "DIRECTORY_MALFORMED");
  orgs = published_.orgs;
  std::string& member = orgs[2].own_lines.back();
  member = absl::StrReplaceAll(member, {{"vetting=3", "vetting=2"}});
  EXPECT_EQ(RuleOfFull(published_.note, orgs), "DIGEST_MISMATCH");
}

TEST_F(VerifiedDirectoryTest, NeverGoesBackAndNeverForks) {
  const HeldDirectory first = published_.directory->held();
  const PublishedDirectory second = network_.Publish();
  const HeldDirectory held = second.directory->held();
  EXPECT_EQ(RuleOfFull(second.note, second.orgs, first), "");
  EXPECT_EQ(RuleOfFull(second.note, second.orgs, held), "");
  EXPECT_EQ(RuleOfFull(published_.note, published_.orgs, held), "ROLLBACK");
  EXPECT_EQ(RuleOfFull(second.note, second.orgs, HeldDirectory{2, Sha256("another")}),
            "DIRECTORY_FORK");
  EXPECT_EQ(RuleOfFull(second.note, second.orgs, HeldDirectory{1, Sha256("another")}),
            "DIRECTORY_FORK");
  // A reader who was away meets a later version.
  const PublishedDirectory third = network_.Publish();
  EXPECT_EQ(RuleOfFull(third.note, third.orgs, first), "");
}

TEST_F(VerifiedDirectoryTest, AnUploadIsExactlyTheNextVersion) {
  const PublishedDirectory second = network_.Publish();
  const HeldDirectory first = published_.directory->held();
  EXPECT_TRUE(CheckNextVersion(*published_.directory, std::nullopt).ok());
  EXPECT_TRUE(CheckNextVersion(*second.directory, first).ok());
  for (const absl::Status& refused :
       {CheckNextVersion(*second.directory, std::nullopt),
        CheckNextVersion(*published_.directory, first),
        CheckNextVersion(*network_.Publish().directory, first),
        CheckNextVersion(*second.directory, HeldDirectory{1, Sha256("another")})}) {
    EXPECT_EQ(RuleOf(refused), "DIRECTORY_MOVED");
    EXPECT_TRUE(absl::IsAborted(refused));
  }
}

TEST_F(VerifiedDirectoryTest, TheVersionsBetweenLeadFromTheOneHeldToTheOneUploaded) {
  const PublishedDirectory second = network_.Publish();
  const PublishedDirectory third = network_.Publish();
  const PublishedDirectory fourth = network_.Publish();
  const std::optional<HeldDirectory> first = published_.directory->held();
  const auto walk = [&](const std::vector<std::string>& between) {
    return WalkVersions(first, between, network_.file(), "");
  };
  const auto walked = walk({second.note, third.note});
  ASSERT_TRUE(walked.ok()) << walked.status();
  EXPECT_TRUE(CheckNextVersion(*fourth.directory, *walked).ok());
  EXPECT_EQ(*walk({}), first);
  const auto from_nothing =
      WalkVersions(std::nullopt, std::vector<std::string>{published_.note}, network_.file(), "");
  EXPECT_EQ(*from_nothing, first);

  EXPECT_EQ(RuleOf(walk({third.note}).status()), "DIRECTORY_MOVED");
  EXPECT_EQ(RuleOf(walk({third.note, second.note}).status()), "DIRECTORY_MOVED");
  EXPECT_EQ(RuleOf(walk({second.note, second.note}).status()), "DIRECTORY_MOVED");
  std::string forged = second.note;
  forged[forged.size() - 20] ^= 1;
  EXPECT_FALSE(walk({forged}).ok());
  EXPECT_EQ(RuleOf(walk({"no note"}).status()), "DIRECTORY_MALFORMED");
  NetworkFile other = network_.file();
  other.network = *Origin::Parse("other.example");
  EXPECT_EQ(RuleOf(WalkVersions(first, std::vector<std::string>{second.note}, other, "").status()),
            "NETWORK_MISMATCH");
}

TEST_F(VerifiedDirectoryTest, AnotherNetworksDirectoryIsRefused) {
  NetworkFile other = network_.file();
  other.network = *Origin::Parse("other.example");
  const auto directory = VerifyDirectory(published_.note, published_.orgs, other, std::nullopt);
  EXPECT_EQ(RuleOf(directory.status()), "NETWORK_MISMATCH");
}

TEST_F(VerifiedDirectoryTest, APartShowsWholeOrganisationsOnly) {
  const DirectoryTree tree(published_.orgs);
  EXPECT_EQ(tree.Root(), published_.directory->directory().note().orgs_root);
  for (size_t i = 0; i < tree.size(); ++i) {
    const std::vector<OrgPart> parts = {tree.Part(i)};
    const auto directory =
        VerifyPartialDirectory(published_.note, parts, network_.file(), std::nullopt);
    ASSERT_TRUE(directory.ok()) << directory.status();
    EXPECT_EQ((*directory)->directory().orgs().size(), 1U);
    EXPECT_FALSE((*directory)->directory().complete());
  }
  EXPECT_EQ(RuleOfParts({}), "");
  EXPECT_EQ(RuleOfParts(std::vector<OrgPart>{tree.Part(0), tree.Part(3)}), "");
}

TEST_F(VerifiedDirectoryTest, APartThatIsNotInTheTreeIsRefused) {
  const DirectoryTree tree(published_.orgs);
  OrgPart part = tree.Part(2);
  part.index = 3;
  EXPECT_EQ(RuleOfParts(std::vector<OrgPart>{part}), "DIGEST_MISMATCH");
  part = tree.Part(2);
  part.proof.pop_back();
  EXPECT_EQ(RuleOfParts(std::vector<OrgPart>{part}), "DIGEST_MISMATCH");
  part = tree.Part(2);
  part.lines.line = absl::StrReplaceAll(part.lines.line, {{"vetting=3", "vetting=2"}});
  EXPECT_EQ(RuleOfParts(std::vector<OrgPart>{part}), "DIGEST_MISMATCH");
  part = tree.Part(2);
  part.lines.own_lines.front() = tree.Part(1).lines.own_lines.front();
  EXPECT_NE(RuleOfParts(std::vector<OrgPart>{part}), "");
  EXPECT_NE(RuleOfParts(std::vector<OrgPart>{tree.Part(3), tree.Part(0)}), "");
  EXPECT_NE(RuleOfParts(std::vector<OrgPart>{tree.Part(3), tree.Part(3)}), "");
}

TEST_F(VerifiedDirectoryTest, ValuesThatAreNoKeysAreNotBuilt) {
  ASSERT_TRUE(BuildDirectoryText(Next(), network_.records()).ok());
  const auto refused = [this](KeyUse use, const std::string& value) {
    DirectoryRecords records = network_.records();
    for (KeyRecord& key : records.keys) {
      if (key.member.text() == "jan" && key.use == use) key.value = value;
    }
    return RuleOf(BuildDirectoryText(Next(), records).status()) == "DIRECTORY_MALFORMED";
  };
  EXPECT_TRUE(refused(KeyUse::kSeal, PrintAgeRecipient(X25519PublicKey{})));
  EXPECT_TRUE(refused(KeyUse::kSeal, "age1" + std::string(58, 'q')));
  // The key of another member, renamed: the text is new, the key is not.
  EXPECT_TRUE(refused(KeyUse::kSign, network_.Seat("hotel-1-els")
                                         .sign.Verifier(network_.origin().KeyName("jan"))
                                         .value()
                                         .ToString()));
  std::string wrong_id =
      network_.Seat("jan").sign.Verifier(network_.origin().KeyName("jan")).value().ToString();
  char& digit = wrong_id[wrong_id.find('+') + 1];
  digit = digit == '0' ? '1' : '0';
  EXPECT_TRUE(refused(KeyUse::kSign, wrong_id));
}

// Every pair of the keys a note and its records name.
TEST_F(VerifiedDirectoryTest, NoKeyOfTheNoteStandsTwice) {
  SeededRandom random(5);
  const auto text = [this](const SigningKey& key, absl::string_view name) {
    return key.Verifier(network_.origin().KeyName(name)).value().ToString();
  };
  const SigningKey witnesses[] = {SigningKey::Generate(random), SigningKey::Generate(random)};
  DirectoryNote good = Next();
  good.witnesses = {text(witnesses[0], "a"), text(witnesses[1], "b")};
  good.quorum = 1;
  ASSERT_TRUE(BuildDirectoryText(good, network_.records()).ok());
  using Set = std::function<void(DirectoryNote&, const SigningKey&)>;
  const std::vector<Set> lines = {
      [&](DirectoryNote& note, const SigningKey& key) { note.broker_key = text(key, "broker"); },
      [&](DirectoryNote& note, const SigningKey& key) { note.log_key = text(key, "log"); },
      [&](DirectoryNote& note, const SigningKey& key) { note.fresh_key = text(key, "fresh"); },
      [&](DirectoryNote& note, const SigningKey& key) { note.witnesses[0] = text(key, "a"); },
      [&](DirectoryNote& note, const SigningKey& key) { note.witnesses[1] = text(key, "b"); }};
  const SigningKey same = SigningKey::Generate(random);
  for (size_t i = 0; i < lines.size(); ++i) {
    for (size_t j = i + 1; j < lines.size(); ++j) {
      DirectoryNote note = good;
      lines[i](note, same);
      ASSERT_TRUE(BuildDirectoryText(note, network_.records()).ok());
      lines[j](note, same);
      EXPECT_EQ(RuleOf(BuildDirectoryText(note, network_.records()).status()),
                "DIRECTORY_MALFORMED")
          << i << " and " << j;
    }
    DirectoryNote note = good;
    lines[i](note, network_.Seat("jan").sign);
    EXPECT_EQ(RuleOf(BuildDirectoryText(note, network_.records()).status()), "DIRECTORY_MALFORMED")
        << i << " and a member's";
  }
}

TEST_F(VerifiedDirectoryTest, TheBrokersPinIsNoMembers) {
  DirectoryNote note = Next();
  note.broker_pin = network_.Seat("jan").tls_pin;
  EXPECT_EQ(RuleOf(BuildDirectoryText(note, network_.records()).status()), "DIRECTORY_MALFORMED");
}

TEST_F(VerifiedDirectoryTest, WitnessesThatAreNoKeysAreNotBuilt) {
  DirectoryNote note = Next();
  note.witnesses = {"witness.example/one+00000000+" +
                    note.log_key.substr(note.log_key.rfind('+') + 1)};
  EXPECT_EQ(RuleOf(BuildDirectoryText(note, network_.records()).status()), "DIRECTORY_MALFORMED");
}

TEST_F(VerifiedDirectoryTest, NamesOfTheNetworksOwnKeysAreNotBuilt) {
  DirectoryRecords records = network_.records();
  MemberRecord broker = records.members.front();
  broker.id = *MemberId::Parse("broker");
  records.members.push_back(broker);
  EXPECT_EQ(RuleOf(BuildDirectoryText(Next(), records).status()), "DIRECTORY_MALFORMED");
}

TEST_F(VerifiedDirectoryTest, RecordsWithoutTheirOrganisationAreNotBuilt) {
  DirectoryRecords records = network_.records();
  records.orgs.erase(records.orgs.begin() + 1);
  EXPECT_EQ(RuleOf(BuildDirectoryText(Next(), records).status()), "DIRECTORY_MALFORMED");
  records = network_.records();
  records.members.erase(records.members.begin());
  EXPECT_EQ(RuleOf(BuildDirectoryText(Next(), records).status()), "DIRECTORY_MALFORMED");
  records = network_.records();
  records.orgs.push_back(records.orgs.front());
  EXPECT_EQ(RuleOf(BuildDirectoryText(Next(), records).status()), "DIRECTORY_MALFORMED");
}

TEST(EmptyDirectory, IsADirectoryToo) {
  SampleNetwork network;
  const PublishedDirectory published = network.Publish();
  EXPECT_EQ(published.directory->directory().note().orgs_root, Sha256(ByteSpan()));
  EXPECT_TRUE(published.directory->directory().complete());
}

}  // namespace
}  // namespace shield
