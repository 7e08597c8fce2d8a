#include "client/transport/answer_codec.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "proto/wire/limits.h"

namespace shield {
namespace {

absl::StatusOr<Digest> ToDigest(absl::string_view bytes, absl::string_view what) {
  const std::optional<Digest> digest = Digest::FromBytes(AsBytes(bytes));
  if (!digest.has_value()) return MalformedAnswer(absl::StrCat(what, " is not 32 bytes"));
  return *digest;
}

absl::StatusOr<std::vector<Digest>> ToProof(
    const google::protobuf::RepeatedPtrField<std::string>& hashes) {
  std::vector<Digest> proof;
  proof.reserve(static_cast<size_t>(hashes.size()));
  for (const std::string& hash : hashes) {
    ASSIGN_OR_RETURN(const Digest digest, ToDigest(hash, "a hash of a proof"));
    proof.push_back(digest);
  }
  return proof;
}

constexpr size_t kHashBytes = 32;

absl::StatusOr<std::vector<Digest>> ToPackedProof(absl::string_view hashes) {
  if (hashes.size() % kHashBytes != 0) {
    return MalformedAnswer("the proof of a batch is no list of hashes");
  }
  std::vector<Digest> proof;
  proof.reserve(hashes.size() / kHashBytes);
  for (size_t at = 0; at < hashes.size(); at += kHashBytes) {
    proof.push_back(*Digest::FromBytes(AsBytes(hashes.substr(at, kHashBytes))));
  }
  return proof;
}

absl::Status CheckSize(absl::string_view bytes, size_t limit, absl::string_view what) {
  if (bytes.size() <= limit) return absl::OkStatus();
  return MalformedAnswer(
      absl::StrCat(what, " has ", bytes.size(), " bytes, and ", limit, " is the limit"));
}

absl::Status CheckSizes(const v1::Shared& shared) {
  RETURN_IF_ERROR(CheckSize(shared.statement(), wire::kMaxStatementBytes, "a statement"));
  RETURN_IF_ERROR(CheckSize(shared.ended_by(), wire::kMaxStatementBytes, "a statement"));
  RETURN_IF_ERROR(CheckSize(shared.shared_original(), wire::kMaxStatementBytes, "a statement"));
  return CheckSize(shared.payload(), wire::kChunkBytes, "the payload beside an entry");
}

DeliveryState ToState(v1::EntryState state) {
  switch (state) {
    case v1::ENTRY_STATE_LIVE:
      return DeliveryState::kLive;
    case v1::ENTRY_STATE_EMBARGOED:
      return DeliveryState::kEmbargoed;
    case v1::ENTRY_STATE_EXPIRED:
      return DeliveryState::kExpired;
    case v1::ENTRY_STATE_WITHDRAWN:
      return DeliveryState::kWithdrawn;
    case v1::ENTRY_STATE_SUPERSEDED:
      return DeliveryState::kSuperseded;
    default:
      return DeliveryState::kUnspecified;
  }
}

absl::StatusOr<DeliveredEntry> ToEntry(v1::Entry&& message) {
  v1::Shared& shared = *message.mutable_shared();
  v1::Own& own = *message.mutable_own();
  RETURN_IF_ERROR(CheckSizes(shared));
  DeliveredEntry entry;
  entry.seq = own.seq();
  entry.statement = std::move(*shared.mutable_statement());
  entry.log_index = shared.log_index();
  entry.payload = ToBytes(AsBytes(shared.payload()));
  entry.state = ToState(shared.state());
  if (entry.state == DeliveryState::kUnspecified) return MalformedAnswer("an entry has no state");
  entry.ended_by = std::move(*shared.mutable_ended_by());
  entry.shared_original = std::move(*shared.mutable_shared_original());
  entry.slot = ToBytes(AsBytes(own.slot()));
  ASSIGN_OR_RETURN(entry.slot_hash, ToDigest(own.slot_hash(), "the hash of a slot"));
  entry.leaf_index = own.leaf_index();
  ASSIGN_OR_RETURN(entry.leaf_proof, ToProof(own.leaf_proof()));
  for (v1::Opening& opening : *own.mutable_openings()) {
    RETURN_IF_ERROR(CheckSize(opening.token(), wire::kMaxTokenBytes, "the token of an opening"));
    entry.openings.push_back(
        {ToBytes(AsBytes(opening.salt())), std::move(*opening.mutable_token())});
  }
  return entry;
}

}  // namespace

absl::Status MalformedAnswer(absl::string_view what) {
  return WithHint(
      WithRule(absl::DataLossError(absl::StrCat("the broker's answer is malformed: ", what)),
               "ANSWER_MALFORMED"),
      "update this program if the broker is newer; otherwise report it to the vetting authority");
}

absl::StatusOr<SubscriptionMessage> ToSubscriptionMessage(v1::SubscribeResponse&& message) {
  SubscriptionMessage result;
  RETURN_IF_ERROR(CheckSize(message.hello().head(), wire::kMaxNoteBytes, "the head of a hello"));
  RETURN_IF_ERROR(CheckSize(message.mark().head(), wire::kMaxNoteBytes, "the head of a mark"));
  RETURN_IF_ERROR(
      CheckSize(message.mark().resume_token(), wire::kMaxResumeTokenBytes, "a resume token"));
  if (message.has_hello()) {
    result.hello = {std::move(*message.mutable_hello()->mutable_head()),
                    message.hello().directory_version(),
                    absl::FromUnixMillis(message.hello().time_unix_ms())};
  }
  result.entries.reserve(static_cast<size_t>(message.entries_size()));
  for (v1::Entry& entry : *message.mutable_entries()) {
    ASSIGN_OR_RETURN(DeliveredEntry value, ToEntry(std::move(entry)));
    result.entries.push_back(std::move(value));
  }
  if (message.has_mark()) {
    result.mark = {std::move(*message.mutable_mark()->mutable_head()),
                   ToBytes(AsBytes(message.mark().resume_token()))};
  }
  if (message.has_heartbeat()) {
    result.heartbeat = {message.heartbeat().directory_version(),
                        absl::FromUnixMillis(message.heartbeat().time_unix_ms())};
  }
  return result;
}

absl::StatusOr<DirectoryAnswer> ToDirectoryHead(v1::DirectoryHead&& message) {
  RETURN_IF_ERROR(CheckSize(message.note(), wire::kMaxNoteBytes, "the note of a directory"));
  RETURN_IF_ERROR(CheckSize(message.fresh(), wire::kMaxNoteBytes, "a freshness note"));
  RETURN_IF_ERROR(CheckSize(message.authority(), wire::kMaxAuthorityBytes, "the rotations"));
  DirectoryAnswer answer;
  answer.note = std::move(*message.mutable_note());
  answer.fresh = std::move(*message.mutable_fresh());
  answer.unchanged = message.unchanged();
  answer.authority = std::move(*message.mutable_authority());
  return answer;
}

absl::StatusOr<DirectoryPart> ToDirectoryPart(v1::DirectoryOrganisation&& message) {
  DirectoryPart part;
  part.index = message.index();
  ASSIGN_OR_RETURN(part.proof, ToProof(message.proof()));
  RETURN_IF_ERROR(CheckSize(message.line(), wire::kMaxLineBytes, "a line of a directory"));
  part.line = std::move(*message.mutable_line());
  for (std::string& line : *message.mutable_own_lines()) {
    RETURN_IF_ERROR(CheckSize(line, wire::kMaxLineBytes, "a line of a directory"));
    part.own_lines.push_back(std::move(line));
  }
  return part;
}

absl::StatusOr<PublishReceipt> ToPublishReceipt(v1::PublishResponse&& message) {
  PublishReceipt receipt;
  receipt.id = BulletinId::FromBytes(AsBytes(message.id()));
  if (!receipt.id.has_value()) return MalformedAnswer("the id of a receipt is not 16 bytes");
  receipt.recipients = message.recipients();
  receipt.directory_version = message.directory_version();
  receipt.log_index = message.log_index();
  receipt.replayed = message.replayed();
  receipt.told = message.told();
  for (const std::string& warning : message.warnings()) {
    RETURN_IF_ERROR(CheckSize(warning, wire::kMaxRuleBytes, "a warning"));
    receipt.warnings.push_back(warning);
  }
  return receipt;
}

absl::Status AppendReaders(const v1::GetStatusResponse& message,
                           std::vector<ReaderStatus>& readers) {
  for (const v1::RecipientStatus& recipient : message.recipients()) {
    const std::optional<MemberId> member = MemberId::Parse(recipient.member());
    const std::optional<OrgId> org = OrgId::Parse(recipient.org());
    if (!member.has_value() || !org.has_value()) {
      return MalformedAnswer("a recipient has no valid id");
    }
    ReaderStatus reader{*member, *org, recipient.acknowledged(), recipient.told()};
    if (!recipient.shared_by().empty()) {
      reader.shared_by = MemberId::Parse(recipient.shared_by());
      if (!reader.shared_by.has_value()) return MalformedAnswer("a sharer has no valid id");
    }
    for (const std::string& receipt : recipient.receipts()) {
      RETURN_IF_ERROR(CheckSize(receipt, wire::kMaxReceiptBytes, "a receipt"));
      reader.receipts.push_back(receipt);
    }
    readers.push_back(std::move(reader));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ToStatement(v1::GetStatusResponse&& message) {
  if (message.statement().empty() || message.recipients_size() > 0) {
    return MalformedAnswer("it is not a statement alone");
  }
  RETURN_IF_ERROR(CheckSize(message.statement(), wire::kMaxStatementBytes, "a statement"));
  return std::move(*message.mutable_statement());
}

absl::StatusOr<std::vector<std::string>> ToRules(v1::AddReceiptsResponse&& message, size_t count) {
  if (static_cast<size_t>(message.rules_size()) != count) {
    return MalformedAnswer("it speaks of another number of receipts");
  }
  std::vector<std::string> rules;
  rules.reserve(count);
  for (std::string& rule : *message.mutable_rules()) {
    RETURN_IF_ERROR(CheckSize(rule, wire::kMaxRuleBytes, "a rule"));
    rules.push_back(std::move(rule));
  }
  return rules;
}

absl::StatusOr<RetentionPage> ToRetentionPage(v1::GetRetentionResponse&& message) {
  RetentionPage page;
  page.rows.reserve(static_cast<size_t>(message.rows_size()));
  for (v1::RetentionRow& from : *message.mutable_rows()) {
    RetentionRow row;
    if (!from.id().empty()) {
      row.id = BulletinId::FromBytes(AsBytes(from.id()));
      if (!row.id.has_value()) return MalformedAnswer("the id of a row is not 16 bytes");
    }
    ASSIGN_OR_RETURN(row.text_digest, ToDigest(from.text_digest(), "the digest of a row"));
    RETURN_IF_ERROR(CheckSize(from.bulletin_class(), wire::kMaxVocabularyBytes, "a class"));
    RETURN_IF_ERROR(CheckSize(from.label(), wire::kMaxVocabularyBytes, "a label"));
    row.log_index = from.log_index();
    row.bulletin_class = std::move(*from.mutable_bulletin_class());
    row.label = std::move(*from.mutable_label());
    row.issued = absl::FromUnixSeconds(from.issued_unix_s());
    row.expires = absl::FromUnixSeconds(from.expires_unix_s());
    row.row_days = from.row_days();
    page.rows.push_back(std::move(row));
  }
  if (message.more()) {
    page.next = RetentionPlace{absl::FromUnixSeconds(message.next_unix_s()), message.next_rows()};
  }
  page.unerased = message.unerased();
  return page;
}

absl::StatusOr<Bytes> ToChunk(const v1::FetchResponse& message) {
  RETURN_IF_ERROR(CheckSize(message.data(), wire::kChunkBytes, "a chunk"));
  return ToBytes(AsBytes(message.data()));
}

absl::StatusOr<LogAnswer> ToLogAnswer(v1::LogResponse&& message) {
  RETURN_IF_ERROR(CheckSize(message.checkpoint(), wire::kMaxNoteBytes, "a checkpoint"));
  LogAnswer answer;
  answer.checkpoint = std::move(*message.mutable_checkpoint());
  ASSIGN_OR_RETURN(answer.proof, ToProof(message.proof()));
  RETURN_IF_ERROR(CheckSize(message.witnessed(), wire::kMaxNoteBytes, "a witnessed checkpoint"));
  answer.witnessed = std::move(*message.mutable_witnessed());
  ASSIGN_OR_RETURN(answer.witnessed_proof, ToProof(message.witnessed_proof()));
  if (message.batch_proof().empty()) return answer;
  RETURN_IF_ERROR(
      CheckSize(message.batch_proof(), wire::kMaxBatchProofBytes, "the proof of a batch"));
  ASSIGN_OR_RETURN(answer.proof, ToPackedProof(message.batch_proof()));
  return answer;
}

absl::StatusOr<Bytes> ToTile(const v1::LogResponse& message) {
  RETURN_IF_ERROR(CheckSize(message.tile(), wire::kMaxTileBytes, "a tile of the log"));
  return ToBytes(AsBytes(message.tile()));
}

}  // namespace shield
