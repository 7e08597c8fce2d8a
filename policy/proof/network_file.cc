#include "policy/proof/network_file.h"

#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/sha256.h"
#include "policy/fields.h"
#include "policy/line_reader.h"
#include "policy/proof/network_lines.h"

namespace shield {
namespace {

constexpr absl::string_view kFirstLine = "shield/network/v1";
constexpr TextKind kKind = {"network file", "NETWORK_FILE_MALFORMED", kMaxNetworkFileBytes};
constexpr absl::string_view kAuthority = "authority-";

absl::Status TakeRotation(LineReader& lines, NetworkFile& network) {
  if (!lines.NextIs("rotation")) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> fields, lines.TakeFields("rotation", 2));
  const std::optional<uint64_t> number = ParseNumber(fields[0]);
  if (!number.has_value() || *number == 0) return lines.Refuse("rotations are counted from 1");
  const std::optional<Digest> digest = ParseDigest(fields[1]);
  if (!digest.has_value()) return lines.Refuse("the digest is not the base64 of 32 bytes");
  network.rotation = *number;
  network.rotation_digest = *digest;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<NetworkFile> ParseNetworkFile(absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  RETURN_IF_ERROR(lines.TakeWhole(kFirstLine));
  ASSIGN_OR_RETURN(const absl::string_view name, lines.Take("network"));
  const std::optional<Origin> origin = Origin::Parse(name);
  if (!origin.has_value()) return lines.Refuse("this cannot be the name of a network");
  NetworkFile network{.network = *origin, .broker_address = ""};
  RETURN_IF_ERROR(TakeNetworkLines(lines, network));
  RETURN_IF_ERROR(TakeRotation(lines, network));
  RETURN_IF_ERROR(lines.Finish());
  return network;
}

std::string PrintNetworkFile(const NetworkFile& network) {
  std::string text = absl::StrCat(kFirstLine, "\nnetwork ", network.network.text(), "\n",
                                  PrintNetworkLines(network));
  if (network.rotation > 0) {
    absl::StrAppend(&text, "rotation ", network.rotation, " ", PrintDigest(network.rotation_digest),
                    "\n");
  }
  return text;
}

Digest NetworkFileDigest(const NetworkFile& network) { return Sha256(PrintNetworkFile(network)); }

bool IsReservedMemberId(absl::string_view id) {
  return id == "broker" || id == "log" || id == "fresh" || absl::StartsWith(id, kAuthority);
}

}  // namespace shield
