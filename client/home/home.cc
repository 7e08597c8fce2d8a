#include "client/home/home.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "client/home/member_keys.h"
#include "client/home/private_file.h"
#include "client/home/secret_text.h"
#include "client/home/wrapped_text.h"
#include "crypto/opening/age_failure.h"
#include "crypto/opening/identity_file.h"
#include "crypto/tls_key.h"
#include "policy/proof/network_file.h"

namespace shield {
namespace {

constexpr absl::string_view kNetwork = "network.shield";
constexpr absl::string_view kIdentity = "identity.txt";
constexpr absl::string_view kSignKey = "sign.key";
constexpr absl::string_view kSignPublic = "sign.pub";
constexpr absl::string_view kTlsKey = "tls.key";
constexpr absl::string_view kTlsCertificate = "tls.crt";
constexpr absl::string_view kUnfinished = "keys.unfinished";
constexpr absl::string_view kAdopting = "keys.adopting";
constexpr absl::string_view kNext = ".next";

absl::Status NotEnrolled(absl::string_view what, absl::string_view hint) {
  return WithHint(WithRule(absl::UnauthenticatedError(what), "NOT_ENROLLED"), hint);
}

// The folder must be the member's alone: group and others may do nothing with it.
absl::Status CheckPrivate(const std::string& folder) {
  struct stat found {};
  if (stat(folder.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) {
    return NotEnrolled(absl::StrCat("there is no home at `", folder, "`"),
                       "run `shield network join --home DIR network.shield`, or set SHIELD_HOME");
  }
  if ((found.st_mode & 077) == 0) return absl::OkStatus();
  return WithHint(
      absl::FailedPreconditionError(absl::StrCat("the home `", folder, "` can be read by others")),
      absl::StrCat("run `chmod 700 ", folder, "`"));
}

absl::Status NoneStaged() {
  return WithHint(absl::FailedPreconditionError("no new keys wait in this home"),
                  "make some with `shield key rotate`");
}

// What opens first; under a passphrase, what opens the rest.
absl::StatusOr<std::vector<X25519Identity>> ReadIdentities(const Home& home, bool wrapped,
                                                           const Passphrase& passphrase) {
  if (wrapped && !passphrase.has_value()) {
    return WithHint(WithRule(absl::UnauthenticatedError("the keys are under a passphrase"),
                             "PASSPHRASE_REQUIRED"),
                    "give --passphrase-file FILE, or run on a terminal");
  }
  ASSIGN_OR_RETURN(const SecretText text, ReadSecretFile(home.PathOf(kIdentity)));
  std::optional<absl::string_view> word;
  if (wrapped) word = *passphrase;
  absl::StatusOr<std::vector<X25519Identity>> identities =
      ReadIdentityFile(AsBytes(text.Reveal(SecretAccess::ForCrypto())), word);
  if (identities.ok()) return identities;
  if (AgeFailureOf(identities.status()) == AgeFailure::kNoMatch) {
    return WithRule(absl::UnauthenticatedError("the passphrase does not open the keys"),
                    "WRONG_PASSPHRASE");
  }
  return Annotate(identities.status(), absl::StrCat("`", home.PathOf(kIdentity), "`"));
}

// One of the other secrets; `wrapped` ones are age files to an identity of `seal`.
absl::StatusOr<SecretText> ReadSecret(const Home& home, absl::string_view name, bool wrapped,
                                      std::span<const X25519Identity> seal) {
  ASSIGN_OR_RETURN(SecretText text, ReadSecretFile(home.PathOf(name)));
  if (!wrapped) return text;
  return OpenText(text.Reveal(SecretAccess::ForCrypto()), seal);
}

// What WriteKeys is about to write, each under its name, in this order.
struct KeyTexts {
  SecretText tls_key;
  SecretText sign_key;
  SecretText identity;
};

absl::StatusOr<KeyTexts> PrintKeys(const MemberKeys& keys, const Passphrase& passphrase,
                                   absl::Time now, Random& random) {
  const SecretAccess access = SecretAccess::ForExport();
  const X25519Identity& identity = keys.seal.front();
  KeyTexts texts{SecretText(std::string(keys.tls.key_pem)),
                 SecretText(keys.sign.Print(keys.SignerName(), access)),
                 SecretText(PrintIdentityFile(keys.seal, now, access))};
  if (!passphrase.has_value()) return texts;
  ASSIGN_OR_RETURN(const Bytes wrapped, WrapIdentityFile(keys.seal, now, *passphrase, random));
  texts.identity = SecretText(ToString(wrapped));
  // One passphrase, one slow derivation: the other secrets are sealed to the identity.
  for (SecretText* text : {&texts.tls_key, &texts.sign_key}) {
    ASSIGN_OR_RETURN(std::string sealed,
                     SealText(text->Reveal(access), identity.Recipient(), random));
    *text = SecretText(std::move(sealed));
  }
  return texts;
}

}  // namespace

absl::StatusOr<Home> Home::Open(const std::string& folder) {
  RETURN_IF_ERROR(CheckPrivate(folder));
  return Home(folder);
}

absl::StatusOr<Home> Home::Create(const std::string& folder) {
  RETURN_IF_ERROR(MakePrivateFolder(folder));
  return Open(folder);
}

std::string Home::PathOf(absl::string_view name) const { return absl::StrCat(folder_, "/", name); }

bool Home::Has(absl::string_view name) const {
  std::error_code error;
  return std::filesystem::exists(PathOf(name), error);
}

absl::StatusOr<std::string> Home::Read(absl::string_view name) const {
  return ReadSmallFile(PathOf(name));
}

absl::Status Home::Write(absl::string_view name, absl::string_view text) const {
  return WritePrivateFile(PathOf(name), AsBytes(text));
}

absl::Status Home::Join(absl::string_view network_text) const {
  RETURN_IF_ERROR(ParseNetworkFile(network_text).status());
  if (!Has(kNetwork)) return Write(kNetwork, network_text);
  ASSIGN_OR_RETURN(const std::string held, Read(kNetwork));
  if (held == network_text) return absl::OkStatus();
  return WithHint(absl::AlreadyExistsError(
                      absl::StrCat("the home `", folder_, "` has joined another network already")),
                  "give each network a home of its own");
}

absl::StatusOr<std::string> Home::ReadNetworkText() const {
  if (!Has(kNetwork)) {
    return NotEnrolled(absl::StrCat("the home `", folder_, "` has joined no network"),
                       "run `shield network join --home DIR network.shield`");
  }
  return Read(kNetwork);
}

absl::StatusOr<NetworkFile> Home::ReadNetwork() const {
  ASSIGN_OR_RETURN(const std::string text, ReadNetworkText());
  return ParseNetworkFile(text);
}

absl::Status Home::Repin(const NetworkFile& network) const {
  ASSIGN_OR_RETURN(const NetworkFile held, ReadNetwork());
  if (network.rotation <= held.rotation) return absl::OkStatus();
  return Write(kNetwork, PrintNetworkFile(network));
}

// While it writes, kUnfinished stands beside the keys, and identity.txt comes last: what a killed
// process left is known for what it is and is written over.
absl::Status Home::WriteKeys(const MemberKeys& keys, const Passphrase& passphrase, absl::Time now,
                             Random& random) const {
  const bool any = Has(kIdentity) || Has(kSignKey) || Has(kTlsKey);
  const bool unfinished = Has(kUnfinished) && !Has(kIdentity);
  if (any && !unfinished) {
    return WithHint(
        absl::AlreadyExistsError(absl::StrCat("the home `", folder_, "` has keys already")),
        "keep them, or make new ones in another home");
  }
  ASSIGN_OR_RETURN(const KeyTexts texts, PrintKeys(keys, passphrase, now, random));
  const SecretAccess access = SecretAccess::ForExport();
  RETURN_IF_ERROR(Write(kUnfinished, ""));
  RETURN_IF_ERROR(Write(kSignPublic, keys.Verifier().ToString() + "\n"));
  RETURN_IF_ERROR(Write(kTlsCertificate, keys.tls.certificate_pem));
  RETURN_IF_ERROR(Write(kTlsKey, texts.tls_key.Reveal(access)));
  RETURN_IF_ERROR(Write(kSignKey, texts.sign_key.Reveal(access)));
  RETURN_IF_ERROR(Write(kIdentity, texts.identity.Reveal(access)));
  return RemovePrivateFile(PathOf(kUnfinished));
}

bool Home::KeysAreWrapped() const {
  const absl::StatusOr<SecretText> identity = ReadSecretFile(PathOf(kIdentity));
  return identity.ok() &&
         IsWrappedIdentityFile(AsBytes(identity->Reveal(SecretAccess::ForCrypto())));
}

absl::StatusOr<MemberId> Home::ReadMember() const {
  if (!Has(kSignPublic)) {
    return NotEnrolled(absl::StrCat("the home `", folder_, "` has no keys"),
                       "run `shield key create --home DIR --member ID`");
  }
  ASSIGN_OR_RETURN(const std::string text, Read(kSignPublic));
  ASSIGN_OR_RETURN(const VerifierKey key, VerifierKey::Parse(absl::StripSuffix(text, "\n")));
  const size_t slash = key.name().rfind('/');
  const std::optional<MemberId> member =
      slash == std::string::npos ? std::nullopt : MemberId::Parse(key.name().substr(slash + 1));
  if (member.has_value()) return *member;
  return absl::InvalidArgumentError(
      absl::StrCat("`", PathOf(kSignPublic), "` does not name a member"));
}

// identity.txt comes last: until then the present keys are whole and the staged ones count for
// nothing.
absl::Status Home::StageKeys(const MemberKeys& keys, const Passphrase& passphrase, absl::Time now,
                             Random& random) const {
  // One home is wrapped as a whole or not at all: its identities are one file.
  const Passphrase as_before = KeysAreWrapped() ? passphrase : std::nullopt;
  ASSIGN_OR_RETURN(const KeyTexts texts, PrintKeys(keys, as_before, now, random));
  const SecretAccess access = SecretAccess::ForExport();
  const auto next = [](absl::string_view name) { return absl::StrCat(name, kNext); };
  RETURN_IF_ERROR(Write(next(kTlsCertificate), keys.tls.certificate_pem));
  RETURN_IF_ERROR(Write(next(kTlsKey), texts.tls_key.Reveal(access)));
  RETURN_IF_ERROR(Write(next(kSignKey), texts.sign_key.Reveal(access)));
  RETURN_IF_ERROR(Write(next(kSignPublic), keys.Verifier().ToString() + "\n"));
  return Write(kIdentity, texts.identity.Reveal(access));
}

absl::StatusOr<std::optional<VerifierKey>> Home::StagedSignKey() const {
  RETURN_IF_ERROR(FinishAdopting());
  const std::string name = absl::StrCat(kSignPublic, kNext);
  if (!Has(kRekeyFile) || !Has(name)) return std::optional<VerifierKey>();
  ASSIGN_OR_RETURN(const std::string text, Read(name));
  ASSIGN_OR_RETURN(VerifierKey key, VerifierKey::Parse(absl::StripSuffix(text, "\n")));
  return std::optional<VerifierKey>(std::move(key));
}

absl::Status Home::DropStagedKeys() const {
  RETURN_IF_ERROR(FinishAdopting());
  if (Has(kRekeyFile)) RETURN_IF_ERROR(RemovePrivateFile(PathOf(kRekeyFile)));
  for (const absl::string_view name : {kTlsCertificate, kTlsKey, kSignKey, kSignPublic}) {
    const std::string next = absl::StrCat(name, kNext);
    if (Has(next)) RETURN_IF_ERROR(RemovePrivateFile(PathOf(next)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Digest>> Home::StagedTlsPin() const {
  ASSIGN_OR_RETURN(const std::optional<VerifierKey> staged, StagedSignKey());
  if (!staged.has_value()) return std::optional<Digest>();
  ASSIGN_OR_RETURN(const std::string certificate, Read(absl::StrCat(kTlsCertificate, kNext)));
  ASSIGN_OR_RETURN(const Digest pin, SpkiDigest(certificate));
  return std::make_optional(pin);
}

absl::Status Home::AdoptKeys() const {
  ASSIGN_OR_RETURN(const std::optional<VerifierKey> staged, StagedSignKey());
  if (!staged.has_value()) return NoneStaged();
  RETURN_IF_ERROR(Write(kAdopting, ""));
  return FinishAdopting();
}

// Once kAdopting is there, whoever finds it goes on.
absl::Status Home::FinishAdopting() const {
  if (!Has(kAdopting)) return absl::OkStatus();
  for (const absl::string_view name : {kTlsCertificate, kTlsKey, kSignKey, kSignPublic}) {
    const std::string next = absl::StrCat(name, kNext);
    if (Has(next)) RETURN_IF_ERROR(MovePrivateFile(PathOf(next), PathOf(name)));
  }
  if (Has(kRekeyFile)) RETURN_IF_ERROR(RemovePrivateFile(PathOf(kRekeyFile)));
  return RemovePrivateFile(PathOf(kAdopting));
}

absl::StatusOr<MemberKeys> Home::ReadKeys(const Passphrase& passphrase) const {
  RETURN_IF_ERROR(FinishAdopting());
  ASSIGN_OR_RETURN(const MemberId member, ReadMember());
  if (!Has(kIdentity) && Has(kUnfinished)) {
    return NotEnrolled(absl::StrCat("making the keys of `", folder_, "` was interrupted"),
                       "run `shield key create --home DIR --member ID` again");
  }
  if (!Has(kIdentity) || !Has(kSignKey) || !Has(kTlsKey) || !Has(kTlsCertificate)) {
    return NotEnrolled(absl::StrCat("the home `", folder_, "` lacks some of its keys"),
                       "restore them from a copy, or make new ones in another home");
  }
  return ReadKeySet(member, "", passphrase);
}

absl::StatusOr<MemberKeys> Home::ReadStagedKeys(const Passphrase& passphrase) const {
  ASSIGN_OR_RETURN(const std::optional<VerifierKey> staged, StagedSignKey());
  if (!staged.has_value()) return NoneStaged();
  ASSIGN_OR_RETURN(const MemberId member, ReadMember());
  return ReadKeySet(member, kNext, passphrase);
}

// Each file of the set under its name and `suffix`, but the identities, which are one file.
absl::StatusOr<MemberKeys> Home::ReadKeySet(const MemberId& member, absl::string_view suffix,
                                            const Passphrase& passphrase) const {
  const auto name = [suffix](absl::string_view file) { return absl::StrCat(file, suffix); };
  const bool wrapped = KeysAreWrapped();
  ASSIGN_OR_RETURN(std::vector<X25519Identity> seal, ReadIdentities(*this, wrapped, passphrase));
  ASSIGN_OR_RETURN(const SecretText sign_text, ReadSecret(*this, name(kSignKey), wrapped, seal));
  ASSIGN_OR_RETURN(const SecretText tls_text, ReadSecret(*this, name(kTlsKey), wrapped, seal));
  ASSIGN_OR_RETURN(std::string certificate, Read(name(kTlsCertificate)));
  TlsKeyPair tls{std::string(tls_text.Reveal(SecretAccess::ForCrypto())), std::move(certificate)};
  RETURN_IF_ERROR(CheckKeyPair(tls));
  ASSIGN_OR_RETURN(SigningKey::Named sign,
                   SigningKey::Parse(sign_text.Reveal(SecretAccess::ForCrypto())));
  const size_t slash = sign.name.rfind('/');
  const std::optional<Origin> network =
      slash == std::string::npos ? std::nullopt : Origin::Parse(sign.name.substr(0, slash));
  if (!network.has_value() || network->KeyName(member.text()) != sign.name) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", PathOf(name(kSignKey)), "` is the key of another member"));
  }
  return MemberKeys{member, *network, std::move(seal), std::move(sign.key), std::move(tls)};
}

}  // namespace shield
