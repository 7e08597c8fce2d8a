// A random network, an edition for some of it, and bulletins of every sort that might enter: some
// fit for it, most not. Repeatable by seed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/directory.h"
#include "policy/edition_plan.h"
#include "policy/terms.h"
#include "tests/policy/random_network.h"

namespace shield::testing {

struct RandomBulletin {
  Terms terms;
  std::vector<std::string> words = {};                // its audience as people write it
  std::optional<std::vector<MemberId>> sent_to = {};  // nothing: nobody can tell
};

struct RandomEdition {
  std::shared_ptr<const Directory> directory;
  EditionTerms edition;
  std::vector<std::string> words = {};  // of its audience
  std::vector<RandomBulletin> bulletins = {};
};

// `bulletins` of them. The author of the edition is one who may publish it; most seeds have one,
// the others give nothing.
std::optional<RandomEdition> MakeRandomEdition(uint64_t seed, size_t bulletins);

// One more bulletin for an edition there is.
RandomBulletin MakeRandomBulletin(RandomNetwork& random, const RandomEdition& edition);

}  // namespace shield::testing
