// What the looks at one board have found out about the shares that its receipts name, so that a
// watch asks for each of them once.
//
//   ShareMemory memory;
//   for (;;) client.Board(id, memory);
//
// A share that was found is signed and stays what it is. One that does not hold, or that the broker
// does not give, is asked for again when the directory has changed, by which it was judged, and not
// before. Specification: docs/spec/receipt.md, "The board".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"

namespace shield {

// A share of a bulletin, verified: what those who hold it by that share sign about.
struct KnownShare {
  MemberId sharer;
  Digest text_digest;  // of its statement
  absl::Time issued;
  std::string fault = {};  // rule by which that statement was refused
};

// Thread-compatible.
class ShareMemory {
 public:
  // Of one bulletin; no further share is asked for beyond.
  static constexpr size_t kMaxRemembered = 16'384;

  // A look at this bulletin, under this version of the directory, begins. Of another bulletin
  // everything is forgotten.
  void Begin(const BulletinId& bulletin, uint64_t directory_version);
  // Whether it was asked for, found or not.
  bool Knows(const BulletinId& share) const { return asked_.contains(share); }
  bool full() const { return asked_.size() >= kMaxRemembered; }
  // Nothing: the broker does not give it.
  void Note(const BulletinId& share, std::optional<KnownShare> found);
  // Those that were found, with those that were refused.
  std::map<BulletinId, KnownShare> Found() const;

 private:
  std::optional<BulletinId> bulletin_;
  uint64_t directory_version_ = 0;
  std::map<BulletinId, std::optional<KnownShare>> asked_;
};

}  // namespace shield
