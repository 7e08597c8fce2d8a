// Bulletins sealed before the clock starts: so that a benchmark of the broker does not measure the
// authors' sealing on the same cores.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/random.h"
#include "client/connection.h"
#include "client/draft/draft.h"
#include "client/home/member_keys.h"
#include "client/publish/plan_bulletin.h"
#include "policy/proof/verified_directory.h"

namespace shield::testing {

struct SealedUpload {
  PublishOffer offer;
  Bytes slots;
  Bytes payload;
  uint64_t recipients = 0;
};

// Seals one draft again and again, each time under an id, file key and slots of its own.
// Thread-compatible.
class UploadSealer {
 public:
  // The errors of PlanBulletin.
  static absl::StatusOr<UploadSealer> Create(const Draft& draft, const MemberKeys& author,
                                             std::shared_ptr<const VerifiedDirectory> directory,
                                             Random& random);

  // With a payload of exactly `payload_bytes` as it travels, 1,024 to 64 KiB: the content is filled
  // up with line feeds, as PadContent does, to that size instead of the next class of sizes, of
  // which 4 KiB is the least.
  // `objects` are what is uploaded beside it, already sealed.
  absl::StatusOr<SealedUpload> Seal(size_t payload_bytes,
                                    const std::vector<SizedDigest>& objects = {});

 private:
  UploadSealer(PlannedBulletin planned, std::string content, const MemberKeys& author,
               std::shared_ptr<const VerifiedDirectory> directory, Random& random);

  PlannedBulletin planned_;
  std::string content_;
  const MemberKeys* author_;
  std::shared_ptr<const VerifiedDirectory> directory_;
  Random* random_;
  std::vector<X25519PublicKey> keys_;  // to seal to, ascending
};

// Uploads it as libshield does, once.
absl::StatusOr<PublishReceipt> Upload(Connection& connection, const SealedUpload& upload);

}  // namespace shield::testing
