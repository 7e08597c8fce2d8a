#include "client/digest/page/check_page.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace shield::page {
namespace {

constexpr std::array<absl::string_view, 50> kElements = {
    "a",      "abbr", "article", "aside", "b",    "blockquote", "br",  "caption", "cite",
    "code",   "col",  "dd",      "dfn",   "div",  "dl",         "dt",  "em",      "figure",
    "footer", "h1",   "h2",      "h3",    "h4",   "h5",         "h6",  "header",  "hr",
    "i",      "kbd",  "li",      "main",  "mark", "nav",        "ol",  "p",       "pre",
    "q",      "s",    "section", "small", "span", "strong",     "sub", "sup",     "table",
    "tbody",  "td",   "th",      "thead", "tr"};
constexpr std::array<absl::string_view, 6> kMoreElements = {"colgroup", "figcaption", "tfoot",
                                                            "time",     "ul",         "wbr"};
constexpr std::array<absl::string_view, 12> kSvgElements = {"svg",  "g",      "title",   "desc",
                                                            "rect", "circle", "ellipse", "line",
                                                            "path", "text",   "tspan",   "polygon"};
constexpr std::array<absl::string_view, 4> kVoidElements = {"br", "col", "hr", "wbr"};
constexpr std::array<absl::string_view, 16> kAttributes = {
    "class", "colspan", "datetime", "dir",   "headers",  "href",  "id",    "lang",
    "role",  "rowspan", "scope",    "start", "tabindex", "title", "value", "reversed"};
constexpr std::array<absl::string_view, 29> kSvgAttributes = {
    "class",     "id",          "lang",      "role",        "viewBox",      "width",
    "height",    "x",           "y",         "x1",          "x2",           "y1",
    "y2",        "cx",          "cy",        "r",           "rx",           "ry",
    "d",         "points",      "fill",      "stroke",      "stroke-width", "stroke-dasharray",
    "transform", "text-anchor", "font-size", "font-family", "font-weight"};
constexpr std::array<absl::string_view, 13> kStyleFaults = {
    "<",    "\\",         "@import", "@font-face", "@namespace",  "@charset", "@page",
    "url(", "image-set(", "src(",    "image(",     "expression(", "behavior"};

bool IsIn(absl::Span<const absl::string_view> list, absl::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool IsElement(absl::string_view name) {
  return IsIn(kElements, name) || IsIn(kMoreElements, name);
}

bool IsNameCharacter(char c) { return absl::ascii_isalnum(c) || c == '-'; }

class Reader {
 public:
  explicit Reader(absl::string_view body) : rest_(body) {}

  std::optional<PageFault> Read() {
    while (!fault_.has_value() && !rest_.empty()) {
      const absl::string_view text = rest_.substr(0, rest_.find('<'));
      if (HasControl(text)) Fail("a control character", "");
      rest_.remove_prefix(text.size());
      if (!fault_.has_value() && !rest_.empty()) ReadTag();
    }
    if (!fault_.has_value() && !open_.empty()) {
      Fail(absl::StrCat("`<", open_.back(), ">` is not closed"), absl::StrCat("<", open_.back()));
    }
    return fault_;
  }

 private:
  static bool HasControl(absl::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
      return absl::ascii_iscntrl(static_cast<unsigned char>(c)) && c != '\n' && c != '\t';
    });
  }

  void Fail(std::string what, std::string piece) {
    if (!fault_.has_value()) fault_ = PageFault{std::move(what), std::move(piece)};
  }

  bool Take(absl::string_view token) {
    if (!absl::StartsWith(rest_, token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  absl::string_view TakeName() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), IsNameCharacter);
    const absl::string_view name = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    rest_.remove_prefix(name.size());
    return name;
  }

  bool in_svg() const { return std::find(open_.begin(), open_.end(), "svg") != open_.end(); }

  void ReadTag() {
    rest_.remove_prefix(1);
    const bool closes = Take("/");
    const absl::string_view name = TakeName();
    if (name.empty()) {
      Fail("`<` begins no element", absl::StrCat("<", rest_.substr(0, 8)));
    } else if (closes) {
      Close(name);
    } else {
      Open(name);
    }
  }

  void Close(absl::string_view name) {
    if (!Take(">") || open_.empty() || open_.back() != name) {
      return Fail(absl::StrCat("`</", name, ">` closes no element that is open there"),
                  absl::StrCat("</", name));
    }
    open_.pop_back();
  }

  void Open(absl::string_view name) {
    const bool drawing = in_svg();
    const bool known =
        drawing ? IsIn(kSvgElements, name) && name != "svg" : IsElement(name) || name == "svg";
    if (!known) {
      return Fail(absl::StrCat("`<", name, ">` is no element of a page"), absl::StrCat("<", name));
    }
    while (!fault_.has_value() && ReadAttribute(name, drawing || name == "svg")) {
    }
    if (fault_.has_value()) return;
    const bool empty = drawing && Take("/");
    if (!Take(">")) return Fail(absl::StrCat("`<", name, "` has no end"), absl::StrCat("<", name));
    if (empty || IsIn(kVoidElements, name)) return;
    open_.push_back(name);
    if (open_.size() > kMaxElementDepth) Fail("elements stand too deep in one another", "");
  }

