#include "policy/vocabulary.h"

#include <algorithm>
#include <array>

namespace shield {
namespace {

template <typename Enum>
struct Word {
  absl::string_view text;
  Enum value;
};

constexpr absl::string_view kNoWord = "unspecified";  // on no list, so no parser takes it

template <typename Enum, size_t N>
std::optional<Enum> Parse(const std::array<Word<Enum>, N>& words, absl::string_view text) {
  for (const Word<Enum>& word : words) {
    if (word.text == text) return word.value;
  }
  return std::nullopt;
}

template <typename Enum, size_t N>
absl::string_view Print(const std::array<Word<Enum>, N>& words, Enum value) {
  for (const Word<Enum>& word : words) {
    if (word.value == value) return word.text;
  }
  return kNoWord;
}

constexpr std::array<Word<OrgKind>, 3> kOrgKinds = {{
    {"authority", OrgKind::kAuthority},
    {"client", OrgKind::kClient},
    {"member", OrgKind::kMember},
}};
constexpr std::array<Word<Role>, 6> kRoles = {{
    {"analyst", Role::kAnalyst},
    {"auditor", Role::kAuditor},
    {"desk", Role::kDesk},
    {"digest", Role::kDigest},
    {"reader", Role::kReader},
    {"vetting", Role::kVetting},
}};
constexpr std::array<Word<AccountState>, 4> kAccountStates = {{
    {"active", AccountState::kActive},
    {"pending", AccountState::kPending},
    {"revoked", AccountState::kRevoked},
    {"suspended", AccountState::kSuspended},
}};
constexpr std::array<Word<KeyUse>, 3> kKeyUses = {{
    {"seal", KeyUse::kSeal},
    {"sign", KeyUse::kSign},
    {"tls", KeyUse::kTls},
}};
constexpr std::array<Word<BulletinClass>, 4> kClasses = {{
    {"content", BulletinClass::kContent},
    {"control", BulletinClass::kControl},
    {"direct", BulletinClass::kDirect},
    {"report", BulletinClass::kReport},
}};
constexpr std::array<Word<Priority>, 3> kPriorities = {{
    {"flash", Priority::kFlash},
    {"routine", Priority::kRoutine},
    {"urgent", Priority::kUrgent},
}};
constexpr std::array<Word<BulletinStatus>, 3> kStatuses = {{
    {"actual", BulletinStatus::kActual},
    {"exercise", BulletinStatus::kExercise},
    {"test", BulletinStatus::kTest},
}};
constexpr std::array<Word<Relation>, 7> kRelations = {{
    {"extends", Relation::kExtends},
    {"permits", Relation::kPermits},
    {"relabels", Relation::kRelabels},
    {"replies", Relation::kReplies},
    {"shares", Relation::kShares},
    {"supersedes", Relation::kSupersedes},
    {"withdraws", Relation::kWithdraws},
}};

constexpr std::array<absl::string_view, 13> kContentKinds = {
    "event_plan",          "flash_alert",        "geo_restriction", "guidance", "hash_list",
    "indicator_checklist", "measure_activation", "meeting",         "notice",   "survey",
    "threat_level",        "training",           "weekly_briefing"};
constexpr std::array<absl::string_view, 4> kReportKinds = {"feedback", "rfi_response", "rsvp",
                                                           "suspicious_activity"};
constexpr std::array<absl::string_view, 2> kDirectKinds = {"data_request", "message"};
constexpr std::array<absl::string_view, 1> kControlKinds = {"withdraw"};

constexpr std::array<absl::string_view, 16> kSectors = {"cinemas-theatres",
                                                        "commercial-centres",
                                                        "critical-infrastructure",
                                                        "education",
                                                        "health",
                                                        "hotels-restaurants",
                                                        "major-events",
                                                        "night-time-economy",
                                                        "other",
                                                        "places-of-worship",
                                                        "private-security",
                                                        "public-sector",
                                                        "retail",
                                                        "stadia-arenas",
                                                        "transport",
                                                        "visitor-attractions"};

}  // namespace

std::optional<OrgKind> ParseOrgKind(absl::string_view word) { return Parse(kOrgKinds, word); }
absl::string_view PrintOrgKind(OrgKind kind) { return Print(kOrgKinds, kind); }

std::optional<Role> ParseRole(absl::string_view word) { return Parse(kRoles, word); }
absl::string_view PrintRole(Role role) { return Print(kRoles, role); }

std::optional<AccountState> ParseAccountState(absl::string_view word) {
  return Parse(kAccountStates, word);
}
absl::string_view PrintAccountState(AccountState state) { return Print(kAccountStates, state); }

std::optional<KeyUse> ParseKeyUse(absl::string_view word) { return Parse(kKeyUses, word); }
absl::string_view PrintKeyUse(KeyUse use) { return Print(kKeyUses, use); }

std::optional<BulletinClass> ParseBulletinClass(absl::string_view word) {
  return Parse(kClasses, word);
}
absl::string_view PrintBulletinClass(BulletinClass bulletin_class) {
  return Print(kClasses, bulletin_class);
}

std::optional<Priority> ParsePriority(absl::string_view word) { return Parse(kPriorities, word); }
absl::string_view PrintPriority(Priority priority) { return Print(kPriorities, priority); }

std::optional<BulletinStatus> ParseBulletinStatus(absl::string_view word) {
  return Parse(kStatuses, word);
}
absl::string_view PrintBulletinStatus(BulletinStatus status) { return Print(kStatuses, status); }

std::optional<Relation> ParseRelation(absl::string_view word) { return Parse(kRelations, word); }
absl::string_view PrintRelation(Relation relation) { return Print(kRelations, relation); }

std::span<const absl::string_view> KindsOf(BulletinClass bulletin_class) {
  switch (bulletin_class) {
    case BulletinClass::kUnspecified:
      break;
    case BulletinClass::kContent:
      return kContentKinds;
    case BulletinClass::kReport:
      return kReportKinds;
    case BulletinClass::kDirect:
      return kDirectKinds;
    case BulletinClass::kControl:
      return kControlKinds;
  }
  return {};
}

std::optional<BulletinClass> ClassOfKind(absl::string_view kind) {
  for (const Word<BulletinClass>& word : kClasses) {
    const std::span<const absl::string_view> kinds = KindsOf(word.value);
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return word.value;
  }
  return std::nullopt;
}

std::span<const absl::string_view> AllSectors() { return kSectors; }

bool IsSector(absl::string_view code) {
  return std::binary_search(kSectors.begin(), kSectors.end(), code);
}

std::optional<int> ParseVetting(absl::string_view text) {
  if (text.size() != 1 || text[0] < '0' || text[0] > '0' + kMaxVetting) return std::nullopt;
  return text[0] - '0';
}

}  // namespace shield
