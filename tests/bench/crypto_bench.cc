// How fast sealing and opening are, each beside the primitives that bound it.
//
//   build/release/tests/bench/crypto_bench --benchmark_min_time=2
#include <benchmark/benchmark.h>
#include <sodium.h>

#include <array>
#include <vector>

#include "base/check.h"
#include "crypto/age_file_sealer.h"
#include "crypto/age_keys.h"
#include "crypto/edwards_to_montgomery.h"
#include "crypto/hmac.h"
#include "crypto/opening/open_payload.h"
#include "crypto/opening/open_slot.h"
#include "crypto/payload.h"
#include "crypto/seal_slots.h"
#include "crypto/sha256.h"
#include "crypto/system_random.h"

namespace shield {
namespace {

using Scalar = std::array<uint8_t, 32>;

constexpr size_t kBatch = 128;

std::vector<X25519PublicKey> Recipients(size_t count) {
  SystemRandom random;
  std::vector<X25519PublicKey> keys(count);
  for (X25519PublicKey& key : keys) {
    Scalar scalar;
    random.Fill(scalar);
    SHIELD_CHECK(crypto_scalarmult_base(key.bytes.data(), scalar.data()) == 0);
  }
  return keys;
}

Scalar SomeScalar() {
  SystemRandom random;
  Scalar scalar;
  random.Fill(scalar);
  return scalar;
}

// Slots for range(0) recipients on range(1) threads.
void SealSlotsBench(benchmark::State& state) {
  SystemRandom random;
  const auto recipients = Recipients(state.range(0));
  const FileKey file_key = NewFileKey(random);
  for (auto _ : state) {
    auto slots = SealSlots(recipients, file_key, static_cast<unsigned>(state.range(1)));
    benchmark::DoNotOptimize(slots);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(SealSlotsBench)
    ->Name("seal_slots")
    ->ArgsProduct({{100, 1'000, 10'000}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// The bound: one base multiplication and one with the recipient, nothing else.
void RawMultiplications(benchmark::State& state) {
  const Scalar scalar = SomeScalar();
  const X25519PublicKey recipient = Recipients(1).front();
  Scalar out;
  for (auto _ : state) {
    SHIELD_CHECK(crypto_scalarmult_ed25519_base(out.data(), scalar.data()) == 0);
    SHIELD_CHECK(crypto_scalarmult(out.data(), scalar.data(), recipient.bytes.data()) == 0);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(RawMultiplications)->Name("raw_multiplications_of_a_slot");

void BaseByLadder(benchmark::State& state) {
  const Scalar scalar = SomeScalar();
  Scalar out;
  for (auto _ : state) SHIELD_CHECK(crypto_scalarmult_base(out.data(), scalar.data()) == 0);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BaseByLadder)->Name("base_multiplication_crypto_scalarmult_base");

void BaseByEdwards(benchmark::State& state) {
  const Scalar scalar = SomeScalar();
  std::vector<EdwardsPoint> points(kBatch);
  std::vector<X25519PublicKey> keys(kBatch);
  for (auto _ : state) {
    for (EdwardsPoint& point : points) {
      SHIELD_CHECK(crypto_scalarmult_ed25519_base(point.data(), scalar.data()) == 0);
    }
    EdwardsToMontgomery(points, keys);
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(BaseByEdwards)->Name("base_multiplication_edwards_and_map");

void OpenSlotBench(benchmark::State& state) {
  SystemRandom random;
  const X25519Identity identity = X25519Identity::Generate(random);
  const X25519PublicKey recipient = identity.Recipient();
  const Slot slot = SealSlots(std::span(&recipient, 1), NewFileKey(random))->front();
  for (auto _ : state) benchmark::DoNotOptimize(OpenSlot(slot, identity));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(OpenSlotBench)->Name("open_slot");

void SealPayloadBench(benchmark::State& state) {
  SystemRandom random;
  const FileKey file_key = NewFileKey(random);
  const PayloadNonce nonce = NewPayloadNonce(random);
  const Bytes plaintext(state.range(0), 1);
  for (auto _ : state) benchmark::DoNotOptimize(SealPayload(file_key, nonce, plaintext));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(SealPayloadBench)->Name("seal_payload")->Arg(4096)->Arg(1 << 20);

void OpenPayloadBench(benchmark::State& state) {
  SystemRandom random;
  const FileKey file_key = NewFileKey(random);
  const Bytes payload = SealPayload(file_key, NewPayloadNonce(random), Bytes(state.range(0), 1));
  for (auto _ : state) benchmark::DoNotOptimize(OpenPayload(file_key, payload));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(OpenPayloadBench)->Name("open_payload")->Arg(4096)->Arg(1 << 20);

// The bound: the cipher alone on one chunk.
void RawSeal(benchmark::State& state) {
  const Scalar key = SomeScalar();
  const auto nonce = ChunkNonce(0, true);
  const Bytes plaintext(state.range(0), 1);
  Bytes sealed(plaintext.size() + kChunkTagSize);
  for (auto _ : state) {
    crypto_aead_chacha20poly1305_ietf_encrypt(sealed.data(), nullptr, plaintext.data(),
                                              plaintext.size(), nullptr, 0, nullptr, nonce.data(),
                                              key.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(RawSeal)->Name("raw_cipher")->Arg(4096)->Arg(kChunkSize);

// An attachment as it is stored: cipher, digest, a sink that drops it.
void SealFileBench(benchmark::State& state) {
  SystemRandom random;
  const X25519PublicKey recipient = Recipients(1).front();
  const Bytes piece(kChunkSize, 1);
  for (auto _ : state) {
    auto sealer =
        AgeFileSealer::Create(recipient, random, [](ByteSpan) { return absl::OkStatus(); });
    for (int64_t left = state.range(0); left > 0; left -= static_cast<int64_t>(piece.size())) {
      SHIELD_CHECK((*sealer)->Write(piece).ok());
    }
    benchmark::DoNotOptimize((*sealer)->Finish());
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(SealFileBench)->Name("seal_attachment")->Arg(16 << 20)->Unit(benchmark::kMillisecond);

void Sha256Bench(benchmark::State& state) {
  const Bytes bytes(state.range(0), 1);
  for (auto _ : state) benchmark::DoNotOptimize(Sha256(ByteSpan(bytes)));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Sha256Bench)->Name("sha256")->Arg(65)->Arg(1 << 20);

void HmacBench(benchmark::State& state) {
  const Bytes key(32, 1);
  const Bytes bytes(32, 2);
  for (auto _ : state) benchmark::DoNotOptimize(HmacSha256(key, {bytes}));
}
BENCHMARK(HmacBench)->Name("hmac");

void RawHmac(benchmark::State& state) {
  const Bytes key(32, 1);
  const Bytes bytes(32, 2);
  HmacTag tag;
  for (auto _ : state) {
    crypto_auth_hmacsha256(tag.data(), bytes.data(), bytes.size(), key.data());
    benchmark::DoNotOptimize(tag);
  }
}
BENCHMARK(RawHmac)->Name("hmac_of_libsodium");

}  // namespace
}  // namespace shield
