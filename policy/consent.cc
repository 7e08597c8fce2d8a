#include "policy/consent.h"

namespace shield {

Decision DecideQuotation(Consent consent, Quotation quotation) {
  const Consent needed = quotation == Quotation::kNamed ? Consent::kNamed : Consent::kAnonymous;
  if (consent >= needed) {
    return {.allowed = true,
            .rule = Rule::kSourcePermission,
            .sentence = "the reporter has agreed to be quoted like this"};
  }
  return {.allowed = false,
          .rule = Rule::kSourceConsentMissing,
          .sentence = needed == Consent::kNamed
                          ? "the reporter has not agreed to be named"
                          : "the reporter has not agreed to be quoted, not even anonymously"};
}

}  // namespace shield
