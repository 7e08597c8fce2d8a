#include "client/mock/memory_connection.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/mock/no_such_bulletin.h"
#include "crypto/merkle.h"
#include "crypto/merkle_frontier.h"
#include "policy/decision.h"
#include "policy/proof/log_tiles.h"
#include "policy/proof/witnessed_checkpoint.h"

namespace shield {
namespace {

constexpr size_t kPieceBytes = 64 * 1024;
constexpr size_t kEntriesPerMessage = 16;
constexpr size_t kNumberDigits = 16;
constexpr size_t kTokenBytes = kNumberDigits + 64;

class BytesReader final : public FetchReader {
 public:
  explicit BytesReader(Bytes bytes, uint64_t offset) : bytes_(std::move(bytes)), at_(offset) {}
  absl::StatusOr<Bytes> Read() override {
    const ByteSpan rest = ByteSpan(bytes_).subspan(at_);
    const ByteSpan piece = rest.first(std::min(rest.size(), kPieceBytes));
    at_ += piece.size();
    total_bytes_ = bytes_.size();
    return ToBytes(piece);
  }
  uint64_t total_bytes() const override { return total_bytes_; }
  void Cancel() override {}

 private:
  const Bytes bytes_;
  size_t at_;
  uint64_t total_bytes_ = 0;
};

// Content of what has ended is served no more.
absl::Status CheckServed(DeliveryState state) {
  const bool withdrawn = state == DeliveryState::kWithdrawn;
  if (!withdrawn && state != DeliveryState::kSuperseded) return absl::OkStatus();
  return WithRule(absl::NotFoundError("the bulletin is not served: it has ended"),
                  RuleName(withdrawn ? Rule::kWithdrawn : Rule::kSuperseded));
}

absl::Status TooMuch(absl::string_view what) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat(what, " is past the end")),
                  "LIMIT_EXCEEDED");
}

absl::Status CursorAhead(uint64_t seq, uint64_t last) {
  return WithRule(absl::OutOfRangeError(
                      absl::StrCat("entry ", seq, " is beyond the inbox, which ends at ", last)),
                  "CURSOR_AHEAD");
}

absl::Status AnotherHistory() {
  return WithRule(absl::DataLossError("the broker holds another history of this inbox"),
                  "ROLLBACK");
}

// A resume token: an entry's number and its chain hash.
Bytes PrintToken(uint64_t seq, const Digest& hash) {
  const std::string number = absl::StrCat(absl::Hex(seq, absl::kZeroPad16));
  return ToBytes(
      AsBytes(absl::StrCat(number, absl::BytesToHexString(AsText(ByteSpan(hash.span()))))));
}

bool Serves(const OrgRecord& provider, const OrgId& client) {
  return std::any_of(provider.clients.begin(), provider.clients.end(),
                     [&client](const ClientRelation& each) { return each.client == client; });
}

// Whether a seat of `own` is shown `other` in the directory.
bool MaySee(const OrgRecord& own, const OrgRecord& other) {
  return own.kind == OrgKind::kAuthority || other.kind == OrgKind::kAuthority ||
         own.id == other.id || Serves(own, other.id) || Serves(other, own.id);
}

}  // namespace

class MemoryUpload final : public PublishWriter {
 public:
  MemoryUpload(MemoryBroker& broker, const MemberId& member, const PublishOffer& offer)
      : broker_(broker), member_(member) {
    upload_.offer = offer;
  }
  absl::Status WriteSlots(ByteSpan slots) override {
    Append(upload_.slots, slots);
    return absl::OkStatus();
  }
  absl::Status WritePayload(ByteSpan bytes) override {
    Append(upload_.payload, bytes);
    return absl::OkStatus();
  }
  absl::Status WriteObject(uint32_t object, ByteSpan bytes) override {
    if (upload_.objects.size() <= object) upload_.objects.resize(object + 1);
    Append(upload_.objects[object], bytes);
    return absl::OkStatus();
  }
  absl::StatusOr<PublishReceipt> Finish() override {
    if (cancelled_) return absl::CancelledError("the upload was cancelled");
    return broker_.Commit(member_, upload_);
  }
  void Cancel() override { cancelled_ = true; }

