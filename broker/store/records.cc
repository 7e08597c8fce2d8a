#include "broker/store/records.h"

#include <algorithm>

namespace shield::store {

BulletinRecord RecordOf(const PublishCommand& command, const PublishReceipt& receipt) {
  return {.id = command.id,
          .sender = command.sender,
          .state = BulletinState::kLive,
          .statement = command.statement,
          .text_digest = command.text_digest,
          .openings = command.openings,
          .source = command.source,
          .community = command.community,
          .named = command.named,
          .referrals = command.referrals,
          .part_bytes = command.part_bytes,
          .commit = receipt.commit,
          .log_index = receipt.log_index,
          .directory_version = receipt.directory_version,
          .recipients = receipt.recipients,
          .told = receipt.told,
          .expires = command.expires};
}

Bytes ResumeToken::Encode() const {
  Bytes out;
  out.reserve(kSize);
  Append(out, epoch);
  AppendU64(out, seq);
  Append(out, id);
  return out;
}

std::optional<ResumeToken> ResumeToken::Decode(ByteSpan bytes) {
  if (bytes.size() != kSize) return std::nullopt;
  ResumeToken token;
  std::copy_n(bytes.begin(), 16, token.epoch.begin());
  token.seq = ReadU64(bytes.subspan(16, 8));
  std::copy_n(bytes.begin() + 24, 16, token.id.begin());
  return token;
}

}  // namespace shield::store
