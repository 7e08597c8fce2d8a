// Two deliveries with one payload and different slots: stock age opens both, to different texts.
// Only the signed commitment tells that one of them is not what the author sealed.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "crypto/key_commitment.h"
#include "crypto/opening/identity_file.h"
#include "crypto/opening/open_payload.h"
#include "crypto/opening/open_slot.h"
#include "crypto/payload.h"
#include "crypto/slot.h"
#include "tests/support/shared_folder.h"

namespace shield {
namespace {

struct Delivery {
  FileKey file_key;
  PayloadNonce nonce;
  Bytes payload;
  Bytes plaintext;
};

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Delivery Open(const std::filesystem::path& folder, const std::string& number) {
  const std::string file = ReadFile(folder / ("d" + number + ".age"));
  const auto identities =
      ReadIdentityFile(AsBytes(ReadFile(folder / ("id" + number))), std::nullopt);
  const ByteSpan bytes = AsBytes(file);
  Delivery delivery;
  delivery.file_key = *OpenSlot(bytes.first(kSlotSize), identities->front());
  delivery.payload = ToBytes(bytes.subspan(kSlotSize));
  std::copy_n(delivery.payload.begin(), delivery.nonce.size(), delivery.nonce.begin());
  delivery.plaintext = *OpenPayload(delivery.file_key, delivery.payload);
  return delivery;
}

TEST(CommitmentPair, OneSignedCommitmentCannotHoldForBoth) {
  SHIELD_REQUIRE_SHARED(folder, "vectors/commitment-pair");
  const Delivery first = Open(folder, "0");
  const Delivery second = Open(folder, "1");
  ASSERT_EQ(first.payload, second.payload) << "the vector is one payload";
  ASSERT_NE(first.plaintext, second.plaintext) << "that opens to two texts";

  const absl::string_view context = "shield/bulletin/v1\n";
  const Digest of_first = KeyCommitment(first.file_key, first.nonce, context);
  const Digest of_second = KeyCommitment(second.file_key, second.nonce, context);
  EXPECT_NE(of_first, of_second);
}

}  // namespace
}  // namespace shield
