// What a reader asks of the original that travels with a share, one fault at a time.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "base/status.h"
#include "client/receive/verify_original.h"
#include "crypto/sha256.h"
#include "tests/policy/proof/sample_network.h"

namespace shield::testing {
namespace {

class ShareReading : public ::testing::Test {
 protected:
  ShareReading() {
    network_.AddOrg("police", OrgKind::kAuthority);
    network_.AddMember("ann", "police", {Role::kAnalyst});
    network_.AddMember("bob", "police", {Role::kAnalyst});
    network_.AddMember("auditor", "police", {Role::kAuditor});
    network_.AddOrg("hotel", OrgKind::kMember);
    network_.AddMember("reader", "hotel", {Role::kReader});
    network_.AddMember("watcher", "hotel", {Role::kAuditor});
    directory_ = network_.Publish().directory;
  }

  using Change = std::function<void(Statement& original, Statement& share)>;

  // The share of an original after `change`; what travels as the original is `beside`'s note, if
  // given.
  absl::StatusOr<VerifiedOriginal> Verify(const Change& change, absl::string_view sharer = "bob",
                                          const std::string& beside = "",
                                          const std::string& reader = "reader") {
    Statement original = network_.StatementBy("ann", *directory_);
    Statement share = network_.StatementBy(sharer, *directory_);
    share.bulletin_class = BulletinClass::kDirect;
    share.payload = original.payload;
    change(original, share);
    if (share.references.empty()) {
      share.references = {{Relation::kShares, original.id, Sha256(PrintStatement(original))}};
    }
    DeliveredEntry entry;
    entry.shared_original = beside.empty() ? network_.Sign(original) : beside;
    const MemberId member = *MemberId::Parse(reader);
    const ReaderView view{*directory_, member, {}, nullptr, network_.now()};
    return VerifyOriginal(entry, share, view);
  }
  std::string Fault(const Change& change, absl::string_view sharer = "bob") {
    return RuleOf(Verify(change, sharer).status());
  }

  SampleNetwork network_;
  std::shared_ptr<const VerifiedDirectory> directory_;
};

void AsItIs(Statement&, Statement&) {}

TEST_F(ShareReading, AnHonestShareHolds) {
  const auto verified = Verify(AsItIs);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->state, InboxState::kLive);
  EXPECT_EQ(verified->statement.statement().author.text(), "ann");
}

TEST_F(ShareReading, TheOriginalIsTheOneThatIsNamed) {
  const std::string another = network_.Sign(network_.StatementBy("ann", *directory_));
  EXPECT_EQ(RuleOf(Verify(AsItIs, "bob", another).status()), "REFERENCE_MISMATCH");
  EXPECT_EQ(Fault([](Statement& original, Statement& share) {
              share.references = {{Relation::kShares, original.id, Digest{}}};
            }),
            "REFERENCE_MISMATCH");
  EXPECT_FALSE(Verify(AsItIs, "bob", "nothing that was signed").ok());
}

TEST_F(ShareReading, TheShareRepeatsItsOriginal) {
  const Change changes[] = {
      [](Statement&, Statement& share) { share.tlp = Tlp::kAmber; },
      [](Statement&, Statement& share) { share.payload.bytes += 1; },
      [](Statement&, Statement& share) { share.objects = {share.payload}; },
      [](Statement&, Statement& share) { share.status = BulletinStatus::kExercise; },
      [](Statement&, Statement& share) { share.expires += absl::Seconds(1); },
  };
  for (const Change& change : changes) EXPECT_EQ(Fault(change), "REFERENCE_MISMATCH");
}

TEST_F(ShareReading, AShareOfAShareIsNone) {
  EXPECT_EQ(Fault([](Statement& original, Statement&) {
              original.bulletin_class = BulletinClass::kDirect;
              original.references = {
                  {Relation::kShares, BulletinId(std::array<uint8_t, 16>{1}), Digest{}}};
            }),
            "REFERENCE_MISMATCH");
}

TEST_F(ShareReading, AForgedOriginalIsRefused) {
  std::string note = network_.Sign(network_.StatementBy("ann", *directory_));
  note.replace(note.find("tlp GREEN"), 9, "tlp AMBER");
  EXPECT_EQ(RuleOf(Verify(AsItIs, "bob", note).status()), "BAD_SIGNATURE");
}

TEST_F(ShareReading, WhoSeesNoContentPassesNothingOnAndIsGivenNothing) {
  EXPECT_EQ(Fault(AsItIs, "auditor"), "PUBLISHER_NOT_AUTHORISED");
  EXPECT_EQ(RuleOf(Verify(AsItIs, "bob", "", "watcher").status()), "NEED_TO_KNOW_MISSING");
}

TEST_F(ShareReading, RedComesToNobodyByAShare) {
  EXPECT_EQ(Fault([](Statement& original, Statement& share) {
              original.tlp = share.tlp = Tlp::kRed;
              original.audience = {AudienceToken::Hidden(Digest{})};
            }),
            "RED_NOT_NAMED");
}

}  // namespace
}  // namespace shield::testing
