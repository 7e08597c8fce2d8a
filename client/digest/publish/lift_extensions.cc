#include "client/digest/publish/lift_extensions.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace shield {
namespace {

bool IsLive(const BriefingCandidate& candidate) {
  return candidate.bulletin.state == InboxState::kLive &&
         candidate.terms.state == BulletinState::kLive;
}

// It is told that it ended, and nothing of what it said.
bool HasEnded(const BriefingCandidate& candidate) {
  const InboxState state = candidate.bulletin.state;
  return candidate.terms.state != BulletinState::kLive || state == InboxState::kWithdrawn ||
         state == InboxState::kSuperseded || state == InboxState::kExpired;
}

// The time to acknowledge it may have been over when it was extended.
bool SayTheSame(const BriefingCandidate& one, const BriefingCandidate& other) {
  BriefedContent content = one.bulletin.content;
  content.acknowledge_by = other.bulletin.content.acknowledge_by;
  return one.terms.tlp == other.terms.tlp && content == other.bulletin.content;
}

class Lifting {
 public:
  Lifting(const Directory& directory, std::vector<BriefingCandidate>& candidates)
      : directory_(directory), candidates_(candidates) {
    for (size_t i = 0; i < candidates.size(); ++i) places_.emplace(candidates[i].bulletin.id, i);
  }

  void Lift() && {
    std::map<size_t, std::vector<size_t>> families;  // of each bulletin its extensions
    for (size_t i = 0; i < candidates_.size(); ++i) {
      if (const auto original = OriginalOf(i); original.has_value()) {
        families[*original].push_back(i);
      }
    }
    for (const auto& [original, extensions] : families) LiftAll(original, extensions);
  }

 private:
  // What `index` extends, when the one has what the other has. Of an extension that has ended no
  // content is here, and none is told: whom it carried what to is enough.
  std::optional<size_t> Extended(size_t index) const {
    const BriefingCandidate& extension = candidates_[index];
    const bool counts = IsLive(extension) || HasEnded(extension);
    if (!extension.extends.has_value() || !counts) return std::nullopt;
    const auto found = places_.find(*extension.extends);
    if (found == places_.end()) return std::nullopt;
    const BriefingCandidate& extended = candidates_[found->second];
    const bool known =
        extended.terms.source == extension.terms.source && extended.sent_to != nullptr;
    const bool same = HasEnded(extension) || (IsLive(extended) && SayTheSame(extended, extension));
    return known && same ? std::optional(found->second) : std::nullopt;
  }

  // The bulletin at the end of that: an extension may be extended. References name earlier
  // bulletins, so that there is an end.
  std::optional<size_t> OriginalOf(size_t index) const {
    std::optional<size_t> original = Extended(index);
    for (size_t steps = 0; original.has_value(); ++steps) {
      if (steps == candidates_.size()) return std::nullopt;
      const std::optional<size_t> earlier = Extended(*original);
      if (!earlier.has_value()) break;
      original = earlier;
    }
    return original;
  }

  // Who holds a live one holds what the others of them say. Of what one that has ended said nothing
  // is known, so that holding it lifts the exclusions of nothing but what has ended.
  void LiftAll(size_t original, const std::vector<size_t>& extensions) {
    std::shared_ptr<const MemberSet> before = candidates_[original].sent_to;
    for (const bool ended : {false, true}) {
      auto holders = std::make_shared<MemberSet>(*before);
      for (const size_t each : extensions) {
        const BriefingCandidate& extension = candidates_[each];
        const bool adds = HasEnded(extension) == ended && extension.sent_to != nullptr;
        if (adds) holders->AddAll(*extension.sent_to);
      }
      for (const size_t each : extensions) {
        if (HasEnded(candidates_[each]) == ended) Lift(original, holders, candidates_[each]);
      }
      before = std::move(holders);
    }
  }

  void Lift(size_t original, const std::shared_ptr<const MemberSet>& holders,
            BriefingCandidate& extension) {
    extension.original = candidates_[original].bulletin.id;
    extension.lifted = extension.terms;
    std::erase_if(extension.lifted->targets.not_members,
                  [&](const MemberId& member) { return Holds(*holders, member); });
    if (extension.sent_to != nullptr) extension.sent_to = holders;
  }

  // Who is not in the directory is no reader of anything.
  bool Holds(const MemberSet& holders, const MemberId& id) const {
    const MemberRecord* member = directory_.FindMember(id);
    return member == nullptr || holders.Contains(IndexOf(directory_, *member));
  }

  const Directory& directory_;
  std::vector<BriefingCandidate>& candidates_;
  absl::flat_hash_map<BulletinId, size_t> places_;
};

}  // namespace

void LiftExtensions(const Directory& directory, std::vector<BriefingCandidate>& candidates) {
  Lifting(directory, candidates).Lift();
}

}  // namespace shield
