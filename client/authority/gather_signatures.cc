// Authority: a version that waits for the signatures of other officers.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/directory_file.h"
#include "client/authority/draft_directory.h"
#include "client/authority/made_note.h"
#include "client/home/private_file.h"
#include "crypto/note.h"
#include "policy/proof/directory_dates.h"
#include "policy/proof/directory_tree.h"

namespace shield {
namespace {

absl::Status NothingWaits() {
  return WithHint(
      absl::FailedPreconditionError("signatures not taken: no directory version waits for any"),
      "run `shield directory publish` first: it writes the draft that officers sign");
}

}  // namespace

absl::StatusOr<std::optional<SigningFile>> Authority::KeptSigning(absl::Time now) const {
  if (!home_.Has(kSigningFile)) return std::optional<SigningFile>();
  ASSIGN_OR_RETURN(const std::string text, SigningText());
  ASSIGN_OR_RETURN(SigningFile file, ParseSigningFile(text));
  ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(file.next.note));
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  HeldDirectory before;
  if (published.has_value()) {
    ASSIGN_OR_RETURN(const MadeNote last, ReadMadeNote(published->note));
    before = last.held;
  }
  const bool next = made.note.version == before.version + 1 && made.note.previous == before.digest;
  const bool in_time = now < made.note.expires && CheckIssued(made.note, now).ok();
  if (!next || !in_time) return std::optional<SigningFile>();
  if (NamesOthers(made.note)) {
    // What enough have signed already is a version, and stays one.
    ASSIGN_OR_RETURN(const SigningTally tally, TallySigning(file.next, network_));
    if (!tally.enough) return std::optional<SigningFile>();
  }
  return std::optional<SigningFile>(std::move(file));
}

absl::StatusOr<std::string> Authority::SigningText() const {
  return ReadSmallFile(home_.PathOf(kSigningFile), kMaxSigningFileBytes);
}

absl::Status Authority::AddSignatures(absl::string_view signing_file, absl::Time now) {
  ASSIGN_OR_RETURN(const SigningFile brought, ParseSigningFile(signing_file));
  ASSIGN_OR_RETURN(std::optional<SigningFile> kept, KeptSigning(now));
  if (!kept.has_value()) return NothingWaits();
  ASSIGN_OR_RETURN(kept->next, WithSignaturesOf(std::move(kept->next), brought.next, network_));
  return home_.Write(kSigningFile, PrintSigningFile(*kept));
}

absl::Status Authority::DropSigning() {
  if (!home_.Has(kSigningFile)) return absl::OkStatus();
  return RemovePrivateFile(home_.PathOf(kSigningFile));
}

absl::StatusOr<std::optional<SignaturesWanted>> Authority::Wanted(absl::Time now) const {
  ASSIGN_OR_RETURN(const std::optional<SigningFile> kept, KeptSigning(now));
  if (!kept.has_value()) return std::optional<SignaturesWanted>();
  ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(kept->next.note));
  ASSIGN_OR_RETURN(SigningTally tally, TallySigning(kept->next, network_));
  SignaturesWanted wanted{.version = made.held.version,
                          .signatures = tally.signatures,
                          .threshold = tally.network.threshold,
                          .missing = std::move(tally.missing)};
  ASSIGN_OR_RETURN(const DirectoryDraft draft, DraftToBe(tally.network, made.note.issued));
  ASSIGN_OR_RETURN(const DirectoryText built,
                   BuildDirectoryText(DraftNote(draft, network_), draft.records));
  wanted.draft_changed = Flatten(built.orgs) != kept->next.lines;
  return std::optional<SignaturesWanted>(std::move(wanted));
}

absl::StatusOr<DirectoryUpload> Authority::SignedByEnough(const Passphrase& passphrase,
                                                          absl::Time now) {
  ASSIGN_OR_RETURN(std::optional<SigningFile> file, KeptSigning(now));
  if (!file.has_value()) {
    file.emplace();
    RETURN_IF_ERROR(EndKeysWithNext(now));
    ASSIGN_OR_RETURN(file->previous, Published());
    ASSIGN_OR_RETURN(file->next, SignNext(passphrase, now));
  }
  ASSIGN_OR_RETURN(const SigningTally tally, TallySigning(file->next, network_));
  if (tally.enough) return std::move(file->next);
  RETURN_IF_ERROR(home_.Write(kSigningFile, PrintSigningFile(*file)));
  return WithHint(
      WithRule(absl::FailedPreconditionError(absl::StrCat(
                   "directory not published: ", tally.signatures, " of ", tally.network.threshold,
                   " signatures that it needs are there",
                   tally.rotates ? ", and the keys before have to sign the rotation" : "")),
               "SIGNATURES_MISSING"),
      "carry the draft to other officers, have each run `shield directory sign FILE`, and run "
      "`shield directory publish --draft FILE`");
}

}  // namespace shield
