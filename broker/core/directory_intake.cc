#include "broker/core/directory_intake.h"

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "base/status.h"
#include "broker/core/refusals.h"
#include "broker/store/check_command.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/directory_dates.h"
#include "policy/proof/directory_links.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/verified_statement.h"

namespace shield::broker {
namespace {

// Lines travel in the order of the tree: each organisation's line, then its own.
absl::StatusOr<std::vector<OrgLines>> GroupLines(std::vector<std::string> lines) {
  std::vector<OrgLines> orgs;
  for (std::string& line : lines) {
    if (absl::StartsWith(line, "org ")) {
      orgs.push_back({std::move(line), {}});
    } else if (orgs.empty()) {
      return WithRule(
          absl::InvalidArgumentError("directory refused: its first line is not an organisation's"),
          "DIRECTORY_MALFORMED");
    } else {
      orgs.back().own_lines.push_back(std::move(line));
    }
  }
  return orgs;
}

absl::StatusOr<PostedDirectory> Verify(absl::string_view note, std::vector<std::string> lines,
                                       NetworkFile network,
                                       const std::optional<HeldDirectory>& held) {
  ASSIGN_OR_RETURN(std::vector<OrgLines> orgs, GroupLines(std::move(lines)));
  PostedDirectory posted;
  ASSIGN_OR_RETURN(posted.verified, VerifyDirectory(note, orgs, network, held));
  posted.network = std::make_shared<const NetworkFile>(std::move(network));
  posted.tree = std::make_shared<const DirectoryTree>(std::move(orgs));
  return posted;
}

// They come out of the uploader's files; this broker has never held them.
absl::Status OfTheVersionsBetween(const absl::Status& status) {
  const absl::Status told = Annotate(status, "of the versions between, as they were uploaded");
  if (!HintOf(status).empty()) return told;
  return WithHint(told,
                  "put back `versions.txt` in the authority's home from a copy: it was damaged or "
                  "changed there, or on its way here");
}

bool MayUpload(const MemberRecord& member, const OrgRecord& org) {
  if (org.kind != OrgKind::kAuthority) return false;
  return member.Has(Role::kVetting) || member.Has(Role::kAnalyst);
}

// Whether somebody could upload the version after `directory`: with none, no change and no
// revocation would ever be possible again.
bool HasUploader(const Directory& directory, absl::Time now) {
  for (const MemberRecord& member : directory.members()) {
    if (!MayUpload(member, directory.OrgOf(member))) continue;
    for (const KeyRecord& key : directory.KeysOf(member.id)) {
      if (key.use != KeyUse::kTls) continue;
      const std::optional<Digest> pin = ParseDigest(key.value);
      if (pin.has_value() && Unwelcome(directory, *pin, now).empty()) return true;
    }
  }
  return false;
}

absl::Status CheckUploader(const DirectoryBoard& board, const Caller& caller) {
  if (board.Current() == nullptr) {
    return caller.is_authority_pin ? absl::OkStatus() : NotTheAuthority();
  }
  ASSIGN_OR_RETURN(const Seat seat, board.ActiveSeat(caller));
  return MayUpload(*seat.member, *seat.org) ? absl::OkStatus() : NotTheAuthority();
}

}  // namespace

absl::StatusOr<std::unique_ptr<DirectorySession>> DirectoryIntake::Open(const CoreParts& parts,
                                                                        const Caller& caller,
                                                                        PinsGone pins_gone) {
  RETURN_IF_ERROR(CheckUploader(parts.board, caller));
  return std::unique_ptr<DirectorySession>(
      new DirectoryIntake(parts, caller, std::move(pins_gone)));
}

DirectoryIntake::DirectoryIntake(const CoreParts& parts, const Caller& caller, PinsGone pins_gone)
    : parts_(parts),
      caller_(caller),
      pins_gone_(std::move(pins_gone)),
      current_(parts.board.Current()) {}

absl::Status DirectoryIntake::OnHead(DirectoryHeading heading) {
  if (has_head_) return OutOfOrder("a second head");
  if (heading.note.empty() && heading.fresh.empty())
    return OutOfOrder("neither a note nor a freshness note");
  if (heading.note.empty() && current_ == nullptr) return NoDirectoryYet();
  has_head_ = true;
  note_ = std::move(heading.note);
  fresh_ = std::move(heading.fresh);
  authority_ = std::move(heading.authority);
  return absl::OkStatus();
}

absl::Status DirectoryIntake::OnBetween(std::vector<std::string> notes) {
  if (!has_head_ || note_.empty() || !lines_.empty()) {
    return OutOfOrder("versions between stand after the head and before the lines");
  }
  const size_t before = between_bytes_;
  for (std::string& note : notes) {
    between_bytes_ += note.size() + kLineCost;
    if (between_bytes_ > kMaxBetweenBytes) {
      return TooMuch("bytes of versions between", between_bytes_, kMaxBetweenBytes);
    }
    between_.push_back(std::move(note));
  }
  return parts_.rates.AdmitUpload(caller_.pin, between_bytes_ - before);
}

absl::Status DirectoryIntake::OnLines(std::vector<std::string> lines) {
  if (!has_head_ || note_.empty()) return OutOfOrder("lines follow the note they belong to");
  const size_t count = lines_.size() + lines.size();
  if (count > store::kMaxDirectoryLines) {
    return TooMuch("directory lines", count, store::kMaxDirectoryLines);
  }
  const size_t before = lines_bytes_;
  for (std::string& line : lines) {
    if (line.empty()) return EmptyDirectoryLine();
    lines_bytes_ += line.size() + kLineCost;
    if (lines_bytes_ > kMaxLinesBytes) {
      return TooMuch("bytes of directory lines", lines_bytes_, kMaxLinesBytes);
    }
    lines_.push_back(std::move(line));
  }
  return parts_.rates.AdmitUpload(caller_.pin, lines_bytes_ - before);
}

void DirectoryIntake::Finish(Callback callback) {
  // A slow upload may outlast the seat of whoever sends it.
  if (const absl::Status may = CheckUploader(parts_.board, caller_); !may.ok()) {
    callback(Refused(may));
    return;
  }
  current_ = parts_.board.Current();
  if (!has_head_) {
    callback(OutOfOrder("the call ended before its head"));
  } else if (note_.empty()) {
    FinishFresh(callback);
  } else if (RepeatsCurrent()) {
    // The answer to the first attempt may have been lost: the same bytes get the same answer.
    if (fresh_.empty() || fresh_ == current_->fresh_note) {
      callback(DirectoryReceipt{current_->verified->version(), current_->log_index});
    } else {
      FinishFresh(callback);
    }
  } else {
    FinishVersion(callback);
  }
}

bool DirectoryIntake::RepeatsCurrent() const {
  return current_ != nullptr && note_ == current_->verified->note();
}

void DirectoryIntake::FinishFresh(const Callback& callback) {
  const VerifiedDirectory& directory = *current_->verified;
  absl::StatusOr<FreshNote> fresh = VerifyFreshNote(fresh_, directory);
  absl::Status status = fresh.status();
  if (status.ok()) status = FreshAt(*fresh, parts_.clock.Now());
  if (status.ok() && !parts_.board.ClaimFreshness(directory.version(), fresh->issued)) {
    // Of a version sent once more the note may have been renewed meanwhile.
    if (RepeatsCurrent())
      return callback(DirectoryReceipt{directory.version(), current_->log_index});
    status = OlderFreshness(directory.version());
  }
  if (!status.ok()) {
    callback(Refused(status));
    return;
  }
  PostedDirectory posted = *current_;
  posted.fresh_note = fresh_;
  posted.fresh = *std::move(fresh);
  const DirectoryReceipt receipt{directory.version(), posted.log_index};
  store::FreshCommand command{directory.version(), ToBytes(AsBytes(fresh_))};
  const absl::Status queued = parts_.committer.SubmitFresh(
      std::move(command),
      [this, callback, receipt, posted = std::move(posted)](const absl::Status& done) mutable {
        if (!done.ok()) {
          callback(Refused(done));
          return;
        }
        Post(std::move(posted), receipt.log_index);
        callback(receipt);
      });
  if (!queued.ok()) callback(Refused(queued));
}

void DirectoryIntake::FinishVersion(const Callback& callback) {
  absl::StatusOr<PostedDirectory> posted = CheckVersion();
  if (!posted.ok()) {
    callback(Refused(posted.status()));
    return;
  }
  const VerifiedDirectory& next = *posted->verified;
  store::DirectoryCommand command;
  command.expected_version = current_ == nullptr ? 0 : current_->verified->version();
  command.version = next.version();
  command.note = ToBytes(AsBytes(note_));
  command.fresh = ToBytes(AsBytes(fresh_));
  command.authority = ToBytes(AsBytes(authority_));
  command.lines = std::move(lines_);
  command.log_entry = LogEntry(LogKind::kDirectory, next.digest());
  const absl::Status queued = parts_.committer.SubmitDirectory(
      std::move(command), [this, callback, posted = *std::move(posted)](
                              absl::StatusOr<store::DirectoryReceipt> done) mutable {
        if (!done.ok()) {
          callback(Refused(done.status()));
          return;
        }
        Post(std::move(posted), done->log_index);
        callback(DirectoryReceipt{done->version, done->log_index});
      });
  if (!queued.ok()) callback(Refused(queued));
}

// By whose keys the present directory is signed: a rotation comes with the first directory under
// the new ones, or not at all.
const NetworkFile& DirectoryIntake::NetworkBefore() const {
  return current_ == nullptr ? parts_.network : *current_->network;
}

absl::StatusOr<PostedDirectory> DirectoryIntake::CheckVersion() const {
  std::optional<HeldDirectory> held;
  if (current_ != nullptr) held = current_->verified->held();
  ASSIGN_OR_RETURN(NetworkFile network, FollowAuthority(NetworkBefore(), authority_));
  ASSIGN_OR_RETURN(PostedDirectory posted, Verify(note_, lines_, std::move(network), held));
  posted.authority = authority_;
  // What is stored is read again from the network file that this broker begins with.
  RETURN_IF_ERROR(FollowKeptAuthority(parts_.network, authority_).status());
  const VerifiedDirectory& next = *posted.verified;
  const absl::StatusOr<std::optional<HeldDirectory>> before =
      WalkVersions(held, between_, NetworkBefore(), authority_);
  if (!before.ok()) return OfTheVersionsBetween(before.status());
  RETURN_IF_ERROR(CheckNextVersion(next, *before));
  const absl::Time now = parts_.clock.Now();
  if (next.ExpiredAt(now)) return DirectoryExpired(next.version());
  RETURN_IF_ERROR(CheckIssued(next.directory().note(), now));
  const DirectoryNote& note = next.directory().note();
  // Now, and on its last day: by then at the latest there has to be another.
  if (!HasUploader(next.directory(), KeyTime(next.directory(), now)) ||
      !HasUploader(next.directory(), note.expires)) {
    return NobodyCouldUpload();
  }
  if (note.broker_key != parts_.signer.BrokerKeyText() ||
      note.log_key != parts_.signer.LogKeyText()) {
    return WithHint(WithRule(absl::InvalidArgumentError(
                                 "directory refused: its broker or log key is not this broker's"),
                             "DIRECTORY_MALFORMED"),
                    "write the keys that GetBroker tells into it");
  }
  if (fresh_.empty()) return posted;
  ASSIGN_OR_RETURN(posted.fresh, VerifyFreshNote(fresh_, next));
  RETURN_IF_ERROR(FreshAt(*posted.fresh, now));
  posted.fresh_note = fresh_;
  return posted;
}

void DirectoryIntake::Post(PostedDirectory posted, uint64_t log_index) {
  posted.log_index = log_index;
  const uint64_t version = posted.verified->version();
  const size_t members = posted.directory().members().size();
  const std::vector<Digest> gone =
      parts_.board.Post(std::make_shared<const PostedDirectory>(std::move(posted)));
  Log(parts_.log, parts_.clock, "directory_posted",
      {{"version", version}, {"members", members}, {"pins_gone", gone.size()}});
  if (!gone.empty()) pins_gone_(gone);
}

absl::Status DirectoryIntake::Refused(absl::Status status) const {
  if (!status.ok()) {
    Log(parts_.log, parts_.clock, "directory_refused", {{"code", status.code()}});
  }
  return status;
}

absl::StatusOr<PostedDirectory> RestorePosted(const store::DirectoryRecord& record,
                                              const NetworkFile& network) {
  ASSIGN_OR_RETURN(NetworkFile now, FollowKeptAuthority(network, AsText(record.authority)));
  ASSIGN_OR_RETURN(PostedDirectory posted,
                   Verify(AsText(record.note), record.lines, std::move(now), std::nullopt));
  posted.authority = ToString(record.authority);
  posted.log_index = record.log_index;
  if (record.fresh.empty()) return posted;
  ASSIGN_OR_RETURN(posted.fresh, VerifyFreshNote(AsText(record.fresh), *posted.verified));
  posted.fresh_note = ToString(record.fresh);
  return posted;
}

}  // namespace shield::broker
