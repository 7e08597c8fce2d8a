// The contract of Connection (client/connection.h): subscribing, acknowledging, status.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/e2e/contract/contract_fixture.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kReader[] = "astrid-reader";

SubscriptionStart From(uint64_t after, const Digest& hash, Bytes resume_token = {}) {
  return {after, hash, std::move(resume_token)};
}

class InboxContract : public ConnectionContract {
 protected:
  void PublishTo(const std::string& org, int count) {
    for (int i = 0; i < count; ++i) MustPublish({org}, absl::StrCat("number ", i));
  }
  // Where the reader stands after the first `count` entries.
  InboxPosition AfterFirst(size_t count) {
    std::vector<DeliveredEntry> entries = All(kReader).entries;
    entries.resize(count);
    return After(kReader, {}, entries);
  }
  absl::StatusOr<uint64_t> Acknowledge(const InboxPosition& position) {
    return As(kReader).Acknowledge(position.seq, position.hash, kCall);
  }
  // The cursor after acknowledging `position`, which must be taken.
  uint64_t CursorAfter(const InboxPosition& position) {
    const auto cursor = Acknowledge(position);
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    return cursor.value_or(~uint64_t{0});
  }
  std::string RefusalOf(const SubscriptionStart& start) {
    return CodeAndRule(CatchUp(kReader, start).status());
  }
};

INSTANTIATE_TEST_SUITE_P(Brokers, InboxContract,
                         ::testing::Values(ContractBroker::kMemory, ContractBroker::kShieldd),
                         NameOf);

TEST_P(InboxContract, AnEmptyInboxSaysHelloAndHasAMarkAtOnce) {
  const Caught caught = All(kReader);
  const InboxPosition empty = After(kReader, {}, {});
  EXPECT_EQ(Signed(caught.hello.head, kReader), empty);
  EXPECT_EQ(caught.hello.directory_version, 1U);
  EXPECT_THAT(caught.entries, IsEmpty());
  EXPECT_EQ(Signed(caught.mark.head, kReader), empty);
  EXPECT_THAT(caught.mark.resume_token, Not(IsEmpty()));
}

TEST_P(InboxContract, FromTheStartAllEntriesComeInOneUnbrokenChain) {
  const Envelope first = MustPublish({"org:astrid"});
  PublishTo("org:astrid", 17);
  const Caught caught = All(kReader);
  ASSERT_THAT(caught.entries, SizeIs(18));
  EXPECT_EQ(caught.entries[0].statement, first.sealed.offer.statement);
  EXPECT_EQ(caught.entries[0].payload, first.sealed.payload);
  EXPECT_EQ(caught.entries[0].state, DeliveryState::kLive);
  EXPECT_THAT(caught.entries[0].slot, SizeIs(168));
  // No head beyond what has been given.
  EXPECT_EQ(Signed(caught.hello.head, kReader), After(kReader, {}, {}));
  EXPECT_EQ(Signed(caught.mark.head, kReader), After(kReader, {}, caught.entries));
}

TEST_P(InboxContract, FromACursorComesWhatIsBehindIt) {
  PublishTo("org:astrid", 3);
  const Caught before = All(kReader);
  const InboxPosition cursor = AfterFirst(2);
  PublishTo("org:astrid", 1);
  const auto caught = CatchUp(kReader, From(cursor.seq, cursor.hash, before.mark.resume_token));
  ASSERT_TRUE(caught.ok()) << caught.status();
  EXPECT_EQ(Signed(caught->hello.head, kReader), cursor);
  ASSERT_THAT(caught->entries, SizeIs(2));
  EXPECT_EQ(caught->entries[0].seq, 3U);
  EXPECT_EQ(Signed(caught->mark.head, kReader), After(kReader, cursor, caught->entries));
}

TEST_P(InboxContract, FromItsEndOnlyTheMarkComes) {
  PublishTo("org:astrid", 2);
  const InboxPosition end = AfterFirst(2);
  const auto caught = CatchUp(kReader, From(end.seq, end.hash));
  ASSERT_TRUE(caught.ok()) << caught.status();
  EXPECT_THAT(caught->entries, IsEmpty());
  EXPECT_EQ(Signed(caught->mark.head, kReader), end);
}

