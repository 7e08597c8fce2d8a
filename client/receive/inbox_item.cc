#include "client/receive/inbox_item.h"

namespace shield {

absl::string_view PrintInboxState(InboxState state) {
  switch (state) {
    case InboxState::kLive:
      return "live";
    case InboxState::kEmbargoed:
      return "embargoed";
    case InboxState::kExpired:
      return "expired";
    case InboxState::kWithdrawn:
      return "withdrawn";
    case InboxState::kSuperseded:
      return "superseded";
    case InboxState::kRefused:
      break;
  }
  return "refused";
}

}  // namespace shield
