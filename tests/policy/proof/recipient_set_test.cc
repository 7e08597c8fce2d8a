#include "policy/proof/recipient_set.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/sha256.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

std::vector<Recipient> Recipients(size_t count) {
  std::vector<Recipient> recipients;
  for (size_t i = 0; i < count; ++i) {
    recipients.push_back(
        {{Sha256(absl::StrCat("key ", i)).bytes}, Sha256(absl::StrCat("slot ", i))});
  }
  std::sort(recipients.begin(), recipients.end(),
            [](const Recipient& a, const Recipient& b) { return a.key < b.key; });
  return recipients;
}

Statement Naming(const RecipientSet& set) {
  testing::SampleNetwork network;
  network.AddOrg("police", OrgKind::kAuthority);
  network.AddMember("jan", "police", {Role::kAnalyst});
  Statement statement = network.StatementBy("jan", *network.Publish().directory);
  statement.recipients = set.size();
  statement.recipients_root = set.Root();
  return statement;
}

TEST(RecipientSet, TheLeafIsTheHashOfKeyAndSlot) {
  const Recipient recipient = Recipients(1).front();
  Bytes entry = {0x00};
  Append(entry, recipient.key.span());
  Append(entry, recipient.slot_digest.span());
  EXPECT_EQ(RecipientLeafHash(recipient), Sha256(entry));
  EXPECT_EQ(RecipientSet::Create({recipient})->Root(), Sha256(entry));
}

TEST(RecipientSet, NobodyHasTheRootOfNothing) {
  EXPECT_EQ(RecipientSet::Create({})->Root(), Sha256(ByteSpan()));
}

TEST(RecipientSet, EveryRecipientProvesItsPlace) {
  const std::vector<Recipient> recipients = Recipients(13);
  const RecipientSet set = RecipientSet::Create(recipients).value();
  const Statement statement = Naming(set);
  EXPECT_TRUE(set.CheckNamedBy(statement).ok());
  for (const Recipient& recipient : recipients) {
    const std::optional<uint64_t> index = set.IndexOf(recipient.key);
    ASSERT_TRUE(index.has_value());
    EXPECT_TRUE(VerifyRecipient(recipient, *index, set.InclusionPath(*index), statement).ok());
  }
}

TEST(RecipientSet, AnotherKeyAnotherSlotOrAnotherPlaceIsRefused) {
  const std::vector<Recipient> recipients = Recipients(13);
  const RecipientSet set = RecipientSet::Create(recipients).value();
  const Statement statement = Naming(set);
  const std::vector<Digest> path = set.InclusionPath(5);
  Recipient other = recipients[5];
  other.slot_digest = recipients[6].slot_digest;
  EXPECT_EQ(RuleOf(VerifyRecipient(other, 5, path, statement)), "RECIPIENT_SET_MISMATCH");
  other = recipients[5];
  other.key = recipients[6].key;
  EXPECT_TRUE(absl::IsDataLoss(VerifyRecipient(other, 5, path, statement)));
  EXPECT_FALSE(VerifyRecipient(recipients[5], 6, path, statement).ok());
  EXPECT_FALSE(VerifyRecipient(recipients[5], 13, path, statement).ok());
  Statement fewer = statement;
  fewer.recipients = 4;
  EXPECT_FALSE(VerifyRecipient(recipients[5], 5, path, fewer).ok());
}

TEST(RecipientSet, AStatementNamesExactlyOneSet) {
  std::vector<Recipient> recipients = Recipients(5);
  const Statement statement = Naming(RecipientSet::Create(recipients).value());
  std::vector<Recipient> fewer(recipients.begin(), recipients.end() - 1);
  EXPECT_EQ(RuleOf(RecipientSet::Create(fewer)->CheckNamedBy(statement)), "RECIPIENT_SET_MISMATCH");
  recipients[2].slot_digest.bytes[0] ^= 1;
  EXPECT_EQ(RuleOf(RecipientSet::Create(recipients)->CheckNamedBy(statement)),
            "RECIPIENT_SET_MISMATCH");
}

TEST(RecipientSet, KeysAscendStrictly) {
  std::vector<Recipient> recipients = Recipients(3);
  std::swap(recipients[0], recipients[1]);
  EXPECT_EQ(RuleOf(RecipientSet::Create(recipients).status()), "RECIPIENT_SET_MISMATCH");
  recipients = Recipients(3);
  recipients[1].key = recipients[0].key;
  EXPECT_FALSE(RecipientSet::Create(recipients).ok());
}

TEST(RecipientSet, HoldsAHundredThousandAndNoMore) {
  std::vector<Recipient> recipients(kMaxRecipients);
  for (size_t i = 0; i < recipients.size(); ++i) {
    for (size_t byte = 0; byte < 4; ++byte) {
      recipients[i].key.bytes[byte] = static_cast<uint8_t>(i >> (24 - 8 * byte));
    }
  }
  EXPECT_TRUE(RecipientSet::Create(recipients).ok());
  recipients.push_back(recipients.back());
  recipients.back().key.bytes[31] = 1;
  EXPECT_FALSE(RecipientSet::Create(recipients).ok());
}

TEST(RecipientSet, FindsOnlyItsOwn) {
  const RecipientSet set = RecipientSet::Create(Recipients(3)).value();
  EXPECT_FALSE(set.IndexOf(X25519PublicKey{Sha256("stranger").bytes}).has_value());
}

}  // namespace
}  // namespace shield
