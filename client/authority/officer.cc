#include "client/authority/officer.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/authority/authority_key.h"
#include "client/authority/directory_file.h"
#include "crypto/note.h"
#include "policy/fields.h"
#include "policy/line_reader.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/directory_dates.h"
#include "policy/proof/network_lines.h"

namespace shield {
namespace {

constexpr absl::string_view kMemoryFile = "signed.txt";
constexpr TextKind kKind = {"memory of what was signed", "DIRECTORY_FILE_MALFORMED", 1024};

using Verified = std::shared_ptr<const VerifiedDirectory>;

absl::StatusOr<HeldDirectory> TakeHeld(LineReader& lines, absl::string_view keyword) {
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> fields, lines.TakeFields(keyword, 2));
  const std::optional<uint64_t> version = ParseNumber(fields[0]);
  const std::optional<Digest> digest = ParseDigest(fields[1]);
  if (!version.has_value() || !digest.has_value()) return lines.Refuse("not a version and digest");
  return HeldDirectory{*version, *digest};
}

absl::StatusOr<Verified> Verify(const DirectoryUpload& upload, const NetworkFile& network,
                                const std::optional<HeldDirectory>& held) {
  ASSIGN_OR_RETURN(const std::vector<OrgLines> orgs, GroupByOrg(upload.lines));
  return VerifyDirectory(upload.note, orgs, network, held);
}

absl::StatusOr<Verified> VerifyPrevious(const std::optional<DirectoryUpload>& previous,
                                        const NetworkFile& network, const HeldDirectory& seen) {
  if (previous.has_value()) {
    std::optional<HeldDirectory> held;
    if (seen.version > 0) held = seen;
    return Verify(*previous, network, held);
  }
  if (seen.version == 0) return Verified();
  return WithRule(absl::DataLossError(absl::StrCat("it begins at version 1, and this officer has "
                                                   "seen version ",
                                                   seen.version)),
                  "ROLLBACK");
}

// The network by whose keys the version before is signed: an officer may have missed rotations.
absl::StatusOr<NetworkFile> NetworkBefore(const SigningFile& file, const NetworkFile& pinned) {
  if (!file.previous.has_value()) return pinned;
  return FollowAuthority(pinned, file.previous->authority);
}

// The draft, signed by one of the authority's keys at least and the next after `previous`.
absl::StatusOr<Verified> VerifyNext(const DirectoryUpload& next, NetworkFile network,
                                    const Verified& previous) {
  network.threshold = 1;
  std::optional<HeldDirectory> held;
  if (previous != nullptr) held = previous->held();
  ASSIGN_OR_RETURN(Verified draft, Verify(next, network, held));
  if (CheckNextVersion(*draft, held).ok()) return draft;
  return WithHint(
      WithRule(absl::FailedPreconditionError(absl::StrCat(
                   "it is version ", draft->version(), ", and the version before is ",
                   held.has_value() ? absl::StrCat("version ", held->version) : "none")),
               "DRAFT_NOT_NEXT"),
      "have `shield directory publish` write the draft anew");
}

// Lines of the note that say something about the network, not about this version of it.
std::vector<std::string> NetworkLines(absl::string_view text) {
  constexpr absl::string_view kOfTheVersion[] = {"version ", "prev ", "issued ", "expires ",
                                                 "orgs "};
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const bool passing =
        std::any_of(std::begin(kOfTheVersion), std::end(kOfTheVersion),
                    [line](absl::string_view keyword) { return absl::StartsWith(line, keyword); });
    if (!passing) lines.emplace_back(line);
  }
  return lines;
}

absl::StatusOr<std::vector<std::string>> AllLines(const DirectoryUpload& upload,
                                                  const NetworkFile& network) {
  ASSIGN_OR_RETURN(const SignedNote note, ParseNote(upload.note));
  std::vector<std::string> lines = NetworkLines(note.text);
  for (const absl::string_view line :
       absl::StrSplit(PrintNetworkLines(network), '\n', absl::SkipEmpty())) {
    lines.emplace_back(line);
  }
  lines.insert(lines.end(), upload.lines.begin(), upload.lines.end());
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

absl::Status CompareWithPrevious(const SigningFile& file, const NetworkFile& network_before,
                                 const NetworkFile& network_after, SigningReview& review) {
  ASSIGN_OR_RETURN(const std::vector<std::string> after, AllLines(file.next, network_after));
  std::vector<std::string> before;
  if (file.previous.has_value()) {
    ASSIGN_OR_RETURN(before, AllLines(*file.previous, network_before));
  }
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(review.added));
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(review.removed));
  return absl::OkStatus();
}

