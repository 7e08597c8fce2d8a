#include "tests/bench/open_readers.h"

#include <cstdio>
#include <utility>

#include "absl/time/clock.h"

namespace shield::testing {

OpenReaders::OpenReaders(std::vector<Client> clients) : clients_(std::move(clients)) {
  for (const Client& client : clients_) threads_.emplace_back([this, client] { Read(client); });
}

OpenReaders::~OpenReaders() {
  for (Client& client : clients_) client.Stop();
  for (std::thread& thread : threads_) thread.join();
}

void OpenReaders::Read(Client client) {
  const absl::Status end = client.Subscribe([this](const OpenedBulletin& bulletin) {
    if (!bulletin.item.id.has_value() || bulletin.item.state != InboxState::kLive) {
      return absl::DataLossError(bulletin.item.fault_sentence);
    }
    MutexLock lock(mutex_);
    opened_[*bulletin.item.id].push_back(absl::Now());
    changed_.NotifyAll();
    return absl::OkStatus();
  });
  if (!absl::IsCancelled(end)) {
    std::fprintf(stderr, "%s: %s\n", client.member().str().c_str(), end.ToString().c_str());
  }
}

std::vector<absl::Time> OpenReaders::WaitFor(const BulletinId& id, absl::Duration patience) {
  const absl::Time end = absl::Now() + patience;
  MutexLock lock(mutex_);
  while (opened_[id].size() < clients_.size()) {
    if (!changed_.WaitFor(mutex_, end - absl::Now()) && absl::Now() >= end) break;
  }
  return opened_[id];
}

}  // namespace shield::testing
