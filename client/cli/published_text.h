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

// "This TLP:GREEN bulletin reaches 12 members of 3 organisations.", and to whom nothing is sealed.
std::string ReachSentence(const PublicationPlan& plan);

// Warnings and the receipt: lines for a person, {id, recipients, directory_version, log_index,
// told, acknowledge_by, replayed, without_key, warnings} for a program.
void ShowPublished(Session& session, Tlp tlp, const Published& published);
// The parts of it: the warnings; the lines; the object.
void NotePublished(Session& session, const Published& published);
void PrintPublished(Session& session, Tlp tlp, const Published& published);
nlohmann::json PublishedJson(const Published& published);
// Hands the lines on; where they cannot be written, says on standard error what `done` says: nobody
// is to do it twice. The command ends with OUTPUT_LOST.
void TellDone(Session& session, absl::string_view done);
// "bulletin `0123…` is published".
std::string IsPublished(const BulletinId& id);
// The warnings of what is not over with it: the wish to stop may still come.
void NotePublishedSoFar(Session& session, const Published& published);

}  // namespace shield::cli
