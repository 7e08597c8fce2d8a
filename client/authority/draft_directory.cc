#include "client/authority/draft_directory.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "base/status.h"
#include "crypto/sha256.h"
#include "crypto/verifier_key.h"

namespace shield {
namespace {

// A text in the place of a key that is not known yet, another for each holder. Nobody has what
// would sign by it, and it is never signed.
std::string StandIn(const NetworkFile& network, absl::string_view holder) {
  const std::string name = network.network.KeyName(holder);
  return VerifierKey::Create(name, Sha256(name).bytes)->ToString();
}

}  // namespace

DirectoryNote DraftNote(const DirectoryDraft& draft, const NetworkFile& network) {
  DirectoryNote note{.network = network.network, .version = 1};
  note.expires = note.issued + kMaxDirectoryLife;
  note.broker_address = network.broker_address;
  note.broker_pin = network.broker_pin;
  note.broker_key = draft.broker_key.empty() ? StandIn(network, "broker") : draft.broker_key;
  note.log_key = draft.log_key.empty() ? StandIn(network, "log") : draft.log_key;
  note.fresh_key = StandIn(network, "fresh");
  note.witnesses = draft.witnesses;
  note.quorum = draft.quorum;
  return note;
}

absl::StatusOr<std::shared_ptr<const Directory>> IndexDraft(const DirectoryDraft& draft,
                                                            const NetworkFile& network) {
  DirectoryNote note = DraftNote(draft, network);
  note.orgs = draft.records.orgs.size();
  return Directory::Create(std::move(note), draft.records);
}

}  // namespace shield
