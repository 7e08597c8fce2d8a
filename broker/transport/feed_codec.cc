#include "broker/transport/feed_codec.h"

#include <memory>
#include <utility>
#include <vector>

#include "broker/transport/codec.h"
#include "shield/v1/broker.pb.h"

namespace shield::broker {
namespace {

// Below this a copy is cheaper than a reference.
constexpr size_t kReferenceBytes = 1024;

constexpr size_t kDigestBytes = sizeof(Digest::bytes);

v1::EntryState ToMessage(EntryState state) {
  switch (state) {
    case EntryState::kLive:
      return v1::ENTRY_STATE_LIVE;
    case EntryState::kEmbargoed:
      return v1::ENTRY_STATE_EMBARGOED;
    case EntryState::kExpired:
      return v1::ENTRY_STATE_EXPIRED;
    case EntryState::kWithdrawn:
      return v1::ENTRY_STATE_WITHDRAWN;
    case EntryState::kSuperseded:
      return v1::ENTRY_STATE_SUPERSEDED;
  }
  return v1::ENTRY_STATE_UNSPECIFIED;
}

void AppendVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

// Tag and length of a length-delimited field.
void AppendFieldHead(std::string& out, int field, size_t length) {
  AppendVarint(out, static_cast<uint64_t>(field) << 3 | 2);
  AppendVarint(out, length);
}

void AppendMessage(std::string& out, int field, const google::protobuf::MessageLite& message) {
  AppendFieldHead(out, field, message.ByteSizeLong());
  message.AppendToString(&out);
}

size_t VarintBytes(uint64_t value) {
  size_t bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}

size_t FieldBytes(int field, size_t length) {
  return VarintBytes(static_cast<uint64_t>(field) << 3) + VarintBytes(length) + length;
}

void AppendField(std::string& out, int field, absl::string_view bytes) {
  AppendFieldHead(out, field, bytes.size());
  out.append(bytes.data(), bytes.size());
}

// A number that is not 0; 0 is the default and not printed.
void AppendNumber(std::string& out, int field, uint64_t value) {
  if (value == 0) return;
  AppendVarint(out, static_cast<uint64_t>(field) << 3);
  AppendVarint(out, value);
}

size_t NumberBytes(int field, uint64_t value) {
  return value == 0 ? 0 : VarintBytes(static_cast<uint64_t>(field) << 3) + VarintBytes(value);
}

size_t OpeningBytes(const AudienceOpening& opening) {
  return FieldBytes(v1::Opening::kSaltFieldNumber, opening.salt.size()) +
         FieldBytes(v1::Opening::kTokenFieldNumber, opening.token.size());
}

size_t OwnBytes(const OwnPart& own) {
  size_t bytes = NumberBytes(v1::Own::kSeqFieldNumber, own.seq) +
                 NumberBytes(v1::Own::kLeafIndexFieldNumber, own.leaf_index) +
                 FieldBytes(v1::Own::kSlotHashFieldNumber, kDigestBytes) +
                 own.leaf_proof.size() * FieldBytes(v1::Own::kLeafProofFieldNumber, kDigestBytes);
  if (!own.slot.empty()) bytes += FieldBytes(v1::Own::kSlotFieldNumber, own.slot.size());
  for (const AudienceOpening& opening : own.openings) {
    bytes += FieldBytes(v1::Own::kOpeningsFieldNumber, OpeningBytes(opening));
  }
  return bytes;
}

// A shield.v1.Own, as protobuf prints it: it is the one part of an entry that is made for each
// reader, and without it as an object a delivery has ten allocations less.
void AppendOwn(std::string& out, const OwnPart& own) {
  AppendNumber(out, v1::Own::kSeqFieldNumber, own.seq);
  if (!own.slot.empty()) AppendField(out, v1::Own::kSlotFieldNumber, own.slot);
  AppendField(out, v1::Own::kSlotHashFieldNumber, AsText(own.slot_hash.span()));
  AppendNumber(out, v1::Own::kLeafIndexFieldNumber, own.leaf_index);
  for (const Digest& hash : own.leaf_proof) {
    AppendField(out, v1::Own::kLeafProofFieldNumber, AsText(hash.span()));
  }
  for (const AudienceOpening& opening : own.openings) {
    AppendFieldHead(out, v1::Own::kOpeningsFieldNumber, OpeningBytes(opening));
    AppendField(out, v1::Opening::kSaltFieldNumber, AsText(opening.salt));
    AppendField(out, v1::Opening::kTokenFieldNumber, opening.token);
  }
}

// A slice over bytes that `shared` owns; the last reference to the slice lets go of it.
grpc::Slice Reference(const std::shared_ptr<const SharedPart>& shared, const std::string& bytes) {
  using Owner = std::shared_ptr<const SharedPart>;
  return grpc::Slice(
      const_cast<char*>(bytes.data()), bytes.size(),
      [](void* owner) { delete static_cast<Owner*>(owner); }, new Owner(shared));
}

// Collects copies and references, in order.
class SliceList {
 public:
  std::string& text() { return text_; }
  void Append(grpc::Slice slice) {
    Flush();
    slices_.push_back(std::move(slice));
  }
  grpc::ByteBuffer Finish() {
    Flush();
    return grpc::ByteBuffer(slices_.data(), slices_.size());
  }

