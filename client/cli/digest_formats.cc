#include "client/cli/digest_formats.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/exit_code.h"
#include "client/digest/show/calendar.h"
#include "client/digest/show/json.h"
#include "client/digest/show/markdown.h"
#include "client/digest/show/terminal.h"

namespace shield::cli {
namespace {

absl::StatusOr<WrittenEdition> WriteOne(const Edition& edition, const FormatOptions& options,
                                        absl::string_view format) {
  const std::string stem =
      absl::StrCat("briefing-", edition.week.Print(), "-", PrintTier(edition.tier), ".");
  if (format == "md") return WrittenEdition{absl::StrCat(stem, "md"), WriteMarkdown(edition)};
  if (format == "term") {
    return WrittenEdition{absl::StrCat(stem, "txt"),
                          WriteTerminal(edition, options.columns, options.colours)};
  }
  if (format == "json") return WrittenEdition{absl::StrCat(stem, "json"), WriteJson(edition)};
  if (format == "ics") return WrittenEdition{absl::StrCat(stem, "ics"), WriteCalendar(edition)};
  if (format == "eml") {
    ASSIGN_OR_RETURN(std::string mail, ComposeMail(edition, options.mail));
    return WrittenEdition{absl::StrCat(stem, "eml"), std::move(mail)};
  }
  return WithHint(UsageError(absl::StrCat("`", format, "` is no format of a briefing")),
                  "md, term, json or ics; `all` writes each; for mail, `shield digest mail`");
}

}  // namespace

absl::StatusOr<std::vector<WrittenEdition>> WriteFormats(const Edition& edition,
                                                         const FormatOptions& options) {
  std::vector<std::string> formats = {options.format};
  if (options.format == "all") formats = {"md", "term", "json", "ics"};
  std::vector<WrittenEdition> written;
  written.reserve(formats.size());
  for (const std::string& format : formats) {
    ASSIGN_OR_RETURN(WrittenEdition each, WriteOne(edition, options, format));
    written.push_back(std::move(each));
  }
  return written;
}

}  // namespace shield::cli
