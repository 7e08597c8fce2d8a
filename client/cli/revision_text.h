// What is said of an edition that takes the place of others: what it leaves out, whom it does not
// reach, what holds on beside it. Nobody may look at a plan: it is said when it is sent, too.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "client/digest/publish/publish_edition.h"

namespace shield::cli {

// What is in force, of the week or of an earlier one, and left out for the sake of some readers or
// because nobody here knows; and what one that it replaces tells of, in force or ended, and is left
// out by whatever rule; but what is in force and stands in it by another that says the same. By
// number and rule, one sentence for each; never a title.
std::vector<std::string> LeftOutSentences(const PreparedEdition& prepared);

// Who had what it replaces and is none of its readers, with what can be done: a sentence for each
// way.
std::vector<std::string> NotReachedSentences(const PreparedEdition& prepared);

// What carries one that it replaces to more readers and is not replaced, with who can: a sentence
// for each.
std::vector<std::string> StandingSentences(const PreparedEdition& prepared);

// {not_reached: [{member, way}], standing: [{id, author}]}
nlohmann::json RevisionJson(const PreparedEdition& prepared);

}  // namespace shield::cli
