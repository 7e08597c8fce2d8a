// The draft directory: what the vetting officer has entered, as it will be signed next.
//
//   shield/draft/v1
//   network antwerp.example
//   broker-key <vkey>                    0 or 1, with the next: learned at the first publication
//   log <vkey>
//   witness <vkey>                       0 to 8, then, with any, the quorum
//   quorum <n>
//   org … / key … / member …             the lines of the directory, in the order of its tree
//   challenge <member> <base64>          client/authority/challenge.h, of members who are pending
//   change <s> <deed> <id> <reason>      what was done, oldest first; the reason is C-escaped
//
// The record lines are those of docs/spec/directory.md, counts and roots included, so a draft can
// be read and compared with any text tool.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "policy/origin.h"
#include "policy/records.h"

namespace shield {

// Some 400,000 lines.
inline constexpr size_t kMaxDirectoryDraftBytes = 128 * 1024 * 1024;
inline constexpr size_t kMaxReasonBytes = 500;

enum class DraftDeed {
  kUnspecified,
  kAddOrg,
  kAddMember,
  kSuspend,
  kReinstate,
  kRevoke,
  kConfirm,    // a challenge was answered
  kRekey,      // new keys
  kEndKeys,    // the old ones have ended at once
  kNewBroker,  // the broker's keys are others
  kAdopt,      // the broker's version took the place of the draft
  kSetOrg,     // a record was corrected
  kSetMember
};

struct Change {
  absl::Time time = absl::UnixEpoch();
  DraftDeed deed = DraftDeed::kUnspecified;
  std::string id = {};      // of the organisation or member
  std::string reason = {};  // UTF-8, one line; empty for what is added

  friend bool operator==(const Change&, const Change&) = default;
};

// Of a member who is pending: what the answer to its challenge hashes to.
struct PendingChallenge {
  MemberId member;
  Digest answer_digest;

  friend bool operator==(const PendingChallenge&, const PendingChallenge&) = default;
};

struct DirectoryDraft {
  Origin network;
  std::string broker_key = {};              // empty until learned
  std::string log_key = {};                 // empty until learned
  std::vector<std::string> witnesses = {};  // vkeys, sorted, each once
  uint64_t quorum = 0;                      // at most as many as there are witnesses
  DirectoryRecords records = {};
  std::vector<PendingChallenge> challenges = {};
  std::vector<Change> changes = {};

  OrgRecord* FindOrg(const OrgId& id);
  MemberRecord* FindMember(const MemberId& id);
  const PendingChallenge* FindChallenge(const MemberId& member) const;  // null when none is open
};

// INVALID_ARGUMENT, rule DRAFT_MALFORMED or DIRECTORY_MALFORMED, naming the line.
absl::StatusOr<DirectoryDraft> ParseDraft(absl::string_view text);

// `orgs` are the lines of draft.records (policy/proof/directory_tree.h makes them).
std::string PrintDraft(const DirectoryDraft& draft, std::span<const OrgLines> orgs);

}  // namespace shield
