#include "client/export/import_bulletin.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/export/export_files.h"
#include "client/export/export_folder.h"
#include "client/export/verify_export.h"
#include "client/receive/inbox_shelf.h"
#include "client/receive/judge_entry.h"
#include "client/receive/verify_ending.h"
#include "client/receive/verify_entry.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "crypto/slot.h"
#include "policy/decision.h"

namespace shield {
namespace {

// How often what another process has changed meanwhile is read again.
constexpr int kMaxTries = 8;

absl::Status Refused(const absl::Status& status, absl::string_view rule) {
  return WithRule(Annotate(status, "import refused"), rule);
}

// What a folder holds is nobody's usage error.
absl::Status AsFoldersFault(const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return status;
  return WithRule(absl::DataLossError(status.message()), RuleOf(status));
}

DirectoryAnswer DirectoryOf(const ExportFiles& files) {
  DirectoryAnswer answer;
  answer.note = files.directory.note;
  answer.authority = files.authority;
  for (const OrgPart& part : files.directory.parts) {
    // Its proof holds at this place only, and a tree has no more places than that.
    answer.parts.push_back(
        {static_cast<uint32_t>(part.index), part.proof, part.lines.line, part.lines.own_lines});
  }
  return answer;
}

// The folder as the entry it would be.
KeptEntry EntryOf(const ExportFiles& files, absl::Time now) {
  KeptEntry kept;
  kept.carried = true;
  kept.id = files.claimed.id;
  kept.expires = files.claimed.expires;
  kept.received = now;
  // An embargo ends by this home's clock; what has none is there at once.
  const bool embargo = files.claimed.not_before > files.claimed.issued;
  kept.opens_from = files.claimed.not_before - (embargo ? absl::ZeroDuration() : kMaxReaderSkew);
  if (const Reference* original = files.claimed.Find(Relation::kShares))
    kept.original = original->id;
  DeliveredEntry& entry = kept.delivered;
  entry.statement = files.statement;
  entry.state = DeliveryState::kLive;
  entry.shared_original = files.original;
  entry.log_index = files.proof.log->index;
  entry.slot_hash = Sha256(ByteSpan());
  if (!files.proof.reader.has_value()) return kept;
  const ExportProof::InRecipients& reader = *files.proof.reader;
  entry.slot = ToBytes(ByteSpan(files.sealed).first(kSlotSize));
  entry.payload = ToBytes(ByteSpan(files.sealed).subspan(kSlotSize));
  entry.slot_hash = reader.recipient.slot_digest;
  entry.leaf_index = static_cast<uint32_t>(reader.leaf_index);
  entry.leaf_proof = reader.leaf_path;
  entry.openings = reader.openings;
  return kept;
}

// The signatures below a text may differ.
bool SameText(absl::string_view first, absl::string_view second) {
  const absl::StatusOr<SignedNote> one = ParseNote(first);
  const absl::StatusOr<SignedNote> other = ParseNote(second);
  return one.ok() && other.ok() && one->text == other->text;
}

absl::Status HasEnded(const KeptEntry& kept, const Statement& statement, absl::Time now) {
  const std::string id = statement.id.ToHex();
  if (kept.delivered.state == DeliveryState::kWithdrawn) {
    return Refused(absl::PermissionDeniedError(
                       absl::StrCat("bulletin `", id, "` was withdrawn by its source")),
                   RuleName(Rule::kWithdrawn));
  }
  if (kept.delivered.state == DeliveryState::kSuperseded) {
    return Refused(absl::PermissionDeniedError(
                       absl::StrCat("bulletin `", id, "` was replaced by a newer version")),
                   RuleName(Rule::kSuperseded));
  }
  const bool notice = kept.delivered.slot_hash == Sha256(ByteSpan());
  if (notice || now < statement.expires) return absl::OkStatus();
  return Refused(absl::PermissionDeniedError(absl::StrCat("bulletin `", id, "` has expired")),
                 RuleName(Rule::kExpired));
}

class Import {
 public:
  Import(const ClientParts& parts, const ExportFolder& folder, const ExportFiles& files)
      : parts_(parts), folder_(folder), files_(files) {}

