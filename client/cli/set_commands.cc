// shield org set, shield member set: corrections of the draft directory, each shown as a
// difference.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/open_authority.h"
#include "policy/vocabulary.h"

namespace shield::cli {
namespace {

constexpr absl::string_view kNoEnd = "none";

struct OrgOptions {
  std::string id;
  std::optional<std::string> kind, community, sectors, regions, until, client_of, from;
  std::optional<int> vetting;
};

struct MemberOptions {
  std::string id;
  std::optional<std::string> org, roles, until, exercise;
  std::optional<int> vetting;
};

// A record as people read it: its fields by name, in one order.
using Fields = std::vector<std::pair<std::string, std::string>>;

std::string EndOf(const Period& period) {
  return period.until == NoEnd() ? std::string(kNoEnd) : PrintTime(period.until);
}

std::string RolesOf(const MemberRecord& member) {
  return absl::StrJoin(member.roles, ",", [](std::string* out, Role role) {
    const absl::string_view word = PrintRole(role);
    out->append(word.data(), word.size());
  });
}

// Whose client it is stands on the providers' lines.
std::string ProvidersOf(const OrgId& id, const DirectoryDraft& draft) {
  std::vector<std::string> providers;
  for (const OrgRecord& provider : draft.records.orgs) {
    for (const ClientRelation& relation : provider.clients) {
      if (relation.client != id) continue;
      providers.push_back(
          absl::StrCat(provider.id.text(), " from ", PrintTime(relation.period.from)));
    }
  }
  return absl::StrJoin(providers, ", ");
}

absl::StatusOr<Fields> FieldsOf(const OrgId& id, const DirectoryDraft& draft) {
  for (const OrgRecord& org : draft.records.orgs) {
    if (org.id != id) continue;
    return Fields{
        {"kind", std::string(PrintOrgKind(org.kind))}, {"community", org.community.str()},
        {"sectors", absl::StrJoin(org.sectors, ",")},  {"regions", absl::StrJoin(org.regions, ",")},
        {"vetting", absl::StrCat(org.vetting)},        {"until", EndOf(org.period)},
        {"client_of", ProvidersOf(id, draft)}};
  }
  return absl::NotFoundError(absl::StrCat("no organisation `", id.text(), "` in the draft"));
}

absl::StatusOr<Fields> FieldsOf(const MemberId& id, const DirectoryDraft& draft) {
  for (const MemberRecord& member : draft.records.members) {
    if (member.id != id) continue;
    return Fields{{"org", member.org.str()},
                  {"roles", RolesOf(member)},
                  {"vetting", absl::StrCat(member.vetting)},
                  {"exercise", member.exercise ? "yes" : "no"},
                  {"until", EndOf(member.period)}};
  }
  return absl::NotFoundError(absl::StrCat("no member `", id.text(), "` in the draft"));
}

// Says what is another now.
void ShowChange(Session& session, const std::string& noun, absl::string_view id,
                const Fields& before, const Fields& after) {
  nlohmann::json changed = nlohmann::json::array();
  for (size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    session.out().Line(
        absl::StrCat("- ", noun, " ", id, " ", before[i].first, " ", before[i].second));
    session.out().Line(
        absl::StrCat("+ ", noun, " ", id, " ", after[i].first, " ", after[i].second));
    changed.push_back(
        {{"field", after[i].first}, {"from", before[i].second}, {"to", after[i].second}});
  }
  session.out().Note(changed.empty()
                         ? "Nothing is another than before."
                         : "This is in the draft; `shield directory publish` makes it count.");
  session.out().Object({{noun, std::string(id)}, {"changed", std::move(changed)}});
}

absl::Status NothingSaid() {
  return WithHint(UsageError("nothing was said that is to be another"),
                  "give one of the options of `add`");
}

absl::StatusOr<absl::Time> ReadEnd(const std::string& text) {
  if (text == kNoEnd) return NoEnd();
  return ParseDateOption("--until", text);
}

absl::StatusOr<OrgChange> ReadChange(const OrgOptions& options) {
  OrgChange change{.vetting = options.vetting};
  if (options.kind.has_value()) {
    change.kind = ParseOrgKind(*options.kind);
    if (!change.kind.has_value()) {
      return WithHint(UsageError(absl::StrCat("--kind `", *options.kind, "` is not known")),
                      "use authority, member or client");
    }
  }
  if (options.community.has_value()) {
    ASSIGN_OR_RETURN(change.community, ParseIdOption<CommunityId>(*options.community, "community"));
  }
  if (options.sectors.has_value()) change.sectors = SplitList(*options.sectors);
  if (options.regions.has_value()) change.regions = SplitList(*options.regions);
  if (options.until.has_value()) {
    ASSIGN_OR_RETURN(change.until, ReadEnd(*options.until));
  }
  if (options.client_of.has_value()) {
    ASSIGN_OR_RETURN(change.client_of, ParseIdOption<OrgId>(*options.client_of, "organisation"));
  }
  if (options.from.has_value()) {
    if (!options.client_of.has_value()) return UsageError("--from goes with --client-of");
    ASSIGN_OR_RETURN(change.client_from, ParseDateOption("--from", *options.from));
  }
  return change;
}

absl::StatusOr<MemberChange> ReadChange(const MemberOptions& options) {
  MemberChange change{.vetting = options.vetting};
  if (options.org.has_value()) {
    ASSIGN_OR_RETURN(change.org, ParseIdOption<OrgId>(*options.org, "organisation"));
  }
  if (options.roles.has_value()) {
    ASSIGN_OR_RETURN(change.roles, ReadRoles(*options.roles));
  }
  if (options.exercise.has_value()) change.exercise = *options.exercise == "yes";
  if (options.until.has_value()) {
    ASSIGN_OR_RETURN(change.until, ReadEnd(*options.until));
  }
  return change;
}

absl::Status SetOrg(Session& session, const OrgOptions& options) {
  ASSIGN_OR_RETURN(const OrgId id, ParseIdOption<OrgId>(options.id, "organisation"));
  ASSIGN_OR_RETURN(const OrgChange change, ReadChange(options));
  if (change == OrgChange{}) return NothingSaid();
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  ASSIGN_OR_RETURN(const Fields before, FieldsOf(id, authority.draft()));
  RETURN_IF_ERROR(AsUsageError(authority.SetOrg(id, change, session.environment().clock.Now())));
  ASSIGN_OR_RETURN(const Fields after, FieldsOf(id, authority.draft()));
  ShowChange(session, "org", id.text(), before, after);
  return absl::OkStatus();
}

absl::Status SetMember(Session& session, const MemberOptions& options) {
  ASSIGN_OR_RETURN(const MemberId id, ParseIdOption<MemberId>(options.id, "member"));
  ASSIGN_OR_RETURN(const MemberChange change, ReadChange(options));
  if (change == MemberChange{}) return NothingSaid();
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  ASSIGN_OR_RETURN(const Fields before, FieldsOf(id, authority.draft()));
  RETURN_IF_ERROR(AsUsageError(authority.SetMember(id, change, session.environment().clock.Now())));
  ASSIGN_OR_RETURN(const Fields after, FieldsOf(id, authority.draft()));
  ShowChange(session, "member", id.text(), before, after);
  return absl::OkStatus();
}

void AddSetOrg(CLI::App& org, Session& session) {
  const auto options = std::make_shared<OrgOptions>();
  CLI::App* set = org.add_subcommand("set", "Correct an organisation in the draft");
  set->add_option("ID", options->id, "Its id")->required();
  set->add_option("--kind", options->kind, "authority, member or client");
  set->add_option("--sectors", options->sectors, "Codes, between commas, in the place of all");
  set->add_option("--regions", options->regions, "NUTS or country codes, in the place of all");
  set->add_option("--vetting", options->vetting, "0 to 3")->check(CLI::Range(0, kMaxVetting));
  set->add_option("--community", options->community, "Its community");
  set->add_option("--until", options->until, "When its enrolment ends, or `none`")
      ->type_name("DATE");
  set->add_option("--client-of", options->client_of,
                  "The organisation it is a client of, in the place of those before")
      ->type_name("ID");
  set->add_option("--from", options->from, "Since when it is")->type_name("DATE");
  session.Command(set, [&session, options] { return SetOrg(session, *options); });
}

void AddSetMember(CLI::App& member, Session& session) {
  const auto options = std::make_shared<MemberOptions>();
  CLI::App* set = member.add_subcommand("set", "Correct a member in the draft");
  set->add_option("ID", options->id, "The member")->required();
  set->add_option("--org", options->org, "Its organisation");
  set->add_option("--roles", options->roles, "Between commas, in the place of all");
  set->add_option("--vetting", options->vetting, "0 to 3")->check(CLI::Range(0, kMaxVetting));
  set->add_option("--until", options->until, "When its enrolment ends, or `none`")
      ->type_name("DATE");
  set->add_option("--exercise", options->exercise, "yes or no: takes part in exercises")
      ->check(CLI::IsMember({"yes", "no"}));
  session.Command(set, [&session, options] { return SetMember(session, *options); });
}

}  // namespace

void AddSetCommands(CLI::App& org, CLI::App& member, Session& session) {
  AddSetOrg(org, session);
  AddSetMember(member, session);
}

}  // namespace shield::cli
