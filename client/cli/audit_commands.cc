// shield audit verify | ls | prove | export | witness
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "client/audit/audit_home.h"
#include "client/audit/log_witness.h"
#include "client/cli/commands.h"
#include "client/cli/fork_text.h"
#include "client/cli/open_client.h"
#include "client/cli/plan_text.h"
#include "client/home/member_keys.h"
#include "client/home/private_file.h"
#include "client/text/terminal_text.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/log_leaf.h"

namespace shield::cli {
namespace {

struct AuditOptions {
  std::string id;
  std::string out;
  bool watch = false;
  uint64_t every_s = 60;
};

// The walk. The inbox first: what comes with it is audited as well.
absl::StatusOr<AuditReport> SyncAndAudit(Session& session, Client& client) {
  const absl::StatusOr<SyncReport> synced = client.Sync();
  if (!synced.ok()) return synced.status();
  for (const std::string& warning : synced->warnings) {
    session.out().Note(absl::StrCat("shield: warning: ", WarningSentence(warning)));
  }
  return client.Audit();
}

// Tells of every two signed texts that are kept. An error while there are some that no known loss
// explains.
absl::Status CheckAlarms(Session& session, Client& client) {
  ASSIGN_OR_RETURN(const std::vector<ForkAlarm> alarms, client.Alarms());
  WarnOfForks(session.out(), alarms);
  ASSIGN_OR_RETURN(const std::vector<ForkAlarm> standing, client.StandingAlarms());
  return ForksSeen(standing,
                   "`shield directory verify --alarms FOLDER` writes both texts for the authority");
}

absl::Status Verify(Session& session) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Time begun = session.environment().clock.Now();
  const absl::StatusOr<AuditReport> walked = SyncAndAudit(session, client);
  // Afterwards: the walk may have found some, or a directory that explains those that are kept. And
  // whatever became of it: a broker that is away does not hide what it was once seen to do.
  const absl::Status cheated = CheckAlarms(session, client);
  if (absl::IsDataLoss(walked.status())) return walked.status();  // names what is broken now
  if (!walked.ok()) return Graver(cheated, walked.status());
  const AuditReport& report = *walked;
  const double seconds = absl::ToDoubleSeconds(session.environment().clock.Now() - begun);
  session.out().Line(absl::StrCat("the log of ", report.log_size, " entries holds"));
  session.out().Line(absl::StrCat("  with ", report.checkpoints, " checkpoints and ",
                                  report.directories, " directories that are kept here"));
  session.out().Line(absl::StrCat("  with ", report.entries, " entries of the inbox, ",
                                  report.refused, " of them refused, and ", report.publications,
                                  " bulletins published here"));
  if (report.lost > 0) {
    session.out().Line(absl::StrCat("  without ", report.lost,
                                    " directories and publications that a restored broker lost; "
                                    "the authority has named another log key since"));
  }
  session.out().Line(absl::StrCat("  in ", seconds, " s"));
  return session.out().ObjectUnless(cheated, {{"log_size", report.log_size},
                                              {"checkpoints", report.checkpoints},
                                              {"directories", report.directories},
                                              {"entries", report.entries},
                                              {"refused", report.refused},
                                              {"published", report.publications},
                                              {"lost", report.lost},
                                              {"seconds", seconds}});
}

nlohmann::json LeafJson(const KnownLeaf& leaf) {
  nlohmann::json object = {{"index", leaf.index}, {"kind", PrintLogKind(leaf.kind)}};
  if (leaf.id.has_value()) object["id"] = leaf.id->ToHex();
  if (leaf.directory_version.has_value()) object["version"] = *leaf.directory_version;
  return object;
}

absl::Status List(Session& session) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (Prevents(refreshed)) return refreshed;
  const absl::StatusOr<KnownLeaves> known =
      client.LogLeaves(/*ask=*/!session.offline() && refreshed.ok());
  if (!known.ok()) return Graver(refreshed, known.status());
  nlohmann::json leaves = nlohmann::json::array();
  if (!known->leaves.empty()) session.out().Line("index kind id or version");
  for (const KnownLeaf& leaf : known->leaves) {
    const std::string id = leaf.id.has_value() ? leaf.id->ToHex() : "";
    const std::string version =
        leaf.directory_version.has_value() ? absl::StrCat("version ", *leaf.directory_version) : "";
    session.out().Line(absl::StrCat(leaf.index, " ", PrintLogKind(leaf.kind), " ", id, version));
    leaves.push_back(LeafJson(leaf));
  }
  session.out().Line(
      absl::StrCat(known->leaves.size(), " of ", known->log_size, " entries are known here"));
  return session.out().ObjectUnless(
      refreshed, {{"entries", std::move(leaves)}, {"log_size", known->log_size}});
}

absl::Status CheckNotThere(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return absl::OkStatus();
  return WithHint(absl::AlreadyExistsError(absl::StrCat("`", path, "` is there already")),
                  "give --out a file that is not there yet");
}

