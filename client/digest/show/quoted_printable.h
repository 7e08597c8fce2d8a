// How mail carries text that is not ASCII: RFC 2045 section 6.7, RFC 2047.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace shield::show {

// Lines of at most 76 octets, ended by CR LF; LF of `text` is a line end. Pure.
std::string QuotedPrintable(absl::string_view text);

// A header's value in encoded words of at most 64 octets, on lines of their own after the first,
// each of whole characters. `text` is UTF-8 on one line. Pure.
std::string EncodedWords(absl::string_view text);

}  // namespace shield::show
