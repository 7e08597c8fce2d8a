#include "client/digest/page/pdf.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/quoted.h"
#include "base/status.h"
#include "client/digest/page/bounded_child.h"

namespace shield {
namespace {

constexpr size_t kMaxMemoryBytes = size_t{2} * 1024 * 1024 * 1024;  // of addresses
constexpr int kMaxProcessorSeconds = 100;
constexpr size_t kMaxScratchBytes = size_t{64} * 1024 * 1024;  // of files, while it runs
constexpr size_t kMaxNotesBytes = 4096;
constexpr absl::string_view kElsewise = "; the other formats need none: `--format html`";

absl::Status CheckInstalled(const std::string& program, absl::string_view package) {
  if (access(program.c_str(), X_OK) == 0) return absl::OkStatus();
  return WithHint(absl::FailedPreconditionError(
                      absl::StrCat("no PDF: the program ", Quoted(program), " is not installed")),
                  absl::StrCat("install it: `apt-get install ", package, "`", kElsewise));
}

// A child that ran, and what its end means.
absl::Status JudgeEnd(const ChildOutcome& outcome) {
  if (outcome.exit_code == 0 && absl::StartsWith(outcome.output, "%PDF-")) {
    return absl::OkStatus();
  }
  if (absl::StartsWith(outcome.notes, "bwrap: ")) {
    return WithHint(
        absl::FailedPreconditionError(
            "no PDF: the system refuses the sandbox that WeasyPrint is to run in"),
        absl::StrCat(
            "allow user namespaces to this user (`sysctl kernel.unprivileged_userns_clone` "
            "is 1; a service has no `RestrictNamespaces=`)",
            kElsewise));
  }
  if (outcome.exit_code > 128 || absl::StrContains(outcome.notes, "MemoryError")) {
    return WithHint(
        absl::ResourceExhaustedError("no PDF: WeasyPrint needed more than its bounds allow"),
        absl::StrCat("make a smaller edition: `--leave`", kElsewise));
  }
  return WithHint(absl::InternalError("no PDF: WeasyPrint failed"),
                  absl::StrCat("reinstall `weasyprint` and `fonts-dejavu-core`", kElsewise));
}

absl::Status SayBound(const absl::Status& status, const PdfOptions& options) {
  if (absl::IsDeadlineExceeded(status)) {
    return WithHint(
        absl::DeadlineExceededError(absl::StrCat("no PDF: WeasyPrint did not end within ",
                                                 absl::FormatDuration(options.deadline))),
        absl::StrCat("try again when the machine is less busy", kElsewise));
  }
  if (absl::IsResourceExhausted(status)) {
    return WithHint(absl::ResourceExhaustedError(absl::StrCat("no PDF: it would be larger than ",
                                                              options.max_bytes, " bytes")),
                    absl::StrCat("make a smaller edition: `--leave`", kElsewise));
  }
  return Annotate(status, "no PDF");
}

}  // namespace

std::vector<std::string> SandboxCommand(const PdfOptions& options,
                                        const std::vector<std::string>& inside) {
  std::vector<std::string> command = {
      options.prlimit, absl::StrCat("--as=", kMaxMemoryBytes),
      absl::StrCat("--cpu=", kMaxProcessorSeconds), "--core=0", "--nofile=256",
      absl::StrCat("--fsize=", options.max_bytes), "--",
      // Namespaces of its own for all there is: no network, no other process, no shared memory.
      options.bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
      "--clearenv", "--setenv", "PATH", "/usr/bin", "--setenv", "LANG", "C.UTF-8", "--setenv",
      "HOME", "/tmp", "--setenv", "PYTHONHASHSEED", "0", "--setenv", "SOURCE_DATE_EPOCH",
      absl::StrCat(absl::ToUnixSeconds(options.as_of)), "--ro-bind", "/usr", "/usr", "--symlink",
      "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin",
      "--ro-bind", "/etc/fonts", "/etc/fonts", "--proc", "/proc", "--dev", "/dev", "--size",
      absl::StrCat(kMaxScratchBytes), "--tmpfs", "/tmp", "--chdir", "/tmp", "--"};
  std::copy(inside.begin(), inside.end(), std::back_inserter(command));
  return command;
}

absl::StatusOr<std::string> WritePdf(absl::string_view html, const PdfOptions& options) {
  RETURN_IF_ERROR(CheckInstalled(options.weasyprint, "weasyprint fonts-dejavu-core"));
  RETURN_IF_ERROR(CheckInstalled(options.bwrap, "bubblewrap"));
  RETURN_IF_ERROR(CheckInstalled(options.prlimit, "util-linux"));
  const std::vector<std::string> command =
      SandboxCommand(options, {options.weasyprint, "--quiet", "--encoding", "utf-8",
                               "--pdf-variant", "pdf/ua-1", "-", "-"});
  absl::StatusOr<ChildOutcome> outcome = RunBoundedChild(command, html,
                                                         {.deadline = options.deadline,
                                                          .max_output_bytes = options.max_bytes,
                                                          .max_notes_bytes = kMaxNotesBytes});
  if (!outcome.ok()) return SayBound(outcome.status(), options);
  RETURN_IF_ERROR(JudgeEnd(*outcome));
  return std::move(outcome->output);
}

}  // namespace shield
