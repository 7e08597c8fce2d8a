#include "client/audit/log_witness.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/home/private_file.h"
#include "client/home/secret_text.h"
#include "client/home/wrapped_text.h"
#include "client/log/log_keeper.h"
#include "crypto/cosignature.h"
#include "policy/proof/network_file.h"

namespace shield {

namespace {

// What every signing key in C2SP's form begins with, and no age file.
constexpr absl::string_view kBare = "PRIVATE+KEY+";

absl::Status WriteKey(const Home& home, const MemberKeys& keys, const SecretText& text,
                      Random& random) {
  const absl::string_view bare = text.Reveal(SecretAccess::ForExport());
  const std::string path = home.PathOf(kWitnessKeyFile);
  if (!home.KeysAreWrapped()) return WritePrivateFile(path, AsBytes(bare));
  ASSIGN_OR_RETURN(const std::string sealed, SealText(bare, keys.seal.front().Recipient(), random));
  return WritePrivateFile(path, AsBytes(sealed));
}

absl::StatusOr<SecretText> ReadKey(const Home& home, const MemberKeys& keys, Random& random) {
  ASSIGN_OR_RETURN(SecretText text, ReadSecretFile(home.PathOf(kWitnessKeyFile)));
  const absl::string_view stored = text.Reveal(SecretAccess::ForCrypto());
  if (!absl::StartsWith(stored, kBare)) return OpenText(stored, keys.seal);
  if (home.KeysAreWrapped()) RETURN_IF_ERROR(WriteKey(home, keys, text, random));
  return text;
}

}  // namespace

absl::StatusOr<SigningKey::Named> OpenWitnessKey(const Home& home, const MemberKeys& keys,
                                                 Random& random) {
  ASSIGN_OR_RETURN(const NetworkFile network, home.ReadNetwork());
  const std::string name = network.network.KeyName(absl::StrCat("witness/", keys.member.text()));
  const std::string path = home.PathOf(kWitnessKeyFile);
  if (!home.Has(kWitnessKeyFile)) {
    const SigningKey key = SigningKey::Generate(random);
    const SecretText text(key.Print(name, SecretAccess::ForExport()));
    RETURN_IF_ERROR(WriteKey(home, keys, text, random));
  }
  ASSIGN_OR_RETURN(const SecretText text, ReadKey(home, keys, random));
  ASSIGN_OR_RETURN(SigningKey::Named key,
                   SigningKey::Parse(text.Reveal(SecretAccess::ForCrypto())));
  if (key.name == name) return key;
  return WithHint(absl::FailedPreconditionError(absl::StrCat("`", path, "` is the key of `",
                                                             key.name, "`, not of `", name, "`")),
                  "give each witness a home of its own");
}

absl::StatusOr<std::string> WitnessKeyText(const Home& home, const MemberKeys& keys,
                                           Random& random) {
  ASSIGN_OR_RETURN(const SigningKey::Named key, OpenWitnessKey(home, keys, random));
  ASSIGN_OR_RETURN(const VerifierKey verifier, key.key.Verifier(key.name));
  return verifier.ToString();
}

absl::StatusOr<std::string> CosignNewest(const ClientParts& parts, const SigningKey::Named& key) {
  ASSIGN_OR_RETURN(const std::string note, LogKeeper(parts).ToCosign());
  return AddCosignature(note, key.name, key.key, parts.clock.Now());
}

}  // namespace shield
