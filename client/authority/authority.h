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
#include "base/random.h"
#include "client/authority/create_network.h"
#include "client/authority/draft.h"
#include "client/authority/home_lock.h"
#include "client/authority/made_note.h"
#include "client/authority/signing_file.h"
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

// What is to be another in a record of the draft; what is empty stays.
struct OrgChange {
  std::optional<OrgKind> kind = {};
  std::optional<CommunityId> community = {};
  std::optional<std::vector<std::string>> sectors = {};
  std::optional<std::vector<std::string>> regions = {};
  std::optional<int> vetting = {};
  std::optional<absl::Time> until = {};
  std::optional<OrgId> client_of = {};  // in the place of every provider before
  std::optional<absl::Time> client_from = {};

  friend bool operator==(const OrgChange&, const OrgChange&) = default;
};

struct MemberChange {
  std::optional<OrgId> org = {};
  std::optional<std::vector<Role>> roles = {};
  std::optional<int> vetting = {};
  std::optional<bool> exercise = {};
  std::optional<absl::Time> until = {};  // keys that ended with the membership follow it

  friend bool operator==(const MemberChange&, const MemberChange&) = default;
};

// How to change what network.shield pins. Keys keep their names: a new key has a new number.
struct RotationPlan {
  std::vector<VerifierKey> add = {};  // of other officers
  std::vector<uint64_t> remove = {};  // the n of authority-<n>
  bool new_key = false;               // make one here, under the next free number
  bool new_seat = false;              // new keys for the authority's own seat; the old ones end
  std::optional<uint64_t> threshold = {};
  std::optional<std::string> broker_address = {};
  std::optional<Digest> broker_pin = {};
};

// How long old keys of a member count beside its new ones when nothing else is said.
inline constexpr absl::Duration kDefaultOverlap = absl::Hours(14 * 24);
inline constexpr absl::Duration kMaxOverlap = absl::Hours(90 * 24);
// Then nothing that an ended key signed is judged any more, and its record goes.
inline constexpr absl::Duration kKeyRecordLife = absl::Hours(400 * 24);

// What stands in the draft and not in the published directory, and the other way round.
struct DraftReview {
  std::vector<std::string> added;
  std::vector<std::string> removed;
};

// The version of a broker that is ahead of this home.
struct AdoptionReview {
  uint64_t version = 0;
  DraftReview draft;  // lines that come into the draft and lines that go
};

// A version that waits for signatures of other officers.
struct SignaturesWanted {
  uint64_t version = 0;
  size_t signatures = 0;  // that are there
  uint64_t threshold = 1;
  std::vector<std::string> missing = {};  // names of the keys that have not signed
  bool draft_changed = false;             // records have been entered since that it does not hold
};

// What became of the version that was on its way to the broker.
struct Settlement {
  enum class Outcome {
    kGoesOutAgain,  // as it is
    kAccepted,      // the broker holds it
    kPassedOver,    // the draft says something else by now, and becomes the version after it
  };
  uint64_t version = 0;
  Outcome outcome = Outcome::kGoesOutAgain;
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
  // first organisation of kind authority brings the seat `vetting` with it, and may have no end
  // (OWN_SEAT); without one, publishing makes an organisation for it.
  absl::Status AddOrg(const NewOrg& org, absl::Time now);

  // All or none, in one write. Errors are those of VerifyEnrolmentRequest and EnrolledKeys;
  // NOT_FOUND: the organisation; INVALID_ARGUMENT: no role, a role only authorities have.
  absl::Status AddMembers(std::span<const NewMember> members, absl::Time now);
  absl::Status AddMember(const NewMember& member, absl::Time now);

  // Correct a record of the draft. NOT_FOUND: no such organisation or member, or the one it is to
  // belong to; INVALID_ARGUMENT as for what is added; FAILED_PRECONDITION: the member is revoked,
  // a seat of an authority would move, the kind would not fit the seats or relations there are, or
  // rule OWN_SEAT. A new end is that of the member's present keys and of the client's relations
  // too, where they ended with it.
  absl::Status SetOrg(const OrgId& id, const OrgChange& change, absl::Time now);
  absl::Status SetMember(const MemberId& id, const MemberChange& change, absl::Time now);

