#include "client/authority/draft.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "policy/directory_note.h"
#include "policy/fields.h"
#include "policy/line_reader.h"

namespace shield {
namespace {

constexpr TextKind kKind = {"draft", "DRAFT_MALFORMED", kMaxDirectoryDraftBytes};

constexpr std::array<std::pair<DraftDeed, absl::string_view>, 12> kDeeds = {{
    {DraftDeed::kAddOrg, "org-add"},
    {DraftDeed::kAddMember, "member-add"},
    {DraftDeed::kSuspend, "suspend"},
    {DraftDeed::kReinstate, "reinstate"},
    {DraftDeed::kRevoke, "revoke"},
    {DraftDeed::kConfirm, "confirm"},
    {DraftDeed::kRekey, "rekey"},
    {DraftDeed::kEndKeys, "end-keys"},
    {DraftDeed::kNewBroker, "new-broker"},
    {DraftDeed::kAdopt, "adopt"},
    {DraftDeed::kSetOrg, "org-set"},
    {DraftDeed::kSetMember, "member-set"},
}};

DraftDeed ParseDeed(absl::string_view word) {
  for (const auto& deed : kDeeds) {
    if (deed.second == word) return deed.first;
  }
  return DraftDeed::kUnspecified;
}

absl::string_view PrintDeed(DraftDeed deed) {
  for (const auto& known : kDeeds) {
    if (known.first == deed) return known.second;
  }
  return "unspecified";
}

absl::Status TakeWitnesses(LineReader& lines, DirectoryDraft& draft) {
  if (!lines.NextIs("witness")) return absl::OkStatus();
  while (lines.NextIs("witness")) {
    ASSIGN_OR_RETURN(absl::string_view key, lines.Take("witness"));
    if (draft.witnesses.size() == kMaxWitnesses) return lines.Refuse("too many witnesses");
    draft.witnesses.emplace_back(key);
  }
  ASSIGN_OR_RETURN(absl::string_view quorum, lines.Take("quorum"));
  if (absl::SimpleAtoi(quorum, &draft.quorum) && draft.quorum <= draft.witnesses.size()) {
    return absl::OkStatus();
  }
  return lines.Refuse("not a number of at most as many as there are witnesses");
}

absl::StatusOr<DirectoryDraft> TakeHead(LineReader& lines) {
  RETURN_IF_ERROR(lines.TakeWhole("shield/draft/v1"));
  ASSIGN_OR_RETURN(absl::string_view text, lines.Take("network"));
  const std::optional<Origin> network = Origin::Parse(text);
  if (!network.has_value()) return lines.Refuse("not the name of a network");
  DirectoryDraft draft{.network = *network};
  if (lines.NextIs("broker-key")) {
    ASSIGN_OR_RETURN(absl::string_view broker_key, lines.Take("broker-key"));
    ASSIGN_OR_RETURN(absl::string_view log_key, lines.Take("log"));
    draft.broker_key = std::string(broker_key);
    draft.log_key = std::string(log_key);
  }
  RETURN_IF_ERROR(TakeWitnesses(lines, draft));
  return draft;
}

// One organisation with its own lines.
absl::StatusOr<OrgLines> TakeOrg(LineReader& lines) {
  OrgLines org;
  RETURN_IF_ERROR(lines.Take("org").status());
  org.line = std::string(lines.line());
  while (lines.NextIs("key") || lines.NextIs("member")) {
    RETURN_IF_ERROR(lines.Take(lines.NextIs("key") ? "key" : "member").status());
    org.own_lines.emplace_back(lines.line());
  }
  return org;
}

absl::Status TakeRecords(LineReader& lines, DirectoryRecords& all) {
  while (lines.NextIs("org")) {
    ASSIGN_OR_RETURN(const OrgLines org, TakeOrg(lines));
    ASSIGN_OR_RETURN(DirectoryRecords records, ParseOrgLines(org));
    std::move(records.orgs.begin(), records.orgs.end(), std::back_inserter(all.orgs));
    std::move(records.members.begin(), records.members.end(), std::back_inserter(all.members));
    std::move(records.keys.begin(), records.keys.end(), std::back_inserter(all.keys));
  }
  return absl::OkStatus();
}

absl::Status TakeChallenge(LineReader& lines, DirectoryDraft& draft) {
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> fields, lines.TakeFields("challenge", 2));
  std::optional<MemberId> member = MemberId::Parse(fields[0]);
  const std::optional<Digest> digest = ParseDigest(fields[1]);
  if (!member.has_value() || !digest.has_value()) return lines.Refuse("not a member and a digest");
  draft.challenges.push_back({*std::move(member), *digest});
  return absl::OkStatus();
}

absl::Status TakeChange(LineReader& lines, DirectoryDraft& draft) {
  ASSIGN_OR_RETURN(absl::string_view text, lines.Take("change"));
  const std::vector<absl::string_view> fields = absl::StrSplit(text, absl::MaxSplits(' ', 3));
  if (fields.size() != 4) return lines.Refuse("not a moment, a deed, an id and a reason");
  const std::optional<absl::Time> time = ParseMoment(fields[0]);
  const DraftDeed deed = ParseDeed(fields[1]);
  Change change{
      .time = time.value_or(absl::UnixEpoch()), .deed = deed, .id = std::string(fields[2])};
  if (!time.has_value() || deed == DraftDeed::kUnspecified || !IsIdentifier(change.id) ||
      !absl::CUnescape(fields[3], &change.reason)) {
    return lines.Refuse("not a moment, a deed, an id and a reason");
  }
  draft.changes.push_back(std::move(change));
  return absl::OkStatus();
}

}  // namespace

