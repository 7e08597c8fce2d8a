#include "client/receive/fetch_attachment.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/quoted.h"
#include "base/status.h"
#include "client/home/private_file.h"
#include "client/receive/fetch_bytes.h"
#include "crypto/opening/age_failure.h"
#include "crypto/opening/open_age_file.h"
#include "crypto/opening/x25519_identity.h"

namespace shield {
namespace {

constexpr size_t kMaxFileNameBytes = 120;

// A new file beside the target, under a name that nothing else has; it goes when this does, unless
// it has become the target.
class PartFile {
 public:
  explicit PartFile(std::string target)
      : target_(std::move(target)), path_(absl::StrCat(target_, ".part-XXXXXX")) {}
  ~PartFile() {
    if (file_ < 0) return;
    close(file_);
    if (!kept_) unlink(path_.c_str());
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  absl::Status Open() {
    file_ = mkostemp(path_.data(), O_CLOEXEC);  // 0600
    return file_ >= 0 ? absl::OkStatus() : Failed("write");
  }
  absl::Status Write(ByteSpan bytes) {
    while (!bytes.empty()) {
      const ssize_t written = write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failed("write");
      bytes = bytes.subspan(static_cast<size_t>(written));
    }
    return absl::OkStatus();
  }
  // What has come into being at the target meanwhile is not replaced.
  absl::Status Keep() {
    if (fsync(file_) != 0) return Failed("sync");
    RETURN_IF_ERROR(MoveToNewFile(path_, target_));
    kept_ = true;
    return absl::OkStatus();
  }

 private:
  absl::Status Failed(absl::string_view what) const {
    const int error = errno;
    const std::string message =
        absl::StrCat("cannot ", what, " `", target_, "`: ", std::strerror(error));
    if (error == EEXIST) return absl::AlreadyExistsError(message);
    if (error == ENOSPC) return absl::ResourceExhaustedError(message);
    return absl::PermissionDeniedError(message);
  }

  const std::string target_;
  std::string path_;
  int file_ = -1;
  bool kept_ = false;
};

absl::Status CheckFree(const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(path, error))) {
    return absl::AlreadyExistsError(absl::StrCat("`", path, "` is there already"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<X25519Identity>> OneShotIdentity(const ContentAttachment& attachment) {
  absl::StatusOr<X25519Identity> identity = X25519Identity::Parse(attachment.identity);
  if (!identity.ok()) {
    return WithRule(absl::DataLossError(absl::StrCat("the attachment `", attachment.name,
                                                     "` has no identity that opens it")),
                    "CONTENT_MALFORMED");
  }
  std::vector<X25519Identity> identities;
  identities.push_back(*std::move(identity));
  return identities;
}

// Bytes that do not open are not the author's, whatever code the format gives the failure. Errors
// of the disk stay what they are.
absl::Status AsIntegrityFailure(const absl::Status& status, const ContentAttachment& attachment) {
  if (!AgeFailureOf(status).has_value()) return status;
  return WithRule(absl::DataLossError(absl::StrCat("the attachment ", Quoted(attachment.name),
                                                   " does not open: ", status.message())),
                  RuleOf(status));
}

bool IsPlain(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
}

}  // namespace

std::string SafeFileName(absl::string_view name, size_t number) {
  const size_t slash = name.find_last_of("/\\");
  if (slash != absl::string_view::npos) name.remove_prefix(slash + 1);
  std::string safe;
  for (const char c : name.substr(0, kMaxFileNameBytes)) safe += IsPlain(c) ? c : '_';
  while (!safe.empty() && (safe.front() == '.' || safe.front() == '-')) safe.erase(0, 1);
  return safe.empty() ? absl::StrCat("attachment-", number) : safe;
}

std::vector<std::string> ExportedAttachmentNames(
    const std::vector<ContentAttachment>& attachments) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const ContentAttachment& attachment : attachments) {
    std::string name = SafeFileName(attachment.name, names.size() + 1);
    while (taken.contains(name) || taken.contains(name + ".age")) {
      name = absl::StrCat(names.size() + 1, "-", name);
    }
    taken.insert({name, name + ".age"});
    names.push_back(std::move(name));
  }
  return names;
}

absl::Status FetchAttachment(const ClientParts& parts, const OpenedBulletin& opened, size_t number,
                             const std::string& path,
                             const std::optional<std::string>& sealed_path) {
  const std::vector<ContentAttachment>& attachments = opened.content.attachments;
  if (number == 0 || number > attachments.size()) {
    return absl::NotFoundError(absl::StrCat("the bulletin has ", attachments.size(),
                                            " attachments, there is no number ", number));
  }
  const ContentAttachment& attachment = attachments[number - 1];
  RETURN_IF_ERROR(CheckFree(path));
  ASSIGN_OR_RETURN(const std::vector<X25519Identity> identities, OneShotIdentity(attachment));
  PartFile file(path);
  RETURN_IF_ERROR(file.Open());
  std::optional<PartFile> sealed_file;
  if (sealed_path.has_value()) {
    sealed_file.emplace(*sealed_path);
    RETURN_IF_ERROR(sealed_file->Open());
  }
  AgeFileOpener opener(AgeCredentials{.identities = identities},
                       [&file](ByteSpan plaintext) { return file.Write(plaintext); });
  const ByteSink take = [&](ByteSpan sealed) -> absl::Status {
    if (sealed_file.has_value()) RETURN_IF_ERROR(sealed_file->Write(sealed));
    return AsIntegrityFailure(opener.Write(sealed), attachment);
  };
  RETURN_IF_ERROR(FetchBytes(parts.connection, parts.retrier, *opened.item.id,
                             static_cast<uint32_t>(number), {attachment.bytes, attachment.sha256},
                             take));
  RETURN_IF_ERROR(AsIntegrityFailure(opener.Finish(), attachment));
  if (sealed_file.has_value()) RETURN_IF_ERROR(sealed_file->Keep());
  return file.Keep();
}

absl::Status FetchSealedAttachment(const ClientParts& parts, const OpenedBulletin& opened,
                                   size_t number, const std::string& path) {
  const ContentAttachment& attachment = opened.content.attachments[number - 1];
  PartFile file(path);
  RETURN_IF_ERROR(file.Open());
  RETURN_IF_ERROR(FetchBytes(parts.connection, parts.retrier, *opened.item.id,
                             static_cast<uint32_t>(number), {attachment.bytes, attachment.sha256},
                             [&file](ByteSpan sealed) { return file.Write(sealed); }));
  return file.Keep();
}

}  // namespace shield
