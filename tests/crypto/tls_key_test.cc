#include "crypto/tls_key.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "base/hex.h"

namespace shield {
namespace {

// Made with: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj
// /CN=elsewhere
constexpr absl::string_view kElsewhere =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBfzCCASWgAwIBAgIUPP1XAtA/bVj14Q0ETrZZ5YmApGgwCgYIKoZIzj0EAwIw\n"
    "FDESMBAGA1UEAwwJZWxzZXdoZXJlMCAXDTI2MTEyMjA4MDgyNVoYDzIxMjYxMDI5\n"
    "MDgwODI1WjAUMRIwEAYDVQQDDAllbHNld2hlcmUwWTATBgcqhkjOPQIBBggqhkjO\n"
    "PQMBBwNCAATnRrrSV9AnGVvi9f6VXk2r88E9cGOd9vwGvdp1jJDxA2ln+3Jvt418\n"
    "t84jFIbh5rsazgmR2JDXQ3fVHlhynpoNo1MwUTAdBgNVHQ4EFgQUCIgwLjY7xJPb\n"
    "YxykNIip62mswL4wHwYDVR0jBBgwFoAUCIgwLjY7xJPbYxykNIip62mswL4wDwYD\n"
    "VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAL0uDZxSmHKBEBhs6sncsY\n"
    "GNg0jiwt0jZebj+lVozx8QIhAPl3sq0GzQEreQ20ZmmjzTBSiD3wFvPBwRTJbVRL\n"
    "mEdJ\n"
    "-----END CERTIFICATE-----\n";
// openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256
constexpr absl::string_view kElsewherePin =
    "96f0ed965a76a4bffdc69fb0fac89bef072df1a47590616c36239620c4a4f325";

TEST(TlsKey, MakesAPairThatBelongsTogether) {
  const absl::StatusOr<TlsKeyPair> pair = NewTlsKeyPair("desk-astrid");
  ASSERT_TRUE(pair.ok()) << pair.status();
  EXPECT_TRUE(CheckKeyPair(*pair).ok());
  EXPECT_TRUE(SpkiDigest(pair->certificate_pem).ok());
  EXPECT_EQ(*CommonName(pair->certificate_pem), "desk-astrid");
  EXPECT_TRUE(absl::StartsWith(pair->key_pem, "-----BEGIN PRIVATE KEY-----\n"));
}

TEST(TlsKey, TheCertificateIsP256AndSignsItself) {
  const TlsKeyPair pair = NewTlsKeyPair("broker").value();
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pair.certificate_pem.data(), static_cast<int>(pair.certificate_pem.size())),
      BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
  ASSERT_NE(certificate, nullptr);
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  EXPECT_EQ(X509_verify(certificate.get(), key), 1);
  char group[32] = {};
  size_t length = 0;
  ASSERT_EQ(EVP_PKEY_get_group_name(key, group, sizeof group, &length), 1);
  EXPECT_STREQ(group, "prime256v1");
}

TEST(TlsKey, EveryKeyHasItsOwnPin) {
  const TlsKeyPair one = NewTlsKeyPair("broker").value();
  const TlsKeyPair two = NewTlsKeyPair("broker").value();
  EXPECT_NE(*SpkiDigest(one.certificate_pem), *SpkiDigest(two.certificate_pem));
}

TEST(TlsKey, ThePinIsWhatOpenSslPrints) {
  const absl::StatusOr<Digest> pin = SpkiDigest(kElsewhere);
  ASSERT_TRUE(pin.ok()) << pin.status();
  EXPECT_EQ(HexEncode(pin->span()), kElsewherePin);
  EXPECT_EQ(*CommonName(kElsewhere), "elsewhere");
}

TEST(TlsKey, RefusesAPairThatWasExchanged) {
  TlsKeyPair one = NewTlsKeyPair("broker").value();
  const TlsKeyPair two = NewTlsKeyPair("broker").value();
  one.key_pem = two.key_pem;
  EXPECT_EQ(CheckKeyPair(one).code(), absl::StatusCode::kInvalidArgument);
}

TEST(TlsKey, RefusesWhatIsNotOneCertificate) {
  const TlsKeyPair pair = NewTlsKeyPair("broker").value();
  const std::string& pem = pair.certificate_pem;
  for (const std::string& text :
       {std::string(), std::string("garbage"), pair.key_pem, pem.substr(0, pem.size() / 2),
        pem + pem, std::string(100 * 1024, 'x')}) {
    EXPECT_EQ(SpkiDigest(text).status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(CheckKeyPair({"garbage", pem}).ok());
  EXPECT_FALSE(CheckKeyPair({pem, pem}).ok());
}

TEST(TlsKey, NamesHaveALimit) {
  EXPECT_TRUE(NewTlsKeyPair(std::string(64, 'a')).ok());
  for (const std::string& name : {std::string(65, 'a'), std::string(), std::string("a\nb")}) {
    EXPECT_EQ(NewTlsKeyPair(name).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace shield
