// The questions to policy that are measured, of which a pass asks many or one.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "policy/decide.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield::testing {

// kDecisions decisions about a bulletin to one sector, for readers evenly spread over the
// network. Immutable.
class DecisionPass {
 public:
  static constexpr size_t kDecisions = 1'000;

  explicit DecisionPass(size_t members);
  // INTERNAL unless some are allowed and some are not.
  absl::Status Run() const;

 private:
  const std::shared_ptr<const Directory> directory_;
  const Terms terms_;
  std::vector<Reader> readers_;
};

// The recipients of one bulletin to the whole community. Immutable.
class AudiencePass {
 public:
  explicit AudiencePass(size_t members);
  // INTERNAL unless it is everybody.
  absl::Status Run() const;

 private:
  const std::shared_ptr<const Directory> directory_;
  const Terms terms_;
};

}  // namespace shield::testing
