// Serves the payload or an object of a bulletin to somebody who holds it.
//
// Asked again before every chunk: is the caller still an active member, does policy still let this
// holder have it at this moment. Who never had it in his inbox is told the same as for an id that
// does not exist.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "broker/core/core_parts.h"
#include "broker/core/service.h"

namespace shield::broker {

// Used by one thread at a time.
class ContentReader final : public FetchReader {
 public:
  // NOT_FOUND: no such bulletin, not for the caller, or no such object; with a rule when a holder
  // may know why (EMBARGOED, EXPIRED, WITHDRAWN, SUPERSEDED, or a rule of policy).
  static absl::StatusOr<std::unique_ptr<FetchReader>> Open(const CoreParts& parts,
                                                           const Caller& caller,
                                                           const FetchQuery& query);

  absl::StatusOr<std::optional<FetchChunk>> Next() override;

 private:
  ContentReader(const CoreParts& parts, const Caller& caller, const FetchQuery& query,
                uint32_t leaf_index, uint64_t total_bytes);
  absl::Status CheckStillAllowed();

  const CoreParts parts_;
  const Caller caller_;
  const BulletinId id_;
  const uint32_t part_;
  const uint32_t leaf_index_;  // of the caller's entry
  const uint64_t total_bytes_;
  uint64_t offset_;
  bool given_ = false;
};

}  // namespace shield::broker
