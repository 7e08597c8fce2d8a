#include "tests/support/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace shield::testing {
namespace {

// Starts a program that would run for a while, says which, and ends as an abort does: no destructor
// runs.
[[noreturn]] void StartAndDie(int tell) {
  Process program({"/bin/sh", "-c", "echo up; exec sleep 30"});
  if (!program.WaitForLine("up").has_value()) _exit(1);
  const pid_t pid = program.pid();
  if (write(tell, &pid, sizeof(pid)) != sizeof(pid)) _exit(1);
  raise(SIGKILL);
  _exit(1);
}

TEST(Process, DiesWithTheTestThatStartedIt) {
  ASSERT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);  // an orphan's end is told here
  std::array<int, 2> ends;
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t test = fork();
  if (test == 0) StartAndDie(ends[1]);
  pid_t program = -1;
  ASSERT_EQ(read(ends[0], &program, sizeof(program)), static_cast<ssize_t>(sizeof(program)));
  int status = 0;
  ASSERT_EQ(waitpid(test, &status, 0), test);
  ASSERT_EQ(waitpid(program, &status, 0), program);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
}

TEST(Process, SaysHowAProgramEnded) {
  EXPECT_EQ(
      RunProcess({"/bin/sh", "-c", "cat; exit 3"}, {.environment = {}, .input = "text"}).exit_code,
      3);
  EXPECT_EQ(RunProcess({"/bin/sh", "-c", "cat"}, {.environment = {}, .input = "text"}).data,
            "text");
  EXPECT_EQ(RunProcess({"/bin/sh", "-c", "kill -TERM $$"}).exit_code, 128 + SIGTERM);
  EXPECT_EQ(RunProcess({"/nowhere/program"}).exit_code, -1);
}

}  // namespace
}  // namespace shield::testing
