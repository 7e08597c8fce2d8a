// Authority: what this home has published against what the broker holds.
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/directory_file.h"
#include "client/authority/draft_directory.h"
#include "client/authority/fresh_key.h"
#include "client/authority/made_note.h"
#include "client/authority/version_notes.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/directory_tree.h"

namespace shield {
namespace {

// The broker's version is none of this home's.
absl::Status UnknownVersion(const HeldDirectory& broker, uint64_t newest) {
  if (broker.version > newest) {
    return WithHint(
        WithRule(absl::FailedPreconditionError(
                     absl::StrCat("the broker holds directory version ", broker.version,
                                  ", and the newest that this home knows is ", newest)),
                 "DIRECTORY_AHEAD"),
        "if this home was restored from a copy, or a version it gave up was uploaded, run `shield "
        "directory adopt`; else another home holds the authority's key");
  }
  return WithHint(
      WithRule(absl::DataLossError(
                   absl::StrCat("the broker holds directory version ", broker.version,
                                " with another text than this home knows under that number")),
               "DIRECTORY_FORK"),
      "two texts of one version are signed: find out which home signed the other before "
      "anything is published");
}

absl::Status VersionsMissing() {
  return WithHint(
      WithRule(absl::FailedPreconditionError("the broker holds no directory, and this home has not "
                                             "kept all versions since the first"),
               "VERSIONS_MISSING"),
      "restore the broker from a backup with `shieldd restore`");
}

}  // namespace

absl::StatusOr<std::optional<HeldDirectory>> Authority::PublishedHeld() const {
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  if (!published.has_value()) return std::optional<HeldDirectory>();
  ASSIGN_OR_RETURN(const MadeNote last, ReadMadeNote(published->note));
  return std::make_optional(last.held);
}

bool Authority::NamesOthers(const DirectoryNote& note) const {
  return note.broker_key != draft_.broker_key || note.log_key != draft_.log_key ||
         note.witnesses != draft_.witnesses || note.quorum != draft_.quorum;
}

bool Authority::IsSpent(const MadeNote& made, absl::Time now) const {
  return now >= made.note.expires || made.note.broker_key != draft_.broker_key ||
         made.note.log_key != draft_.log_key;
}

absl::StatusOr<std::vector<std::string>> Authority::VersionsSince(
    const std::optional<HeldDirectory>& broker) const {
  ASSIGN_OR_RETURN(const std::optional<HeldDirectory> published, PublishedHeld());
  if (broker == published) return std::vector<std::string>();
  ASSIGN_OR_RETURN(std::optional<std::vector<std::string>> notes, VersionNotesAfter(home_, broker));
  if (notes.has_value()) return *std::move(notes);
  if (!broker.has_value()) return VersionsMissing();
  return UnknownVersion(*broker, published.has_value() ? published->version : 0);
}

// Lines, keys, witnesses and rotation: what a version made now would say otherwise.
absl::StatusOr<bool> Authority::DraftMovedOn(const DirectoryUpload& waiting,
                                             const MadeNote& made) const {
  const DirectoryNote& note = made.note;
  if (NamesOthers(note)) return true;
  if (home_.Has(kNextFreshKeyFile) && FreshKeyFileFor(home_, note) != kNextFreshKeyFile) {
    return true;
  }
  ASSIGN_OR_RETURN(const NetworkFile signed_for, FollowKeptAuthority(network_, waiting.authority));
  ASSIGN_OR_RETURN(const NetworkFile next, NetworkToBe());
  if (next != signed_for) return true;
  ASSIGN_OR_RETURN(const DirectoryDraft draft, DraftToBe(next, note.issued));
  ASSIGN_OR_RETURN(const DirectoryText built,
                   BuildDirectoryText(DraftNote(draft, network_), draft.records));
  return Flatten(built.orgs) != waiting.lines;
}

// A broker that says it never took a version proves nothing: it may show the text to some members
// for good. So its number is spent, whatever the broker says.
absl::StatusOr<Settlement> Authority::SettleDirectory(const std::optional<HeldDirectory>& broker) {
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> waiting, OnItsWay());
  if (!waiting.has_value()) {
    return absl::FailedPreconditionError("no directory version is on its way to the broker");
  }
  ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(waiting->note));
  Settlement settlement{.version = made.held.version};
  if (broker == made.held) {
    settlement.outcome = Settlement::Outcome::kAccepted;
    RETURN_IF_ERROR(CommitDirectory());
    return settlement;
  }
  RETURN_IF_ERROR(VersionsSince(broker).status());
  ASSIGN_OR_RETURN(const bool moved_on, DraftMovedOn(*waiting, made));
  if (!moved_on) return settlement;
  settlement.outcome = Settlement::Outcome::kPassedOver;
  RETURN_IF_ERROR(KeepAsPublished());
  return settlement;
}

}  // namespace shield
