// A draft named on the command line, and the flags that win over it.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cli/session.h"
#include "client/draft/draft.h"

namespace shield::cli {

struct DraftOptions {
  std::string path;
  // Nothing unless the flag was given: an empty one is not the same.
  std::optional<std::string> title, kind, tlp, priority, status, not_before, expires, ack;
  std::vector<std::string> to;
  std::vector<std::string> attach;
};

void AddDraftOptions(CLI::App* command, DraftOptions& options);

// The draft and everything that is to be said about it when it is published at `now`, but for what
// the directory decides.
absl::StatusOr<LintedDraft> ReadDraft(const DraftOptions& options, absl::Time now);

// The first finding that is an error, or null.
const LintFinding* FirstError(const LintedDraft& linted);

// The error a finding stands for: refused by policy (PERMISSION_DENIED) when its rule is one of
// policy's, INVALID_ARGUMENT otherwise.
absl::Status ErrorOf(const LintFinding& finding, const std::string& path);

// Each warning, to standard error.
void NoteWarnings(Session& session, const LintedDraft& linted, const std::string& path);

// The draft if it is fit to be published, else its first error. Warnings go to standard error.
absl::StatusOr<Draft> DraftToPublish(Session& session, const DraftOptions& options);

}  // namespace shield::cli
