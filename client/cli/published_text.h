// What a command that published something says, and what it asks before.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "client/cli/session.h"
#include "client/publish/publication_plan.h"
#include "policy/labels.h"

namespace shield::cli {

// Beyond this many organisations the author is shown the reach and asked.
inline constexpr uint64_t kReachThatAsks = 100;

// "This TLP:GREEN bulletin reaches 12 members of 3 organisations."
std::string ReachSentence(const PublicationPlan& plan);

// Warnings and the receipt; {id, recipients, directory_version, log_index, told, replayed,
// warnings}.
void ShowPublished(Session& session, Tlp tlp, const Published& published);
nlohmann::json PublishedJson(const Published& published);
void NotePublished(Session& session, const Published& published);

}  // namespace shield::cli
