#include "policy/combine.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace shield {
namespace {

std::vector<MemberId> SortedIds(const std::vector<Chosen>& recipients) {
  std::vector<MemberId> ids;
  ids.reserve(recipients.size());
  for (const Chosen& chosen : recipients) ids.push_back(chosen.member);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

Tlp MostRestrictive(std::span<const Tlp> labels) {
  if (labels.empty()) return Tlp::kUnspecified;
  return *std::min_element(labels.begin(), labels.end());  // ordered by restriction
}

std::vector<MemberId> CommonRecipients(std::span<const std::vector<Chosen>> audiences) {
  if (audiences.empty()) return {};
  std::vector<MemberId> common = SortedIds(audiences[0]);
  for (const std::vector<Chosen>& audience : audiences.subspan(1)) {
    const std::vector<MemberId> more = SortedIds(audience);
    std::vector<MemberId> both;
    std::set_intersection(common.begin(), common.end(), more.begin(), more.end(),
                          std::back_inserter(both));
    common = std::move(both);
  }
  return common;
}

}  // namespace shield
