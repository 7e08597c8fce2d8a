#include "broker/transport/feed_codec.h"

#include <grpc/slice.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broker/transport/codec.h"
#include "shield/v1/broker.pb.h"

namespace shield::broker {
namespace {

// Below this a copy is cheaper than a reference.
constexpr size_t kReferenceBytes = 4096;

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

size_t VarintBytes(uint64_t value) {
  size_t bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}

// Tag and length of a length-delimited field.
size_t HeadBytes(int field, size_t length) {
  return VarintBytes(static_cast<uint64_t>(field) << 3) + VarintBytes(length);
}

size_t FieldBytes(int field, size_t length) { return HeadBytes(field, length) + length; }

// A number that is not 0; 0 is the default and not printed.
size_t NumberBytes(int field, uint64_t value) {
  return value == 0 ? 0 : VarintBytes(static_cast<uint64_t>(field) << 3) + VarintBytes(value);
}

size_t MessageBytesOf(int field, const google::protobuf::MessageLite& message) {
  return FieldBytes(field, message.ByteSizeLong());
}

// Prints into memory that has been measured before.
class Printer {
 public:
  explicit Printer(uint8_t* at) : at_(at) {}

  const uint8_t* at() const { return at_; }

  void Varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) *at_++ = static_cast<uint8_t>(value | 0x80);
    *at_++ = static_cast<uint8_t>(value);
  }
  void Head(int field, size_t length) {
    Varint(static_cast<uint64_t>(field) << 3 | 2);
    Varint(length);
  }
  // As bytes, because between two kinds of char std::copy takes them one by one.
  void Raw(absl::string_view text) {
    const ByteSpan bytes = AsBytes(text);
    at_ = std::copy(bytes.begin(), bytes.end(), at_);
  }
  void Field(int field, absl::string_view bytes) {
    Head(field, bytes.size());
    Raw(bytes);
  }
  void Number(int field, uint64_t value) {
    if (value == 0) return;
    Varint(static_cast<uint64_t>(field) << 3);
    Varint(value);
  }
  // One that MessageBytesOf has measured.
  void Message(int field, const google::protobuf::MessageLite& message) {
    Head(field, static_cast<size_t>(message.GetCachedSize()));
    at_ = message.SerializeWithCachedSizesToArray(at_);
  }

 private:
  uint8_t* at_;
};

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
void PrintOwn(Printer& out, const OwnPart& own) {
  out.Number(v1::Own::kSeqFieldNumber, own.seq);
  if (!own.slot.empty()) out.Field(v1::Own::kSlotFieldNumber, own.slot);
  out.Field(v1::Own::kSlotHashFieldNumber, AsText(own.slot_hash.span()));
  out.Number(v1::Own::kLeafIndexFieldNumber, own.leaf_index);
  for (const Digest& hash : own.leaf_proof) {
    out.Field(v1::Own::kLeafProofFieldNumber, AsText(hash.span()));
  }
  for (const AudienceOpening& opening : own.openings) {
    out.Head(v1::Own::kOpeningsFieldNumber, OpeningBytes(opening));
    out.Field(v1::Opening::kSaltFieldNumber, AsText(opening.salt));
    out.Field(v1::Opening::kTokenFieldNumber, opening.token);
  }
}

// A slice over bytes that `shared` owns; the last reference to the slice lets go of it.
grpc::Slice Reference(const std::shared_ptr<const SharedPart>& shared, const std::string& bytes) {
  using Owner = std::shared_ptr<const SharedPart>;
  return grpc::Slice(
      const_cast<char*>(bytes.data()), bytes.size(),
      [](void* owner) { delete static_cast<Owner*>(owner); }, new Owner(shared));
}

// An entry, measured.
class EntryPrinter {
 public:
  explicit EntryPrinter(const FeedEntry& entry)
      : entry_(entry),
        shared_(entry.shared->Encoded(EncodeShared)),
        own_bytes_(OwnBytes(entry.own)),
        bytes_(shared_.size() + FieldBytes(v1::Entry::kOwnFieldNumber, own_bytes_)) {}

  // What of it is copied.
  size_t CopiedBytes() const {
    return HeadBytes(v1::SubscribeResponse::kEntriesFieldNumber, bytes_) + bytes_ -
           (IsReferred() ? shared_.size() : 0);
  }
  bool IsReferred() const { return shared_.size() >= kReferenceBytes; }
  grpc::Slice SharedSlice() const { return Reference(entry_.shared, shared_); }

