// Follows a member's inbox: prints the label, the kind and the title of each bulletin as it comes
// and acknowledges it.
//
//   shield-follow HOME
//
// Built against the installed library: `cmake -S . -B build -DCMAKE_PREFIX_PATH=PREFIX`, or with
// `pkg-config --cflags --libs shield`.
#include <iostream>
#include <memory>
#include <optional>

#include "base/status.h"
#include "base/system_clock.h"
#include "client/client.h"
#include "client/home/member_keys.h"
#include "client/transport/grpc_connection.h"
#include "crypto/system_random.h"
#include "policy/proof/network_file.h"
#include "proto/wire/prepare_process.h"

namespace {

// What people wrote may hold anything; a terminal gets printable ASCII only.
std::string Printable(std::string text) {
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

absl::Status Follow(const std::string& folder) {
  RETURN_IF_ERROR(shield::wire::PrepareProcess());
  shield::SystemClock clock;
  shield::SystemRandom random;
  ASSIGN_OR_RETURN(const shield::Home home, shield::Home::Open(folder));
  ASSIGN_OR_RETURN(const shield::NetworkFile network, home.ReadNetwork());
  ASSIGN_OR_RETURN(shield::MemberKeys keys, home.ReadKeys(std::nullopt));
  ASSIGN_OR_RETURN(
      std::shared_ptr<shield::Connection> connection,
      shield::NewGrpcConnection({network.broker_address, network.broker_pin, keys.tls}));
  ASSIGN_OR_RETURN(shield::Client client,
                   shield::Client::Open(home, std::move(keys), connection, clock, random));
  return client.Subscribe([&client](const shield::OpenedBulletin& opened) {
    std::cout << shield::TlpWithPrefix(opened.item.tlp) << "  " << Printable(opened.item.kind)
              << "  " << Printable(opened.item.title) << std::endl;
    return client.Acknowledge(opened.item.seq);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: shield-follow HOME\n";
    return 2;
  }
  const absl::Status status = Follow(argv[1]);
  std::cerr << "shield-follow: " << status.message() << "\n";
  return absl::IsUnauthenticated(status) ? 4 : 1;
}
