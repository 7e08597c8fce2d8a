// shield org add, shield member add | confirm | rekey | suspend | reinstate | revoke | end-keys:
// changes to the draft directory.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "client/cli/commands.h"
#include "client/cli/input_file.h"
#include "client/cli/open_authority.h"
#include "client/home/private_file.h"
#include "client/text/terminal_text.h"
#include "crypto/fingerprint.h"
#include "policy/proof/enrolment.h"
#include "policy/proof/rekey.h"
#include "policy/vocabulary.h"

namespace shield::cli {
namespace {

constexpr absl::string_view kOtherFingerprint =
    "If one differs, publish nothing yet: `shield member end-keys ID --reason TEXT` ends these "
    "keys, "
    "and `shield member rekey` enters those of a request that does compare.";
constexpr absl::string_view kNotYet =
    "This is in the draft; `shield directory publish` makes it count.";

struct OrgOptions {
  std::string id, kind, community, sectors, regions, until, client_of, from;
  int vetting = 0;
};

struct MemberOptions {
  std::vector<std::string> requests;
  std::string org, roles, until;
  std::string challenge;  // where to write it; empty: none
  int vetting = 0;
  bool exercise = false;
};

struct RekeyOptions {
  std::string request;
  uint64_t overlap_days = 14;
};

struct ConfirmOptions {
  std::string id, answer;
};

struct StateOptions {
  std::string id, reason, confirm;
};

absl::StatusOr<NewOrg> ReadNewOrg(const OrgOptions& options) {
  ASSIGN_OR_RETURN(const OrgId id, ParseIdOption<OrgId>(options.id, "organisation"));
  NewOrg org{.id = id};
  const std::optional<OrgKind> kind = ParseOrgKind(options.kind);
  if (!kind.has_value()) {
    return WithHint(UsageError(absl::StrCat("--kind `", options.kind, "` is not known")),
                    "use authority, member or client");
  }
  org.kind = *kind;
  org.sectors = SplitList(options.sectors);
  org.regions = SplitList(options.regions);
  org.vetting = options.vetting;
  if (!options.community.empty()) {
    ASSIGN_OR_RETURN(org.community, ParseIdOption<CommunityId>(options.community, "community"));
  }
  if (!options.until.empty()) {
    ASSIGN_OR_RETURN(org.until, ParseDateOption("--until", options.until));
  }
  if (!options.client_of.empty()) {
    ASSIGN_OR_RETURN(org.client_of, ParseIdOption<OrgId>(options.client_of, "organisation"));
  }
  if (!options.from.empty()) {
    ASSIGN_OR_RETURN(org.client_from, ParseDateOption("--from", options.from));
  }
  return org;
}

absl::Status AddOrg(Session& session, const OrgOptions& options) {
  ASSIGN_OR_RETURN(const NewOrg org, ReadNewOrg(options));
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  RETURN_IF_ERROR(AsUsageError(authority.AddOrg(org, session.environment().clock.Now())));
  session.out().Line(absl::StrCat("added ", org.id.text()));
  session.out().Note(kNotYet);
  session.out().Object({{"org", org.id.str()}, {"kind", options.kind}});
  return absl::OkStatus();
}

absl::StatusOr<std::vector<NewMember>> ReadNewMembers(const MemberOptions& options) {
  ASSIGN_OR_RETURN(const OrgId org, ParseIdOption<OrgId>(options.org, "organisation"));
  NewMember pattern{.request = {}, .org = org};
  ASSIGN_OR_RETURN(pattern.roles, ReadRoles(options.roles));
  pattern.vetting = options.vetting;
  pattern.exercise = options.exercise;
  if (!options.until.empty()) {
    ASSIGN_OR_RETURN(pattern.until, ParseDateOption("--until", options.until));
  }
  std::vector<NewMember> members;
  for (const std::string& path : options.requests) {
    members.push_back(pattern);
    ASSIGN_OR_RETURN(members.back().request, ReadSignedFile(path, "request", kMaxRequestBytes));
  }
  return members;
}

// Enrols them; a challenged one stays pending.
absl::Status Enrol(Session& session, Authority& authority, const std::vector<NewMember>& members,
                   const std::string& challenge) {
  const absl::Time now = session.environment().clock.Now();
  if (challenge.empty()) return authority.AddMembers(members, now);
  if (members.size() != 1) {
    return WithHint(UsageError("a challenge is for one member"), "give --request once");
  }
  ASSIGN_OR_RETURN(const std::string sealed,
                   authority.AddPendingMember(members.front(), now, session.environment().random));
  RETURN_IF_ERROR(WritePrivateFile(challenge, AsBytes(sealed)));
  session.out().Note(absl::StrCat("The member is pending. Send it ", TerminalLine(challenge),
                                  " and give its answer to `shield member confirm`."));
  return absl::OkStatus();
}

absl::Status AddMembers(Session& session, const MemberOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<NewMember> members, ReadNewMembers(options));
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  RETURN_IF_ERROR(Enrol(session, authority, members, options.challenge));
  nlohmann::json added = nlohmann::json::array();
  for (const NewMember& member : members) {
    ASSIGN_OR_RETURN(const EnrolmentRequest request,
                     VerifyEnrolmentRequest(member.request, authority.network()));
    const Fingerprint fingerprint = RequestFingerprint(request);
    session.out().Line(absl::StrCat("added ", request.member.text(), " to ", member.org.text()));
    session.out().Line(absl::StrCat("  ", fingerprint.Words()));
    session.out().Line(absl::StrCat("  ", fingerprint.Base32()));
    added.push_back(
        {{"member", request.member.str()},
         {"org", member.org.str()},
         {"fingerprint", {{"words", fingerprint.Words()}, {"base32", fingerprint.Base32()}}}});
  }
  session.out().Note("Compare each fingerprint with what the member reads out to you.");
  session.out().Note(kOtherFingerprint);
  session.out().Note(kNotYet);
  session.out().Object({{"added", std::move(added)}});
  return absl::OkStatus();
}

absl::Status Confirm(Session& session, const ConfirmOptions& options) {
  ASSIGN_OR_RETURN(const MemberId id, ParseIdOption<MemberId>(options.id, "member"));
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  RETURN_IF_ERROR(authority.ConfirmMember(id, options.answer, session.environment().clock.Now()));
  session.out().Line(absl::StrCat("confirmed ", id.text()));
  session.out().Note(kNotYet);
  session.out().Object({{"member", id.str()}, {"state", "active"}});
  return absl::OkStatus();
}

absl::Status Rekey(Session& session, const RekeyOptions& options) {
  ASSIGN_OR_RETURN(const std::string request,
                   ReadSignedFile(options.request, "request", kMaxRequestBytes));
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  const absl::StatusOr<MemberId> member = authority.RekeyMember(
      request, absl::Hours(24) * options.overlap_days, session.environment().clock.Now());
  if (!member.ok()) return AsUsageError(member.status());
  session.out().Line(absl::StrCat("new keys of ", member->text()));
  nlohmann::json object = {{"member", member->str()}, {"signed_by_present_key", true}};
  if (!IsRekeyRequest(request)) {
    ASSIGN_OR_RETURN(const EnrolmentRequest keys,
                     VerifyEnrolmentRequest(request, authority.network()));
    const Fingerprint fingerprint = RequestFingerprint(keys);
    session.out().Line(absl::StrCat("  ", fingerprint.Words()));
    session.out().Line(absl::StrCat("  ", fingerprint.Base32()));
    session.out().Note("Compare the fingerprint with what the member reads out to you.");
    session.out().Note(kOtherFingerprint);
    object["signed_by_present_key"] = false;
    object["fingerprint"] = {{"words", fingerprint.Words()}, {"base32", fingerprint.Base32()}};
  }
  session.out().Note(kNotYet);
  session.out().Object(object);
  return absl::OkStatus();
}

using StateChange = absl::Status (Authority::*)(const MemberId&, absl::string_view, absl::Time);

absl::Status ApplyChange(Session& session, Authority& authority, const MemberId& id,
                         const std::string& reason, absl::string_view done, StateChange change) {
  RETURN_IF_ERROR(AsUsageError((authority.*change)(id, reason, session.environment().clock.Now())));
  session.out().Line(absl::StrCat(done, " ", id.text()));
  session.out().Note(kNotYet);
  session.out().Object({{"member", id.str()}, {"state", std::string(done)}});
  return absl::OkStatus();
}

absl::Status ChangeState(Session& session, const StateOptions& options, absl::string_view done,
                         StateChange change) {
  ASSIGN_OR_RETURN(const MemberId id, ParseIdOption<MemberId>(options.id, "member"));
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  return ApplyChange(session, authority, id, options.reason, done, change);
}

// Whom a revocation touches, in a sentence.
absl::StatusOr<std::string> ReachOfRevoking(const Authority& authority, const MemberId& id) {
  for (const MemberRecord& member : authority.draft().records.members) {
    if (member.id != id) continue;
    return absl::StrCat("Revoking ", id.text(), " of ", member.org.text(),
                        " is final: with the next directory it loses every key and connection.");
  }
  return absl::NotFoundError(absl::StrCat("no member `", id.text(), "` in the draft"));
}

// The reach is always shown. On a terminal the id is typed again; without one, the id and the
// reason that stand on the command line are the confirmation: it is only the draft that changes.
absl::Status Revoke(Session& session, const StateOptions& options) {
  ASSIGN_OR_RETURN(const MemberId id, ParseIdOption<MemberId>(options.id, "member"));
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  ASSIGN_OR_RETURN(const std::string reach, ReachOfRevoking(authority, id));
  const bool asks = session.environment().input_is_terminal && !session.no_input();
  if (asks || !options.confirm.empty()) {
    RETURN_IF_ERROR(session.Confirm(options.id, reach, options.confirm, options.reason));
  } else {
    session.out().Note(reach);
  }
  return ApplyChange(session, authority, id, options.reason, "revoked", &Authority::Revoke);
}

void AddStateCommand(CLI::App* member, Session& session, const std::string& name,
                     const std::string& what, absl::Status (*run)(Session&, const StateOptions&)) {
  const auto options = std::make_shared<StateOptions>();
  CLI::App* command = member->add_subcommand(name, what);
  command->add_option("ID", options->id, "The member")->required();
  command->add_option("--reason", options->reason, "Why; kept in the draft")->required();
  command->add_option("--confirm", options->confirm, "The id again")->type_name("ID");
  session.Command(command, [&session, options, run] { return run(session, *options); });
}

}  // namespace

