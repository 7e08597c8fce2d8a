#include "tests/bench/ceiling/entry_counter.h"

#include <algorithm>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "shield/v1/broker.pb.h"

namespace shield::testing {
namespace {

using ::testing::Optional;

v1::SubscribeResponse Sample() {
  v1::SubscribeResponse message;
  message.mutable_hello()->set_head("a head");
  for (const size_t bytes : {0, 1, 127, 128, 5'000, 70'000}) {
    v1::Entry& entry = *message.add_entries();
    entry.mutable_shared()->set_statement("a statement");
    entry.mutable_shared()->set_payload(std::string(bytes, '\x12'));  // looks like the tag of one
    entry.mutable_own()->set_seq(bytes);
  }
  message.mutable_mark()->set_head("signed");
  message.mutable_mark()->set_resume_token("token");
  return message;
}

// Feeds `text` in pieces of `piece` bytes.
void Feed(EntryCounter& counter, const std::string& text, size_t piece) {
  for (size_t at = 0; at < text.size(); at += piece) {
    counter.Feed(AsBytes(text).subspan(at, std::min(piece, text.size() - at)));
  }
}

TEST(EntryCounter, CountsTheEntriesOfARealMessageHoweverItIsCut) {
  const v1::SubscribeResponse message = Sample();
  const std::string text = message.SerializeAsString();
  for (const size_t piece : {size_t{1}, size_t{2}, size_t{7}, size_t{4'096}, text.size()}) {
    EntryCounter counter;
    Feed(counter, text, piece);
    EXPECT_TRUE(counter.EndMessage());
    EXPECT_EQ(counter.entries(), 6u) << piece;
    EXPECT_EQ(counter.bytes(), text.size());
    EXPECT_THAT(counter.last_mark(), Optional(message.mark().SerializeAsString())) << piece;
  }
}

TEST(EntryCounter, AddsUpOverMessages) {
  EntryCounter counter;
  v1::SubscribeResponse heartbeat;
  heartbeat.mutable_heartbeat();
  for (const std::string& text : {Sample().SerializeAsString(), heartbeat.SerializeAsString(),
                                  std::string(), Sample().SerializeAsString()}) {
    Feed(counter, text, text.size() + 1);
    EXPECT_TRUE(counter.EndMessage());
  }
  EXPECT_EQ(counter.entries(), 12u);
  EXPECT_EQ(counter.messages(), 4u);
}

TEST(EntryCounter, TakesNoEntryThatIsCutOff) {
  const std::string text = Sample().SerializeAsString();
  for (size_t length = 0; length < 200; ++length) {
    EntryCounter counter;
    Feed(counter, text.substr(0, length), 16);
    v1::SubscribeResponse parsed;
    const bool whole = parsed.ParseFromString(text.substr(0, length));
    EXPECT_EQ(counter.EndMessage(), whole) << length;
    if (whole) {
      EXPECT_EQ(counter.entries(), static_cast<uint64_t>(parsed.entries_size())) << length;
    }
  }
}

TEST(EntryCounter, RefusesWhatIsNoFieldOfBytesAndCountsNothingAfterIt) {
  for (const std::string& text : {std::string("\x10\x01"),              // a varint
                                  std::string("\x17"),                  // no wire type
                                  std::string(11, '\xff') + '\x01'}) {  // a tag without an end
    EntryCounter counter;
    Feed(counter, text, text.size());
    EXPECT_FALSE(counter.EndMessage());
    Feed(counter, Sample().SerializeAsString(), 100);
    EXPECT_FALSE(counter.EndMessage());
    EXPECT_EQ(counter.entries(), 0u);
  }
}

}  // namespace
}  // namespace shield::testing
