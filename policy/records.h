// The lines of a directory: organisations, members, keys (docs/spec/directory.md).
//
//   org hotel-astrid kind=member community=shield-antwerp sectors=hotels-restaurants regions=BE211
//       vetting=2 state=active from=0 until=9007199254740991 clients= members=4:<base64 root>
//   member astrid-desk org=hotel-astrid roles=desk vetting=1 state=active from=… until=…
//   exercise=no key astrid-desk seal age1… from=… until=…
//
// Each is ONE line without its LF: attributes in the printed order, all present, an empty list is
// nothing after '='. Lists are sorted and unique. A line that parses is exactly what printing the
// record gives. Key values are texts here; policy/proof checks that they are keys.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "policy/period.h"
#include "policy/vocabulary.h"

namespace shield {

inline constexpr size_t kMaxRecordBytes = 16 * 1024;

// An organisation's direct, registered, dated client.
struct ClientRelation {
  OrgId client;
  Period period = {};

  friend bool operator==(const ClientRelation&, const ClientRelation&) = default;
};

struct OrgRecord {
  OrgId id;
  OrgKind kind = OrgKind::kUnspecified;
  CommunityId community;
  std::vector<std::string> sectors = {};
  std::vector<std::string> regions = {};
  int vetting = 0;
  AccountState state = AccountState::kUnspecified;
  Period period = {};
  std::vector<ClientRelation> clients = {};
  uint64_t own_lines = 0;      // how many member and key lines follow it
  Digest own_lines_root = {};  // RFC 6962 root of those lines

  friend bool operator==(const OrgRecord&, const OrgRecord&) = default;
};

struct MemberRecord {
  MemberId id;
  OrgId org;
  std::vector<Role> roles = {};
  int vetting = 0;
  AccountState state = AccountState::kUnspecified;
  Period period = {};
  bool exercise = false;  // takes part in exercises

  bool Has(Role role) const;

  friend bool operator==(const MemberRecord&, const MemberRecord&) = default;
};

struct KeyRecord {
  MemberId member;
  KeyUse use = KeyUse::kUnspecified;
  std::string value = {};  // seal: age1…; sign: verifier key; tls: base64 SHA-256 of the SPKI
  Period period = {};

  friend bool operator==(const KeyRecord&, const KeyRecord&) = default;
};

struct DirectoryRecords {
  std::vector<OrgRecord> orgs;
  std::vector<MemberRecord> members;
  std::vector<KeyRecord> keys;
};

// One line each, without LF. Refusals: INVALID_ARGUMENT, rule DIRECTORY_MALFORMED (a code that is
// on no list: UNKNOWN_CODE), a sentence with the line.
absl::StatusOr<OrgRecord> ParseOrgRecord(absl::string_view line);
absl::StatusOr<MemberRecord> ParseMemberRecord(absl::string_view line);
absl::StatusOr<KeyRecord> ParseKeyRecord(absl::string_view line);

// Lists are sorted on the way.
std::string PrintOrgRecord(const OrgRecord& org);
std::string PrintMemberRecord(const MemberRecord& member);
std::string PrintKeyRecord(const KeyRecord& key);

// An organisation's line and its own lines, as they travel and as they are hashed.
struct OrgLines {
  std::string line;
  std::vector<std::string> own_lines;  // keys, then members; sorted bytewise
};

// The records of `lines`; every own line must belong to the organisation above it, own lines must
// be sorted bytewise without repetition, and as many as the org line says. Roots are not checked.
absl::StatusOr<DirectoryRecords> ParseOrgLines(const OrgLines& lines);

}  // namespace shield
