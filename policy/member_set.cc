#include "policy/member_set.h"

#include <algorithm>
#include <bit>

namespace shield {
namespace {

constexpr size_t kBits = 64;

}  // namespace

MemberSet::MemberSet(const Directory& directory)
    : words_((directory.members().size() + kBits - 1) / kBits) {}

MemberSet MemberSet::Of(const Directory& directory, std::span<const MemberId> members) {
  MemberSet set(directory);
  for (const MemberId& id : members) {
    const MemberRecord* member = directory.FindMember(id);
    if (member != nullptr) set.Add(IndexOf(directory, *member));
  }
  return set;
}

void MemberSet::Add(size_t index) { words_[index / kBits] |= uint64_t{1} << (index % kBits); }

void MemberSet::AddAll(const MemberSet& others) {
  if (words_.size() < others.words_.size()) words_.resize(others.words_.size());
  for (size_t i = 0; i < others.words_.size(); ++i) words_[i] |= others.words_[i];
}

bool MemberSet::Contains(size_t index) const {
  const size_t word = index / kBits;
  return word < words_.size() && ((words_[word] >> (index % kBits)) & 1) != 0;
}

size_t MemberSet::size() const {
  size_t members = 0;
  for (uint64_t word : words_) members += static_cast<size_t>(std::popcount(word));
  return members;
}

bool MemberSet::empty() const {
  return std::all_of(words_.begin(), words_.end(), [](uint64_t word) { return word == 0; });
}

std::optional<size_t> MemberSet::FirstMissing(const MemberSet& others) const {
  for (size_t i = 0; i < others.words_.size(); ++i) {
    const uint64_t missing = others.words_[i] & ~(i < words_.size() ? words_[i] : 0);
    if (missing != 0) return i * kBits + static_cast<size_t>(std::countr_zero(missing));
  }
  return std::nullopt;
}

size_t IndexOf(const Directory& directory, const MemberRecord& member) {
  return static_cast<size_t>(&member - directory.members().data());
}

}  // namespace shield
