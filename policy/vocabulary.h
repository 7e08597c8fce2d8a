// The closed lists of words that signed texts and drafts may use. A word that is not on its list is
// refused, never read as "all" (docs/spec/tlp.md, docs/spec/statement.md).
//
// Every enum has kUnspecified as zero, which no parser gives. Parsing is exact: lower case, no
// spaces.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"

namespace shield {

// Who an organisation is to the network.
enum class OrgKind { kUnspecified, kAuthority, kMember, kClient };
std::optional<OrgKind> ParseOrgKind(absl::string_view word);
absl::string_view PrintOrgKind(OrgKind kind);

// What a member may do.
enum class Role {
  kUnspecified,
  kAnalyst,  // authority: publishes
  kAuditor,  // headers and log, no content
  kDesk,     // a shared seat; never RED
  kDigest,   // service seat of the authority: publishes up to AMBER+STRICT; never RED
  kReader,
  kVetting,  // enrols; no content
};
std::optional<Role> ParseRole(absl::string_view word);
absl::string_view PrintRole(Role role);

enum class AccountState { kUnspecified, kActive, kSuspended, kRevoked, kPending };
std::optional<AccountState> ParseAccountState(absl::string_view word);
absl::string_view PrintAccountState(AccountState state);

enum class KeyUse { kUnspecified, kSeal, kSign, kTls };
std::optional<KeyUse> ParseKeyUse(absl::string_view word);
absl::string_view PrintKeyUse(KeyUse use);

enum class BulletinClass { kUnspecified, kContent, kReport, kDirect, kControl };
std::optional<BulletinClass> ParseBulletinClass(absl::string_view word);
absl::string_view PrintBulletinClass(BulletinClass bulletin_class);

enum class Priority { kUnspecified, kRoutine, kUrgent, kFlash };
std::optional<Priority> ParsePriority(absl::string_view word);
absl::string_view PrintPriority(Priority priority);

enum class BulletinStatus { kUnspecified, kActual, kExercise, kTest };
std::optional<BulletinStatus> ParseBulletinStatus(absl::string_view word);
absl::string_view PrintBulletinStatus(BulletinStatus status);

// How a bulletin stands to an earlier one.
enum class Relation {
  kUnspecified,
  kExtends,
  kPermits,
  kRelabels,
  kReplies,
  kShares,
  kSupersedes,
  kWithdraws,
};
std::optional<Relation> ParseRelation(absl::string_view word);
absl::string_view PrintRelation(Relation relation);

// The kinds of each class, sorted; a kind is sealed content, only its class is in the clear.
std::span<const absl::string_view> KindsOf(BulletinClass bulletin_class);
std::optional<BulletinClass> ClassOfKind(absl::string_view kind);

// The sectors an organisation can be in, sorted.
std::span<const absl::string_view> AllSectors();
bool IsSector(absl::string_view code);

// Vetting levels are 0 to kMaxVetting.
inline constexpr int kMaxVetting = 3;
std::optional<int> ParseVetting(absl::string_view text);

}  // namespace shield
