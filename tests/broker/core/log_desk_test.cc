// What members are told of the log: the newest checkpoint with the proof that theirs is its
// beginning, batches, tiles; and what becomes of the cosignatures of witnesses.
#include "broker/core/log_desk.h"

#include "absl/strings/str_split.h"
#include "base/status.h"
#include "crypto/cosignature.h"
#include "crypto/merkle.h"
#include "crypto/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/log_tiles.h"
#include "policy/proof/witnessed_checkpoint.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

using broker::BatchQuery;
using broker::CheckpointQuery;
using broker::CosignQuery;
using broker::LogQuery;
using broker::TileQuery;

constexpr char kWitness[] = "witness.example/w1";

class AskingAboutTheLog : public BrokerTestBase {
 protected:
  AskingAboutTheLog() : witness_(SigningKey::Generate(random_)) {}
  void SetUp() override {
    network_.AskForWitnesses({witness_.Verifier(kWitness)->ToString()}, 1);
    Enrol();
    for (int i = 0; i < 4; ++i) {
      const SealedBulletin bulletin = network_.Seal({"ann", Tlp::kAmberStrict, {"org:hotel"}});
      leaves_.push_back(LogLeafHash(LogKind::kBulletin, Sha256(ParseNote(bulletin.note)->text)));
      ASSERT_TRUE(Publish("ann", bulletin).ok());
    }
  }

  absl::StatusOr<broker::LogProof> Ask(const LogQuery& query) {
    return broker_->Log(network_.CallerOf("reader"), query);
  }
  std::string Refusal(const LogQuery& query) { return RuleOf(Ask(query).status()); }
  Checkpoint Shown(const std::string& note) {
    const auto checkpoint =
        VerifyCheckpoint(note, *network_.log_key().Verifier("test.example/log"));
    EXPECT_TRUE(checkpoint.ok()) << checkpoint.status();
    return *checkpoint;
  }
  std::string Cosigned(absl::string_view name, const SigningKey& key) {
    return *AddCosignature(Ask(CheckpointQuery{})->checkpoint, name, key, clock_.Now());
  }

  const SigningKey witness_;
  std::vector<Digest> leaves_;  // of the bulletins: 1 to 4 of the log
};

TEST_F(AskingAboutTheLog, TheNewestCheckpointContinuesTheCallers) {
  const auto early = Ask(broker::ConsistencyQuery{2, 2});
  const auto newest = Ask(CheckpointQuery{2});
  ASSERT_TRUE(newest.ok()) << newest.status();
  const Checkpoint shown = Shown(newest->checkpoint);
  EXPECT_EQ(shown.size, 5u);
  EXPECT_TRUE(
      VerifyConsistency(2, 5, Shown(early->checkpoint).root, shown.root, newest->proof).ok());
  // A caller that is ahead is shown the signed size, and no proof.
  const auto ahead = Ask(CheckpointQuery{6});
  EXPECT_EQ(Shown(ahead->checkpoint).size, 5u);
  EXPECT_TRUE(ahead->proof.empty());
}

TEST_F(AskingAboutTheLog, ABatchProvesManyLeavesAtOnce) {
  const auto answer = Ask(BatchQuery{{1, 2, 4}, 5});
  ASSERT_TRUE(answer.ok()) << answer.status();
  const std::vector<IndexedLeaf> batch = {{1, leaves_[0]}, {2, leaves_[1]}, {4, leaves_[3]}};
  EXPECT_TRUE(VerifyBatch(batch, 5, answer->proof, Shown(answer->checkpoint).root).ok());
}

TEST_F(AskingAboutTheLog, BatchesOutOfFormAreRefused) {
  EXPECT_EQ(Refusal(BatchQuery{{}, 5}), "MESSAGE_MALFORMED");
  EXPECT_EQ(Refusal(BatchQuery{{2, 2}, 5}), "MESSAGE_MALFORMED");
  EXPECT_EQ(Refusal(BatchQuery{{2, 1}, 5}), "MESSAGE_MALFORMED");
  EXPECT_EQ(Refusal(BatchQuery{{5}, 5}), "LIMIT_EXCEEDED");
  EXPECT_EQ(Refusal(BatchQuery{{5}, 6}), "LIMIT_EXCEEDED");
  std::vector<uint64_t> many(kMaxBatchLeaves + 1);
  for (size_t i = 0; i < many.size(); ++i) many[i] = i;
  EXPECT_EQ(Refusal(BatchQuery{many, 5}), "MESSAGE_MALFORMED");
}

TEST_F(AskingAboutTheLog, TilesHoldItsHashesAndBundlesWhatTheyAreHashesOf) {
  const auto tile = Ask(TileQuery{0, 0, 5});
  ASSERT_TRUE(tile.ok()) << tile.status();
  const auto hashes = UnpackHashes(AsBytes(tile->tile), 5);
  ASSERT_TRUE(hashes.has_value());
  EXPECT_EQ(MerkleTree(*hashes).Root(), Shown(Ask(CheckpointQuery{})->checkpoint).root);
  EXPECT_EQ((*hashes)[1], leaves_[0]);
  const auto bundle = Ask(TileQuery{0, 0, 5, true});
  const auto entries = UnpackEntries(AsBytes(bundle->tile), 5);
  ASSERT_TRUE(entries.has_value());
  for (size_t i = 0; i < entries->size(); ++i) EXPECT_EQ(LeafHash((*entries)[i]), (*hashes)[i]);
}

