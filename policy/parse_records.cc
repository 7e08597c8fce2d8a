#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "policy/fields.h"
#include "policy/record_line.h"
#include "policy/records.h"
#include "policy/regions.h"

namespace shield {
namespace {

absl::Status ParsePlaces(RecordLine& line, OrgRecord& org) {
  ASSIGN_OR_RETURN(std::vector<absl::string_view> sectors, line.List("sectors"));
  for (absl::string_view code : sectors) {
    if (!IsSector(code)) return line.RefuseCode(absl::StrCat("no such sector: ", Quoted(code)));
    org.sectors.emplace_back(code);
  }
  ASSIGN_OR_RETURN(std::vector<absl::string_view> regions, line.List("regions"));
  for (absl::string_view code : regions) {
    if (!IsRegion(code)) return line.RefuseCode(absl::StrCat("no such region: ", Quoted(code)));
    org.regions.emplace_back(code);
  }
  return absl::OkStatus();
}

// "<id>:<from>-<until>"
std::optional<ClientRelation> ParseClient(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  if (parts.size() != 2) return std::nullopt;
  const std::vector<absl::string_view> moments = absl::StrSplit(parts[1], '-');
  if (moments.size() != 2) return std::nullopt;
  const std::optional<OrgId> client = OrgId::Parse(parts[0]);
  const std::optional<Period> period = ParsePeriodPair(moments[0], moments[1]);
  if (!client.has_value() || !period.has_value()) return std::nullopt;
  return ClientRelation{*client, *period};
}

absl::Status ParseClients(RecordLine& line, OrgRecord& org) {
  ASSIGN_OR_RETURN(std::vector<absl::string_view> clients, line.List("clients"));
  for (absl::string_view text : clients) {
    const std::optional<ClientRelation> relation = ParseClient(text);
    if (!relation.has_value()) {
      return line.Refuse(absl::StrCat(Quoted(text), " is not <id>:<from>-<until>"));
    }
    if (relation->client == org.id) return line.Refuse("an organisation is not its own client");
    org.clients.push_back(*relation);
  }
  return absl::OkStatus();
}

// "<n>:<base64 root>"
absl::Status ParseOwnLines(RecordLine& line, OrgRecord& org) {
  ASSIGN_OR_RETURN(absl::string_view text, line.Attribute("members"));
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  if (parts.size() != 2) return line.Refuse("members is not <n>:<root>");
  const std::optional<uint64_t> count = ParseNumber(parts[0]);
  const std::optional<Digest> root = ParseDigest(parts[1]);
  if (!count.has_value() || !root.has_value()) return line.Refuse("members is not <n>:<root>");
  if (*count == 0 && *root != DigestOfNothing()) {
    return line.Refuse("the root of no lines is SHA-256 of nothing");
  }
  org.own_lines = *count;
  org.own_lines_root = *root;
  return absl::OkStatus();
}

bool IsKeyValue(KeyUse use, absl::string_view value, const MemberId& member) {
  switch (use) {
    case KeyUse::kUnspecified:
      break;
    case KeyUse::kSeal:
      return IsAgeRecipientText(value);
    case KeyUse::kSign: {
      const std::optional<absl::string_view> name = VerifierKeyName(value);
      return name.has_value() && absl::EndsWith(*name, absl::StrCat("/", member.text()));
    }
    case KeyUse::kTls:
      return ParseDigest(value).has_value();
  }
  return false;
}

}  // namespace

absl::StatusOr<OrgRecord> ParseOrgRecord(absl::string_view text) {
  ASSIGN_OR_RETURN(RecordLine line, RecordLine::Create(text, "org"));
  ASSIGN_OR_RETURN(absl::string_view id_text, line.Word("the id"));
  const std::optional<OrgId> id = OrgId::Parse(id_text);
  if (!id.has_value()) return line.Refuse("the id is not an organisation's id");
  ASSIGN_OR_RETURN(absl::string_view kind_text, line.Attribute("kind"));
  const std::optional<OrgKind> kind = ParseOrgKind(kind_text);
  if (!kind.has_value()) return line.Refuse("no such kind");
  ASSIGN_OR_RETURN(absl::string_view community_text, line.Attribute("community"));
  const std::optional<CommunityId> community = CommunityId::Parse(community_text);
  if (!community.has_value()) return line.Refuse("the community is not an id");

  OrgRecord org{.id = *id, .kind = *kind, .community = *community};
  RETURN_IF_ERROR(ParsePlaces(line, org));
  ASSIGN_OR_RETURN(org.vetting, line.Vetting());
  ASSIGN_OR_RETURN(org.state, line.State());
  ASSIGN_OR_RETURN(org.period, line.FromUntil());
  RETURN_IF_ERROR(ParseClients(line, org));
  RETURN_IF_ERROR(ParseOwnLines(line, org));
  RETURN_IF_ERROR(line.Finish());
  return org;
}

absl::StatusOr<MemberRecord> ParseMemberRecord(absl::string_view text) {
  ASSIGN_OR_RETURN(RecordLine line, RecordLine::Create(text, "member"));
  ASSIGN_OR_RETURN(absl::string_view id_text, line.Word("the id"));
  const std::optional<MemberId> id = MemberId::Parse(id_text);
  if (!id.has_value()) return line.Refuse("the id is not a member's id");
  ASSIGN_OR_RETURN(absl::string_view org_text, line.Attribute("org"));
  const std::optional<OrgId> org = OrgId::Parse(org_text);
  if (!org.has_value()) return line.Refuse("the organisation is not an id");

  MemberRecord member{.id = *id, .org = *org};
  ASSIGN_OR_RETURN(std::vector<absl::string_view> roles, line.List("roles"));
  for (absl::string_view word : roles) {
    const std::optional<Role> role = ParseRole(word);
    if (!role.has_value()) return line.Refuse(absl::StrCat("no such role: ", Quoted(word)));
    member.roles.push_back(*role);
  }
  ASSIGN_OR_RETURN(member.vetting, line.Vetting());
  ASSIGN_OR_RETURN(member.state, line.State());
  ASSIGN_OR_RETURN(member.period, line.FromUntil());
  ASSIGN_OR_RETURN(absl::string_view exercise, line.Attribute("exercise"));
  if (exercise != "yes" && exercise != "no") return line.Refuse("exercise is yes or no");
  member.exercise = exercise == "yes";
  RETURN_IF_ERROR(line.Finish());
  return member;
}

absl::StatusOr<KeyRecord> ParseKeyRecord(absl::string_view text) {
  ASSIGN_OR_RETURN(RecordLine line, RecordLine::Create(text, "key"));
  ASSIGN_OR_RETURN(absl::string_view id_text, line.Word("the member"));
  const std::optional<MemberId> id = MemberId::Parse(id_text);
  if (!id.has_value()) return line.Refuse("the id is not a member's id");
  ASSIGN_OR_RETURN(absl::string_view use_text, line.Word("the use"));
  const std::optional<KeyUse> use = ParseKeyUse(use_text);
  if (!use.has_value()) return line.Refuse("the use is not seal, sign or tls");
  ASSIGN_OR_RETURN(absl::string_view value, line.Word("the key"));
  if (!IsKeyValue(*use, value, *id)) {
    return line.Refuse(absl::StrCat("the value is not this member's key to ", use_text));
  }

  KeyRecord key{.member = *id, .use = *use, .value = std::string(value)};
  ASSIGN_OR_RETURN(key.period, line.FromUntil());
  RETURN_IF_ERROR(line.Finish());
  return key;
}

}  // namespace shield
