// What the sweep leaves of an ended bulletin on the broker's disk.
#include <filesystem>

#include "broker/core/broker.h"
#include "gtest/gtest.h"
#include "tests/broker/core/test_network.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"

namespace shield::testing {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;

class BrokerDisk : public ::testing::Test {
 protected:
  BrokerDisk() {
    network_.AddOrg("police", OrgKind::kAuthority);
    network_.AddMember("ann", "police", {Role::kAnalyst});
    network_.AddMember("vetting", "police", {Role::kVetting});
    network_.AddOrg("hotel", OrgKind::kMember);
    network_.AddMember("reader", "hotel", {Role::kReader});
    broker_ = *broker::Broker::Create({network_.file(), network_.broker_key(), network_.log_key(),
                                       host_.store(), clock_, log_, broker::RateLimits{}});
    const DirectoryUpload upload = network_.Sign();
    const auto session = *broker_->PublishDirectory({network_.authority_pin(), std::nullopt, true});
    EXPECT_TRUE(session->OnHead({upload.note, upload.fresh}).ok());
    EXPECT_TRUE(session->OnLines(upload.lines).ok());
    session->Finish([](const auto& receipt) { EXPECT_TRUE(receipt.ok()) << receipt.status(); });
    Commit();
  }
  void Commit() {
    while (broker_->Step()) {
    }
  }
  void Publish(const SealedBulletin& bulletin) {
    const auto session = *broker_->Publish(network_.CallerOf("ann"));
    ASSERT_TRUE(session->OnHeader({bulletin.note, bulletin.openings}).ok());
    if (!bulletin.slots.empty()) {
      ASSERT_TRUE(session->OnSlots(bulletin.slots).ok());
      ASSERT_TRUE(session->OnPayload(bulletin.payload).ok());
    }
    for (uint32_t i = 0; i < bulletin.objects.size(); ++i) {
      ASSERT_TRUE(session->OnObject(i, bulletin.objects[i]).ok());
    }
    session->Finish([](const auto& receipt) { EXPECT_TRUE(receipt.ok()) << receipt.status(); });
    Commit();
  }
  // Nothing holds the store open any more; it has given back what it had to.
  uint64_t BytesOnDisk() {
    broker_.reset();
    host_.Close();
    uint64_t bytes = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(host_.folder())) {
      if (file.is_regular_file()) bytes += file.file_size();
    }
    return bytes;
  }

  FakeClock clock_;
  SeededRandom random_{20};
  CapturedLog log_;
  RocksHost host_;
  TestNetwork network_{clock_, random_};
  std::unique_ptr<broker::Broker> broker_;
};

TEST_F(BrokerDisk, HoldsNothingOfAWithdrawnBulletinAfterTheSweep) {
  TestDraft draft{"ann", Tlp::kAmberStrict, {"org:hotel"}};
  draft.objects = {Bytes(48 * kMebibyte, 0x5c)};
  const SealedBulletin bulletin = network_.Seal(draft);
  Publish(bulletin);
  Publish(network_.Withdraw("ann", bulletin));
  broker_->Sweep();
  Commit();
  const auto inbox = host_.store().ScanInbox(Member("reader"), 0, {});
  ASSERT_EQ(inbox->entries.size(), 2u);
  EXPECT_TRUE(inbox->entries[0].slot.empty());
  EXPECT_TRUE(host_.store().Verify().ok());
  EXPECT_LT(BytesOnDisk(), 34 * kMebibyte) << "at most a blob file that holds other things too";
}

}  // namespace
}  // namespace shield::testing
