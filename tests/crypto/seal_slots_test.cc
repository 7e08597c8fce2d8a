#include "crypto/seal_slots.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "crypto/opening/open_slot.h"
#include "crypto/opening/x25519_identity.h"
#include "tests/crypto/refused_keys.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

class SealSlotsTest : public ::testing::Test {
 protected:
  SealSlotsTest() : file_key_(NewFileKey(random_)) {
    for (int i = 0; i < 5; ++i) identities_.push_back(X25519Identity::Generate(random_));
  }

  // `count` recipients, the identities in turn.
  std::vector<X25519PublicKey> Recipients(size_t count) const {
    std::vector<X25519PublicKey> keys;
    for (size_t i = 0; i < count; ++i) keys.push_back(IdentityOf(i).Recipient());
    return keys;
  }
  const X25519Identity& IdentityOf(size_t i) const { return identities_[i % identities_.size()]; }

  testing::SeededRandom random_{5};
  FileKey file_key_;
  std::vector<X25519Identity> identities_;
};

TEST_F(SealSlotsTest, EachSlotOpensForItsRecipientWhateverTheNumberAndThreads) {
  for (const size_t count : {1u, 2u, 31u, 32u, 33u, 127u, 128u, 129u, 500u}) {
    for (const unsigned threads : {0u, 1u, 2u, 7u}) {
      const auto slots = SealSlots(Recipients(count), file_key_, threads);
      ASSERT_TRUE(slots.ok()) << slots.status();
      ASSERT_EQ(slots->size(), count);
      for (size_t i = 0; i < count; i += count / 7 + 1) {
        const auto opened = OpenSlot((*slots)[i], IdentityOf(i));
        ASSERT_TRUE(opened.ok()) << opened.status() << " slot " << i << " of " << count;
        EXPECT_EQ(*opened, file_key_);
      }
    }
  }
}

TEST_F(SealSlotsTest, NobodyMakesNoSlots) {
  const auto slots = SealSlots({}, file_key_);
  ASSERT_TRUE(slots.ok());
  EXPECT_TRUE(slots->empty());
}

TEST_F(SealSlotsTest, EverySlotHasItsOwnShareEvenForOneRecipient) {
  const std::vector<X25519PublicKey> same(300, identities_[0].Recipient());
  const auto slots = SealSlots(same, file_key_, 2);
  ASSERT_TRUE(slots.ok());
  std::set<X25519PublicKey> shares;
  for (const Slot& slot : *slots) shares.insert(ParseSlot(slot)->share);
  EXPECT_EQ(shares.size(), same.size());
}

TEST_F(SealSlotsTest, RefusesTheWholeListWhenOneKeyIsOfLowOrder) {
  std::vector<X25519PublicKey> recipients = Recipients(300);
  recipients[299] = X25519PublicKey{};
  for (const unsigned threads : {1u, 2u}) {
    EXPECT_EQ(SealSlots(recipients, file_key_, threads).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST_F(SealSlotsTest, RefusesEverySecondSpellingAndKeyOfLowOrder) {
  std::vector<X25519PublicKey> recipients = Recipients(2);
  for (const absl::string_view hex : testing::kLowOrderOrSecondSpelling) {
    recipients[1] = testing::X25519FromHex(hex);
    EXPECT_TRUE(absl::IsInvalidArgument(SealSlots(recipients, file_key_).status())) << hex;
  }
}

}  // namespace
}  // namespace shield