  absl::StatusOr<ImportReport> Run() {
    RETURN_IF_ERROR(CheckReader());
    ASSIGN_OR_RETURN(offer_, parts_.directory.Weigh(DirectoryOf(files_)));
    RETURN_IF_ERROR(CheckFolder());
    ASSIGN_OR_RETURN(const std::optional<KeptEntry> here, SameHere());
    if (here.has_value()) return Complete(*here);
    const absl::Time now = parts_.clock.Now();
    KeptEntry kept = EntryOf(files_, now);
    const VerifiedDirectory& directory = JudgedUnder();
    kept.directory_version = directory.version();
    ASSIGN_OR_RETURN(const EntryEffects effects,
                     JudgeEntry(parts_, directory, Fetching::kNever, kept));
    RETURN_IF_ERROR(Judged(kept));
    RETURN_IF_ERROR(CheckLive(kept, effects, now));
    const absl::StatusOr<bool> stored =
        parts_.state.StoreCarried(kept, effects, offer_.more, offer_.held_version);
    if (RuleOf(stored.status()) == "BULLETIN_FORK") {
      RETURN_IF_ERROR(RecordBulletinFork(parts_.state, kept));
    }
    RETURN_IF_ERROR(stored.status());
    RETURN_IF_ERROR(parts_.directory.Pin(offer_));
    return Report(!*stored);
  }

 private:
  absl::Status CheckReader();
  absl::Status CheckFolder();
  absl::StatusOr<std::optional<KeptEntry>> SameHere();
  absl::StatusOr<ImportReport> Complete(const KeptEntry& here);
  bool IsNewer() const { return offer_.offered->version() > offer_.held_version; }
  const VerifiedDirectory& JudgedUnder() const;
  absl::Status Judged(const KeptEntry& kept);
  absl::Status CheckLive(const KeptEntry& kept, const EntryEffects& effects, absl::Time now);
  absl::StatusOr<ImportReport> Report(bool already);

