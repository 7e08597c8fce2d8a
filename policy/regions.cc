#include "policy/regions.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "policy/nuts.h"

namespace shield {
namespace {

// ISO 3166-1 alpha-2, sorted, each followed by a space.
constexpr absl::string_view kCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO "
    "BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ "
    "DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP "
    "GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG "
    "KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML "
    "MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE "
    "PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL "
    "SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM "
    "US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW ";

// Countries that have statistical regions coded like NUTS without being in it: EFTA, candidates,
// the United Kingdom. Of these only the regions of level 1 are known; one or two characters more
// are taken as they come.
struct OtherRegions {
  absl::string_view country;
  absl::string_view level1;  // the third character
};
constexpr std::array<OtherRegions, 11> kOthers = {{
    {"AL", "0"},
    {"CH", "0"},
    {"IS", "0"},
    {"LI", "0"},
    {"ME", "0"},
    {"MK", "0"},
    {"NO", "0"},
    {"RS", "12"},
    {"TR", "123456789ABC"},
    {"UK", "CDEFGHIJKLMN"},
    {"XK", "0"},
}};

bool IsCountry(absl::string_view code) {
  for (size_t i = 0; i + 2 < kCountries.size(); i += 3) {
    if (kCountries.substr(i, 2) == code) return true;
  }
  return false;
}

const OtherRegions* FindOther(absl::string_view country) {
  for (const OtherRegions& other : kOthers) {
    if (other.country == country) return &other;
  }
  return nullptr;
}

bool IsDigitOrCapital(char c) { return absl::ascii_isdigit(c) || absl::ascii_isupper(c); }

}  // namespace

bool IsRegion(absl::string_view code) {
  if (code.size() < 2 || code.size() > 5) return false;
  const absl::string_view country = code.substr(0, 2);
  const OtherRegions* other = FindOther(country);
  if (code.size() == 2) return HasNutsRegions(code) || other != nullptr || IsCountry(code);
  if (other == nullptr) return IsNutsRegion(code);
  return absl::StrContains(other->level1, code.substr(2, 1)) &&
         std::all_of(code.begin() + 3, code.end(), IsDigitOrCapital);
}

std::string CanonicalRegion(absl::string_view code) {
  if (code == "GR") return "EL";
  if (code == "GB") return "UK";
  return std::string(code);
}

bool RegionsOverlap(absl::string_view a, absl::string_view b) {
  const std::string first = CanonicalRegion(a);
  const std::string second = CanonicalRegion(b);
  return absl::StartsWith(first, second) || absl::StartsWith(second, first);
}

}  // namespace shield
