// shield directory publish | refresh | show | verify
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/open_authority.h"
#include "client/cli/open_client.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/verified_directory.h"

namespace shield::cli {
namespace {

// What publishing and refreshing both need.
struct AuthorityCall {
  Authority authority;
  Passphrase passphrase;
  std::shared_ptr<Connection> connection;
  absl::Duration timeout;
};

absl::StatusOr<AuthorityCall> OpenCall(Session& session) {
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  ASSIGN_OR_RETURN(const absl::Duration timeout, session.Timeout());
  ASSIGN_OR_RETURN(Passphrase passphrase, session.Passphrase("Passphrase of the authority's keys: ",
                                                             authority.home().KeysAreWrapped()));
  ASSIGN_OR_RETURN(std::shared_ptr<Connection> connection,
                   ConnectAuthority(session, authority, passphrase));
  return AuthorityCall{std::move(authority), std::move(passphrase), std::move(connection), timeout};
}

// How long the log was when the note was signed, by the broker's own signed word.
absl::StatusOr<uint64_t> LogSize(AuthorityCall& call, absl::string_view log_key) {
  const absl::StatusOr<LogAnswer> answer = call.connection->GetCheckpoint(0, call.timeout);
  // A broker without a directory has logged nothing.
  if (RuleOf(answer.status()) == "NO_DIRECTORY") return 0;
  RETURN_IF_ERROR(answer.status());
  ASSIGN_OR_RETURN(const VerifierKey key, VerifierKey::Parse(log_key));
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, VerifyCheckpoint(answer->checkpoint, key));
  return checkpoint.size;
}

// What became of an upload whose answer never came.
absl::Status SettleEarlierUpload(AuthorityCall& call) {
  if (!call.authority.HasDirectoryOnItsWay()) return absl::OkStatus();
  const absl::StatusOr<DirectoryAnswer> held = call.connection->GetDirectory(0, call.timeout);
  if (held.status().code() == absl::StatusCode::kNotFound) {
    return call.authority.SettleDirectory(std::nullopt);
  }
  RETURN_IF_ERROR(held.status());
  ASSIGN_OR_RETURN(const SignedNote note, ParseNote(held->note));
  ASSIGN_OR_RETURN(const DirectoryNote text, ParseDirectoryNote(note.text));
  return call.authority.SettleDirectory(HeldDirectory{text.version, Sha256(note.text)});
}

// What publishing itself enrolled, since the draft had `before` changes: the authority's own seat.
void TellOfNewOrgs(Output& out, const DirectoryDraft& draft, size_t before) {
  for (size_t i = before; i < draft.changes.size(); ++i) {
    if (draft.changes[i].deed != Deed::kAddOrg) continue;
    out.Note(absl::StrCat("The draft held no authority: `", draft.changes[i].id,
                          "` was added, with this home's own seat `", kSeatId, "`."));
  }
}

absl::Status Publish(Session& session) {
  ASSIGN_OR_RETURN(AuthorityCall call, OpenCall(session));
  ASSIGN_OR_RETURN(const BrokerAnswer broker, call.connection->GetBroker(call.timeout));
  RETURN_IF_ERROR(call.authority.LearnBroker(broker.broker_key, broker.log_key));
  RETURN_IF_ERROR(SettleEarlierUpload(call));
  ASSIGN_OR_RETURN(const uint64_t log_size, LogSize(call, broker.log_key));
  const size_t changes = call.authority.draft().changes.size();
  ASSIGN_OR_RETURN(const DirectoryUpload upload,
                   call.authority.PrepareDirectory(call.passphrase, log_size,
                                                   session.environment().clock.Now()));
  TellOfNewOrgs(session.out(), call.authority.draft(), changes);
  ASSIGN_OR_RETURN(const DirectoryReceipt receipt,
                   call.connection->PublishDirectory(upload, call.timeout));
  session.environment().interrupt.Settle();
  RETURN_IF_ERROR(call.authority.CommitDirectory());
  session.out().Line(absl::StrFormat("directory %d is in force", receipt.version));
  session.out().Object({{"version", receipt.version}, {"log_index", receipt.log_index}});
  return absl::OkStatus();
}

absl::Status RefreshFreshness(Session& session) {
  ASSIGN_OR_RETURN(AuthorityCall call, OpenCall(session));
  ASSIGN_OR_RETURN(const BrokerAnswer broker, call.connection->GetBroker(call.timeout));
  RETURN_IF_ERROR(call.authority.LearnBroker(broker.broker_key, broker.log_key));
  ASSIGN_OR_RETURN(const uint64_t log_size, LogSize(call, broker.log_key));
  ASSIGN_OR_RETURN(const DirectoryUpload upload,
                   call.authority.PrepareRefresh(log_size, session.environment().clock.Now()));
  ASSIGN_OR_RETURN(const DirectoryReceipt receipt,
                   call.connection->PublishDirectory(upload, call.timeout));
  session.environment().interrupt.Settle();
  RETURN_IF_ERROR(call.authority.CommitRefresh(upload.fresh));
  session.out().Line(absl::StrFormat("directory %d is fresh for another day", receipt.version));
  session.out().Object({{"version", receipt.version}});
  return absl::OkStatus();
}

nlohmann::json RecordsJson(const Directory& directory) {
  nlohmann::json orgs = nlohmann::json::array();
  for (const OrgRecord& org : directory.orgs()) {
    nlohmann::json members = nlohmann::json::array();
    for (const MemberRecord& member : directory.MembersOf(org.id)) {
      std::vector<std::string> roles;
      for (Role role : member.roles) roles.emplace_back(PrintRole(role));
      members.push_back({{"member", member.id.str()},
                         {"roles", roles},
                         {"vetting", member.vetting},
                         {"state", std::string(PrintAccountState(member.state))}});
    }
    orgs.push_back({{"org", org.id.str()},
                    {"kind", std::string(PrintOrgKind(org.kind))},
                    {"community", org.community.str()},
                    {"sectors", org.sectors},
                    {"regions", org.regions},
                    {"vetting", org.vetting},
                    {"state", std::string(PrintAccountState(org.state))},
                    {"members", std::move(members)}});
  }
  return orgs;
}

void PrintRecords(Output& out, const Directory& directory) {
  for (const OrgRecord& org : directory.orgs()) {
    out.Line(PrintOrgRecord(org));
    for (const MemberRecord& member : directory.MembersOf(org.id)) {
      out.Line(absl::StrCat("  ", PrintMemberRecord(member)));
    }
  }
}

// The directory this home knows: the authority's last published one, or what a member was shown.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> KnownDirectory(Session& session) {
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  if (home.Has(kDraftFile)) {
    ASSIGN_OR_RETURN(const Authority authority, OpenAuthority(session));
    return authority.VerifyPublished();
  }
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  if (session.offline()) return client.NewestDirectory();
  return client.SyncDirectory();
}

