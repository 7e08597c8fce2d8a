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
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/digest/edition.h"
#include "client/digest/page/page_templates.h"

namespace shield {

inline constexpr size_t kMaxPageBytes = 16 * 1024 * 1024;

// Pure: the same edition and templates give the same bytes.
// INVALID_ARGUMENT: a force's template makes what could run or load (check_page.h), named with file
// and line where a template says it, or more than kMaxPageBytes.
absl::StatusOr<std::string> WriteHtml(const Edition& edition, const PageTemplates& templates);

// An edition as a reader has it, the Markdown of its bulletin, as a page of the same frame and
// built-in style: no map and no drawing, since only the text was sent. Of `head` label, tier, week,
// language and revision are taken. Each of `notices` stands before the text, marked. Whatever text
// is given, nothing of it runs, loads or leads away. Pure.
// RESOURCE_EXHAUSTED: the page would have more than kMaxPageBytes.
absl::StatusOr<std::string> WriteReceivedHtml(const Edition& head, absl::string_view markdown,
                                              const std::vector<std::string>& notices);

}  // namespace shield
