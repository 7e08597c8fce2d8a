#include "crypto/slot.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/status.h"

namespace shield {
namespace {

// The fixed parts of the text and where they and the three values stand.
constexpr absl::string_view kIntro = "age-encryption.org/v1\n-> X25519 ";
constexpr absl::string_view kLineFeed = "\n";
constexpr absl::string_view kMacIntro = "\n--- ";
constexpr size_t kValueLength = 43;  // 32 bytes in unpadded base64
constexpr size_t kShareAt = kIntro.size();
constexpr size_t kBodyAt = kShareAt + kValueLength + kLineFeed.size();
constexpr size_t kMacIntroAt = kBodyAt + kValueLength;
constexpr size_t kMacAt = kMacIntroAt + kMacIntro.size();
constexpr size_t kEndAt = kMacAt + kValueLength;
static_assert(kEndAt + kLineFeed.size() == kSlotSize);

// What the MAC covers: everything up to `---`, without the space after it.
constexpr size_t kAuthenticated = kMacAt - 1;

using Value = std::array<uint8_t, 32>;

absl::Status Malformed(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("slot refused: ", why)),
                  "SLOT_MALFORMED");
}

std::optional<Value> ReadValue(absl::string_view text, size_t at) {
  const std::optional<Bytes> bytes =
      Base64Decode(text.substr(at, kValueLength), Base64Form::kUnpadded);
  if (!bytes.has_value()) return std::nullopt;
  Value value;
  SHIELD_CHECK(bytes->size() == value.size());
  std::copy(bytes->begin(), bytes->end(), value.begin());
  return value;
}

void WriteText(Slot& slot, size_t at, absl::string_view text) {
  std::copy(text.begin(), text.end(), slot.begin() + at);
}

void WriteValue(Slot& slot, size_t at, const Value& value) {
  WriteText(slot, at, Base64Encode(value, Base64Form::kUnpadded));
}

// Everything but the value of the MAC.
Slot PrintWithoutMac(const X25519PublicKey& share, const WrappedFileKey& wrapped_key) {
  Slot slot;
  WriteText(slot, 0, kIntro);
  WriteValue(slot, kShareAt, share.bytes);
  WriteText(slot, kShareAt + kValueLength, kLineFeed);
  WriteValue(slot, kBodyAt, wrapped_key);
  WriteText(slot, kMacIntroAt, kMacIntro);
  WriteText(slot, kEndAt, kLineFeed);
  return slot;
}

}  // namespace

absl::StatusOr<ParsedSlot> ParseSlot(ByteSpan slot) {
  if (slot.size() != kSlotSize) {
    return Malformed(absl::StrCat("it is ", slot.size(), " bytes long and must be ", kSlotSize));
  }
  const absl::string_view text = AsText(slot);
  const bool framed =
      text.substr(0, kShareAt) == kIntro && text.substr(kShareAt + kValueLength, 1) == kLineFeed &&
      text.substr(kMacIntroAt, kMacIntro.size()) == kMacIntro && text.substr(kEndAt) == kLineFeed;
  if (!framed) return Malformed("it is not one X25519 stanza of age v1 in canonical lines");

  const std::optional<Value> share = ReadValue(text, kShareAt);
  const std::optional<Value> wrapped_key = ReadValue(text, kBodyAt);
  const std::optional<Value> mac = ReadValue(text, kMacAt);
  if (!share.has_value()) return Malformed("its share is not canonical base64");
  if (!wrapped_key.has_value()) return Malformed("its wrapped key is not canonical base64");
  if (!mac.has_value()) return Malformed("its MAC is not canonical base64");

  const ParsedSlot parsed{X25519PublicKey{*share}, *wrapped_key, *mac};
  if (const absl::Status usable = CheckX25519PublicKey(parsed.share); !usable.ok()) {
    return Malformed(absl::StrCat("its share: ", usable.message()));
  }
  return parsed;
}

Slot PrintSlot(const ParsedSlot& parsed) {
  Slot slot = PrintWithoutMac(parsed.share, parsed.wrapped_key);
  WriteValue(slot, kMacAt, parsed.mac);
  return slot;
}

Slot AuthenticateSlot(const X25519PublicKey& share, const WrappedFileKey& wrapped_key,
                      const AgeKey& mac_key) {
  Slot slot = PrintWithoutMac(share, wrapped_key);
  WriteValue(slot, kMacAt, SlotMac(slot, mac_key));
  return slot;
}

AgeMac SlotMac(ByteSpan slot, const AgeKey& mac_key) {
  return HeaderMac(mac_key, slot.first(kAuthenticated));
}

bool SlotMacMatches(ByteSpan slot, const FileKey& file_key) {
  const absl::StatusOr<ParsedSlot> parsed = ParseSlot(slot);
  return parsed.ok() && ConstantTimeEqual(parsed->mac, SlotMac(slot, HeaderMacKey(file_key)));
}

}  // namespace shield
