#include "policy/statement.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "tests/policy/mutations.h"
#include "tests/policy/sample_texts.h"

namespace shield {
namespace {

using ::shield::testing::ForEachMutation;
using ::shield::testing::SampleClearStatement;
using ::shield::testing::SampleDigest;
using ::shield::testing::SampleStatement;
using ::shield::testing::SampleVerifierKey;
using ::shield::testing::SampleWithdrawal;

// The sample's text with every `from` written as `to`; fails when there is none.
std::string Edited(absl::string_view from, absl::string_view to,
                   const Statement& statement = SampleStatement()) {
  const std::string text = PrintStatement(statement);
  EXPECT_TRUE(absl::StrContains(text, from)) << from;
  return absl::StrReplaceAll(text, {{from, to}});
}

void ExpectRefused(const std::string& text, absl::string_view rule, absl::string_view why) {
  const absl::StatusOr<Statement> statement = ParseStatement(text);
  ASSERT_FALSE(statement.ok()) << text;
  EXPECT_EQ(statement.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(RuleOf(statement.status()), rule) << statement.status();
  EXPECT_TRUE(absl::StrContains(statement.status().message(), why)) << statement.status();
}

void ExpectMalformed(const std::string& text, absl::string_view why) {
  ExpectRefused(text, "STATEMENT_MALFORMED", why);
}

void ExpectMalformed(const Statement& statement, absl::string_view why) {
  ExpectMalformed(PrintStatement(statement), why);
}

TEST(Statement, PrintsTheLinesOfTheSpecificationInOrder) {
  const std::string digest1 = PrintDigest(SampleDigest(1));
  EXPECT_EQ(
      PrintStatement(SampleStatement()),
      absl::StrCat("shield/bulletin/v1\n"
                   "network shield.antwerp.example\n"
                   "id 00112233445566778899aabbccddeeff\n"
                   "author p1 ",
                   SampleVerifierKey("shield.antwerp.example/p1", 1),
                   "\n"
                   "class content\n"
                   "issued 1790000000\n"
                   "not-before 1790000000\n"
                   "expires 1790086400\n"
                   "tlp AMBER+STRICT\n"
                   "priority routine\n"
                   "status actual\n"
                   "audience h:",
                   digest1, " region:BE211 sector:hotels-restaurants\n",
                   "ref supersedes ff112233445566778899aabbccddeeff ", PrintDigest(SampleDigest(2)),
                   "\ndirectory 7 ", PrintDigest(SampleDigest(3)), "\nrecipients 40 ",
                   PrintDigest(SampleDigest(4)), "\npayload 4144 ", PrintDigest(SampleDigest(5)),
                   "\nobject 1000 ", PrintDigest(SampleDigest(6)), "\nobject 900 ",
                   PrintDigest(SampleDigest(7)), "\ncommit ", PrintDigest(SampleDigest(8)), "\n"));
}

TEST(Statement, ReadsBackWhatItPrints) {
  for (const Statement& statement :
       {SampleStatement(), SampleWithdrawal(), SampleClearStatement()}) {
    const absl::StatusOr<Statement> read = ParseStatement(PrintStatement(statement));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, statement);
  }
}

TEST(Statement, SortsAudienceAndReferencesWhenPrinting) {
  Statement statement = SampleStatement();
  std::swap(statement.audience.front(), statement.audience.back());
  EXPECT_EQ(PrintStatement(statement), PrintStatement(SampleStatement()));
}

TEST(Statement, AnyChangedByteIsRefusedOrPrintsBackExactly) {
  for (const Statement& statement :
       {SampleStatement(), SampleWithdrawal(), SampleClearStatement()}) {
    ForEachMutation(PrintStatement(statement), [&statement](const std::string& text) {
      const absl::StatusOr<Statement> read = ParseStatement(text);
      if (!read.ok()) return;
      EXPECT_EQ(PrintStatement(*read), text);
      EXPECT_FALSE(*read == statement) << text;
    });
  }
}

TEST(Statement, ContextBlockEndsWithTheDirectoryLine) {
  const std::string text = PrintStatement(SampleStatement());
  const absl::string_view block = ContextBlock(text);
  EXPECT_EQ(text.substr(block.size(), 11), "recipients ");
  EXPECT_EQ(block, PrintContextBlock(SampleStatement()));
  EXPECT_EQ(ContextBlock("no such line\n"), "");
}

TEST(Statement, NamesTheLineAtFault) {
  ExpectMalformed(Edited("priority routine", "priority soon"),
                  "statement refused: line 10 `priority soon`: ");
  ExpectMalformed(Edited("status actual\n", ""), "line 11 `audience ");
  ExpectMalformed("shield/bulletin/v1\n", "line 2 is missing");
}

TEST(Statement, RefusesLinesMissingRepeatedOrOutOfOrder) {
  const std::string text = PrintStatement(SampleStatement());
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin) + 1;
    const std::string line = text.substr(begin, end - begin);
    if (!absl::StartsWith(line, "ref ") && !absl::StartsWith(line, "object ")) {
      EXPECT_FALSE(ParseStatement(text.substr(0, begin) + text.substr(end)).ok()) << line;
    }
    if (!absl::StartsWith(line, "object ")) {
      EXPECT_FALSE(ParseStatement(text.substr(0, end) + text.substr(begin)).ok()) << line;
    }
    begin = end;
  }
  ExpectMalformed(text + "note hello\n", "line 20 `note hello`");
  ExpectMalformed(Edited("issued 1790000000\nnot-before 1790000000\n",
                         "not-before 1790000000\nissued 1790000000\n"),
                  "a `issued` line must stand here");
}

