#include "client/audit/audit_home.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/audit/log_copy.h"
#include "client/log/log_keeper.h"
#include "client/receive/openings.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/directory_note.h"
#include "policy/proof/inbox_chain.h"

namespace shield {
namespace {

constexpr uint64_t kEntriesAtOnce = 256;

absl::Status Broken(absl::string_view rule, absl::string_view sentence) {
  return WithHint(WithRule(absl::DataLossError(absl::StrCat("audit: ", sentence)), rule),
                  "tell the authority: the broker lost data or cheats, or this home was changed");
}

absl::StatusOr<Digest> TextDigest(const std::string& note, absl::string_view what) {
  const absl::StatusOr<SignedNote> parsed = ParseNote(note);
  if (!parsed.ok()) return Broken("INBOX_GAP", absl::StrCat(what, " cannot be read any more"));
  return Sha256(parsed->text);
}

absl::StatusOr<KeptCheckpoint> NewestCheckpoint(const ClientParts& parts) {
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Newest());
  ASSIGN_OR_RETURN(std::optional<KeptCheckpoint> newest,
                   parts.state.NewestCheckpoint(directory->log_key().ToString()));
  if (newest.has_value()) return *std::move(newest);
  return WithHint(absl::NotFoundError("this home has seen no checkpoint of the log yet"),
                  "run `shield inbox ls` once without --offline");
}

// The leaves of a log, found by index and by hash.
class Leaves {
 public:
  explicit Leaves(std::vector<Digest> leaves) : leaves_(std::move(leaves)) {
    first_.reserve(leaves_.size());
    for (uint64_t i = 0; i < leaves_.size(); ++i) first_.try_emplace(leaves_[i], i);
  }

