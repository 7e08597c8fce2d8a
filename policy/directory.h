// The directory, ready to be asked: who is enrolled, where, with which keys.
//
//   const MemberRecord* caller = directory->MemberByTlsPin(pin, now);
//   if (caller == nullptr) return UnknownCaller();
//   const KeyRecord* key = directory->ActiveKey(caller->id, KeyUse::kSeal, now);
//
// It holds the organisations its owner was shown, each whole: a member's copy is a part of the
// broker's. Signatures and roots are policy/proof's affair; what is made here is well-formed and
// consistent, not yet trusted. Lookups are by hash; 100,000 members are indexed once, at creation.
// State and period of organisations, members and keys are facts here; policy/decision.h judges
// them.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "policy/directory_note.h"
#include "policy/records.h"

namespace shield {

// Immutable; pointers and spans it gives live as long as it does.
class Directory {
 public:
  // Refuses (INVALID_ARGUMENT, DIRECTORY_MALFORMED): an id that stands twice, a key value that
  // stands twice, a member of an organisation or a key of a member that is not there, an
  // organisation without all its lines, a sign key named for another member or network, more
  // organisations than the note says.
  static absl::StatusOr<std::shared_ptr<const Directory>> Create(DirectoryNote note,
                                                                 DirectoryRecords records);

  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const DirectoryNote& note() const { return note_; }
  uint64_t version() const { return note_.version; }
  // Whether every organisation of the network is in it.
  bool complete() const { return orgs_.size() == note_.orgs; }

  // Sorted by id.
  std::span<const OrgRecord> orgs() const { return orgs_; }
  // Sorted by organisation, then id.
  std::span<const MemberRecord> members() const { return members_; }
  // Sorted by member, then as their lines are.
  std::span<const KeyRecord> keys() const { return keys_; }

  // Null when there is none.
  const OrgRecord* FindOrg(const OrgId& id) const;
  const MemberRecord* FindMember(const MemberId& id) const;
  // The organisation of a member that is in this directory.
  const OrgRecord& OrgOf(const MemberRecord& member) const;

  // Empty for an id that is not there. Sorted by id.
  std::span<const MemberRecord> MembersOf(const OrgId& org) const;
  std::span<const KeyRecord> KeysOf(const MemberId& member) const;

  // Organisations, sorted by id, each once. OrgsInRegion gives those with a region that overlaps
  // `code` (policy/regions.h).
  std::vector<const OrgRecord*> OrgsOfKind(OrgKind kind) const;
  std::vector<const OrgRecord*> OrgsInCommunity(const CommunityId& community) const;
  std::vector<const OrgRecord*> OrgsInSector(absl::string_view code) const;
  std::vector<const OrgRecord*> OrgsInRegion(absl::string_view code) const;

  // The member's key for `use` whose period holds `time`: of several the one with the latest
  // `from`, of those the bytewise largest value. Null when there is none.
  const KeyRecord* ActiveKey(const MemberId& member, KeyUse use, absl::Time time) const;

  // Whose TLS key, active at `time` or when the note was issued, if later, has this SPKI digest.
  const MemberRecord* MemberByTlsPin(const Digest& pin, absl::Time time) const;

 private:
  struct Range {
    uint32_t begin = 0;
    uint32_t end = 0;
  };
  using OrgIndexes = std::vector<uint32_t>;  // into orgs_, ascending

  explicit Directory(DirectoryNote note) : note_(std::move(note)) {}
  absl::Status Index(DirectoryRecords records);
  absl::Status IndexOrgs();
  absl::Status IndexMembers();
  absl::Status IndexKeys();
  absl::Status CheckOwnLines() const;
  std::vector<const OrgRecord*> Orgs(OrgIndexes indexes) const;

  const DirectoryNote note_;
  std::vector<OrgRecord> orgs_;
  std::vector<MemberRecord> members_;
  std::vector<KeyRecord> keys_;
  absl::flat_hash_map<OrgId, uint32_t> org_by_id_;
  absl::flat_hash_map<MemberId, uint32_t> member_by_id_;
  absl::flat_hash_map<OrgId, Range> members_of_;
  absl::flat_hash_map<MemberId, Range> keys_of_;
  absl::flat_hash_map<Digest, uint32_t> tls_key_by_pin_;
  absl::flat_hash_map<CommunityId, OrgIndexes> by_community_;
  absl::flat_hash_map<std::string, OrgIndexes> by_sector_;
  absl::flat_hash_map<std::string, OrgIndexes> by_region_;         // exactly this canonical code
  absl::flat_hash_map<std::string, OrgIndexes> by_region_prefix_;  // this code or one inside it
};

}  // namespace shield
