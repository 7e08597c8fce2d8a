// The lines that network.shield and a rotation of it have in common: broker, authority, threshold,
// authority-tls. One form, so that a rotation leads to exactly one network.shield.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "policy/line_reader.h"
#include "policy/proof/network_file.h"

namespace shield {

// Takes them into `network`, whose origin is known. The refusals are those of ParseNetworkFile.
absl::Status TakeNetworkLines(LineReader& lines, NetworkFile& network);

// Keys are sorted on the way.
std::string PrintNetworkLines(const NetworkFile& network);

}  // namespace shield
