// What a member passes on: a bulletin of its home, opened as far as its file key.
#pragma once

#include "absl/status/statusor.h"
#include "client/client_parts.h"
#include "client/publish/plan_share.h"
#include "client/receive/inbox_shelf.h"
#include "crypto/file_key.h"
#include "crypto/payload.h"

namespace shield {

struct ShareSource {
  SharedOriginal original;
  FileKey file_key;    // the original's, for the new readers too
  PayloadNonce nonce;  // which their share's commitment is salted with
};

// The bulletin `id` of this home, or the original of which `id` is a share. Fetches a payload that
// is not here. Errors as InboxShelf::OpenReadable, and NOT_FOUND when it is not here.
absl::StatusOr<ShareSource> OpenShareSource(const ClientParts& parts, InboxShelf& shelf,
                                            const BulletinId& id);

}  // namespace shield
