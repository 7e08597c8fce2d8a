// What a CommonMark reader with every extension makes of a text: what a test of Markdown looks at.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace shield {

struct MarkdownReading {
  bool read = false;
  // What must not be: raw HTML, pictures, mathematics, struck or underlined text, tasks, wiki
  // links, and links that lead elsewhere than they say or by another scheme than https or mailto.
  std::vector<std::string> harms;
  // Headings, paragraphs, lists and tables outside quotes, one letter or number each: what an
  // author's text cannot change.
  std::string skeleton;
  // All text, entities as characters, one space between words.
  std::string text;
  // The headings, in order, as level and text.
  std::vector<std::pair<int, std::string>> headings;
};

MarkdownReading ReadAsMarkdown(absl::string_view markdown);

}  // namespace shield
