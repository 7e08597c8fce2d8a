// The formats an edition is written in, and where to.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/digest/edition.h"
#include "client/digest/page/page_templates.h"
#include "client/digest/show/mail.h"
#include "client/text/terminal_label.h"

namespace shield::cli {

struct FormatOptions {
  std::string format;  // md term html pdf json ics eml, or all: everything but mail
  size_t columns = 0;  // of the terminal
  Colours colours = Colours::kNone;
  MailOptions mail = {};  // its HTML is made here
  PageTemplates templates = PageTemplates::BuiltIn();
};

// USAGE for "-": what is no file goes to standard output without --out. Pure.
absl::Status CheckOutName(const std::string& out);

// The format of the file `out`: `format`, or where that is empty the one that the ending of its
// name says, and Markdown where that says none. USAGE when both say another; `all` is a folder.
// ".txt" is any format of plain text. Pure.
absl::StatusOr<std::string> FormatForFile(const std::string& format, const std::string& out);

// A name that says what it is of ("briefing-2026-W47-green.md"), and its bytes.
struct WrittenEdition {
  std::string name;
  std::string text;
};

// One, or of `all` each. Of `all` a PDF that cannot be made here leaves the others: `failed` says
// why, and is OK otherwise.
struct WrittenFormats {
  std::vector<WrittenEdition> files;
  absl::Status failed;
};

// USAGE for a format that there is not; the errors of WriteHtml, WritePdf and ComposeMail. Blocks
// as long as a PDF is being made.
absl::StatusOr<WrittenFormats> WriteFormats(const Edition& edition, const FormatOptions& options);

}  // namespace shield::cli