nlohmann::json NoteJson(const VerifiedDirectory& verified) {
  const DirectoryNote& note = verified.directory().note();
  return {{"version", note.version},
          {"network", std::string(note.network.text())},
          {"issued", PrintTime(note.issued)},
          {"expires", PrintTime(note.expires)},
          {"log", note.log_key},
          {"witnesses", note.witnesses},
          {"quorum", note.quorum},
          {"complete", verified.directory().complete()}};
}

void PrintNote(Output& out, const VerifiedDirectory& verified) {
  const DirectoryNote& note = verified.directory().note();
  out.Line(absl::StrFormat(
      "directory %d of %s, issued %s, expires %s, %s", note.version, note.network.text(),
      PrintTime(note.issued), PrintTime(note.expires),
      verified.directory().complete() ? "all organisations" : "the part this member may see"));
}

// What the vetting officer has entered since the last publication.
absl::Status ShowDraft(Session& session) {
  ASSIGN_OR_RETURN(const Authority authority, OpenAuthority(session));
  ASSIGN_OR_RETURN(const DraftReview review, authority.Review());
  for (const std::string& line : review.removed) session.out().Line(absl::StrCat("- ", line));
  for (const std::string& line : review.added) session.out().Line(absl::StrCat("+ ", line));
  session.out().Object({{"added", review.added}, {"removed", review.removed}});
  return absl::OkStatus();
}

absl::Status Show(Session& session, bool draft) {
  if (draft) return ShowDraft(session);
  ASSIGN_OR_RETURN(const std::shared_ptr<const VerifiedDirectory> verified,
                   KnownDirectory(session));
  PrintNote(session.out(), *verified);
  PrintRecords(session.out(), verified->directory());
  nlohmann::json object = NoteJson(*verified);
  object["orgs"] = RecordsJson(verified->directory());
  session.out().Object(object);
  return absl::OkStatus();
}

absl::Status Verify(Session& session) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const VerifiedDirectory> verified,
                   KnownDirectory(session));
  if (verified->ExpiredAt(session.environment().clock.Now())) {
    return WithRule(
        WithHint(absl::FailedPreconditionError(absl::StrFormat(
                     "directory %d holds, but it has expired", verified->version())),
                 "the vetting authority publishes a new one with `shield directory publish`"),
        "DIRECTORY_EXPIRED");
  }
  PrintNote(session.out(), *verified);
  session.out().Line("signatures, roots and keys hold");
  nlohmann::json object = NoteJson(*verified);
  object["verified"] = true;
  session.out().Object(object);
  return absl::OkStatus();
}

struct WitnessOptions {
  std::vector<std::string> keys;
  uint64_t quorum = 0;
};

absl::Status SetWitnesses(Session& session, const WitnessOptions& options) {
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  RETURN_IF_ERROR(authority.SetWitnesses(options.keys, options.quorum));
  session.out().Line(
      absl::StrFormat("%d witnesses, %d of them asked for; effective with the next "
                      "`shield directory publish`",
                      options.keys.size(), options.quorum));
  session.out().Object({{"witnesses", options.keys}, {"quorum", options.quorum}});
  return absl::OkStatus();
}

}  // namespace

void AddDirectoryCommands(CLI::App& app, Session& session) {
  CLI::App* directory = app.add_subcommand("directory", "Who is enrolled, signed by the authority");
  directory->require_subcommand(1);
  session.OnlineCommand(directory->add_subcommand("publish",
                                                  "Sign the draft as the next version and "
                                                  "upload it with a fresh note"),
                        [&session] { return Publish(session); });
  session.OnlineCommand(
      directory->add_subcommand("refresh", "Renew the note that says it is the newest"),
      [&session] { return RefreshFreshness(session); });
  const auto witnesses = std::make_shared<WitnessOptions>();
  CLI::App* witness =
      directory->add_subcommand("witness", "Which witnesses of the log the next version names");
  witness->add_option("VKEY", witnesses->keys, "As `shield audit witness-key` shows them");
  witness->add_option("--quorum", witnesses->quorum, "How many of them members ask for; 0: none")
      ->type_name("N")
      ->capture_default_str();
  session.Command(witness, [&session, witnesses] { return SetWitnesses(session, *witnesses); });
  const auto draft = std::make_shared<bool>(false);
  CLI::App* show = directory->add_subcommand("show", "The directory this home knows");
  show->add_flag("--draft", *draft, "What the next version will change (authority)");
  session.Command(show, [&session, draft] { return Show(session, *draft); });
  session.Command(directory->add_subcommand("verify", "Check its signatures and roots"),
                  [&session] { return Verify(session); });
}

}  // namespace shield::cli
