// The body of a bulletin, or a foreword, as blocks of a document (docs/spec/briefing.md section 3).
//
//   Body body = ReadBody("# Wat\n\nZie [hier](https://a.example)", Language::kDutch);
//   // heading "Wat", paragraph "Zie hier (https://a.example)"
//
// CommonMark without its dangers: raw HTML is text, a link is its text and its address, a picture
// what it is called and its address, a reference definition nothing. Headings are at least of level
// kFirstBodyHeading. Lists and quotes are at most kMaxBodyDepth deep; what stands deeper stands
// there. Numeric entities and those of XML, `nbsp` and `euro` are characters, others stay as
// written.
//
// Pure. Total: any bytes are some body. Time and memory are linear in what is read: a text of which
// references, pictures or rows make a manifold ends there, shortened.
#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"
#include "client/digest/language.h"
#include "client/digest/show/document.h"

namespace shield::show {

inline constexpr size_t kMaxBodyBytes = 16 * 1024;   // read at all
inline constexpr size_t kMaxBodyCharacters = 2'000;  // shown
inline constexpr int kMaxBodyDepth = 4;
inline constexpr int kFirstBodyHeading = 4;

struct Body {
  Blocks blocks = {};
  bool shortened = false;  // there is more than is shown
};

Body ReadBody(absl::string_view text, Language language);

// A document of its own, as an edition is sealed: with tables, headings as they are, and as a
// whole.
inline constexpr size_t kMaxDocumentBytes = 256 * 1024;  // read at all; no body is longer
inline constexpr int kMaxDocumentDepth = 8;
// What stands in further cells of a row stands in its last.
inline constexpr size_t kMaxTableColumns = 5;
Body ReadDocument(absl::string_view text);

}  // namespace shield::show
