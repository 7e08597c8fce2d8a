// Authority: other authority keys, another threshold, another broker
// (policy/proof/authority_note.h).
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/authority_key.h"
#include "client/home/private_file.h"
#include "crypto/signing_key.h"
#include "policy/fields.h"
#include "policy/proof/authority_note.h"

namespace shield {
namespace {

absl::Status Refused(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("rotation not planned: ", why));
}

// The n of <origin>/authority-<n>.
uint64_t NumberOf(const VerifierKey& key) {
  const absl::string_view name = key.name();
  return ParseNumber(name.substr(name.rfind('-') + 1)).value_or(0);
}

std::string NameOf(const NetworkFile& network, uint64_t number) {
  return network.network.KeyName(absl::StrCat("authority-", number));
}

// A number no key of the network or of the home has had.
uint64_t FreeNumber(const Home& home, const NetworkFile& network,
                    const std::vector<VerifierKey>& had, const std::vector<VerifierKey>& added) {
  uint64_t number = 0;
  for (const VerifierKey& key : had) number = std::max(number, NumberOf(key));
  for (const VerifierKey& key : added) number = std::max(number, NumberOf(key));
  do {
    ++number;
  } while (home.Has(AuthorityKeyFile(NameOf(network, number))));
  return number;
}

absl::Status Remove(const NetworkFile& network, const std::vector<uint64_t>& numbers,
                    std::vector<VerifierKey>& keys) {
  for (const uint64_t number : numbers) {
    const std::string name = NameOf(network, number);
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&name](const VerifierKey& key) { return key.name() == name; });
    if (found == keys.end()) {
      return absl::NotFoundError(
          absl::StrCat("rotation not planned: the authority has no key `", name, "`"));
    }
    keys.erase(found);
  }
  return absl::OkStatus();
}

absl::Status CheckThreshold(const NetworkFile& next) {
  if (next.threshold >= 1 && next.threshold <= next.authority.size()) return absl::OkStatus();
  return WithHint(WithRule(Refused(absl::StrCat("a threshold of ", next.threshold, " does not fit ",
                                                next.authority.size(), " authority keys")),
                           "THRESHOLD_UNSUPPORTED"),
                  "give --threshold K, or name more keys");
}

}  // namespace

absl::StatusOr<NetworkFile> Authority::PlanRotation(const RotationPlan& plan,
                                                    const Passphrase& passphrase, absl::Time now,
                                                    Random& random) {
  RETURN_IF_ERROR(KeepSignedRotation());
  NetworkFile next = network_;
  RETURN_IF_ERROR(Remove(network_, plan.remove, next.authority));
  next.authority.insert(next.authority.end(), plan.add.begin(), plan.add.end());
  next.threshold = plan.threshold.value_or(network_.threshold);
  next.broker_address = plan.broker_address.value_or(network_.broker_address);
  next.broker_pin = plan.broker_pin.value_or(network_.broker_pin);
  std::optional<SigningKey> made;
  ASSIGN_OR_RETURN(const std::vector<VerifierKey> had, KeysEver());
  const std::string name = NameOf(network_, FreeNumber(home_, network_, had, plan.add));
  if (plan.new_key) {
    made = SigningKey::Generate(random);
    ASSIGN_OR_RETURN(VerifierKey key, made->Verifier(name));
    next.authority.push_back(std::move(key));
  }
  RETURN_IF_ERROR(CheckThreshold(next));
  if (plan.new_seat) {
    ASSIGN_OR_RETURN(next.authority_tls_pin, StageSeat(passphrase, now, random));
  }
  const std::string text = PrintAuthorityNote(network_, next);
  absl::StatusOr<NetworkFile> read = NextNetwork(network_, text);
  RETURN_IF_ERROR(Annotate(read.status(), "rotation not planned"));
  RETURN_IF_ERROR(Annotate(CheckAddedKeys(network_, *read, had), "rotation not planned"));
  if (!made.has_value() && AuthorityKeysHeld(home_, read->authority).empty()) {
    return WithHint(Refused("this home would hold no authority key"), "add --new-key");
  }
  if (made.has_value()) {
    RETURN_IF_ERROR(WriteAuthorityKey(home_, name, *made, passphrase, random));
  }
  RETURN_IF_ERROR(DropSigning());
  RETURN_IF_ERROR(home_.Write(kRotationFile, text));
  RETURN_IF_ERROR(home_.Write(kNextNetworkFile, PrintNetworkFile(*read)));
  return read;
}

