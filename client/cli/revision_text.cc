#include "client/cli/revision_text.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "client/cli/counted.h"
#include "client/digest/edition_choice.h"
#include "client/digest/publish/edition_standing.h"

namespace shield::cli {
namespace {

// As many as a line names.
constexpr size_t kMostNames = 8;

// What keeps something out though it stands in none that is replaced.
bool IsForSomeReaders(const std::string& rule) {
  return rule == "NOT_IN_SNAPSHOT" || rule == "SENT_TO_UNKNOWN" || rule == "AUDIENCE_HIDDEN";
}

absl::string_view WhyLeft(const std::string& rule) {
  if (rule == "NOT_IN_SNAPSHOT") {
    return "some of its readers were not sent it, as those who came later";
  }
  if (rule == "SENT_TO_UNKNOWN") return "whom it was sent to is not known here";
  if (rule == "AUDIENCE_HIDDEN") return "its audience is hidden from this seat";
  return "some of its readers may not have it any more";
}

// What each that is replaced tells of.
absl::flat_hash_set<BulletinId> ToldBefore(const PreparedEdition& prepared) {
  absl::flat_hash_set<BulletinId> told;
  for (const HeldEdition& edition : prepared.replaced.Family()) {
    told.insert(edition.contains.begin(), edition.contains.end());
  }
  return told;
}

// Of each that the edition tells of as live, the bulletin whose content that is.
absl::flat_hash_set<BulletinId> ToldAsLive(const PreparedEdition& prepared) {
  const Edition& edition = prepared.made.edition;
  absl::flat_hash_set<BulletinId> told;
  for (const BriefedBulletin& bulletin : prepared.made.admission.bulletins) {
    const absl::Time appeared = Appeared(bulletin);
    const bool known = appeared < edition.week.end() && appeared <= edition.as_of;
    if (!known || bulletin.state != InboxState::kLive) continue;
    told.insert(bulletin.original.value_or(bulletin.id));
  }
  return told;
}

// How many were left out by one rule.
struct LeftByRule {
  size_t in_force = 0;
  size_t ended = 0;
};

absl::string_view DeedFor(Unreached::Way way) {
  switch (way) {
    case Unreached::Way::kExtend:
      return "`shield bulletin extend` sends this one to them";
    case Unreached::Way::kPermit:
      return "`shield bulletin permit` sends this one to them";
    case Unreached::Way::kNewKeys:
      return "they have no key now: tell them in another way";
    case Unreached::Way::kAnotherWay:
      break;
  }
  return "not all that stands in it is for them, or was sent to them: tell them in another way";
}

std::string MemberNames(const std::vector<MemberId>& members) {
  std::string names;
  for (size_t i = 0; i < std::min(members.size(), kMostNames); ++i) {
    absl::StrAppend(&names, i == 0 ? "" : ", ", members[i].text());
  }
  if (members.size() > kMostNames) {
    absl::StrAppend(&names, " and ", members.size() - kMostNames, " more");
  }
  return names;
}

}  // namespace

std::vector<std::string> LeftOutSentences(const PreparedEdition& prepared) {
  const Edition& edition = prepared.made.edition;
  const absl::flat_hash_set<BulletinId> told = ToldBefore(prepared);
  const absl::flat_hash_set<BulletinId> live = ToldAsLive(prepared);
  std::map<std::string, LeftByRule> by_rule;
  for (const Admission::Left& left : prepared.made.admission.left_out) {
    const bool in_force = edition.as_of < left.in_force_until;
    // What it says is told, by another that says the same.
    if (in_force && live.contains(left.original.value_or(left.id))) continue;
    const bool of_now =
        in_force && left.appeared < edition.week.end() && IsForSomeReaders(left.rule);
    // What another says that stands in it is told.
    const bool lost = told.contains(left.id) && left.rule != "NOT_BRIEFED";
    if (!of_now && !lost) continue;
    LeftByRule& counted = by_rule[left.rule];
    ++(in_force ? counted.in_force : counted.ended);
  }
  std::vector<std::string> sentences;
  for (const auto& [rule, left] : by_rule) {
    const std::string why =
        absl::StrCat(", ", rule, ": ", WhyLeft(rule), "; --dry-run --json lists what is left out");
    const std::string week = edition.week.Print();
    if (left.in_force > 0) {
      sentences.push_back(
          absl::StrCat(Counted(left.in_force, "bulletin"), " in force left out of ", week, why));
    }
    if (left.ended > 0) {
      sentences.push_back(absl::StrCat(Counted(left.ended, "bulletin"),
                                       " of the edition before left out of ", week,
                                       ", which does not say that it has ended", why));
    }
  }
  return sentences;
}

std::vector<std::string> NotReachedSentences(const PreparedEdition& prepared) {
  std::map<Unreached::Way, std::vector<MemberId>> by_way;
  for (const Unreached& each : prepared.not_reached) by_way[each.way].push_back(each.member);
  std::vector<std::string> sentences;
  sentences.reserve(by_way.size());
  for (const auto& [way, members] : by_way) {
    sentences.push_back(absl::StrCat("not reached, though they had the edition of ",
                                     prepared.made.edition.week.Print(), ": ", MemberNames(members),
                                     "; ", DeedFor(way)));
  }
  return sentences;
}

std::vector<std::string> StandingSentences(const PreparedEdition& prepared) {
  const Edition& edition = prepared.made.edition;
  const std::string command = ReplacingCommand(edition.week, edition.tier);
  std::vector<std::string> sentences;
  sentences.reserve(prepared.replaced.standing.size());
  for (const HeldEdition& each : prepared.replaced.standing) {
    sentences.push_back(absl::StrCat(
        "`", each.id.ToHex(), "` by `", each.author.text(), "`, which carries the edition of ",
        edition.week.Print(), " to more readers, holds on: `", each.author.text(),
        "` or any analyst of the force replaces it by `", command, "`"));
  }
  return sentences;
}

nlohmann::json RevisionJson(const PreparedEdition& prepared) {
  nlohmann::json not_reached = nlohmann::json::array();
  for (const Unreached& each : prepared.not_reached) {
    not_reached.push_back({{"member", each.member.str()}, {"way", PrintWay(each.way)}});
  }
  nlohmann::json standing = nlohmann::json::array();
  for (const HeldEdition& each : prepared.replaced.standing) {
    standing.push_back({{"id", each.id.ToHex()}, {"author", each.author.str()}});
  }
  return {{"not_reached", std::move(not_reached)}, {"standing", std::move(standing)}};
}

}  // namespace shield::cli
