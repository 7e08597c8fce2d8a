#include "broker/store/records.h"

#include <algorithm>

namespace shield::store {

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
