// How often an address may connect.
//
// A handshake that ends in a refusal costs the broker as much as one that ends well, so strangers
// get `burst` of them and then `per_second`. A connection that turns out to be a member's gives its
// place back: members pay nothing, however many share an address.
#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace shield::broker {

// Thread-compatible.
class ArrivalRate {
 public:
  ArrivalRate(double per_second, double burst) : per_second_(per_second), burst_(burst) {}

  // A connection from `group` (socket.h) has come. False when it is one too many.
  bool Take(absl::string_view group, absl::Time now);
  // One that was taken was a member's.
  void GiveBack(absl::string_view group);

  size_t size() const { return buckets_.size(); }
  static constexpr size_t kMaxGroups = 65'536;

 private:
  struct Bucket {
    double left = 0;
    absl::Time at;
  };
  double LeftAt(const Bucket& bucket, absl::Time now) const;
  void MakeRoom(absl::Time now);

  const double per_second_;
  const double burst_;
  absl::flat_hash_map<std::string, Bucket> buckets_;
};

}  // namespace shield::broker