 private:
  void Flush() {
    if (text_.empty()) return;
    slices_.emplace_back(text_);
    text_.clear();
  }

  std::string text_;
  std::vector<grpc::Slice> slices_;
};

void AppendEntry(SliceList& out, const FeedEntry& entry) {
  const std::string& shared = entry.shared->Encoded(EncodeShared);
  const size_t own_bytes = OwnBytes(entry.own);
  AppendFieldHead(out.text(), v1::SubscribeResponse::kEntriesFieldNumber,
                  shared.size() + FieldBytes(v1::Entry::kOwnFieldNumber, own_bytes));
  if (shared.size() < kReferenceBytes) {
    out.text().append(shared);
  } else {
    out.Append(Reference(entry.shared, shared));
  }
  AppendFieldHead(out.text(), v1::Entry::kOwnFieldNumber, own_bytes);
  AppendOwn(out.text(), entry.own);
}

}  // namespace

std::string EncodeShared(const SharedContent& content) {
  v1::Shared message;
  message.set_statement(content.statement);
  message.set_log_index(content.log_index);
  message.set_payload(content.payload);
  message.set_state(ToMessage(content.state));
  message.set_ended_by(content.ended_by);
  message.set_shared_original(content.shared_original);
  std::string field;
  AppendMessage(field, v1::Entry::kSharedFieldNumber, message);
  return field;
}

grpc::ByteBuffer EncodeFeedMessage(const FeedMessage& message) {
  SliceList out;
  if (message.hello.has_value()) {
    v1::Hello hello;
    hello.set_head(message.hello->head);
    hello.set_directory_version(message.hello->directory_version);
    hello.set_time_unix_ms(absl::ToUnixMillis(message.hello->time));
    AppendMessage(out.text(), v1::SubscribeResponse::kHelloFieldNumber, hello);
  }
  for (const FeedEntry& entry : message.entries) AppendEntry(out, entry);
  if (message.mark.has_value()) {
    v1::Mark mark;
    mark.set_head(message.mark->head);
    mark.set_resume_token(message.mark->resume_token);
    AppendMessage(out.text(), v1::SubscribeResponse::kMarkFieldNumber, mark);
  }
  return out.Finish();
}

grpc::ByteBuffer EncodeHeartbeat(const FeedHeartbeat& heartbeat) {
  v1::SubscribeResponse message;
  message.mutable_heartbeat()->set_directory_version(heartbeat.directory_version);
  message.mutable_heartbeat()->set_time_unix_ms(absl::ToUnixMillis(heartbeat.time));
  return Encode(message);
}

}  // namespace shield::broker
