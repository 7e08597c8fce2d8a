// Addresses that nobody's program follows: `hxxps[:]//evil[.]example`, `a[@]b[.]example`.
//
// Pure; idempotent: what is defanged stays as it is. `text` is cleaned.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace shield {

// An indicator: every full stop, colon and @ of it in brackets, `http` as `hxxp`, `ftp` as `fxp`.
// Of a STIX pattern only what stands between quotes; the names of its objects stay readable:
//
//   [domain-name:value = 'evil.example']  ->  [domain-name:value = 'evil[.]example']
std::string DefangIndicator(absl::string_view text);

// Prose: the words that are addresses, with a scheme, an @ or a name of a host in them.
std::string DefangProse(absl::string_view text);

}  // namespace shield
