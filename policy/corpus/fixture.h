// The directory of a case file, from its `org` and `member` lines.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "policy/corpus/case_fields.h"
#include "policy/directory.h"

namespace shield {

// org <id> kind=… community=… vetting=… [sectors=…] [regions=…] [state=active] [from=] [until=]
//     [clients=<id>:<from>..<until>,…]
// member <id> org=… roles=… vetting=… [state=active] [from=] [until=] [exercise=no]
// Without from and until: T0-400d and T0+400d.
absl::StatusOr<OrgRecord> ParseFixtureOrg(CaseFields fields, absl::Time t0);
absl::StatusOr<MemberRecord> ParseFixtureMember(CaseFields fields, absl::Time t0);

// A directory of one network that holds exactly these records. Where no key is among them, each
// member has one to seal to, of a made-up value. Its counts and roots are made to fit: what it says
// is for policy alone.
absl::StatusOr<std::shared_ptr<const Directory>> MakeFixture(DirectoryRecords records,
                                                             absl::Time t0);

}  // namespace shield
