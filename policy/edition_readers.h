// The readers of an edition, ready to be asked about many bulletins. PlanEdition is built on it;
// everybody else uses that (policy/edition_plan.h).
//
// Policy tells two seats of one organisation apart by their roles, vetting, part in exercises, and
// by their names where a bulletin names them: so one of each kind is asked, and whoever is named.
// Two bulletins that differ in nothing policy looks at are asked about once.
// (tests/policy/edition_plan_test.cc: TheAnswerIsThatOfAskingEveryReader)
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "policy/directory.h"
#include "policy/edition_plan.h"
#include "policy/member_set.h"
#include "policy/reading.h"
#include "policy/terms.h"

namespace shield {

// The question that is put for each kind of reader, as an argument: a test plants a fault in it. In
// the product it is Reading::Of.
using AskReader = absl::FunctionRef<Verdict(const Reading& reading, const MemberRecord& member,
                                            const OrgRecord& org, bool in_snapshot)>;
Verdict AskPolicy(const Reading& reading, const MemberRecord& member, const OrgRecord& org,
                  bool in_snapshot);
absl::StatusOr<EditionPlan> PlanEditionAsking(const Directory& directory,
                                              const EditionTerms& edition,
                                              std::span<const EditionPart> parts, absl::Time at,
                                              AskReader ask);

// The edition as the bulletin it will be. PERMISSION_DENIED, rule UNKNOWN_CALLER: its author is not
// enrolled.
absl::StatusOr<Terms> TermsOfEdition(const Directory& directory, const EditionTerms& edition,
                                     absl::Time at);

// Thread-compatible. Borrows directory and question.
class EditionReaders {
 public:
  // Errors: those of PlanEdition.
  static absl::StatusOr<EditionReaders> Resolve(const Directory& directory,
                                                const EditionTerms& edition, absl::Time at,
                                                AskReader ask);
  // Readers that are given, in good standing at `at`.
  static EditionReaders Of(const Directory& directory, const MemberSet& members, absl::Time at,
                           AskReader ask);

  struct Answer {
    std::optional<Rule> fault = {};  // by which `reader` may not have it, whoever it was sent to
    std::optional<size_t> reader = {};
    MemberSet only_when_sent;  // may have it if they were sent it, and not otherwise
  };
  // `terms` are live; the reference holds until the next call.
  const Answer& Ask(const Terms& terms);

  // Each of them asked by itself, for whoever wants to know all that refuse it and not the first.
  struct EachAnswer {
    std::vector<std::pair<size_t, Rule>> refused = {};  // ascending
    MemberSet only_when_sent;                           // as above
  };
  EachAnswer AskEach(const Terms& terms) const;

  const MemberSet& all() const { return all_; }

 private:
  // Seats that policy takes for one another: indexes into the directory's members, ascending.
  using Kind = std::vector<size_t>;

  EditionReaders(const Directory& directory, absl::Time at, AskReader ask)
      : directory_(directory), at_(at), ask_(ask), all_(directory) {}
  void SortIntoKinds(const std::vector<size_t>& readers);
  std::string KeyOf(const Terms& terms) const;
  std::vector<size_t> Named(const Terms& terms) const;
  Answer AskAll(const Terms& terms) const;
  bool MayHaveUnsent(const Reading& reading, const Terms& terms, Rule sent,
                     const MemberRecord& member) const;

  const Directory& directory_;
  absl::Time at_;
  AskReader ask_;
  MemberSet all_;
  std::vector<Kind> kinds_;
  absl::flat_hash_map<std::string, Answer> answers_;
};

}  // namespace shield
