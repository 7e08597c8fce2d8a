#include "client/digest/page/bounded_child.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace shield {
namespace {

constexpr ChildBounds kBounds = {absl::Seconds(60), 1 << 20, 100};

absl::StatusOr<ChildOutcome> Shell(const std::string& script, absl::string_view input,
                                   const ChildBounds& bounds = kBounds) {
  return RunBoundedChild({"/bin/sh", "-c", script}, input, bounds);
}

TEST(BoundedChild, ReadsItsInputAndGivesItsOutput) {
  const std::string input(300'000, 'x');  // more than a channel holds at once
  const absl::StatusOr<ChildOutcome> outcome = Shell("cat; echo note >&2; exit 3", input);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->output, input);
  EXPECT_EQ(outcome->notes, "note\n");
  EXPECT_EQ(outcome->exit_code, 3);
}

TEST(BoundedChild, SeesNothingOfTheCallersEnvironment) {
  ASSERT_EQ(setenv("SHIELD_SECRET", "x", 1), 0);
  const absl::StatusOr<ChildOutcome> outcome = RunBoundedChild({"/usr/bin/env"}, "", kBounds);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->output, "");
}

TEST(BoundedChild, IsEndedAtItsDeadline) {
  ChildBounds bounds = kBounds;
  bounds.deadline = absl::Milliseconds(300);
  const absl::StatusOr<ChildOutcome> outcome = Shell("sleep 600 & sleep 600", "", bounds);
  EXPECT_TRUE(absl::IsDeadlineExceeded(outcome.status())) << outcome.status();
}

TEST(BoundedChild, ThatClosesItsOutputsAndGoesOnIsEndedAtItsDeadline) {
  ChildBounds bounds = kBounds;
  bounds.deadline = absl::Milliseconds(300);
  const absl::StatusOr<ChildOutcome> outcome =
      Shell("exec >&- 2>&-; sleep 600 & sleep 600", "", bounds);
  EXPECT_TRUE(absl::IsDeadlineExceeded(outcome.status())) << outcome.status();
}

TEST(BoundedChild, HasNoFileOfTheCallers) {
  const int open_file = dup(STDIN_FILENO);  // not to be closed at exec
  ASSERT_GT(open_file, STDERR_FILENO);
  const absl::StatusOr<ChildOutcome> outcome =
      Shell(absl::StrCat("test -e /proc/$$/fd/", open_file, " && echo there"), "");
  close(open_file);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->output, "");
}

TEST(BoundedChild, ThatWritesTooMuchIsEnded) {
  ChildBounds bounds = kBounds;
  bounds.max_output_bytes = 1000;
  EXPECT_TRUE(absl::IsResourceExhausted(Shell("yes", "", bounds).status()));
  EXPECT_TRUE(Shell("head -c 1000 /dev/zero", "", bounds).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(Shell("head -c 1001 /dev/zero", "", bounds).status()));
}

TEST(BoundedChild, NotesBeyondTheirBoundAreDropped) {
  const absl::StatusOr<ChildOutcome> outcome = Shell("head -c 5000 /dev/zero >&2", "");
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->notes.size(), kBounds.max_notes_bytes);
}

TEST(BoundedChild, ThatReadsNothingIsNoFailure) {
  const absl::StatusOr<ChildOutcome> outcome = Shell("exit 0", std::string(1 << 20, 'x'));
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->exit_code, 0);
}

TEST(BoundedChild, EndedByASignalSaysWhich) {
  const absl::StatusOr<ChildOutcome> outcome = Shell("kill -TERM $$", "");
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->exit_code, 128 + SIGTERM);
}

TEST(BoundedChild, ThatIsNotThereIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(RunBoundedChild({"/absent/program"}, "", kBounds).status()));
}

}  // namespace
}  // namespace shield
