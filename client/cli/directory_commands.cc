// shield directory publish | refresh | show | verify
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "client/authority/made_note.h"
#include "client/authority/signing_file.h"
#include "client/cli/authority_call.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/fork_text.h"
#include "client/cli/input_file.h"
#include "client/cli/open_authority.h"
#include "client/cli/open_client.h"
#include "client/cli/record_text.h"
#include "client/home/private_file.h"
#include "client/text/terminal_text.h"
#include "crypto/fingerprint.h"
#include "crypto/sha256.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/verified_directory.h"

namespace shield::cli {
namespace {

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
absl::Status SettleEarlierUpload(Session& session, AuthorityCall& call,
                                 const std::optional<HeldDirectory>& held) {
  if (!call.authority.HasDirectoryOnItsWay()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Settlement settled, call.authority.SettleDirectory(held));
  if (settled.outcome == Settlement::Outcome::kGoesOutAgain) {
    session.out().Note(absl::StrFormat(
        "Directory %d was signed before and the broker does not hold it: it goes out again as it "
        "is.",
        settled.version));
  }
  if (settled.outcome == Settlement::Outcome::kPassedOver) {
    session.out().Note(
        absl::StrFormat("Directory %d was signed before and the broker does not hold it: it keeps "
                        "its text, and what was entered since becomes the version after it.",
                        settled.version));
  }
  return absl::OkStatus();
}

// What publishing itself enrolled, since the draft had `before` changes: the authority's own seat.
void TellOfNewOrgs(Output& out, const DirectoryDraft& draft, size_t before) {
  for (size_t i = before; i < draft.changes.size(); ++i) {
    if (draft.changes[i].deed != DraftDeed::kAddOrg) continue;
    out.Note(absl::StrCat("The draft held no authority: `", draft.changes[i].id,
                          "` was added, with this home's own seat `", kSeatId, "`."));
  }
}

struct DirectoryPublishOptions {
  std::string draft;  // the file that officers sign
  bool anew = false;
  bool new_fresh_key = false;
};

// Whether a file of signatures is of a version that is published: what was carried round last time.
absl::StatusOr<bool> IsOver(const Authority& authority, const std::string& text) {
  ASSIGN_OR_RETURN(const SigningFile file, ParseSigningFile(text));
  ASSIGN_OR_RETURN(const MadeNote carried, ReadMadeNote(file.next.note));
  ASSIGN_OR_RETURN(const std::optional<HeldDirectory> published, authority.PublishedHeld());
  return published.has_value() && carried.held.version <= published->version;
}

// Signatures that officers have put into the file, if it is there already. One of before, or of a
// version that is given up, is written anew in its place.
absl::Status TakeSignatures(Session& session, Authority& authority,
                            const DirectoryPublishOptions& options) {
  std::error_code ignored;
  if (options.draft.empty() || options.anew || !std::filesystem::exists(options.draft, ignored)) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string text,
                   ReadSignedFile(options.draft, "draft", kMaxSigningFileBytes));
  ASSIGN_OR_RETURN(const bool over, IsOver(authority, text));
  if (!over) return authority.AddSignatures(text, session.environment().clock.Now());
  session.out().Note(
      absl::StrCat("What ", TerminalLine(options.draft),
                   " holds is published already; its signatures are not looked at."));
  return absl::OkStatus();
}

// What is wanted, beside the error that says so; the draft in the file that is to be carried.
absl::Status WriteDraftToSign(Session& session, const Authority& authority,
                              const DirectoryPublishOptions& options) {
  ASSIGN_OR_RETURN(const std::optional<SignaturesWanted> wanted,
                   authority.Wanted(session.environment().clock.Now()));
  if (!wanted.has_value()) return absl::OkStatus();
  std::string path = authority.home().PathOf(kSigningFile);
  if (!options.draft.empty()) {
    ASSIGN_OR_RETURN(const std::string text, authority.SigningText());
    RETURN_IF_ERROR(WritePrivateFile(options.draft, AsBytes(text)));
    path = options.draft;
  }
  session.out().Note(absl::StrCat("Directory ", wanted->version, " waits for signatures in ",
                                  TerminalLine(path), "; not signed by ",
                                  absl::StrJoin(wanted->missing, ", "), "."));
  if (wanted->draft_changed) {
    session.out().Note(
        "What was entered since is not in it: publish it first, or write it anew with --anew.");
  }
  session.out().ErrorBeside({{"version", wanted->version},
                             {"draft", path},
                             {"signatures", wanted->signatures},
                             {"threshold", wanted->threshold},
                             {"missing", wanted->missing}});
  return absl::OkStatus();
}

// The version to upload. When signatures are missing, the draft is written for those who are to
// sign it.
absl::StatusOr<DirectoryUpload> Prepare(Session& session, AuthorityCall& call, uint64_t log_size,
                                        const DirectoryPublishOptions& options) {
  if (options.anew) RETURN_IF_ERROR(call.authority.DropSigning());
  RETURN_IF_ERROR(TakeSignatures(session, call.authority, options));
  const size_t changes = call.authority.draft().changes.size();
  absl::StatusOr<DirectoryUpload> upload =
      call.authority.PrepareDirectory(call.passphrase, log_size, session.environment().clock.Now());
  TellOfNewOrgs(session.out(), call.authority.draft(), changes);
  if (RuleOf(upload.status()) == "SIGNATURES_MISSING") {
    RETURN_IF_ERROR(WriteDraftToSign(session, call.authority, options));
  }
  return upload;
}

// A version that exchanges the keys of the own seat ends, when it is accepted, the very connection
// that brought it, perhaps before the answer has come: the same again, with the new keys, is
// answered.
absl::StatusOr<DirectoryReceipt> Upload(Session& session, AuthorityCall& call,
                                        const DirectoryUpload& upload) {
  absl::StatusOr<DirectoryReceipt> receipt =
      call.connection->PublishDirectory(upload, call.timeout);
  if (receipt.ok() || !ReconnectAsNewSeat(session, call)) return receipt;
  return call.connection->PublishDirectory(upload, call.timeout);
}

absl::Status PublishDirectory(Session& session, const DirectoryPublishOptions& options) {
  ASSIGN_OR_RETURN(AuthorityCall call, OpenCall(session));
  ASSIGN_OR_RETURN(const BrokerAnswer broker, call.connection->GetBroker(call.timeout));
  RETURN_IF_ERROR(call.authority.LearnBroker(broker.broker_key, broker.log_key));
  ASSIGN_OR_RETURN(const std::optional<HeldDirectory> held, HeldByBroker(call));
  if (options.new_fresh_key) {
    RETURN_IF_ERROR(call.authority.RenewFreshKey(session.environment().random));
  }
  RETURN_IF_ERROR(SettleEarlierUpload(session, call, held));
  // Before anything is signed: a home that is behind would sign a second text of some version.
  RETURN_IF_ERROR(call.authority.VersionsSince(held).status());
  ASSIGN_OR_RETURN(const uint64_t log_size, LogSize(call, broker.log_key));
  ASSIGN_OR_RETURN(DirectoryUpload upload, Prepare(session, call, log_size, options));
  ASSIGN_OR_RETURN(upload.between, call.authority.VersionsSince(held));
  ASSIGN_OR_RETURN(const DirectoryReceipt receipt, Upload(session, call, upload));
  session.environment().interrupt.Settle();
  RETURN_IF_ERROR(call.authority.CommitDirectory());
  session.out().Line(absl::StrFormat("directory %d is in force", receipt.version));
  session.out().Object({{"version", receipt.version}, {"log_index", receipt.log_index}});
  return absl::OkStatus();
}

struct AcceptOptions {
  std::string confirm, reason;
};

// The number of the version that waits for other officers' signatures; 0 when none does.
absl::StatusOr<uint64_t> WaitingVersion(Session& session, const Authority& authority) {
  ASSIGN_OR_RETURN(const std::optional<SignaturesWanted> wanted,
                   authority.Wanted(session.environment().clock.Now()));
  return wanted.has_value() ? wanted->version : 0;
}

// A version that waited, and names what has just been exchanged, does so no more.
absl::Status TellOfGivenUp(Session& session, const Authority& authority, uint64_t waited) {
  ASSIGN_OR_RETURN(const uint64_t waits, WaitingVersion(session, authority));
  if (waited == 0 || waits != 0) return absl::OkStatus();
  session.out().Note(absl::StrFormat(
      "Directory %d, which waited for signatures, is given up: `shield directory publish` makes "
      "it anew with this, and officers sign that. Have each file of the one that was given up "
      "destroyed, at officers too: with enough signatures it would count, and name what was.",
      waited));
  return absl::OkStatus();
}

// The broker's keys are learned once. Others, after its machine was lost, are taken on a person's
// word only: the fingerprint says which.
absl::Status AcceptBrokerKeys(Session& session, const AcceptOptions& options) {
  ASSIGN_OR_RETURN(AuthorityCall call, OpenCall(session));
  ASSIGN_OR_RETURN(const BrokerAnswer broker, call.connection->GetBroker(call.timeout));
  const Fingerprint fingerprint(
      Sha256(absl::StrCat(broker.broker_key, "\n", broker.log_key, "\n")));
  session.out().Line("fingerprint of the broker's keys:");
  session.out().Line(absl::StrCat("  ", fingerprint.Words()));
  session.out().Line(absl::StrCat("  ", fingerprint.Base32()));
  RETURN_IF_ERROR(session.Confirm(
      fingerprint.Base32(),
      "Heads and checkpoints will be believed from these keys instead of those before.",
      options.confirm, options.reason));
  ASSIGN_OR_RETURN(const uint64_t waited, WaitingVersion(session, call.authority));
  RETURN_IF_ERROR(call.authority.AcceptBroker(
      broker.broker_key, broker.log_key,
      options.reason.empty() ? "confirmed on a terminal" : options.reason,
      session.environment().clock.Now()));
  RETURN_IF_ERROR(TellOfGivenUp(session, call.authority, waited));
  session.out().Note("This is in the draft; `shield directory publish` makes it count.");
  session.out().Object(
      {{"broker_key", broker.broker_key},
       {"log_key", broker.log_key},
       {"fingerprint", {{"words", fingerprint.Words()}, {"base32", fingerprint.Base32()}}}});
  return absl::OkStatus();
}

// A freshness note is for the very version that the broker holds.
absl::Status CheckHoldsPublished(AuthorityCall& call) {
  ASSIGN_OR_RETURN(const std::optional<HeldDirectory> held, HeldByBroker(call));
  ASSIGN_OR_RETURN(const std::vector<std::string> lost, call.authority.VersionsSince(held));
  if (lost.empty()) return absl::OkStatus();
  return WithHint(
      WithRule(absl::FailedPreconditionError("not refreshed: the broker holds an older directory "
                                             "than was published"),
               "DIRECTORY_STALE"),
      "it was restored from a backup, or has not taken the newest yet: run `shield directory "
      "publish`");
}

absl::Status RefreshFreshness(Session& session) {
  ASSIGN_OR_RETURN(AuthorityCall call, OpenCall(session));
  ASSIGN_OR_RETURN(const BrokerAnswer broker, call.connection->GetBroker(call.timeout));
  RETURN_IF_ERROR(call.authority.LearnBroker(broker.broker_key, broker.log_key));
  RETURN_IF_ERROR(CheckHoldsPublished(call));
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

// The directory this home knows, the authority's last published one or what a member was shown, and
// every two texts under one name that a member has seen.
struct Known {
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> directory;
  std::vector<ForkAlarm> alarms;
};

absl::StatusOr<Known> WhatIsKnown(Session& session) {
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  if (home.Has(kDraftFile)) {
    ASSIGN_OR_RETURN(const Authority authority, OpenAuthority(session));
    return Known{authority.VerifyPublished(), {}};
  }
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> directory =
      session.offline() ? client.NewestDirectory() : client.SyncDirectory();
  ASSIGN_OR_RETURN(std::vector<ForkAlarm> alarms, client.Alarms());
  return Known{std::move(directory), std::move(alarms)};
}

// Both texts of each alarm, byte for byte, for whoever is to judge them.
absl::StatusOr<nlohmann::json> WriteAlarms(const std::vector<ForkAlarm>& alarms,
                                           const std::string& folder) {
  nlohmann::json listed = nlohmann::json::array();
  if (!folder.empty() && !alarms.empty()) RETURN_IF_ERROR(MakePrivateFolder(folder));
  for (size_t i = 0; i < alarms.size(); ++i) {
    const ForkAlarm& alarm = alarms[i];
    nlohmann::json files = nlohmann::json::array();
    for (const auto& [half, text] :
         {std::pair("first", &alarm.first), std::pair("second", &alarm.second)}) {
      if (folder.empty()) break;
      const std::string path = absl::StrCat(folder, "/", alarm.kind, "-", i + 1, "-", half, ".txt");
      RETURN_IF_ERROR(WritePrivateFile(path, AsBytes(*text)));
      files.push_back(path);
    }
    listed.push_back({{"kind", alarm.kind},
                      {"subject", alarm.subject},
                      {"found", PrintTime(alarm.found)},
                      {"files", std::move(files)}});
  }
  return listed;
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
  for (const std::string& line : review.removed)
    session.out().Line(absl::StrCat("- ", ReadableRecord(line)));
  for (const std::string& line : review.added)
    session.out().Line(absl::StrCat("+ ", ReadableRecord(line)));
  session.out().Object({{"added", review.added}, {"removed", review.removed}});
  return absl::OkStatus();
}

absl::Status Show(Session& session, bool draft) {
  if (draft) return ShowDraft(session);
  ASSIGN_OR_RETURN(const Known known, WhatIsKnown(session));
  WarnOfForks(session.out(), known.alarms);
  ASSIGN_OR_RETURN(const std::shared_ptr<const VerifiedDirectory> verified, known.directory);
  PrintNote(session.out(), *verified);
  PrintRecords(session.out(), verified->directory());
  nlohmann::json object = NoteJson(*verified);
  object["orgs"] = RecordsJson(verified->directory());
  session.out().Object(object);
  return absl::OkStatus();
}

std::string WhatToDoWith(const std::string& alarms_folder) {
  if (alarms_folder.empty()) {
    return "run it with --alarms FOLDER and take both texts to the authority";
  }
  return absl::StrCat("take both texts in `", alarms_folder, "` to the authority");
}

absl::Status Verify(Session& session, const std::string& alarms_folder) {
  ASSIGN_OR_RETURN(const Known known, WhatIsKnown(session));
  WarnOfForks(session.out(), known.alarms);
  ASSIGN_OR_RETURN(nlohmann::json alarms, WriteAlarms(known.alarms, alarms_folder));
  if (!known.alarms.empty()) session.out().ErrorBeside({{"alarms", std::move(alarms)}});
  ASSIGN_OR_RETURN(const std::shared_ptr<const VerifiedDirectory> verified, known.directory);
  RETURN_IF_ERROR(ForksSeen(known.alarms, WhatToDoWith(alarms_folder)));
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
  ASSIGN_OR_RETURN(const uint64_t waited, WaitingVersion(session, authority));
  RETURN_IF_ERROR(authority.SetWitnesses(options.keys, options.quorum));
  RETURN_IF_ERROR(TellOfGivenUp(session, authority, waited));
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
  const auto publish_options = std::make_shared<DirectoryPublishOptions>();
  CLI::App* publish = directory->add_subcommand(
      "publish", "Sign the draft as the next version and upload it with a fresh note");
  publish
      ->add_option("--draft", publish_options->draft,
                   "Where the version waits for other officers' signatures")
      ->type_name("FILE");
  publish->add_flag("--anew", publish_options->anew,
                    "Forget the version that waits for signatures");
  publish->add_flag("--new-fresh-key", publish_options->new_fresh_key,
                    "Name another freshness key, because the present one is lost or stolen");
  session.OnlineCommand(
      publish, [&session, publish_options] { return PublishDirectory(session, *publish_options); });
  AddSignCommand(*directory, session);
  session.OnlineCommand(
      directory->add_subcommand("refresh", "Renew the note that says it is the newest"),
      [&session] { return RefreshFreshness(session); });
  const auto accept_options = std::make_shared<AcceptOptions>();
  CLI::App* accept = directory->add_subcommand(
      "accept-broker-keys", "Take other keys for the broker's, once its machine was made anew");
  accept->add_option("--confirm", accept_options->confirm, "The fingerprint in base32")
      ->type_name("FINGERPRINT");
  accept->add_option("--reason", accept_options->reason, "Why; kept in the draft")
      ->type_name("TEXT");
  session.OnlineCommand(
      accept, [&session, accept_options] { return AcceptBrokerKeys(session, *accept_options); });
  AddAdoptCommand(*directory, session);
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
  const auto alarms = std::make_shared<std::string>();
  CLI::App* verify = directory->add_subcommand("verify", "Check its signatures and roots");
  verify->add_option("--alarms", *alarms, "Where to write both texts of every fork that was seen")
      ->type_name("FOLDER");
  session.Command(verify, [&session, alarms] { return Verify(session, *alarms); });
}

}  // namespace shield::cli