  // Whether there was one.
  bool ReadAttribute(absl::string_view element, bool drawing) {
    const absl::string_view before = rest_;
    while (Take(" ") || Take("\n") || Take("\t")) {
    }
    const absl::string_view name = TakeName();
    if (name.empty()) return false;
    if (rest_.size() + name.size() == before.size()) {
      Fail(absl::StrCat("`", name, "` follows a value without a space"), std::string(name));
    }
    if (!Take("=\"") || rest_.find('"') == absl::string_view::npos) {
      Fail(absl::StrCat("`", name, "` has no value between double quotes"), std::string(name));
      return false;
    }
    const absl::string_view value = rest_.substr(0, rest_.find('"'));
    rest_.remove_prefix(value.size() + 1);
    CheckAttribute(element, name, value, drawing);
    return true;
  }

  void CheckAttribute(absl::string_view element, absl::string_view name, absl::string_view value,
                      bool drawing) {
    const bool known = absl::StartsWith(name, "aria-") ||
                       (drawing ? IsIn(kSvgAttributes, name) : IsIn(kAttributes, name));
    if (!known) {
      Fail(absl::StrCat("`", name, "` is no attribute of `<", element, ">` of a page"),
           absl::StrCat(name, "="));
    } else if (HasControl(value) || absl::StrContains(value, "<")) {
      Fail(absl::StrCat("the value of `", name, "` has a `<` or a control character"),
           absl::StrCat(name, "="));
    } else if (drawing && absl::StrContains(value, "(") && name != "transform") {
      Fail(absl::StrCat("the value of `", name, "` refers to something"), absl::StrCat(name, "="));
    } else if (name == "href" && !MayLinkTo(value)) {
      Fail("`href` leads elsewhere than to `#…`, `https:` or `mailto:`", "href=");
    }
  }

  static bool MayLinkTo(absl::string_view address) {
    return absl::StartsWith(address, "#") || absl::StartsWith(address, "https://") ||
           absl::StartsWith(address, "mailto:");
  }

  absl::string_view rest_;
  std::vector<absl::string_view> open_;
  std::optional<PageFault> fault_;
};

// What opens and closes in a style: comments, strings and brackets. It has no escapes.
class StyleReader {
 public:
  explicit StyleReader(absl::string_view style) : rest_(style) {}

  // Whether each closes where it may, and nothing is left open.
  bool Closes() {
    while (!rest_.empty()) {
      if (!TakeOne()) return false;
    }
    return open_.empty();
  }

 private:
  bool TakeOne() {
    if (absl::StartsWith(rest_, "/*")) return TakeThrough("*/", 2);
    const char c = rest_.front();
    if (c == '"' || c == '\'') return TakeString(c);
    rest_.remove_prefix(1);
    const size_t opens = kOpening.find(c);
    if (opens != absl::string_view::npos) {
      open_.push_back(kClosing[opens]);
    } else if (kClosing.find(c) != absl::string_view::npos) {
      if (open_.empty() || open_.back() != c) return false;
      open_.pop_back();
    }
    return true;
  }

  bool TakeString(char quote) {
    const size_t end = rest_.find_first_of(std::string{quote, '\n'}, 1);
    if (end == absl::string_view::npos || rest_[end] == '\n') return false;
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool TakeThrough(absl::string_view end, size_t from) {
    const size_t at = rest_.find(end, from);
    if (at == absl::string_view::npos) return false;
    rest_.remove_prefix(at + end.size());
    return true;
  }

  static constexpr absl::string_view kOpening = "({[";
  static constexpr absl::string_view kClosing = ")}]";
  absl::string_view rest_;
  std::string open_;  // what is to close, innermost last
};

}  // namespace

std::optional<PageFault> FindPageFault(absl::string_view body) { return Reader(body).Read(); }

std::optional<PageFault> FindStyleFault(absl::string_view style) {
  const std::string lower = absl::AsciiStrToLower(style);
  for (const absl::string_view fault : kStyleFaults) {
    if (!absl::StrContains(lower, fault)) continue;
    return PageFault{absl::StrCat("`", fault, "` may not stand in a style"), std::string(fault)};
  }
  const bool control = std::any_of(style.begin(), style.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c)) && c != '\n' && c != '\t';
  });
  if (control) return PageFault{"a control character", ""};
  if (!StyleReader(style).Closes()) {
    return PageFault{"a comment, a string or a bracket of the style is not closed", ""};
  }
  return std::nullopt;
}

}  // namespace shield::page
