// Publishing: what is accepted, and one row for everything that is not.

#include <functional>

#include "base/status.h"
#include "crypto/slot.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Publishing : public BrokerTestBase {
 protected:
  void SetUp() override { Enrol(); }

  TestDraft ToHotel() const { return {"ann", Tlp::kAmberStrict, {"org:hotel"}}; }
  std::vector<std::string> HoldersOf(const BulletinId& id) {
    std::vector<std::string> holders;
    const auto cursors = store_.ReadRecipientCursors(id);
    for (const auto& each : *cursors) holders.push_back(each.member.str());
    std::sort(holders.begin(), holders.end());
    return holders;
  }
};

TEST_F(Publishing, ReachesExactlyThoseOfPolicyAndSaysWhere) {
  const SealedBulletin bulletin = network_.Seal(ToHotel());
  const auto receipt = Publish("ann", bulletin);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->id, bulletin.statement.id);
  EXPECT_EQ(receipt->recipients, 3u);
  EXPECT_EQ(receipt->directory_version, 1u);
  EXPECT_EQ(receipt->log_index, 1u);  // the directory is leaf 0
  EXPECT_FALSE(receipt->replayed);
  // The desk's vetting is below what AMBER+STRICT asks for.
  EXPECT_THAT(HoldersOf(receipt->id), ElementsAre("ann", "bob", "reader"));
}

TEST_F(Publishing, EveryLabelIsAccepted) {
  for (const auto& [tlp, to] :
       std::vector<std::pair<Tlp, std::string>>{{Tlp::kRed, "member:reader"},
                                                {Tlp::kAmberStrict, "org:hotel"},
                                                {Tlp::kAmber, "org:mall"},
                                                {Tlp::kGreen, "community:shield-test"},
                                                {Tlp::kClear, "public"}}) {
    const auto receipt = Publish("ann", network_.Seal({"ann", tlp, {to}}));
    EXPECT_TRUE(receipt.ok()) << TlpBare(tlp) << ": " << receipt.status();
  }
}

TEST_F(Publishing, TheSameBytesAgainGetTheSameReceiptWhateverHasChangedSince) {
  const SealedBulletin bulletin = network_.Seal(ToHotel());
  const auto first = Publish("ann", bulletin);
  ASSERT_TRUE(first.ok()) << first.status();
  network_.AddMember("newcomer", "hotel", {Role::kReader});
  Enrol();
  clock_.Advance(absl::Hours(48));  // late, stale, expired: none of it matters any more
  const auto again = Publish("ann", bulletin);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->log_index, first->log_index);
  EXPECT_EQ(again->recipients, first->recipients);
  EXPECT_EQ(store_.log_size(), 3u);
}