TEST(Statement, IsAsciiWithoutEmptyLines) {
  ExpectMalformed(Edited("p1 ", "p\xc3\xa9 "), "line 4 holds the byte `\\xc3`");
  ExpectMalformed(Edited("routine\n", "routine\r\n"), "line 10 holds the byte");
  ExpectMalformed(Edited("routine\n", "routine\n\n"), "line 11 is empty");
  ExpectMalformed(PrintStatement(SampleStatement()) + "\n", "is empty");
  ExpectMalformed(Edited("routine\n", "routine \n"), "on no list");
  ExpectMalformed(std::string(), "it is empty");
  const std::string text = PrintStatement(SampleStatement());
  ExpectMalformed(text.substr(0, text.size() - 1), "does not end in a line feed");
}

TEST(Statement, NumbersHaveOneForm) {
  for (absl::string_view number :
       {"01", "+1", "-1", "1.0", "1e3", "0x1", "9007199254740992", "18446744073709551617"}) {
    ExpectMalformed(Edited("issued 1790000000", absl::StrCat("issued ", number)), "line 6");
  }
  EXPECT_TRUE(ParseStatement(Edited("expires 1790086400", "expires 9007199254740991")).ok());
}

TEST(Statement, DigestsAreCanonicalPaddedBase64) {
  const std::string digest = PrintDigest(SampleDigest(8));  // CAgI…CAg=
  ExpectMalformed(Edited(digest, digest.substr(0, 43)), "not the base64 of 32 bytes");
  ExpectMalformed(Edited(digest, digest.substr(0, 42) + "h="), "not the base64 of 32 bytes");
  ExpectMalformed(Edited(digest, "CAgI"), "not the base64 of 32 bytes");
}

TEST(Statement, KeyIsNamedForNetworkAndAuthor) {
  for (absl::string_view name : {"shield.antwerp.example/p2", "shield.bilbao.example/p1", "p1"}) {
    ExpectMalformed(
        Edited(SampleVerifierKey("shield.antwerp.example/p1", 1), SampleVerifierKey(name, 1)),
        "named for this network and author");
  }
}

TEST(Statement, LabelIsRequiredAndExact) {
  ExpectRefused(Edited("tlp AMBER+STRICT\n", ""), "LABEL_REQUIRED", "a `tlp` line");
  for (absl::string_view label : {"amber", "TLP:AMBER", "WHITE", "ROUGE", "AMBER RED"}) {
    ExpectRefused(Edited("tlp AMBER+STRICT", absl::StrCat("tlp ", label)), "INVALID_LABEL",
                  "as statements write it");
  }
}

TEST(Statement, WordsOutsideTheListsAreRefused) {
  ExpectMalformed(Edited("class content", "class alert"), "on no list");
  ExpectMalformed(Edited("class content", "class unspecified"), "on no list");
  ExpectMalformed(Edited("status actual", "status ACTUAL"), "on no list");
  ExpectMalformed(Edited("ref supersedes", "ref replaces"), "no such relation");
}