// Another text of its number would split the network: the next one continues it.
absl::Status Authority::KeepSignedRotation() {
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> waiting, OnItsWay());
  if (!waiting.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const NetworkFile next, FollowKeptAuthority(network_, waiting->authority));
  return next == network_ ? absl::OkStatus() : KeepAsPublished();
}

// Those of the first network file, of every rotation since, and the present ones.
absl::StatusOr<std::vector<VerifierKey>> Authority::KeysEver() const {
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  std::vector<VerifierKey> keys;
  if (published.has_value()) {
    ASSIGN_OR_RETURN(keys, KeysOfChain(network_.network, published->authority));
  }
  keys.insert(keys.end(), network_.authority.begin(), network_.authority.end());
  if (!home_.Has(kFirstNetworkFile)) return keys;
  ASSIGN_OR_RETURN(const std::string text, home_.Read(kFirstNetworkFile));
  ASSIGN_OR_RETURN(const NetworkFile first, ParseNetworkFile(text));
  keys.insert(keys.end(), first.authority.begin(), first.authority.end());
  return keys;
}

absl::Status Authority::CancelRotation() {
  if (HasDirectoryOnItsWay()) {
    return WithHint(
        absl::FailedPreconditionError(
            "not cancelled: a directory that may bring the rotation about is on its way "
            "to the broker"),
        "`shield directory publish` asks the broker what became of it");
  }
  RETURN_IF_ERROR(DropSigning());
  RETURN_IF_ERROR(home_.DropStagedKeys());
  for (const absl::string_view name : {kRotationFile, kNextNetworkFile}) {
    if (home_.Has(name)) RETURN_IF_ERROR(RemovePrivateFile(home_.PathOf(name)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> Authority::PlannedRotation() const {
  if (!home_.Has(kRotationFile)) return std::optional<std::string>();
  ASSIGN_OR_RETURN(std::string text, home_.Read(kRotationFile));
  // One that has come into force leaves its plan behind when the process dies at that moment.
  if (RuleOf(NextNetwork(network_, text).status()) == "AUTHORITY_FORK") {
    return std::optional<std::string>();
  }
  return std::optional<std::string>(std::move(text));
}

absl::StatusOr<NetworkFile> Authority::NetworkToBe() const {
  ASSIGN_OR_RETURN(const std::optional<std::string> planned, PlannedRotation());
  if (!planned.has_value()) return network_;
  return NextNetwork(network_, *planned);
}

absl::Status Authority::FollowPublished() {
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  if (!published.has_value()) return absl::OkStatus();
  RETURN_IF_ERROR(TakeUpFreshKey(published->note));
  if (published->authority.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(NetworkFile now, FollowKeptAuthority(network_, published->authority));
  if (now.rotation == network_.rotation) return absl::OkStatus();
  // No rotation names the keys of before the first.
  if (network_.rotation == 0) {
    RETURN_IF_ERROR(home_.Write(kFirstNetworkFile, PrintNetworkFile(network_)));
  }
  RETURN_IF_ERROR(TakeUpSeat(*published, now));
  RETURN_IF_ERROR(home_.Repin(now));
  network_ = std::move(now);
  RETURN_IF_ERROR(home_.Write(kAuthorityChainFile, published->authority));
  return CancelRotation();
}

}  // namespace shield
