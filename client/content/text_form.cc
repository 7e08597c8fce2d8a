#include "client/content/text_form.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"

namespace shield {
namespace {

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

// Cc of Unicode, without LF and TAB.
bool IsForbiddenControl(utf8proc_int32_t point) {
  if (point == '\n' || point == '\t') return false;
  return point < 0x20 || (point >= 0x7f && point <= 0x9f);
}

absl::Status CheckControls(absl::string_view text) {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t size = utf8proc_iterate(at, left, &point);
    if (size <= 0) return absl::InvalidArgumentError("the text is not UTF-8");
    if (IsForbiddenControl(point)) {
      return absl::InvalidArgumentError(absl::StrFormat("the text has the control character U+%04X",
                                                        static_cast<unsigned>(point)));
    }
    at += size;
    left -= size;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Compose(absl::string_view text) {
  struct Free {
    void operator()(utf8proc_uint8_t* memory) const { std::free(memory); }
  };
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(mapped);
  if (size < 0) return absl::InvalidArgumentError("the text is not UTF-8");
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<size_t>(size));
}

}  // namespace

absl::Status CheckContentText(absl::string_view text) {
  RETURN_IF_ERROR(CheckControls(text));
  if (IsAscii(text)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string composed, Compose(text));
  if (composed != text) {
    return absl::InvalidArgumentError("the text is not in Unicode normal form C");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> NormaliseText(absl::string_view text) {
  std::string lines = absl::StrReplaceAll(text, {{"\r\n", "\n"}});
  if (IsAscii(lines)) return lines;
  return Compose(lines);
}

}  // namespace shield
