#include "broker/store/head_sentinel.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/bytes.h"
#include "base/status.h"
#include "broker/store/store_errors.h"
#include "crypto/sha256.h"

namespace shield::store {
namespace {

// "SHIELDHD", then the format.
constexpr uint64_t kMagic = 0x534849454c444844;
constexpr uint32_t kFormat = 1;
constexpr size_t kBodyBytes = 8 + 4 + 16 + 8 + 32 + 8;
constexpr size_t kRecordBytes = kBodyBytes + 32;

Bytes EncodeSector(const SentinelRecord& record) {
  Bytes sector;
  sector.reserve(HeadSentinel::kSectorBytes);
  AppendU64(sector, kMagic);
  AppendU32(sector, kFormat);
  Append(sector, record.epoch);
  AppendU64(sector, record.commit);
  Append(sector, record.running_hash.span());
  AppendU64(sector, record.directory_version);
  Append(sector, Sha256(ByteSpan(sector)).span());
  sector.resize(HeadSentinel::kSectorBytes);
  return sector;
}

std::optional<SentinelRecord> DecodeSector(ByteSpan sector) {
  if (sector.size() < kRecordBytes) return std::nullopt;
  const ByteSpan body = sector.subspan(0, kBodyBytes);
  const auto stored = Digest::FromBytes(sector.subspan(kBodyBytes, 32));
  if (Sha256(body) != *stored) return std::nullopt;
  if (ReadU64(body) != kMagic || ReadU32(body.subspan(8)) != kFormat) return std::nullopt;
  SentinelRecord record;
  std::copy_n(body.begin() + 12, 16, record.epoch.begin());
  record.commit = ReadU64(body.subspan(28));
  record.running_hash = *Digest::FromBytes(body.subspan(36, 32));
  record.directory_version = ReadU64(body.subspan(68));
  return record;
}

absl::Status Errno(absl::string_view deed, const std::filesystem::path& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(deed, " `", path.string(), "`"));
}

absl::Status WriteAt(int descriptor, ByteSpan bytes, off_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return absl::ErrnoToStatus(errno, "writing the head sentinel");
    bytes = bytes.subspan(static_cast<size_t>(written));
    offset += written;
  }
  return absl::OkStatus();
}

absl::Status SyncFolder(const std::filesystem::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Errno("opening folder", folder);
  const int result = fsync(descriptor);
  close(descriptor);
  return result == 0 ? absl::OkStatus() : Errno("syncing folder", folder);
}

}  // namespace

absl::StatusOr<std::optional<SentinelRecord>> HeadSentinel::Read(
    const std::filesystem::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) return std::nullopt;
  if (descriptor < 0) return Errno("opening head sentinel", path);
  std::optional<SentinelRecord> newest;
  for (int sector = 0; sector < 2; ++sector) {
    Bytes bytes(kSectorBytes);
    const ssize_t got =
        pread(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(kSectorBytes) * sector);
    if (got < 0) {
      const absl::Status failed = Errno("reading head sentinel", path);
      close(descriptor);
      return failed;
    }
    if (got != static_cast<ssize_t>(kSectorBytes)) continue;
    const std::optional<SentinelRecord> record = DecodeSector(bytes);
    if (!record.has_value()) continue;
    if (!newest.has_value() || record->commit > newest->commit) newest = record;
  }
  close(descriptor);
  if (!newest.has_value()) {
    return StoreCorrupt(absl::StrCat("head sentinel `", path.string(), "` holds no whole record"));
  }
  return newest;
}

absl::StatusOr<HeadSentinel> HeadSentinel::Create(const std::filesystem::path& path,
                                                  const SentinelRecord& record) {
  std::filesystem::path fresh = path;
  fresh += ".new";
  const int descriptor = open(fresh.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return Errno("creating head sentinel", fresh);
  HeadSentinel sentinel(descriptor);
  const Bytes sector = EncodeSector(record);
  for (int i = 0; i < 2; ++i) {
    RETURN_IF_ERROR(WriteAt(descriptor, sector, static_cast<off_t>(kSectorBytes) * i));
  }
  if (fsync(descriptor) != 0) return Errno("syncing head sentinel", fresh);
  if (rename(fresh.c_str(), path.c_str()) != 0) return Errno("renaming head sentinel to", path);
  RETURN_IF_ERROR(SyncFolder(path.parent_path()));
  return sentinel;
}

HeadSentinel::HeadSentinel(HeadSentinel&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), writes_(other.writes_) {}

HeadSentinel& HeadSentinel::operator=(HeadSentinel&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(writes_, other.writes_);
  return *this;
}

HeadSentinel::~HeadSentinel() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status HeadSentinel::Write(const SentinelRecord& record) {
  const off_t offset = static_cast<off_t>(kSectorBytes) * static_cast<off_t>(writes_++ % 2);
  RETURN_IF_ERROR(WriteAt(descriptor_, EncodeSector(record), offset));
  if (fdatasync(descriptor_) != 0) return absl::ErrnoToStatus(errno, "syncing the head sentinel");
  return absl::OkStatus();
}

}  // namespace shield::store
