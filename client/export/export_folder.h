// The folder of an export as it is read: by fixed names, each file once, no link followed.
//
// What lies on a stick was put there by anybody. A file is opened below the folder's own
// descriptor, only if it is a plain file, and read no further than its largest size; a pipe or a
// device stops nobody (docs/spec/carriage.md section 2).
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"

namespace shield {

// A plain file, read from its beginning. Move-only.
class ExportedFile {
 public:
  explicit ExportedFile(int file) : file_(file) {}
  ExportedFile(ExportedFile&& other) noexcept;
  ExportedFile& operator=(ExportedFile&&) = delete;
  ~ExportedFile();

  // Fills `bytes` as far as the file goes; fewer at its end.
  absl::StatusOr<size_t> Read(std::span<uint8_t> bytes);

 private:
  int file_;
};

// Immutable.
class ExportFolder {
 public:
  // NOT_FOUND when there is no such folder.
  static absl::StatusOr<ExportFolder> Open(const std::string& path);

  // `name` has at most one slash. NOT_FOUND when it is missing; DATA_LOSS EXPORT_MALFORMED when it,
  // or the folder it lies in, is a link or no plain file.
  absl::StatusOr<ExportedFile> OpenFile(absl::string_view name) const;
  // All of it; EXPORT_MALFORMED also beyond `max_bytes`.
  absl::StatusOr<std::string> Read(absl::string_view name, size_t max_bytes) const;
  // EXPORT_MALFORMED when anything but these files, and the folders they lie in, is there.
  absl::Status CheckHoldsOnly(const std::set<std::string>& names) const;

 private:
  class Descriptor;
  ExportFolder(std::string path, std::shared_ptr<const Descriptor> folder)
      : path_(std::move(path)), folder_(std::move(folder)) {}

  std::string path_;
  std::shared_ptr<const Descriptor> folder_;
};

}  // namespace shield
