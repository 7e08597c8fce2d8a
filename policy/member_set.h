// A set of members of one directory: a bit each, so that who was sent each of thousands of
// bulletins among ten thousand members takes a few megabytes.
//
//   MemberSet sent_to = MemberSet::Of(*directory, members);
//   sent_to.FirstMissing(readers)   // nothing: each of the readers is in it
//
// Value. Two sets are compared with each other only when they are of one directory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/strong_id.h"
#include "policy/directory.h"

namespace shield {

class MemberSet {
 public:
  MemberSet() = default;  // empty, of a directory of nobody
  explicit MemberSet(const Directory& directory);
  // Whoever is not in the directory is passed over.
  static MemberSet Of(const Directory& directory, std::span<const MemberId> members);

  // `index` in Directory::members(), below their number.
  void Add(size_t index);
  // All of `others`, of the same directory.
  void AddAll(const MemberSet& others);
  bool Contains(size_t index) const;
  size_t size() const;
  bool empty() const;

  // The lowest index that is in `others` and not here.
  std::optional<size_t> FirstMissing(const MemberSet& others) const;

  friend bool operator==(const MemberSet&, const MemberSet&) = default;

 private:
  std::vector<uint64_t> words_;
};

// Where a record of the directory stands in members().
size_t IndexOf(const Directory& directory, const MemberRecord& member);

}  // namespace shield
