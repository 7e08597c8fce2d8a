#include "crypto/verifier_key.h"

#include <sodium.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/quoted.h"
#include "base/status.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

static_assert(crypto_sign_PUBLICKEYBYTES == std::tuple_size_v<Ed25519PublicKey>);
static_assert(crypto_sign_BYTES == kEd25519SignatureBytes);

NoteKeyId KeyIdOf(absl::string_view name, const Ed25519PublicKey& key) {
  Bytes hashed;
  hashed.reserve(name.size() + 2 + key.size());
  Append(hashed, AsBytes(name));
  hashed.push_back('\n');
  hashed.push_back(kEd25519SignatureType);
  Append(hashed, key);
  const Digest digest = Sha256(hashed);
  NoteKeyId id;
  std::copy_n(digest.bytes.begin(), id.size(), id.begin());
  return id;
}

absl::Status Refused(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("verifier key ", Quoted(text), " refused: ", why));
}

}  // namespace

bool IsKeyName(absl::string_view name) {
  return !name.empty() && name.size() <= kMaxKeyNameBytes &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return c > ' ' && c < 0x7f && c != '+'; });
}

VerifierKey::VerifierKey(absl::string_view name, const Ed25519PublicKey& key)
    : name_(name), key_(key), id_(KeyIdOf(name, key)) {}

absl::StatusOr<VerifierKey> VerifierKey::Create(absl::string_view name,
                                                const Ed25519PublicKey& key) {
  if (!IsKeyName(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(name), " cannot name a key: 1 to ", kMaxKeyNameBytes,
                     " printable ASCII characters without space and `+` are needed"));
  }
  return VerifierKey(name, key);
}

absl::StatusOr<VerifierKey> VerifierKey::Parse(absl::string_view text) {
  if (HoldsPrivateKey(text)) {
    return WithHint(absl::InvalidArgumentError("this is a private key, not a verifier key"),
                    "give the text of `sign.pub`; keep the private key to yourself");
  }
  // Base64 may hold '+', so only the first two separate.
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('+', 2));
  if (parts.size() != 3) return Refused(text, "it is not <name>+<key id>+<key>");
  const std::optional<Bytes> raw = Base64Decode(parts[2], Base64Form::kPadded);
  if (!raw.has_value() || raw->empty()) return Refused(text, "its key is not canonical base64");
  if (raw->front() != kEd25519SignatureType)
    return Refused(text, "its algorithm is not Ed25519 (01)");
  Ed25519PublicKey key;
  if (raw->size() != 1 + key.size()) return Refused(text, "its key is not 32 bytes long");
  std::copy(raw->begin() + 1, raw->end(), key.begin());
  ASSIGN_OR_RETURN(VerifierKey verifier, Create(parts[0], key));
  if (parts[1] != HexEncode(verifier.id_)) {
    return Refused(text, "its key id does not belong to its name and key");
  }
  return verifier;
}

std::string VerifierKey::ToString() const {
  Bytes typed = {kEd25519SignatureType};
  Append(typed, key_);
  return absl::StrCat(name_, "+", HexEncode(id_), "+", Base64Encode(typed, Base64Form::kPadded));
}

bool VerifierKey::Verify(ByteSpan message, const Ed25519Signature& signature) const {
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                     key_.data()) == 0;
}

absl::Status VerifierKey::CheckPoint() const {
  if (crypto_core_ed25519_is_valid_point(key_.data()) == 1) return absl::OkStatus();
  return Refused(ToString(), "it is not a point of the prime-order group of Ed25519");
}

}  // namespace shield
