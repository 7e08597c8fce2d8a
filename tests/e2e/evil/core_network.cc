#include "tests/e2e/evil/core_network.h"

#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.h"
#include "client/home/home.h"
#include "client/home/member_keys.h"
#include "crypto/tls_key.h"
#include "tests/e2e/evil/core_connection.h"

namespace shield::testing {
namespace {

constexpr broker::RateLimits kNoLimits{1'000'000, uint64_t{1} << 40, 1'000'000};

void Must(const absl::Status& status) {
  if (!status.ok()) std::fprintf(stderr, "core network: %s\n", status.ToString().c_str());
  SHIELD_CHECK(status.ok());
}

SigningKey Copy(const SigningKey& key) {
  return SigningKey::FromSeed(*SigningSeed::FromBytes(key.Seed(SecretAccess::ForCrypto())));
}

}  // namespace

CoreNetwork::CoreNetwork() {
  auto made =
      broker::Broker::Create({members_.network(), Copy(members_.broker_key()),
                              Copy(members_.log_key()), store_, members_.clock(), log_, kNoLimits});
  Must(made.status());
  broker_ = *std::move(made);
  UploadDirectory();
}

// The first directory of the sample network, as its own broker shows it to an analyst of the
// authority: whole.
void CoreNetwork::UploadDirectory() {
  const auto answer = members_.broker().Connect(*MemberId::Parse("an-lise"))->GetDirectory(0, {});
  Must(answer.status());
  std::vector<std::string> lines;
  for (const DirectoryPart& part : answer->parts) {
    lines.push_back(part.line);
    lines.insert(lines.end(), part.own_lines.begin(), part.own_lines.end());
  }
  const auto session =
      broker_->PublishDirectory({members_.network().authority_tls_pin, std::nullopt, true, true});
  Must(session.status());
  Must((*session)->OnHead({answer->note, answer->fresh}));
  Must((*session)->OnLines(std::move(lines)));
  absl::Status outcome = absl::UnknownError("no answer");
  (*session)->Finish([&outcome](const auto& receipt) { outcome = receipt.status(); });
  Settle();
  Must(outcome);
}

std::shared_ptr<ScriptedConnection> CoreNetwork::Connect(absl::string_view member) {
  const auto keys = members_.HomeOf(member).ReadKeys(std::nullopt);
  Must(keys.status());
  const auto pin = SpkiDigest(keys->tls.certificate_pem);
  Must(pin.status());
  return std::make_shared<ScriptedConnection>(std::make_shared<CoreConnection>(
      *broker_, broker::Caller{*pin, keys->member}, [this] { Settle(); }));
}

Client CoreNetwork::Open(absl::string_view member, std::shared_ptr<Connection> connection) {
  absl::StatusOr<Client> client =
      Client::Open(members_.HomeOf(member), std::nullopt, std::move(connection), members_.clock(),
                   members_.random());
  Must(client.status());
  return *std::move(client);
}

}  // namespace shield::testing
