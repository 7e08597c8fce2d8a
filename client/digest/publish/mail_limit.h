// Up to which label a home lets a briefing be mailed.
//
//   # <home>/profile.toml
//   [email]
//   max_tlp = "TLP:GREEN"
#pragma once

#include "absl/status/statusor.h"
#include "client/home/home.h"
#include "policy/labels.h"

namespace shield {

inline constexpr size_t kMaxProfileBytes = 64 * 1024;

// GREEN without a profile, or where it does not say. INVALID_ARGUMENT for a file that is no TOML,
// or a label that is none: then nothing is mailed. TLP:RED is never mailed: INVALID_ARGUMENT.
absl::StatusOr<Tlp> ReadMailLimit(const Home& home);

}  // namespace shield
