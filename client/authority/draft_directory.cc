#include "client/authority/draft_directory.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "base/status.h"
#include "crypto/verifier_key.h"

namespace shield {
namespace {

std::string StandIn(const NetworkFile& network, absl::string_view holder) {
  return VerifierKey::Create(network.network.KeyName(holder),
                             network.authority.front().public_key())
      ->ToString();
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
  return note;
}

absl::StatusOr<std::shared_ptr<const Directory>> IndexDraft(const DirectoryDraft& draft,
                                                            const NetworkFile& network) {
  DirectoryNote note = DraftNote(draft, network);
  note.orgs = draft.records.orgs.size();
  return Directory::Create(std::move(note), draft.records);
}

}  // namespace shield
