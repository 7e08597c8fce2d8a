#include "client/authority/fresh_key.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/create_network.h"
#include "client/home/private_file.h"
#include "client/home/secret_text.h"
#include "crypto/verifier_key.h"

namespace shield {
namespace {

absl::StatusOr<SigningKey> ParseKey(absl::string_view text, const std::string& name) {
  ASSIGN_OR_RETURN(SigningKey::Named named, SigningKey::Parse(text));
  if (named.name != name) {
    return absl::FailedPreconditionError(
        absl::StrCat("the key file is of `", named.name, "`, not of `", name, "`"));
  }
  return std::move(named.key);
}

}  // namespace

absl::StatusOr<SigningKey> ReadFreshKey(const Home& home, const Origin& network,
                                        absl::string_view file) {
  absl::StatusOr<SecretText> text = ReadSecretFile(home.PathOf(file));
  if (!text.ok()) {
    return WithHint(text.status(),
                    "if the freshness key is lost, run `shield directory publish --new-fresh-key`");
  }
  return ParseKey(text->Reveal(SecretAccess::ForCrypto()), network.KeyName("fresh"));
}

absl::StatusOr<std::string> FreshKeyText(const Home& home, const Origin& network,
                                         absl::string_view file) {
  ASSIGN_OR_RETURN(const SigningKey key, ReadFreshKey(home, network, file));
  ASSIGN_OR_RETURN(const VerifierKey verifier, key.Verifier(network.KeyName("fresh")));
  return verifier.ToString();
}

absl::string_view FreshKeyFileFor(const Home& home, const DirectoryNote& note) {
  if (!home.Has(kNextFreshKeyFile)) return kFreshKeyFile;
  const absl::StatusOr<std::string> next = FreshKeyText(home, note.network, kNextFreshKeyFile);
  return next.ok() && *next == note.fresh_key ? kNextFreshKeyFile : kFreshKeyFile;
}

}  // namespace shield