void AddEnrolmentCommands(CLI::App& app, Session& session) {
  CLI::App* org = app.add_subcommand("org", "Organisations, in the authority's draft");
  org->require_subcommand(1);
  const auto org_options = std::make_shared<OrgOptions>();
  CLI::App* add_org = org->add_subcommand("add", "Enrol an organisation");
  add_org->add_option("ID", org_options->id, "Its id")->required();
  add_org->add_option("--kind", org_options->kind, "authority, member or client")->required();
  add_org->add_option("--sectors", org_options->sectors, "Codes, between commas");
  add_org->add_option("--regions", org_options->regions, "NUTS or country codes, between commas");
  add_org->add_option("--vetting", org_options->vetting, "0 to 3")
      ->required()
      ->check(CLI::Range(0, kMaxVetting));
  add_org->add_option("--community", org_options->community, "Default: the network's own");
  add_org->add_option("--until", org_options->until, "When its enrolment ends")->type_name("DATE");
  add_org->add_option("--client-of", org_options->client_of, "The organisation it is a client of")
      ->type_name("ID");
  add_org->add_option("--from", org_options->from, "Since when it is")->type_name("DATE");
  session.Command(add_org, [&session, org_options] { return AddOrg(session, *org_options); });

  CLI::App* member = app.add_subcommand("member", "Members, in the authority's draft");
  member->require_subcommand(1);
  const auto member_options = std::make_shared<MemberOptions>();
  CLI::App* add = member->add_subcommand("add", "Enrol a member by its request");
  add->add_option("--request", member_options->requests, "request.txt; may be repeated")
      ->required()
      ->type_name("FILE");
  add->add_option("--org", member_options->org, "Its organisation")->required();
  add->add_option("--roles", member_options->roles, "Between commas")->required();
  add->add_option("--vetting", member_options->vetting, "0 to 3")
      ->required()
      ->check(CLI::Range(0, kMaxVetting));
  add->add_option("--until", member_options->until, "When its enrolment ends")->type_name("DATE");
  add->add_option("--challenge", member_options->challenge,
                  "Keep the member pending and write a challenge for it")
      ->type_name("FILE");
  add->add_flag("--exercise", member_options->exercise, "Takes part in exercises");
  session.Command(add, [&session, member_options] { return AddMembers(session, *member_options); });

  const auto confirm_options = std::make_shared<ConfirmOptions>();
  CLI::App* confirm = member->add_subcommand("confirm", "A pending member answered its challenge");
  confirm->add_option("ID", confirm_options->id, "The member")->required();
  confirm->add_option("--answer", confirm_options->answer, "What it read out")
      ->required()
      ->type_name("TEXT");
  session.Command(confirm,
                  [&session, confirm_options] { return Confirm(session, *confirm_options); });

  const auto rekey_options = std::make_shared<RekeyOptions>();
  CLI::App* rekey = member->add_subcommand("rekey", "Exchange a member's keys by its request");
  rekey->add_option("--request", rekey_options->request, "rekey.txt, or the request of a new home")
      ->required()
      ->type_name("FILE");
  rekey
      ->add_option("--overlap-days", rekey_options->overlap_days,
                   "How long the keys before go on, 0 to 90")
      ->type_name("N")
      ->check(CLI::Range(0, 90))
      ->capture_default_str();
  session.Command(rekey, [&session, rekey_options] { return Rekey(session, *rekey_options); });

  AddStateCommand(member, session, "end-keys", "End a member's keys at once; it may get new ones",
                  [](Session& s, const StateOptions& o) {
                    return ChangeState(s, o, "without keys", &Authority::EndMemberKeys);
                  });
  AddStateCommand(member, session, "suspend", "Close a member out until it is reinstated",
                  [](Session& s, const StateOptions& o) {
                    return ChangeState(s, o, "suspended", &Authority::Suspend);
                  });
  AddStateCommand(member, session, "reinstate", "End a suspension",
                  [](Session& s, const StateOptions& o) {
                    return ChangeState(s, o, "active", &Authority::Reinstate);
                  });
  AddStateCommand(member, session, "revoke", "Close a member out for good", Revoke);
  AddSetCommands(*org, *member, session);
}

}  // namespace shield::cli
