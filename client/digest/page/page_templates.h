// How a force lays its page out: mustache templates and a style, each built in and each replaced by
// a file of the same name.
//
//   ASSIGN_OR_RETURN(PageTemplates templates, ReadPageTemplates("/etc/shield/briefing"));
//   ASSIGN_OR_RETURN(std::string html, WriteHtml(edition, templates));
//
// The names are those of docs/spec/briefing.md section 3.2: page, head, section, item (.mustache)
// and page.css. Everything a template is given is escaped already, so that it cannot say a person's
// text as markup, and what it makes is read once more before it is a page (check_page.h).
//
// Immutable value.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield {

inline constexpr size_t kMaxTemplateBytes = 256 * 1024;

class PageTemplates {
 public:
  static PageTemplates BuiltIn();

  // BuiltIn() with `files` (name to text) in their places. INVALID_ARGUMENT, which names file and
  // line: a name that there is not, a text that is too large, a tag or section that is
  // not closed, `{{=`, a name that nothing is given by, a partial that there is not or that stands
  // in itself, a style that loads something or has `<` or `\` in it.
  static absl::StatusOr<PageTemplates> Create(std::map<std::string, std::string> files);

  // The text of "page", "head", "section", "item" and "page.css". `name` is one of these.
  const std::string& Text(absl::string_view name) const;
  // Where a template that is not built in says `piece`: "item.mustache:3"; empty when none does.
  std::string Locate(absl::string_view piece) const;
  bool built_in() const { return own_.empty(); }

 private:
  std::map<std::string, std::string> texts_;
  std::map<std::string, std::string> own_;  // those of `files`
};

// Create() of the files of `folder` that end as templates do, .mustache and .css; others are left
// alone. Also INVALID_ARGUMENT: one of them has none of the names, or there is none of them;
// NOT_FOUND: there is no such folder; PERMISSION_DENIED: it, or a file of it, cannot be read.
absl::StatusOr<PageTemplates> ReadPageTemplates(const std::filesystem::path& folder);

}  // namespace shield
