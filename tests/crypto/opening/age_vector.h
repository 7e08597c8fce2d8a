// One file of the age test vectors (C2SP/CCTV, folder age): a short header, then an age file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"

namespace shield::testing {

struct AgeVector {
  std::string expect;   // "success", "header failure" …; empty when the file says nothing
  std::string payload;  // SHA-256 in hex of all that is to be released; empty when not said
  std::vector<std::string> identities;
  std::vector<std::string> passphrases;
  bool armored = false;
  Bytes file;  // the age file, decompressed
};

// The vector in `bytes`, or a status whose message is why it cannot be applied: no vector at all,
// or one with a key or a compression this reader does not know.
absl::StatusOr<AgeVector> ReadAgeVector(ByteSpan bytes);

}  // namespace shield::testing
