#include "client/digest/show/character_entity.h"

#include <utf8proc.h>

#include <array>
#include <cstdint>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace shield::show {
namespace {

constexpr std::array<std::pair<absl::string_view, absl::string_view>, 7> kNamed = {{
    {"amp", "&"},
    {"apos", "'"},
    {"euro", "\xE2\x82\xAC"},
    {"gt", ">"},
    {"lt", "<"},
    {"nbsp", "\xC2\xA0"},
    {"quot", "\""},
}};

std::string Numbered(absl::string_view number) {
  uint32_t point = 0;
  const bool read = absl::ConsumePrefix(&number, "x") || absl::ConsumePrefix(&number, "X")
                        ? absl::SimpleHexAtoi(number, &point)
                        : absl::SimpleAtoi(number, &point);
  const auto character = static_cast<utf8proc_int32_t>(read ? point : 0);
  if (character <= 0 || utf8proc_codepoint_valid(character) == 0) {
    return std::string(kReplacementCharacter);
  }
  std::array<utf8proc_uint8_t, 4> bytes{};
  const utf8proc_ssize_t size = utf8proc_encode_char(character, bytes.data());
  return std::string(reinterpret_cast<const char*>(bytes.data()), static_cast<size_t>(size));
}

}  // namespace

std::string CharacterOf(absl::string_view entity) {
  absl::string_view name = entity;
  if (!absl::ConsumePrefix(&name, "&") || !absl::ConsumeSuffix(&name, ";")) {
    return std::string(entity);
  }
  if (absl::ConsumePrefix(&name, "#")) return Numbered(name);
  for (const auto& named : kNamed) {
    if (named.first == name) return std::string(named.second);
  }
  return std::string(entity);
}

}  // namespace shield::show
