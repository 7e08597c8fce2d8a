#include "tests/bench/micro/raw_cipher.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "crypto/system_random.h"

namespace shield::testing {
namespace {

constexpr std::array<uint8_t, crypto_aead_chacha20poly1305_ietf_KEYBYTES> kKey = {1, 2, 3};
constexpr std::array<uint8_t, crypto_aead_chacha20poly1305_ietf_NPUBBYTES> kNonce = {4, 5, 6};
constexpr size_t kTagSize = crypto_aead_chacha20poly1305_ietf_ABYTES;

void SealInto(ByteSpan piece, uint8_t* out) {
  SHIELD_CHECK(crypto_aead_chacha20poly1305_ietf_encrypt(out, nullptr, piece.data(), piece.size(),
                                                         nullptr, 0, nullptr, kNonce.data(),
                                                         kKey.data()) == 0);
}

}  // namespace

size_t RawPieces(size_t bytes) { return (bytes + kRawPieceSize - 1) / kRawPieceSize; }

RawCipher::RawCipher() : out_(kRawPieceSize + kTagSize) { SodiumInit(); }

void RawCipher::Seal(ByteSpan piece) {
  SHIELD_CHECK(piece.size() <= kRawPieceSize);
  SealInto(piece, out_.data());
}

void RawCipher::Open(ByteSpan sealed) {
  SHIELD_CHECK(sealed.size() <= out_.size());
  SHIELD_CHECK(crypto_aead_chacha20poly1305_ietf_decrypt(out_.data(), nullptr, nullptr,
                                                         sealed.data(), sealed.size(), nullptr, 0,
                                                         kNonce.data(), kKey.data()) == 0);
}

std::vector<Bytes> SealRaw(ByteSpan plaintext) {
  SodiumInit();
  std::vector<Bytes> pieces;
  while (!plaintext.empty()) {
    const ByteSpan piece = plaintext.first(std::min(kRawPieceSize, plaintext.size()));
    pieces.emplace_back(piece.size() + kTagSize);
    SealInto(piece, pieces.back().data());
    plaintext = plaintext.subspan(piece.size());
  }
  return pieces;
}

}  // namespace shield::testing
