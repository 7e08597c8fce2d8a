// Messages of a subscription are what protobuf would print of them, byte for byte.
#include "broker/transport/feed_codec.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "shield/v1/broker.pb.h"

namespace shield::broker {
namespace {

std::string TextOf(const grpc::ByteBuffer& message) {
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(message.Dump(&slices).ok());
  std::string text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

std::string Text(const Digest& digest) { return ToString(digest.span()); }

v1::Own Expected(const OwnPart& own) {
  v1::Own message;
  message.set_seq(own.seq);
  message.set_slot(own.slot);
  message.set_slot_hash(Text(own.slot_hash));
  message.set_leaf_index(own.leaf_index);
  for (const Digest& hash : own.leaf_proof) message.add_leaf_proof(Text(hash));
  for (const AudienceOpening& opening : own.openings) {
    v1::Opening& one = *message.add_openings();
    one.set_salt(ToString(opening.salt));
    one.set_token(opening.token);
  }
  return message;
}

v1::SubscribeResponse Expected(const FeedMessage& message) {
  v1::SubscribeResponse expected;
  for (const FeedEntry& entry : message.entries) {
    v1::Entry& one = *expected.add_entries();
    const SharedContent& content = entry.shared->content();
    one.mutable_shared()->set_statement(content.statement);
    one.mutable_shared()->set_log_index(content.log_index);
    one.mutable_shared()->set_payload(content.payload);
    one.mutable_shared()->set_state(v1::ENTRY_STATE_LIVE);
    *one.mutable_own() = Expected(entry.own);
  }
  return expected;
}

OwnPart SomeOwn(uint64_t seq, uint32_t leaf, size_t proof, size_t openings, size_t slot_bytes) {
  OwnPart own;
  own.seq = seq;
  own.leaf_index = leaf;
  own.slot = std::string(slot_bytes, '\x81');
  own.slot_hash.bytes.fill(3);
  for (size_t i = 0; i < proof; ++i) {
    own.leaf_proof.emplace_back();
    own.leaf_proof.back().bytes.fill(static_cast<uint8_t>(i));
  }
  for (size_t i = 0; i < openings; ++i) {
    own.openings.push_back({Bytes(16, static_cast<uint8_t>(i)), "org:" + std::string(i + 1, 'a')});
  }
  return own;
}

std::shared_ptr<const SharedPart> Shared(uint64_t log_index, std::string payload) {
  SharedContent content;
  content.statement = "statement";
  content.log_index = log_index;
  content.payload = std::move(payload);
  return std::make_shared<const SharedPart>(std::move(content));
}

TEST(FeedCodec, PrintsWhatProtobufPrints) {
  for (const auto& shared : {Shared(7, "payload"), Shared(1'000'000, std::string(5000, 'p'))}) {
    for (const uint64_t seq : {uint64_t{1}, uint64_t{127}, uint64_t{128}, uint64_t{1} << 40}) {
      for (const size_t count : {size_t{0}, size_t{1}, size_t{17}}) {
        FeedMessage message;
        message.entries.push_back(
            {shared, SomeOwn(seq, static_cast<uint32_t>(seq), count, count, 168)});
        message.entries.push_back({shared, SomeOwn(seq + 1, 0, count, 0, 0)});
        EXPECT_EQ(TextOf(EncodeFeedMessage(message)), Expected(message).SerializeAsString())
            << seq << " " << count;
      }
    }
  }
}

TEST(FeedCodec, LongTokensAndManyOpeningsKeepTheirLengths) {
  const auto shared = Shared(7, "");
  FeedMessage message;
  message.entries.push_back({shared, SomeOwn(5, 300, 2, 256, 168)});
  EXPECT_EQ(TextOf(EncodeFeedMessage(message)), Expected(message).SerializeAsString());
}

}  // namespace
}  // namespace shield::broker
