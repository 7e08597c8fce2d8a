// A file of policy cases: a directory, and one line for each case with who does what to which
// bulletin, its state, the time, and what policy must answer (docs/spec/tlp.md, "Case files").
//
//   shield/policy-cases/v1
//   time T0 at=2025-03-03T09:00:00Z
//   org pol kind=authority community=shield-antwerp vetting=3
//   org g kind=member community=shield-antwerp vetting=3 sectors=private-security
//   member p1 org=pol roles=analyst vetting=3
//   member g0 org=g roles=reader vetting=1
//   case V10 actor=g0 action=read author=p1 tlp=AMBER+STRICT to=org:g expect=deny:VETTING_TOO_LOW
//
// The same file judges the library, the command line (`shield policy test`) and, in the tests, a
// second model of the policy.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "policy/consent.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield {

inline constexpr size_t kMaxCaseFileBytes = 16 * 1024 * 1024;
inline constexpr size_t kMaxCases = 100'000;
inline constexpr size_t kMaxCaseLineBytes = 4096;  // comments too
inline constexpr size_t kMaxDigestItems = 64;

enum class CaseAction {
  kRead,        // Decide
  kDeliver,     // DecideDelivery
  kPublish,     // DecidePublish
  kResolve,     // ResolveAudience and ResolveRecipients
  kRelate,      // DecideRelation
  kShare,       // DecideShare
  kLabel,       // ParseTlp
  kImport,      // ParseImportedTlp
  kDigest,      // PlanDigest
  kSendDigest,  // DecideDigestDelivery
  kRecipients,  // DecideRecipientList
  kParts,       // DecideParts
  kQuote,       // DecideQuotation
  kAttach,      // DecideAttach
  kRefer,       // DecideRefer
};

// A bulletin as a case describes it. What cannot be written into Terms, because a label or code is
// refused when it is read, stands as the rule of that refusal.
struct CaseBulletin {
  Terms terms;
  std::vector<std::string> words = {};  // of `to=`, as they stand there
  std::optional<std::string> refused_by = {};
};

// Only the fields of its action are set.
struct PolicyCase {
  size_t line = 0;
  std::string id;
  CaseAction action = CaseAction::kRead;
  absl::Time now = absl::UnixEpoch();
  std::string expected = {};
  std::optional<CaseBulletin> bulletin = {};
  Reader actor = {};
  Reader reader = {};                          // share: whom it is passed to
  Relation relation = Relation::kUnspecified;  // relate
  std::optional<Tlp> label = {};               // relate, share: another than the original's
  bool reason_given = false;
  bool by_share = false;
  std::string text = {};                  // label, import
  std::vector<std::string> items = {};    // digests: names of bulletins
  std::vector<std::string> changed = {};  // send-digest: those withdrawn since
  std::vector<Tlp> parts = {};
  Consent consent = Consent::kNone;
  Quotation quotation = Quotation::kAnonymised;
};

struct CaseFile {
  std::shared_ptr<const Directory> directory;
  std::map<std::string, CaseBulletin, std::less<>> bulletins;  // named ones, for digests
  std::vector<PolicyCase> cases;
};

// Refuses with the number of the line: INVALID_ARGUMENT, rule CASE_FILE_MALFORMED. A file without
// cases is refused too: it would prove nothing.
absl::StatusOr<CaseFile> ParseCaseFile(absl::string_view text);

}  // namespace shield
