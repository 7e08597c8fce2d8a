#include "policy/parts.h"

#include "absl/strings/str_cat.h"

namespace shield {

Decision DecideParts(Tlp whole, std::span<const Tlp> parts) {
  for (Tlp part : parts) {
    if (part >= whole && part != Tlp::kUnspecified) continue;  // ordered by restriction
    return {.allowed = false,
            .rule = Rule::kPartStricterThanWhole,
            .sentence = absl::StrCat("a part is ", TlpWithPrefix(part), ", stricter than the ",
                                     TlpWithPrefix(whole), " of the whole")};
  }
  return {.allowed = true,
          .rule = Rule::kAuthor,
          .sentence = absl::StrCat("no part is stricter than ", TlpWithPrefix(whole))};
}

}  // namespace shield
