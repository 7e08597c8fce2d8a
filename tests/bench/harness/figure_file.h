// The file of JSON lines: one more for each figure, as it is found.
//
// Every line is written at once at the end of the file, so a run that is stopped leaves whole lines
// and several runs share a file. Where an earlier run was cut off in the middle of a line, the next
// begins on a line of its own.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield::testing {

// Thread-compatible.
class FigureFile {
 public:
  // Makes the file when there is none. An error of the system, with the path.
  static absl::StatusOr<FigureFile> Open(std::string path);
  FigureFile(FigureFile&& other) noexcept;
  ~FigureFile();
  FigureFile(const FigureFile&) = delete;
  FigureFile& operator=(const FigureFile&) = delete;
  FigureFile& operator=(FigureFile&&) = delete;

  // `line` is without its end.
  absl::Status Append(absl::string_view line);

 private:
  FigureFile(std::string path, int descriptor);

  std::string path_;
  int descriptor_;
};

}  // namespace shield::testing
