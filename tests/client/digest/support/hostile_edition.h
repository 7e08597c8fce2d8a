// An edition that says one text wherever an edition can hold a text that a person wrote.
#pragma once

#include <string>

#include "client/digest/edition.h"

namespace shield {

// Every std::string of an Edition is `text`, every list has two entries, every optional a value.
// What has a form of its own (ids, moments, numbers) is ordinary.
Edition FillEveryField(const std::string& text);

}  // namespace shield