TEST_F(AskingAboutTheLog, TilesThatAreNotThereAreRefused) {
  EXPECT_EQ(Refusal(TileQuery{0, 0, 6}), "LIMIT_EXCEEDED");
  EXPECT_EQ(Refusal(TileQuery{0, 1, 1}), "LIMIT_EXCEEDED");
  EXPECT_EQ(Refusal(TileQuery{1, 0, 1}), "LIMIT_EXCEEDED");
  EXPECT_EQ(Refusal(TileQuery{0, 0, 0}), "MESSAGE_MALFORMED");
  EXPECT_EQ(Refusal(TileQuery{0, 0, 257}), "LIMIT_EXCEEDED");
  EXPECT_EQ(Refusal(TileQuery{8, 0, 1}), "LIMIT_EXCEEDED");
  EXPECT_EQ(Refusal(TileQuery{1, 0, 1, true}), "MESSAGE_MALFORMED");
  EXPECT_EQ(Refusal(TileQuery{0, UINT64_MAX, 1}), "LIMIT_EXCEEDED");
}

TEST_F(AskingAboutTheLog, WhatAWitnessCosignedIsShownWithEveryLaterCheckpoint) {
  EXPECT_EQ(Ask(CheckpointQuery{})->witnessed, "");
  ASSERT_TRUE(Ask(CosignQuery{Cosigned(kWitness, witness_)}).ok());
  ASSERT_TRUE(Publish("ann", network_.Seal({"ann", Tlp::kAmberStrict, {"org:hotel"}})).ok());
  const auto answer = Ask(CheckpointQuery{});
  const auto witnessed = VerifyWitnessed(answer->witnessed, network_.directory());
  ASSERT_TRUE(witnessed.ok()) << witnessed.status();
  EXPECT_EQ(witnessed->cosigners, 1u);
  EXPECT_EQ(witnessed->checkpoint.size, 5u);
  EXPECT_EQ(witnessed->quorum_time, absl::FromUnixSeconds(absl::ToUnixSeconds(clock_.Now())));
  const Checkpoint newest = Shown(answer->checkpoint);
  EXPECT_TRUE(
      VerifyConsistency(5, 6, witnessed->checkpoint.root, newest.root, answer->witnessed_proof)
          .ok());
}

TEST_F(AskingAboutTheLog, TheNewestCosignatureOfAWitnessTakesThePlaceOfAnOlderOne) {
  const std::string early = Cosigned(kWitness, witness_);
  clock_.Advance(absl::Minutes(5));
  ASSERT_TRUE(Ask(CosignQuery{Cosigned(kWitness, witness_)}).ok());
  ASSERT_TRUE(Ask(CosignQuery{early}).ok());
  const auto witnessed = VerifyWitnessed(Ask(CheckpointQuery{})->witnessed, network_.directory());
  EXPECT_EQ(witnessed->quorum_time, absl::FromUnixSeconds(absl::ToUnixSeconds(clock_.Now())));
}

TEST_F(AskingAboutTheLog, WhatAWitnessCosignedOutlivesARestart) {
  ASSERT_TRUE(Ask(CosignQuery{Cosigned(kWitness, witness_)}).ok());
  const std::string before = Ask(CheckpointQuery{})->witnessed;
  MakeBroker();
  EXPECT_EQ(Ask(CheckpointQuery{})->witnessed, before);
  // Not for a directory that names other witnesses.
  const SigningKey other = SigningKey::Generate(random_);
  network_.AskForWitnesses({other.Verifier("witness.example/w2")->ToString()}, 1);
  Enrol();
  MakeBroker();
  EXPECT_EQ(Ask(CheckpointQuery{})->witnessed, "");
  ASSERT_TRUE(Ask(CosignQuery{Cosigned("witness.example/w2", other)}).ok());
}

TEST_F(AskingAboutTheLog, OfEachWitnessAFewSizesAreKept) {
  for (size_t i = 0; i < broker::CosignedSizes::kSizesOfOne + 3; ++i) {
    ASSERT_TRUE(Publish("ann", network_.Seal({"ann", Tlp::kAmberStrict, {"org:hotel"}})).ok());
    ASSERT_TRUE(Ask(CosignQuery{Cosigned(kWitness, witness_)}).ok());
  }
  const std::string kept = store_.ReadWitnessed().value();
  EXPECT_EQ(std::vector<std::string>(absl::StrSplit(kept, "test.example/log\n")).size() - 1,
            broker::CosignedSizes::kSizesOfOne + 1);
}

TEST_F(AskingAboutTheLog, WhatWasKeptOfWitnessesAndCannotBeReadStopsTheBroker) {
  ASSERT_TRUE(store_.KeepWitnessed("note 12\nshort").ok());
  MakeBroker();
  EXPECT_TRUE(absl::IsDataLoss(Ask(CheckpointQuery{}).status()));
  EXPECT_FALSE(store_.health().ok());
}

