#include "client/publish/attachment_spool.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/hex.h"
#include "base/status.h"
#include "client/home/private_file.h"
#include "crypto/age_file_sealer.h"
#include "crypto/opening/x25519_identity.h"

namespace shield {
namespace {

constexpr size_t kPieceBytes = 256 * 1024;

absl::Status CannotRead(const std::string& path) {
  return absl::NotFoundError(
      absl::StrCat("cannot read the attachment `", path, "`: ", std::strerror(errno)));
}

std::string SpoolName(Random& random) {
  std::array<uint8_t, 16> raw{};
  random.Fill(raw);
  return absl::StrCat(HexEncode(raw), kSpoolSuffix);
}

}  // namespace

absl::Status ReadAttachment(const std::string& path, const ByteSink& sink, uint64_t max_bytes) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return CannotRead(path);
  Bytes piece(kPieceBytes);
  uint64_t total = 0;
  while (file) {
    file.read(reinterpret_cast<char*>(piece.data()), static_cast<std::streamsize>(piece.size()));
    const auto size = static_cast<size_t>(file.gcount());
    total += size;
    if (total > max_bytes) {
      return WithRule(absl::InvalidArgumentError(absl::StrCat(
                          "the attachment `", path, "` has more than ", max_bytes, " bytes")),
                      "LIMIT_EXCEEDED");
    }
    if (size > 0) RETURN_IF_ERROR(sink(ByteSpan(piece).first(size)));
  }
  return file.bad() ? CannotRead(path) : absl::OkStatus();
}

absl::StatusOr<AttachmentSpool> AttachmentSpool::Seal(
    const std::vector<DraftAttachment>& attachments, const std::string& folder, Random& random) {
  AttachmentSpool spool(folder);
  if (attachments.empty()) return spool;
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::PermissionDeniedError(
        absl::StrCat("cannot make `", folder, "`: ", std::strerror(errno)));
  }
  for (const DraftAttachment& attachment : attachments) {
    RETURN_IF_ERROR(spool.Add(attachment, random));
  }
  RETURN_IF_ERROR(SyncPath(folder));
  return spool;
}

AttachmentSpool::~AttachmentSpool() {
  if (kept_) return;
  for (const std::string& name : names_) unlink(absl::StrCat(folder_, "/", name).c_str());
}

absl::Status AttachmentSpool::Add(const DraftAttachment& attachment, Random& random) {
  names_.push_back(SpoolName(random));
  const std::string path = absl::StrCat(folder_, "/", names_.back());
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  const absl::Status full =
      absl::ResourceExhaustedError(absl::StrCat("cannot write into `", folder_, "`"));
  const ByteSink write = [&out, &full](ByteSpan bytes) {
    out.write(AsText(bytes).data(), static_cast<std::streamsize>(bytes.size()));
    return out ? absl::OkStatus() : full;
  };
  const X25519Identity identity = X25519Identity::Generate(random);
  ASSIGN_OR_RETURN(const std::unique_ptr<AgeFileSealer> sealer,
                   AgeFileSealer::Create(identity.Recipient(), random, write));
  RETURN_IF_ERROR(
      ReadAttachment(attachment.path, [&sealer](ByteSpan bytes) { return sealer->Write(bytes); }));
  ASSIGN_OR_RETURN(const AgeFileSealer::Sealed sealed, sealer->Finish());
  out.close();
  if (!out) return full;
  RETURN_IF_ERROR(SyncPath(path));
  attachments_.push_back({attachment.name, attachment.media_type, attachment.tlp, sealed.bytes,
                          sealed.digest, identity.Print(SecretAccess::ForExport())});
  return absl::OkStatus();
}

}  // namespace shield
