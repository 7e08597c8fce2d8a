// What may stand at the broker's address in its place.
//
//   FalseBroker ssh(FalseBroker::Kind::kGreetsInPlainText, NewTlsKeyPair("shieldd").value());
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "crypto/tls_key.h"

namespace shield::testing {

// Serves one connection after the other on loopback until it is destroyed.
class FalseBroker {
 public:
  enum class Kind {
    kClosesAtOnce,
    kGreetsInPlainText,  // as sshd does
    kSpeaksTls12,
    kSpeaksNoHttp2,  // TLS 1.3 without ALPN
    kShowsItsKeyAndWaits,
    kShowsItsKeyAndClosesOnce,  // and waits from the second connection on
  };
  FalseBroker(Kind kind, const TlsKeyPair& pair);
  ~FalseBroker();
  FalseBroker(const FalseBroker&) = delete;
  FalseBroker& operator=(const FalseBroker&) = delete;

  const std::string& address() const { return address_; }

 private:
  void Run();
  void Serve(int peer);

  const Kind kind_;
  const TlsKeyPair pair_;
  int listening_;
  std::string address_;
  std::atomic<bool> running_{true};
  int served_ = 0;
  std::vector<int> waiting_;
  std::thread thread_;
};

}  // namespace shield::testing
