// A store with the knobs that a test turns.
#pragma once

#include "broker/store/store.h"

namespace shield::testing {

class StoreHost {
 public:
  virtual ~StoreHost() = default;
  virtual store::Store& store() = 0;
  virtual void SetDiskLow(bool low) = 0;
};

}  // namespace shield::testing