TEST_P(InboxContract, ACursorThatIsNotOfThisInboxIsRefused) {
  PublishTo("org:astrid", 2);
  const InboxPosition end = AfterFirst(2);
  EXPECT_EQ(RefusalOf(From(3, end.hash)), "OUT_OF_RANGE CURSOR_AHEAD");
  // With a token, which only a broker gives, entries have been lost.
  EXPECT_EQ(RefusalOf(From(3, end.hash, All(kReader).mark.resume_token)), "DATA_LOSS ROLLBACK");
  EXPECT_EQ(RefusalOf(From(1, end.hash)), "DATA_LOSS ROLLBACK");
  EXPECT_EQ(RefusalOf(From(2, end.hash, Bytes(10, 't'))), "INVALID_ARGUMENT MESSAGE_MALFORMED");
}

TEST_P(InboxContract, WhatComesLaterIsPassedOn) {
  const auto reader = As(kReader).Subscribe({}, kCall);
  ASSERT_TRUE(reader.ok()) << reader.status();
  for (bool marked = false; !marked;) {
    const auto message = (*reader)->Read();
    ASSERT_TRUE(message.ok()) << message.status();
    marked = message->mark.has_value();
  }
  const Envelope envelope = MustPublish({"org:astrid"});
  std::vector<DeliveredEntry> entries;
  while (entries.empty()) {
    const auto message = (*reader)->Read();
    ASSERT_TRUE(message.ok()) << message.status();
    entries = message->entries;
  }
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].seq, 1U);
  EXPECT_EQ(entries[0].statement, envelope.sealed.offer.statement);
  (*reader)->Cancel();
  EXPECT_TRUE(absl::IsCancelled((*reader)->Read().status()));
}

TEST_P(InboxContract, AcknowledgingOnlyMovesForward) {
  PublishTo("org:astrid", 3);
  EXPECT_EQ(CursorAfter(AfterFirst(0)), 0U);
  EXPECT_EQ(CursorAfter(AfterFirst(2)), 2U);
  EXPECT_EQ(CursorAfter(AfterFirst(1)), 2U);
  EXPECT_EQ(CursorAfter(AfterFirst(2)), 2U);
  EXPECT_EQ(CursorAfter(AfterFirst(3)), 3U);
  // An entry is there for whoever asks for it again.
  EXPECT_THAT(All(kReader).entries, SizeIs(3));
}

TEST_P(InboxContract, AcknowledgingWhatWasNotGivenIsRefused) {
  PublishTo("org:astrid", 2);
  const InboxPosition end = AfterFirst(2);
  EXPECT_EQ(CodeAndRule(Acknowledge({3, end.hash}).status()), "OUT_OF_RANGE CURSOR_AHEAD");
  EXPECT_EQ(CodeAndRule(Acknowledge({1, end.hash}).status()), "DATA_LOSS ROLLBACK");
  EXPECT_EQ(CursorAfter(AfterFirst(0)), 0U);
}

TEST_P(InboxContract, StatusSaysToTheSourceWhoHasAcknowledged) {
  const Envelope envelope = MustPublish({"org:astrid", "org:meir"});
  const auto acknowledged = [&]() {
    std::vector<std::string> members;
    const auto readers = As("bob").GetStatus(envelope.id, kCall);
    EXPECT_TRUE(readers.ok()) << readers.status();
    if (!readers.ok()) return members;
    EXPECT_THAT(*readers, SizeIs(envelope.sealed.recipients));
    for (const ReaderStatus& reader : *readers) {
      if (reader.acknowledged)
        members.push_back(absl::StrCat(reader.member.text(), " of ", reader.org.text()));
    }
    return members;
  };
  EXPECT_THAT(acknowledged(), IsEmpty());
  ASSERT_TRUE(Acknowledge(AfterFirst(1)).ok());
  EXPECT_THAT(acknowledged(), UnorderedElementsAre("astrid-reader of astrid"));
}

TEST_P(InboxContract, StatusIsForTheSourceAloneAndNobodyElseLearnsThatThereIsABulletin) {
  const Envelope envelope = MustPublish({"org:astrid"});
  const absl::Status forbidden = As(kReader).GetStatus(envelope.id, kCall).status();
  const absl::Status unknown = As(kReader).GetStatus(Seal({"org:astrid"}).id, kCall).status();
  EXPECT_TRUE(absl::IsNotFound(forbidden)) << forbidden;
  EXPECT_EQ(forbidden, unknown);
  EXPECT_EQ(As("ann").GetStatus(Seal({"org:astrid"}).id, kCall).status(), unknown);
}

}  // namespace
}  // namespace shield::testing
