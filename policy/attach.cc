#include "policy/attach.h"

#include "policy/decide.h"

namespace shield {

Decision DecideAttach(const Directory& directory, const Terms& original, const MemberId& actor,
                      absl::Time now) {
  Decision reading = DecideRefer(directory, original, actor, now);
  if (!reading.allowed) return reading;
  const bool source = reading.rule == Rule::kAuthor || reading.rule == Rule::kSourceOrg;
  if (source || original.tlp == Tlp::kClear) return reading;
  return {.allowed = false,
          .rule = Rule::kNotSource,
          .sentence = "only its source may put a bulletin into another; refer to it by its id"};
}

Decision DecideRefer(const Directory& directory, const Terms& original, const MemberId& actor,
                     absl::Time now) {
  return Decide(directory, original, Reader::Holder(actor), now);
}

}  // namespace shield
