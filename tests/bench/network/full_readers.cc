#include "tests/bench/network/full_readers.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "client/home/member_keys.h"
#include "client/transport/grpc_connection.h"
#include "policy/proof/network_file.h"

namespace shield::testing {
namespace {

// Fewer than the broker takes of one address before it knows who they are.
constexpr size_t kFullConnectingAtOnce = 32;
constexpr absl::Duration kAcknowledgeAgain = absl::Milliseconds(250);
// Then the turn has failed.
constexpr absl::Duration kAcknowledgeFor = absl::Minutes(1);

}  // namespace

FullReaders::~FullReaders() {
  stopping_ = true;
  for (const auto& reader : readers_) reader->client.Stop();
  for (const auto& reader : readers_) reader->thread.join();
}

absl::Status FullReaders::Connect(const std::vector<Home>& homes, absl::Duration patience) {
  const absl::Time end = absl::Now() + patience;
  for (const Home& home : homes) {
    RETURN_IF_ERROR(Open(home));
    MutexLock lock(mutex_);
    const size_t most = readers_.size() == homes.size() ? 0 : kFullConnectingAtOnce;
    while (error_.ok() && readers_.size() - connected_ > most) {
      if (!changed_.WaitFor(mutex_, end - absl::Now()) && absl::Now() >= end) {
        return absl::DeadlineExceededError(
            absl::StrCat(connected_, " of ", homes.size(), " readers are connected"));
      }
    }
    RETURN_IF_ERROR(error_);
  }
  return absl::OkStatus();
}

absl::Status FullReaders::Open(const Home& home) {
  ASSIGN_OR_RETURN(MemberKeys keys, home.ReadKeys(std::nullopt));
  ASSIGN_OR_RETURN(const NetworkFile network, home.ReadNetwork());
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                   NewGrpcConnection({options_.address, network.broker_pin, keys.tls}));
  ClientOptions options;
  options.on_link = [this,
                     heard = std::make_shared<std::atomic<bool>>(false)](const absl::Status& link) {
    if (!link.ok() || heard->exchange(true)) return absl::OkStatus();
    MutexLock lock(mutex_);
    ++connected_;
    changed_.NotifyAll();
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(Client client, Client::Open(home, std::move(keys), std::move(connection), clock_,
                                               random_, options));
  readers_.push_back(std::make_unique<Reader>(std::move(client)));
  Reader& reader = *readers_.back();
  reader.thread = std::thread([this, &reader] { Read(reader); });
  return absl::OkStatus();
}

void FullReaders::Read(Reader& reader) {
  const absl::Status end = reader.client.Subscribe(
      [&](const OpenedBulletin& bulletin) { return Take(reader, bulletin); });
  if (!absl::IsCancelled(end)) Failed(end);
}

absl::Status FullReaders::Take(Reader& reader, const OpenedBulletin& bulletin) {
  const InboxItem& item = bulletin.item;
  if (!item.id.has_value() || item.state != InboxState::kLive) {
    return absl::DataLossError(absl::StrCat("entry ", item.seq, ": ", item.fault_sentence));
  }
  const absl::Time opened = absl::Now();
  if (options_.note_arrivals) reader.arrivals.push_back(opened);
  reader.last_seq = item.seq;
  if (options_.acknowledge_at_once && reader.entries + 1 == gate_.target()) {
    RETURN_IF_ERROR(Acknowledge(reader));
  }
  ++reader.entries;
  gate_.Note(reader.entries - 1, reader.entries, absl::Now());
  return absl::OkStatus();
}

// A thousand at once are told to come back: as an application would, which keeps its cursor.
absl::Status FullReaders::Acknowledge(Reader& reader) const {
  const absl::Time end = absl::Now() + kAcknowledgeFor;
  for (;;) {
    absl::Status status = reader.client.AcknowledgeThrough(reader.last_seq);
    const bool later = absl::IsResourceExhausted(status) || absl::IsDeadlineExceeded(status);
    if (!later || absl::Now() >= end || stopping_) return status;
    absl::SleepFor(RetryDelayOf(status).value_or(kAcknowledgeAgain));
  }
}

absl::Status FullReaders::AcknowledgeAll() {
  for (const auto& reader : readers_) {
    if (reader->last_seq == 0) continue;
    RETURN_IF_ERROR(Acknowledge(*reader));
  }
  return absl::OkStatus();
}

std::vector<std::vector<absl::Time>> FullReaders::arrivals() const {
  std::vector<std::vector<absl::Time>> all;
  for (const auto& reader : readers_) all.push_back(reader->arrivals);
  return all;
}

void FullReaders::Failed(const absl::Status& status) {
  gate_.Fail(status);
  MutexLock lock(mutex_);
  if (error_.ok()) error_ = status;
  changed_.NotifyAll();
}

}  // namespace shield::testing
