#include "client/digest/page/escape_html.h"

#include "absl/strings/str_replace.h"

namespace shield::page {

std::string EscapeHtml(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

}  // namespace shield::page
