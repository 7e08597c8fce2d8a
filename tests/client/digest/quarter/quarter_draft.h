// One subject told as a draft: front matter and body. Pure.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/client/digest/quarter/quarter_plan.h"
#include "tests/client/digest/quarter/quarter_texts.h"
#include "tests/support/seeded_random.h"

namespace shield::testing {

// Choices that a seed decides.
class Chooser {
 public:
  explicit Chooser(uint64_t seed) : random_(seed) {}

  // 0 up to `count`, exclusive, which is at least 1.
  size_t Below(size_t count) {
    uint32_t bits = 0;
    random_.Fill({reinterpret_cast<uint8_t*>(&bits), sizeof bits});
    return bits % count;
  }
  bool Chance(size_t percent) { return Below(100) < percent; }
  template <typename List>
  const auto& OneOf(const List& list) {
    return list[Below(list.size())];
  }

 private:
  SeededRandom random_;
};

// What a draft says beside its subject.
struct DraftTerms {
  absl::Time at;
  std::string tlp;
  std::string to;  // a TOML list; empty: what the label means
  std::string status;
  std::optional<absl::Time> not_before = {};
  bool asks_acknowledgement = false;
  int version = 1;
};

// The language is chosen among those that the subject is told in; some carry a translation.
std::string DraftText(const Subject& subject, const DraftTerms& terms, Chooser& chooser);
// A bulletin around the text or patterns of another.
std::string DraftOfSample(const QuarterSample& sample, const DraftTerms& terms);

}  // namespace shield::testing
