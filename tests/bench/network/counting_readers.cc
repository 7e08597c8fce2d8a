#include "tests/bench/network/counting_readers.h"

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "client/transport/pinned_channel.h"
#include "client/transport/raw_call.h"
#include "policy/proof/inbox_chain.h"
#include "shield/v1/broker.pb.h"
#include "tests/bench/ceiling/bare_wire.h"
#include "tests/bench/ceiling/entry_counter.h"

namespace shield::testing {
namespace {

// Fewer than the broker takes of one address before it knows who they are.
constexpr size_t kConnectingAtOnce = 32;

constexpr absl::Duration kCallTimeout = absl::Seconds(30);

// As many as the server under test has for its streams: neither side starves the other.
unsigned ThreadCount() { return std::max(2U, std::thread::hardware_concurrency()) - 1; }

grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

// Where the signed head in an encoded mark says the inbox stands.
absl::StatusOr<InboxPosition> PositionOf(const std::string& mark) {
  v1::Mark parsed;
  if (!parsed.ParseFromString(mark)) return absl::DataLossError("a mark that is none");
  const std::string& note = parsed.head();
  const size_t end = note.find("\n\n");
  if (end == std::string::npos) return absl::DataLossError("a head that is no note");
  ASSIGN_OR_RETURN(const InboxHead head, ParseInboxHead(note.substr(0, end + 1)));
  return head.position;
}

}  // namespace

// Its own tag: one operation at a time. Of its queue's thread, once it has been started.
class CountingReaders::Reader {
 public:
  Reader(CountingReaders& all, std::shared_ptr<PinnedChannel> server, grpc::CompletionQueue& queue)
      : all_(all), server_(std::move(server)), way_(server_->Way()), queue_(queue) {}

  void Start() {
    grpc::GenericStub stub(way_.channel);
    stream_ = stub.PrepareCall(&context_, kSubscribeMethod, &queue_);
    stream_->StartCall(this);
  }

  void Arrived(bool ok) {
    if (state_ == State::kOver) return;
    if (state_ == State::kEnding) {
      state_ = State::kOver;
      all_.Failed(server_->Translate(way_, end_));
      return all_.Ended();
    }
    if (!ok) {
      state_ = State::kEnding;
      return stream_->Finish(&end_, this);
    }
    if (state_ == State::kStarting) {
      state_ = State::kAsking;
      return stream_->WriteLast(Encode(v1::SubscribeRequest()), {}, this);
    }
    if (state_ == State::kReading) Count();
    state_ = State::kReading;
    stream_->Read(&message_, this);
  }

  void Cancel() { context_.TryCancel(); }

  // The position of the last mark; nothing before the first.
  std::optional<InboxPosition> marked() {
    MutexLock lock(mutex_);
    return marked_;
  }
  const std::shared_ptr<PinnedChannel>& server() const { return server_; }
  uint64_t bytes() const { return bytes_; }
  uint64_t messages() const { return messages_; }
  const std::vector<absl::Time>& arrivals() const { return arrivals_; }

 private:
  enum class State { kStarting, kAsking, kReading, kEnding, kOver };

  void Count() {
    const absl::Time now = absl::Now();
    const uint64_t before = counter_.entries();
    std::vector<grpc::Slice> slices;
    if (message_.Dump(&slices).ok()) {
      for (const grpc::Slice& slice : slices) counter_.Feed({slice.begin(), slice.size()});
    }
    if (!counter_.EndMessage()) all_.Failed(absl::DataLossError("not a message of a subscription"));
    bytes_ = counter_.bytes();
    messages_ = counter_.messages();
    if (counter_.messages() == 1) all_.Greeted(now);
    if (all_.options_.note_arrivals && counter_.entries() > before) {
      arrivals_.resize(counter_.entries(), now);
    }
    NoteMark();
    all_.gate_.Note(before, counter_.entries(), now);
  }

  void NoteMark() {
    const std::optional<std::string>& mark = counter_.last_mark();
    if (!mark.has_value() || mark == seen_mark_) return;
    seen_mark_ = mark;
    const absl::StatusOr<InboxPosition> position = PositionOf(*mark);
    if (!position.ok()) return all_.Failed(position.status());
    MutexLock lock(mutex_);
    marked_ = *position;
  }

