#include "tests/e2e/transport/false_broker.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace shield::testing {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using ContextPtr = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

BioPtr Memory(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

int TakeHttp2(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
              unsigned int in_size, void*) {
  // The first that is offered, which is h2.
  if (in_size < 1) return SSL_TLSEXT_ERR_NOACK;
  *size = in[0];
  *out = in + 1;
  return SSL_TLSEXT_ERR_OK;
}

ContextPtr NewContext(FalseBroker::Kind kind, const TlsKeyPair& pair) {
  ContextPtr context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  const bool old = kind == FalseBroker::Kind::kSpeaksTls12;
  // The policy of this process may not let us.
  SSL_CTX_clear_options(context.get(), SSL_OP_NO_TLSv1_2);
  SSL_CTX_set_min_proto_version(context.get(), old ? TLS1_2_VERSION : TLS1_3_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), old ? TLS1_2_VERSION : TLS1_3_VERSION);
  if (kind != FalseBroker::Kind::kSpeaksNoHttp2) {
    SSL_CTX_set_alpn_select_cb(context.get(), &TakeHttp2, nullptr);
  }
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(Memory(pair.certificate_pem).get(), nullptr, nullptr, nullptr), &X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(Memory(pair.key_pem).get(), nullptr, nullptr, nullptr),
      &EVP_PKEY_free);
  SHIELD_CHECK(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1);
  SHIELD_CHECK(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1);
  return context;
}

}  // namespace

FalseBroker::FalseBroker(Kind kind, const TlsKeyPair& pair)
    : kind_(kind), pair_(pair), listening_(socket(AF_INET, SOCK_STREAM, 0)) {
  signal(SIGPIPE, SIG_IGN);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(own);
  SHIELD_CHECK(bind(listening_, reinterpret_cast<const sockaddr*>(&own), length) == 0);
  SHIELD_CHECK(listen(listening_, SOMAXCONN) == 0);
  SHIELD_CHECK(getsockname(listening_, reinterpret_cast<sockaddr*>(&own), &length) == 0);
  address_ = absl::StrCat("127.0.0.1:", ntohs(own.sin_port));
  thread_ = std::thread([this] { Run(); });
}

FalseBroker::~FalseBroker() {
  running_.store(false);
  shutdown(listening_, SHUT_RDWR);
  thread_.join();
  close(listening_);
  for (const int peer : waiting_) close(peer);
}

void FalseBroker::Run() {
  while (running_.load()) {
    const int peer = accept(listening_, nullptr, nullptr);
    if (peer < 0) continue;
    // Whoever hangs up in the middle of a handshake does not stop the next one.
    timeval patience{5, 0};
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    Serve(peer);
  }
}

void FalseBroker::Serve(int peer) {
  ++served_;
  if (kind_ == Kind::kGreetsInPlainText) {
    constexpr char kGreeting[] = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n";
    static_cast<void>(send(peer, kGreeting, sizeof(kGreeting) - 1, MSG_NOSIGNAL));
    waiting_.push_back(peer);
    return;
  }
  if (kind_ != Kind::kClosesAtOnce) {
    const ContextPtr context = NewContext(kind_, pair_);
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), &SSL_free);
    SSL_set_fd(ssl.get(), peer);
    SSL_accept(ssl.get());
  }
  const bool waits = kind_ == Kind::kShowsItsKeyAndWaits ||
                     (kind_ == Kind::kShowsItsKeyAndClosesOnce && served_ > 1);
  if (waits) {
    waiting_.push_back(peer);
  } else {
    close(peer);
  }
}

}  // namespace shield::testing