  // AddMember of one whose record stays pending until ConfirmMember: `challenge` is an age
  // file to the new seal key alone (client/authority/challenge.h).
  absl::StatusOr<std::string> AddPendingMember(const NewMember& member, absl::Time now,
                                               Random& random);
  // The answer that opening the challenge gave. NOT_FOUND: nobody who is challenged;
  // PERMISSION_DENIED, rule WRONG_ANSWER.
  absl::Status ConfirmMember(const MemberId& id, absl::string_view answer, absl::Time now);

  // New keys for a member. `request` is one for new keys, signed by the present sign key too: the
  // keys before go on for `overlap` (0 to kMaxOverlap). Or it is a request to be enrolled, of a
  // member all of whose keys have ended (EndMemberKeys): who it is, the fingerprint has to show.
  // Bulletins are sealed to the new key as soon as the draft is published. NOT_FOUND: no such
  // member; FAILED_PRECONDITION: it is revoked, rule KEYS_ACTIVE, OWN_SEAT, or CHALLENGE_OPEN: the
  // answer would prove keys that it has no more; PERMISSION_DENIED, rule NOT_PRESENT_KEY: not
  // signed by the present key; KEY_TAKEN; the errors of VerifyRekeyRequest and
  // VerifyEnrolmentRequest. Gives the member.
  absl::StatusOr<MemberId> RekeyMember(absl::string_view request, absl::Duration overlap,
                                       absl::Time now);
  // Ends every key of a member at once, for a laptop that was lost; the member stays, and comes
  // back with new keys. Errors are those of Suspend.
  absl::Status EndMemberKeys(const MemberId& id, absl::string_view reason, absl::Time now);

  // `reason`: one line of at most 500 bytes, kept in the draft's change lines. NOT_FOUND: no such
  // member; FAILED_PRECONDITION: already in that state, or rule OWN_SEAT for the authority's own
  // seat, without which no directory could be uploaded again, or CHALLENGE_OPEN: who is pending is
  // confirmed or revoked, and nothing else. Revoking is final and ends all keys;
  // who is to come back is enrolled anew.
  absl::Status Suspend(const MemberId& id, absl::string_view reason, absl::Time now);
  absl::Status Reinstate(const MemberId& id, absl::string_view reason, absl::Time now);
  absl::Status Revoke(const MemberId& id, absl::string_view reason, absl::Time now);

  // The broker's keys, as GetBroker gave them over the pinned connection. The same again is fine;
  // others: DATA_LOSS BROKER_KEY_CHANGED.
  absl::Status LearnBroker(absl::string_view broker_key, absl::string_view log_key);

  // Takes other keys for those of the broker, because a person has confirmed them. A version that
  // waits for signatures and names those before is given up.
  absl::Status AcceptBroker(absl::string_view broker_key, absl::string_view log_key,
                            absl::string_view reason, absl::Time now);

  // Makes another freshness key; the next directory names it, and until then the present one goes
  // on, if it is still there. Doing it again changes nothing.
  absl::Status RenewFreshKey(Random& random);

  // A rotation of the authority's keys or of the broker, to come into force with the next directory
  // and signed with it: by the threshold of the keys before and by that of the new ones. Replaces
  // one that was planned before; one that is signed and on its way to the broker stays signed, and
  // this one continues it. Gives the network as it will be; next.shield holds its file. New
  // keys of the own seat are staged in the home (Home::StageKeys) and take over when the directory
  // is accepted that comes with it; those before end in that directory. The passphrase is that of
  // the home's keys; UNAUTHENTICATED without it, for a new seat. NOT_FOUND: no key of a number to
  // be removed; INVALID_ARGUMENT: THRESHOLD_UNSUPPORTED and what NextNetwork and
  // CheckAddedKeys refuse.
  absl::StatusOr<NetworkFile> PlanRotation(const RotationPlan& plan, const Passphrase& passphrase,
                                           absl::Time now, Random& random);
  // Gives a plan up, and the keys that were staged for it. FAILED_PRECONDITION while a directory is
  // on its way to the broker, which may have taken it: then these keys are the ones that count.
  absl::Status CancelRotation();
  // The network after the rotation that is planned; network() when none is.
  absl::StatusOr<NetworkFile> NetworkToBe() const;

