#include "client/authority/authority_key.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/home/member_keys.h"
#include "client/home/secret_text.h"
#include "client/home/wrapped_text.h"
#include "crypto/opening/age_failure.h"
#include "crypto/opening/identity_file.h"
#include "crypto/opening/open_age_file.h"
#include "crypto/opening/passphrase.h"

namespace shield {
namespace {

absl::StatusOr<SecretText> ReadFile(const Home& home, absl::string_view key_name) {
  return ReadSecretFile(home.PathOf(AuthorityKeyFile(key_name)));
}

absl::Status PassphraseRequired(absl::string_view file) {
  return WithHint(WithRule(absl::UnauthenticatedError(
                               absl::StrCat("the key in `", file, "` is under a passphrase")),
                           "PASSPHRASE_REQUIRED"),
                  "give --passphrase-file FILE, or run on a terminal");
}

absl::StatusOr<SecretText> Unwrap(const Home& home, const SecretText& text,
                                  const Passphrase& passphrase, const std::string& file) {
  const absl::string_view sealed = text.Reveal(SecretAccess::ForCrypto());
  if (home.KeysAreWrapped()) {
    ASSIGN_OR_RETURN(const MemberKeys keys, home.ReadKeys(passphrase));
    return OpenText(sealed, keys.seal);
  }
  if (!passphrase.has_value()) return PassphraseRequired(file);
  const absl::string_view word = *passphrase;
  absl::StatusOr<Bytes> opened =
      OpenAgeFile(AsBytes(sealed), {.identities = {}, .passphrases = std::span(&word, 1)});
  if (AgeFailureOf(opened.status()) == AgeFailure::kNoMatch) {
    return WithRule(absl::UnauthenticatedError(
                        absl::StrCat("the passphrase does not open the key in `", file, "`")),
                    "WRONG_PASSPHRASE");
  }
  RETURN_IF_ERROR(Annotate(opened.status(), absl::StrCat("`", file, "`")));
  SecretText result(ToString(*opened));
  Wipe(*opened);
  return result;
}

absl::StatusOr<std::string> Wrap(const Home& home, absl::string_view text,
                                 const Passphrase& passphrase, Random& random) {
  if (home.KeysAreWrapped()) {
    ASSIGN_OR_RETURN(const MemberKeys keys, home.ReadKeys(passphrase));
    return SealText(text, keys.seal.front().Recipient(), random);
  }
  if (!passphrase.has_value()) return std::string(text);
  ASSIGN_OR_RETURN(const Bytes wrapped, SealWithPassphrase(AsBytes(text), *passphrase, random));
  return ToString(wrapped);
}

}  // namespace

std::string AuthorityKeyFile(absl::string_view key_name) {
  return absl::StrCat(key_name.substr(key_name.rfind('/') + 1), ".key");
}

std::vector<VerifierKey> AuthorityKeysHeld(const Home& home, std::span<const VerifierKey> keys) {
  std::vector<VerifierKey> held;
  for (const VerifierKey& key : keys) {
    if (home.Has(AuthorityKeyFile(key.name()))) held.push_back(key);
  }
  return held;
}

bool AuthorityKeyIsWrapped(const Home& home, const VerifierKey& key) {
  const absl::StatusOr<SecretText> text = ReadFile(home, key.name());
  return text.ok() && IsWrappedIdentityFile(AsBytes(text->Reveal(SecretAccess::ForCrypto())));
}

absl::Status WriteAuthorityKey(const Home& home, absl::string_view name, const SigningKey& key,
                               const Passphrase& passphrase, Random& random) {
  const std::string file = AuthorityKeyFile(name);
  if (home.Has(file)) {
    return WithHint(
        absl::AlreadyExistsError(absl::StrCat("`", home.PathOf(file), "` is there already")),
        "keep it, or give the new key another number");
  }
  const SecretText text(key.Print(name, SecretAccess::ForExport()));
  ASSIGN_OR_RETURN(std::string kept,
                   Wrap(home, text.Reveal(SecretAccess::ForExport()), passphrase, random));
  return home.Write(file, SecretText(std::move(kept)).Reveal(SecretAccess::ForExport()));
}

absl::StatusOr<SigningKey> ReadAuthorityKey(const Home& home, const VerifierKey& key,
                                            const Passphrase& passphrase) {
  const std::string file = home.PathOf(AuthorityKeyFile(key.name()));
  ASSIGN_OR_RETURN(SecretText text, ReadFile(home, key.name()));
  if (IsWrappedIdentityFile(AsBytes(text.Reveal(SecretAccess::ForCrypto())))) {
    ASSIGN_OR_RETURN(text, Unwrap(home, text, passphrase, file));
  }
  ASSIGN_OR_RETURN(SigningKey::Named named,
                   SigningKey::Parse(text.Reveal(SecretAccess::ForCrypto())));
  if (named.name == key.name() && named.key.public_key() == key.public_key()) {
    return std::move(named.key);
  }
  return WithHint(absl::FailedPreconditionError(absl::StrCat(
                      "`", file, "` holds another key than `", key.name(), "` of network.shield")),
                  "find the file of the key that network.shield names");
}

}  // namespace shield