absl::Status Expired(uint64_t version) {
  return WithHint(WithRule(absl::FailedPreconditionError(
                               absl::StrCat("version ", version, " would have expired already")),
                           "DIRECTORY_EXPIRED"),
                  "check this machine's clock, or have `shield directory publish` write it anew");
}

// The version before and the draft, both checked.
struct Checked {
  NetworkFile before;  // the network of the version before
  SigningTally tally;  // of the draft, with the network it leads to
  Verified previous;   // null: the draft is version 1
  Verified next;
};

absl::StatusOr<Checked> Check(const SigningFile& file, const NetworkFile& network,
                              const HeldDirectory& seen, absl::Time now) {
  absl::StatusOr<NetworkFile> before = NetworkBefore(file, network);
  RETURN_IF_ERROR(Annotate(before.status(), "draft refused"));
  absl::StatusOr<Verified> previous = VerifyPrevious(file.previous, *before, seen);
  RETURN_IF_ERROR(Annotate(previous.status(), "draft refused: the version before it"));
  absl::StatusOr<SigningTally> tally = TallySigning(file.next, *before);
  RETURN_IF_ERROR(Annotate(tally.status(), "draft refused"));
  absl::StatusOr<Verified> next = VerifyNext(file.next, tally->network, *previous);
  RETURN_IF_ERROR(Annotate(next.status(), "draft refused"));
  if ((*next)->ExpiredAt(now)) return Annotate(Expired((*next)->version()), "draft refused");
  RETURN_IF_ERROR(CheckIssued((*next)->directory().note(), now));
  return Checked{*std::move(before), *std::move(tally), *std::move(previous), *std::move(next)};
}

// `note` with the signatures of the keys of `network` that the home holds.
absl::StatusOr<std::string> AddHeld(std::string note, const Home& home,
                                    const std::vector<VerifierKey>& keys,
                                    const Passphrase& passphrase) {
  for (const VerifierKey& pinned : AuthorityKeysHeld(home, keys)) {
    ASSIGN_OR_RETURN(const SigningKey key, ReadAuthorityKey(home, pinned, passphrase));
    absl::StatusOr<std::string> more = AddSignature(note, pinned.name(), key);
    if (absl::IsAlreadyExists(more.status())) continue;
    ASSIGN_OR_RETURN(note, std::move(more));
  }
  return note;
}

std::vector<VerifierKey> KeysOf(const Checked& checked) {
  std::vector<VerifierKey> keys = checked.before.authority;
  keys.insert(keys.end(), checked.tally.network.authority.begin(),
              checked.tally.network.authority.end());
  return keys;
}

absl::Status CheckHoldsKey(const Home& home, const Checked& checked) {
  if (!AuthorityKeysHeld(home, KeysOf(checked)).empty()) return absl::OkStatus();
  return WithHint(absl::FailedPreconditionError(absl::StrCat("`", home.folder(),
                                                             "` holds no key of the authority of ",
                                                             checked.before.network.text())),
                  "give --home the folder that `shield key create --authority` filled");
}

