#include "crypto/opening/open_age_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/status.h"
#include "crypto/opening/age_failure.h"
#include "crypto/opening/passphrase.h"
#include "crypto/payload.h"

namespace shield {
namespace {

constexpr absl::string_view kX25519Stanza = "X25519";

using MaybeFileKey = absl::StatusOr<std::optional<FileKey>>;

absl::Status Malformed(absl::string_view why) {
  return AgeError(AgeFailure::kHeader, absl::StrCat("X25519 stanza refused: ", why));
}

MaybeFileKey UnwrapX25519(const AgeStanza& stanza, const X25519Identity& identity) {
  if (stanza.arguments.size() != 1) return Malformed("it must have one argument, the share");
  const std::optional<Bytes> share_bytes =
      Base64Decode(stanza.arguments.front(), Base64Form::kUnpadded);
  X25519PublicKey share;
  if (!share_bytes.has_value() || share_bytes->size() != share.bytes.size()) {
    return Malformed("its share is not 32 bytes in canonical base64");
  }
  WrappedFileKey wrapped;
  if (stanza.body.size() != wrapped.size()) return Malformed("its body is not 32 bytes long");
  std::copy(share_bytes->begin(), share_bytes->end(), share.bytes.begin());
  std::copy(stanza.body.begin(), stanza.body.end(), wrapped.begin());
  return identity.Unwrap(share, wrapped);
}

// The first file key that one of the credentials finds in one of the stanzas.
MaybeFileKey UnwrapAny(const AgeHeader& header, const AgeCredentials& credentials) {
  for (const AgeStanza& stanza : header.stanzas) {
    if (stanza.type == kX25519Stanza) {
      for (const X25519Identity& identity : credentials.identities) {
        ASSIGN_OR_RETURN(std::optional<FileKey> file_key, UnwrapX25519(stanza, identity));
        if (file_key.has_value()) return file_key;
      }
    } else if (stanza.type == kScryptStanza) {
      for (const absl::string_view passphrase : credentials.passphrases) {
        ASSIGN_OR_RETURN(std::optional<FileKey> file_key, UnwrapWithPassphrase(stanza, passphrase));
        if (file_key.has_value()) return file_key;
      }
    }
  }
  return std::nullopt;
}

bool HasScrypt(const AgeHeader& header) {
  return std::any_of(header.stanzas.begin(), header.stanzas.end(),
                     [](const AgeStanza& stanza) { return stanza.type == kScryptStanza; });
}

}  // namespace

absl::StatusOr<FileKey> OpenAgeHeader(absl::string_view text, const AgeCredentials& credentials) {
  ASSIGN_OR_RETURN(const AgeHeader header, ParseAgeHeader(text));
  // Otherwise a file under a passphrase could be made to open for others too.
  if (HasScrypt(header) && header.stanzas.size() > 1) {
    return AgeError(AgeFailure::kHeader, "age header refused: a scrypt stanza must stand alone");
  }
  ASSIGN_OR_RETURN(std::optional<FileKey> file_key, UnwrapAny(header, credentials));
  if (!file_key.has_value()) {
    return AgeError(AgeFailure::kNoMatch,
                    HasScrypt(header)
                        ? "the file is under a passphrase, and none that was given opens it"
                        : "the file was not sealed to any identity that was given");
  }
  const AgeMac expected = HeaderMac(HeaderMacKey(*file_key), AsBytes(AuthenticatedPart(text)));
  if (!ConstantTimeEqual(expected, header.mac)) {
    return AgeError(AgeFailure::kHmac, "the file's header was changed: its MAC does not hold");
  }
  return *std::move(file_key);
}

absl::StatusOr<Bytes> OpenAgeFile(ByteSpan file, const AgeCredentials& credentials) {
  Bytes plaintext;
  plaintext.reserve(file.size());
  AgeFileOpener opener(credentials, [&plaintext](ByteSpan chunk) {
    Append(plaintext, chunk);
    return absl::OkStatus();
  });
  absl::Status opened = opener.Write(file);
  if (opened.ok()) opened = opener.Finish();
  if (!opened.ok()) {
    Wipe(plaintext);
    return opened;
  }
  return plaintext;
}

AgeFileOpener::AgeFileOpener(const AgeCredentials& credentials, ByteSink sink)
    : credentials_(credentials), sink_(std::move(sink)) {}

absl::Status AgeFileOpener::Write(ByteSpan bytes) {
  if (payload_.has_value()) return payload_->Write(bytes);
  // Looks only at as much as a header and a nonce can take, however much comes at once.
  const size_t room = kMaxAgeHeaderSize + kPayloadNonceSize - start_.size();
  const size_t taken = std::min(bytes.size(), room);
  Append(start_, bytes.first(taken));
  RETURN_IF_ERROR(BeginPayload());
  if (taken == bytes.size()) return absl::OkStatus();
  return payload_->Write(bytes.subspan(taken));
}

absl::Status AgeFileOpener::BeginPayload() {
  ASSIGN_OR_RETURN(const size_t header_size, FindAgeHeader(start_));
  if (header_size == 0 || start_.size() < header_size + kPayloadNonceSize) return absl::OkStatus();
  ASSIGN_OR_RETURN(const FileKey file_key,
                   OpenAgeHeader(AsText(start_).substr(0, header_size), credentials_));
  payload_.emplace(file_key, sink_);
  const Bytes start = std::exchange(start_, {});
  return payload_->Write(ByteSpan(start).subspan(header_size));
}

absl::Status AgeFileOpener::Finish() {
  if (payload_.has_value()) return payload_->Finish();
  // The file ended early; what its header is decides what to say.
  ASSIGN_OR_RETURN(const size_t header_size, FindAgeHeader(start_));
  if (header_size > 0) {
    RETURN_IF_ERROR(OpenAgeHeader(AsText(start_).substr(0, header_size), credentials_).status());
  }
  return AgeError(AgeFailure::kHeader, absl::StrCat("the age file ends after ", start_.size(),
                                                    " bytes, before its payload begins"));
}

}  // namespace shield
