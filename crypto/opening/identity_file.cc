#include "crypto/opening/identity_file.h"

#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "crypto/age_recipient.h"
#include "crypto/opening/age_failure.h"
#include "crypto/opening/armor.h"
#include "crypto/opening/open_age_file.h"
#include "crypto/opening/passphrase.h"

namespace shield {
namespace {

constexpr absl::string_view kAgeMark = "age-encryption.org/";
// RFC 3339 in UTC, as age-keygen writes it.
constexpr absl::string_view kTimestamp = "%Y-%m-%dT%H:%M:%SZ";
// A comment with the public key, and the identity: 76 and 75 bytes.
constexpr size_t kMaxIdentityLines = 160;

absl::Status TooLarge() {
  return WithHint(absl::InvalidArgumentError(absl::StrCat("the identity file is larger than ",
                                                          kMaxIdentityFileSize, " bytes")),
                  "an identity file is three short lines; is this the right file?");
}

absl::StatusOr<std::vector<X25519Identity>> ParseIdentities(absl::string_view text) {
  std::vector<X25519Identity> identities;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    absl::ConsumeSuffix(&line, "\r");
    if (line.empty() || absl::StartsWith(line, "#")) continue;
    if (identities.size() == kMaxIdentitiesInFile) {
      return absl::InvalidArgumentError(
          absl::StrCat("the identity file has more than ", kMaxIdentitiesInFile, " identities"));
    }
    absl::StatusOr<X25519Identity> identity = X25519Identity::Parse(line);
    if (!identity.ok()) {
      return Annotate(identity.status(), absl::StrCat("line ", number, " of the identity file"));
    }
    identities.push_back(*std::move(identity));
  }
  if (identities.empty()) {
    return WithHint(absl::InvalidArgumentError("the identity file holds no identity"),
                    "it must have a line `AGE-SECRET-KEY-1…`, as `age-keygen` writes it");
  }
  return identities;
}

absl::StatusOr<Bytes> RemoveArmor(ByteSpan file) {
  Bytes binary;
  ArmorDecoder decoder([&binary](ByteSpan bytes) {
    Append(binary, bytes);
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(decoder.Write(file));
  RETURN_IF_ERROR(decoder.Finish());
  return binary;
}

absl::StatusOr<Bytes> Unwrap(ByteSpan file, absl::string_view passphrase) {
  Bytes binary;
  if (LooksArmored(file)) {
    ASSIGN_OR_RETURN(binary, RemoveArmor(file));
    file = binary;
  }
  absl::StatusOr<Bytes> text =
      OpenAgeFile(file, {.identities = {}, .passphrases = std::span(&passphrase, 1)});
  if (AgeFailureOf(text.status()) != AgeFailure::kNoMatch) return text;
  return WithHint(AgeError(AgeFailure::kNoMatch, "the passphrase does not open the identity file"),
                  "type it again; without it the identity is lost and a new one must be enrolled");
}

}  // namespace

bool IsWrappedIdentityFile(ByteSpan file) {
  return absl::StartsWith(AsText(file), kAgeMark) || LooksArmored(file);
}

absl::StatusOr<std::vector<X25519Identity>> ReadIdentityFile(
    ByteSpan file, std::optional<absl::string_view> passphrase) {
  if (file.size() > kMaxIdentityFileSize) return TooLarge();
  if (!IsWrappedIdentityFile(file)) return ParseIdentities(AsText(file));
  if (!passphrase.has_value()) {
    return WithHint(absl::FailedPreconditionError("the identity file is under a passphrase"),
                    "give it with --passphrase-file, or run on a terminal to be asked");
  }
  ASSIGN_OR_RETURN(Bytes text, Unwrap(file, *passphrase));
  auto identities = ParseIdentities(AsText(text));
  Wipe(text);
  return identities;
}

std::string PrintIdentityFile(std::span<const X25519Identity> identities, absl::Time created,
                              SecretAccess access) {
  std::string text =
      absl::StrCat("# created: ", absl::FormatTime(kTimestamp, created, absl::UTCTimeZone()), "\n");
  // One allocation, so that no copy of a secret is left behind by growing.
  text.reserve(text.size() + identities.size() * kMaxIdentityLines);
  for (const X25519Identity& identity : identities) {
    std::string line = identity.Print(access);
    absl::StrAppend(&text, "# public key: ", PrintAgeRecipient(identity.Recipient()), "\n", line,
                    "\n");
    Wipe(line);
  }
  return text;
}

std::string PrintIdentityFile(const X25519Identity& identity, absl::Time created,
                              SecretAccess access) {
  return PrintIdentityFile(std::span(&identity, 1), created, access);
}

absl::StatusOr<Bytes> WrapIdentityFile(std::span<const X25519Identity> identities,
                                       absl::Time created, absl::string_view passphrase,
                                       Random& random) {
  std::string text = PrintIdentityFile(identities, created, SecretAccess::ForExport());
  absl::StatusOr<Bytes> wrapped = SealWithPassphrase(AsBytes(text), passphrase, random);
  Wipe(text);
  return wrapped;
}

absl::StatusOr<Bytes> WrapIdentityFile(const X25519Identity& identity, absl::Time created,
                                       absl::string_view passphrase, Random& random) {
  return WrapIdentityFile(std::span(&identity, 1), created, passphrase, random);
}

}  // namespace shield
