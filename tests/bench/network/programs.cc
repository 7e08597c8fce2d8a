#include "tests/bench/network/programs.h"

#include <cstdio>
#include <filesystem>

#include "base/check.h"

namespace shield::testing {
namespace {

// `name` counts from the root of the build folder, somewhere above the running program.
std::string Program(const std::filesystem::path& name) {
  std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  while (!std::filesystem::exists(folder / name) && folder != folder.parent_path()) {
    folder = folder.parent_path();
  }
  const bool built = std::filesystem::exists(folder / name);
  if (!built) std::fprintf(stderr, "`%s` is not built\n", name.c_str());
  SHIELD_CHECK(built);
  return (folder / name).string();
}

}  // namespace

std::string ShielddProgram() { return Program("bin/shieldd"); }
std::string BareFanoutProgram() { return Program("tests/bench/ceiling/bare_fanout"); }
std::string BenchReadersProgram() { return Program("tests/bench/network/bench_readers"); }

}  // namespace shield::testing