  // The witnesses of the log that directories name from the next one on, in the place of those
  // before, and how many of them members ask for. INVALID_ARGUMENT: no vkey, one twice, more than
  // kMaxWitnesses, a quorum above their number, a key that stands in the draft already.
  absl::Status SetWitnesses(std::vector<std::string> keys, uint64_t quorum);

  // The version to upload: the one on its way if there is one, else the one that waits for
  // signatures, else the draft, signed as the next version; with a fresh note. A draft without any
  // authority is first given an organisation named after the network, with the authority's own seat
  // in it. FAILED_PRECONDITION before LearnBroker, with rule OWN_SEAT when the directory would shut
  // this home out, and with rule SIGNATURES_MISSING when other officers have to sign it first: then
  // it waits in signing.txt. UNAUTHENTICATED (PASSPHRASE_REQUIRED or WRONG_PASSPHRASE) when the key
  // is wrapped.
  absl::StatusOr<DirectoryUpload> PrepareDirectory(const Passphrase& passphrase, uint64_t log_size,
                                                   absl::Time now);
  // The version that waits for signatures; nothing when none does, or when it has expired, been
  // overtaken, was made by a clock far ahead or names other keys of the broker or other witnesses
  // than the draft: the next PrepareDirectory makes another.
  absl::StatusOr<std::optional<SignaturesWanted>> Wanted(absl::Time now) const;
  // The file that officers sign: client/authority/signing_file.h.
  absl::StatusOr<std::string> SigningText() const;
  // Takes the signatures of such a file that are of the authority's keys. FAILED_PRECONDITION when
  // no version waits; the errors of ParseSigningFile and WithSignaturesOf.
  absl::Status AddSignatures(absl::string_view signing_file, absl::Time now);
  // Forgets the version that waits; the next PrepareDirectory makes another text of that number.
  absl::Status DropSigning();

  // The version on its way has been accepted. FAILED_PRECONDITION when there is none.
  absl::Status CommitDirectory();
  // What the broker really holds, when an upload's outcome was unknown: commits the version on its
  // way if that is the one. What is signed is never signed otherwise under its number, whatever the
  // broker says it holds: such a version goes out again as it is, or, when the draft says something
  // else by now, counts as published here, and the next one passes over it. FAILED_PRECONDITION
  // when none is on its way; the errors of VersionsSince, which change nothing.
  absl::StatusOr<Settlement> SettleDirectory(const std::optional<HeldDirectory>& broker);
  // The notes of the versions between the one the broker holds and the next one, to be uploaded
  // with it; mostly none. FAILED_PRECONDITION: rule DIRECTORY_AHEAD, the broker's is newer than any
  // this home knows; rule VERSIONS_MISSING, it holds none and this home has not kept all; DATA_LOSS
  // DIRECTORY_FORK: it holds a text under a number that this home knows by another.
  absl::StatusOr<std::vector<std::string>> VersionsSince(
      const std::optional<HeldDirectory>& broker) const;

  // For a home that is behind the broker, because it was restored from an older copy or somebody
  // else uploaded a version that it had given up: what taking `held`, the version the broker holds,
  // as published and as the draft would change in the draft. It must carry the threshold and be
  // newer than the version published here, whose successor it must name if it is the next one. The
  // errors of FollowAuthority and VerifyDirectory; FAILED_PRECONDITION, rule NOTHING_TO_ADOPT: it
  // is the one that is published here.
  absl::StatusOr<AdoptionReview> ReviewAdoption(const DirectoryUpload& held) const;
  // Does that. What waited for signatures or was on its way is dropped.
  absl::Status AdoptDirectory(const DirectoryUpload& held, absl::string_view reason,
                              absl::Time now);
  bool HasDirectoryOnItsWay() const { return home_.Has(kUploadFile); }

