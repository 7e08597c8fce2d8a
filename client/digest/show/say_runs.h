// Words of the briefing and what fills them, as runs of a document.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/digest/language.h"
#include "client/digest/show/document.h"
#include "client/digest/words.h"

namespace shield::show {

// Characters of an author's line; what goes beyond gives way to "…".
inline constexpr size_t kMaxTitleCharacters = 200;
inline constexpr size_t kMaxSentenceCharacters = 600;

// An author's text on one line, cleaned and shortened.
std::string TitleText(absl::string_view text);
std::string SentenceText(absl::string_view text);

// `word` with its places filled; a command in it is code. `arguments` are cleaned, and mark nothing
// up whatever stands in them.
Runs SayRuns(Language language, Word word, absl::Span<const std::string> arguments);

// The language's colon as it stands at the end of a text: without the space after it.
absl::string_view ClosedColon(Language language);

// "fact", "assessment"; empty when unspecified.
absl::string_view SayStatementType(Language language, StatementType type);

// "likelihood: likely", within a sentence; nothing for an empty `value`, which is cleaned here.
std::string NamedText(Language language, Word word, absl::string_view value);

// "Where:", strong. The space after it is plain.
Run LabelRun(Language language, Word word);

// " [1] [2]": the references of a list, each behind a space.
void AppendReferences(absl::Span<const int> numbers, Runs& runs);

// `parts` that are not empty, with "; " between them, as the language writes it.
std::string SemicolonJoined(Language language, const std::vector<std::string>& parts);

// `parts` that are not empty, with ", " between them.
std::string CommaJoined(const std::vector<std::string>& parts);

}  // namespace shield::show
