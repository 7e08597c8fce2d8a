// Clients: direct, registered, dated relations between organisations; never transitive.
#pragma once

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "policy/directory.h"
#include "policy/records.h"
#include "policy/terms.h"

namespace shield {

// How near an organisation is to those a bulletin is for, as their client. The nearest counts.
enum class ClientStanding {
  kNone,
  kClientOfClient,  // a client's client, both relations holding now
  kPast,            // a direct relation that does not hold now
  kCurrent,
};

// The direct or indirect relation of `client` to `provider`.
ClientStanding ClientOf(const Directory& directory, const OrgRecord& provider, const OrgId& client,
                        absl::Time now);

// The nearest relation of every organisation to those a bulletin is for: asked once for each
// organisation, found once for all, in time that grows with the relations there are. Immutable.
class ClientsOfRecipients {
 public:
  ClientsOfRecipients(const Directory& directory, const Terms& terms, absl::Time now);

  ClientStanding Of(const OrgId& org) const;

 private:
  absl::flat_hash_map<OrgId, ClientStanding> standings_;
};

// Whether the bulletin is for `org` as an organisation: it or one of its members is named, or the
// selector chooses it, and no exclusion names it. Vetting and accounts aside.
bool IsAddressed(const Directory& directory, const Terms& terms, const OrgRecord& org);

}  // namespace shield
