#include "client/home/wrapped_text.h"

#include "base/status.h"
#include "crypto/age_file_sealer.h"
#include "crypto/opening/open_age_file.h"

namespace shield {

absl::StatusOr<std::string> SealText(absl::string_view text, const X25519PublicKey& recipient,
                                     Random& random) {
  std::string sealed;
  ASSIGN_OR_RETURN(const auto sealer,
                   AgeFileSealer::Create(recipient, random, [&sealed](ByteSpan bytes) {
                     sealed.append(AsText(bytes).data(), bytes.size());
                     return absl::OkStatus();
                   }));
  RETURN_IF_ERROR(sealer->Write(AsBytes(text)));
  RETURN_IF_ERROR(sealer->Finish().status());
  return sealed;
}

absl::StatusOr<SecretText> OpenText(absl::string_view sealed,
                                    std::span<const X25519Identity> identities) {
  ASSIGN_OR_RETURN(Bytes text,
                   OpenAgeFile(AsBytes(sealed), AgeCredentials{.identities = identities}));
  SecretText opened(ToString(text));
  Wipe(std::span<uint8_t>(text));
  return opened;
}

}  // namespace shield
