// The second model, of words: policy section 5, "Audience".
#include <algorithm>

#include "tests/policy/second_model.h"

namespace shield::testing {

SecondModel::Words SecondModel::Read(const std::vector<std::string>& words) {
  Words read;
  const std::map<std::string, std::set<std::string>*> lists = {{"org", &read.orgs},
                                                               {"member", &read.members},
                                                               {"not-org", &read.not_orgs},
                                                               {"not-member", &read.not_members},
                                                               {"sector", &read.sectors},
                                                               {"region", &read.regions},
                                                               {"community", &read.communities}};
  for (const std::string& word : words) {
    const size_t colon = word.find(':');
    const std::string kind = word.substr(0, colon);
    const std::string value = colon == std::string::npos ? "" : word.substr(colon + 1);
    if (word == "public") {
      read.everyone = true;
    } else if (kind == "h") {
      read.hidden = true;
    } else if (kind == "vetting" && value.size() == 1 && value >= "0" && value <= "3") {
      read.vetting = std::max(read.vetting.value_or(0), value[0] - '0');
    } else if (lists.contains(kind)) {
      lists.at(kind)->insert(value);
    } else {
      read.nonsense = true;
    }
  }
  return read;
}

bool SecondModel::IsKnownSector(const std::string& code) {
  static const std::set<std::string> kSectors = {"cinemas-theatres",
                                                 "commercial-centres",
                                                 "critical-infrastructure",
                                                 "education",
                                                 "health",
                                                 "hotels-restaurants",
                                                 "major-events",
                                                 "night-time-economy",
                                                 "other",
                                                 "places-of-worship",
                                                 "private-security",
                                                 "public-sector",
                                                 "retail",
                                                 "stadia-arenas",
                                                 "transport",
                                                 "visitor-attractions"};
  return kSectors.contains(code);
}

// Those that the tests use; the product's list is held to NUTS by tests of its own.
bool SecondModel::IsKnownRegion(const std::string& code) {
  static const std::set<std::string> kRegions = {
      "BE",  "BE1",  "BE2",   "BE21", "BE211", "BE212", "BE3", "BE22", "BE23", "BE234", "ES",
      "ES2", "ES21", "ES213", "EL",   "EL3",   "GR",    "GB",  "UK",   "FR",   "NL"};
  return kRegions.contains(code);
}

bool SecondModel::NamesPart() const {
  return !words_.sectors.empty() || !words_.regions.empty() || words_.vetting.has_value();
}

// Content that is not RED. A whole community is selected for GREEN and CLEAR only.
bool SecondModel::HasSelector() const {
  if (terms_.bulletin_class != BulletinClass::kContent) return false;
  switch (terms_.tlp) {
    case Tlp::kAmber:
    case Tlp::kAmberStrict:
      return NamesPart();
    case Tlp::kGreen:
    case Tlp::kClear: {
      const bool names = !words_.orgs.empty() || !words_.members.empty();
      const bool says_nothing = !names && !words_.hidden && !words_.nonsense;
      return NamesPart() || words_.everyone || !words_.communities.empty() || says_nothing;
    }
    default:
      return false;
  }
}

bool SecondModel::Refers(Relation relation) const {
  return std::count(terms_.relations.begin(), terms_.relations.end(), relation) > 0;
}

bool SecondModel::Named(Member member) const { return words_.members.contains(member->id.str()); }

}  // namespace shield::testing
