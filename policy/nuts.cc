#include "policy/nuts.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace shield {
namespace {

constexpr size_t kLevel2Length = 4;

// clang-format off
constexpr std::array<NutsLevel2, 244> kLevel2 = {{
    {"AT11", "123"}, {"AT12", "1234567"}, {"AT13", "0"}, {"AT21", "123"}, {"AT22", "123456"},
    {"AT31", "12345"}, {"AT32", "123"}, {"AT33", "12345"}, {"AT34", "12"}, {"BE10", "0"},
    {"BE21", "123"}, {"BE22", "345"}, {"BE23", "123456"}, {"BE24", "12"}, {"BE25", "12345678"},
    {"BE31", "0"}, {"BE32", "389ABCD"}, {"BE33", "12456"}, {"BE34", "12345"}, {"BE35", "123"},
    {"BG31", "12345"}, {"BG32", "12345"}, {"BG33", "1234"}, {"BG34", "1234"}, {"BG41", "12345"},
    {"BG42", "12345"}, {"CY00", "0"}, {"CZ01", "0"}, {"CZ02", "0"}, {"CZ03", "12"}, {"CZ04", "12"},
    {"CZ05", "123"}, {"CZ06", "34"}, {"CZ07", "12"}, {"CZ08", "0"}, {"DE11", "123456789ABCD"},
    {"DE12", "123456789ABC"}, {"DE13", "123456789A"}, {"DE14", "123456789"},
    {"DE21", "123456789ABCDEFGHIJKLMN"}, {"DE22", "123456789ABC"}, {"DE23", "123456789A"},
    {"DE24", "123456789ABCD"}, {"DE25", "123456789ABC"}, {"DE26", "123456789ABC"},
    {"DE27", "123456789ABCDE"}, {"DE30", "0"}, {"DE40", "123456789ABCDEFGHI"}, {"DE50", "12"},
    {"DE60", "0"}, {"DE71", "123456789ABCDE"}, {"DE72", "12345"}, {"DE73", "1234567"},
    {"DE80", "34JKLMNO"}, {"DE91", "1234678ABC"}, {"DE92", "2356789"}, {"DE93", "123456789AB"},
    {"DE94", "123456789ABCDEFGH"}, {"DEA1", "123456789ABCDEF"}, {"DEA2", "2346789ABCD"},
    {"DEA3", "12345678"}, {"DEA4", "1234567"}, {"DEA5", "123456789ABC"}, {"DEB1", "1234578ABCD"},
    {"DEB2", "12345"}, {"DEB3", "123456789ABCDEFGHIJK"}, {"DEC0", "123456"}, {"DED2", "1CDEF"},
    {"DED4", "12345"}, {"DED5", "123"}, {"DEE0", "123456789ABCDE"}, {"DEF0", "123456789ABCDEF"},
    {"DEG0", "1235679ACDEGJKLMQRSTUV"}, {"DK01", "1234"}, {"DK02", "12"}, {"DK03", "12"},
    {"DK04", "12"}, {"DK05", "0"}, {"EE00", "1489A"}, {"EL30", "1234567"}, {"EL41", "123"},
    {"EL42", "12"}, {"EL43", "1234"}, {"EL51", "12345"}, {"EL52", "1234567"}, {"EL53", "123"},
    {"EL54", "123"}, {"EL61", "123"}, {"EL62", "1234"}, {"EL63", "123"}, {"EL64", "12345"},
    {"EL65", "123"}, {"ES11", "1234"}, {"ES12", "0"}, {"ES13", "0"}, {"ES21", "123"},
    {"ES22", "0"}, {"ES23", "0"}, {"ES24", "123"}, {"ES30", "0"}, {"ES41", "123456789"},
    {"ES42", "12345"}, {"ES43", "12"}, {"ES51", "1234"}, {"ES52", "123"}, {"ES53", "123"},
    {"ES61", "12345678"}, {"ES62", "0"}, {"ES63", "0"}, {"ES64", "0"}, {"ES70", "3456789"},
    {"FI19", "689AB"}, {"FI1B", "1"}, {"FI1C", "12567"}, {"FI1D", "5789ABC"}, {"FI20", "0"},
    {"FR10", "12345678"}, {"FRB0", "123456"}, {"FRC1", "1234"}, {"FRC2", "1234"}, {"FRD1", "123"},
    {"FRD2", "12"}, {"FRE1", "12"}, {"FRE2", "123"}, {"FRF1", "12"}, {"FRF2", "1234"},
    {"FRF3", "1234"}, {"FRG0", "12345"}, {"FRH0", "1234"}, {"FRI1", "12345"}, {"FRI2", "123"},
    {"FRI3", "1234"}, {"FRJ1", "12345"}, {"FRJ2", "12345678"}, {"FRK1", "1234"},
    {"FRK2", "12345678"}, {"FRL0", "123456"}, {"FRM0", "12"}, {"FRY1", "0"}, {"FRY2", "0"},
    {"FRY3", "0"}, {"FRY4", "0"}, {"FRY5", "0"}, {"HR02", "12345678"}, {"HR03", "1234567"},
    {"HR05", "0"}, {"HR06", "12345"}, {"HU11", "0"}, {"HU12", "0"}, {"HU21", "123"},
    {"HU22", "123"}, {"HU23", "123"}, {"HU31", "123"}, {"HU32", "123"}, {"HU33", "123"},
    {"IE04", "12"}, {"IE05", "123"}, {"IE06", "123"}, {"ITC1", "12345678"}, {"ITC2", "0"},
    {"ITC3", "1234"}, {"ITC4", "12346789ABCD"}, {"ITF1", "1234"}, {"ITF2", "12"},
    {"ITF3", "12345"}, {"ITF4", "345678"}, {"ITF5", "12"}, {"ITF6", "12345"},
    {"ITG1", "123456789"}, {"ITG2", "DEFGH"}, {"ITH1", "0"}, {"ITH2", "0"}, {"ITH3", "1234567"},
    {"ITH4", "1234"}, {"ITH5", "123456789"}, {"ITI1", "123456789A"}, {"ITI2", "12"},
    {"ITI3", "12345"}, {"ITI4", "12345"}, {"LT01", "1"}, {"LT02", "123456789"}, {"LU00", "0"},
    {"LV00", "59ABC"}, {"MT00", "12"}, {"NL11", "245"}, {"NL12", "678"}, {"NL13", "123"},
    {"NL21", "123"}, {"NL22", "1456"}, {"NL23", "0"}, {"NL32", "13578AB"}, {"NL34", "12"},
    {"NL35", "0"}, {"NL36", "123456"}, {"NL41", "1456"}, {"NL42", "123"}, {"PL21", "34789A"},
    {"PL22", "45789ABC"}, {"PL41", "145678"}, {"PL42", "4678"}, {"PL43", "12"}, {"PL51", "45678"},
    {"PL52", "34"}, {"PL61", "36789"}, {"PL62", "123"}, {"PL63", "34678"}, {"PL71", "12345"},
    {"PL72", "12"}, {"PL81", "1245"}, {"PL82", "1234"}, {"PL84", "123"}, {"PL91", "123"},
    {"PL92", "123456"}, {"PT11", "129ABCDE"}, {"PT15", "0"}, {"PT19", "123456"}, {"PT1A", "0"},
    {"PT1B", "0"}, {"PT1C", "1234"}, {"PT1D", "123"}, {"PT20", "0"}, {"PT30", "0"},
    {"RO11", "123456"}, {"RO12", "123456"}, {"RO21", "123456"}, {"RO22", "123456"},
    {"RO31", "1234567"}, {"RO32", "12"}, {"RO41", "12345"}, {"RO42", "1234"}, {"SE11", "0"},
    {"SE12", "12345"}, {"SE21", "1234"}, {"SE22", "14"}, {"SE23", "12"}, {"SE31", "123"},
    {"SE32", "12"}, {"SE33", "12"}, {"SI03", "12345678"}, {"SI04", "1234"}, {"SK01", "0"},
    {"SK02", "123"}, {"SK03", "12"}, {"SK04", "12"},
}};
// clang-format on

// The first region of level 2 whose code is not before `code`.
const NutsLevel2* FirstFrom(absl::string_view code) {
  return std::lower_bound(
      kLevel2.begin(), kLevel2.end(), code,
      [](const NutsLevel2& region, absl::string_view wanted) { return region.code < wanted; });
}

// Whether a region of level 2 has this code or lies in the wider one that has it.
bool IsLevel2OrWider(absl::string_view code) {
  const NutsLevel2* region = FirstFrom(code);
  return region != kLevel2.end() && absl::StartsWith(region->code, code);
}

}  // namespace

std::span<const NutsLevel2> AllNutsLevel2() { return kLevel2; }

bool HasNutsRegions(absl::string_view country) {
  return country.size() == 2 && IsLevel2OrWider(country);
}

bool IsNutsRegion(absl::string_view code) {
  if (code.size() < 3 || code.size() > kLevel2Length + 1) return false;
  if (code.size() <= kLevel2Length) return IsLevel2OrWider(code);
  const NutsLevel2* region = FirstFrom(code.substr(0, kLevel2Length));
  return region != kLevel2.end() && region->code == code.substr(0, kLevel2Length) &&
         absl::StrContains(region->level3, code.substr(kLevel2Length));
}

}  // namespace shield