TEST(Statement, AudienceIsSortedUniqueAndHidesNames) {
  ExpectMalformed(
      Edited("region:BE211 sector:hotels-restaurants", "sector:hotels-restaurants region:BE211"),
      "not sorted");
  ExpectMalformed(Edited("region:BE211", "region:BE211 region:BE211"), "not sorted");
  for (absl::string_view token : {"org:x", "member:x", "not-org:x", "not-member:x"}) {
    Statement statement = SampleStatement();
    statement.audience = {*ParseAudienceToken(token)};
    ExpectMalformed(statement, "must be hidden");
  }
  Statement statement = SampleStatement();
  statement.audience.clear();
  ExpectMalformed(statement, "nothing follows the keyword");
  ExpectRefused(Edited("region:BE211", "region:XX1"), "UNKNOWN_CODE", "no such region");
  ExpectRefused(Edited("sector:hotels-restaurants", "sector:spa"), "UNKNOWN_CODE",
                "no such sector");
}

TEST(Statement, ReferencesAreSortedAndUnique) {
  Statement statement = SampleStatement();
  statement.references.push_back(statement.references.front());
  ExpectMalformed(statement, "not sorted");
  const std::string line = absl::StrCat("ref supersedes ff112233445566778899aabbccddeeff ",
                                        PrintDigest(SampleDigest(2)), "\n");
  const std::string earlier = absl::StrReplaceAll(line, {{" ff11", " 0011"}});
  ExpectMalformed(Edited(line, line + earlier), "not sorted");
  EXPECT_TRUE(ParseStatement(Edited(line, earlier + line)).ok());
}

TEST(Statement, RelationsBelongToTheirClass) {
  Statement statement = SampleStatement();
  for (Relation relation : {Relation::kWithdraws, Relation::kShares}) {
    statement.references.front().relation = relation;
    ExpectMalformed(statement, "cannot hold this relation");
  }
  for (Relation relation : {Relation::kSupersedes, Relation::kRelabels, Relation::kExtends,
                            Relation::kPermits, Relation::kReplies}) {
    Statement content = SampleStatement();
    content.references.front().relation = relation;
    EXPECT_TRUE(ParseStatement(PrintStatement(content)).ok());
    Statement direct = content;
    direct.bulletin_class = BulletinClass::kDirect;
    EXPECT_EQ(ParseStatement(PrintStatement(direct)).ok(), relation == Relation::kReplies);
  }
}

TEST(Statement, ShareHoldsExactlyOneReference) {
  Statement share = SampleStatement();
  share.bulletin_class = BulletinClass::kDirect;
  share.references.front().relation = Relation::kShares;
  EXPECT_TRUE(ParseStatement(PrintStatement(share)).ok());
  share.references.push_back({Relation::kReplies, share.id, SampleDigest(1)});
  ExpectMalformed(share, "exactly one reference");
}

TEST(Statement, WithdrawalHoldsOneReferenceAndNoBytes) {
  Statement statement = SampleWithdrawal();
  statement.references.clear();
  ExpectMalformed(statement, "exactly one reference");
  statement = SampleWithdrawal();
  statement.references.push_back({Relation::kWithdraws, statement.id, SampleDigest(1)});
  ExpectMalformed(statement, "exactly one reference");
  statement = SampleWithdrawal();
  statement.recipients = 1;
  ExpectMalformed(statement, "no recipients of its own");
  statement = SampleWithdrawal();
  statement.payload = {1, SampleDigest(1)};
  ExpectMalformed(statement, "no payload");
  statement = SampleWithdrawal();
  statement.objects = {{1, SampleDigest(1)}};
  ExpectMalformed(statement, "no attachments");
  statement = SampleWithdrawal();
  statement.commitment = SampleDigest(1);
  ExpectMalformed(statement, "one too many");
}

TEST(Statement, DigestOfNothingGoesWithNothing) {
  Statement statement = SampleWithdrawal();
  statement.recipients_root = SampleDigest(1);
  ExpectMalformed(statement, "SHA-256 of nothing");
  statement = SampleWithdrawal();
  statement.payload.digest = SampleDigest(1);
  ExpectMalformed(statement, "SHA-256 of nothing");
  statement = SampleStatement();
  statement.payload.bytes = 0;
  ExpectMalformed(statement, "every other bulletin has one");
  statement = SampleStatement();
  statement.objects.front().bytes = 0;
  ExpectMalformed(statement, "never empty");
}

