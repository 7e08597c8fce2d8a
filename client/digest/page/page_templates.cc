#include "client/digest/page/page_templates.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <kainjow/mustache.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "base/check.h"
#include "base/quoted.h"
#include "base/status.h"
#include "client/digest/page/built_in_templates.h"
#include "client/digest/page/check_page.h"

namespace shield {
namespace {

constexpr absl::string_view kExtension = ".mustache";
constexpr absl::string_view kStyle = "page.css";

std::string Place(absl::string_view file, absl::string_view text, size_t offset) {
  const absl::string_view before = text.substr(0, std::min(offset, text.size()));
  return absl::StrCat(file, ":", 1 + std::count(before.begin(), before.end(), '\n'));
}

absl::Status Refuse(absl::string_view place, absl::string_view why) {
  return WithHint(absl::InvalidArgumentError(absl::StrCat(place, ": ", why)),
                  "mend the template, or take its file away to use the built-in one");
}

// "{{> name}}": the names, with where they stand.
std::vector<std::pair<std::string, size_t>> PartialsOf(absl::string_view text) {
  std::vector<std::pair<std::string, size_t>> partials;
  for (size_t at = text.find("{{"); at != absl::string_view::npos; at = text.find("{{", at + 2)) {
    absl::string_view tag = text.substr(at + 2);
    tag = absl::StripAsciiWhitespace(tag.substr(0, tag.find("}}")));
    if (!absl::StartsWith(tag, ">")) continue;
    partials.emplace_back(absl::StripAsciiWhitespace(tag.substr(1)), at);
  }
  return partials;
}

// What a template is given, and by which names; the wider one says the names of the narrower, too.
const std::set<std::string>& NamesGiven() {
  static const auto* const kNames =
      new std::set<std::string>{"bulletin_id",   "bulletins",  "change",     "content",
                                "facts",         "heading",    "id",         "issue",
                                "issued",        "item_facts", "item_label", "item_label_class",
                                "item_title",    "kind",       "label",      "label_class",
                                "label_means",   "language",   "more",       "language_attribute",
                                "name",          "network",    "number",     "revision",
                                "sections",      "severity",   "source",     "severity_class",
                                "severity_mark", "status",     "text",       "title",
                                "value",         "week"};
  return *kNames;
}

// "{{name}}", "{{{name}}}", "{{&name}}", "{{#name}}", "{{^name}}": one that nothing is given by
// would say nothing, and be found on paper.
absl::Status CheckNames(const std::string& file, const std::string& text) {
  for (size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 2)) {
    const absl::string_view rest = absl::string_view(text).substr(at + 2);
    absl::string_view tag = rest.substr(0, rest.find("}}"));
    if (absl::StartsWith(tag, "!") || absl::StartsWith(tag, ">")) continue;
    if (!tag.empty() && absl::StrContains("{&#^/", tag.substr(0, 1))) tag.remove_prefix(1);
    tag = absl::StripAsciiWhitespace(tag);
    if (NamesGiven().count(std::string(tag)) > 0) continue;
    return Refuse(Place(file, text, at),
                  absl::StrCat("nothing is given by the name ", Quoted(tag)));
  }
  return absl::OkStatus();
}

// The library ends its sentences with the offset: `Unclosed section "x" at 12`.
absl::Status CheckSyntax(const std::string& file, const std::string& text) {
  const size_t delimiters = text.find("{{=");
  if (delimiters != std::string::npos) {
    return Refuse(Place(file, text, delimiters), "`{{=` is not used here");
  }
  const kainjow::mustache::mustache parsed(text);
  if (parsed.is_valid()) return CheckNames(file, text);
  const absl::string_view said = parsed.error_message();
  const size_t last = said.rfind(" at ");
  size_t offset = 0;
  if (last == absl::string_view::npos || !absl::SimpleAtoi(said.substr(last + 4), &offset)) {
    return Refuse(file, absl::AsciiStrToLower(said));
  }
  return Refuse(Place(file, text, offset), absl::AsciiStrToLower(said.substr(0, last)));
}

absl::Status CheckStyle(const std::string& file, const std::string& text) {
  const std::optional<page::PageFault> fault = page::FindStyleFault(text);
  if (!fault.has_value()) return absl::OkStatus();
  const size_t at = absl::AsciiStrToLower(text).find(fault->piece);
  return Refuse(Place(file, text, at == std::string::npos ? 0 : at), fault->what);
}

std::string KnownNames() {
  return absl::StrJoin(page::BuiltInTemplates(), ", ", [](std::string* out, const auto& each) {
    absl::StrAppend(out, each.first);
  });
}

absl::Status NoSuchTemplate(const std::string& file) {
  return WithHint(
      absl::InvalidArgumentError(absl::StrCat(Quoted(file), ": there is no template of this name")),
      absl::StrCat("name it one of ", KnownNames(), ", or take it away"));
}

absl::Status CheckFile(const std::string& file, const std::string& text) {
  if (page::BuiltInTemplates().count(file) == 0) return NoSuchTemplate(file);
  if (text.size() > kMaxTemplateBytes) {
    return Refuse(file, absl::StrCat("is larger than ", kMaxTemplateBytes, " bytes"));
  }
  return file == kStyle ? CheckStyle(file, text) : CheckSyntax(file, text);
}

// Each partial there is, and none within itself, however far down.
absl::Status CheckPartials(const std::map<std::string, std::string>& texts, const std::string& file,
                           std::set<std::string> above) {
  above.insert(file);
  const std::string& text = texts.at(file);
  for (const auto& [name, at] : PartialsOf(text)) {
    const std::string other = absl::StrCat(name, kExtension);
    if (texts.count(other) == 0) {
      return Refuse(Place(file, text, at), absl::StrCat("there is no template ", Quoted(name)));
    }
    if (above.count(other) > 0) {
      return Refuse(Place(file, text, at), absl::StrCat(Quoted(name), " would stand in itself"));
    }
    RETURN_IF_ERROR(CheckPartials(texts, other, above));
  }
  return absl::OkStatus();
}

}  // namespace