absl::Status SignRotation(const Home& home, const Checked& checked, const Passphrase& passphrase,
                          std::string& chain) {
  ASSIGN_OR_RETURN(std::vector<std::string> notes, SplitAuthorityChain(chain));
  ASSIGN_OR_RETURN(notes.back(), AddHeld(notes.back(), home, KeysOf(checked), passphrase));
  chain.clear();
  for (const std::string& note : notes) chain = JoinAuthorityChain(chain, note);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<OfficerMemory> ParseOfficerMemory(absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  RETURN_IF_ERROR(lines.TakeWhole("shield/signed/v1"));
  OfficerMemory memory;
  ASSIGN_OR_RETURN(memory.seen, TakeHeld(lines, "seen"));
  ASSIGN_OR_RETURN(memory.last_signed, TakeHeld(lines, "signed"));
  RETURN_IF_ERROR(lines.Finish());
  return memory;
}

std::string PrintOfficerMemory(const OfficerMemory& memory) {
  return absl::StrCat("shield/signed/v1\nseen ", memory.seen.version, " ",
                      PrintDigest(memory.seen.digest), "\nsigned ", memory.last_signed.version, " ",
                      PrintDigest(memory.last_signed.digest), "\n");
}

Officer::Officer(Home home, HomeLock lock, NetworkFile network, OfficerMemory memory)
    : home_(std::move(home)),
      lock_(std::move(lock)),
      network_(std::move(network)),
      memory_(memory) {}

absl::StatusOr<Officer> Officer::Open(const std::string& folder) {
  ASSIGN_OR_RETURN(Home home, Home::Open(folder));
  ASSIGN_OR_RETURN(NetworkFile network, home.ReadNetwork());
  ASSIGN_OR_RETURN(HomeLock lock, HomeLock::Take(home.PathOf("lock")));
  OfficerMemory memory;
  if (home.Has(kMemoryFile)) {
    ASSIGN_OR_RETURN(const std::string text, home.Read(kMemoryFile));
    ASSIGN_OR_RETURN(memory, ParseOfficerMemory(text));
  }
  return Officer(std::move(home), std::move(lock), std::move(network), memory);
}

bool Officer::KeysAreWrapped(const SigningFile& file) const {
  std::vector<VerifierKey> keys = network_.authority;
  if (const auto before = NetworkBefore(file, network_); before.ok()) {
    if (const auto tally = TallySigning(file.next, *before); tally.ok()) {
      const std::vector<VerifierKey>& next = tally->network.authority;
      keys.insert(keys.end(), next.begin(), next.end());
    }
  }
  const std::vector<VerifierKey> held = AuthorityKeysHeld(home_, keys);
  return std::any_of(held.begin(), held.end(),
                     [this](const VerifierKey& key) { return AuthorityKeyIsWrapped(home_, key); });
}

absl::StatusOr<SigningReview> Officer::Review(const SigningFile& file, absl::Time now) const {
  ASSIGN_OR_RETURN(const Checked checked, Check(file, network_, memory_.seen, now));
  RETURN_IF_ERROR(CheckHoldsKey(home_, checked));
  const HeldDirectory next = checked.next->held();
  SigningReview review{.version = next.version,
                       .expires = checked.next->directory().note().expires,
                       .signatures = checked.tally.signatures,
                       .threshold = checked.tally.network.threshold,
                       .rotates = checked.tally.rotates,
                       .enough = checked.tally.enough,
                       .signed_here = memory_.last_signed == next,
                       .replaces_signed = memory_.last_signed.version == next.version &&
                                          memory_.last_signed.digest != next.digest};
  RETURN_IF_ERROR(CompareWithPrevious(file, checked.before, checked.tally.network, review));
  return review;
}

absl::StatusOr<SigningFile> Officer::Sign(SigningFile file, const Passphrase& passphrase,
                                          absl::Time now) {
  ASSIGN_OR_RETURN(const Checked checked, Check(file, network_, memory_.seen, now));
  RETURN_IF_ERROR(CheckHoldsKey(home_, checked));
  OfficerMemory memory{memory_.seen, checked.next->held()};
  if (checked.previous != nullptr) memory.seen = checked.previous->held();
  ASSIGN_OR_RETURN(file.next.note, AddHeld(std::move(file.next.note), home_,
                                           checked.tally.network.authority, passphrase));
  if (checked.tally.rotates) {
    RETURN_IF_ERROR(SignRotation(home_, checked, passphrase, file.next.authority));
  }
  RETURN_IF_ERROR(home_.Write(kMemoryFile, PrintOfficerMemory(memory)));
  RETURN_IF_ERROR(home_.Repin(checked.before));
  memory_ = memory;
  network_ = checked.before;
  return file;
}

}  // namespace shield
