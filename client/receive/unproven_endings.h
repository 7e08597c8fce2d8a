// Bulletins of which a source is said to have taken them back, without that holding here.
//
// A withdrawal, or a newer version, that a check closes for now ends nothing: its signer's key has
// ended by the time it comes, say, and whoever holds that key may sign what he likes since. But it
// may well be what the source said, so what it names is not shown as if nothing had been said
// (docs/spec/delivery.md, section 3, 5). It counts only where the source may have said it: the
// newest directory gives its author the key that signed it, and that author wrote the bulletin or
// sits in the organisation it is of. A key that somebody made up, and a stranger, mark nothing.
#pragma once

#include <map>

#include "absl/status/statusor.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "client/state/state.h"
#include "policy/directory.h"

namespace shield {

// The warning that such a bulletin carries while it is live.
inline constexpr char kEndingUnproven[] = "ENDING_UNPROVEN";

// Who says that a bulletin with this text has ended, and where its author sits now.
struct UnprovenEnding {
  Digest text_digest;
  MemberId author;
  OrgId org;
};

using UnprovenEndings = std::multimap<BulletinId, UnprovenEnding>;

// What is closed for now, in the inbox or carried, says it ends, by the id it names: all of it that
// is signed with a key which `newest`, the newest directory here, gives its author. Errors are
// those of `state`.
absl::StatusOr<UnprovenEndings> ReadUnprovenEndings(ClientState& state, const Directory& newest);

// Whether the bulletin of this entry, or what it shares, is among them, said by its author or by a
// member of the organisation it is of: as the entry keeps it, or else the one `newest` says.
bool IsSaidToHaveEnded(const UnprovenEndings& endings, const Directory& newest,
                       const KeptEntry& kept);

}  // namespace shield
