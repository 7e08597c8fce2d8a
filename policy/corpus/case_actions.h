// The words a case may have for `action=`, and which fields come with each.
#pragma once

#include "absl/strings/string_view.h"
#include "policy/corpus/case_file.h"
#include "policy/vocabulary.h"

namespace shield {

// A word and what it means; a relation only for kRelate.
struct CaseActionWord {
  absl::string_view word;
  CaseAction action;
  Relation relation = Relation::kUnspecified;
};

// Null when no action has this word.
const CaseActionWord* FindCaseAction(absl::string_view word);

// Whether cases of this action are about one bulletin, described on their own line.
bool IsAboutBulletin(CaseAction action);

// Whether somebody does it: `actor=` is needed then, and refused otherwise.
bool HasActor(CaseAction action);

}  // namespace shield
