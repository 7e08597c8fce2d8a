// The style of a page that stands in the program itself.
#pragma once

#include <string>

namespace shield::page {

std::string BuiltInStyle();  // page.css

}  // namespace shield::page
