// The templates and the style that stand in the program itself.
#pragma once

#include <map>
#include <string>

namespace shield::page {

// "page.mustache", "head.mustache", "section.mustache", "item.mustache", "page.css".
const std::map<std::string, std::string>& BuiltInTemplates();

}  // namespace shield::page
