// What this program calls itself.
#pragma once

namespace shield::cli {

inline constexpr char kVersion[] = "shield 0.1.0";

}  // namespace shield::cli
