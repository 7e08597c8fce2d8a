// shield directory sign: an officer's signature to a draft directory, on a machine without a
// network.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/authority/officer.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/commands.h"
#include "client/cli/input_file.h"
#include "client/cli/record_text.h"
#include "client/home/private_file.h"
#include "client/text/terminal_text.h"

namespace shield::cli {
namespace {

struct SignOptions {
  std::string file, confirm, reason;
};

// What would be signed, before anybody is asked anything.
void PrintReview(Output& out, const NetworkFile& network, const SigningReview& review) {
  out.Line(absl::StrFormat("directory %d of %s, expires %s, %d of %d signatures", review.version,
                           network.network.text(), PrintTime(review.expires), review.signatures,
                           review.threshold));
  for (const std::string& line : review.removed)
    out.Line(absl::StrCat("- ", TerminalLine(ReadableRecord(line))));
  for (const std::string& line : review.added)
    out.Line(absl::StrCat("+ ", TerminalLine(ReadableRecord(line))));
  if (review.added.empty() && review.removed.empty()) out.Line("nothing changes but its dates");
}

// Two texts under one number are how a network is split: a second one wants a deliberate word. The
// first is confirmed on a terminal; elsewhere, running the command is the confirmation.
absl::Status AskToSign(Session& session, const SigningReview& review, const SignOptions& options) {
  const std::string version = absl::StrCat(review.version);
  if (review.replaces_signed) {
    return session.Confirm(version,
                           absl::StrCat("Another text of version ", version,
                                        " was signed here before. Sign this one only if that one "
                                        "was given up: two in force would split the network."),
                           options.confirm, options.reason);
  }
  const bool asks = session.environment().input_is_terminal && !session.no_input();
  if (review.signed_here || (!asks && options.confirm.empty())) return absl::OkStatus();
  return session.Confirm(version, absl::StrCat("Signing directory ", version, "."), options.confirm,
                         options.reason);
}

absl::Status Sign(Session& session, const SignOptions& options) {
  ASSIGN_OR_RETURN(const std::filesystem::path folder, session.Home());
  ASSIGN_OR_RETURN(const std::string text,
                   ReadSignedFile(options.file, "draft", kMaxSigningFileBytes));
  ASSIGN_OR_RETURN(SigningFile file, ParseSigningFile(text));
  ASSIGN_OR_RETURN(Officer officer, Officer::Open(folder.string()));
  const absl::Time now = session.environment().clock.Now();
  ASSIGN_OR_RETURN(const SigningReview review, officer.Review(file, now));
  PrintReview(session.out(), officer.network(), review);
  RETURN_IF_ERROR(AskToSign(session, review, options));
  ASSIGN_OR_RETURN(
      const Passphrase passphrase,
      session.Passphrase("Passphrase of the authority's key: ", officer.KeysAreWrapped(file)));
  ASSIGN_OR_RETURN(file, officer.Sign(std::move(file), passphrase, now));
  RETURN_IF_ERROR(WritePrivateFile(options.file, AsBytes(PrintSigningFile(file))));
  ASSIGN_OR_RETURN(const SigningReview after, officer.Review(file, now));
  session.out().Line(
      absl::StrFormat("signed: %d of %d signatures", after.signatures, after.threshold));
  session.out().Object({{"version", after.version},
                        {"signatures", after.signatures},
                        {"threshold", after.threshold},
                        {"added", after.added},
                        {"removed", after.removed}});
  return absl::OkStatus();
}

}  // namespace

void AddSignCommand(CLI::App& directory, Session& session) {
  const auto options = std::make_shared<SignOptions>();
  CLI::App* sign =
      directory.add_subcommand("sign", "Add this officer's signature to a draft, offline");
  sign->add_option("FILE", options->file, "What `directory publish` wrote")->required();
  sign->add_option("--confirm", options->confirm, "The version again")->type_name("VERSION");
  sign->add_option("--reason", options->reason, "Why, where a confirmation is wanted")
      ->type_name("TEXT");
  session.Command(sign, [&session, options] { return Sign(session, *options); });
}

}  // namespace shield::cli
