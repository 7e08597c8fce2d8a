// What an application was handed and its home had no room to note, so that it is not handed twice.
//
//   UnnotedHandings unnoted;
//   if (!unnoted.Keep(entry.chain_hash.span(), {opens_from, receipt})) …;   // as many as it keeps
//   if (unnoted.Find(entry.chain_hash.span()).has_value()) …
//
// In memory alone: another process, or the next subscription, hands all of it once more.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "base/bytes.h"
#include "client/state/state.h"

namespace shield {

// Thread-compatible.
class UnnotedHandings {
 public:
  // Beyond it nothing is handed that cannot be noted.
  static constexpr size_t kMax = 1024;

  // What there is to note.
  struct Handed {
    std::optional<absl::Time> opens_from;  // it was handed closed (HandOver::MayOpenFrom)
    std::optional<DueReceipt> receipt;
  };

  // Nothing when it was not handed, or was noted. `key` says which entry it is: its chain hash, or
  // id and digest of the text of what was carried.
  std::optional<Handed> Find(ByteSpan key) const;

  bool full() const { return handed_.size() >= kMax; }
  // Keeps it, in place of what it kept under that key; false when full.
  bool Keep(ByteSpan key, const Handed& handed);
  void Forget(ByteSpan key);
  void Clear() { handed_.clear(); }

 private:
  std::map<std::string, Handed> handed_;
};

}  // namespace shield
