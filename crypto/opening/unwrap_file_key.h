// The reverse of WrapFileKey (crypto/age_keys.h).
#pragma once

#include <optional>

#include "crypto/age_keys.h"
#include "crypto/file_key.h"

namespace shield {

// The file key, or nothing when `wrapped` was not sealed under `wrap_key`.
std::optional<FileKey> UnwrapFileKey(const AgeKey& wrap_key, const WrappedFileKey& wrapped);

}  // namespace shield
