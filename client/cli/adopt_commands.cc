// shield directory adopt: a home of the authority that is behind the broker takes what it holds.
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/cli/authority_call.h"
#include "client/cli/commands.h"
#include "client/cli/record_text.h"
#include "client/text/terminal_text.h"

namespace shield::cli {
namespace {

struct AdoptOptions {
  std::string confirm, reason;
};

// All organisations: this home's own seat is shown every one.
absl::StatusOr<DirectoryUpload> FetchWhole(const AuthorityCall& call) {
  ASSIGN_OR_RETURN(DirectoryAnswer held, call.connection->GetDirectory(0, call.timeout));
  DirectoryUpload upload{.note = std::move(held.note),
                         .fresh = std::move(held.fresh),
                         .lines = {},
                         .authority = std::move(held.authority)};
  for (DirectoryPart& part : held.parts) {
    upload.lines.push_back(std::move(part.line));
    for (std::string& line : part.own_lines) upload.lines.push_back(std::move(line));
  }
  return upload;
}

absl::Status Adopt(Session& session, const AdoptOptions& options) {
  ASSIGN_OR_RETURN(AuthorityCall call, OpenCall(session));
  ASSIGN_OR_RETURN(const DirectoryUpload held, FetchWhole(call));
  ASSIGN_OR_RETURN(const AdoptionReview review, call.authority.ReviewAdoption(held));
  for (const std::string& line : review.draft.removed) {
    session.out().Line(absl::StrCat("- ", TerminalLine(ReadableRecord(line))));
  }
  for (const std::string& line : review.draft.added) {
    session.out().Line(absl::StrCat("+ ", TerminalLine(ReadableRecord(line))));
  }
  RETURN_IF_ERROR(session.Confirm(
      absl::StrCat(review.version),
      absl::StrFormat("Directory %d, which the broker holds and the authority's keys have signed, "
                      "takes the place of this home's draft: lines with - go, lines with + come.",
                      review.version),
      options.confirm, options.reason));
  RETURN_IF_ERROR(call.authority.AdoptDirectory(
      held, options.reason.empty() ? "confirmed on a terminal" : options.reason,
      session.environment().clock.Now()));
  session.out().Line(absl::StrFormat("directory %d is this home's published one", review.version));
  session.out().Object({{"version", review.version},
                        {"added", review.draft.added},
                        {"removed", review.draft.removed}});
  return absl::OkStatus();
}

}  // namespace

void AddAdoptCommand(CLI::App& directory, Session& session) {
  const auto options = std::make_shared<AdoptOptions>();
  CLI::App* adopt = directory.add_subcommand(
      "adopt", "Take what the broker holds, in a home restored from an older copy");
  adopt->add_option("--confirm", options->confirm, "The version")->type_name("VERSION");
  adopt->add_option("--reason", options->reason, "Why; kept in the draft")->type_name("TEXT");
  session.OnlineCommand(adopt, [&session, options] { return Adopt(session, *options); });
}

}  // namespace shield::cli
