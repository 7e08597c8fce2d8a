#include "policy/fields.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/base64.h"
#include "base/hex.h"

namespace shield {
namespace {

constexpr uint8_t kEd25519 = 0x01;  // the algorithm byte of a C2SP verifier key
constexpr absl::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

bool IsHost(absl::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  if (absl::ConsumePrefix(&host, "[")) {
    if (!absl::ConsumeSuffix(&host, "]") || host.size() < 2) return false;
    return std::all_of(host.begin(), host.end(),
                       [](char c) { return absl::ascii_isxdigit(c) || c == ':' || c == '.'; });
  }
  return absl::ascii_isalnum(host.front()) && std::all_of(host.begin(), host.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == '-';
         });
}

}  // namespace

std::optional<uint64_t> ParseNumber(absl::string_view text) {
  if (text.empty() || text.size() > 16 || (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  uint64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  if (value > kMaxNumber) return std::nullopt;
  return value;
}

std::optional<absl::Time> ParseMoment(absl::string_view text) {
  const std::optional<uint64_t> seconds = ParseNumber(text);
  if (!seconds.has_value()) return std::nullopt;
  return absl::FromUnixSeconds(static_cast<int64_t>(*seconds));
}

std::string PrintMoment(absl::Time time) { return absl::StrCat(absl::ToUnixSeconds(time)); }

absl::Time NoEnd() { return absl::FromUnixSeconds(static_cast<int64_t>(kMaxNumber)); }

std::optional<Digest> ParseDigest(absl::string_view text) {
  const std::optional<Bytes> bytes = Base64Decode(text, Base64Form::kPadded);
  if (!bytes.has_value()) return std::nullopt;
  return Digest::FromBytes(*bytes);
}

std::string PrintDigest(const Digest& digest) {
  return Base64Encode(digest.span(), Base64Form::kPadded);
}

Digest DigestOfNothing() {
  return Digest{{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
                 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
                 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}};
}

std::optional<absl::string_view> VerifierKeyName(absl::string_view text) {
  const size_t name_end = text.find('+');
  if (name_end == absl::string_view::npos || name_end == 0) return std::nullopt;
  const size_t id_end = text.find('+', name_end + 1);
  if (id_end != name_end + 9) return std::nullopt;
  if (!HexDecode(text.substr(name_end + 1, 8)).has_value()) return std::nullopt;
  const std::optional<Bytes> key = Base64Decode(text.substr(id_end + 1), Base64Form::kPadded);
  if (!key.has_value() || key->size() != 33 || key->front() != kEd25519) return std::nullopt;
  return text.substr(0, name_end);
}

bool IsVerifierKeyText(absl::string_view text, absl::string_view name) {
  return VerifierKeyName(text) == std::optional<absl::string_view>(name);
}

bool IsAgeRecipientText(absl::string_view text) {
  return text.size() == 62 && absl::ConsumePrefix(&text, "age1") &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return kBech32.find(c) != absl::string_view::npos; });
}

bool IsHostPort(absl::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return false;
  const std::optional<uint64_t> port = ParseNumber(text.substr(colon + 1));
  return IsHost(text.substr(0, colon)) && port.has_value() && *port >= 1 && *port <= 65535;
}

}  // namespace shield
