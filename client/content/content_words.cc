#include "client/content/content_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "policy/vocabulary.h"

namespace shield {
namespace {

using nlohmann::ordered_json;

constexpr std::array<absl::string_view, 27> kAuthorMembers = {
    "acknowledge_by", "actions",  "areas",          "body",     "certainty", "confidence",
    "contact",        "details",  "functions",      "grading",  "hash_list", "indicators",
    "kind",           "language", "likelihood",     "observed", "pap",       "references",
    "restrictions",   "severity", "statement_type", "subjects", "summary",   "title",
    "translations",   "urgency",  "valid"};

struct Vocabulary {
  absl::string_view member;
  std::vector<absl::string_view> words;
};

const std::vector<Vocabulary>& SingleWords() {
  static const auto* const words = new std::vector<Vocabulary>{
      {"pap", {"red", "amber", "green", "clear"}},
      {"severity", {"minor", "moderate", "severe", "extreme"}},
      {"urgency", {"immediate", "expected", "future"}},
      {"certainty", {"observed", "likely", "possible", "unlikely"}},
      {"confidence", {"low", "moderate", "high"}},
      {"likelihood",
       {"almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely",
        "very likely", "almost certain"}},
  };
  return *words;
}

const std::vector<absl::string_view>& Functions() {
  static const auto* const words = new std::vector<absl::string_view>{
      "prevent", "protect", "mitigate", "investigate", "respond", "recover"};
  return *words;
}

absl::Status Unknown(absl::string_view member, absl::string_view value,
                     const std::vector<absl::string_view>& words) {
  return WithHint(
      WithRule(absl::InvalidArgumentError(absl::StrCat("`", member, "` cannot be `", value, "`")),
               "UNKNOWN_CODE"),
      absl::StrCat("use one of: ", absl::StrJoin(words, ", ")));
}

absl::Status CheckWord(absl::string_view member, const ordered_json& value,
                       const std::vector<absl::string_view>& words) {
  if (!value.is_string()) return Unknown(member, value.dump(), words);
  const std::string word = value.get<std::string>();
  if (std::find(words.begin(), words.end(), word) != words.end()) return absl::OkStatus();
  return Unknown(member, word, words);
}

absl::Status CheckGrading(const ordered_json& grading) {
  const std::vector<absl::string_view> sources = {"A", "B", "C", "D", "E", "F"};
  if (!grading.is_object()) {
    return absl::InvalidArgumentError("`grading` is not {source, information}");
  }
  if (grading.contains("source")) {
    RETURN_IF_ERROR(CheckWord("grading.source", grading["source"], sources));
  }
  if (!grading.contains("information")) return absl::OkStatus();
  const ordered_json& information = grading["information"];
  if (information.is_number_integer() && information >= 1 && information <= 6) {
    return absl::OkStatus();
  }
  return Unknown("grading.information", information.dump(), {"1", "2", "3", "4", "5", "6"});
}

absl::Status CheckFunctions(const ordered_json& functions) {
  if (!functions.is_array()) return absl::InvalidArgumentError("`functions` is not a list");
  for (const ordered_json& word : functions) {
    RETURN_IF_ERROR(CheckWord("functions", word, Functions()));
  }
  return absl::OkStatus();
}

}  // namespace

std::span<const absl::string_view> AuthorMembers() { return kAuthorMembers; }

bool IsAuthorMember(absl::string_view name) {
  return std::binary_search(kAuthorMembers.begin(), kAuthorMembers.end(), name);
}

absl::Status CheckContentWords(const ordered_json& document) {
  for (const Vocabulary& vocabulary : SingleWords()) {
    const auto found = document.find(std::string(vocabulary.member));
    if (found == document.end()) continue;
    RETURN_IF_ERROR(CheckWord(vocabulary.member, *found, vocabulary.words));
  }
  if (document.contains("grading")) RETURN_IF_ERROR(CheckGrading(document["grading"]));
  if (document.contains("functions")) RETURN_IF_ERROR(CheckFunctions(document["functions"]));
  return absl::OkStatus();
}

}  // namespace shield