TEST(Statement, KeyStandsIfAndOnlyIfClear) {
  Statement statement = SampleClearStatement();
  statement.tlp = Tlp::kGreen;
  ExpectMalformed(statement, "a `commit` line");
  statement = SampleStatement();
  statement.tlp = Tlp::kClear;
  ExpectMalformed(statement, "a `key` line");
  statement = SampleClearStatement();
  statement.commitment = SampleDigest(1);
  ExpectMalformed(statement, "a `key` line");
  ExpectMalformed(Edited("key QkJCQkJCQkJCQkJCQkJCQg==", "key QkJC", SampleClearStatement()),
                  "base64 of 16 bytes");
}

// Two digests for one id, or two relations, would let each reader believe another.
TEST(Statement, ABulletinIsReferredToOnce) {
  Statement statement = SampleStatement();
  const BulletinId id = statement.references.front().id;
  statement.references.push_back({Relation::kSupersedes, id, SampleDigest(77)});
  ExpectMalformed(statement, "referred to once");
  statement.references.back() = {Relation::kExtends, id, SampleDigest(2)};
  ExpectMalformed(statement, "referred to once");
  statement.references.back() = {Relation::kReplies, id, SampleDigest(77)};
  ExpectMalformed(statement, "referred to once");
  statement.references.back() = {Relation::kReplies, statement.id, SampleDigest(2)};
  EXPECT_TRUE(ParseStatement(PrintStatement(statement)).ok());
}

TEST(Statement, VersionsBeginAtOne) {
  Statement statement = SampleStatement();
  statement.directory_version = 0;
  ExpectMalformed(statement, "begin at 1");
}

TEST(StatementLimits, OnePastEachIsRefused) {
  Statement statement = SampleStatement();
  statement.recipients = kMaxRecipients;
  EXPECT_TRUE(ParseStatement(PrintStatement(statement)).ok());
  statement.recipients = kMaxRecipients + 1;
  ExpectMalformed(statement, "at most 100000 recipients");

  statement = SampleStatement();
  statement.objects.assign(kMaxObjects, {1, SampleDigest(1)});
  EXPECT_TRUE(ParseStatement(PrintStatement(statement)).ok());
  statement.objects.push_back({1, SampleDigest(1)});
  ExpectMalformed(statement, "at most 16 attachments");

  statement = SampleStatement();
  statement.references.clear();
  const auto earlier = [](uint8_t number) {
    std::array<uint8_t, BulletinId::kSize> id{};
    id[0] = number;
    return Reference{Relation::kReplies, BulletinId(id), SampleDigest(number)};
  };
  for (uint8_t i = 0; i < kMaxReferences; ++i) statement.references.push_back(earlier(i));
  EXPECT_TRUE(ParseStatement(PrintStatement(statement)).ok());
  statement.references.push_back(earlier(200));
  ExpectMalformed(statement, "at most 8 references");
}

TEST(StatementLimits, AudienceHoldsAtMost256Tokens) {
  Statement statement = SampleStatement();
  statement.audience.clear();
  for (size_t i = 0; i < kMaxAudienceTokens; ++i) {
    Digest digest = SampleDigest(static_cast<uint8_t>(i));
    statement.audience.push_back(AudienceToken::Hidden(digest));
  }
  EXPECT_TRUE(ParseStatement(PrintStatement(statement)).ok());
  statement.audience.push_back(AudienceToken::Public());
  ExpectMalformed(statement, "at most 256 are allowed");
}

TEST(StatementLimits, TextHoldsAtMost16KiB) {
  Statement statement = SampleStatement();
  const std::string text = PrintStatement(statement);
  std::string longest = text;
  longest.insert(longest.find("class"), std::string(kMaxStatementBytes - text.size(), 'x'));
  ExpectMalformed(longest, "line 5");
  longest.insert(longest.find("class"), "x");
  ExpectMalformed(longest, "at most 16384 are allowed");
}

}  // namespace
}  // namespace shield
