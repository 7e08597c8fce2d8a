// Where the shared test vectors and samples lie: beside the checkout, never inside it. Tests that
// need them skip loudly when they are not there.
//
//   SHIELD_REQUIRE_SHARED(folder, "vectors/age-testkit");
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "absl/strings/string_view.h"

namespace shield::testing {

// The root of this checkout, as CMake tells every test.
inline std::filesystem::path SourceFolder() {
  const char* source = std::getenv("SHIELD_SOURCE_DIR");
  return source != nullptr ? std::filesystem::path(source) : std::filesystem::current_path();
}

// The build folder the test was built in.
inline std::filesystem::path BinaryFolder() {
  const char* binary = std::getenv("SHIELD_BINARY_DIR");
  return binary != nullptr ? std::filesystem::path(binary) : std::filesystem::current_path();
}

inline std::filesystem::path SharedFolder(absl::string_view name) {
  return SourceFolder().parent_path() / "shared" / std::string(name);
}

}  // namespace shield::testing

// Defines `folder` as the named folder, or skips the calling test.
#define SHIELD_REQUIRE_SHARED(folder, name)                                             \
  const std::filesystem::path folder = ::shield::testing::SharedFolder(name);           \
  if (!std::filesystem::exists(folder)) {                                               \
    GTEST_SKIP() << "SKIPPED: " << folder << " is not here; these vectors did not run"; \
  }                                                                                     \
  static_assert(true, "a semicolon follows")
