// Which draft this is, so that publishing it a second time is known for what it is.
#pragma once

#include "absl/status/statusor.h"
#include "base/digest.h"
#include "client/draft/draft.h"

namespace shield {

// Over all that an author can say and over the bytes of every attachment; where the files lie does
// not count. NOT_FOUND or LIMIT_EXCEEDED for an attachment, as ReadAttachment.
absl::StatusOr<Digest> DraftDigest(const Draft& draft);

}  // namespace shield
