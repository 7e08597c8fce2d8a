// The network of tests/vectors/policy/vectors.cases, for tests that want to ask it themselves.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/check.h"
#include "policy/corpus/case_file.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {

inline std::string ReadVectorFile(absl::string_view name) {
  std::ifstream file(SourceFolder() / "tests/vectors/policy" / std::string(name));
  SHIELD_CHECK(file.good());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline CaseFile PolicyVectors() {
  absl::StatusOr<CaseFile> file = ParseCaseFile(ReadVectorFile("vectors.cases"));
  SHIELD_CHECK(file.ok());
  return *std::move(file);
}

// A live bulletin of that seat, published at T0 of the vectors, for nobody in particular yet.
inline Terms VectorTerms(const CaseFile& file, absl::string_view author, Tlp tlp) {
  const MemberRecord* member = file.directory->FindMember(*MemberId::Parse(author));
  SHIELD_CHECK(member != nullptr);
  const absl::Time t0 = file.directory->note().issued;
  return Terms{.author = member->id,
               .source = member->org,
               .community = file.directory->OrgOf(*member).community,
               .tlp = tlp,
               .issued = t0,
               .not_before = t0,
               .expires = t0 + absl::Hours(30 * 24)};
}

}  // namespace shield::testing