TEST_F(Publishing, AnIdIsTakenForOtherBytesAndForOtherSenders) {
  const SealedBulletin first = network_.Seal(ToHotel());
  ASSERT_TRUE(Publish("ann", first).ok());
  SealedBulletin other = network_.Seal(ToHotel());
  other.statement.id = first.statement.id;
  other.note = network_.SignAs("ann", other.statement);
  EXPECT_EQ(Header("ann", other).code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(RuleOf(Header("bob", first)), "ID_TAKEN");
}

TEST_F(Publishing, ARefusedPublishRecordsNoId) {
  SealedBulletin bulletin = network_.Seal(ToHotel());
  Bytes payload = bulletin.payload;
  bulletin.payload[100] ^= 1;
  EXPECT_EQ(RuleOf(Publish("ann", bulletin).status()), "DIGEST_MISMATCH");
  bulletin.payload = payload;
  EXPECT_TRUE(Publish("ann", bulletin).ok());
}

TEST_F(Publishing, WhatWouldLiveTooLongIsRefused) {
  broker::RetentionTable retention;
  retention.Set(BulletinClass::kContent, Tlp::kAmberStrict, absl::Hours(24 * 7));
  MakeBroker({}, retention);
  TestDraft draft = ToHotel();
  draft.life = absl::Hours(24 * 7) + absl::Seconds(1);
  const absl::Status refused = Header("ann", network_.Seal(draft));
  EXPECT_EQ(refused.code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(RuleOf(refused), "RETENTION_EXCEEDED");
  draft.life = absl::Hours(24 * 7);
  EXPECT_TRUE(Publish("ann", network_.Seal(draft)).ok());
  // Another label has a limit of its own, or none.
  draft = {"ann", Tlp::kGreen, {"org:hotel"}};
  draft.life = absl::Hours(24 * 70);
  EXPECT_TRUE(Publish("ann", network_.Seal(draft)).ok());
}

// The authority's clock, which is a minute ahead, ended the key.
TEST_F(Publishing, AKeyThatHadEndedWhenTheDirectoryWasIssuedSignsNothingMore) {
  clock_.Advance(absl::Minutes(1));
  network_.member("ann").sign_period.until = clock_.Now();
  Enrol();
  clock_.Advance(-absl::Minutes(1));
  const absl::Status refused = Header("ann", network_.Seal(ToHotel()));
  EXPECT_EQ(RuleOf(refused), "PUBLISHER_KEY_REVOKED") << refused;
}

// One row: how the bulletin of `draft` is spoiled, who sends it, and what comes back.
struct Refusal {
  std::string name;
  StatusCode code;
  std::string rule;
  std::function<TestDraft(TestDraft)> draft;
  std::function<void(SealedBulletin&)> spoil;  // then signed again by the author
  std::string sender = "ann";
  std::function<void(SealedBulletin&)> spoil_after_signing = nullptr;
};

std::vector<Refusal> Refusals() {
  const auto as_it_is = [](TestDraft draft) { return draft; };
  const auto nothing = [](SealedBulletin&) {};
  return {
      {"NotTheCaller", StatusCode::kPermissionDenied, "NOT_SOURCE", as_it_is, nothing, "bob"},
      {"BadSignature", StatusCode::kDataLoss, "BAD_SIGNATURE", as_it_is, nothing, "ann",
       [](SealedBulletin& b) {
         const size_t at = b.note.find("priority routine");
         b.note.replace(at, 16, "priority flash  ");
         b.note.replace(at, 16, "priority urgent\n");
         b.note.erase(b.note.find("\n\nstatus"), 1);
       }},
      {"NoNote", StatusCode::kInvalidArgument, "STATEMENT_MALFORMED", as_it_is, nothing, "ann",
       [](SealedBulletin& b) { b.note = "hello\n"; }},
      {"StatementOutOfForm", StatusCode::kInvalidArgument, "STATEMENT_MALFORMED", as_it_is,
       [](SealedBulletin& b) { b.statement.recipients = kMaxRecipients + 1; }},
      {"NoSuchLabel", StatusCode::kInvalidArgument, "INVALID_LABEL", as_it_is,
       [](SealedBulletin& b) { b.statement.tlp = Tlp::kUnspecified; }},
      {"OtherDirectoryVersion", StatusCode::kAborted, "DIRECTORY_MOVED", as_it_is,
       [](SealedBulletin& b) { b.statement.directory_version = 2; }},
      {"OtherDirectoryText", StatusCode::kAborted, "DIRECTORY_MOVED", as_it_is,
       [](SealedBulletin& b) { b.statement.directory_digest.bytes[0] ^= 1; }},
      {"IssuedTooEarly", StatusCode::kFailedPrecondition, "CLOCK_SKEW",
       [](TestDraft d) {
         d.issued_from_now = -absl::Seconds(121);
         return d;
       },
       nothing},
      {"IssuedTooLate", StatusCode::kFailedPrecondition, "CLOCK_SKEW",
       [](TestDraft d) {
         d.issued_from_now = absl::Seconds(121);
         return d;
       },
       nothing},
      {"WindowEndsBeforeItBegins", StatusCode::kPermissionDenied, "BAD_WINDOW",
       [](TestDraft d) {
         d.life = -absl::Hours(1);
         return d;
       },
       nothing},
      {"RedWithoutPersons", StatusCode::kPermissionDenied, "RED_NEEDS_PERSONS",
       [](TestDraft d) {
         d.tlp = Tlp::kRed;
         return d;
       },
       nothing},
      {"AmberForEveryone", StatusCode::kPermissionDenied, "AUDIENCE_REQUIRED",
       [](TestDraft d) {
         d.tlp = Tlp::kAmber;
         d.to = {"community:shield-test"};
         return d;
       },
       nothing},
      {"NamedPersonNotVetted", StatusCode::kPermissionDenied, "VETTING_TOO_LOW",
       [](TestDraft d) {
         d.to.push_back("member:desk");
         return d;
       },
       nothing},
      {"MemberPublishesContent", StatusCode::kPermissionDenied, "PUBLISHER_NOT_AUTHORISED",
       [](TestDraft d) {
         d.author = "reader";
         return d;
       },
       nothing, "reader"},
      {"AudienceNotOpened", StatusCode::kInvalidArgument, "STATEMENT_MALFORMED", as_it_is, nothing,
       "ann", [](SealedBulletin& b) { b.openings.clear(); }},
      {"OpeningOfSomethingElse", StatusCode::kInvalidArgument, "STATEMENT_MALFORMED", as_it_is,
       nothing, "ann", [](SealedBulletin& b) { b.openings[0].token = "org:mall"; }},
      {"OneRecipientTooFew", StatusCode::kInvalidArgument, "RECIPIENT_SET_MISMATCH", as_it_is,
       [](SealedBulletin& b) { --b.statement.recipients; }},
      {"OneRecipientTooMany", StatusCode::kInvalidArgument, "RECIPIENT_SET_MISMATCH", as_it_is,
       [](SealedBulletin& b) { ++b.statement.recipients; }},
      {"RootOfOtherSlots", StatusCode::kInvalidArgument, "RECIPIENT_SET_MISMATCH", as_it_is,
       [](SealedBulletin& b) { b.statement.recipients_root.bytes[0] ^= 1; }},
      {"SlotMissing", StatusCode::kInvalidArgument, "RECIPIENT_SET_MISMATCH", as_it_is, nothing,
       "ann", [](SealedBulletin& b) { b.slots.erase(b.slots.end() - kSlotSize, b.slots.end()); }},
      {"SlotCutOff", StatusCode::kInvalidArgument, "RECIPIENT_SET_MISMATCH", as_it_is, nothing,
       "ann", [](SealedBulletin& b) { b.slots.pop_back(); }},
      {"SlotBegunBeyondTheLast", StatusCode::kInvalidArgument, "RECIPIENT_SET_MISMATCH", as_it_is,
       nothing, "ann", [](SealedBulletin& b) { b.slots.push_back('a'); }},
      {"SlotTwice", StatusCode::kInvalidArgument, "RECIPIENT_SET_MISMATCH", as_it_is, nothing,
       "ann",
       [](SealedBulletin& b) {
         const Bytes first(b.slots.begin(), b.slots.begin() + kSlotSize);
         Append(b.slots, first);
       }},
      {"SlotsSwapped", StatusCode::kInvalidArgument, "RECIPIENT_SET_MISMATCH", as_it_is, nothing,
       "ann",
       [](SealedBulletin& b) {
         std::swap_ranges(b.slots.begin(), b.slots.begin() + kSlotSize,
                          b.slots.begin() + kSlotSize);
       }},
      {"SlotNotCanonical", StatusCode::kInvalidArgument, "SLOT_MALFORMED", as_it_is, nothing, "ann",
       [](SealedBulletin& b) { b.slots[3] = 'X'; }},
      {"ClearWithAnotherKey", StatusCode::kInvalidArgument, "SLOT_MALFORMED",
       [](TestDraft d) {
         d.tlp = Tlp::kClear;
         d.to = {"public"};
         return d;
       },
       [](SealedBulletin& b) { (*b.statement.clear_key)[0] ^= 1; }},
      {"PayloadChanged", StatusCode::kInvalidArgument, "DIGEST_MISMATCH", as_it_is, nothing, "ann",
       [](SealedBulletin& b) { b.payload[20] ^= 1; }},
      {"PayloadOneByteShort", StatusCode::kInvalidArgument, "DIGEST_MISMATCH", as_it_is, nothing,
       "ann", [](SealedBulletin& b) { b.payload.pop_back(); }},
      {"PayloadOneByteLong", StatusCode::kInvalidArgument, "DIGEST_MISMATCH", as_it_is, nothing,
       "ann", [](SealedBulletin& b) { b.payload.push_back(0); }},
      {"ObjectChanged", StatusCode::kInvalidArgument, "DIGEST_MISMATCH", as_it_is, nothing, "ann",
       [](SealedBulletin& b) { b.objects[0][0] ^= 1; }},
      {"ObjectMissing", StatusCode::kInvalidArgument, "DIGEST_MISMATCH", as_it_is, nothing, "ann",
       [](SealedBulletin& b) { b.objects.clear(); }},
      {"ObjectNobodyNamed", StatusCode::kInvalidArgument, "MESSAGE_MALFORMED", as_it_is, nothing,
       "ann",
       [](SealedBulletin& b) {
         b.objects.push_back({1, 2, 3});
       }},
      {"PayloadOverTheLimit", StatusCode::kInvalidArgument, "LIMIT_EXCEEDED", as_it_is,
       [](SealedBulletin& b) { b.statement.payload.bytes = store::kMaxPartBytes + 1; }},
      {"RefersToNothing", StatusCode::kNotFound, "", as_it_is,
       [](SealedBulletin& b) {
         b.statement.references.push_back(
             {Relation::kSupersedes, BulletinId(std::array<uint8_t, 16>{1}), Digest{}});
       }},
      {"SharesNothing", StatusCode::kNotFound, "",
       [](TestDraft draft) {
         draft.bulletin_class = BulletinClass::kDirect;
         draft.to = {"member:reader"};
         return draft;
       },
       [](SealedBulletin& b) {
         b.statement.references.push_back(
             {Relation::kShares, BulletinId(std::array<uint8_t, 16>{1}), Digest{}});
       }},
  };
}

class PublishRefusal : public Publishing, public ::testing::WithParamInterface<Refusal> {};

TEST_P(PublishRefusal, HasItsCodeAndRuleAndLeavesNothing) {
  const Refusal& row = GetParam();
  TestDraft draft = ToHotel();
  draft.objects = {Bytes(100'000, 7)};
  SealedBulletin bulletin = network_.Seal(row.draft(draft));
  row.spoil(bulletin);
  bulletin.note = network_.SignAs(bulletin.statement.author.str(), bulletin.statement);
  if (row.spoil_after_signing) row.spoil_after_signing(bulletin);
  const absl::Status status = Publish(row.sender, bulletin).status();
  EXPECT_EQ(status.code(), row.code) << status;
  EXPECT_EQ(RuleOf(status), row.rule) << status;
  EXPECT_EQ(store_.log_size(), 1u);
  EXPECT_EQ(store_.ReadPosition(Member("reader"))->last_seq, 0u);
}

INSTANTIATE_TEST_SUITE_P(Table, PublishRefusal, ::testing::ValuesIn(Refusals()),
                         [](const auto& row) { return row.param.name; });

TEST_F(Publishing, FreshnessIsNeededAndADayLong) {
  const SealedBulletin soon = network_.Seal(ToHotel());
  EXPECT_TRUE(Header("ann", soon).ok());
  clock_.Advance(absl::Hours(24));
  EXPECT_EQ(RuleOf(Header("ann", network_.Seal(ToHotel()))), "DIRECTORY_STALE");
  ASSERT_TRUE(Upload(network_.CallerOf("vetting"), {"", network_.SignFresh(), {}}).ok());
  EXPECT_TRUE(Publish("ann", network_.Seal(ToHotel())).ok());
}

TEST_F(Publishing, AnExpiredDirectoryTakesNothing) {
  clock_.Advance(absl::Hours(24 * 7));
  EXPECT_EQ(RuleOf(Header("ann", network_.Seal(ToHotel()))), "DIRECTORY_EXPIRED");
}

TEST_F(Publishing, IssuedMayBeExactlyTheSkewAway) {
  for (const absl::Duration skew : {absl::Seconds(120), -absl::Seconds(120)}) {
    TestDraft draft = ToHotel();
    draft.issued_from_now = skew;
    EXPECT_TRUE(Publish("ann", network_.Seal(draft)).ok()) << skew;
  }
}

TEST_F(Publishing, ADirectoryThatMovesBeforeTheCommitAbortsAndTheRetrySucceeds) {
  const SealedBulletin bulletin = network_.Seal(ToHotel());
  const auto session = *broker_->Publish(network_.CallerOf("ann"));
  ASSERT_TRUE(session->OnHeader({bulletin.note, bulletin.openings}).ok());
  ASSERT_TRUE(session->OnSlots(bulletin.slots).ok());
  ASSERT_TRUE(session->OnPayload(bulletin.payload).ok());
  network_.member("reader").record.state = AccountState::kRevoked;
  Enrol();
  absl::Status status;
  session->Finish([&status](const auto& receipt) { status = receipt.status(); });
  Commit();
  EXPECT_EQ(status.code(), StatusCode::kAborted);
  EXPECT_EQ(RuleOf(status), "DIRECTORY_MOVED");
  const auto receipt = Publish("ann", network_.Seal(ToHotel()));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_THAT(HoldersOf(receipt->id), ElementsAre("ann", "bob"));
  EXPECT_EQ(store_.ReadPosition(Member("reader"))->last_seq, 0u);
}

// An upload may take hours: what held when it began has to hold when it ends.
TEST_F(Publishing, WhatEndsDuringAnUploadIsRefusedAtItsEnd) {
  network_.member("bob").record.period.until = clock_.Now() + absl::Hours(2);
  Enrol();
  const auto finished_after = [this](const std::string& author, absl::Duration life,
                                     absl::Duration taken) {
    TestDraft draft = ToHotel();
    draft.author = author;
    draft.life = life;
    const SealedBulletin bulletin = network_.Seal(draft);
    const auto session = *broker_->Publish(network_.CallerOf(author));
    EXPECT_TRUE(session->OnHeader({bulletin.note, bulletin.openings}).ok());
    EXPECT_TRUE(session->OnSlots(bulletin.slots).ok());
    EXPECT_TRUE(session->OnPayload(bulletin.payload).ok());
    clock_.Advance(taken);
    absl::Status status;
    session->Finish([&status](const auto& receipt) { status = receipt.status(); });
    Commit();
    return status;
  };
  EXPECT_TRUE(finished_after("ann", absl::Hours(48), absl::Minutes(30)).ok());
  EXPECT_EQ(RuleOf(finished_after("ann", absl::Hours(1), absl::Hours(1))), "EXPIRED");
  EXPECT_EQ(RuleOf(finished_after("bob", absl::Hours(48), absl::Hours(1))), "MEMBERSHIP_EXPIRED");
  EXPECT_EQ(RuleOf(finished_after("ann", absl::Hours(48), absl::Hours(24))), "DIRECTORY_STALE");
}

TEST_F(Publishing, LargePayloadsAndObjectsAreKeptByteForByte) {
  TestDraft draft = ToHotel();
  draft.content = std::string(300'000, 'x');
  draft.objects = {Bytes(65'536, 1), Bytes(65'537, 2), Bytes(1, 3)};
  const SealedBulletin bulletin = network_.Seal(draft);
  const auto receipt = Publish("ann", bulletin);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(*Fetch("reader", {receipt->id, 0, 0}), bulletin.payload);
  for (uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(*Fetch("reader", {receipt->id, i + 1, 0}), bulletin.objects[i]);
  }
}

TEST_F(Publishing, AReportOfASuspendedMemberArrivesMarkedAndItMayDoNothingElse) {
  network_.member("guard").record.state = AccountState::kSuspended;
  Enrol();
  TestDraft report{"guard", Tlp::kAmber, {"org:police"}, BulletinClass::kReport};
  const auto receipt = Publish("guard", network_.Seal(report));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_THAT(receipt->warnings, ElementsAre("UNTRUSTED_SOURCE"));
  const auto subscription = broker_->Subscribe(network_.CallerOf("guard"), {});
  EXPECT_EQ(RuleOf(subscription.status()), "SUSPENDED");
}

TEST_F(Publishing, ASelectorThatMatchesNobodyIsAcceptedWithAWarning) {
  const auto receipt = Publish("ann", network_.Seal({"ann", Tlp::kGreen, {"sector:education"}}));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_THAT(receipt->warnings, ElementsAre("EMPTY_AUDIENCE"));
}

TEST_F(Publishing, PartsOutOfOrderAreRefused) {
  const SealedBulletin bulletin = network_.Seal(ToHotel());
  const auto session = *broker_->Publish(network_.CallerOf("ann"));
  EXPECT_EQ(RuleOf(session->OnSlots(bulletin.slots)), "MESSAGE_MALFORMED");
  EXPECT_EQ(RuleOf(session->OnPayload(bulletin.payload)), "MESSAGE_MALFORMED");
  ASSERT_TRUE(session->OnHeader({bulletin.note, bulletin.openings}).ok());
  EXPECT_EQ(RuleOf(session->OnHeader({bulletin.note, bulletin.openings})), "MESSAGE_MALFORMED");
}

TEST_F(Publishing, TheLogNamesIdsSizesAndCodesOnly) {
  TestDraft draft = ToHotel();
  draft.content = "CANARY-IN-THE-CONTENT";
  ASSERT_TRUE(Publish("ann", network_.Seal(draft)).ok());
  const std::vector<std::string> lines = log_.lines();
  EXPECT_THAT(lines.back(), HasSubstr("\"event\":\"publish_committed\""));
  for (const std::string& line : lines) EXPECT_THAT(line, ::testing::Not(HasSubstr("CANARY")));
}

TEST_F(Publishing, AFullDiskRefusesPublishingAndNothingElse) {
  ASSERT_TRUE(Publish("ann", network_.Seal(ToHotel())).ok());
  store_.SetDiskLow(true);
  EXPECT_EQ(RuleOf(Publish("ann", network_.Seal(ToHotel())).status()), "DISK_LOW");
  const auto position = *store_.ReadPosition(Member("reader"));
  EXPECT_TRUE(Acknowledge("reader", 1, position.hash).ok());
  network_.member("reader").record.state = AccountState::kRevoked;
  Enrol();
}

}  // namespace
}  // namespace shield::testing
