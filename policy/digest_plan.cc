#include "policy/digest_plan.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "policy/decide.h"

namespace shield {

DigestPlan PlanDigest(const Directory& directory, std::span<const Terms> items,
                      const MemberId& member, absl::Time now) {
  DigestPlan plan;
  for (size_t i = 0; i < items.size(); ++i) {
    const Decision decision = Decide(directory, items[i], Reader::Holder(member), now);
    if (!decision.allowed) {
      plan.left_out.push_back({i, decision.rule});
    } else if (items[i].tlp == Tlp::kRed) {
      plan.pointers.push_back(i);
    } else {
      plan.items.push_back(i);
      plan.label =
          plan.items.size() == 1 ? items[i].tlp : MostRestrictive(plan.label, items[i].tlp);
    }
  }
  if (plan.label == Tlp::kAmber || plan.label == Tlp::kAmberStrict) {
    plan.only_for = directory.FindMember(member)->org;
  }
  return plan;
}

Decision DecideDigestDelivery(const Directory& directory, std::span<const Terms> items,
                              const DigestPlan& plan, const MemberId& member, absl::Time now) {
  const auto stale = [&](size_t item) {
    return item >= items.size() ||
           !Decide(directory, items[item], Reader::Holder(member), now).allowed;
  };
  if (std::any_of(plan.items.begin(), plan.items.end(), stale) ||
      std::any_of(plan.pointers.begin(), plan.pointers.end(), stale)) {
    return {.allowed = false,
            .rule = Rule::kDigestStale,
            .sentence = "a bulletin in the digest has changed since the digest was built"};
  }
  return {.allowed = true,
          .rule = Rule::kRecipientOrg,
          .sentence = absl::StrCat("`", member.text(), "` may have all that is in the digest")};
}

}  // namespace shield
