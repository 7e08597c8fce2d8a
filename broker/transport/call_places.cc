#include "broker/transport/call_places.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield::broker {
namespace {

// Short: places come free within milliseconds unless somebody is greedy.
constexpr absl::Duration kComeBack = absl::Milliseconds(250);

absl::Status NoPlace(absl::string_view sentence) {
  return WithRetryDelay(WithHint(WithRule(absl::ResourceExhaustedError(sentence), "RATE_LIMITED"),
                                 "wait and try again"),
                        kComeBack);
}

}  // namespace

CallPlace::~CallPlace() { places_.Leave(*this); }

absl::StatusOr<std::unique_ptr<const CallPlace>> CallPlaces::Take(absl::string_view owner,
                                                                  bool of_authority) {
  const bool full =
      all_ >= limits_.all || (!of_authority && of_members_ >= limits_.all - limits_.authority);
  if (full) return NoPlace("the broker has as many such calls as it serves at once");
  int& own = of_owner_[owner];
  if (own >= limits_.each) {
    return NoPlace(absl::StrCat("this member has ", own, " such calls under way already"));
  }
  ++own;
  ++all_;
  if (!of_authority) ++of_members_;
  return std::unique_ptr<const CallPlace>(new CallPlace(*this, owner, of_authority));
}

void CallPlaces::Leave(const CallPlace& place) {
  --all_;
  if (!place.of_authority_) --of_members_;
  const auto own = of_owner_.find(place.owner_);
  if (--own->second == 0) of_owner_.erase(own);
}

}  // namespace shield::broker
