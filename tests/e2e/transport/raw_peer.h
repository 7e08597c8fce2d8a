// Peers that do not behave: plain TCP, and TLS without gRPC on top.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "crypto/tls_key.h"

struct ssl_st;
struct ssl_ctx_st;

namespace shield::testing {

// A TCP connection to a port on loopback.
class RawTcpPeer {
 public:
  explicit RawTcpPeer(int port);
  ~RawTcpPeer();
  RawTcpPeer(const RawTcpPeer&) = delete;
  RawTcpPeer& operator=(const RawTcpPeer&) = delete;

  void Send(absl::string_view bytes) const;
  // Reads until the other side closes; false after ten seconds.
  bool WaitUntilClosed() const;
  // Whether it has closed by now, whatever it sent before.
  bool Closed() const;
  int fd() const { return fd_; }

 private:
  int fd_;
};

// A TLS connection with a client certificate.
class RawTlsPeer {
 public:
  enum class Version { kTls12, kTls13 };

  static RawTlsPeer Connect(int port, const TlsKeyPair& pair, Version version);

  // Empty when the handshake succeeded.
  const std::string& handshake_error() const { return handshake_error_; }

  // False when the other side has closed, or takes nothing for ten seconds.
  bool Send(absl::string_view bytes);
  // Reads until `text` has come; false when the other side closes or is silent for ten seconds.
  bool ReadUntil(absl::string_view text);
  // Reads the other side's SETTINGS: it has admitted the key.
  bool ReadSettings();
  bool WaitUntilClosed() const { return tcp_->WaitUntilClosed(); }
  bool Closed() const { return tcp_->Closed(); }

  // Sends a header block that never ends, up to `frames` of 16 KiB; whether the other side closed.
  bool SendHeadersUntilClosed(uint32_t stream, int frames);

 private:
  struct Free {
    void operator()(ssl_st* ssl) const;
    void operator()(ssl_ctx_st* context) const;
  };
  RawTlsPeer() = default;

  std::unique_ptr<RawTcpPeer> tcp_;
  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::unique_ptr<ssl_st, Free> ssl_;
  std::string handshake_error_;
};

}  // namespace shield::testing
