// Authority: the draft becomes a signed version, and what becomes of that version.
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/authority_key.h"
#include "client/authority/directory_file.h"
#include "client/authority/fresh_key.h"
#include "client/authority/made_note.h"
#include "client/authority/own_seat.h"
#include "client/authority/version_notes.h"
#include "client/home/private_file.h"
#include "client/home/secret_text.h"
#include "crypto/note.h"
#include "policy/directory_note.h"
#include "policy/fields.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/fresh.h"

namespace shield {
namespace {

// A note on its way is given another freshness note when its own has less than this left.
constexpr absl::Duration kFreshEnough = absl::Hours(12);

absl::StatusOr<std::optional<DirectoryUpload>> ReadFile(const Home& home, absl::string_view name) {
  if (!home.Has(name)) return std::optional<DirectoryUpload>();
  ASSIGN_OR_RETURN(const std::string text,
                   ReadSmallFile(home.PathOf(name), kMaxDirectoryDraftBytes));
  ASSIGN_OR_RETURN(DirectoryUpload upload, ParseDirectoryFile(text));
  return std::optional<DirectoryUpload>(std::move(upload));
}

absl::StatusOr<std::string> MakeFresh(const Home& home, const MadeNote& made, uint64_t log_size,
                                      absl::Time now) {
  ASSIGN_OR_RETURN(const SigningKey key,
                   ReadFreshKey(home, made.note.network, FreshKeyFileFor(home, made.note)));
  return SignFreshNote(FreshNote{.network = made.note.network,
                                 .directory = made.held,
                                 .log_size = log_size,
                                 .issued = now,
                                 .expires = now + kMaxFreshLife},
                       key);
}

// The note of `text`, signed by every key of `keys` that this home holds.
absl::StatusOr<std::string> SignWithHeld(absl::string_view text, const Home& home,
                                         std::span<const VerifierKey> keys,
                                         const Passphrase& passphrase) {
  std::string note;
  for (const VerifierKey& pinned : AuthorityKeysHeld(home, keys)) {
    ASSIGN_OR_RETURN(const SigningKey key, ReadAuthorityKey(home, pinned, passphrase));
    if (note.empty()) {
      note = SignNote(text, pinned.name(), key);
      continue;
    }
    absl::StatusOr<std::string> more = AddSignature(note, pinned.name(), key);
    if (absl::IsAlreadyExists(more.status())) continue;  // named before and after a rotation
    ASSIGN_OR_RETURN(note, std::move(more));
  }
  if (!note.empty()) return note;
  return WithHint(
      absl::FailedPreconditionError("directory not signed: this home holds no authority key"),
      "restore authority-<n>.key from its copy");
}

// Whether the freshness note of an upload will still be good for a while.
bool IsFreshEnough(const DirectoryUpload& upload, absl::Time now) {
  const absl::StatusOr<SignedNote> note = ParseNote(upload.fresh);
  if (!note.ok()) return false;
  const absl::StatusOr<FreshNote> fresh = ParseFreshNote(note->text);
  return fresh.ok() && fresh->expires - now >= kFreshEnough;
}

absl::Status NothingOnItsWay() {
  return absl::FailedPreconditionError("no directory version is on its way to the broker");
}

// What a note can say of `time`.
absl::Time WholeSeconds(absl::Time time) {
  return absl::FromUnixSeconds(absl::ToUnixSeconds(time));
}

}  // namespace

absl::StatusOr<std::optional<DirectoryUpload>> Authority::Published() const {
  return ReadFile(home_, kDirectoryFile);
}

absl::StatusOr<std::optional<DirectoryUpload>> Authority::OnItsWay() const {
  return ReadFile(home_, kUploadFile);
}

absl::StatusOr<DirectoryUpload> Authority::PrepareDirectory(const Passphrase& passphrase,
                                                            uint64_t log_size, absl::Time now) {
  now = WholeSeconds(now);
  ASSIGN_OR_RETURN(std::optional<DirectoryUpload> waiting, OnItsWay());
  if (waiting.has_value()) {
    ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(waiting->note));
    if (IsSpent(made, now)) {
      RETURN_IF_ERROR(KeepAsPublished());
      waiting.reset();
    }
  }
  if (waiting.has_value()) {
    if (IsFreshEnough(*waiting, now)) return *std::move(waiting);
    ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(waiting->note));
    ASSIGN_OR_RETURN(waiting->fresh, MakeFresh(home_, made, log_size, now));
    RETURN_IF_ERROR(home_.Write(kUploadFile, PrintDirectoryFile(*waiting)));
    return *std::move(waiting);
  }
  if (draft_.broker_key.empty()) {
    return absl::FailedPreconditionError("directory not signed: the broker's keys are not known");
  }
  RETURN_IF_ERROR(EnsureSeat(now));
  RETURN_IF_ERROR(ForgetOldKeys(now));
  ASSIGN_OR_RETURN(DirectoryUpload upload, SignedByEnough(passphrase, now));
  ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(upload.note));
  ASSIGN_OR_RETURN(upload.fresh, MakeFresh(home_, made, log_size, now));
  RETURN_IF_ERROR(home_.Write(kUploadFile, PrintDirectoryFile(upload)));
  return upload;
}

