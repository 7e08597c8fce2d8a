#include "tests/bench/ceiling/bare_server.h"

#include <utility>
#include <vector>

#include "proto/wire/prepare_process.h"
#include "tests/bench/ceiling/bare_committer.h"
#include "tests/bench/ceiling/bare_side.h"

namespace shield::testing {

class BareServer::Impl {
 public:
  explicit Impl(const BareServerOptions& options)
      : streams_(options.identity, options.shards, log_),
        publishes_(options.identity, 1, log_),
        committer_(log_, woken_, options.upload_folder),
        parts_{log_, options.upload_folder, committer_, woken_} {
    if (!listens()) return;
    for (const auto& shard : streams_.shards()) woken_.push_back(shard.get());
    streams_.Serve(parts_);
    publishes_.Serve(parts_);
  }

  ~Impl() {
    committer_.Stop();
    publishes_.ShutDown();
    streams_.ShutDown();
  }

  bool listens() const { return !streams_.address().empty() && !publishes_.address().empty(); }
  const std::string& address() const { return streams_.address(); }
  const std::string& publish_address() const { return publishes_.address(); }

 private:
  BareLog log_;
  std::vector<BareShard*> woken_;  // complete before the first call
  BareSide streams_;
  BareSide publishes_;
  BareCommitter committer_;
  BareParts parts_;
};

absl::StatusOr<std::unique_ptr<BareServer>> BareServer::Start(const BareServerOptions& options) {
  const absl::Status prepared = wire::CheckPrepared();
  if (!prepared.ok()) return prepared;
  auto impl = std::make_unique<Impl>(options);
  if (!impl->listens()) return absl::UnavailableError("the bare server cannot listen");
  return std::unique_ptr<BareServer>(new BareServer(std::move(impl)));
}

BareServer::BareServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BareServer::~BareServer() = default;
const std::string& BareServer::address() const { return impl_->address(); }
const std::string& BareServer::publish_address() const { return impl_->publish_address(); }

}  // namespace shield::testing
