// shield verify
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/input_file.h"
#include "client/cli/open_client.h"
#include "client/export/logged_proof.h"
#include "client/export/newest_held.h"
#include "client/export/verify_export.h"
#include "client/home/member_keys.h"
#include "client/home/private_file.h"
#include "client/text/terminal_text.h"
#include "crypto/opening/x25519_identity.h"
#include "policy/proof/network_file.h"

namespace shield::cli {
namespace {

struct VerifyOptions {
  std::string network_file;
  std::vector<std::string> folders;
};

absl::StatusOr<NetworkFile> TrustedNetwork(Session& session, const VerifyOptions& options) {
  if (!options.network_file.empty()) {
    ASSIGN_OR_RETURN(const std::string text,
                     ReadSignedFile(options.network_file, "network file", kMaxNetworkFileBytes));
    return ParseNetworkFile(text);
  }
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  return home.ReadNetwork();
}

// With the reader's own identities what was opened is compared, too. Whoever has none here, or has
// them locked, still checks the rest; the report says what was left out.
absl::StatusOr<std::vector<X25519Identity>> ReadersIdentities(Session& session) {
  const absl::StatusOr<Home> home = OpenHome(session);
  if (!home.ok() || !home->ReadMember().ok()) return std::vector<X25519Identity>{};
  ASSIGN_OR_RETURN(const Passphrase passphrase, session.Passphrase("", false));
  if (home->KeysAreWrapped() && !passphrase.has_value()) return std::vector<X25519Identity>{};
  ASSIGN_OR_RETURN(MemberKeys keys, home->ReadKeys(passphrase));
  return std::move(keys.seal);
}

// Null without a home that has seen a directory of this network.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> HeldDirectory(Session& session,
                                                                       const NetworkFile& network) {
  const absl::StatusOr<Home> home = OpenHome(session);
  if (!home.ok()) return nullptr;
  return NewestHeld(*home, network, session.environment().clock, session.environment().random);
}

// What the home has seen; null without one of this network.
absl::StatusOr<std::unique_ptr<ClientState>> StateHere(Session& session,
                                                       const NetworkFile& network) {
  const absl::StatusOr<Home> home = OpenHome(session);
  if (!home.ok()) return nullptr;
  return HeldState(*home, network);
}

// A file of an export that cannot even be read as one was changed, like one that fails its check.
absl::Status AsIntegrityFailure(const absl::Status& status) {
  if (absl::IsNotFound(status) || absl::IsDataLoss(status)) return status;
  absl::Status failure = absl::DataLossError(status.message());
  if (!RuleOf(status).empty()) failure = WithRule(std::move(failure), RuleOf(status));
  return HintOf(status).empty() ? failure : WithHint(std::move(failure), HintOf(status));
}

nlohmann::json ReportJson(const std::string& folder, const VerifiedExport& verified) {
  return {{"path", folder},
          {"id", verified.id.ToHex()},
          {"author", verified.author.str()},
          {"org", verified.author_org.str()},
          {"shared_by", verified.shared_by ? verified.shared_by->str() : ""},
          {"tlp", TlpWithPrefix(verified.tlp)},
          {"issued", PrintTime(verified.issued)},
          {"directory_version", verified.directory_version},
          {"complete", verified.content_checked},
          {"checked", verified.checked},
          {"warnings", verified.warnings}};
}

void PrintReport(Output& out, const std::string& folder, const VerifiedExport& verified) {
  out.Line(out.Label(verified.tlp));
  out.Line(absl::StrCat(TerminalLine(folder), ": verified",
                        verified.content_checked ? "" : " except content.json"));
  out.Line(absl::StrCat("bulletin ", verified.id.ToHex(), " by ", verified.author.text(), " of ",
                        verified.author_org.text(), ", issued ", PrintTime(verified.issued)));
  if (verified.shared_by) out.Line(absl::StrCat("passed on by ", verified.shared_by->text()));
  for (const std::string& check : verified.checked) {
    out.Line(absl::StrCat("  holds: ", TerminalLine(check)));
  }
  for (const std::string& warning : verified.warnings) {
    out.Line(absl::StrCat("  not checked: ", TerminalLine(warning)));
  }
  out.Line(out.Label(verified.tlp));
}

absl::Status VerifyPath(const std::string& path) {
  std::error_code ignored;
  const auto found = std::filesystem::status(path, ignored);
  if (std::filesystem::is_directory(found) || std::filesystem::is_regular_file(found)) {
    return absl::OkStatus();
  }
  if (!std::filesystem::exists(found)) {
    return absl::NotFoundError(absl::StrCat("there is no folder or file `", path, "`"));
  }
  return WithHint(UsageError(absl::StrCat("`", path, "` is neither a folder nor a file")),
                  "name what `shield inbox export` or `shield audit prove` wrote");
}

absl::StatusOr<VerifiedExport> VerifyPath(const std::string& path, const NetworkFile& network,
                                          const ExportWitness& witness) {
  RETURN_IF_ERROR(VerifyPath(path));
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    absl::StatusOr<VerifiedExport> folder = VerifyExport(path, network, witness);
    if (!folder.ok()) return AsIntegrityFailure(folder.status());
    return folder;
  }
  const absl::StatusOr<std::string> text = ReadSmallFile(path, kMaxLoggedProofBytes);
  if (!text.ok()) return AsIntegrityFailure(text.status());
  absl::StatusOr<VerifiedExport> proof = VerifyLoggedProof(*text, network, witness);
  if (!proof.ok()) return AsIntegrityFailure(proof.status());
  return proof;
}

