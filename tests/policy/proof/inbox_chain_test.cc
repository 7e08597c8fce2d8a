#include "policy/proof/inbox_chain.h"

#include <gtest/gtest.h>

#include "base/hex.h"
#include "base/status.h"
#include "crypto/sha256.h"
#include "tests/policy/mutations.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

using testing::SampleNetwork;

const MemberId kMember = *MemberId::Parse("astrid-desk");

InboxHead HeadOf(const SampleNetwork& network) {
  return {network.origin(), kMember, {3, Sha256("head")}, 17, network.now()};
}

TEST(InboxChain, IsTheHashOfTheSpecification) {
  const InboxLink link = {7, Sha256("statement"), Sha256("slot")};
  EXPECT_EQ(InboxGenesis(kMember), Sha256(absl::string_view("shield/v1/inbox\0astrid-desk", 27)));
  Bytes hashed = ToBytes(AsBytes(absl::string_view("shield/v1/inbox-link\0", 21)));
  Append(hashed, InboxGenesis(kMember).span());
  Append(hashed, *HexDecode("0000000000000001"
                            "0000000000000007"));
  Append(hashed, link.statement_digest.span());
  Append(hashed, link.slot_digest.span());

  InboxChain chain(kMember);
  EXPECT_EQ(chain.position(), (InboxPosition{0, InboxGenesis(kMember)}));
  EXPECT_EQ(chain.Extend(link), (InboxPosition{1, Sha256(hashed)}));
  InboxChain resumed(chain.position());
  EXPECT_EQ(resumed.Extend(link), chain.Extend(link));
}

TEST(InboxChain, EverythingAboutAnEntryChangesItsHash) {
  const Digest before = InboxGenesis(kMember);
  const InboxLink link = {7, Sha256("statement"), Sha256("slot")};
  const Digest hash = InboxNext(before, 1, link);
  EXPECT_NE(InboxNext(before, 2, link), hash);
  EXPECT_NE(InboxNext(hash, 1, link), hash);
  EXPECT_NE(InboxNext(before, 1, {8, link.statement_digest, link.slot_digest}), hash);
  EXPECT_NE(InboxNext(before, 1, {7, Sha256("other"), link.slot_digest}), hash);
  EXPECT_NE(InboxNext(before, 1, {7, link.statement_digest, Sha256(ByteSpan())}), hash);
  EXPECT_NE(InboxGenesis(*MemberId::Parse("astrid")), before);
}

TEST(InboxHead, IsSignedByTheBrokerForOneMember) {
  const SampleNetwork network;
  const VerifierKey broker =
      network.KeyOf("broker").Verifier(network.origin().KeyName("broker")).value();
  const std::string note = SignInboxHead(HeadOf(network), network.KeyOf("broker"));
  const absl::StatusOr<InboxHead> head = VerifyInboxHead(note, broker, kMember);
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(*head, HeadOf(network));
  EXPECT_FALSE(VerifyInboxHead(note, broker, *MemberId::Parse("other")).ok());
}

TEST(InboxHead, AnothersSignatureIsRefused) {
  const SampleNetwork network;
  const VerifierKey broker =
      network.KeyOf("broker").Verifier(network.origin().KeyName("broker")).value();
  const std::string note = SignInboxHead(HeadOf(network), network.KeyOf("log"));
  EXPECT_EQ(RuleOf(VerifyInboxHead(note, broker, kMember).status()), "BAD_SIGNATURE");
  const VerifierKey elsewhere = network.KeyOf("broker").Verifier("other.example/broker").value();
  InboxHead other = HeadOf(network);
  other.network = *Origin::Parse("other.example");
  const std::string foreign = SignInboxHead(other, network.KeyOf("broker"));
  EXPECT_TRUE(VerifyInboxHead(foreign, elsewhere, kMember).ok());
  EXPECT_FALSE(VerifyInboxHead(foreign, broker, kMember).ok());
}

TEST(InboxHead, EveryMutationIsRefusedOrReadsAsItself) {
  const std::string text = PrintInboxHead(HeadOf(SampleNetwork()));
  testing::ForEachMutation(text, [](const std::string& mutated) {
    const absl::StatusOr<InboxHead> head = ParseInboxHead(mutated);
    if (head.ok()) {
      EXPECT_EQ(PrintInboxHead(*head), mutated);
    } else {
      EXPECT_EQ(RuleOf(head.status()), "INBOX_HEAD_MALFORMED");
    }
  });
}

TEST(InboxAdvance, NeverGoesBack) {
  const InboxPosition at = {5, Sha256("5")};
  EXPECT_TRUE(CheckInboxAdvance(at, at).ok());
  EXPECT_TRUE(CheckInboxAdvance(at, {6, Sha256("6")}).ok());
  EXPECT_EQ(RuleOf(CheckInboxAdvance(at, {4, Sha256("4")})), "ROLLBACK");
  EXPECT_EQ(RuleOf(CheckInboxAdvance(at, {5, Sha256("five")})), "ROLLBACK");
}

}  // namespace
}  // namespace shield
