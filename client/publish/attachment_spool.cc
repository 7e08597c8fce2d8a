#include "client/publish/attachment_spool.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/hex.h"
#include "base/status.h"
#include "crypto/age_file_sealer.h"
#include "crypto/opening/x25519_identity.h"

namespace shield {
namespace {

constexpr size_t kPieceBytes = 256 * 1024;

absl::Status CannotRead(const std::string& path) {
  return absl::NotFoundError(
      absl::StrCat("cannot read the attachment `", path, "`: ", std::strerror(errno)));
}

absl::Status ReadFile(const std::string& path, uint64_t max_bytes, const ByteSink& sink) {
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

std::string SpoolName(Random& random) {
  std::array<uint8_t, 16> raw{};
  random.Fill(raw);
  return absl::StrCat(HexEncode(raw), ".age");
}

}  // namespace

absl::StatusOr<AttachmentSpool> AttachmentSpool::Seal(
    const std::vector<DraftAttachment>& attachments, const std::string& folder, Random& random) {
  AttachmentSpool spool;
  if (attachments.empty()) return spool;
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::PermissionDeniedError(
        absl::StrCat("cannot make `", folder, "`: ", std::strerror(errno)));
  }
  for (const DraftAttachment& attachment : attachments) {
    RETURN_IF_ERROR(spool.Add(attachment, folder, random));
  }
  return spool;
}

AttachmentSpool::~AttachmentSpool() {
  for (const std::string& path : paths_) unlink(path.c_str());
}

absl::Status AttachmentSpool::Add(const DraftAttachment& attachment, const std::string& folder,
                                  Random& random) {
  const std::string path = absl::StrCat(folder, "/", SpoolName(random));
  paths_.push_back(path);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  const ByteSink write = [&out, &folder](ByteSpan bytes) {
    out.write(AsText(bytes).data(), static_cast<std::streamsize>(bytes.size()));
    if (out) return absl::OkStatus();
    return absl::ResourceExhaustedError(absl::StrCat("cannot write into `", folder, "`"));
  };
  const X25519Identity identity = X25519Identity::Generate(random);
  ASSIGN_OR_RETURN(const std::unique_ptr<AgeFileSealer> sealer,
                   AgeFileSealer::Create(identity.Recipient(), random, write));
  RETURN_IF_ERROR(ReadFile(attachment.path, kMaxAttachmentBytes,
                           [&sealer](ByteSpan bytes) { return sealer->Write(bytes); }));
  ASSIGN_OR_RETURN(const AgeFileSealer::Sealed sealed, sealer->Finish());
  out.flush();
  if (!out) return absl::ResourceExhaustedError(absl::StrCat("cannot write into `", folder, "`"));
  attachments_.push_back({attachment.name, attachment.media_type, attachment.tlp, sealed.bytes,
                          sealed.digest, identity.Print(SecretAccess::ForExport())});
  return absl::OkStatus();
}

uint64_t AttachmentSpool::total_bytes() const {
  uint64_t total = 0;
  for (const ContentAttachment& attachment : attachments_) total += attachment.bytes;
  return total;
}

absl::Status AttachmentSpool::Read(size_t i, const ByteSink& sink) const {
  return ReadFile(paths_[i], attachments_[i].bytes, sink);
}

}  // namespace shield
