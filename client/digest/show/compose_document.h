// The edition as a document: in which order it says what, and in which words.
#pragma once

#include "client/digest/edition.h"
#include "client/digest/show/document.h"

namespace shield::show {

// Pure. Parts that have nothing in them are left out, but for what is new: a quiet week says so.
Document ComposeDocument(const Edition& edition);

}  // namespace shield::show
