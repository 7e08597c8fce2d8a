#include "broker/core/log_desk.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "broker/core/refusals.h"
#include "crypto/cosignature.h"
#include "crypto/merkle.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/log_tiles.h"
#include "policy/proof/witnessed_checkpoint.h"

namespace shield::broker {
namespace {

absl::Status CheckBatch(const BatchQuery& query) {
  const std::vector<uint64_t>& indexes = query.indexes;
  if (indexes.empty() || indexes.size() > kMaxBatchLeaves) {
    return OutOfOrder(absl::StrCat("a batch has 1 to ", kMaxBatchLeaves, " leaves"));
  }
  const auto descent = std::adjacent_find(indexes.begin(), indexes.end(), std::greater_equal<>());
  if (descent != indexes.end()) return OutOfOrder("the indexes of a batch ascend strictly");
  if (indexes.back() < query.size) return absl::OkStatus();
  return TooMuch("log index and one", indexes.back() + 1, query.size);
}

absl::Status CheckTile(const TileQuery& query) {
  if (query.width == 0) return OutOfOrder("a tile has a width of 1 at least");
  if (query.width > kTileWidth) return TooMuch("tile width", query.width, kTileWidth);
  if (query.level > kMaxTileLevel) return TooMuch("tile level", query.level, kMaxTileLevel);
  if (query.entries && query.level > 0) return OutOfOrder("a bundle of entries is of level 0");
  constexpr uint64_t kLastTile = UINT64_MAX / kTileWidth - 1;
  if (query.index > kLastTile) return TooMuch("tile index", query.index, kLastTile);
  return absl::OkStatus();
}

absl::Status NotAWitness() {
  return WithRule(absl::PermissionDeniedError(
                      "the directory names no witness that has cosigned this checkpoint"),
                  "NOT_A_WITNESS");
}

// Notes one after the other, each after its length.
void AppendNote(std::string& kept, absl::string_view note) {
  absl::StrAppend(&kept, "note ", note.size(), "\n", note);
}

// Nothing when it is not what AppendNote makes.
std::optional<std::vector<std::string>> SplitNotes(absl::string_view kept) {
  std::vector<std::string> notes;
  while (!kept.empty()) {
    const size_t end = kept.find('\n');
    uint64_t bytes = 0;
    const bool begins = absl::ConsumePrefix(&kept, "note ") && end != absl::string_view::npos &&
                        absl::SimpleAtoi(kept.substr(0, end - 5), &bytes);
    if (!begins) return std::nullopt;
    kept.remove_prefix(end - 4);
    if (bytes > kept.size()) return std::nullopt;
    notes.emplace_back(kept.substr(0, bytes));
    kept.remove_prefix(bytes);
  }
  return notes;
}

std::set<std::string> NamesOf(const std::vector<VerifierKey>& witnesses) {
  std::set<std::string> names;
  for (const VerifierKey& witness : witnesses) names.insert(witness.ToString());
  return names;
}

// What a caller handed in and does not hold is the caller's fault.
absl::Status AsRefusal(const absl::Status& status) {
  return WithRule(absl::InvalidArgumentError(status.message()), RuleOf(status));
}

}  // namespace

absl::StatusOr<LogProof> LogDesk::Answer(const LogQuery& query) {
  if (const auto* newest = std::get_if<CheckpointQuery>(&query)) return Newest(*newest);
  if (const auto* inclusion = std::get_if<InclusionQuery>(&query)) return Prove(*inclusion);
  if (const auto* consistency = std::get_if<ConsistencyQuery>(&query)) return Prove(*consistency);
  if (const auto* batch = std::get_if<BatchQuery>(&query)) return Prove(*batch);
  if (const auto* tile = std::get_if<TileQuery>(&query)) return Show(*tile);
  return Take(std::get<CosignQuery>(query));
}

absl::StatusOr<std::string> LogDesk::SignedCheckpoint(uint64_t size) {
  ASSIGN_OR_RETURN(const Digest root, store_.ReadLogRoot(size));
  return signer_.LogCheckpoint(size, root);
}

absl::StatusOr<LogProof> LogDesk::Newest(const CheckpointQuery& query) {
  if (query.to_cosign) return ToCosign(query);
  const uint64_t size = store_.log_size();
  LogProof answer;
  ASSIGN_OR_RETURN(answer.checkpoint, SignedCheckpoint(size));
  if (query.old_size <= size) {
    ASSIGN_OR_RETURN(answer.proof, store_.ReadConsistencyPath(query.old_size, size));
  }
  RETURN_IF_ERROR(AddWitnessed(answer, size));
  return answer;
}

// The size that another witness has begun with, so that they meet. Who holds a newer checkpoint is
// shown that this one is the beginning of that.
absl::StatusOr<LogProof> LogDesk::ToCosign(const CheckpointQuery& query) {
  const uint64_t newest = store_.log_size();
  const PostedDirectoryPtr posted = board_.Current();
  if (posted != nullptr) RETURN_IF_ERROR(Remember(*posted->verified));
  const uint64_t quorum = posted == nullptr ? 0 : posted->verified->directory().note().quorum;
  uint64_t size = 0;
  {
    MutexLock lock(mutex_);
    size = cosigned_.Open(quorum);
  }
  if (size == 0 || size > newest) size = newest;
  LogProof answer;
  ASSIGN_OR_RETURN(answer.checkpoint, SignedCheckpoint(size));
  if (query.old_size > newest) return answer;
  ASSIGN_OR_RETURN(answer.proof, store_.ReadConsistencyPath(std::min(query.old_size, size),
                                                            std::max(query.old_size, size)));
  return answer;
}

absl::StatusOr<LogProof> LogDesk::Prove(const InclusionQuery& query) {
  const uint64_t size = store_.log_size();
  if (query.size > size) return TooMuch("log size", query.size, size);
  if (query.index >= query.size) return TooMuch("log index and one", query.index + 1, query.size);
  LogProof answer;
  ASSIGN_OR_RETURN(answer.proof, store_.ReadInclusionPath(query.index, query.size));
  ASSIGN_OR_RETURN(answer.checkpoint, SignedCheckpoint(query.size));
  return answer;
}

absl::StatusOr<LogProof> LogDesk::Prove(const ConsistencyQuery& query) {
  const uint64_t size = store_.log_size();
  if (query.new_size > size) return TooMuch("log size", query.new_size, size);
  if (query.old_size > query.new_size) {
    return TooMuch("old log size", query.old_size, query.new_size);
  }
  LogProof answer;
  ASSIGN_OR_RETURN(answer.proof, store_.ReadConsistencyPath(query.old_size, query.new_size));
  ASSIGN_OR_RETURN(answer.checkpoint, SignedCheckpoint(query.new_size));
  return answer;
}

absl::StatusOr<LogProof> LogDesk::Prove(const BatchQuery& query) {
  const uint64_t size = store_.log_size();
  if (query.size > size) return TooMuch("log size", query.size, size);
  RETURN_IF_ERROR(CheckBatch(query));
  LogProof answer;
  answer.batch = true;
  ASSIGN_OR_RETURN(answer.proof, store_.ReadBatchPath(query.indexes, query.size));
  ASSIGN_OR_RETURN(answer.checkpoint, SignedCheckpoint(query.size));
  return answer;
}

absl::StatusOr<LogProof> LogDesk::Show(const TileQuery& query) {
  RETURN_IF_ERROR(CheckTile(query));
  const uint64_t complete = store_.log_size() >> (kTileHeight * query.level);
  const uint64_t first = query.index * kTileWidth;
  if (first + query.width > complete) return TooMuch("tile end", first + query.width, complete);
  LogProof answer;
  if (query.entries) {
    ASSIGN_OR_RETURN(const std::vector<Bytes> entries, store_.ReadLogEntries(first, query.width));
    answer.tile = ToString(PackEntries(entries));
  } else {
    ASSIGN_OR_RETURN(const std::vector<Digest> hashes,
                     store_.ReadLogNodes(kTileHeight * query.level, first, query.width));
    answer.tile = ToString(PackHashes(hashes));
  }
  return answer;
}

absl::StatusOr<LogProof> LogDesk::Take(const CosignQuery& query) {
  const PostedDirectoryPtr posted = board_.Current();
  if (posted == nullptr) return NotAWitness();
  RETURN_IF_ERROR(Remember(*posted->verified));
  ASSIGN_OR_RETURN(const bool news, Note(*posted->verified, query.note));
  if (news) RETURN_IF_ERROR(Keep());
  return LogProof{};
}

absl::StatusOr<bool> LogDesk::Note(const VerifiedDirectory& directory, const std::string& note) {
  const absl::StatusOr<Witnessed> witnessed = VerifyWitnessed(note, directory);
  if (!witnessed.ok()) return AsRefusal(witnessed.status());
  const uint64_t size = witnessed->checkpoint.size;
  if (size > store_.log_size()) return TooMuch("log size", size, store_.log_size());
  ASSIGN_OR_RETURN(const Digest root, store_.ReadLogRoot(size));
  if (root != witnessed->checkpoint.root) return NotAWitness();
  if (witnessed->cosigners == 0) return NotAWitness();
  ASSIGN_OR_RETURN(const std::vector<VerifierKey> witnesses, WitnessesOf(directory));
  ASSIGN_OR_RETURN(const SignedNote parsed, ParseNote(note));
  bool news = false;
  const uint64_t quorum = directory.directory().note().quorum;
  absl::Status dated;
  bool counts = false;
  MutexLock lock(mutex_);
  cosigned_.Retain(NamesOf(witnesses));
  for (const VerifierKey& witness : witnesses) {
    ASSIGN_OR_RETURN(const std::optional<absl::Time> time, FindCosignature(parsed, witness));
    if (!time.has_value()) continue;
    const absl::Status date = CheckDate(*time);
    if (!date.ok()) dated = date;
    if (!date.ok()) continue;
    const NoteKeyId id = CosignatureKeyId(witness);
    for (const NoteSignature& line : parsed.signatures) {
      if (line.name != witness.name() || line.key_id != id) continue;
      news = cosigned_.Take(size, witness.ToString(), {line, *time}, quorum) || news;
      counts = true;
    }
  }
  if (!counts && !dated.ok()) return dated;
  return news;
}

// What does not count any more, under another directory or another log, is left out.
absl::Status LogDesk::Remember(const VerifiedDirectory& directory) {
  {
    MutexLock lock(mutex_);
    if (remembered_) return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string kept, store_.ReadWitnessed());
  const std::optional<std::vector<std::string>> notes = SplitNotes(kept);
  if (!notes.has_value()) {
    return store_.ReportDamage(absl::DataLossError("what witnesses cosigned cannot be read back"));
  }
  for (const std::string& note : *notes) Note(directory, note).status().IgnoreError();
  MutexLock lock(mutex_);
  remembered_ = true;
  return absl::OkStatus();
}

// Two at once may keep the older one's; the next cosignature brings both.
absl::Status LogDesk::Keep() {
  std::map<uint64_t, std::string> lines;
  {
    MutexLock lock(mutex_);
    for (const auto& each : cosigned_.sizes()) lines[each.first] = cosigned_.LinesOf(each.first);
  }
  std::string kept;
  for (const auto& [size, signatures] : lines) {
    ASSIGN_OR_RETURN(const std::string checkpoint, SignedCheckpoint(size));
    AppendNote(kept, checkpoint + signatures);
  }
  return store_.KeepWitnessed(kept);
}

// Members count a quorum by its dates: one that is dated wrong must not stand in the way of others.
absl::Status LogDesk::CheckDate(absl::Time time) const {
  const absl::Time now = clock_.Now();
  if (time >= now - kMaxCosignatureAge && time <= now + kMaxCosignatureLead) {
    return absl::OkStatus();
  }
  return WithHint(
      WithRule(absl::InvalidArgumentError(absl::StrCat(
                   "the cosignature is dated ", absl::FormatTime(time, absl::UTCTimeZone()),
                   ", by the broker's clock it is ", absl::FormatTime(now, absl::UTCTimeZone()))),
               "CLOCK_SKEW"),
      "set the clock of the witness right");
}

absl::Status LogDesk::AddWitnessed(LogProof& answer, uint64_t size) {
  const PostedDirectoryPtr posted = board_.Current();
  if (posted != nullptr) RETURN_IF_ERROR(Remember(*posted->verified));
  const uint64_t quorum = posted == nullptr ? 0 : posted->verified->directory().note().quorum;
  uint64_t witnessed = 0;
  std::string lines;
  {
    MutexLock lock(mutex_);
    witnessed = cosigned_.Best(quorum);
    if (witnessed == 0 || witnessed > size) return absl::OkStatus();
    lines = cosigned_.LinesOf(witnessed);
  }
  ASSIGN_OR_RETURN(answer.witnessed, SignedCheckpoint(witnessed));
  answer.witnessed += lines;
  ASSIGN_OR_RETURN(answer.witnessed_proof, store_.ReadConsistencyPath(witnessed, size));
  return absl::OkStatus();
}

}  // namespace shield::broker
