#include "client/receive/fetch_attachment.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "client/client.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

class FetchAttachmentTest : public ::testing::Test {
 protected:
  FetchAttachmentTest() {
    std::ofstream(network_.folder() + "/big.bin", std::ios::binary) << std::string(300'000, 'b');
    Client analyst = network_.Open("an-lise");
    id_ = analyst
              .Publish(network_.DraftOf(
                  "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"GREEN\"\nattachments = "
                  "[\"big.bin\"]\n+++\n"))
              ->id;
    EXPECT_TRUE(guard_.Sync().ok());
  }
  absl::Status Fetch() { return guard_.FetchAttachment(*id_, 1, target_); }
  ScriptedConnection& script() { return network_.Script("meir-guard"); }

  SampleNetwork network_;
  Client guard_ = network_.Open("meir-guard");
  std::optional<BulletinId> id_;
  const std::string target_ = network_.folder() + "/out.bin";
};

TEST_F(FetchAttachmentTest, ABrokerThatDripsIsGivenUp) {
  int pieces = 0;
  script().AlterPieces([&](const Bytes& piece) -> absl::StatusOr<Bytes> {
    if (++pieces % 2 == 0) return absl::DeadlineExceededError("nothing for a long time");
    return Bytes(piece.begin(), piece.begin() + 1);
  });
  EXPECT_TRUE(absl::IsDeadlineExceeded(Fetch()));
  EXPECT_EQ(script().calls("Fetch"), 1);
}

TEST_F(FetchAttachmentTest, ALongDownloadGoesOnHoweverEachStreamWasBroken) {
  int pieces = 0;
  script().AlterPieces([&](Bytes piece) -> absl::StatusOr<Bytes> {
    if (++pieces % 2 == 1) return piece;
    network_.clock().Advance(absl::Seconds(10));  // the whole timeout
    return pieces % 4 == 0 ? absl::UnavailableError("cut off")
                           : absl::DeadlineExceededError("slow");
  });
  const absl::Status fetched = Fetch();
  EXPECT_TRUE(fetched.ok()) << fetched;
  EXPECT_GT(script().calls("Fetch"), 3);
}

TEST_F(FetchAttachmentTest, WhatCameIntoBeingMeanwhileIsNotReplaced) {
  script().AlterPieces([this](Bytes piece) -> absl::StatusOr<Bytes> {
    std::ofstream(target_) << "the reader's own";
    return piece;
  });
  EXPECT_TRUE(absl::IsAlreadyExists(Fetch()));
  std::ifstream file(target_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "the reader's own");
}

}  // namespace
}  // namespace shield::testing
