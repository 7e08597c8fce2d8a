// What a command says: data on standard output, everything else on standard error.
//
// With --json a command gives exactly one JSON object, also when it fails; with --jsonl an object a
// line as things happen. JSON is printed in ASCII, so content cannot reach the terminal through it.
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/cli/exit_code.h"
#include "policy/labels.h"

namespace shield::cli {

enum class Format { kHuman, kJson, kJsonLines };

// Not thread-safe; one per command. Borrows both streams.
class Output {
 public:
  Output(std::ostream& data, std::ostream& notes, bool colour)
      : data_(data), notes_(notes), colour_(colour) {}

  void set_format(Format format) { format_ = format; }
  Format format() const { return format_; }
  bool human() const { return format_ == Format::kHuman; }

  // How wide the terminal is that the data goes to; 0: it goes to none.
  void set_columns(size_t columns) { columns_ = columns; }
  size_t columns() const { return columns_; }

  // A line of data for a person or a script. The caller has made foreign text safe with
  // TerminalText. Nothing is printed in the JSON formats.
  void Line(absl::string_view line);
  // The object of --json, or one line of --jsonl.
  void Object(const nlohmann::json& object);
  // The object of a command that did what it could: alone when `outcome` is OK, else beside the
  // error that the caller goes on to return. Gives `outcome` back.
  absl::Status ObjectUnless(const absl::Status& outcome, nlohmann::json object);
  // What is to stand beside the error in the one object of --json: the part that did succeed.
  void ErrorBeside(nlohmann::json part) { beside_ = std::move(part); }
  // Hands on what is buffered. UNKNOWN with rule OUTPUT_LOST when any of the data so far could not
  // be written: a full disk, a closed descriptor.
  absl::Status Flush();
  // A remark on standard error: progress, warnings, what was done.
  void Note(absl::string_view remark);

  // A label as a person reads it, in its colour on a terminal that has colours.
  std::string Label(Tlp tlp) const;

  // Prints the error, as a sentence with rule and way out and, in the JSON formats, as
  // {"error":{code,message,hint,retryable}}. Returns the exit code for it.
  ExitCode Error(const absl::Status& status);

 private:
  std::ostream& data_;
  std::ostream& notes_;
  bool colour_;
  Format format_ = Format::kHuman;
  size_t columns_ = 0;
  nlohmann::json beside_ = nlohmann::json::object();
};

}  // namespace shield::cli