 private:
  MemoryBroker& broker_;
  const MemberId member_;
  MemoryBroker::Upload upload_;
  std::atomic<bool> cancelled_ = false;
};

// Gives a hello, what is there, a mark, and from then on what comes.
class MemorySubscription final : public SubscriptionReader {
 public:
  MemorySubscription(MemoryBroker& broker, const MemberId& member, uint64_t after, uint64_t beats)
      : broker_(broker), member_(member), sent_(after), beats_(beats) {}

  absl::StatusOr<SubscriptionMessage> Read() override {
    MutexLock lock(broker_.mutex_);
    while (!cancelled_ && !HasNews()) broker_.changed_.Wait(broker_.mutex_);
    if (cancelled_) return absl::CancelledError("the subscription was cancelled");
    RETURN_IF_ERROR(broker_.CheckCaller(member_));
    if (sent_ > broker_.inboxes_[member_].entries.size()) {
      return absl::UnavailableError("the inbox was taken away; subscribe again");
    }
    return Next();
  }
  void Cancel() override {
    MutexLock lock(broker_.mutex_);
    cancelled_ = true;
    broker_.changed_.NotifyAll();
  }

 private:
  bool HasNews() ABSL_EXCLUSIVE_LOCKS_REQUIRED(broker_.mutex_) {
    return !greeted_ || !marked_ || sent_ != broker_.inboxes_[member_].entries.size() ||
           beats_ < broker_.beats_ || !broker_.CheckCaller(member_).ok();
  }
  SubscriptionMessage Next() ABSL_EXCLUSIVE_LOCKS_REQUIRED(broker_.mutex_) {
    SubscriptionMessage message;
    const MemoryBroker::Inbox& inbox = broker_.inboxes_[member_];
    if (!greeted_) {
      greeted_ = true;
      message.hello = SubscriptionMessage::Hello{
          broker_.SignedHead(member_, std::min(sent_, inbox.entries.size())),
          broker_.directory_->version(), broker_.clock_.Now()};
    }
    const size_t until = std::min(inbox.entries.size(), sent_ + kEntriesPerMessage);
    while (sent_ < until) {
      message.entries.push_back(broker_.Given(member_, inbox.entries[sent_++]));
    }
    marked_ = sent_ == inbox.entries.size();
    if (marked_) {
      message.mark = SubscriptionMessage::Mark{broker_.SignedHead(member_, sent_),
                                               PrintToken(sent_, inbox.HashAt(member_, sent_))};
    }
    if (beats_ < broker_.beats_) {
      message.heartbeat =
          SubscriptionMessage::Heartbeat{broker_.directory_->version(), broker_.clock_.Now()};
    }
    beats_ = broker_.beats_;
    return message;
  }

  MemoryBroker& broker_;
  const MemberId member_;
  size_t sent_;
  uint64_t beats_;
  bool greeted_ = false;
  bool marked_ = false;
  bool cancelled_ = false;
};

absl::StatusOr<BrokerAnswer> MemoryConnection::GetBroker(absl::Duration) {
  ASSIGN_OR_RETURN(const VerifierKey broker,
                   broker_.broker_key_.Verifier(broker_.network_.network.KeyName("broker")));
  ASSIGN_OR_RETURN(const VerifierKey log,
                   broker_.log_key_.Verifier(broker_.network_.network.KeyName("log")));
  return BrokerAnswer{broker.ToString(), log.ToString(), "memory", broker_.clock_.Now()};
}

absl::StatusOr<DirectoryAnswer> MemoryConnection::GetDirectory(uint64_t have_version,
                                                               absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckReporter(member_));
  DirectoryAnswer answer{
      broker_.upload_.note, broker_.upload_.fresh, false, {}, broker_.upload_.authority};
  answer.unchanged = have_version == broker_.directory_->version();
  if (answer.unchanged) return answer;
  const Directory& directory = broker_.directory_->directory();
  const OrgRecord& own = directory.OrgOf(*directory.FindMember(member_));
  for (size_t i = 0; i < broker_.tree_->size(); ++i) {
    if (!MaySee(own, directory.orgs()[i])) continue;
    OrgPart part = broker_.tree_->Part(i);
    answer.parts.push_back({static_cast<uint32_t>(part.index), std::move(part.proof),
                            std::move(part.lines.line), std::move(part.lines.own_lines)});
  }
  return answer;
}

