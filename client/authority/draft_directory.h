// A draft seen as the directory it would become, before the broker's keys are known or a version
// has a number. For checks only: what is published is made by Authority::PrepareDirectory.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "client/authority/draft.h"
#include "policy/directory.h"
#include "policy/directory_note.h"
#include "policy/proof/network_file.h"

namespace shield {

// A well-formed note for the draft. Keys that are not known yet are stood in for by the first
// authority key under the name they will have.
DirectoryNote DraftNote(const DirectoryDraft& draft, const NetworkFile& network);

// The draft's records, indexed. INVALID_ARGUMENT, rule DIRECTORY_MALFORMED, when they do not make
// a directory.
absl::StatusOr<std::shared_ptr<const Directory>> IndexDraft(const DirectoryDraft& draft,
                                                            const NetworkFile& network);

}  // namespace shield
