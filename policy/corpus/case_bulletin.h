// The fields of a case that describe a bulletin.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "policy/corpus/case_fields.h"
#include "policy/corpus/case_file.h"

namespace shield {

// author= tlp= [class=content] [to=<tokens>] [status=actual] [issued=T0] [from=issued]
// [until=issued+30d] [state=live|withdrawn|superseded] [signature=good|bad] [inner=<label>]
// [key=active|proven|ended] [refs=<relations>] [source=<org>] [grants=<subject>@<from>..<until>]
absl::StatusOr<CaseBulletin> TakeBulletin(CaseFields& fields, const Directory& directory,
                                          absl::Time t0);

// A member id, `public`, or `nobody` for a caller who is not enrolled.
absl::StatusOr<Reader> ParseReader(const CaseFields& fields, absl::string_view text);

// What says more about a reader: [org-then=] [hops=] [peer-cap=], each with `prefix` before it.
absl::Status TakeReaderFacts(CaseFields& fields, absl::string_view prefix, Reader& reader);

absl::StatusOr<absl::Time> TakeMoment(CaseFields& fields, absl::string_view name, absl::Time usual,
                                      absl::Time t0);
absl::StatusOr<bool> TakeYes(CaseFields& fields, absl::string_view name, bool usual);

}  // namespace shield
