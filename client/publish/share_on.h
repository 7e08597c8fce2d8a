// A share and, beside it, the reason: two bulletins, sent one after the other.
#pragma once

#include "absl/status/statusor.h"
#include "client/client_parts.h"
#include "client/publish/plan_share.h"
#include "client/publish/publication_plan.h"
#include "client/publish/publisher.h"
#include "client/publish/share_source.h"

namespace shield {

// Sharing with the very members a live share of this home's was made for makes no second one: the
// first is given, `replayed`, and the reason is sent unless one has been. Else
// the share first, then a `message` that answers it, with the reason as its body, to the same
// readers, under the same label and until the same end. A share without an answer is
// asked for by the next call, as Publisher::Publish says. Errors as Publisher::Share and Publish;
// PERMISSION_DENIED PUBLISHER_NOT_AUTHORISED, before anything is sent, for a reason by a seat of a
// client organisation: it sends no messages.
absl::StatusOr<SharedOn> ShareOn(const ClientParts& parts, Publisher& publisher,
                                 const ShareSource& source, const ShareOrder& order);

}  // namespace shield
