// Every text that one changed, added or removed byte makes of another.
#pragma once

#include <functional>
#include <string>

#include "absl/strings/string_view.h"

namespace shield::testing {

// Calls `see` with each. Replacements and insertions run over a selection of bytes that matter to
// our texts: letters, digits, separators, control bytes, bytes above ASCII.
inline void ForEachMutation(const std::string& text,
                            const std::function<void(const std::string&)>& see) {
  constexpr absl::string_view kBytes("0129afzAGZ=+/:,.- \t\r\n\0\x7f\x80\xff", 25);
  for (size_t i = 0; i <= text.size(); ++i) {
    for (char byte : kBytes) {
      std::string inserted = text;
      inserted.insert(i, 1, byte);
      see(inserted);
      if (i == text.size() || text[i] == byte) continue;
      std::string replaced = text;
      replaced[i] = byte;
      see(replaced);
    }
    if (i < text.size()) see(text.substr(0, i) + text.substr(i + 1));
  }
}

}  // namespace shield::testing
