// DeedsOf: what to do, by role.
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "client/digest/edition_sections.h"

namespace shield {
namespace {

// In the order of docs/spec/content.md.
// Adds the number of a bulletin once.
void Note(int number, std::vector<int>& items) {
  if (items.empty() || items.back() != number) items.push_back(number);
}

void Add(const BriefedAction& action, int number, std::vector<Deed>& deeds) {
  const absl::string_view text = absl::StripAsciiWhitespace(action.text);
  const auto same = std::find_if(deeds.begin(), deeds.end(), [text](const Deed& deed) {
    return absl::StripAsciiWhitespace(deed.text) == text;
  });
  if (same == deeds.end()) {
    deeds.push_back({action.text, {number}});
  } else {
    Note(number, same->items);
  }
}

void AddAll(const Numbered& bulletins, absl::string_view role, std::vector<Deed>& deeds) {
  for (const NumberedBulletin& of : bulletins) {
    if (!IsActual(*of.bulletin)) continue;
    for (const BriefedAction& action : of.bulletin->content.actions) {
      if (action.who == role) Add(action, of.number, deeds);
    }
  }
}

}  // namespace

std::vector<DeedsOfRole> DeedsOf(const EditionChoice& choice, const EditionOrder& order) {
  const size_t most = order.Most(kMaxDeedsByRole);
  std::vector<DeedsOfRole> roles;
  for (absl::string_view role : kActionRoles) {
    DeedsOfRole of_role{.who = std::string(role), .deeds = {}};
    AddAll(choice.full, role, of_role.deeds);
    AddAll(choice.also, role, of_role.deeds);
    if (of_role.deeds.empty()) continue;
    if (of_role.deeds.size() > most) {
      of_role.left_out = of_role.deeds.size() - most;
      of_role.deeds.resize(most);
    }
    roles.push_back(std::move(of_role));
  }
  return roles;
}

}  // namespace shield
