#include "client/digest/show/say_runs.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/text/clean_text.h"

namespace shield::show {

std::string TitleText(absl::string_view text) {
  return Shortened(CleanLine(text), kMaxTitleCharacters);
}

std::string SentenceText(absl::string_view text) {
  return Shortened(CleanLine(text), kMaxSentenceCharacters);
}

Runs SayRuns(Language language, Word word, absl::Span<const std::string> arguments) {
  Runs runs;
  absl::string_view rest = Say(language, word);
  bool code = false;
  while (!rest.empty()) {
    const absl::string_view part = rest.substr(0, rest.find('`'));
    std::string filled = Fill(part, arguments);
    if (!part.empty()) runs.push_back(code ? Code(std::move(filled)) : Plain(std::move(filled)));
    rest.remove_prefix(part.size() + (part.size() < rest.size() ? 1 : 0));
    code = !code;
  }
  return runs;
}

absl::string_view ClosedColon(Language language) {
  return absl::StripSuffix(Say(language, Word::kColon), " ");
}

absl::string_view SayStatementType(Language language, StatementType type) {
  switch (type) {
    case StatementType::kUnspecified:
      break;
    case StatementType::kFact:
      return Say(language, Word::kFact);
    case StatementType::kAssessment:
      return Say(language, Word::kAssessment);
    case StatementType::kMixed:
      return Say(language, Word::kMixed);
  }
  return "";
}

std::string NamedText(Language language, Word word, absl::string_view value) {
  if (value.empty()) return "";
  std::string name(Say(language, word));
  if (name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] - 'A' + 'a');
  return absl::StrCat(name, Say(language, Word::kColon), TitleText(value));
}

Run LabelRun(Language language, Word word) {
  return Strong(absl::StrCat(Say(language, word), ClosedColon(language)));
}

void AppendReferences(absl::Span<const int> numbers, Runs& runs) {
  for (const int number : numbers) {
    runs.push_back(Plain(" "));
    runs.push_back(ReferenceRun(number));
  }
}

namespace {

std::string Joined(const std::vector<std::string>& parts, absl::string_view between) {
  std::string joined;
  for (const std::string& part : parts) {
    if (!part.empty()) absl::StrAppend(&joined, joined.empty() ? "" : between, part);
  }
  return joined;
}

}  // namespace

std::string SemicolonJoined(Language language, const std::vector<std::string>& parts) {
  return Joined(parts, language == Language::kFrench ? "\u00a0; " : "; ");
}

std::string CommaJoined(const std::vector<std::string>& parts) { return Joined(parts, ", "); }

}  // namespace shield::show
