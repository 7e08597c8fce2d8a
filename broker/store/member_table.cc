#include "broker/store/member_table.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"
#include "broker/store/store_values.h"
#include "policy/proof/inbox_chain.h"

namespace shield::store {

absl::Status MemberTable::Load(RocksDatabase& database) {
  MutexLock lock(mutex_);
  std::map<uint32_t, MemberId> found;
  RETURN_IF_ERROR(database.Scan(
      Column::kMeta, MemberPrefix(), AfterPrefix(MemberPrefix()),
      [&database, &found](absl::string_view key, absl::string_view value) -> absl::StatusOr<bool> {
        const std::optional<MemberId> member = MemberId::Parse(key.substr(1));
        const std::optional<uint32_t> number = DecodeU32(value);
        if (!member.has_value() || !number.has_value() || !found.emplace(*number, *member).second) {
          return database.Damaged("a member row cannot be read");
        }
        return true;
      }));
  for (const auto& [number, member] : found) {
    if (number != names_.size()) return database.Damaged("member numbers have a gap");
    names_.push_back(member);
    numbers_.emplace(member, MemberNumber{number});
    RETURN_IF_ERROR(LoadStanding(database, MemberNumber{number}));
  }
  return absl::OkStatus();
}

absl::Status MemberTable::LoadStanding(RocksDatabase& database, MemberNumber number) {
  MemberStanding standing{.number = number};
  const Key from = InboxKey(number, 0);
  Key prefix;
  PutU32(prefix, number.value);
  ASSIGN_OR_RETURN(auto last, database.Last(Column::kInbox, from, AfterPrefix(prefix)));
  if (last.has_value()) {
    standing.last_seq = ReadU64(AsBytes(last->first).subspan(4));
    const std::optional<InboxEntry> entry = DecodeInboxEntry(standing.last_seq, last->second);
    if (!entry.has_value()) return database.Damaged("an inbox row cannot be read");
    standing.hash = entry->chain_hash;
  } else {
    standing.hash = InboxGenesis(names_[number.value]);
  }
  ASSIGN_OR_RETURN(auto cursor, database.Get(Column::kMeta, CursorKey(number)));
  if (cursor.has_value()) {
    const std::optional<uint64_t> acknowledged = DecodeU64(*cursor);
    if (!acknowledged.has_value() || *acknowledged > standing.last_seq) {
      return database.Damaged(
          absl::StrCat("the cursor of member ", number.value, " is beyond its last entry"));
    }
    standing.acknowledged = *acknowledged;
  }
  standings_.push_back(standing);
  return absl::OkStatus();
}

std::optional<MemberStanding> MemberTable::Find(const MemberId& member) {
  MutexLock lock(mutex_);
  auto found = numbers_.find(member);
  if (found == numbers_.end()) return std::nullopt;
  return standings_[found->second.value];
}

std::optional<MemberId> MemberTable::Name(MemberNumber number) {
  MutexLock lock(mutex_);
  if (number.value >= names_.size()) return std::nullopt;
  return names_[number.value];
}

std::optional<uint64_t> MemberTable::Acknowledged(MemberNumber number) {
  MutexLock lock(mutex_);
  if (number.value >= standings_.size()) return std::nullopt;
  return standings_[number.value].acknowledged;
}

uint32_t MemberTable::size() {
  MutexLock lock(mutex_);
  return static_cast<uint32_t>(names_.size());
}

void MemberTable::Apply(const std::vector<Change>& changes) {
  MutexLock lock(mutex_);
  for (const Change& change : changes) {
    const uint32_t number = change.standing.number.value;
    if (number == names_.size()) {
      names_.push_back(change.member);
      numbers_.emplace(change.member, change.standing.number);
      standings_.emplace_back();
    }
    SHIELD_CHECK(number < names_.size());
    standings_[number] = change.standing;
  }
}

}  // namespace shield::store
