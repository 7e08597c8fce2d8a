#include "client/audit/log_witness.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/home/private_file.h"
#include "client/home/secret_text.h"
#include "client/log/log_keeper.h"
#include "crypto/cosignature.h"
#include "policy/proof/network_file.h"

namespace shield {

absl::StatusOr<SigningKey::Named> OpenWitnessKey(const Home& home, Random& random) {
  ASSIGN_OR_RETURN(const NetworkFile network, home.ReadNetwork());
  ASSIGN_OR_RETURN(const MemberId member, home.ReadMember());
  const std::string name = network.network.KeyName(absl::StrCat("witness/", member.text()));
  const std::string path = home.PathOf(kWitnessKeyFile);
  if (!home.Has(kWitnessKeyFile)) {
    const SigningKey key = SigningKey::Generate(random);
    const SecretText text(key.Print(name, SecretAccess::ForCrypto()));
    RETURN_IF_ERROR(WritePrivateFile(path, AsBytes(text.Reveal(SecretAccess::ForCrypto()))));
  }
  ASSIGN_OR_RETURN(const SecretText text, ReadSecretFile(path));
  ASSIGN_OR_RETURN(SigningKey::Named key,
                   SigningKey::Parse(text.Reveal(SecretAccess::ForCrypto())));
  if (key.name == name) return key;
  return WithHint(absl::FailedPreconditionError(absl::StrCat("`", path, "` is the key of `",
                                                             key.name, "`, not of `", name, "`")),
                  "give each witness a home of its own");
}

absl::StatusOr<std::string> WitnessKeyText(const Home& home, Random& random) {
  ASSIGN_OR_RETURN(const SigningKey::Named key, OpenWitnessKey(home, random));
  ASSIGN_OR_RETURN(const VerifierKey verifier, key.key.Verifier(key.name));
  return verifier.ToString();
}

absl::StatusOr<std::string> CosignNewest(const ClientParts& parts, const SigningKey::Named& key) {
  ASSIGN_OR_RETURN(const KeptCheckpoint newest, LogKeeper(parts).Advance());
  return AddCosignature(newest.note, key.name, key.key, parts.clock.Now());
}

}  // namespace shield
