// An inbox entry as an application sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/content/content.h"
#include "policy/labels.h"
#include "policy/statement.h"
#include "policy/vocabulary.h"

namespace shield {

enum class InboxState {
  kLive,
  kEmbargoed,  // opens at not_before
  kExpired,
  kWithdrawn,
  kSuperseded,  // a newer version came
  kRefused,     // a check failed: see fault and closed_now; content is not shown
};
// "live", "embargoed", "expired", "withdrawn", "superseded", "refused".
absl::string_view PrintInboxState(InboxState state);

struct InboxItem {
  uint64_t seq = 0;              // 0 when it has none: carried, or published and not fetched yet
  std::optional<BulletinId> id;  // nothing when the statement could not be read
  InboxState state = InboxState::kRefused;
  std::string fault;  // rule code when refused
  std::string fault_sentence;
  // The check that failed is policy's, the author's standing or a clock's: it is made again at each
  // reading, and may hold then.
  bool closed_now = false;
  bool acknowledged = false;
  bool carried = false;  // it came in a folder; the broker has not delivered it
  absl::Time received;
  uint64_t log_index = 0;

  // From the statement; only as good as it when refused.
  Tlp tlp = Tlp::kUnspecified;
  std::optional<MemberId> author;
  std::optional<OrgId> author_org;
  // The directory version its statement names: whom it was sealed to was decided under that.
  uint64_t directory_version = 0;
  // Whether the newest directory here gives the author the key that signed, ended or not. Anybody
  // can sign with a key that nobody was given.
  bool signer_known = false;
  // Who passed it on: the item is a share then, and author, class and `issued` are its original's.
  std::optional<MemberId> shared_by = {};
  BulletinClass bulletin_class = BulletinClass::kUnspecified;
  Priority priority = Priority::kUnspecified;
  BulletinStatus status = BulletinStatus::kUnspecified;
  absl::Time issued = absl::UnixEpoch();
  absl::Time not_before = absl::UnixEpoch();
  absl::Time expires = absl::UnixEpoch();
  std::vector<Reference> references = {};  // what it withdraws, replaces, extends, answers, …

  // Whether the payload is in this home; where it is not, the content is fetched when it is shown.
  bool fetched = true;

  // From the content; empty unless the state is live and it is here. Raw: clean it for where it is
  // shown.
  std::string title;
  // Of what comes without content: "withdraw", "update" or "relabel", the news about another
  // bulletin.
  std::string kind;
  // Rule codes that stay with the bulletin: UNTRUSTED_SOURCE, a report of a suspended member.
  std::vector<std::string> warnings = {};
};

struct OpenedBulletin {
  InboxItem item;
  Content content;                    // empty unless the state is live
  std::string statement;              // the signed note
  std::vector<std::string> warnings;  // the item's; DIRECTORY_EXPIRED, UNKNOWN_SCHEMA, …
};

}  // namespace shield