absl::Status Prove(Session& session, const AuditOptions& options) {
  ASSIGN_OR_RETURN(const BulletinId id, ParseId(options.id));
  RETURN_IF_ERROR(CheckNotThere(options.out));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (!refreshed.ok()) return refreshed;
  ASSIGN_OR_RETURN(const std::string proof, client.ProveLogged(id));
  RETURN_IF_ERROR(WritePrivateFile(options.out, AsBytes(proof)));
  session.out().Line(absl::StrCat(TerminalLine(options.out), ": ", proof.size(), " bytes"));
  session.out().Object({{"id", id.ToHex()}, {"file", options.out}, {"bytes", proof.size()}});
  return absl::OkStatus();
}

absl::Status Export(Session& session, const AuditOptions& options) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  RETURN_IF_ERROR(client.SyncDirectory().status());
  ASSIGN_OR_RETURN(const LogExport written, client.ExportLog(options.out));
  session.out().Line(absl::StrCat(TerminalLine(options.out), ": ", written.files, " files, ",
                                  written.log_size, " entries"));
  session.out().Object(
      {{"folder", options.out}, {"files", written.files}, {"log_size", written.log_size}});
  return absl::OkStatus();
}

// Cosigns once, and writes the cosigned checkpoint or hands it in.
absl::Status CosignOnce(Session& session, Client& client, const AuditOptions& options) {
  RETURN_IF_ERROR(client.SyncDirectory().status());
  const bool hand_in = options.out.empty();
  ASSIGN_OR_RETURN(const std::string note, client.CosignLog(hand_in));
  if (!hand_in) RETURN_IF_ERROR(WritePrivateFile(options.out, AsBytes(note)));
  ASSIGN_OR_RETURN(const Checkpoint checkpoint,
                   ParseCheckpoint(note.substr(0, note.find("\n\n") + 1)));
  session.out().Line(absl::StrCat("cosigned the log of ", checkpoint.size, " entries"));
  session.out().Object({{"log_size", checkpoint.size}, {"handed_in", hand_in}});
  return session.out().Flush();
}

absl::Status Witness(Session& session, const AuditOptions& options) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  for (;;) {
    const absl::Status cosigned = CosignOnce(session, client, options);
    // What is not proven is never cosigned; what could not be asked is asked again.
    if (!options.watch || absl::IsDataLoss(cosigned)) return cosigned;
    if (!cosigned.ok()) {
      session.out().Note(TerminalLine(absl::StrCat("shield: warning: ", cosigned.message())));
    }
    session.environment().clock.Sleep(absl::Seconds(options.every_s));
  }
}

absl::Status ShowWitnessKey(Session& session) {
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  ASSIGN_OR_RETURN(const Passphrase passphrase,
                   session.Passphrase("Passphrase of the keys: ", home.KeysAreWrapped()));
  ASSIGN_OR_RETURN(const MemberKeys keys, home.ReadKeys(passphrase));
  ASSIGN_OR_RETURN(const std::string key, WitnessKeyText(home, keys, session.environment().random));
  session.out().Line(key);
  session.out().Object({{"key", key}});
  return absl::OkStatus();
}

}  // namespace

void AddAuditCommands(CLI::App& app, Session& session) {
  CLI::App* audit = app.add_subcommand("audit", "Hold the broker to its transparency log");
  audit->require_subcommand(1);
  const auto options = std::make_shared<AuditOptions>();

  CLI::App* verify =
      audit->add_subcommand("verify", "Walk the whole log and all that is kept here");
  session.OnlineCommand(verify, [&session] { return Verify(session); });

  CLI::App* ls = audit->add_subcommand("ls", "List the entries of the log that are known here");
  session.Command(ls, [&session] { return List(session); });

  CLI::App* prove = audit->add_subcommand(
      "prove", "Write a proof that the log holds a bulletin, for `shield verify`");
  prove->add_option("ID", options->id, "The id of the bulletin")->required();
  prove->add_option("--out", options->out, "A file that is not there")
      ->required()
      ->type_name("FILE");
  session.OnlineCommand(prove, [&session, options] { return Prove(session, *options); });

  CLI::App* dump = audit->add_subcommand("export", "Write the log as files of C2SP tlog-tiles");
  dump->add_option("--out", options->out, "A folder that is empty or not there")
      ->required()
      ->type_name("DIR");
  session.OnlineCommand(dump, [&session, options] { return Export(session, *options); });

  CLI::App* witness = audit->add_subcommand(
      "witness", "Cosign the newest checkpoint if it continues the one cosigned before");
  witness->add_option("--out", options->out, "Write it there instead of handing it to the broker")
      ->type_name("FILE");
  witness->add_flag("--watch", options->watch, "Go on until interrupted");
  witness->add_option("--every", options->every_s, "Seconds between two, with --watch")
      ->type_name("S")
      ->check(CLI::Range(uint64_t{1}, uint64_t{3600}))
      ->capture_default_str();
  session.OnlineCommand(witness, [&session, options] { return Witness(session, *options); });

  CLI::App* key = audit->add_subcommand(
      "witness-key", "Show the witness's key of this home, made when there is none");
  session.Command(key, [&session] { return ShowWitnessKey(session); });
}

}  // namespace shield::cli