  uint64_t size() const { return leaves_.size(); }
  bool HoldsAt(uint64_t index, const Digest& leaf) const {
    return index < leaves_.size() && leaves_[index] == leaf;
  }
  std::optional<uint64_t> Find(const Digest& leaf) const {
    const auto found = first_.find(leaf);
    if (found == first_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::vector<Digest> leaves_;
  absl::flat_hash_map<Digest, uint64_t> first_;
};

// What is held when the audit begins. The checkpoint is asked for after it, so it is at least as
// new; what another process stores meanwhile is for the next audit.
struct Held {
  InboxCursor inbox;
  std::optional<KeptHead> head;
  uint64_t directory = 0;
  std::vector<Publication> publications;
};

// The head first: what it speaks of is stored before it is.
absl::StatusOr<Held> WhatIsHeld(const ClientParts& parts) {
  Held held;
  ASSIGN_OR_RETURN(held.head, parts.state.HighestHead());
  ASSIGN_OR_RETURN(held.inbox, parts.state.Position());
  ASSIGN_OR_RETURN(held.directory, parts.state.NewestVersion());
  ASSIGN_OR_RETURN(held.publications, parts.state.Publications());
  return held;
}

class HomeAudit {
 public:
  HomeAudit(const ClientParts& parts, const Leaves& leaves) : parts_(parts), leaves_(leaves) {}

  absl::StatusOr<AuditReport> Run(const Held& held) {
    report_.log_size = leaves_.size();
    ASSIGN_OR_RETURN(const InboxLog followed, parts_.state.FollowedLog());
    known_loss_ = followed.since;
    RETURN_IF_ERROR(CountCheckpoints());
    RETURN_IF_ERROR(CheckDirectories(held.directory));
    head_ = held.head;
    RETURN_IF_ERROR(CheckInbox(held.inbox));
    RETURN_IF_ERROR(CheckPublications(held.publications));
    return report_;
  }

 private:
  absl::Status CountCheckpoints();
  absl::Status CheckDirectories(uint64_t newest);
  absl::Status CheckInbox(const InboxCursor& inbox);
  absl::Status CheckEntry(const KeptEntry& entry, bool confirmed);
  absl::Status CheckIsLeaf(const std::string& note, const std::string& what);
  absl::Status CheckPublications(const std::vector<Publication>& publications);

  const ClientParts& parts_;
  const Leaves& leaves_;
  AuditReport report_;
  InboxPosition position_;
  std::optional<KeptHead> head_;
  absl::Time known_loss_ = absl::UnixEpoch();  // the authority knows of what was lost before
};

absl::Status HomeAudit::CountCheckpoints() {
  ASSIGN_OR_RETURN(const KeptCheckpoint newest, NewestCheckpoint(parts_));
  ASSIGN_OR_RETURN(const std::vector<KeptCheckpoint> all, parts_.state.Checkpoints());
  report_.checkpoints = static_cast<uint64_t>(std::count_if(
      all.begin(), all.end(),
      [&newest](const KeptCheckpoint& each) { return each.log_key == newest.log_key; }));
  return absl::OkStatus();
}

absl::Status HomeAudit::CheckDirectories(uint64_t newest) {
  std::optional<DirectoryNote> before;
  Digest before_digest;
  uint64_t before_index = 0;
  for (uint64_t version = 1; version <= newest; ++version) {
    ASSIGN_OR_RETURN(const std::optional<std::string> note, parts_.state.DirectoryNote(version));
    if (!note.has_value()) continue;
    const std::string name = absl::StrCat("directory version ", version);
    const absl::StatusOr<SignedNote> parsed = ParseNote(*note);
    if (!parsed.ok()) return Broken("DIRECTORY_FORK", name + " cannot be read any more");
    absl::StatusOr<DirectoryNote> text = ParseDirectoryNote(parsed->text);
    if (!text.ok()) return Broken("DIRECTORY_FORK", name + " cannot be read any more");
    const Digest digest = Sha256(parsed->text);
    const bool follows = before.has_value() && before->version + 1 == version;
    if (follows && text->previous != before_digest) {
      return Broken("DIRECTORY_FORK", name + " names another before it than the one that is kept");
    }
    const std::optional<uint64_t> index = leaves_.Find(LogLeafHash(LogKind::kDirectory, digest));
    if (!index.has_value() && text->issued < known_loss_) {
      ++report_.lost;
      before = *std::move(text);
      before_digest = digest;
      continue;
    }
    if (!index.has_value()) return Broken("LOG_MISMATCH", name + " is not in the log");
    if (before.has_value() && *index <= before_index) {
      return Broken("LOG_MISMATCH", name + " stands before an older one in the log");
    }
    before = *std::move(text);
    before_digest = digest;
    before_index = *index;
    ++report_.directories;
  }
  return absl::OkStatus();
}

absl::Status HomeAudit::CheckInbox(const InboxCursor& inbox) {
  position_ = {0, InboxGenesis(parts_.keys.member)};
  while (position_.seq < inbox.size) {
    ASSIGN_OR_RETURN(const std::vector<KeptEntry> entries,
                     parts_.state.Entries(position_.seq, kEntriesAtOnce));
    if (entries.empty()) {
      return Broken("INBOX_GAP", absl::StrCat("entry ", position_.seq + 1, " is missing"));
    }
    for (const KeptEntry& entry : entries) {
      if (position_.seq == inbox.size) break;
      RETURN_IF_ERROR(CheckEntry(entry, position_.seq < inbox.confirmed));
    }
  }
  if (!head_.has_value() || head_->seq <= position_.seq) return absl::OkStatus();
  return Broken("INBOX_GAP", absl::StrCat("the inbox ends at entry ", position_.seq,
                                          ", the broker has signed ", head_->seq));
}

absl::Status HomeAudit::CheckEntry(const KeptEntry& entry, bool confirmed) {
  const DeliveredEntry& delivered = entry.delivered;
  const std::string name = absl::StrCat("entry ", delivered.seq);
  ASSIGN_OR_RETURN(const Digest text, TextDigest(delivered.statement, name));
  const Digest hash =
      InboxNext(position_.hash, delivered.seq, {delivered.log_index, text, delivered.slot_hash});
  if (delivered.seq != position_.seq + 1 || hash != entry.chain_hash) {
    return Broken("INBOX_GAP", absl::StrCat("the chain of the inbox is broken at ", name));
  }
  position_ = {delivered.seq, hash};
  if (head_.has_value() && head_->seq == delivered.seq && head_->hash != hash) {
    return Broken("INBOX_GAP",
                  absl::StrCat("the chain of the inbox does not lead to the head at ", name));
  }
  ++report_.entries;
  if (entry.finding == Finding::kRefused) {
    ++report_.refused;
    return absl::OkStatus();
  }
  if (confirmed && !leaves_.HoldsAt(delivered.log_index, LogLeafHash(LogKind::kBulletin, text))) {
    return Broken("LOG_MISMATCH",
                  absl::StrCat(name, " is not the leaf at index ", delivered.log_index));
  }
  RETURN_IF_ERROR(CheckIsLeaf(delivered.ended_by, absl::StrCat("what ended ", name)));
  return CheckIsLeaf(delivered.shared_original, absl::StrCat("what ", name, " passes on"));
}

absl::Status HomeAudit::CheckIsLeaf(const std::string& note, const std::string& what) {
  if (note.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Digest text, TextDigest(note, what));
  if (leaves_.Find(LogLeafHash(LogKind::kBulletin, text)).has_value()) return absl::OkStatus();
  return Broken("LOG_MISMATCH", absl::StrCat(what, " is not in the log"));
}

absl::Status HomeAudit::CheckPublications(const std::vector<Publication>& publications) {
  for (const Publication& each : publications) {
    const std::string name = absl::StrCat("published bulletin `", each.id.ToHex(), "`");
    ASSIGN_OR_RETURN(const Digest text, TextDigest(each.statement, name));
    if (!leaves_.HoldsAt(each.log_index, LogLeafHash(LogKind::kBulletin, text))) {
      // Times of directories are whole seconds: what was published in the same one may be lost too.
      if (each.published < known_loss_ + absl::Seconds(1)) {
        ++report_.lost;
        continue;
      }
      return Broken("LOG_MISMATCH",
                    absl::StrCat(name, " is not the leaf at index ", each.log_index));
    }
    ++report_.publications;
  }
  return absl::OkStatus();
}

absl::Status AddDirectories(const ClientParts& parts, const Leaves& leaves,
                            std::map<uint64_t, KnownLeaf>& known) {
  ASSIGN_OR_RETURN(const uint64_t newest, parts.state.NewestVersion());
  for (uint64_t version = 1; version <= newest; ++version) {
    ASSIGN_OR_RETURN(const std::optional<std::string> note, parts.state.DirectoryNote(version));
    if (!note.has_value()) continue;
    ASSIGN_OR_RETURN(const Digest text, TextDigest(*note, "a directory"));
    const std::optional<uint64_t> index = leaves.Find(LogLeafHash(LogKind::kDirectory, text));
    if (!index.has_value()) continue;
    known[*index] = {*index, LogKind::kDirectory, std::nullopt, version};
  }
  return absl::OkStatus();
}

absl::Status AddEntries(const ClientParts& parts, std::map<uint64_t, KnownLeaf>& known) {
  for (uint64_t after = 0;;) {
    ASSIGN_OR_RETURN(const std::vector<KeptEntry> entries,
                     parts.state.Entries(after, kEntriesAtOnce));
    if (entries.empty()) return absl::OkStatus();
    for (const KeptEntry& entry : entries) {
      after = entry.delivered.seq;
      if (entry.finding == Finding::kRefused) continue;
      const uint64_t index = entry.delivered.log_index;
      known[index] = {index, LogKind::kBulletin, entry.id, std::nullopt};
    }
  }
}

}  // namespace

absl::StatusOr<AuditReport> AuditHome(const ClientParts& parts) {
  ASSIGN_OR_RETURN(const Held held, WhatIsHeld(parts));
  RETURN_IF_ERROR(LogKeeper(parts).Check({}));
  ASSIGN_OR_RETURN(const KeptCheckpoint checkpoint, NewestCheckpoint(parts));
  ASSIGN_OR_RETURN(std::vector<Digest> hashes, CopyLeaves(parts, checkpoint));
  const Leaves leaves(std::move(hashes));
  return HomeAudit(parts, leaves).Run(held);
}

absl::StatusOr<KnownLeaves> ListLog(const ClientParts& parts, bool ask) {
  if (ask) RETURN_IF_ERROR(LogKeeper(parts).Check({}));
  ASSIGN_OR_RETURN(const KeptCheckpoint checkpoint, NewestCheckpoint(parts));
  std::map<uint64_t, KnownLeaf> known;
  if (ask) {
    ASSIGN_OR_RETURN(std::vector<Digest> hashes, CopyLeaves(parts, checkpoint));
    RETURN_IF_ERROR(AddDirectories(parts, Leaves(std::move(hashes)), known));
  }
  RETURN_IF_ERROR(AddEntries(parts, known));
  ASSIGN_OR_RETURN(const std::vector<Publication> publications, parts.state.Publications());
  for (const Publication& each : publications) {
    known[each.log_index] = {each.log_index, LogKind::kBulletin, each.id, std::nullopt};
  }
  KnownLeaves list{checkpoint.size, {}};
  list.leaves.reserve(known.size());
  for (const auto& leaf : known) list.leaves.push_back(leaf.second);
  return list;
}

}  // namespace shield
