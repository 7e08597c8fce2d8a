// Fetching, status, proofs of the log, and what one member may ask for.

#include "base/status.h"
#include "broker/core/rate_gate.h"
#include "crypto/merkle.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/verified_statement.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

using absl::StatusCode;
using broker::ConsistencyQuery;
using broker::InclusionQuery;

class Inspecting : public BrokerTestBase {
 protected:
  void SetUp() override {
    Enrol();
    TestDraft draft{"ann", Tlp::kAmberStrict, {"org:hotel"}};
    draft.objects = {Bytes(150'000, 5)};
    bulletin_ = network_.Seal(draft);
    const auto receipt = Publish("ann", *bulletin_);
    ASSERT_TRUE(receipt.ok()) << receipt.status();
    id_ = receipt->id;
  }

  std::optional<SealedBulletin> bulletin_;
  std::optional<BulletinId> id_;
};

TEST_F(Inspecting, AFetchResumesAtAnyOffset) {
  const Bytes& object = bulletin_->objects[0];
  for (const uint64_t offset : {uint64_t{0}, uint64_t{1}, uint64_t{65'536}, uint64_t{149'999}}) {
    const auto got = Fetch("reader", {*id_, 1, offset});
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(*got, Bytes(object.begin() + static_cast<ptrdiff_t>(offset), object.end()));
  }
  EXPECT_EQ(Fetch("reader", {*id_, 1, 150'000})->size(), 0u);
  EXPECT_EQ(RuleOf(Fetch("reader", {*id_, 1, 150'001}).status()), "LIMIT_EXCEEDED");
}

TEST_F(Inspecting, UnknownAndForbiddenLookTheSame) {
  const absl::Status unknown =
      Fetch("guard", {BulletinId(std::array<uint8_t, 16>{1}), 0, 0}).status();
  const absl::Status forbidden = Fetch("guard", {*id_, 0, 0}).status();
  EXPECT_EQ(unknown.code(), StatusCode::kNotFound);
  EXPECT_EQ(unknown, forbidden);
  EXPECT_EQ(Fetch("reader", {*id_, 2, 0}).status().code(), StatusCode::kNotFound);
}

TEST_F(Inspecting, AFetchStopsInTheMiddleWhenTheReaderIsRevoked) {
  const auto reader = *broker_->Fetch(network_.CallerOf("reader"), {*id_, 1, 0});
  ASSERT_TRUE(reader->Next().ok());
  network_.member("reader").record.state = AccountState::kRevoked;
  Enrol();
  EXPECT_EQ(RuleOf(reader->Next().status()), "RECIPIENT_REVOKED");
}

TEST_F(Inspecting, AnExpiredBulletinIsNotServed) {
  clock_.Advance(absl::Hours(24));
  const absl::Status status = Fetch("reader", {*id_, 0, 0}).status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_EQ(RuleOf(status), "EXPIRED");
}

TEST_F(Inspecting, StatusShowsWhoAcknowledgedToTheSourceAlone) {
  const auto before = *broker_->GetStatus(network_.CallerOf("bob"), *id_);
  ASSERT_EQ(before.size(), 3u);
  for (const auto& each : before) EXPECT_FALSE(each.acknowledged);
  ASSERT_TRUE(Acknowledge("reader", 1, *store_.ReadChainHash(Member("reader"), 1)).ok());
  const auto after = *broker_->GetStatus(network_.CallerOf("ann"), *id_);
  for (const auto& each : after) {
    EXPECT_EQ(each.acknowledged, each.member == Member("reader"));
    EXPECT_EQ(each.org, Org(each.member == Member("reader") ? "hotel" : "police"));
  }
  const absl::Status outsider = broker_->GetStatus(network_.CallerOf("reader"), *id_).status();
  EXPECT_EQ(outsider, Fetch("guard", {*id_, 0, 0}).status());
}

// The source is the author's organisation at publish, wherever the author went since.
TEST_F(Inspecting, AnAuthorWhoMovedLeavesTheBulletinToItsSource) {
  network_.AddOrg("coast-guard", OrgKind::kAuthority);
  network_.AddMember("cora", "coast-guard", {Role::kAnalyst});
  network_.member("ann").record.org = Org("coast-guard");
  Enrol();
  EXPECT_TRUE(Fetch("bob", {*id_, 0, 0}).ok());
  EXPECT_FALSE(Entries(Drain(*Subscribe("bob")))[0].shared->content().payload.empty());
  EXPECT_TRUE(broker_->GetStatus(network_.CallerOf("bob"), *id_).ok());
  for (const char* member : {"cora", "ann"}) {
    EXPECT_EQ(broker_->GetStatus(network_.CallerOf(member), *id_).status().code(),
              StatusCode::kNotFound);
    EXPECT_FALSE(Fetch(member, {*id_, 0, 0}).ok()) << member;
  }
  MakeBroker();
  EXPECT_TRUE(Fetch("bob", {*id_, 0, 0}).ok());
}

// RED is for a person as one of an organisation.
TEST_F(Inspecting, AReaderWhoMovedIsNotServedWhatNamedItElsewhere) {
  const auto red = Publish("ann", network_.Seal({"ann", Tlp::kRed, {"member:reader"}}));
  ASSERT_TRUE(red.ok()) << red.status();
  const auto payload_is_shown = [this] {
    return !Entries(Drain(*Subscribe("reader"))).back().shared->content().payload.empty();
  };
  EXPECT_TRUE(payload_is_shown());
  EXPECT_TRUE(Fetch("reader", {red->id, 0, 0}).ok());
  network_.member("reader").record.org = Org("mall");
  Enrol();
  EXPECT_FALSE(payload_is_shown());
  EXPECT_EQ(Fetch("reader", {red->id, 0, 0}).status().code(), StatusCode::kNotFound);
  network_.member("reader").record.org = Org("hotel");
  Enrol();
  EXPECT_TRUE(payload_is_shown());
  EXPECT_TRUE(Fetch("reader", {red->id, 0, 0}).ok());
}

// Checksums held, and yet it is not what the broker wrote: no broker goes on upon that.
TEST_F(Inspecting, AStoredBulletinThatCannotBeReadFailsTheStore) {
  store_.DamageStatement(*id_);
  MakeBroker();  // one that has nothing at hand
  const absl::Status status = Fetch("reader", {*id_, 0, 0}).status();
  EXPECT_EQ(status.code(), StatusCode::kDataLoss) << status;
  EXPECT_EQ(store_.health().code(), StatusCode::kDataLoss);
}

TEST_F(Inspecting, TheLogProvesWhatWasPublishedAndThatItOnlyGrew) {
  const auto key = *network_.log_key().Verifier("test.example/log");
  const auto caller = network_.CallerOf("reader");
  const auto checkpoint = VerifyCheckpoint(broker_->Log(caller, {})->checkpoint, key);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(checkpoint->size, 2u);

  const auto inclusion = broker_->Log(caller, InclusionQuery{1, 2});
  ASSERT_TRUE(inclusion.ok()) << inclusion.status();
  const auto statement =
      VerifyStatement(bulletin_->note, network_.directory().directory(), clock_.Now());
  const Digest leaf = LogLeafHash(LogKind::kBulletin, statement->text_digest());
  EXPECT_TRUE(VerifyInclusion(leaf, 1, 2, inclusion->proof, checkpoint->root).ok());

  ASSERT_TRUE(Publish("ann", network_.Seal({"ann", Tlp::kAmberStrict, {"org:mall"}})).ok());
  const auto consistency = broker_->Log(caller, ConsistencyQuery{2, 3});
  const auto larger = VerifyCheckpoint(consistency->checkpoint, key);
  EXPECT_TRUE(VerifyConsistency(2, 3, checkpoint->root, larger->root, consistency->proof).ok());
}

TEST_F(Inspecting, ProofsOfWhatTheLogDoesNotHoldAreRefused) {
  const auto caller = network_.CallerOf("reader");
  EXPECT_EQ(RuleOf(broker_->Log(caller, InclusionQuery{0, 3}).status()), "LIMIT_EXCEEDED");
  EXPECT_EQ(RuleOf(broker_->Log(caller, InclusionQuery{2, 2}).status()), "LIMIT_EXCEEDED");
  EXPECT_EQ(RuleOf(broker_->Log(caller, ConsistencyQuery{1, 3}).status()), "LIMIT_EXCEEDED");
  EXPECT_EQ(RuleOf(broker_->Log(caller, ConsistencyQuery{2, 1}).status()), "LIMIT_EXCEEDED");
}

TEST_F(Inspecting, TheBrokerNamesTheKeysItSignsWith) {
  const auto identity = *broker_->GetBroker(network_.CallerOf("ann"));
  EXPECT_EQ(identity.broker_key, network_.directory().broker_key().ToString());
  EXPECT_EQ(identity.log_key, network_.directory().log_key().ToString());
}

TEST(RateGate, RefusesOnePastTheBurstAndSaysWhenToComeBack) {
  FakeClock clock;
  broker::RateGate gate({.publishes_per_minute = 3}, clock);
  const Digest pin{};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(gate.AdmitPublish(pin).ok());
  const absl::Status refused = gate.AdmitPublish(pin);
  EXPECT_EQ(refused.code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(RuleOf(refused), "RATE_LIMITED");
  clock.Advance(*RetryDelayOf(refused));
  EXPECT_TRUE(gate.AdmitPublish(pin).ok());
  EXPECT_FALSE(gate.AdmitPublish(pin).ok());
}

TEST(RateGate, CountsBytesAndEachMemberByItself) {
  FakeClock clock;
  broker::RateGate gate({.upload_bytes_per_hour = 1000}, clock);
  Digest other;
  other.bytes[0] = 1;
  EXPECT_TRUE(gate.AdmitUpload(Digest{}, 1000).ok());
  EXPECT_FALSE(gate.AdmitUpload(Digest{}, 1).ok());
  EXPECT_TRUE(gate.AdmitUpload(other, 1000).ok());
  EXPECT_FALSE(gate.AdmitUpload(other, 1001).ok());
}

}  // namespace
}  // namespace shield::testing
