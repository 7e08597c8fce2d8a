// Opening any age v1 file, in a stream: attachments, identity files, files of stock age.
//
//   AgeFileOpener opener({.identities = identities}, sink);
//   while (…) RETURN_IF_ERROR(opener.Write(bytes));
//   RETURN_IF_ERROR(opener.Finish());
//
// Recipients of other kinds are passed over, as the format asks. Memory does not grow with the
// payload. Errors are of one of the kinds of crypto/opening/age_failure.h, or the sink's.
#pragma once

#include <optional>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "crypto/byte_sink.h"
#include "crypto/file_key.h"
#include "crypto/opening/age_header.h"
#include "crypto/opening/open_payload.h"
#include "crypto/opening/x25519_identity.h"

namespace shield {

// What a file may be opened with. Refers to memory of the caller.
struct AgeCredentials {
  std::span<const X25519Identity> identities = {};
  std::span<const absl::string_view> passphrases = {};
};

// The file key of a file whose header's text is `text`: unwrapped by the first credential that
// fits, the MAC checked.
absl::StatusOr<FileKey> OpenAgeHeader(absl::string_view text, const AgeCredentials& credentials);

// The whole plaintext of a file that is not armored, or an error and nothing.
absl::StatusOr<Bytes> OpenAgeFile(ByteSpan file, const AgeCredentials& credentials);

// Hands on the plaintext of each chunk that authenticated; only when Finish returns OK was the file
// whole. After an error nothing more may be called. Thread-compatible.
class AgeFileOpener {
 public:
  AgeFileOpener(const AgeCredentials& credentials, ByteSink sink);

  absl::Status Write(ByteSpan bytes);
  absl::Status Finish();

 private:
  absl::Status BeginPayload();

  const AgeCredentials credentials_;
  const ByteSink sink_;
  Bytes start_;  // the header and the payload's nonce, until both are whole
  std::optional<PayloadOpener> payload_;
};

}  // namespace shield
