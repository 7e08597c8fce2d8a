// Padding: the size of a payload tells little about its content.
//
// A content document is filled up with line feeds, which JSON ignores, to the next Padmé size
// (Nikitin et al., PETS 2019): at most 12 % longer, and sizes fall into few classes. Below 4 KiB
// there is one class (docs/spec/sealing.md section 4).
#pragma once

#include <cstdint>
#include <string>

namespace shield {

inline constexpr uint64_t kMinPaddedSize = 4096;

// The size that `bytes` is padded to; never smaller than `bytes`. `bytes` is at most 2^62.
uint64_t PadmeSize(uint64_t bytes);

// `json` followed by line feeds up to its Padmé size.
std::string PadContent(std::string json);

}  // namespace shield
