#include "policy/proof/network_lines.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "policy/fields.h"

namespace shield {
namespace {

// <network>/authority-<n>, n from 1, without leading zero.
bool IsAuthorityKeyName(absl::string_view name, const Origin& network) {
  if (!absl::ConsumePrefix(&name, network.text()) || !absl::ConsumePrefix(&name, "/authority-")) {
    return false;
  }
  const std::optional<uint64_t> number = ParseNumber(name);
  return number.has_value() && *number > 0;
}

absl::Status ReadAuthority(LineReader& lines, NetworkFile& network) {
  std::set<Ed25519PublicKey> seen;
  std::set<std::string> names;
  std::string previous;
  while (lines.NextIs("authority")) {
    ASSIGN_OR_RETURN(const absl::string_view text, lines.Take("authority"));
    const absl::StatusOr<VerifierKey> key = VerifierKey::Parse(text);
    if (!key.ok()) return lines.Refuse(key.status().message());
    if (!IsAuthorityKeyName(key->name(), network.network)) {
      return lines.Refuse("its key is not named <network>/authority-<n>");
    }
    if (text <= previous) return lines.Refuse("the authority's keys are not sorted");
    if (!seen.insert(key->public_key()).second) return lines.Refuse("this key stands twice");
    if (!names.insert(key->name()).second) return lines.Refuse("two keys have this name");
    if (network.authority.size() == kMaxAuthorityKeys) {
      return lines.Refuse(absl::StrCat("more than ", kMaxAuthorityKeys, " authority keys"));
    }
    previous = std::string(text);
    network.authority.push_back(*key);
  }
  return absl::OkStatus();
}

absl::Status ReadBroker(LineReader& lines, NetworkFile& network) {
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> fields, lines.TakeFields("broker", 2));
  if (!IsHostPort(fields[0])) return lines.Refuse("the broker's address is not HOST:PORT");
  const std::optional<Digest> pin = ParseDigest(fields[1]);
  if (!pin.has_value()) return lines.Refuse("the broker's pin is not the base64 of 32 bytes");
  network.broker_address = std::string(fields[0]);
  network.broker_pin = *pin;
  return absl::OkStatus();
}

absl::Status ReadThreshold(LineReader& lines, NetworkFile& network) {
  ASSIGN_OR_RETURN(const absl::string_view text, lines.Take("threshold"));
  const std::optional<uint64_t> threshold = ParseNumber(text);
  if (!threshold.has_value() || *threshold == 0 || *threshold > network.authority.size()) {
    return lines.Refuse("the threshold is not between 1 and the number of authority keys");
  }
  network.threshold = *threshold;
  return absl::OkStatus();
}

}  // namespace

absl::Status TakeNetworkLines(LineReader& lines, NetworkFile& network) {
  RETURN_IF_ERROR(ReadBroker(lines, network));
  RETURN_IF_ERROR(ReadAuthority(lines, network));
  RETURN_IF_ERROR(ReadThreshold(lines, network));
  ASSIGN_OR_RETURN(const absl::string_view text, lines.Take("authority-tls"));
  const std::optional<Digest> pin = ParseDigest(text);
  if (!pin.has_value()) return lines.Refuse("the pin is not the base64 of 32 bytes");
  network.authority_tls_pin = *pin;
  return absl::OkStatus();
}

std::string PrintNetworkLines(const NetworkFile& network) {
  std::vector<std::string> keys;
  keys.reserve(network.authority.size());
  for (const VerifierKey& key : network.authority) keys.push_back(key.ToString());
  std::sort(keys.begin(), keys.end());
  std::string text =
      absl::StrCat("broker ", network.broker_address, " ", PrintDigest(network.broker_pin), "\n");
  for (const std::string& key : keys) absl::StrAppend(&text, "authority ", key, "\n");
  absl::StrAppend(&text, "threshold ", network.threshold, "\nauthority-tls ",
                  PrintDigest(network.authority_tls_pin), "\n");
  return text;
}

}  // namespace shield
