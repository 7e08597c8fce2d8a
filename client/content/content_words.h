// The names and closed vocabularies of a content document's members (docs/spec/content.md).
#pragma once

#include <nlohmann/json.hpp>
#include <span>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace shield {

// Every member an author may give, sorted; schema, tlp and attachments are not the author's.
std::span<const absl::string_view> AuthorMembers();
bool IsAuthorMember(absl::string_view name);

// INVALID_ARGUMENT (rule UNKNOWN_CODE) for a member whose value is not on its list.
absl::Status CheckContentWords(const nlohmann::ordered_json& document);

}  // namespace shield
