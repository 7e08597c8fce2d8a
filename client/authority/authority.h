// The vetting authority at work: enrolling, suspending, revoking, and publishing the directory.
//
//   ASSIGN_OR_RETURN(Authority authority, Authority::Open(folder));
//   RETURN_IF_ERROR(authority.AddOrg(org, now));
//   RETURN_IF_ERROR(authority.AddMember(member, now));
//   RETURN_IF_ERROR(authority.LearnBroker(answer.broker_key, answer.log_key));
//   ASSIGN_OR_RETURN(DirectoryUpload upload, authority.PrepareDirectory(passphrase, 0, now));
//   … connection.PublishDirectory(upload, timeout) …
//   RETURN_IF_ERROR(authority.CommitDirectory());
//
// Changes go into the draft and count for nobody until a version with them is published. Preparing
// writes the signed version to disk first and gives the same bytes again until it is known what
// became of them: an upload that timed out is repeated, never replaced by another text under the
// same number. Nothing here talks to the broker.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/authority/create_network.h"
#include "client/authority/draft.h"
#include "client/authority/home_lock.h"
#include "client/connection.h"
#include "client/home/home.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_directory.h"

namespace shield {

struct NewOrg {
  OrgId id;
  OrgKind kind = OrgKind::kUnspecified;
  std::optional<CommunityId> community = {};  // the network's own when empty
  std::vector<std::string> sectors = {};
  std::vector<std::string> regions = {};
  int vetting = 0;
  absl::Time until = NoEnd();
  // For kind client: the organisation it is a client of, and since when.
  std::optional<OrgId> client_of = {};
  std::optional<absl::Time> client_from = {};  // now when empty
};

struct NewMember {
  std::string request;  // the content of the member's request.txt
  OrgId org;
  std::vector<Role> roles = {};
  int vetting = 0;
  bool exercise = false;
  absl::Time until = NoEnd();
};

// What stands in the draft and not in the published directory, and the other way round.
struct DraftReview {
  std::vector<std::string> added;
  std::vector<std::string> removed;
};

// The community that organisations belong to when nothing else is said: the origin with hyphens
// for full stops, cut to 64 characters.
CommunityId NetworkCommunity(const Origin& network);

// Movable. Thread-compatible. Holds the home's lock while it lives.
class Authority {
 public:
  // FAILED_PRECONDITION when the folder is no authority's home or another process works in it.
  static absl::StatusOr<Authority> Open(const std::string& folder);

  const NetworkFile& network() const { return network_; }
  const DirectoryDraft& draft() const { return draft_; }
  const Home& home() const { return home_; }

  // ALREADY_EXISTS ID_TAKEN; INVALID_ARGUMENT UNKNOWN_CODE and others; NOT_FOUND: the provider. The
  // first organisation of kind authority brings the seat `vetting` with it; without one, publishing
  // makes an organisation for it.
  absl::Status AddOrg(const NewOrg& org, absl::Time now);

  // All or none, in one write. Errors are those of VerifyEnrolmentRequest and EnrolledKeys;
  // NOT_FOUND: the organisation; INVALID_ARGUMENT: no role, a role only authorities have.
  absl::Status AddMembers(std::span<const NewMember> members, absl::Time now);
  absl::Status AddMember(const NewMember& member, absl::Time now);

  // `reason`: one line of at most 500 bytes, kept in the draft's change lines. NOT_FOUND: no such
  // member; FAILED_PRECONDITION: already in that state, or rule OWN_SEAT for the authority's own
  // seat, without which no directory could be uploaded again. Revoking is final and ends all keys;
  // who is to come back is enrolled anew.
  absl::Status Suspend(const MemberId& id, absl::string_view reason, absl::Time now);
  absl::Status Reinstate(const MemberId& id, absl::string_view reason, absl::Time now);
  absl::Status Revoke(const MemberId& id, absl::string_view reason, absl::Time now);

  // The broker's keys, as GetBroker gave them over the pinned connection. The same again is fine;
  // others: DATA_LOSS BROKER_KEY_CHANGED.
  absl::Status LearnBroker(absl::string_view broker_key, absl::string_view log_key);

  // The witnesses of the log that directories name from the next one on, in the place of those
  // before, and how many of them members ask for. INVALID_ARGUMENT: no vkey, one twice, more than
  // kMaxWitnesses, a quorum above their number, a key that stands in the draft already.
  absl::Status SetWitnesses(std::vector<std::string> keys, uint64_t quorum);

  // The version to upload: the one on its way if there is one, else the draft, signed as the next
  // version with a fresh note. A draft without any authority is first given an organisation named
  // after the network, with the authority's own seat in it. FAILED_PRECONDITION before LearnBroker,
  // and with rule OWN_SEAT when the directory would shut this home out; UNAUTHENTICATED
  // (PASSPHRASE_REQUIRED or WRONG_PASSPHRASE) when the key is wrapped.
  absl::StatusOr<DirectoryUpload> PrepareDirectory(const Passphrase& passphrase, uint64_t log_size,
                                                   absl::Time now);
  // The version on its way has been accepted. FAILED_PRECONDITION when there is none.
  absl::Status CommitDirectory();
  // What the broker really holds, when an upload's outcome was unknown: commits the version on its
  // way if that is the one; forgets it if the broker holds the version before. DATA_LOSS
  // DIRECTORY_FORK when it holds something this home never made.
  absl::Status SettleDirectory(const std::optional<HeldDirectory>& broker);
  bool HasDirectoryOnItsWay() const { return home_.Has(kUploadFile); }

  // A new freshness note for the published version; note and lines stay empty.
  // FAILED_PRECONDITION when none is published or the one published has expired.
  absl::StatusOr<DirectoryUpload> PrepareRefresh(uint64_t log_size, absl::Time now) const;
  // The broker accepted `fresh`.
  absl::Status CommitRefresh(absl::string_view fresh);

  // Nothing before the first publication.
  absl::StatusOr<std::optional<DirectoryUpload>> Published() const;
  // The published version, every signature and root checked. NOT_FOUND before the first.
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> VerifyPublished() const;
  absl::StatusOr<DraftReview> Review() const;

 private:
  Authority(Home home, HomeLock lock, NetworkFile network, DirectoryDraft draft);

  absl::Status EnrolSeat(const OrgId& org, absl::Time now, DirectoryDraft& draft) const;
  absl::Status EnsureSeat(absl::Time now);
  absl::StatusOr<DirectoryUpload> SignNext(const Passphrase& passphrase, uint64_t log_size,
                                           absl::Time now) const;
  absl::Status ChangeState(const MemberId& id, const Change& change);
  // Replaces the draft, on disk first, if it makes a directory.
  absl::Status Save(const DirectoryDraft& draft);

  Home home_;
  HomeLock lock_;
  NetworkFile network_;
  DirectoryDraft draft_;
};

}  // namespace shield
