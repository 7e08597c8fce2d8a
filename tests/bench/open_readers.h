// Members who read along: each subscribed by libshield in a thread of its own, each noting when it
// has opened which bulletin.
#pragma once

#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "base/mutex.h"
#include "base/strong_id.h"
#include "client/client.h"

namespace shield::testing {

class OpenReaders {
 public:
  explicit OpenReaders(std::vector<Client> clients);
  // Stops the subscriptions.
  ~OpenReaders();
  OpenReaders(const OpenReaders&) = delete;
  OpenReaders& operator=(const OpenReaders&) = delete;

  // When each reader had received, verified and opened the bulletin, the earliest first. Fewer than
  // there are readers when `patience` ends first.
  std::vector<absl::Time> WaitFor(const BulletinId& id, absl::Duration patience);

 private:
  void Read(Client client);

  std::vector<Client> clients_;
  Mutex mutex_;
  CondVar changed_;
  std::map<BulletinId, std::vector<absl::Time>> opened_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace shield::testing
