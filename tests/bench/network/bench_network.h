// A network under measurement: the real shieldd, several authors, and members who read.
//
//   BenchNetwork network({.subscribers = 100});
//   ASSIGN_OR_RETURN(const auto uploads, network.Seal(2'000, 4096));
//   RETURN_IF_ERROR(network.PublishAll(uploads, 16));
//
// The authors are readers too, as the source of a bulletin always is: every bulletin has exactly
// `subscribers` recipients. They may publish as fast as the configuration of a broker can say;
// everything else is as a user gets it. What fails while the network is made aborts the program
// with the error's own words.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/client.h"
#include "client/home/member_keys.h"
#include "crypto/system_random.h"
#include "tests/bench/network/sealed_upload.h"
#include "tests/e2e/large_network.h"

namespace shield::testing {

struct BenchNetworkSize {
  size_t subscribers = 0;  // whom every bulletin reaches, the authors among them
  size_t enrolled = 0;     // members in all; 0: nobody else
  bool to_all = false;     // bulletins go to everybody who is enrolled
};

// Beside the publisher there are three more; so many calls each may be open at the broker.
inline constexpr size_t kAuthors = 4;
inline constexpr size_t kUploadsInFlight = 16;

class BenchNetwork {
 public:
  explicit BenchNetwork(const BenchNetworkSize& size);

  LargeNetwork& network() { return network_; }
  pid_t broker() { return network_.broker().pid(); }
  // Homes of the subscribers, the authors' first.
  std::vector<Home> readers() const;
  std::string folder() const { return network_.folder().string(); }
  Draft ToReaders(absl::string_view title) const;

  // `count` bulletins, by the authors in turn.
  absl::StatusOr<std::vector<SealedUpload>> Seal(size_t count, size_t payload_bytes,
                                                 const std::vector<SizedDigest>& objects = {});
  // Uploads all of them, at most `in_flight` at once, each author its own. The first error.
  absl::Status PublishAll(const std::vector<SealedUpload>& uploads, size_t in_flight);
  // The first author's.
  Connection& connection() { return *connections_.front(); }

 private:
  absl::Status UploadPatiently(size_t author, const SealedUpload& upload);

  const BenchNetworkSize size_;
  SystemRandom random_;
  LargeNetwork network_;
  std::vector<MemberKeys> keys_;  // of the authors
  std::vector<std::shared_ptr<Connection>> connections_;
  std::shared_ptr<const VerifiedDirectory> directory_;
};

}  // namespace shield::testing
