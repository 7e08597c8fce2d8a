// A page as PDF: WeasyPrint, a program of its own, in a sandbox.
//
//   ASSIGN_OR_RETURN(std::string pdf, WritePdf(html, {.as_of = edition.as_of}));
//
// The child sees /usr and the font configuration, read-only, and an empty /tmp; it has no network,
// none of the caller's files and nothing of its environment, one process tree that dies with it,
// and bounds on time, memory and output (bubblewrap, prlimit). The page goes in on standard input
// and the PDF comes out on standard output: no plaintext is ever in a file.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace shield {

inline constexpr size_t kMaxPdfBytes = 32 * 1024 * 1024;

struct PdfOptions {
  absl::Time as_of;  // of the edition: all that the PDF says of time
  absl::Duration deadline = absl::Minutes(2);
  size_t max_bytes = kMaxPdfBytes;
  std::string prlimit = "/usr/bin/prlimit";
  std::string bwrap = "/usr/bin/bwrap";
  std::string weasyprint = "/usr/bin/weasyprint";  // below /usr
};

// PDF 1.7 with a structure tree (PDF/UA-1). The same page, options and version of WeasyPrint give
// the same bytes. Blocks as long as the child runs; thread-safe.
//
// Each error says what to do: FAILED_PRECONDITION: WeasyPrint, bubblewrap or prlimit is not
// installed, or the system refuses the sandbox; DEADLINE_EXCEEDED; RESOURCE_EXHAUSTED: the PDF
// would be too large, or the child was ended by a bound; INTERNAL: the child gave no PDF. What the
// child said is in none of them, since it may repeat the page.
absl::StatusOr<std::string> WritePdf(absl::string_view html, const PdfOptions& options);

// The command that is run; for tests that ask what the sandbox shows.
std::vector<std::string> SandboxCommand(const PdfOptions& options,
                                        const std::vector<std::string>& inside);

}  // namespace shield
