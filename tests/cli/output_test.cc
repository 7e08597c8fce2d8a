#include "client/cli/output.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/status.h"

namespace shield::cli {
namespace {

absl::Status RedToAnOrganisation() {
  return WithHint(WithRule(absl::PermissionDeniedError(
                               "bulletin refused: TLP:RED names `org:hotel-astrid`, but "
                               "RED is for named persons"),
                           "RED_NEEDS_PERSONS"),
                  "use --to member:<id>, or label it TLP:AMBER+STRICT");
}

TEST(Output, AnErrorSaysWhatFailedWhyAndTheWayOut) {
  std::ostringstream data;
  std::ostringstream notes;
  Output output(data, notes, /*colour=*/false);
  EXPECT_EQ(output.Error(RedToAnOrganisation()), ExitCode::kRefused);
  EXPECT_EQ(notes.str(),
            "shield: bulletin refused: TLP:RED names `org:hotel-astrid`, but RED is for named "
            "persons (RED_NEEDS_PERSONS). Use --to member:<id>, or label it TLP:AMBER+STRICT.\n");
  EXPECT_EQ(data.str(), "");
}

TEST(Output, AnErrorIsAnObjectWithJson) {
  std::ostringstream data;
  std::ostringstream notes;
  Output output(data, notes, /*colour=*/false);
  output.set_format(Format::kJson);
  output.Error(absl::UnavailableError("no broker"));
  const nlohmann::json error = nlohmann::json::parse(data.str())["error"];
  EXPECT_EQ(error["code"], "UNAVAILABLE");
  EXPECT_EQ(error["message"], "no broker");
  EXPECT_EQ(error["retryable"], true);
}

TEST(Output, AnErrorCannotCarryAnEscapeToTheTerminal) {
  std::ostringstream data;
  std::ostringstream notes;
  Output output(data, notes, /*colour=*/false);
  output.Error(absl::NotFoundError("no file `\033]0;x\007`"));
  EXPECT_EQ(notes.str().find('\033'), std::string::npos);
}

TEST(Output, JsonIsAsciiAndSurvivesBytesThatAreNotUtf8) {
  std::ostringstream data;
  std::ostringstream notes;
  Output output(data, notes, /*colour=*/false);
  output.set_format(Format::kJson);
  output.Object({{"title", "caf\xC3\xA9 \xE2\x80\xAE \xFF"}});
  for (char c : data.str()) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
  EXPECT_EQ(nlohmann::json::parse(data.str())["title"], "caf\xC3\xA9 \xE2\x80\xAE \xEF\xBF\xBD");
}

TEST(Output, ColourOnlyWhereThereIsATerminalForIt) {
  std::ostringstream stream;
  EXPECT_EQ(Output(stream, stream, false).Label(Tlp::kAmberStrict), "TLP:AMBER+STRICT");
  EXPECT_NE(Output(stream, stream, true).Label(Tlp::kAmberStrict).find("\033["), std::string::npos);
}

TEST(ExitCode, EveryStatusHasTheOneOfTheTable) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(absl::InternalError("")), ExitCode::kFailure);
  EXPECT_EQ(ExitCodeOf(UsageError("")), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(absl::NotFoundError("")), ExitCode::kNotFound);
  EXPECT_EQ(ExitCodeOf(absl::UnauthenticatedError("")), ExitCode::kNotEnrolled);
  EXPECT_EQ(ExitCodeOf(WithRule(absl::FailedPreconditionError(""), "NO_HOME")),
            ExitCode::kNotEnrolled);
  EXPECT_EQ(ExitCodeOf(WithRule(absl::PermissionDeniedError(""), "RED_NOT_NAMED")),
            ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("")), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(absl::DeadlineExceededError("")), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(absl::DataLossError("")), ExitCode::kIntegrity);
  EXPECT_EQ(ExitCodeOf(absl::CancelledError("")), ExitCode::kInterrupted);
}

TEST(ExitCode, AFileSystemDoesNotSpeakForPolicyNorForTheBroker) {
  EXPECT_EQ(ExitCodeOf(absl::PermissionDeniedError("cannot write `x`")), ExitCode::kFailure);
  EXPECT_EQ(ExitCodeOf(absl::ResourceExhaustedError("disk full")), ExitCode::kFailure);
  EXPECT_EQ(ExitCodeOf(WithRule(absl::ResourceExhaustedError(""), "RATE_LIMITED")),
            ExitCode::kUnreachable);
}

TEST(ExitCode, AWordOnNoListIsAUsageErrorOfAnOptionAndARefusalOfADraft) {
  EXPECT_EQ(ExitCodeOf(WithRule(absl::InvalidArgumentError(""), "UNKNOWN_CODE")), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(WithRule(absl::PermissionDeniedError(""), "UNKNOWN_CODE")),
            ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(AsUsageError(absl::InvalidArgumentError(""))), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(AsUsageError(absl::NotFoundError(""))), ExitCode::kNotFound);
}

}  // namespace
}  // namespace shield::cli
