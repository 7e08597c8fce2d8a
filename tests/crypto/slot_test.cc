#include "crypto/slot.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_replace.h"
#include "base/base64.h"
#include "base/status.h"
#include "crypto/age_recipient.h"
#include "crypto/seal_slots.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

constexpr absl::string_view kRecipient =
    "age1gqe48v60chhpvl4up0w9gf5pp3y66m2r5ga207juvddgagzdssys2h69ah";

class SlotTest : public ::testing::Test {
 protected:
  SlotTest() : file_key_(NewFileKey(random_)) {
    const X25519PublicKey recipient = *ParseAgeRecipient(kRecipient);
    slot_ = ToString(SealSlots(std::span(&recipient, 1), file_key_)->front());
  }

  void ExpectRefused(const std::string& slot, absl::string_view why) {
    const absl::Status status = ParseSlot(AsBytes(slot)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << why;
    EXPECT_EQ(RuleOf(status), "SLOT_MALFORMED") << why;
    EXPECT_FALSE(SlotMacMatches(AsBytes(slot), file_key_)) << why;
  }

  // The slot with `text` written over it at `at`.
  std::string With(size_t at, absl::string_view text) const {
    std::string changed = slot_;
    changed.replace(at, text.size(), text.data(), text.size());
    return changed;
  }

  testing::SeededRandom random_{4};
  FileKey file_key_;
  std::string slot_;
};

// Where the three values begin.
constexpr size_t kShareAt = 32;
constexpr size_t kBodyAt = 76;
constexpr size_t kMacAt = 124;
constexpr size_t kValueLength = 43;

TEST_F(SlotTest, HasTheFormOfAnAgeHeaderWithOneStanza) {
  ASSERT_EQ(slot_.size(), kSlotSize);
  EXPECT_EQ(slot_.substr(0, kShareAt), "age-encryption.org/v1\n-> X25519 ");
  EXPECT_EQ(slot_[kShareAt + kValueLength], '\n');
  EXPECT_EQ(slot_.substr(kBodyAt + kValueLength, 5), "\n--- ");
  EXPECT_EQ(slot_.back(), '\n');
}

TEST_F(SlotTest, PrintsAgainToTheSameBytes) {
  const auto parsed = ParseSlot(AsBytes(slot_));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(ToString(PrintSlot(*parsed)), slot_);
}

TEST_F(SlotTest, TheMacHoldsUnderItsFileKeyOnly) {
  EXPECT_TRUE(SlotMacMatches(AsBytes(slot_), file_key_));
  EXPECT_FALSE(SlotMacMatches(AsBytes(slot_), NewFileKey(random_)));
}

TEST_F(SlotTest, TheMacCoversShareAndWrappedKey) {
  auto parsed = *ParseSlot(AsBytes(slot_));
  parsed.share.bytes[3] ^= 1;
  EXPECT_FALSE(SlotMacMatches(PrintSlot(parsed), file_key_));
  parsed.share.bytes[3] ^= 1;
  parsed.wrapped_key[31] ^= 1;
  EXPECT_FALSE(SlotMacMatches(PrintSlot(parsed), file_key_));
  parsed.wrapped_key[31] ^= 1;
  EXPECT_TRUE(SlotMacMatches(PrintSlot(parsed), file_key_));
}

TEST_F(SlotTest, RefusesEveryOtherLength) {
  ExpectRefused("", "empty");
  ExpectRefused(slot_.substr(0, kSlotSize - 1), "cut");
  ExpectRefused(slot_ + "\n", "a byte too many");
  ExpectRefused(slot_ + slot_, "two slots");
}

TEST_F(SlotTest, RefusesOtherVersionsStanzasAndLines) {
  ExpectRefused(With(20, "2"), "version 2");
  ExpectRefused(With(25, "x"), "x25519 in lower case");
  ExpectRefused(With(25, "X25518"), "an unknown stanza");
  ExpectRefused(With(kShareAt + kValueLength, " "), "two arguments");
  ExpectRefused(With(kMacAt - 1, "x"), "no space before the MAC");
  ExpectRefused(With(kSlotSize - 1, " "), "a trailing space");
  ExpectRefused(absl::StrReplaceAll(slot_, {{"\n", "\r\n"}}), "carriage returns");
  ExpectRefused(With(kShareAt + kValueLength - 1, "\r"), "a carriage return instead of a digit");
}

TEST_F(SlotTest, RefusesBase64ThatIsNotCanonical) {
  for (const size_t at : {kShareAt, kBodyAt, kMacAt}) {
    const size_t last = at + kValueLength - 1;
    ExpectRefused(With(last, "="), "padding");
    ExpectRefused(With(last, "B"), "bits left over");
    ExpectRefused(With(at + 5, "-"), "the URL alphabet");
    ExpectRefused(With(at + 5, " "), "a space");
  }
}

// libsodium 1.0.18 decodes each of these bytes as '/'.
TEST_F(SlotTest, RefusesEveryByteFrom0x80Up) {
  for (int byte = 0x80; byte <= 0xff; ++byte) {
    const std::string high(1, static_cast<char>(byte));
    for (const size_t at : {kShareAt, kBodyAt, kMacAt}) ExpectRefused(With(at + 7, high), high);
  }
}

TEST_F(SlotTest, RefusesSharesOfLowOrderAndSecondSpellings) {
  Bytes share(32, 0);
  ExpectRefused(With(kShareAt, Base64Encode(share, Base64Form::kUnpadded)), "zero");
  share[0] = 1;
  ExpectRefused(With(kShareAt, Base64Encode(share, Base64Form::kUnpadded)), "one");
  share.assign(32, 0xff);
  ExpectRefused(With(kShareAt, Base64Encode(share, Base64Form::kUnpadded)), "beyond the prime");
}

}  // namespace
}  // namespace shield
