// The steps of a decision about one bulletin, ready to be asked about many readers. Decide and the
// audience are built on it; everybody else uses those (policy/decide.h, policy/audience.h).
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "policy/clients.h"
#include "policy/decision.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield {

struct Verdict {
  bool allowed = false;
  Rule rule = Rule::kUnspecified;
};

// Thread-compatible; refers to the directory and the terms it was made of.
class Reading {
 public:
  // What is asked: may the reader have it now, or is it sealed to the reader at publish. See
  // Decide and DecideDelivery for the difference.
  enum class Question { kFetch, kDelivery };

  Reading(const Directory& directory, const Terms& terms, absl::Time now, Question question);

  // Steps 1 to 11. The overload for a member spares the look-up.
  Verdict Of(const Reader& reader) const;
  Verdict Of(const MemberRecord& member, const OrgRecord& org, const Reader& reader) const;

  // What refuses the bulletin to everyone: steps 1 and 2.
  std::optional<Rule> BulletinFault() const { return bulletin_fault_; }

  // What refuses a reader whatever the label lets through: steps 3 to 6, then vetting (9).
  std::optional<Rule> AccessFault(const MemberRecord& member, const OrgRecord& org) const;
  std::optional<Rule> VettingFault(const MemberRecord& member, const OrgRecord& org,
                                   const Reader& reader) const;

  // Whether anything but the label of a CLEAR bulletin lets the member in: false means that Of()
  // denies delivery. Costs no walk over other organisations.
  bool IsTarget(const MemberRecord& member, const OrgRecord& org) const;

 private:
  // What lets a reader in, the strongest first.
  enum class Way {
    kSource,  // content: an analyst or the digest seat of the source
    kGrant,   // a permission of the source, beside the bulletin
    kPermit,  // named by a bulletin that is itself a permission
    kNamedPerson,
    kNamedOrg,
    kSelector,
    kNone,
  };
  struct Candidate {
    const MemberRecord& member;
    const OrgRecord& org;
    const Reader& reader;
    Way way;
  };

  bool IsAuthor(const MemberRecord& member) const { return member.id == terms_.author; }
  bool fetch() const { return question_ == Question::kFetch; }
  bool clear_fetch() const { return fetch() && terms_.tlp == Tlp::kClear; }

  Way WayOf(const MemberRecord& member, const OrgRecord& org, const Reader& reader) const;
  bool NamedInPerson(const MemberRecord& member, const Reader& reader) const;
  bool Granted(const MemberRecord& member, bool now_only) const;

  Verdict OfPublic() const;
  Verdict OfRecall(const Reader& reader) const;
  Verdict OfAuthor(const OrgRecord& org) const;
  std::optional<Rule> StateFault(bool author) const;             // 4
  std::optional<Rule> CommunityFault(const Candidate& c) const;  // 7
  std::optional<Rule> CeilingFault(const Candidate& c) const;    // 8
  std::optional<Rule> RedFault(const Candidate& c) const;
  std::optional<Rule> ReportFault(const Candidate& c) const;
  Rule NotAddressed(const Candidate& c) const;
  std::optional<Rule> SnapshotFault(const Candidate& c) const;  // 11
  Rule RuleOf(Way way) const;
  ClientStanding ClientStandingOf(const OrgRecord& org) const;

  const Directory& directory_;
  const Terms& terms_;
  const absl::Time now_;
  const Question question_;
  const bool has_selector_;
  const int vetting_floor_;
  const std::optional<Rule> bulletin_fault_;
  mutable std::optional<ClientsOfRecipients> clients_;  // found when first asked for
};

}  // namespace shield
