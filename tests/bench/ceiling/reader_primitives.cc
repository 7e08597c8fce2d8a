#include "tests/bench/ceiling/reader_primitives.h"

#include <sodium.h>
#include <sqlite3.h>

#include "base/check.h"
#include "crypto/sha256.h"
#include "crypto/system_random.h"

namespace shield::testing {
namespace {

constexpr std::array<uint8_t, crypto_aead_chacha20poly1305_ietf_KEYBYTES> kKey = {1, 2, 3};
constexpr std::array<uint8_t, crypto_aead_chacha20poly1305_ietf_NPUBBYTES> kNonce = {4, 5, 6};
constexpr size_t kTagSize = crypto_aead_chacha20poly1305_ietf_ABYTES;
constexpr std::array<uint8_t, 256> kText = {};
constexpr int kSignatures = 2;

}  // namespace

void ReaderPrimitives::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void ReaderPrimitives::Close::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

ReaderPrimitives::ReaderPrimitives(const std::string& path, size_t payload_bytes)
    : sealed_(payload_bytes + kTagSize), opened_(payload_bytes) {
  SodiumInit();
  std::array<uint8_t, crypto_sign_SECRETKEYBYTES> secret = {};
  crypto_sign_keypair(signer_.data(), secret.data());
  crypto_sign_detached(signature_.data(), nullptr, kText.data(), kText.size(), secret.data());
  crypto_scalarmult_base(share_.data(), kKey.data());
  crypto_aead_chacha20poly1305_ietf_encrypt(sealed_.data(), nullptr, opened_.data(), opened_.size(),
                                            nullptr, 0, nullptr, kNonce.data(), kKey.data());
  sqlite3* database = nullptr;
  SHIELD_CHECK(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  database_.reset(database);
  SHIELD_CHECK(sqlite3_exec(database,
                            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                            "CREATE TABLE entry (seq INTEGER PRIMARY KEY, bytes BLOB)",
                            nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_stmt* insert = nullptr;
  SHIELD_CHECK(sqlite3_prepare_v2(database, "INSERT INTO entry (bytes) VALUES (?)", -1, &insert,
                                  nullptr) == SQLITE_OK);
  insert_.reset(insert);
}

void ReaderPrimitives::Take(ByteSpan entry) {
  Compute(entry);
  Store(entry);
}

void ReaderPrimitives::Compute(ByteSpan entry) {
  for (int i = 0; i < kSignatures; ++i) {
    SHIELD_CHECK(crypto_sign_verify_detached(signature_.data(), kText.data(), kText.size(),
                                             signer_.data()) == 0);
  }
  std::array<uint8_t, crypto_scalarmult_BYTES> shared = {};
  SHIELD_CHECK(crypto_scalarmult(shared.data(), kKey.data(), share_.data()) == 0);
  SHIELD_CHECK(crypto_aead_chacha20poly1305_ietf_decrypt(opened_.data(), nullptr, nullptr,
                                                         sealed_.data(), sealed_.size(), nullptr, 0,
                                                         kNonce.data(), kKey.data()) == 0);
  SHIELD_CHECK(Sha256(entry) != Digest());
}

void ReaderPrimitives::Store(ByteSpan entry) {
  sqlite3_reset(insert_.get());
  sqlite3_bind_blob(insert_.get(), 1, entry.data(), static_cast<int>(entry.size()), SQLITE_STATIC);
  SHIELD_CHECK(sqlite3_step(insert_.get()) == SQLITE_DONE);
  sqlite3_clear_bindings(insert_.get());
}

}  // namespace shield::testing
