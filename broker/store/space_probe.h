// How much disk is left, as an argument: tests say so, programs ask the file system.
#pragma once

#include <cstdint>
#include <filesystem>

#include "absl/status/statusor.h"

namespace shield::store {

// Thread-safe.
class SpaceProbe {
 public:
  virtual ~SpaceProbe() = default;
  virtual absl::StatusOr<uint64_t> FreeBytes() = 0;
};

// Of the file system that holds `folder`, as an unprivileged process may use it.
class FileSystemSpace final : public SpaceProbe {
 public:
  explicit FileSystemSpace(std::filesystem::path folder) : folder_(std::move(folder)) {}
  absl::StatusOr<uint64_t> FreeBytes() override;

 private:
  const std::filesystem::path folder_;
};

}  // namespace shield::store
