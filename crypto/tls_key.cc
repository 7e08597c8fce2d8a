#include "crypto/tls_key.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

constexpr size_t kMaxCommonName = 64;  // X.520 ub-common-name
constexpr size_t kMaxPemBytes = 64 * 1024;
// RFC 5280, section 4.1.2.5: the value for a certificate without an end of its own.
constexpr char kNoEnd[] = "99991231235959Z";
constexpr char kBeginning[] = "20200101000000Z";

absl::Status Failed(absl::string_view what) {
  ERR_clear_error();
  return absl::InternalError(absl::StrCat("TLS certificate not made: OpenSSL could not ", what));
}

absl::Status Unreadable(absl::string_view why) {
  ERR_clear_error();
  return absl::InvalidArgumentError(absl::StrCat("TLS certificate refused: ", why));
}

// A passphrase is never asked for on a terminal.
int NoPassphrase(char*, int, int, void*) { return 0; }

absl::StatusOr<std::string> TextOf(BIO* bio) {
  const char* data = nullptr;
  const long length = BIO_get_mem_data(bio, const_cast<char**>(&data));
  if (length <= 0) return Failed("write PEM");
  return std::string(data, static_cast<size_t>(length));
}

absl::StatusOr<std::string> PrintKey(EVP_PKEY* key) {
  Owned<BIO> bio(BIO_new(BIO_s_secmem()));
  if (!bio ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return Failed("write the key");
  }
  return TextOf(bio.get());
}

absl::StatusOr<std::string> PrintCertificate(X509* certificate) {
  Owned<BIO> bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1) {
    return Failed("write the certificate");
  }
  return TextOf(bio.get());
}

bool SetSerial(X509* certificate) {
  uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  // RFC 5280, section 4.1.2.2: positive.
  serial = (serial >> 1) | 1;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1;
}

bool SetName(X509* certificate, absl::string_view common_name) {
  X509_NAME* name = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

absl::StatusOr<Owned<X509>> SelfSigned(EVP_PKEY* key, absl::string_view common_name) {
  constexpr long kVersion3 = 2;
  Owned<X509> certificate(X509_new());
  if (!certificate || X509_set_version(certificate.get(), kVersion3) != 1 ||
      !SetSerial(certificate.get()) || !SetName(certificate.get(), common_name) ||
      ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), kBeginning) != 1 ||
      ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), kNoEnd) != 1 ||
      X509_set_pubkey(certificate.get(), key) != 1) {
    return Failed("fill the certificate");
  }
  if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) return Failed("sign the certificate");
  return certificate;
}

absl::StatusOr<Owned<X509>> ReadCertificate(absl::string_view pem) {
  if (pem.size() > kMaxPemBytes) return Unreadable("it is too long");
  Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) return Failed("allocate");
  Owned<X509> certificate(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
  if (!certificate) return Unreadable("it is not a PEM certificate");
  Owned<X509> second(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
  if (second) return Unreadable("there is more than one certificate, and one is expected");
  ERR_clear_error();
  return certificate;
}

}  // namespace

absl::StatusOr<TlsKeyPair> NewTlsKeyPair(absl::string_view common_name) {
  if (common_name.empty() || common_name.size() > kMaxCommonName ||
      !std::all_of(common_name.begin(), common_name.end(),
                   [](char c) { return c >= ' ' && c < 0x7f; })) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", common_name, "` cannot be the common name of a certificate: 1 to ",
                     kMaxCommonName, " printable ASCII characters are needed"));
  }
  Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  if (!key) return Failed("make a P-256 key");
  ASSIGN_OR_RETURN(const Owned<X509> certificate, SelfSigned(key.get(), common_name));
  TlsKeyPair pair;
  ASSIGN_OR_RETURN(pair.key_pem, PrintKey(key.get()));
  ASSIGN_OR_RETURN(pair.certificate_pem, PrintCertificate(certificate.get()));
  return pair;
}

absl::StatusOr<Digest> SpkiDigest(absl::string_view certificate_pem) {
  ASSIGN_OR_RETURN(const Owned<X509> certificate, ReadCertificate(certificate_pem));
  unsigned char* der = nullptr;
  const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
  if (length <= 0) return Unreadable("its public key cannot be read");
  const Digest digest = Sha256(ByteSpan(der, static_cast<size_t>(length)));
  OPENSSL_free(der);
  return digest;
}

absl::StatusOr<std::string> CommonName(absl::string_view certificate_pem) {
  ASSIGN_OR_RETURN(const Owned<X509> certificate, ReadCertificate(certificate_pem));
  char name[kMaxCommonName + 1] = {};
  if (X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name,
                                sizeof name) < 1) {
    return Unreadable("it has no common name");
  }
  return std::string(name);
}

absl::Status CheckKeyPair(const TlsKeyPair& pair) {
  ASSIGN_OR_RETURN(const Owned<X509> certificate, ReadCertificate(pair.certificate_pem));
  Owned<BIO> bio(BIO_new_mem_buf(pair.key_pem.data(), static_cast<int>(pair.key_pem.size())));
  if (!bio) return Failed("allocate");
  Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  if (!key) return absl::InvalidArgumentError("TLS key refused: it is not an unencrypted PEM key");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    return WithHint(
        absl::InvalidArgumentError("TLS key refused: it does not belong to the certificate"),
        "put back the pair that was made together, or make a new one and enrol it");
  }
  return absl::OkStatus();
}

}  // namespace shield