PageTemplates PageTemplates::BuiltIn() {
  PageTemplates templates;
  templates.texts_ = page::BuiltInTemplates();
  return templates;
}

absl::StatusOr<PageTemplates> PageTemplates::Create(std::map<std::string, std::string> files) {
  PageTemplates templates = BuiltIn();
  for (const auto& [file, text] : files) {
    RETURN_IF_ERROR(CheckFile(file, text));
    templates.texts_[file] = text;
  }
  for (const auto& [file, text] : templates.texts_) {
    if (file != kStyle) RETURN_IF_ERROR(CheckPartials(templates.texts_, file, {}));
  }
  templates.own_ = std::move(files);
  return templates;
}

const std::string& PageTemplates::Text(absl::string_view name) const {
  const auto found =
      texts_.find(name == kStyle ? std::string(name) : absl::StrCat(name, kExtension));
  SHIELD_CHECK(found != texts_.end());
  return found->second;
}

std::string PageTemplates::Locate(absl::string_view piece) const {
  if (piece.empty()) return "";
  for (const auto& [file, text] : own_) {
    const size_t at = absl::string_view(text).find(piece);
    if (at != absl::string_view::npos) return Place(file, text, at);
  }
  return "";
}

namespace {

absl::Status Unreadable(const std::filesystem::path& folder, const std::error_code& error) {
  return absl::PermissionDeniedError(absl::StrCat(
      "the folder ", Quoted(folder.string()), " of templates cannot be read: ", error.message()));
}

// The names in `folder` that are templates' by their ending; one that there is not is a slip.
absl::StatusOr<std::vector<std::string>> NamesIn(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::file_status found = std::filesystem::status(folder, error);
  if (error == std::errc::permission_denied) return Unreadable(folder, error);
  if (!std::filesystem::is_directory(found)) {
    return absl::NotFoundError(
        absl::StrCat("there is no folder ", Quoted(folder.string()), " of templates"));
  }
  std::vector<std::string> names;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::filesystem::path name = entry->path().filename();
    if (name.extension() == ".mustache" || name.extension() == ".css") {
      names.push_back(name.string());
    }
  }
  if (error) return Unreadable(folder, error);
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<std::string> ReadTemplate(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxTemplateBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.gcount() == 0 && !file.eof())) {
    return absl::PermissionDeniedError(
        absl::StrCat("the template ", Quoted(path.string()), " cannot be read"));
  }
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

}  // namespace

absl::StatusOr<PageTemplates> ReadPageTemplates(const std::filesystem::path& folder) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(folder));
  if (names.empty()) {
    return WithHint(absl::InvalidArgumentError(absl::StrCat("the folder ", Quoted(folder.string()),
                                                            " has no template in it")),
                    absl::StrCat("its files are called ", KnownNames()));
  }
  std::map<std::string, std::string> files;
  for (const std::string& name : names) {
    if (page::BuiltInTemplates().count(name) == 0) return NoSuchTemplate(name);
    ASSIGN_OR_RETURN(std::string text, ReadTemplate(folder / name));
    files.emplace(name, std::move(text));
  }
  return PageTemplates::Create(std::move(files));
}

}  // namespace shield
