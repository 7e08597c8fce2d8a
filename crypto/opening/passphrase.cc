#include "crypto/opening/passphrase.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/status.h"
#include "crypto/age_keys.h"
#include "crypto/opening/age_failure.h"
#include "crypto/opening/unwrap_file_key.h"
#include "crypto/payload.h"

namespace shield {
namespace {

constexpr absl::string_view kSaltLabel = "age-encryption.org/v1/scrypt";
constexpr size_t kSaltSize = 16;
constexpr uint32_t kBlockSize = 8;
constexpr uint32_t kParallelism = 1;

absl::Status Malformed(absl::string_view why) {
  return AgeError(AgeFailure::kHeader, absl::StrCat("scrypt stanza refused: ", why));
}

absl::StatusOr<AgeKey> Stretch(absl::string_view passphrase, ByteSpan salt, int work_factor) {
  Bytes labelled = ToBytes(AsBytes(kSaltLabel));
  Append(labelled, salt);
  const auto key = AsBytes(passphrase);
  AgeKey stretched;
  const auto out = stretched.Fill(SecretAccess::ForCrypto());
  if (crypto_pwhash_scryptsalsa208sha256_ll(key.data(), key.size(), labelled.data(),
                                            labelled.size(), uint64_t{1} << work_factor, kBlockSize,
                                            kParallelism, out.data(), out.size()) != 0) {
    return absl::ResourceExhaustedError(absl::StrCat("scrypt needs ",
                                                     (uint64_t{1} << work_factor) / 1024,
                                                     " MiB of memory, which is not to be had"));
  }
  return stretched;
}

// Decimal without sign or leading zero, 1 to kMaxScryptWorkFactor.
absl::StatusOr<int> ParseWorkFactor(absl::string_view text) {
  int factor = 0;
  if (text.size() > 2 || !absl::SimpleAtoi(text, &factor) || factor < 1 ||
      absl::StrCat(factor) != text) {
    return Malformed("its work factor is not a decimal number in range");
  }
  if (factor > kMaxScryptWorkFactor) {
    return Malformed(
        absl::StrCat("its work factor is ", factor, " and may be at most ", kMaxScryptWorkFactor));
  }
  return factor;
}

}  // namespace

absl::StatusOr<Bytes> SealWithPassphrase(ByteSpan plaintext, absl::string_view passphrase,
                                         Random& random, int work_factor) {
  if (passphrase.empty()) return absl::InvalidArgumentError("the passphrase is empty");
  if (work_factor < 1 || work_factor > kMaxScryptWorkFactor) {
    return absl::InvalidArgumentError(absl::StrCat("a scrypt work factor of ", work_factor,
                                                   " is outside 1 to ", kMaxScryptWorkFactor));
  }
  std::array<uint8_t, kSaltSize> salt;
  random.Fill(salt);
  ASSIGN_OR_RETURN(const AgeKey wrap_key, Stretch(passphrase, salt, work_factor));
  const FileKey file_key = NewFileKey(random);
  const WrappedFileKey wrapped = WrapFileKey(wrap_key, file_key);

  AgeHeader header;
  header.stanzas.push_back({std::string(kScryptStanza),
                            {Base64Encode(salt, Base64Form::kUnpadded), absl::StrCat(work_factor)},
                            ToBytes(wrapped)});
  header.mac =
      HeaderMac(HeaderMacKey(file_key), AsBytes(AuthenticatedPart(PrintAgeHeader(header))));
  Bytes file = ToBytes(AsBytes(PrintAgeHeader(header)));
  Append(file, SealPayload(file_key, NewPayloadNonce(random), plaintext));
  return file;
}

absl::StatusOr<std::optional<FileKey>> UnwrapWithPassphrase(const AgeStanza& stanza,
                                                            absl::string_view passphrase) {
  if (stanza.arguments.size() != 2) return Malformed("it must have a salt and a work factor");
  const std::optional<Bytes> salt = Base64Decode(stanza.arguments[0], Base64Form::kUnpadded);
  if (!salt.has_value() || salt->size() != kSaltSize) {
    return Malformed("its salt is not 16 bytes in canonical base64");
  }
  ASSIGN_OR_RETURN(const int work_factor, ParseWorkFactor(stanza.arguments[1]));
  WrappedFileKey wrapped;
  if (stanza.body.size() != wrapped.size()) return Malformed("its body is not 32 bytes long");
  std::copy(stanza.body.begin(), stanza.body.end(), wrapped.begin());
  ASSIGN_OR_RETURN(const AgeKey wrap_key, Stretch(passphrase, *salt, work_factor));
  return UnwrapFileKey(wrap_key, wrapped);
}

}  // namespace shield