  const ClientParts& parts_;
  const ExportFolder& folder_;
  const ExportFiles& files_;
  DirectoryKeeper::Offer offer_;
};

// It says itself for whom it was made; that its slot is that reader's is checked with the proofs.
absl::Status Import::CheckReader() {
  if (!files_.proof.reader.has_value() || files_.proof.reader->member == parts_.keys.member) {
    return absl::OkStatus();
  }
  return Refused(absl::PermissionDeniedError(absl::StrCat("the folder was made for `",
                                                          files_.proof.reader->member.text(), "`")),
                 RuleName(Rule::kNotInSnapshot));
}

// Whether a folder has a slot is what an unsigned file of it says: a newer version without one
// would end the older by the courier's word, and stand in the way of the true folder of it. A
// withdrawal never has one.
absl::Status Import::CheckFolder() {
  const bool notice = files_.proof.form == ExportForm::kNotice;
  if (notice && !files_.claimed.IsWithdrawal()) {
    return WithHint(
        Refused(absl::DataLossError("the folder lacks the slot of its bulletin"), "SLOT_MISSING"),
        "have a folder made for this member, or take it from the broker");
  }
  const ExportWitness witness{parts_.clock.Now(), offer_.newest, parts_.keys.seal, &parts_.state};
  RETURN_IF_ERROR(VerifyExportFiles(folder_, files_, *offer_.network, witness).status());
  if (files_.proof.log.has_value()) return absl::OkStatus();
  return WithHint(Refused(absl::DataLossError("no proof shows that the network's log holds it"),
                          "LOG_PROOF_MISSING"),
                  "export it again while the broker can be reached");
}

// The newest, if that shows who wrote it. Another that was carried may show others only: who is
// absent from it may stand all the same.
const VerifiedDirectory& Import::JudgedUnder() const {
  const Directory& newest = offer_.newest->directory();
  const bool shows = newest.FindMember(files_.claimed.author) != nullptr &&
                     newest.FindMember(parts_.keys.member) != nullptr;
  const bool partial = offer_.more.has_value();
  return partial && !shows ? *offer_.offered : *offer_.newest;
}

// The same statement, if it is here and held.
absl::StatusOr<std::optional<KeptEntry>> Import::SameHere() {
  ASSIGN_OR_RETURN(std::optional<KeptEntry> kept, parts_.state.FindBulletin(files_.claimed.id));
  const bool same = kept.has_value() && kept->finding == Finding::kHeld &&
                    SameText(kept->delivered.statement, files_.statement);
  if (!same) kept.reset();
  return kept;
}

// What an entry that is here may lack: a newer directory, a payload that has not been fetched.
absl::StatusOr<ImportReport> Import::Complete(const KeptEntry& here) {
  RETURN_IF_ERROR(HasEnded(here, files_.claimed, parts_.clock.Now()));
  if (offer_.more.has_value() && IsNewer()) {
    RETURN_IF_ERROR(
        parts_.state.StoreDirectory(*offer_.more, offer_.held_version, parts_.clock.Now()));
    RETURN_IF_ERROR(parts_.directory.Pin(offer_));
  }
  if (!here.carried && !files_.sealed.empty()) {
    RETURN_IF_ERROR(parts_.state.StorePayload(here, ByteSpan(files_.sealed).subspan(kSlotSize)));
  }
  return Report(/*already=*/true);
}

absl::Status Import::Judged(const KeptEntry& kept) {
  if (kept.finding == Finding::kHeld) return absl::OkStatus();
  if (kept.fault == "BULLETIN_FORK") RETURN_IF_ERROR(RecordBulletinFork(parts_.state, kept));
  const bool for_good = kept.finding == Finding::kRefused;
  return Refused(for_good ? absl::DataLossError(kept.fault_sentence)
                          : absl::PermissionDeniedError(kept.fault_sentence),
                 kept.fault);
}

// A newer version that has ended has ended the older all the same.
absl::Status Import::CheckLive(const KeptEntry& kept, const EntryEffects& effects, absl::Time now) {
  const absl::Status ended = HasEnded(kept, files_.claimed, now);
  if (ended.ok() || effects.claims.empty()) return ended;
  RETURN_IF_ERROR(parts_.state.StoreEffects(effects, kept.delivered.statement));
  return ended;
}

absl::StatusOr<ImportReport> Import::Report(bool already) {
  ASSIGN_OR_RETURN(const auto newest, parts_.directory.Newest());
  ImportReport report{files_.claimed.id, files_.claimed.tlp, already, newest->version()};
  report.newer_directory = IsNewer();
  report.warnings = parts_.directory.Warnings(*newest, parts_.clock.Now());
  return report;
}

// Signed by the present keys, or by those of its time.
absl::StatusOr<ExportFiles> ReadFolder(const ClientParts& parts, const NetworkFile& network,
                                       const ExportFolder& folder) {
  absl::StatusOr<ExportFiles> files = ReadExport(folder, network);
  if (RuleOf(files.status()) != "BAD_SIGNATURE") return files;
  ASSIGN_OR_RETURN(const std::vector<NetworkFile> networks, parts.directory.NetworksBefore());
  for (const NetworkFile& before : networks) {
    absl::StatusOr<ExportFiles> older = ReadExport(folder, before);
    if (older.ok()) return older;
  }
  return files;
}

}  // namespace

absl::StatusOr<ImportReport> ImportBulletin(const ClientParts& parts, const NetworkFile& network,
                                            const std::string& folder) {
  ASSIGN_OR_RETURN(const ExportFolder opened, ExportFolder::Open(folder));
  const absl::StatusOr<ExportFiles> files = ReadFolder(parts, network, opened);
  if (!files.ok()) return AsFoldersFault(files.status());
  for (int tries = 1;; ++tries) {
    absl::StatusOr<ImportReport> report = Import(parts, opened, *files).Run();
    if (!absl::IsAborted(report.status()) || tries == kMaxTries) {
      if (!report.ok()) return AsFoldersFault(report.status());
      return report;
    }
  }
}

}  // namespace shield