absl::StatusOr<DirectoryReceipt> MemoryConnection::PublishDirectory(const DirectoryUpload& upload,
                                                                    absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckUploader(member_));
  return broker_.SetDirectoryLocked(upload);
}

absl::StatusOr<std::unique_ptr<PublishWriter>> MemoryConnection::Publish(const PublishOffer& offer,
                                                                         absl::Duration) {
  return std::unique_ptr<PublishWriter>(std::make_unique<MemoryUpload>(broker_, member_, offer));
}

absl::Status MemoryConnection::CheckToken(const MemberId& member, const MemoryBroker::Inbox& inbox,
                                          const Bytes& token) {
  uint64_t seq = 0;
  const absl::string_view text = AsText(token);
  if (text.empty()) return absl::OkStatus();
  if (text.size() != kTokenBytes || !absl::SimpleHexAtoi(text.substr(0, kNumberDigits), &seq)) {
    return WithRule(absl::InvalidArgumentError("the resume token is not one of this broker's"),
                    "MESSAGE_MALFORMED");
  }
  const bool here = seq <= inbox.entries.size();
  return here && PrintToken(seq, inbox.HashAt(member, seq)) == token ? absl::OkStatus()
                                                                     : AnotherHistory();
}

absl::Status MemoryConnection::CheckStart(const MemberId& member, const MemoryBroker::Inbox& inbox,
                                          const SubscriptionStart& start) {
  const bool beyond = start.after > inbox.entries.size();
  const bool other =
      !beyond && start.after > 0 && inbox.HashAt(member, start.after) != start.after_hash;
  if (other) return AnotherHistory();
  RETURN_IF_ERROR(CheckToken(member, inbox, start.resume_token));
  if (!beyond) return absl::OkStatus();
  // With a token, which only a broker gives, entries have been lost.
  return start.resume_token.empty() ? CursorAhead(start.after, inbox.entries.size())
                                    : AnotherHistory();
}

absl::StatusOr<std::unique_ptr<SubscriptionReader>> MemoryConnection::Subscribe(
    const SubscriptionStart& start, absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckCaller(member_));
  RETURN_IF_ERROR(CheckStart(member_, broker_.inboxes_[member_], start));
  return std::unique_ptr<SubscriptionReader>(
      std::make_unique<MemorySubscription>(broker_, member_, start.after, broker_.beats_));
}

absl::StatusOr<uint64_t> MemoryConnection::Acknowledge(uint64_t seq, const Digest& hash,
                                                       absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckCaller(member_));
  MemoryBroker::Inbox& inbox = broker_.inboxes_[member_];
  if (seq > inbox.entries.size()) return CursorAhead(seq, inbox.entries.size());
  if (inbox.HashAt(member_, seq) != hash) return AnotherHistory();
  inbox.acknowledged = std::max(inbox.acknowledged, seq);
  return inbox.acknowledged;
}

absl::StatusOr<std::unique_ptr<FetchReader>> MemoryConnection::Fetch(const FetchSource& source,
                                                                     absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckCaller(member_));
  const auto found = broker_.bulletins_.find(source.id);
  if (found == broker_.bulletins_.end()) return NoSuchBulletin();
  const MemoryBroker::Bulletin& bulletin = found->second;
  const auto& readers = bulletin.readers;
  if (std::find(readers.begin(), readers.end(), member_) == readers.end()) {
    return NoSuchBulletin();
  }
  RETURN_IF_ERROR(CheckServed(bulletin.state));
  RETURN_IF_ERROR(broker_.CheckServed(bulletin, member_));
  if (source.object > bulletin.objects.size()) {
    return WithRule(absl::NotFoundError("it has fewer objects than that"), "NO_SUCH_OBJECT");
  }
  const Bytes& bytes = source.object == 0 ? bulletin.payload : bulletin.objects[source.object - 1];
  if (source.offset > bytes.size()) return TooMuch("the offset");
  return std::unique_ptr<FetchReader>(std::make_unique<BytesReader>(bytes, source.offset));
}

