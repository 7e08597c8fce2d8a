#include "policy/directory_note.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "tests/policy/mutations.h"
#include "tests/policy/sample_texts.h"

namespace shield {
namespace {

using ::shield::testing::ForEachMutation;
using ::shield::testing::SampleDigest;
using ::shield::testing::SampleVerifierKey;

DirectoryNote SampleNote() {
  DirectoryNote note{.network = *Origin::Parse("shield.example")};
  note.version = 2;
  note.previous = SampleDigest(1);
  note.issued = absl::FromUnixSeconds(1'790'000'000);
  note.expires = note.issued + kMaxDirectoryLife;
  note.broker_address = "broker.example:4433";
  note.broker_pin = SampleDigest(2);
  note.broker_key = SampleVerifierKey("shield.example/broker", 1);
  note.log_key = SampleVerifierKey("shield.example/log", 2);
  note.fresh_key = SampleVerifierKey("shield.example/fresh", 3);
  note.witnesses = {SampleVerifierKey("witness-1.example", 4),
                    SampleVerifierKey("witness-2.example", 5)};
  note.quorum = 1;
  note.orgs = 12;
  note.orgs_root = SampleDigest(3);
  return note;
}

void ExpectRefused(const DirectoryNote& note, absl::string_view why) {
  const absl::StatusOr<DirectoryNote> read = ParseDirectoryNote(PrintDirectoryNote(note));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(RuleOf(read.status()), "DIRECTORY_MALFORMED");
  EXPECT_TRUE(absl::StrContains(read.status().message(), why)) << read.status();
}

TEST(DirectoryNote, ReadsBackWhatItPrints) {
  const absl::StatusOr<DirectoryNote> read = ParseDirectoryNote(PrintDirectoryNote(SampleNote()));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, SampleNote());
  EXPECT_TRUE(absl::StartsWith(PrintDirectoryNote(SampleNote()),
                               "shield/directory/v1\nnetwork shield.example\nversion 2\nprev "));
}

TEST(DirectoryNote, FirstVersionHasNoPredecessor) {
  DirectoryNote note = SampleNote();
  note.version = 1;
  ExpectRefused(note, "32 zero bytes");
  note.previous = Digest();
  EXPECT_TRUE(ParseDirectoryNote(PrintDirectoryNote(note)).ok());
  note.version = 2;
  ExpectRefused(note, "32 zero bytes");
  note.version = 0;
  ExpectRefused(note, "begin at 1");
}

TEST(DirectoryNote, LivesThirtyDaysAtMost) {
  DirectoryNote note = SampleNote();
  note.expires += absl::Seconds(1);
  ExpectRefused(note, "30 days at most");
  note.expires = note.issued;
  ExpectRefused(note, "before it is issued");
}

TEST(DirectoryNote, KeysAreNamedForTheirWork) {
  DirectoryNote note = SampleNote();
  note.log_key = note.broker_key;
  ExpectRefused(note, "named `shield.example/log`");
  note = SampleNote();
  note.fresh_key = SampleVerifierKey("other.example/fresh", 3);
  ExpectRefused(note, "named `shield.example/fresh`");
}

TEST(DirectoryNote, BrokerAddressIsHostAndPort) {
  DirectoryNote note = SampleNote();
  for (const char* address : {"127.0.0.1:1", "[::1]:65535", "localhost:8443"}) {
    note.broker_address = address;
    EXPECT_TRUE(ParseDirectoryNote(PrintDirectoryNote(note)).ok()) << address;
  }
  for (const char* address : {"broker", "broker:0", "broker:65536", ":1", "broker:01", "[]:1",
                              "bro/ker:1", "broker:", "::1:80"}) {
    note.broker_address = address;
    ExpectRefused(note, "HOST:PORT");
  }
}

TEST(DirectoryNote, WitnessesAreSortedUniqueAndEight) {
  DirectoryNote note = SampleNote();
  note.witnesses[1] = note.witnesses[0];
  ExpectRefused(note, "not sorted");
  note = SampleNote();
  note.quorum = 3;
  ExpectRefused(note, "larger than the number of witnesses");
  note.witnesses.clear();
  for (uint32_t i = 0; i < kMaxWitnesses; ++i) {
    note.witnesses.push_back(SampleVerifierKey(absl::StrCat("w", i, ".example"), i));
  }
  EXPECT_TRUE(ParseDirectoryNote(PrintDirectoryNote(note)).ok());
  note.witnesses.push_back(SampleVerifierKey("w9.example", 9));
  ExpectRefused(note, "at most 8 witnesses");
}

TEST(DirectoryNote, CountsOrganisationsWithinTheLimit) {
  DirectoryNote note = SampleNote();
  note.orgs = kMaxOrgs + 1;
  ExpectRefused(note, "at most 100000 organisations");
  note.orgs = 0;
  ExpectRefused(note, "SHA-256 of nothing");
  note.orgs_root = DigestOfNothing();
  EXPECT_TRUE(ParseDirectoryNote(PrintDirectoryNote(note)).ok());
}

TEST(DirectoryNote, AnyChangedByteIsRefusedOrPrintsBackExactly) {
  ForEachMutation(PrintDirectoryNote(SampleNote()), [](const std::string& text) {
    const absl::StatusOr<DirectoryNote> note = ParseDirectoryNote(text);
    if (!note.ok()) return;
    EXPECT_EQ(PrintDirectoryNote(*note), text);
    EXPECT_FALSE(*note == SampleNote());
  });
}

}  // namespace
}  // namespace shield
