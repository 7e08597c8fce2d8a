#include "client/cli/output.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/text/terminal_label.h"
#include "client/text/terminal_text.h"

namespace shield::cli {
namespace {

std::string Code(const absl::Status& status) {
  const std::string rule = RuleOf(status);
  return rule.empty() ? absl::StatusCodeToString(status.code()) : rule;
}

// "shield: what failed: why (RULE). What to do."
std::string Sentence(const absl::Status& status) {
  std::string sentence = absl::StrCat("shield: ", status.message());
  const std::string rule = RuleOf(status);
  if (!rule.empty() && rule != "USAGE") absl::StrAppend(&sentence, " (", rule, ")");
  std::string hint = HintOf(status);
  if (hint.empty()) return sentence;
  hint[0] = absl::ascii_toupper(static_cast<unsigned char>(hint[0]));
  absl::StrAppend(&sentence, ". ", hint);
  if (hint.back() != '.' && hint.back() != '?') sentence.push_back('.');
  return sentence;
}

}  // namespace

void Output::Line(absl::string_view line) {
  if (human()) data_ << line << '\n';
}

void Output::Object(const nlohmann::json& object) {
  if (human()) return;
  data_ << object.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace)
        << '\n'
        << std::flush;
}

absl::Status Output::ObjectUnless(const absl::Status& outcome, nlohmann::json object) {
  if (outcome.ok() || format_ == Format::kJsonLines) {
    Object(object);
  } else {
    ErrorBeside(std::move(object));
  }
  return outcome;
}

absl::Status Output::Flush() {
  data_.flush();
  if (data_) return absl::OkStatus();
  return WithRule(WithHint(absl::UnknownError("what this command says could not be written"),
                           "make room where standard output goes; what it did is done all the "
                           "same: look before you run it again"),
                  "OUTPUT_LOST");
}

void Output::Note(absl::string_view remark) { notes_ << remark << '\n' << std::flush; }

std::string Output::Label(Tlp tlp) const {
  return TerminalLabel(tlp, colour_ ? Colours::kAnsi : Colours::kNone);
}

ExitCode Output::Error(const absl::Status& status) {
  Note(TerminalLine(Sentence(status)));
  nlohmann::json object = std::move(beside_);
  object["error"] = {{"code", Code(status)},
                     {"message", std::string(status.message())},
                     {"hint", HintOf(status)},
                     {"retryable", IsRetryable(status)}};
  Object(object);
  return ExitCodeOf(status);
}

}  // namespace shield::cli
