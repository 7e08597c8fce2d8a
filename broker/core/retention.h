// How long a bulletin may live on this broker, by class and label: what its operator has set
// (docs/spec/wire.md, "Publish"; deploy/shieldd.toml).
//
// A bulletin lives as long as its author signed, and readers believe no other end than a signed
// one. So the table does not cut short what has been accepted: it says what is accepted.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "absl/time/time.h"
#include "policy/labels.h"
#include "policy/vocabulary.h"

namespace shield::broker {

// Value; immutable once the broker runs.
class RetentionTable {
 public:
  void Set(BulletinClass bulletin_class, Tlp tlp, absl::Duration longest) {
    longest_.insert_or_assign({bulletin_class, tlp}, longest);
  }
  // From `issued` to `expires`; nothing when there is no limit.
  std::optional<absl::Duration> Longest(BulletinClass bulletin_class, Tlp tlp) const {
    const auto found = longest_.find({bulletin_class, tlp});
    if (found == longest_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::map<std::pair<BulletinClass, Tlp>, absl::Duration> longest_;
};

}  // namespace shield::broker
