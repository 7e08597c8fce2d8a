// Whether a page can neither run nor load anything: what a template made of an edition is read once
// more, element by element, and only what is known to be harmless passes.
//
// This stands beside the page's Content-Security-Policy, for programs that do not know one: mail
// readers, and the one that makes the PDF. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace shield::page {

inline constexpr size_t kMaxElementDepth = 64;

struct PageFault {
  std::string what;   // a sentence's end: "`<script>` is no element of a page"
  std::string piece;  // as it stands there, `<script`; where a template says it, it is found by it
};

// The first fault of `body`, what stands between <body> and </body>; nothing when there is none.
//
// Passes: elements of text, tables, figures and of inline SVG, in lower case, each closed where it
// was opened; attributes from a list, without style, events and whatever names something to load,
// values between double quotes; `href` to `#…`, `https:` or `mailto:` alone. No comment, no
// declaration, no control but LF and TAB. Words are checked as they are written: a value that
// becomes harmful once its references are read has no harmless beginning either.
std::optional<PageFault> FindPageFault(absl::string_view body);

// The first fault of a style: it loads nothing, closes no element, hides no such words, says
// nothing of the sheets of paper, and closes every comment, string and bracket, so that what
// follows it holds.
std::optional<PageFault> FindStyleFault(absl::string_view style);

}  // namespace shield::page
