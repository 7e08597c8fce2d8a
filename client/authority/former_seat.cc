#include "client/authority/former_seat.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "base/status.h"
#include "client/home/member_keys.h"
#include "client/home/private_file.h"
#include "client/home/secret_text.h"
#include "client/home/wrapped_text.h"

namespace shield {
namespace {

constexpr absl::string_view kTlsKey = "tls.key";
constexpr absl::string_view kTlsCertificate = "tls.crt";
constexpr absl::string_view kFormerKey = "tls.key.before";
constexpr absl::string_view kFormerCertificate = "tls.crt.before";

}  // namespace

bool HasFormerSeat(const Home& home) {
  return home.Has(kFormerKey) && home.Has(kFormerCertificate);
}

absl::Status KeepFormerSeat(const Home& home) {
  ASSIGN_OR_RETURN(const SecretText key, ReadSecretFile(home.PathOf(kTlsKey)));
  ASSIGN_OR_RETURN(const std::string certificate, home.Read(kTlsCertificate));
  RETURN_IF_ERROR(home.Write(kFormerKey, key.Reveal(SecretAccess::ForExport())));
  return home.Write(kFormerCertificate, certificate);
}

absl::StatusOr<std::optional<Digest>> FormerSeatPin(const Home& home) {
  if (!HasFormerSeat(home)) return std::optional<Digest>();
  ASSIGN_OR_RETURN(const std::string certificate, home.Read(kFormerCertificate));
  ASSIGN_OR_RETURN(const Digest pin, SpkiDigest(certificate));
  return std::make_optional(pin);
}

absl::StatusOr<TlsKeyPair> ReadFormerSeat(const Home& home, const Passphrase& passphrase) {
  if (!HasFormerSeat(home)) return absl::NotFoundError("no former key of the own seat is kept");
  // It is sealed to an identity of before, which the home keeps beside the present one.
  ASSIGN_OR_RETURN(const MemberKeys present, home.ReadKeys(passphrase));
  ASSIGN_OR_RETURN(SecretText key, ReadSecretFile(home.PathOf(kFormerKey)));
  if (home.KeysAreWrapped()) {
    ASSIGN_OR_RETURN(key, OpenText(key.Reveal(SecretAccess::ForCrypto()), present.seal));
  }
  ASSIGN_OR_RETURN(std::string certificate, home.Read(kFormerCertificate));
  TlsKeyPair pair{std::string(key.Reveal(SecretAccess::ForCrypto())), std::move(certificate)};
  RETURN_IF_ERROR(CheckKeyPair(pair));
  return pair;
}

absl::Status DropFormerSeat(const Home& home) {
  for (const absl::string_view name : {kFormerKey, kFormerCertificate}) {
    if (home.Has(name)) RETURN_IF_ERROR(RemovePrivateFile(home.PathOf(name)));
  }
  return absl::OkStatus();
}

}  // namespace shield