  // A new freshness note for the published version; note and lines stay empty.
  // FAILED_PRECONDITION when none is published or the one published has expired.
  absl::StatusOr<DirectoryUpload> PrepareRefresh(uint64_t log_size, absl::Time now) const;
  // The broker accepted `fresh`.
  absl::Status CommitRefresh(absl::string_view fresh);

  // Nothing before the first publication.
  absl::StatusOr<std::optional<DirectoryUpload>> Published() const;
  absl::StatusOr<std::optional<HeldDirectory>> PublishedHeld() const;
  // The published version, every signature and root checked. NOT_FOUND before the first.
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> VerifyPublished() const;
  absl::StatusOr<DraftReview> Review() const;

 private:
  Authority(Home home, HomeLock lock, NetworkFile network, DirectoryDraft draft);

  absl::StatusOr<std::optional<std::string>> PlannedRotation() const;
  // A rotation that came into being with a version on its way is followed here, whatever becomes of
  // that version.
  absl::Status KeepSignedRotation();
  // Every key that the authority has had, as far as this home knows.
  absl::StatusOr<std::vector<VerifierKey>> KeysEver() const;
  // The TLS pin of new keys for the own seat, staged now if none are.
  absl::StatusOr<Digest> StageSeat(const Passphrase& passphrase, absl::Time now, Random& random);
  // The draft as a version made at `now` would hold it: with the keys of the own seat that a
  // planned rotation brings.
  absl::StatusOr<DirectoryDraft> DraftToBe(const NetworkFile& network, absl::Time now) const;
  // The seat's keys in the draft are those of the published version, and the staged ones taken up
  // if they are the ones it names.
  absl::Status TakeUpSeat(const DirectoryUpload& published, const NetworkFile& network);
  // Drops the former key of the own seat (client/authority/former_seat.h) once a broker has taken a
  // directory that was issued, at `taken`, kFormerSeatLife after that key's end.
  absl::Status ForgetFormerSeat(absl::Time taken);
  // The version on its way counts as published here, whether or not a broker has taken it.
  absl::Status KeepAsPublished();
  // After a directory: what a rotation made of the network is pinned here too, and a new freshness
  // key takes the place of the one before.
  absl::Status FollowPublished();
  absl::Status TakeUpFreshKey(absl::string_view published_note);
  absl::StatusOr<std::optional<DirectoryUpload>> OnItsWay() const;
  // Whether a note names other keys of the broker or other witnesses than the draft.
  bool NamesOthers(const DirectoryNote& note) const;
  // Whether a version made now would say something else than the one on its way.
  absl::StatusOr<bool> DraftMovedOn(const DirectoryUpload& waiting, const MadeNote& made) const;
  // Whether the number of a version on its way is used up: nobody accepts it any more.
  bool IsSpent(const MadeNote& made, absl::Time now) const;
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> VerifyAdoptable(
      const DirectoryUpload& held) const;
  absl::Status EnrolSeat(const OrgId& org, absl::Time now, DirectoryDraft& draft) const;
  absl::Status EnsureSeat(absl::Time now);
  // Records of keys that ended kKeyRecordLife ago go.
  absl::Status ForgetOldKeys(absl::Time now);
  // What was ended since the published version ends with the one that is made now: neither what
  // came meanwhile nor who is asked about it is judged by a moment that nobody knew of.
  absl::Status EndKeysWithNext(absl::Time now);
  // The draft as the next version, signed by the keys of this home alone and without a fresh note.
  absl::StatusOr<DirectoryUpload> SignNext(const Passphrase& passphrase, absl::Time now) const;
  absl::StatusOr<std::optional<SigningFile>> KeptSigning(absl::Time now) const;
  absl::StatusOr<DirectoryUpload> SignedByEnough(const Passphrase& passphrase, absl::Time now);
  absl::Status TakeBroker(absl::string_view broker_key, absl::string_view log_key,
                          DirectoryDraft& draft);
  absl::Status ChangeState(const MemberId& id, const Change& change);
  // Replaces the draft, on disk first, if it makes a directory.
  absl::Status Save(const DirectoryDraft& draft);

  Home home_;
  HomeLock lock_;
  NetworkFile network_;
  DirectoryDraft draft_;
};

}  // namespace shield
