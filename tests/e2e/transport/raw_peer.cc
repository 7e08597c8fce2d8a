#include "tests/e2e/transport/raw_peer.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "base/check.h"
#include "tests/e2e/transport/http2_frames.h"

namespace shield::testing {
namespace {

constexpr int kPatienceMs = 10'000;
constexpr unsigned char kAlpn[] = {2, 'h', '2'};

std::unique_ptr<BIO, decltype(&BIO_free)> InMemory(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

void UseKeyPair(SSL_CTX* context, const TlsKeyPair& pair) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(InMemory(pair.certificate_pem).get(), nullptr, nullptr, nullptr),
      &X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(InMemory(pair.key_pem).get(), nullptr, nullptr, nullptr),
      &EVP_PKEY_free);
  SHIELD_CHECK(SSL_CTX_use_certificate(context, certificate.get()) == 1);
  SHIELD_CHECK(SSL_CTX_use_PrivateKey(context, key.get()) == 1);
}

}  // namespace

RawTcpPeer::RawTcpPeer(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  SHIELD_CHECK(connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0);
}

RawTcpPeer::~RawTcpPeer() { close(fd_); }

void RawTcpPeer::Send(absl::string_view bytes) const {
  [[maybe_unused]] const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

bool RawTcpPeer::WaitUntilClosed() const {
  char ignored[4096];
  pollfd wait{fd_, POLLIN, 0};
  while (poll(&wait, 1, kPatienceMs) > 0) {
    if (recv(fd_, ignored, sizeof(ignored), 0) <= 0) return true;
  }
  return false;
}

bool RawTcpPeer::Closed() const {
  char ignored[4096];
  pollfd wait{fd_, POLLIN, 0};
  constexpr int kMomentMs = 20;
  while (poll(&wait, 1, kMomentMs) > 0) {
    if (recv(fd_, ignored, sizeof(ignored), 0) <= 0) return true;
  }
  return false;
}

void RawTlsPeer::Free::operator()(ssl_st* ssl) const { SSL_free(ssl); }
void RawTlsPeer::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

RawTlsPeer RawTlsPeer::Connect(int port, const TlsKeyPair& pair, Version version) {
  // OpenSSL writes to connections that have been closed.
  signal(SIGPIPE, SIG_IGN);
  RawTlsPeer peer;
  peer.tcp_ = std::make_unique<RawTcpPeer>(port);
  peer.context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* const context = peer.context_.get();
  // The policy of this process would not let us try.
  SSL_CTX_clear_options(context, SSL_OP_NO_TLSv1_2);
  const int protocol = version == Version::kTls12 ? TLS1_2_VERSION : TLS1_3_VERSION;
  SSL_CTX_set_min_proto_version(context, protocol);
  SSL_CTX_set_max_proto_version(context, protocol);
  SSL_CTX_set_alpn_protos(context, kAlpn, sizeof(kAlpn));
  UseKeyPair(context, pair);
  peer.ssl_.reset(SSL_new(context));
  SSL_set_fd(peer.ssl_.get(), peer.tcp_->fd());
  timeval patience{kPatienceMs / 1000, 0};
  setsockopt(peer.tcp_->fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  setsockopt(peer.tcp_->fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  ERR_clear_error();
  if (SSL_connect(peer.ssl_.get()) != 1) {
    char text[256];
    ERR_error_string_n(ERR_get_error(), text, sizeof(text));
    peer.handshake_error_ = text;
  }
  return peer;
}

bool RawTlsPeer::Send(absl::string_view bytes) {
  ERR_clear_error();
  return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
}

bool RawTlsPeer::ReadUntil(absl::string_view text) {
  std::string seen;
  char bytes[4096];
  while (seen.find(std::string(text)) == std::string::npos) {
    ERR_clear_error();
    const int count = SSL_read(ssl_.get(), bytes, sizeof(bytes));
    if (count <= 0) return false;
    seen.append(bytes, static_cast<size_t>(count));
  }
  return true;
}

bool RawTlsPeer::ReadSettings() {
  // Type and flags, and stream 0.
  constexpr char kHead[] = {static_cast<char>(http2::Type::kSettings), 0, 0, 0, 0, 0};
  return ReadUntil(absl::string_view(kHead, sizeof(kHead)));
}

bool RawTlsPeer::SendHeadersUntilClosed(uint32_t stream, int frames) {
  // Literal header fields, each with a value of 16,000 bytes: 0x7f and 15,873 as a varint.
  const std::string field =
      std::string({0, 1, 'a', 0x7f, static_cast<char>(0x81), 0x7c}) + std::string(16'000, 'v');
  if (!Send(http2::Frame(http2::Type::kHeaders, 0, stream, field))) return true;
  const std::string more = http2::Frame(http2::Type::kContinuation, 0, stream, field);
  for (int i = 1; i < frames; ++i) {
    if (!Send(more)) return true;
  }
  return tcp_->WaitUntilClosed();
}

}  // namespace shield::testing
