#include "client/directory/directory_keeper.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/directory/seen_versions.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/directory_note.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/fresh.h"

namespace shield {
namespace {

std::vector<OrgPart> ToOrgParts(const std::vector<DirectoryPart>& parts) {
  std::vector<OrgPart> result;
  result.reserve(parts.size());
  for (const DirectoryPart& part : parts) {
    result.push_back({part.index, part.proof, {part.line, part.own_lines}});
  }
  return result;
}

std::vector<OrgLines> ToOrgLines(const std::vector<DirectoryPart>& parts) {
  std::vector<OrgLines> result;
  result.reserve(parts.size());
  for (const DirectoryPart& part : parts) result.push_back({part.line, part.own_lines});
  return result;
}

absl::StatusOr<DirectoryNote> ReadClaimedNote(absl::string_view note) {
  ASSIGN_OR_RETURN(const SignedNote parsed, ParseNote(note));
  return ParseDirectoryNote(parsed.text);
}

std::optional<HeldDirectory> HeldOf(const std::optional<KeptDirectory>& kept) {
  if (!kept.has_value()) return std::nullopt;
  return HeldDirectory{kept->version, kept->digest};
}

// What the broker serves is no fault of the caller's, also when it is out of form.
absl::Status AsServed(const absl::Status& refusal) {
  if (!absl::IsInvalidArgument(refusal)) return refusal;
  return WithHint(WithRule(absl::DataLossError(refusal.message()), RuleOf(refusal)),
                  "the broker lost data or is cheating: tell the authority");
}

}  // namespace

DirectoryKeeper::DirectoryKeeper(const NetworkFile& network, ClientState& state,
                                 std::shared_ptr<Connection> connection, Retrier& retrier,
                                 Clock& clock, RotationObserver on_rotation)
    : network_(network),
      state_(state),
      connection_(std::move(connection)),
      retrier_(retrier),
      clock_(clock),
      on_rotation_(std::move(on_rotation)) {}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> DirectoryKeeper::Sync() {
  ASSIGN_OR_RETURN(const std::optional<KeptDirectory> held, state_.NewestDirectory());
  // All of it is wanted of one that came in a folder.
  const uint64_t have = held.has_value() && !held->carried ? held->version : 0;
  ASSIGN_OR_RETURN(const DirectoryAnswer answer, retrier_.Run([&](absl::Duration left) {
    return connection_->GetDirectory(have, left);
  }));
  if (!answer.unchanged) return Accept(answer, held);
  if (!held.has_value()) {
    return absl::DataLossError(
        "the broker says that a directory has not changed that was never "
        "fetched");
  }
  RETURN_IF_ERROR(CheckUnchanged(answer, *held));
  if (!answer.fresh.empty()) {
    RETURN_IF_ERROR(state_.StoreFreshness(held->version, answer.fresh));
  }
  return Newest();
}

// The note comes along even when nothing changed; it must be the one that is held.
absl::Status DirectoryKeeper::CheckUnchanged(const DirectoryAnswer& answer,
                                             const KeptDirectory& held) {
  if (answer.note.empty() || answer.note == held.answer.note) return absl::OkStatus();
  const absl::StatusOr<SignedNote> note = ParseNote(answer.note);
  if (note.ok() && Sha256(note->text) == held.digest) return absl::OkStatus();
  const absl::Status kept = state_.RecordFork(
      {"directory", absl::StrCat(held.version), held.answer.note, answer.note, clock_.Now()});
  return AlarmAfter(
      kept, WithRule(absl::DataLossError(absl::StrCat("the broker shows another text of directory "
                                                      "version ",
                                                      held.version)),
                     "DIRECTORY_FORK"));
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> DirectoryKeeper::Accept(
    const DirectoryAnswer& answer, const std::optional<KeptDirectory>& held) {
  absl::StatusOr<NetworkFile> network = FollowShown(answer);
  if (!network.ok()) return AsServed(network.status());
  absl::StatusOr<Verified> verified = Verify(answer, *network, HeldOf(held));
  if (!verified.ok()) {
    absl::Status kept;
    if (held.has_value() && RuleOf(verified.status()) == "DIRECTORY_FORK") {
      kept = state_.RecordFork(
          {"directory", absl::StrCat(held->version), held->answer.note, answer.note, clock_.Now()});
    }
    return AlarmAfter(kept, AsServed(verified.status()));
  }
  RETURN_IF_ERROR(state_.StoreDirectory({(*verified)->version(), (*verified)->digest(), answer,
                                         /*carried=*/false, PrintNetworkFile(*network)},
                                        held.has_value() ? held->version : 0, clock_.Now()));
  if (on_rotation_ != nullptr && network->rotation > network_.rotation) {
    RETURN_IF_ERROR(on_rotation_(*network));
  }
  Remember(*verified);
  return Newest();
}

// From what was pinned when this began, by the rotations that are kept, to those that are shown:
// none that was followed once may be missing.
absl::StatusOr<NetworkFile> DirectoryKeeper::FollowShown(const DirectoryAnswer& answer) {
  ASSIGN_OR_RETURN(const std::optional<KeptDirectory> kept, state_.NewestDirectory());
  NetworkFile pinned = network_;
  if (kept.has_value()) {
    ASSIGN_OR_RETURN(pinned, FollowKeptAuthority(network_, kept->answer.authority));
  }
  absl::StatusOr<NetworkFile> network = FollowAuthority(pinned, answer.authority);
  if (kept.has_value() && RuleOf(network.status()) == "AUTHORITY_FORK") {
    const absl::Status recorded =
        state_.RecordFork({"authority", absl::StrCat(pinned.rotation), kept->answer.authority,
                           answer.authority, clock_.Now()});
    return AlarmAfter(recorded, network.status());
  }
  return network;
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> DirectoryKeeper::Verify(
    const DirectoryAnswer& answer, const NetworkFile& network,
    const std::optional<HeldDirectory>& held) {
  ASSIGN_OR_RETURN(const DirectoryNote claimed, ReadClaimedNote(answer.note));
  if (claimed.orgs == answer.parts.size()) {
    return VerifyDirectory(answer.note, ToOrgLines(answer.parts), network, held);
  }
  return VerifyPartialDirectory(answer.note, ToOrgParts(answer.parts), network, held);
}

void DirectoryKeeper::Remember(Verified directory) {
  MutexLock lock(mutex_);
  if (newest_ == nullptr || newest_->version() <= directory->version()) {
    newest_ = std::move(directory);
  }
}

DirectoryKeeper::Verified DirectoryKeeper::Remembered(uint64_t version) {
  MutexLock lock(mutex_);
  return newest_ != nullptr && newest_->version() >= version ? newest_ : nullptr;
}

// By whose keys a directory of this home is signed. What is pinned may have followed rotations
// since, from a file or with a later directory: then those of before count for it, as they did when
// it came.
absl::StatusOr<NetworkFile> DirectoryKeeper::NetworkOf(const KeptDirectory& kept) const {
  ASSIGN_OR_RETURN(NetworkFile then, ParseNetworkFile(kept.network));
  if (then.network == network_.network && then.rotation < network_.rotation) return then;
  return FollowKeptAuthority(network_, kept.answer.authority);
}

// What another process has stored meanwhile counts as well.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> DirectoryKeeper::Newest() {
  ASSIGN_OR_RETURN(const uint64_t stored, state_.NewestVersion());
  if (stored > 0) {
    ASSIGN_OR_RETURN(const uint64_t parts, state_.CountParts(stored));
    Verified remembered = Remembered(stored);
    const bool narrower = remembered != nullptr && remembered->version() == stored &&
                          remembered->directory().orgs().size() < parts;
    if (remembered != nullptr && !narrower) return remembered;
  }
  ASSIGN_OR_RETURN(const KeptDirectory kept, NewestParts());
  ASSIGN_OR_RETURN(const NetworkFile network, NetworkOf(kept));
  ASSIGN_OR_RETURN(Verified verified, Verify(kept.answer, network, std::nullopt));
  Remember(verified);
  return verified;
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> DirectoryKeeper::AtLeast(
    uint64_t version) {
  const absl::StatusOr<Verified> newest = Newest();
  ASSIGN_OR_RETURN(const bool carried, state_.NewestIsCarried());
  if (newest.ok() && !carried && (*newest)->version() >= version) return newest;
  if (!newest.ok() && !absl::IsNotFound(newest.status())) return newest.status();
  ASSIGN_OR_RETURN(Verified fetched, Sync());
  if (fetched->version() >= version) return fetched;
  return WithHint(
      WithRule(absl::DataLossError(absl::StrCat("the broker names directory version ", version,
                                                " and serves version ", fetched->version())),
               "DIRECTORY_WITHHELD"),
      "the broker lost data or is cheating: tell the authority");
}

DirectoryKeeper::Verified DirectoryKeeper::AskedForLast(uint64_t version, uint64_t parts) {
  MutexLock lock(mutex_);
  const bool same = older_ != nullptr && older_->version() == version &&
                    older_->directory().orgs().size() == parts;
  return same ? older_ : nullptr;
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> DirectoryKeeper::At(uint64_t version) {
  ASSIGN_OR_RETURN(const uint64_t parts, state_.CountParts(version));
  if (Verified asked = AskedForLast(version, parts)) return asked;
  ASSIGN_OR_RETURN(const std::optional<KeptDirectory> kept, state_.DirectoryFrom(version));
  if (!kept.has_value()) return absl::NotFoundError("that directory is not here any more");
  if (Verified asked = AskedForLast(kept->version, kept->answer.parts.size())) return asked;
  ASSIGN_OR_RETURN(const NetworkFile network, NetworkOf(*kept));
  ASSIGN_OR_RETURN(Verified verified, Verify(kept->answer, network, std::nullopt));
  MutexLock lock(mutex_);
  older_ = verified;
  return verified;
}

// The parts of both, of one version.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> DirectoryKeeper::Merged(
    DirectoryAnswer held, const DirectoryAnswer& carried, const NetworkFile& network) {
  std::map<uint32_t, DirectoryPart> parts;
  for (DirectoryPart& part : held.parts) parts.emplace(part.index, std::move(part));
  for (const DirectoryPart& part : carried.parts) parts.emplace(part.index, part);
  held.parts.clear();
  held.parts.reserve(parts.size());
  for (auto& [index, part] : parts) held.parts.push_back(std::move(part));
  return Verify(held, network, std::nullopt);
}

// The network that a folder of before a rotation was made under, as the kept chain tells it.
absl::StatusOr<NetworkFile> DirectoryKeeper::NetworkBefore(const DirectoryAnswer& carried,
                                                           const KeptDirectory& held) {
  ASSIGN_OR_RETURN(const std::vector<std::string> notes, SplitAuthorityChain(carried.authority));
  const absl::StatusOr<NetworkFile> then =
      NetworkAfter(network_.network, held.answer.authority, notes.size());
  if (absl::IsNotFound(then.status())) return network_;  // by which it is not signed
  RETURN_IF_ERROR(then.status());
  absl::StatusOr<NetworkFile> network = FollowAuthority(*then, carried.authority);
  if (RuleOf(network.status()) != "AUTHORITY_FORK") return network;
  const absl::Status recorded =
      state_.RecordFork({"authority", absl::StrCat(notes.size()), held.answer.authority,
                         carried.authority, clock_.Now()});
  return AlarmAfter(recorded, network.status());
}

absl::StatusOr<std::vector<NetworkFile>> DirectoryKeeper::NetworksBefore() {
  ASSIGN_OR_RETURN(const std::optional<KeptDirectory> held, state_.NewestDirectory());
  std::vector<NetworkFile> networks;
  if (!held.has_value()) return networks;
  const std::string& chain = held->answer.authority;
  ASSIGN_OR_RETURN(const std::vector<std::string> notes, SplitAuthorityChain(chain));
  for (uint64_t rotation = 1; rotation < notes.size(); ++rotation) {
    ASSIGN_OR_RETURN(NetworkFile then, NetworkAfter(network_.network, chain, rotation));
    networks.push_back(std::move(then));
  }
  return networks;
}

// Keys that were exchanged may be in a thief's hands: what they sign proves that a bulletin was
// logged, if this home has seen the version, or knows the log from the newest one.
absl::StatusOr<DirectoryKeeper::Offer> DirectoryKeeper::WeighReplaced(
    const DirectoryAnswer& carried, const KeptDirectory& held, NetworkFile network) {
  ASSIGN_OR_RETURN(Verified offered, Verify(carried, network, std::nullopt));
  RETURN_IF_ERROR(CheckSeenVersions(state_, *offered, clock_.Now()));
  ASSIGN_OR_RETURN(Verified newest, Newest());
  ASSIGN_OR_RETURN(const std::optional<std::string> seen, state_.DirectoryNote(offered->version()));
  const bool known =
      seen.has_value() || offered->log_key().ToString() == newest->log_key().ToString();
  if (offered->version() > held.version || !known) {
    return WithHint(WithRule(absl::DataLossError(absl::StrCat(
                                 "directory version ", offered->version(),
                                 " is signed by keys that the authority has exchanged since, and "
                                 "this home has not seen it")),
                             "BAD_SIGNATURE"),
                    "have the folder made anew by who follows the rotation");
  }
  return Offer{std::move(offered), std::move(newest), std::nullopt, held.version,
               std::make_shared<const NetworkFile>(std::move(network))};
}

absl::StatusOr<DirectoryKeeper::Offer> DirectoryKeeper::Weigh(DirectoryAnswer carried) {
  ASSIGN_OR_RETURN(const std::optional<KeptDirectory> held, state_.NewestDirectory());
  absl::StatusOr<NetworkFile> followed = FollowShown(carried);
  if (RuleOf(followed.status()) == "ROLLBACK") {
    // Of before a rotation, which may have left the keys that signed it as they are.
    followed = FollowKeptAuthority(network_, held.has_value() ? held->answer.authority : "");
    RETURN_IF_ERROR(followed.status());
    const absl::Status present = Verify(carried, *followed, std::nullopt).status();
    if (held.has_value() && RuleOf(present) == "BAD_SIGNATURE") {
      ASSIGN_OR_RETURN(NetworkFile before, NetworkBefore(carried, *held));
      return WeighReplaced(carried, *held, std::move(before));
    }
    if (held.has_value()) carried.authority = held->answer.authority;
  }
  ASSIGN_OR_RETURN(const NetworkFile network, std::move(followed));
  ASSIGN_OR_RETURN(Verified offered, Verify(carried, network, std::nullopt));
  RETURN_IF_ERROR(CheckSeenVersions(state_, *offered, clock_.Now()));
  Offer offer{offered, offered, std::nullopt, held.has_value() ? held->version : 0,
              std::make_shared<const NetworkFile>(network)};
  KeptDirectory kept{offered->version(), offered->digest(), carried, /*carried=*/true,
                     PrintNetworkFile(network)};
  if (held.has_value() && offered->version() <= held->version) {
    const bool same = offered->version() == held->version;
    ASSIGN_OR_RETURN(offer.newest,
                     held->carried && same ? Merged(held->answer, carried, network) : Newest());
    // What the broker gave shows all that this member may see.
    if (held->carried) offer.more = std::move(kept);
    return offer;
  }
  offer.more = std::move(kept);
  return offer;
}

absl::Status DirectoryKeeper::Pin(const Offer& offer) {
  const bool newer = offer.more.has_value() && offer.network->rotation > network_.rotation;
  if (on_rotation_ == nullptr || !newer) return absl::OkStatus();
  return on_rotation_(*offer.network);
}

absl::StatusOr<KeptDirectory> DirectoryKeeper::NewestParts() {
  ASSIGN_OR_RETURN(std::optional<KeptDirectory> kept, state_.NewestDirectory());
  if (kept.has_value()) return *std::move(kept);
  return WithHint(absl::NotFoundError("no directory has been fetched yet"),
                  "run the command once without --offline");
}

absl::Status DirectoryKeeper::CheckFresh(const VerifiedDirectory& directory, absl::Time now) {
  if (directory.ExpiredAt(now)) {
    return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                                 "directory version ", directory.version(), " has expired")),
                             "DIRECTORY_EXPIRED"),
                    "the authority publishes a new one: `shield directory publish`");
  }
  ASSIGN_OR_RETURN(const std::string fresh_note, state_.Freshness(directory.version()));
  absl::Status fresh =
      WithRule(absl::FailedPreconditionError("the broker has no freshness note of the authority"),
               "DIRECTORY_STALE");
  if (!fresh_note.empty()) {
    const absl::StatusOr<FreshNote> note = VerifyFreshNote(fresh_note, directory, &known_notes_);
    fresh = note.ok() ? FreshAt(*note, now) : note.status();
  }
  if (fresh.ok()) return fresh;
  return WithHint(fresh, "the authority renews it daily: `shield directory refresh`");
}

absl::StatusOr<absl::Time> DirectoryKeeper::CertainlyPassed() {
  ASSIGN_OR_RETURN(const Verified newest, Newest());
  const absl::Time issued = newest->directory().note().issued;
  ASSIGN_OR_RETURN(const std::string fresh_note, state_.Freshness(newest->version()));
  if (fresh_note.empty()) return issued;
  const absl::StatusOr<FreshNote> fresh = VerifyFreshNote(fresh_note, *newest, &known_notes_);
  return fresh.ok() ? std::max(issued, fresh->issued) : issued;
}

std::vector<std::string> DirectoryKeeper::Warnings(const VerifiedDirectory& directory,
                                                   absl::Time now) {
  const absl::Status fresh = CheckFresh(directory, now);
  if (fresh.ok()) return {};
  const std::string rule = RuleOf(fresh);
  return {rule.empty() ? "DIRECTORY_STALE" : rule};
}

}  // namespace shield