OrgRecord* DirectoryDraft::FindOrg(const OrgId& id) {
  const auto found = std::find_if(records.orgs.begin(), records.orgs.end(),
                                  [&id](const OrgRecord& org) { return org.id == id; });
  return found == records.orgs.end() ? nullptr : &*found;
}

MemberRecord* DirectoryDraft::FindMember(const MemberId& id) {
  const auto found = std::find_if(records.members.begin(), records.members.end(),
                                  [&id](const MemberRecord& member) { return member.id == id; });
  return found == records.members.end() ? nullptr : &*found;
}

const PendingChallenge* DirectoryDraft::FindChallenge(const MemberId& member) const {
  const auto found =
      std::find_if(challenges.begin(), challenges.end(),
                   [&member](const PendingChallenge& pending) { return pending.member == member; });
  return found == challenges.end() ? nullptr : &*found;
}

absl::StatusOr<DirectoryDraft> ParseDraft(absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  ASSIGN_OR_RETURN(DirectoryDraft draft, TakeHead(lines));
  RETURN_IF_ERROR(TakeRecords(lines, draft.records));
  while (lines.NextIs("challenge")) RETURN_IF_ERROR(TakeChallenge(lines, draft));
  while (lines.NextIs("change")) RETURN_IF_ERROR(TakeChange(lines, draft));
  RETURN_IF_ERROR(lines.Finish());
  return draft;
}

std::string PrintDraft(const DirectoryDraft& draft, std::span<const OrgLines> orgs) {
  std::string text = absl::StrCat("shield/draft/v1\nnetwork ", draft.network.text(), "\n");
  if (!draft.broker_key.empty()) {
    absl::StrAppend(&text, "broker-key ", draft.broker_key, "\nlog ", draft.log_key, "\n");
  }
  for (const std::string& witness : draft.witnesses) {
    absl::StrAppend(&text, "witness ", witness, "\n");
  }
  if (!draft.witnesses.empty()) absl::StrAppend(&text, "quorum ", draft.quorum, "\n");
  for (const OrgLines& org : orgs) {
    absl::StrAppend(&text, org.line, "\n");
    for (const std::string& line : org.own_lines) absl::StrAppend(&text, line, "\n");
  }
  for (const PendingChallenge& pending : draft.challenges) {
    absl::StrAppend(&text, "challenge ", pending.member.text(), " ",
                    PrintDigest(pending.answer_digest), "\n");
  }
  for (const Change& change : draft.changes) {
    absl::StrAppend(&text, "change ", PrintMoment(change.time), " ", PrintDeed(change.deed), " ",
                    change.id, " ");
    absl::StrAppend(&text, absl::CHexEscape(change.reason), "\n");
  }
  return text;
}

}  // namespace shield