absl::StatusOr<DirectoryUpload> Authority::SignNext(const Passphrase& passphrase,
                                                    absl::Time now) const {
  ASSIGN_OR_RETURN(const NetworkFile network, NetworkToBe());
  ASSIGN_OR_RETURN(const DirectoryDraft draft, DraftToBe(network, now));
  RETURN_IF_ERROR(CheckOwnSeat(draft, network, now));
  // Also while it is in force: the version after it may come on its last day.
  RETURN_IF_ERROR(CheckOwnSeat(draft, network, now + kMaxDirectoryLife));
  DirectoryNote note{.network = network_.network, .version = 1};
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  if (published.has_value()) {
    ASSIGN_OR_RETURN(const MadeNote last, ReadMadeNote(published->note));
    note.version = last.held.version + 1;
    note.previous = last.held.digest;
  }
  note.issued = now;
  note.expires = now + kMaxDirectoryLife;
  note.broker_address = network.broker_address;
  note.broker_pin = network.broker_pin;
  note.broker_key = draft_.broker_key;
  note.log_key = draft_.log_key;
  note.witnesses = draft_.witnesses;
  note.quorum = draft_.quorum;
  ASSIGN_OR_RETURN(note.fresh_key,
                   FreshKeyText(home_, network_.network,
                                home_.Has(kNextFreshKeyFile) ? kNextFreshKeyFile : kFreshKeyFile));
  ASSIGN_OR_RETURN(const DirectoryText built, BuildDirectoryText(std::move(note), draft.records));
  DirectoryUpload upload;
  ASSIGN_OR_RETURN(upload.note, SignWithHeld(built.text, home_, network.authority, passphrase));
  upload.lines = Flatten(built.orgs);
  if (published.has_value()) upload.authority = published->authority;
  ASSIGN_OR_RETURN(const std::optional<std::string> rotation, PlannedRotation());
  if (rotation.has_value()) {
    std::vector<VerifierKey> keys = network_.authority;
    keys.insert(keys.end(), network.authority.begin(), network.authority.end());
    ASSIGN_OR_RETURN(const std::string signed_rotation,
                     SignWithHeld(*rotation, home_, keys, passphrase));
    upload.authority = JoinAuthorityChain(upload.authority, signed_rotation);
  }
  return upload;
}

absl::Status Authority::RenewFreshKey(Random& random) {
  if (home_.Has(kNextFreshKeyFile)) return absl::OkStatus();
  const SigningKey key = SigningKey::Generate(random);
  RETURN_IF_ERROR(DropSigning());
  const SecretText text(key.Print(network_.network.KeyName("fresh"), SecretAccess::ForExport()));
  return home_.Write(kNextFreshKeyFile, text.Reveal(SecretAccess::ForExport()));
}

absl::Status Authority::TakeUpFreshKey(absl::string_view published_note) {
  if (!home_.Has(kNextFreshKeyFile)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(published_note));
  if (FreshKeyFileFor(home_, made.note) != kNextFreshKeyFile) return absl::OkStatus();
  return MovePrivateFile(home_.PathOf(kNextFreshKeyFile), home_.PathOf(kFreshKeyFile));
}

absl::Status Authority::CommitDirectory() {
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> waiting, OnItsWay());
  if (!waiting.has_value()) return NothingOnItsWay();
  ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(waiting->note));
  RETURN_IF_ERROR(KeepAsPublished());
  return ForgetFormerSeat(made.note.issued);
}

absl::Status Authority::KeepAsPublished() {
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> waiting, OnItsWay());
  if (!waiting.has_value()) return NothingOnItsWay();
  RETURN_IF_ERROR(KeepVersionNote(home_, waiting->note));
  RETURN_IF_ERROR(MovePrivateFile(home_.PathOf(kUploadFile), home_.PathOf(kDirectoryFile)));
  RETURN_IF_ERROR(DropSigning());
  return FollowPublished();
}

absl::StatusOr<DirectoryUpload> Authority::PrepareRefresh(uint64_t log_size, absl::Time now) const {
  now = WholeSeconds(now);
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  if (!published.has_value()) {
    return WithHint(absl::FailedPreconditionError("nothing to refresh: no directory is published"),
                    "run shield directory publish");
  }
  ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(published->note));
  if (now >= made.note.expires) {
    return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                                 "directory version ", made.held.version, " has expired")),
                             "DIRECTORY_EXPIRED"),
                    "run shield directory publish");
  }
  DirectoryUpload upload;
  ASSIGN_OR_RETURN(upload.fresh, MakeFresh(home_, made, log_size, now));
  return upload;
}

absl::Status Authority::CommitRefresh(absl::string_view fresh) {
  ASSIGN_OR_RETURN(std::optional<DirectoryUpload> published, Published());
  if (!published.has_value()) {
    return absl::FailedPreconditionError("nothing was refreshed: no directory is published");
  }
  published->fresh = std::string(fresh);
  return home_.Write(kDirectoryFile, PrintDirectoryFile(*published));
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> Authority::VerifyPublished() const {
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  if (!published.has_value()) return absl::NotFoundError("no directory is published yet");
  ASSIGN_OR_RETURN(const std::vector<OrgLines> orgs, GroupByOrg(published->lines));
  ASSIGN_OR_RETURN(std::shared_ptr<const VerifiedDirectory> directory,
                   VerifyDirectory(published->note, orgs, network_, std::nullopt));
  RETURN_IF_ERROR(VerifyFreshNote(published->fresh, *directory).status());
  return directory;
}

}  // namespace shield