// Two witnesses come one after the other, and the log grows in between.
TEST_F(AskingAboutTheLog, AQuorumIsMetAlthoughTheLogGrowsBetweenTwoWitnesses) {
  const SigningKey other = SigningKey::Generate(random_);
  network_.AskForWitnesses(
      {witness_.Verifier(kWitness)->ToString(), other.Verifier("witness.example/w2")->ToString()},
      2);
  Enrol();
  const auto cosign = [&](absl::string_view name, const SigningKey& key, uint64_t held) {
    ASSERT_TRUE(Publish("ann", network_.Seal({"ann", Tlp::kAmberStrict, {"org:hotel"}})).ok());
    const auto shown = Ask(CheckpointQuery{held, /*to_cosign=*/true});
    ASSERT_TRUE(shown.ok()) << shown.status();
    const auto note = AddCosignature(shown->checkpoint, name, key, clock_.Now());
    ASSERT_TRUE(Ask(CosignQuery{*note}).ok());
  };
  const auto witnessed = [&] {
    return *VerifyWitnessed(Ask(CheckpointQuery{})->witnessed, network_.directory());
  };
  uint64_t before = 0;
  for (int round = 0; round < 3; ++round) {
    cosign(kWitness, witness_, 1);
    cosign("witness.example/w2", other, 1);
    EXPECT_EQ(witnessed().cosigners, 2u) << round;
    EXPECT_TRUE(witnessed().quorum_time.has_value()) << round;
    EXPECT_GT(witnessed().checkpoint.size, before) << round;
    before = witnessed().checkpoint.size;
  }
}

TEST_F(AskingAboutTheLog, AWitnessThatIsAheadOfTheOthersIsShownTheBeginningOfWhatItHolds) {
  network_.AskForWitnesses(
      {witness_.Verifier(kWitness)->ToString(),
       SigningKey::Generate(random_).Verifier("witness.example/w2")->ToString()},
      2);
  Enrol();
  ASSERT_TRUE(Ask(CosignQuery{Cosigned(kWitness, witness_)}).ok());
  const uint64_t begun = Shown(Ask(CheckpointQuery{})->checkpoint).size;
  ASSERT_TRUE(Publish("ann", network_.Seal({"ann", Tlp::kAmberStrict, {"org:hotel"}})).ok());
  const Checkpoint held = Shown(Ask(CheckpointQuery{})->checkpoint);
  const auto shown = Ask(CheckpointQuery{held.size, /*to_cosign=*/true});
  ASSERT_TRUE(shown.ok()) << shown.status();
  const Checkpoint earlier = Shown(shown->checkpoint);
  EXPECT_EQ(earlier.size, begun);
  EXPECT_TRUE(VerifyConsistency(begun, held.size, earlier.root, held.root, shown->proof).ok());
}

TEST_F(AskingAboutTheLog, ACosignatureThatIsNotOfTodayIsRefused) {
  const std::string note = Ask(CheckpointQuery{})->checkpoint;
  const auto dated = [&](absl::Duration from_now) {
    return Refusal(CosignQuery{*AddCosignature(note, kWitness, witness_, clock_.Now() + from_now)});
  };
  EXPECT_EQ(dated(-broker::kMaxCosignatureAge - absl::Seconds(1)), "CLOCK_SKEW");
  EXPECT_EQ(dated(broker::kMaxCosignatureLead + absl::Seconds(1)), "CLOCK_SKEW");
  EXPECT_EQ(Ask(CheckpointQuery{})->witnessed, "");
  EXPECT_EQ(dated(-broker::kMaxCosignatureAge + absl::Seconds(1)), "");
}

TEST_F(AskingAboutTheLog, CosignaturesOfNobodyAreRefused) {
  const SigningKey stranger = SigningKey::Generate(random_);
  EXPECT_EQ(Refusal(CosignQuery{Cosigned("stranger.example/w", stranger)}), "NOT_A_WITNESS");
  EXPECT_EQ(Refusal(CosignQuery{Ask(CheckpointQuery{})->checkpoint}), "NOT_A_WITNESS");
  EXPECT_EQ(Refusal(CosignQuery{"no note"}), "CHECKPOINT_MALFORMED");
  const Checkpoint other{"test.example/log", 3, Sha256("another root")};
  const std::string of_another_log =
      *AddCosignature(SignCheckpoint(other, network_.log_key()), kWitness, witness_, clock_.Now());
  EXPECT_EQ(Refusal(CosignQuery{of_another_log}), "NOT_A_WITNESS");
  const std::string unsigned_by_log = *AddCosignature(SignCheckpoint(other, network_.broker_key()),
                                                      kWitness, witness_, clock_.Now());
  EXPECT_EQ(Refusal(CosignQuery{unsigned_by_log}), "BAD_SIGNATURE");
  EXPECT_EQ(Ask(CheckpointQuery{})->witnessed, "");
}

}  // namespace
}  // namespace shield::testing
