#include "tests/bench/ceiling/bare_call.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/wire/limits.h"
#include "tests/bench/ceiling/bare_wire.h"

namespace shield::testing {
namespace {

// The field 1 of a SubscribeResponse, empty.
constexpr char kHello[] = "\x0a\x00";

grpc::ByteBuffer Message(const grpc::Slice& slice) { return grpc::ByteBuffer(&slice, 1); }

grpc::ByteBuffer Hello() { return Message(grpc::Slice(kHello, 2)); }

// Of a download: the same bytes each time, as a file in the page cache would be.
const grpc::Slice& Chunk() {
  static const grpc::Slice chunk(std::string(wire::kChunkBytes, 'x'));
  return chunk;
}

bool WriteAll(int file, const grpc::Slice& slice) {
  const uint8_t* at = slice.begin();
  while (at != slice.end()) {
    const ssize_t written = ::write(file, at, static_cast<size_t>(slice.end() - at));
    if (written <= 0) return false;
    at += written;
  }
  return true;
}

}  // namespace

BareCall::BareCall(grpc::AsyncGenericService& service, BareShard& shard, BareParts& parts)
    : service_(service), shard_(shard), parts_(parts), stream_(&context_) {
  service_.RequestCall(&context_, &stream_, shard_.queue(), shard_.queue(), this);
}

BareCall::~BareCall() {
  if (place_.has_value()) shard_.Leave(*place_);
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(path_.c_str());
}

void BareCall::Arrived(bool ok) {
  if (state_ == State::kUploading && !ok) return Answer();
  if (state_ == State::kPublishing && !ok && publish_.has_value()) {
    return parts_.committer.Submit(*publish_, *this);
  }
  if (!ok || state_ == State::kFinishing) {
    delete this;
    return;
  }
  switch (state_) {
    case State::kPosted:
      return Begin();
    case State::kRequest:
      return TakeRequest();
    case State::kStreaming:
      writing_ = false;
      return Step();
    case State::kDownloading:
      return SendChunk();
    case State::kUploading:
      return KeepChunk();
    case State::kPublishing:
      return TakePiece();
    case State::kFinishing:
      return;
  }
}

void BareCall::Begin() {
  new BareCall(service_, shard_, parts_);
  if (context_.method() == kBareUpload) {
    path_ = absl::StrCat(parts_.upload_folder, "/upload-", reinterpret_cast<uintptr_t>(this));
    file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file_ < 0) return Fail("no file for the upload");
    state_ = State::kUploading;
  } else {
    state_ = context_.method() == kBarePublish ? State::kPublishing : State::kRequest;
  }
  stream_.Read(&message_, this);
}

void BareCall::TakeRequest() {
  if (context_.method() == kSubscribeMethod) {
    state_ = State::kStreaming;
    place_ = shard_.Join(this);
    writing_ = true;
    return stream_.Write(Hello(), this);
  }
  const std::optional<BareRequest> request = ReadBareRequest(message_);
  if (!request.has_value()) return Fail("not a request");
  if (context_.method() == kBareAppend) {
    parts_.log.Append(request->count, request->bytes);
    for (BareShard* shard : parts_.shards) shard->Wake();
    return Answer();
  }
  if (context_.method() != kBareDownload) return Fail("no such method");
  left_ = request->bytes;
  state_ = State::kDownloading;
  SendChunk();
}

void BareCall::Step() {
  if (writing_) return;
  const std::optional<BareMessage> message = parts_.log.MessageAfter(position_, shard_.end());
  if (!message.has_value()) return;
  position_ = message->next;
  grpc::WriteOptions options;
  if (message->another_follows) options.set_buffer_hint();
  writing_ = true;
  stream_.Write(message->bytes, options, this);
}

void BareCall::SendChunk() {
  if (left_ == 0) return Answer();
  const size_t size = std::min<uint64_t>(left_, Chunk().size());
  left_ -= size;
  stream_.Write(Message(size == Chunk().size() ? Chunk() : Chunk().sub(0, size)), this);
}

void BareCall::KeepChunk() {
  std::vector<grpc::Slice> slices;
  const bool whole = message_.Dump(&slices).ok();
  const bool kept = whole && std::all_of(slices.begin(), slices.end(),
                                         [&](const grpc::Slice& s) { return WriteAll(file_, s); });
  if (!kept) return Fail("the upload cannot be written");
  stream_.Read(&message_, this);
}

void BareCall::TakePiece() {
  if (publish_.has_value()) {
    pieces_.push_back(std::move(message_));
  } else {
    publish_ = ReadBarePublish(message_);
    if (!publish_.has_value()) return Fail("not a publish");
  }
  stream_.Read(&message_, this);
}

void BareCall::Committed() { Answer(); }

void BareCall::Answer() {
  if (file_ >= 0 && ::fsync(file_) != 0) return Fail("the upload cannot be synced");
  state_ = State::kFinishing;
  stream_.WriteAndFinish(Message(grpc::Slice()), {}, grpc::Status::OK, this);
}

void BareCall::Fail(const char* what) {
  state_ = State::kFinishing;
  stream_.Finish(grpc::Status(grpc::StatusCode::INTERNAL, what), this);
}

}  // namespace shield::testing
