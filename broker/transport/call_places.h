// How many calls of one kind are under way, of each member and of all together.
//
// Who is at its own limit is refused at once and told to come back, so that nobody sits on what
// others need; and some places are for seats of an authority alone, so that however many members
// conspire, a revocation finds one.
#pragma once

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "broker/transport/limits.h"

namespace shield::broker {

class CallPlaces;

// Counts until it is destroyed.
class CallPlace {
 public:
  ~CallPlace();
  CallPlace(const CallPlace&) = delete;
  CallPlace& operator=(const CallPlace&) = delete;

 private:
  friend class CallPlaces;
  CallPlace(CallPlaces& places, absl::string_view owner, bool of_authority)
      : places_(places), owner_(owner), of_authority_(of_authority) {}

  CallPlaces& places_;
  const std::string owner_;
  const bool of_authority_;
};

// Of one thread. Outlives the places it gave.
class CallPlaces {
 public:
  explicit CallPlaces(const PlaceLimits& limits) : limits_(limits) {}

  // A place for a call of `owner`. RESOURCE_EXHAUSTED, RATE_LIMITED with a delay: there is none.
  absl::StatusOr<std::unique_ptr<const CallPlace>> Take(absl::string_view owner, bool of_authority);

 private:
  friend class CallPlace;
  void Leave(const CallPlace& place);

  const PlaceLimits limits_;
  absl::flat_hash_map<std::string, int> of_owner_;
  int of_members_ = 0;  // all but the authority's
  int all_ = 0;
};

}  // namespace shield::broker
