// What a reader was never given: the editions of the authority say what everyone was sent
// (docs/spec/briefing.md section 5).
//
//   for (const Omission& omission : FindOmissions(gathered, now)) …
//
// A broker that leaves out a bulletin and numbers the rest anew shows a whole inbox; only somebody
// who holds the bulletin can say that it is missing.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/client.h"
#include "client/digest/publish/gather.h"
#include "policy/labels.h"

namespace shield {

struct Omission {
  BulletinId bulletin;
  Tlp tlp = Tlp::kUnspecified;
  absl::Time issued = absl::UnixEpoch();
  BulletinId edition;  // the first that says so

  friend bool operator==(const Omission&, const Omission&) = default;
};

// Sorted by the moment they were issued, then by id; each once. Pure. Counted are live editions by
// an organisation of the kind `authority`, of this member's community. What is listed is missing
// when nothing of it came, as an entry, a tombstone, a share or in a folder, though policy lets
// this member have such a bulletin and it was certainly in good standing when it was sealed:
// something older, and other GREEN or CLEAR content sealed under the same directory version, had
// been delivered to it, and of that version something before it and something after, or, where that
// version is here, membership, organisation and sealing key counted at that moment. When it comes
// after all, it is missing no more.
std::vector<Omission> FindOmissions(const Gathered& gathered, absl::Time now);

// The same for whoever lists an inbox anyway: `items` is what Client::Inbox gives. Opens live
// editions and nothing else, those that are here whole; no receipt is due. Errors are the client's.
absl::StatusOr<std::vector<Omission>> FindOmissionsIn(Client& client,
                                                      const std::vector<InboxItem>& items,
                                                      absl::Time now);

}  // namespace shield
