// What is inside a bulletin: one JSON document, read strictly (docs/spec/content.md).
//
//   ASSIGN_OR_RETURN(std::string json, ComposeContent(members_json, Tlp::kAmber, attachments));
//   ASSIGN_OR_RETURN(Content content, ParseContent(opened_plaintext));
//
// Everything a person wrote is data and stays as it was written; whoever shows it cleans it for
// where it is shown. Members this version does not know are kept in `json` and ignored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "policy/labels.h"

namespace shield {

inline constexpr absl::string_view kContentSchema = "shield/content/v1";
inline constexpr size_t kMaxContentBytes = 256 * 1024;  // before padding
inline constexpr int kMaxContentDepth = 16;
// Characters (code points) of a title. A writer is refused one more; a reader is shown no more.
inline constexpr size_t kMaxTitleCharacters = 200;

// One attachment, as the sealed content names it: the age file and the identity that opens it.
struct ContentAttachment {
  std::string name;  // a label, never a path
  std::string media_type;
  Tlp tlp = Tlp::kUnspecified;
  uint64_t bytes = 0;  // of the age file, as on the statement's object line
  Digest sha256;
  std::string identity;  // one-shot age identity; as secret as the content it stands in
};

struct Content {
  bool known_schema = true;  // false: only tlp, title and body were read, if there were any
  std::string kind;
  std::string title;  // at most kMaxTitleCharacters and, of a longer one, an ellipsis
  std::string language;
  std::string summary;
  std::string body;
  Tlp tlp = Tlp::kUnspecified;
  std::vector<std::string> restrictions;
  std::vector<ContentAttachment> attachments;
  std::optional<absl::Time> acknowledge_by = {};  // when its author wants to know that it was read
  std::string json;  // the document without its padding, as it was sealed
};

// The document of a new bulletin. `members_json` is an object with the members of content.md that
// the author gave; schema, tlp and attachments are added here and may not stand in it.
// INVALID_ARGUMENT, naming the member, for anything ParseContent would refuse, and with rule
// TITLE_TOO_LONG for a title beyond kMaxTitleCharacters.
absl::StatusOr<std::string> ComposeContent(absl::string_view members_json, Tlp tlp,
                                           const std::vector<ContentAttachment>& attachments);

// Reads an opened plaintext, padding included. INVALID_ARGUMENT with rule CONTENT_MALFORMED and a
// sentence for anything docs/spec/content.md forbids: more than kMaxContentBytes, deeper than
// kMaxContentDepth, a member that stands twice, text that is not UTF-8 in NFC or has control
// characters other than LF and TAB, a label that is missing or unknown, padding other than LF.
// A title beyond kMaxTitleCharacters is cut in `title` and stays whole in `json`.
absl::StatusOr<Content> ParseContent(absl::string_view plaintext);

// OK, or INVALID_ARGUMENT with rule TITLE_TOO_LONG. `title` is UTF-8.
absl::Status CheckTitle(absl::string_view title);

}  // namespace shield
