// An edition as a page: one file of HTML that loads nothing and runs nothing.
//
//   ASSIGN_OR_RETURN(std::string html, WriteHtml(edition, PageTemplates::BuiltIn()));
//
// Its Content-Security-Policy is `default-src 'none'` and allows the inline style by its SHA-256;
// there is no script. The label stands first and last, and on every printed page. What the page
// says, and in which words, is what the other formats say (client/digest/show/compose_parts.h).
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "client/digest/edition.h"
#include "client/digest/page/page_templates.h"

namespace shield {

inline constexpr size_t kMaxPageBytes = 16 * 1024 * 1024;

// Pure: the same edition and templates give the same bytes.
// INVALID_ARGUMENT: a force's template makes what could run or load (check_page.h), named with file
// and line where a template says it, or more than kMaxPageBytes.
absl::StatusOr<std::string> WriteHtml(const Edition& edition, const PageTemplates& templates);

}  // namespace shield