absl::StatusOr<LogAnswer> MemoryConnection::GetCheckpoint(uint64_t old_size, absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckReporter(member_));
  const uint64_t size = broker_.log_.size();
  LogAnswer answer{broker_.SignedCheckpoint(size), {}};
  if (old_size <= size) answer.proof = broker_.LogOf(size).ConsistencyPath(old_size);
  if (broker_.witnessed_.empty()) return answer;
  answer.witnessed = broker_.witnessed_;
  answer.witnessed_proof = broker_.LogOf(size).ConsistencyPath(broker_.witnessed_size_);
  return answer;
}

absl::StatusOr<LogAnswer> MemoryConnection::GetCheckpointToCosign(uint64_t old_size,
                                                                  absl::Duration timeout) {
  ASSIGN_OR_RETURN(LogAnswer answer, GetCheckpoint(old_size, timeout));
  return LogAnswer{std::move(answer.checkpoint), std::move(answer.proof)};
}

absl::StatusOr<Bytes> MemoryConnection::GetTile(const LogTile& tile, absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckReporter(member_));
  const uint64_t first = tile.index * kTileWidth;
  const uint64_t complete = broker_.log_.size() >> (kTileHeight * tile.level);
  if (tile.width == 0 || first + tile.width > complete) return TooMuch("the tile");
  if (tile.entries) {
    return PackEntries(std::span(broker_.log_entries_).subspan(first, tile.width));
  }
  const MerkleTree tree = broker_.LogOf(broker_.log_.size());
  std::vector<Digest> hashes;
  hashes.reserve(tile.width);
  for (uint32_t i = 0; i < tile.width; ++i) {
    hashes.push_back(tree.Node(kTileHeight * tile.level, first + i));
  }
  return PackHashes(hashes);
}

absl::Status MemoryConnection::Cosign(const std::string& note, absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckReporter(member_));
  ASSIGN_OR_RETURN(const Witnessed witnessed, VerifyWitnessed(note, *broker_.directory_));
  const bool own = witnessed.checkpoint.size <= broker_.log_.size() &&
                   broker_.LogOf(witnessed.checkpoint.size).Root() == witnessed.checkpoint.root;
  if (!own || witnessed.cosigners == 0) {
    return WithRule(absl::PermissionDeniedError("no witness of the directory has cosigned it"),
                    "NOT_A_WITNESS");
  }
  broker_.witnessed_ = note;
  broker_.witnessed_size_ = witnessed.checkpoint.size;
  return absl::OkStatus();
}

absl::StatusOr<LogAnswer> MemoryConnection::ProveBatch(const std::vector<uint64_t>& indexes,
                                                       uint64_t size, absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckReporter(member_));
  const bool inside = !indexes.empty() && indexes.back() < size && size <= broker_.log_.size();
  if (!inside) return TooMuch("the log index");
  const MerkleTree tree = broker_.LogOf(size);
  LogAnswer answer{broker_.SignedCheckpoint(size), {}};
  ASSIGN_OR_RETURN(answer.proof,
                   StoredBatchPath(indexes, size, [&tree](uint32_t level, uint64_t index) {
                     return absl::StatusOr<Digest>(tree.Node(level, index));
                   }));
  return answer;
}

absl::StatusOr<LogAnswer> MemoryConnection::ProveInclusion(uint64_t index, uint64_t size,
                                                           absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckReporter(member_));
  if (size > broker_.log_.size() || index >= size) return TooMuch("the log index");
  return LogAnswer{broker_.SignedCheckpoint(size), broker_.LogOf(size).InclusionPath(index)};
}

absl::StatusOr<LogAnswer> MemoryConnection::ProveConsistency(uint64_t old_size, uint64_t new_size,
                                                             absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckReporter(member_));
  if (new_size > broker_.log_.size() || old_size > new_size) return TooMuch("the log size");
  return LogAnswer{broker_.SignedCheckpoint(new_size),
                   broker_.LogOf(new_size).ConsistencyPath(old_size)};
}

}  // namespace shield