// A content.json that nothing was held against may say anything. A sealed folder has none: that it
// was not read is partial only in a home, where it might have been.
bool IsPartial(const VerifyOptions& options, const std::string& folder,
               const VerifiedExport& verified) {
  if (verified.content_checked) return false;
  std::error_code ignored;
  return options.network_file.empty() ||
         std::filesystem::exists(std::filesystem::path(folder) / "content.json", ignored);
}

absl::Status Completeness(const std::vector<std::string>& not_compared) {
  if (not_compared.empty()) return absl::OkStatus();
  return WithRule(
      WithHint(absl::FailedPreconditionError(
                   absl::StrCat("`", not_compared.front(),
                                "`: verified except content.json, which nothing here "
                                "could be held against")),
               "check it in the home of a reader of the bulletin, with the passphrase if there is "
               "one, or read what `age -d -i identity.txt bulletin.age` gives"),
      "CONTENT_NOT_COMPARED");
}

// The graver first: what was changed, what the checker may not know, what is not there.
int GravityOf(const absl::Status& status) {
  switch (ExitCodeOf(status)) {
    case ExitCode::kIntegrity:
      return 5;
    case ExitCode::kRefused:
      return 4;
    case ExitCode::kNotEnrolled:
      return 3;
    case ExitCode::kNotFound:
      return 2;
    default:
      return 1;
  }
}

// What came of each path.
struct Verification {
  nlohmann::json verified = nlohmann::json::array();
  nlohmann::json refused = nlohmann::json::array();
  std::vector<absl::Status> refusals = {};
  std::vector<std::string> not_compared = {};
};

void Refuse(const std::string& path, const absl::Status& why, Verification& outcome) {
  outcome.refused.push_back(
      {{"path", path}, {"code", RuleOf(why)}, {"message", std::string(why.message())}});
  outcome.refusals.push_back(Annotate(why, absl::StrCat("`", path, "`")));
}

// The gravest refusal, the others having been said; else whether everything could be compared.
absl::Status Concluded(Session& session, const Verification& outcome) {
  if (outcome.refusals.empty()) return Completeness(outcome.not_compared);
  const auto gravest = std::max_element(
      outcome.refusals.begin(), outcome.refusals.end(),
      [](const absl::Status& a, const absl::Status& b) { return GravityOf(a) < GravityOf(b); });
  for (const absl::Status& refusal : outcome.refusals) {
    if (&refusal == &*gravest) continue;
    session.out().Note(TerminalLine(absl::StrCat(
        "shield: ", refusal.message(), " (",
        RuleOf(refusal).empty() ? absl::StatusCodeToString(refusal.code()) : RuleOf(refusal),
        ")")));
  }
  return *gravest;
}

absl::Status Verify(Session& session, const VerifyOptions& options) {
  ASSIGN_OR_RETURN(const NetworkFile network, TrustedNetwork(session, options));
  ASSIGN_OR_RETURN(const std::vector<X25519Identity> identities, ReadersIdentities(session));
  ASSIGN_OR_RETURN(const auto newest, HeldDirectory(session, network));
  if (newest == nullptr) {
    session.out().Note(
        "shield: warning: no home with a directory was given: a key that has ended since would not "
        "show");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<ClientState> state, StateHere(session, network));
  const ExportWitness witness{session.environment().clock.Now(), newest, identities, state.get()};
  Verification outcome;
  for (const std::string& path : options.folders) {
    const absl::StatusOr<VerifiedExport> verified = VerifyPath(path, network, witness);
    if (!verified.ok()) {
      Refuse(path, verified.status(), outcome);
      continue;
    }
    PrintReport(session.out(), path, *verified);
    outcome.verified.push_back(ReportJson(path, *verified));
    if (IsPartial(options, path, *verified)) outcome.not_compared.push_back(path);
  }
  return session.out().ObjectUnless(
      Concluded(session, outcome),
      {{"verified", std::move(outcome.verified)}, {"refused", std::move(outcome.refused)}});
}

}  // namespace

void AddVerifyCommands(CLI::App& app, Session& session) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App* verify = app.add_subcommand("verify", "Check exported bulletins without a network");
  verify
      ->add_option("--network", options->network_file,
                   "The network whose keys count, instead of the home's")
      ->type_name("FILE");
  verify
      ->add_option("PATH", options->folders,
                   "Folders of `shield inbox export`, files of `shield audit prove`")
      ->required();
  session.Command(verify, [&session, options] { return Verify(session, *options); });
}

}  // namespace shield::cli
