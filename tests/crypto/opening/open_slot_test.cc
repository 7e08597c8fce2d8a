#include "crypto/opening/open_slot.h"

#include <gtest/gtest.h>

#include "base/status.h"
#include "crypto/opening/age_failure.h"
#include "crypto/seal_slots.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

class OpenSlotTest : public ::testing::Test {
 protected:
  OpenSlotTest() {
    const X25519PublicKey recipient = identity_.Recipient();
    slot_ = SealSlots(std::span(&recipient, 1), file_key_)->front();
  }

  testing::SeededRandom random_{9};
  X25519Identity identity_ = X25519Identity::Generate(random_);
  FileKey file_key_ = NewFileKey(random_);
  Slot slot_;
};

TEST_F(OpenSlotTest, GivesTheFileKeyToItsRecipient) {
  const auto opened = OpenSlot(slot_, identity_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, file_key_);
}

TEST_F(OpenSlotTest, GivesNothingToAnybodyElse) {
  const auto opened = OpenSlot(slot_, X25519Identity::Generate(random_));
  EXPECT_EQ(AgeFailureOf(opened.status()), AgeFailure::kNoMatch);
}

TEST_F(OpenSlotTest, RefusesAChangedMac) {
  ParsedSlot parsed = *ParseSlot(slot_);
  parsed.mac[0] ^= 1;
  EXPECT_EQ(AgeFailureOf(OpenSlot(PrintSlot(parsed), identity_).status()), AgeFailure::kHmac);
}

TEST_F(OpenSlotTest, RefusesAChangedWrappedKeyOrShare) {
  ParsedSlot parsed = *ParseSlot(slot_);
  parsed.wrapped_key[0] ^= 1;
  EXPECT_EQ(AgeFailureOf(OpenSlot(PrintSlot(parsed), identity_).status()), AgeFailure::kNoMatch);
  parsed.wrapped_key[0] ^= 1;
  parsed.share.bytes[0] ^= 1;
  EXPECT_EQ(AgeFailureOf(OpenSlot(PrintSlot(parsed), identity_).status()), AgeFailure::kNoMatch);
}

TEST_F(OpenSlotTest, PassesOnWhyASlotIsMalformed) {
  slot_[0] = 'A';
  EXPECT_EQ(RuleOf(OpenSlot(slot_, identity_).status()), "SLOT_MALFORMED");
}

}  // namespace
}  // namespace shield
