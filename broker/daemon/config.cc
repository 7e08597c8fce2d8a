#include "broker/daemon/config.h"

#include <array>
#include <sstream>

// The parser's own headers warn under our flags.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <toml++/toml.h>
#pragma GCC diagnostic pop

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace shield::broker {
namespace {

constexpr size_t kMaxConfigBytes = 64 * 1024;
constexpr size_t kMaxHostBytes = 255;
constexpr int64_t kMaxRetentionDays = 3'650;

struct NumberKey {
  absl::string_view name;
  uint32_t DaemonConfig::*member;
  uint32_t min;
  uint32_t max;
};

constexpr std::array<NumberKey, 4> kLimits = {{
    {"publishes_per_minute", &DaemonConfig::publishes_per_minute, 1, 100'000},
    {"upload_mebibytes_per_hour", &DaemonConfig::upload_mebibytes_per_hour, 1, 1'048'576},
    {"calls_per_second", &DaemonConfig::calls_per_second, 1, 100'000},
    {"free_space_mebibytes", &DaemonConfig::free_space_mebibytes, 256, 1'048'576},
}};

absl::Status Refuse(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("config.toml: ", what));
}

absl::Status ReadNumber(const toml::node& node, const NumberKey& key, DaemonConfig& config) {
  const auto number = node.value_exact<int64_t>();
  if (!number.has_value() || *number < key.min || *number > key.max) {
    return Refuse(absl::StrCat("`limits.", key.name, "` must be a whole number from ", key.min,
                               " to ", key.max));
  }
  config.*key.member = static_cast<uint32_t>(*number);
  return absl::OkStatus();
}

absl::Status ReadLimits(const toml::node& node, DaemonConfig& config) {
  const toml::table* table = node.as_table();
  if (table == nullptr) return Refuse("`limits` must be a table");
  for (const auto& [name, value] : *table) {
    const std::string_view text = name.str();
    const NumberKey* key = nullptr;
    for (const NumberKey& candidate : kLimits) {
      if (candidate.name == absl::string_view(text.data(), text.size())) key = &candidate;
    }
    if (key == nullptr) {
      return Refuse(absl::StrCat("unknown key `limits.", std::string(text), "`"));
    }
    RETURN_IF_ERROR(ReadNumber(value, *key, config));
  }
  return absl::OkStatus();
}

absl::string_view NameOf(const toml::key& key) {
  const std::string_view text = key.str();
  return {text.data(), text.size()};
}

// One class: days by label.
absl::Status ReadRetentionOf(BulletinClass bulletin_class, absl::string_view where,
                             const toml::node& node, DaemonConfig& config) {
  const toml::table* table = node.as_table();
  if (table == nullptr) return Refuse(absl::StrCat("`", where, "` must be a table"));
  for (const auto& [name, value] : *table) {
    const absl::StatusOr<Tlp> label = ParseTlp(NameOf(name));
    if (!label.ok()) {
      return Refuse(
          absl::StrCat("`", where, ".", NameOf(name), "` is no label, as \"TLP:RED\" is"));
    }
    const auto days = value.value_exact<int64_t>();
    if (!days.has_value() || *days < 1 || *days > kMaxRetentionDays) {
      return Refuse(absl::StrCat("`", where, ".", NameOf(name),
                                 "` must be a whole number from 1 to ", kMaxRetentionDays));
    }
    config.retention_days[{bulletin_class, *label}] = static_cast<uint32_t>(*days);
  }
  return absl::OkStatus();
}

// A withdrawal lives as long as it has to.
absl::Status ReadRetention(const toml::node& node, DaemonConfig& config) {
  const toml::table* table = node.as_table();
  if (table == nullptr) return Refuse("`retention_days` must be a table");
  for (const auto& [name, value] : *table) {
    const std::string where = absl::StrCat("retention_days.", NameOf(name));
    const std::optional<BulletinClass> bulletin_class = ParseBulletinClass(NameOf(name));
    if (!bulletin_class.has_value() || *bulletin_class == BulletinClass::kControl) {
      return Refuse(absl::StrCat("unknown key `", where, "`: content, report or direct"));
    }
    RETURN_IF_ERROR(ReadRetentionOf(*bulletin_class, where, value, config));
  }
  return absl::OkStatus();
}

}  // namespace

std::string ListenAddress::ToString() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return ipv6 ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port);
}

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  const auto refuse = [text] {
    return absl::InvalidArgumentError(
        absl::StrCat("`", text, "` is not HOST:PORT with a port from 0 to 65535"));
  };
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return refuse();
  absl::string_view host = text.substr(0, colon);
  const absl::string_view port = text.substr(colon + 1);
  const bool bracketed = absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  const bool has_colon = host.find(':') != absl::string_view::npos;
  if (host.empty() || host.size() > kMaxHostBytes || has_colon != bracketed) return refuse();
  if (host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-") !=
      absl::string_view::npos) {
    return refuse();
  }
  uint32_t number = 0;
  const bool digits = port.find_first_not_of("0123456789") == absl::string_view::npos;
  if (!digits || !absl::SimpleAtoi(port, &number) || number > 65535) return refuse();
  return ListenAddress{std::string(host), static_cast<uint16_t>(number)};
}

absl::StatusOr<DaemonConfig> ParseConfig(absl::string_view toml) {
  if (toml.size() > kMaxConfigBytes) {
    return Refuse(absl::StrCat("larger than ", kMaxConfigBytes, " bytes"));
  }
  toml::table table;
  try {
    table = toml::parse(std::string_view(toml.data(), toml.size()));
  } catch (const toml::parse_error& error) {
    const std::string_view what = error.description();
    return Refuse(absl::StrCat("line ", error.source().begin.line, ": ",
                               absl::string_view(what.data(), what.size())));
  }
  DaemonConfig config;
  bool has_listen = false;
  for (const auto& [name, value] : table) {
    if (name.str() == "listen") {
      const auto text = value.value_exact<std::string>();
      if (!text.has_value()) return Refuse("`listen` must be a string, HOST:PORT");
      absl::StatusOr<ListenAddress> listen = ParseListenAddress(*text);
      if (!listen.ok()) return Annotate(listen.status(), "config.toml: `listen`");
      config.listen = *std::move(listen);
      has_listen = true;
    } else if (name.str() == "limits") {
      RETURN_IF_ERROR(ReadLimits(value, config));
    } else if (name.str() == "retention_days") {
      RETURN_IF_ERROR(ReadRetention(value, config));
    } else {
      return Refuse(absl::StrCat("unknown key `", std::string(name.str()), "`"));
    }
  }
  if (!has_listen) return Refuse("`listen` is missing");
  return config;
}

std::string PrintConfig(const DaemonConfig& config) {
  return absl::StrCat("# Settings of this broker; deploy/shieldd.toml explains each.\n",
                      "listen = \"", config.listen.ToString(), "\"\n\n", "[limits]\n",
                      "publishes_per_minute = ", config.publishes_per_minute, "\n",
                      "upload_mebibytes_per_hour = ", config.upload_mebibytes_per_hour, "\n",
                      "calls_per_second = ", config.calls_per_second, "\n",
                      "free_space_mebibytes = ", config.free_space_mebibytes, "\n");
}

}  // namespace shield::broker
