// Authority: the draft becomes a signed version, and what becomes of that version.
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/directory_file.h"
#include "client/authority/own_seat.h"
#include "client/home/member_keys.h"
#include "client/home/private_file.h"
#include "client/home/secret_text.h"
#include "client/home/wrapped_text.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/directory_note.h"
#include "policy/fields.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/fresh.h"

namespace shield {
namespace {

// A note on its way is given another freshness note when its own has less than this left.
constexpr absl::Duration kFreshEnough = absl::Hours(12);

absl::StatusOr<SigningKey> ParseKey(absl::string_view text, const std::string& name) {
  ASSIGN_OR_RETURN(SigningKey::Named named, SigningKey::Parse(text));
  if (named.name != name) {
    return absl::FailedPreconditionError(
        absl::StrCat("the key file is of `", named.name, "`, not of `", name, "`"));
  }
  return std::move(named.key);
}

absl::StatusOr<SigningKey> ReadAuthorityKey(const Home& home, const NetworkFile& network,
                                            const Passphrase& passphrase) {
  ASSIGN_OR_RETURN(SecretText text, ReadSecretFile(home.PathOf(kAuthorityKeyFile)));
  if (home.KeysAreWrapped()) {
    ASSIGN_OR_RETURN(const MemberKeys keys, home.ReadKeys(passphrase));
    ASSIGN_OR_RETURN(text, OpenText(text.Reveal(SecretAccess::ForCrypto()), keys.seal));
  }
  return ParseKey(text.Reveal(SecretAccess::ForCrypto()), network.authority.front().name());
}

absl::StatusOr<SigningKey> ReadFreshKey(const Home& home, const Origin& network) {
  ASSIGN_OR_RETURN(const SecretText text, ReadSecretFile(home.PathOf(kFreshKeyFile)));
  return ParseKey(text.Reveal(SecretAccess::ForCrypto()), network.KeyName("fresh"));
}

// Version and digest of a note this home made.
struct MadeNote {
  DirectoryNote note;
  HeldDirectory held;
};

absl::StatusOr<MadeNote> ReadNote(const DirectoryUpload& upload) {
  ASSIGN_OR_RETURN(const SignedNote signed_note, ParseNote(upload.note));
  ASSIGN_OR_RETURN(DirectoryNote note, ParseDirectoryNote(signed_note.text));
  const HeldDirectory held = {note.version, Sha256(signed_note.text)};
  return MadeNote{std::move(note), held};
}

absl::StatusOr<std::optional<DirectoryUpload>> ReadFile(const Home& home, absl::string_view name) {
  if (!home.Has(name)) return std::optional<DirectoryUpload>();
  ASSIGN_OR_RETURN(const std::string text,
                   ReadSmallFile(home.PathOf(name), kMaxDirectoryDraftBytes));
  ASSIGN_OR_RETURN(DirectoryUpload upload, ParseDirectoryFile(text));
  return std::optional<DirectoryUpload>(std::move(upload));
}

absl::StatusOr<std::string> MakeFresh(const Home& home, const MadeNote& made, uint64_t log_size,
                                      absl::Time now) {
  ASSIGN_OR_RETURN(const SigningKey key, ReadFreshKey(home, made.note.network));
  return SignFreshNote(FreshNote{.network = made.note.network,
                                 .directory = made.held,
                                 .log_size = log_size,
                                 .issued = now,
                                 .expires = now + kMaxFreshLife},
                       key);
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

absl::StatusOr<DirectoryUpload> Authority::PrepareDirectory(const Passphrase& passphrase,
                                                            uint64_t log_size, absl::Time now) {
  now = WholeSeconds(now);
  ASSIGN_OR_RETURN(std::optional<DirectoryUpload> waiting, ReadFile(home_, kUploadFile));
  if (waiting.has_value()) {
    if (IsFreshEnough(*waiting, now)) return *std::move(waiting);
    ASSIGN_OR_RETURN(const MadeNote made, ReadNote(*waiting));
    ASSIGN_OR_RETURN(waiting->fresh, MakeFresh(home_, made, log_size, now));
    RETURN_IF_ERROR(home_.Write(kUploadFile, PrintDirectoryFile(*waiting)));
    return *std::move(waiting);
  }
  if (draft_.broker_key.empty()) {
    return absl::FailedPreconditionError("directory not signed: the broker's keys are not known");
  }
  RETURN_IF_ERROR(EnsureSeat(now));
  ASSIGN_OR_RETURN(DirectoryUpload upload, SignNext(passphrase, log_size, now));
  RETURN_IF_ERROR(home_.Write(kUploadFile, PrintDirectoryFile(upload)));
  return upload;
}

absl::StatusOr<DirectoryUpload> Authority::SignNext(const Passphrase& passphrase, uint64_t log_size,
                                                    absl::Time now) const {
  RETURN_IF_ERROR(CheckOwnSeat(draft_, network_, now));
  DirectoryNote note{.network = network_.network, .version = 1};
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  if (published.has_value()) {
    ASSIGN_OR_RETURN(const MadeNote last, ReadNote(*published));
    note.version = last.held.version + 1;
    note.previous = last.held.digest;
  }
  note.issued = now;
  note.expires = now + kMaxDirectoryLife;
  note.broker_address = network_.broker_address;
  note.broker_pin = network_.broker_pin;
  note.broker_key = draft_.broker_key;
  note.log_key = draft_.log_key;
  note.witnesses = draft_.witnesses;
  note.quorum = draft_.quorum;
  ASSIGN_OR_RETURN(const SigningKey fresh_key, ReadFreshKey(home_, network_.network));
  ASSIGN_OR_RETURN(const VerifierKey fresh, fresh_key.Verifier(network_.network.KeyName("fresh")));
  note.fresh_key = fresh.ToString();

  ASSIGN_OR_RETURN(const SigningKey key, ReadAuthorityKey(home_, network_, passphrase));
  ASSIGN_OR_RETURN(const DirectoryText built, BuildDirectoryText(std::move(note), draft_.records));
  DirectoryUpload upload;
  upload.note = SignNote(built.text, network_.authority.front().name(), key);
  upload.lines = Flatten(built.orgs);
  ASSIGN_OR_RETURN(const MadeNote made, ReadNote(upload));
  ASSIGN_OR_RETURN(upload.fresh, MakeFresh(home_, made, log_size, now));
  return upload;
}

absl::Status Authority::CommitDirectory() {
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> waiting, ReadFile(home_, kUploadFile));
  if (!waiting.has_value()) return NothingOnItsWay();
  return MovePrivateFile(home_.PathOf(kUploadFile), home_.PathOf(kDirectoryFile));
}

absl::Status Authority::SettleDirectory(const std::optional<HeldDirectory>& broker) {
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> waiting, ReadFile(home_, kUploadFile));
  if (!waiting.has_value()) return NothingOnItsWay();
  ASSIGN_OR_RETURN(const MadeNote made, ReadNote(*waiting));
  if (broker == made.held) return CommitDirectory();

  std::optional<HeldDirectory> before;
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  if (published.has_value()) {
    ASSIGN_OR_RETURN(const MadeNote last, ReadNote(*published));
    before = last.held;
  }
  if (broker == before) return RemovePrivateFile(home_.PathOf(kUploadFile));
  return WithHint(
      WithRule(absl::DataLossError(absl::StrCat("the broker holds directory version ",
                                                broker.has_value() ? broker->version : 0,
                                                " with a text that this home never made")),
               "DIRECTORY_FORK"),
      "another home holds the authority's key, or the broker lost data: find out which "
      "before anything is published");
}

absl::StatusOr<DirectoryUpload> Authority::PrepareRefresh(uint64_t log_size, absl::Time now) const {
  now = WholeSeconds(now);
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  if (!published.has_value()) {
    return WithHint(absl::FailedPreconditionError("nothing to refresh: no directory is published"),
                    "run shield directory publish");
  }
  ASSIGN_OR_RETURN(const MadeNote made, ReadNote(*published));
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
