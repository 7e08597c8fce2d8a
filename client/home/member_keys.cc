#include "client/home/member_keys.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"

namespace shield {

absl::StatusOr<MemberKeys> MemberKeys::Generate(const MemberId& member, const Origin& network,
                                                Random& random) {
  if (IsReservedMemberId(member.text())) {
    return WithHint(
        absl::InvalidArgumentError(absl::StrCat("`", member.text(),
                                                "` cannot be a member: a key of the network itself "
                                                "carries that name")),
        "choose another id, for example <organisation>-<desk>");
  }
  ASSIGN_OR_RETURN(TlsKeyPair tls, NewTlsKeyPair(member.text()));
  std::vector<X25519Identity> seal;
  seal.push_back(X25519Identity::Generate(random));
  return MemberKeys{member, network, std::move(seal), SigningKey::Generate(random), std::move(tls)};
}

VerifierKey MemberKeys::Verifier() const {
  absl::StatusOr<VerifierKey> key = sign.Verifier(SignerName());
  SHIELD_CHECK(key.ok());  // the name is made of an origin and an id
  return *std::move(key);
}

absl::StatusOr<EnrolmentRequest> RequestFor(const MemberKeys& keys, const NetworkFile& network) {
  ASSIGN_OR_RETURN(const Digest pin, SpkiDigest(keys.tls.certificate_pem));
  return EnrolmentRequest{network.network, NetworkFileDigest(network),
                          keys.member,     keys.seal.front().Recipient(),
                          keys.Verifier(), pin};
}

}  // namespace shield
