// The front matter of a draft: TOML between two lines of three plus signs, and the lines its
// members stand on.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield {

struct FrontMatter {
  nlohmann::ordered_json members;    // an object; dates and times as RFC 3339 texts
  std::map<std::string, int> lines;  // of each member, in the draft, from 1
  std::string body;                  // what follows, leading and trailing blank lines gone
  int body_line = 0;
};

// Where and why a draft could not be taken apart.
struct FrontMatterFault {
  int line = 0;
  std::string sentence;
  std::string hint;
};

// False, with `fault` filled, when the delimiters are missing or the TOML is not valid.
bool SplitDraft(absl::string_view text, FrontMatter& front_matter, FrontMatterFault& fault);

}  // namespace shield