  // Up to the shared part, the shared part itself unless it is referred to, and what follows.
  void PrintHead(Printer& out) const {
    out.Head(v1::SubscribeResponse::kEntriesFieldNumber, bytes_);
    if (!IsReferred()) out.Raw(shared_);
  }
  void PrintTail(Printer& out) const {
    out.Head(v1::Entry::kOwnFieldNumber, own_bytes_);
    PrintOwn(out, entry_.own);
  }

 private:
  const FeedEntry& entry_;
  const std::string& shared_;
  const size_t own_bytes_;
  const size_t bytes_;
};

// What is copied lies in one piece of memory, of which the slices between two references are parts.
class CopiedSlices {
 public:
  explicit CopiedSlices(size_t bytes)
      : memory_(grpc_slice_malloc_large(bytes)), printer_(GRPC_SLICE_START_PTR(memory_)) {}
  ~CopiedSlices() { grpc_slice_unref(memory_); }
  CopiedSlices(const CopiedSlices&) = delete;
  CopiedSlices& operator=(const CopiedSlices&) = delete;

  Printer& printer() { return printer_; }
  void Append(grpc::Slice slice) {
    Close();
    slices_.push_back(std::move(slice));
  }
  grpc::ByteBuffer Finish() {
    Close();
    return grpc::ByteBuffer(slices_.data(), slices_.size());
  }

 private:
  void Close() {
    const auto end = static_cast<size_t>(printer_.at() - GRPC_SLICE_START_PTR(memory_));
    if (end > begin_) {
      slices_.emplace_back(grpc_slice_sub(memory_, begin_, end), grpc::Slice::STEAL_REF);
    }
    begin_ = end;
  }

  grpc_slice memory_;
  Printer printer_;
  size_t begin_ = 0;
  std::vector<grpc::Slice> slices_;
};

v1::Hello ToMessage(const FeedHello& hello) {
  v1::Hello message;
  message.set_head(hello.head);
  message.set_directory_version(hello.directory_version);
  message.set_time_unix_ms(absl::ToUnixMillis(hello.time));
  return message;
}

v1::Mark ToMessage(const FeedMark& mark) {
  v1::Mark message;
  message.set_head(mark.head);
  message.set_resume_token(mark.resume_token);
  return message;
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
  std::string field(MessageBytesOf(v1::Entry::kSharedFieldNumber, message), '\0');
  Printer(reinterpret_cast<uint8_t*>(field.data())).Message(v1::Entry::kSharedFieldNumber, message);
  return field;
}

grpc::ByteBuffer EncodeFeedMessage(const FeedMessage& message) {
  std::optional<v1::Hello> hello;
  std::optional<v1::Mark> mark;
  size_t copied = 0;
  if (message.hello.has_value()) {
    hello = ToMessage(*message.hello);
    copied += MessageBytesOf(v1::SubscribeResponse::kHelloFieldNumber, *hello);
  }
  const std::vector<EntryPrinter> entries(message.entries.begin(), message.entries.end());
  for (const EntryPrinter& entry : entries) copied += entry.CopiedBytes();
  if (message.mark.has_value()) {
    mark = ToMessage(*message.mark);
    copied += MessageBytesOf(v1::SubscribeResponse::kMarkFieldNumber, *mark);
  }
  CopiedSlices out(copied);
  if (hello.has_value()) {
    out.printer().Message(v1::SubscribeResponse::kHelloFieldNumber, *hello);
  }
  for (const EntryPrinter& entry : entries) {
    entry.PrintHead(out.printer());
    if (entry.IsReferred()) out.Append(entry.SharedSlice());
    entry.PrintTail(out.printer());
  }
  if (mark.has_value()) out.printer().Message(v1::SubscribeResponse::kMarkFieldNumber, *mark);
  return out.Finish();
}

grpc::ByteBuffer EncodeHeartbeat(const FeedHeartbeat& heartbeat) {
  v1::SubscribeResponse message;
  message.mutable_heartbeat()->set_directory_version(heartbeat.directory_version);
  message.mutable_heartbeat()->set_time_unix_ms(absl::ToUnixMillis(heartbeat.time));
  return Encode(message);
}

}  // namespace shield::broker
