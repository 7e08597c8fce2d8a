// The bare server as a program of its own, as the broker is: so the processor time of both is read
// from outside in the same way.
//
//   bare_fanout FOLDER     uploads are written to FOLDER
//
// Prints `listening on HOST:PORT pin BASE64 publishes HOST:PORT` and serves until it is killed.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "proto/wire/prepare_process.h"
#include "tests/bench/ceiling/bare_server.h"

namespace shield::testing {
namespace {

absl::Status Serve(const std::string& folder) {
  if (absl::Status prepared = wire::PrepareProcess(); !prepared.ok()) return prepared;
  absl::StatusOr<TlsKeyPair> identity = NewTlsKeyPair("bare");
  if (!identity.ok()) return identity.status();
  const absl::StatusOr<Digest> pin = SpkiDigest(identity->certificate_pem);
  if (!pin.ok()) return pin.status();
  const unsigned shards = std::max(2U, std::thread::hardware_concurrency()) - 1;
  const auto server = BareServer::Start({*std::move(identity), shards, folder});
  if (!server.ok()) return server.status();
  std::printf("listening on %s pin %s publishes %s\n", (*server)->address().c_str(),
              Base64Encode(pin->span(), Base64Form::kPadded).c_str(),
              (*server)->publish_address().c_str());
  std::fflush(stdout);
  while (true) ::pause();
}

}  // namespace
}  // namespace shield::testing

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  const absl::Status status = shield::testing::Serve(argv[1]);
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