  CountingReaders& all_;
  const std::shared_ptr<PinnedChannel> server_;
  const PinnedWay way_;
  grpc::CompletionQueue& queue_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  State state_ = State::kStarting;
  grpc::ByteBuffer message_;
  grpc::Status end_;
  EntryCounter counter_;
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint64_t> messages_{0};
  std::vector<absl::Time> arrivals_;
  std::optional<std::string> seen_mark_;
  Mutex mutex_;
  std::optional<InboxPosition> marked_ ABSL_GUARDED_BY(mutex_);
};

CountingReaders::CountingReaders(const CountingOptions& options, std::vector<TlsKeyPair> keys,
                                 TurnGate& gate)
    : options_(options), gate_(gate) {
  for (unsigned i = 0; i < ThreadCount(); ++i) {
    queues_.push_back(std::make_unique<grpc::CompletionQueue>());
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    auto channel = PinnedChannel::Create({options.address, options.pin, std::move(keys[i])});
    if (!channel.ok()) {
      Failed(channel.status());
      break;
    }
    readers_.push_back(
        std::make_unique<Reader>(*this, *std::move(channel), *queues_[i % queues_.size()]));
  }
  for (const auto& queue : queues_) {
    threads_.emplace_back([&queue] {
      void* tag = nullptr;
      bool ok = false;
      while (queue->Next(&tag, &ok)) static_cast<Reader*>(tag)->Arrived(ok);
    });
  }
}

CountingReaders::~CountingReaders() {
  ending_ = true;
  for (const auto& reader : readers_) reader->Cancel();
  {
    // A queue that has been shut down takes no operation, and a reader begins one after another
    // until it knows why its stream has ended.
    MutexLock lock(mutex_);
    while (live_ > 0) changed_.Wait(mutex_);
  }
  for (const auto& queue : queues_) queue->Shutdown();
  for (std::thread& thread : threads_) thread.join();
}

absl::Status CountingReaders::Connect(absl::Duration patience) {
  const absl::Time end = absl::Now() + patience;
  size_t started = 0;
  while (true) {
    {
      MutexLock lock(mutex_);
      while (error_.ok() && greeted_ < readers_.size() &&
             (started == readers_.size() || started - greeted_ >= kConnectingAtOnce)) {
        if (!changed_.WaitFor(mutex_, end - absl::Now()) && absl::Now() >= end) {
          return absl::DeadlineExceededError(
              absl::StrCat(greeted_, " of ", readers_.size(), " readers have been greeted"));
        }
      }
      if (!error_.ok() || greeted_ == readers_.size()) return error_;
    }
    {
      MutexLock lock(mutex_);
      ++live_;
    }
    readers_[started++]->Start();
  }
}

absl::Status CountingReaders::Acknowledge(uint64_t entries, absl::Duration patience) {
  const absl::Time end = absl::Now() + patience;
  for (const auto& reader : readers_) {
    std::optional<InboxPosition> marked = reader->marked();
    while (!marked.has_value() || marked->seq < entries) {
      if (absl::Now() >= end) return absl::DeadlineExceededError("no head after the last entry");
      absl::SleepFor(absl::Milliseconds(20));
      marked = reader->marked();
    }
    v1::AcknowledgeRequest request;
    request.set_seq(marked->seq);
    request.set_hash(ToString(marked->hash.span()));
    RETURN_IF_ERROR(CallOnce(reader->server(), "Acknowledge", request, kCallTimeout).status());
  }
  return first_error();
}

uint64_t CountingReaders::bytes() const {
  uint64_t bytes = 0;
  for (const auto& reader : readers_) bytes += reader->bytes();
  return bytes;
}

uint64_t CountingReaders::messages() const {
  uint64_t messages = 0;
  for (const auto& reader : readers_) messages += reader->messages();
  return messages;
}

std::vector<std::vector<absl::Time>> CountingReaders::arrivals() const {
  std::vector<std::vector<absl::Time>> all;
  for (const auto& reader : readers_) all.push_back(reader->arrivals());
  return all;
}

absl::Status CountingReaders::first_error() {
  MutexLock lock(mutex_);
  return error_;
}

absl::Time CountingReaders::first_greeting() {
  MutexLock lock(mutex_);
  return first_greeting_;
}

void CountingReaders::Ended() {
  MutexLock lock(mutex_);
  --live_;
  changed_.NotifyAll();
}

void CountingReaders::Greeted(absl::Time now) {
  MutexLock lock(mutex_);
  first_greeting_ = std::min(first_greeting_, now);
  ++greeted_;
  changed_.NotifyAll();
}

void CountingReaders::Failed(const absl::Status& status) {
  if (ending_) return;
  const absl::Status error = status.ok() ? absl::UnavailableError("a stream has ended") : status;
  gate_.Fail(error);
  MutexLock lock(mutex_);
  if (error_.ok()) error_ = error;
  changed_.NotifyAll();
}

}  // namespace shield::testing
