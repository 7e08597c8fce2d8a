// The program from its words to its exit code, over a suite of three.
#include "tests/bench/harness/run_suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A fixture of GoogleTest has a Run of its own.
using BenchRun = Run;

class RunSuite : public ::testing::Test {
 protected:
  RunSuite() {
    Add("seal", Effort::kQuick, 1);
    Add("seal", Effort::kDefault, 2);
    Add("open", Effort::kDefault, 3);
    Add("heavy", Effort::kFull, 4);
  }

  // Notes that it was measured, and with what effort.
  void Add(const std::string& name, Effort least, int size) {
    suite_.Add(name, least, {{"size", size}}, [this, name, size](const BenchRun& run) {
      measured_.push_back(name + std::to_string(size));
      effort_ = run.effort;
      return Figure{.unit = "things/s", .ours = 2, .ceiling = 4, .cpu_s = 1, .peak_bytes = 1};
    });
  }

  void AddFailing(const std::string& name, Measurement measure) {
    suite_.Add(name, Effort::kQuick, {{"size", 9}}, std::move(measure));
  }

  int RunWith(const std::vector<std::string>& arguments) {
    data_.str("");
    notes_.str("");
    measured_.clear();
    return RunBench(suite_, arguments, data_, notes_);
  }

  std::vector<std::string> LinesOf(const std::string& path) {
    std::vector<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  Suite suite_;
  std::vector<std::string> measured_;
  Effort effort_ = Effort::kDefault;
  std::ostringstream data_;
  std::ostringstream notes_;
};

TEST_F(RunSuite, MeasuresWhatTheEffortIncludes) {
  EXPECT_EQ(RunWith({}), 0);
  EXPECT_THAT(measured_, ElementsAre("seal1", "seal2", "open3"));
  EXPECT_EQ(effort_, Effort::kDefault);
  EXPECT_EQ(RunWith({"--quick"}), 0);
  EXPECT_THAT(measured_, ElementsAre("seal1"));
  EXPECT_EQ(effort_, Effort::kQuick);
  EXPECT_EQ(RunWith({"--full"}), 0);
  EXPECT_THAT(measured_, ElementsAre("seal1", "seal2", "open3", "heavy4"));
  EXPECT_EQ(effort_, Effort::kFull);
  EXPECT_THAT(notes_.str(), IsEmpty());
}

TEST_F(RunSuite, MeasuresOnlyWhatIsNamed) {
  EXPECT_EQ(RunWith({"--only", "open"}), 0);
  EXPECT_THAT(measured_, ElementsAre("open3"));
  EXPECT_EQ(RunWith({"--only", "open", "--only", "seal"}), 0);
  EXPECT_THAT(measured_, ElementsAre("seal1", "seal2", "open3"));
  EXPECT_EQ(RunWith({"--only=open", "--only=heavy", "--full"}), 0);
  EXPECT_THAT(measured_, ElementsAre("open3", "heavy4"));
}

TEST_F(RunSuite, MeasuresOnlyTheParametersThatAreNamed) {
  EXPECT_EQ(RunWith({"--only", "seal,size=2"}), 0);
  EXPECT_THAT(measured_, ElementsAre("seal2"));
  EXPECT_EQ(RunWith({"--only", "seal,size=1", "--only", "open"}), 0);
  EXPECT_THAT(measured_, ElementsAre("seal1", "open3"));
  for (const char* none : {"seal,size=7", "seal,weight=1", "seal,size", "seal,", "open,size=1"}) {
    EXPECT_EQ(RunWith({"--only", none}), 2) << none;
    EXPECT_THAT(notes_.str(), HasSubstr(none));
    EXPECT_THAT(measured_, IsEmpty());
  }
}

TEST_F(RunSuite, SaysWhatThereIsInPlaceOfParametersThatAreNot) {
  RunWith({"--only", "seal,weight=1"});
  EXPECT_THAT(notes_.str(), HasSubstr("`weight` is no parameter; there are: size\n"));
  RunWith({"--only", "seal,size=7"});
  EXPECT_THAT(notes_.str(), HasSubstr("size is one of 1, 2\n"));
  RunWith({"--quick", "--only", "seal,size=2"});
  EXPECT_THAT(notes_.str(), HasSubstr("run it without --quick\n"));
  RunWith({"--only", "heavy,size=4"});
  EXPECT_THAT(notes_.str(), HasSubstr("run it with --full\n"));
}

TEST_F(RunSuite, RefusesAnUnknownNameWithTheListAndMeasuresNothing) {
  EXPECT_EQ(RunWith({"--only", "seal", "--only", "sael"}), 2);
  EXPECT_THAT(notes_.str(), AllOf(HasSubstr("`sael`"), HasSubstr("\n  seal\n  open\n  heavy\n")));
  EXPECT_THAT(measured_, IsEmpty());
  EXPECT_THAT(data_.str(), IsEmpty());
}

TEST_F(RunSuite, RefusesANameOfWhichTheEffortHasNothing) {
  EXPECT_EQ(RunWith({"--quick", "--only", "seal", "--only", "heavy"}), 2);
  EXPECT_THAT(notes_.str(), HasSubstr("`heavy`"));
  EXPECT_THAT(measured_, IsEmpty());
}

TEST_F(RunSuite, RefusesWordsItDoesNotKnow) {
  EXPECT_EQ(RunWith({"--fast"}), 2);
  EXPECT_EQ(RunWith({"--quick", "--full"}), 2);
  EXPECT_EQ(RunWith({"--json"}), 2);
  EXPECT_EQ(RunWith({"--only"}), 2);
  EXPECT_EQ(RunWith({"--only", "seal", "open"}), 2);
  EXPECT_EQ(RunWith({"seal"}), 2);
  EXPECT_THAT(notes_.str(), HasSubstr("shield_bench: "));
}

TEST_F(RunSuite, ExplainsItself) {
  EXPECT_EQ(RunWith({"--help"}), 0);
  EXPECT_THAT(data_.str(), AllOf(HasSubstr("--quick"), HasSubstr("--json")));
  EXPECT_THAT(measured_, IsEmpty());
}

TEST_F(RunSuite, ListsWhatItWouldMeasure) {
  EXPECT_EQ(RunWith({"--list"}), 0);
  EXPECT_EQ(data_.str(), "seal size=1\nseal size=2\nopen size=3\n");
  EXPECT_EQ(RunWith({"--list", "--quick"}), 0);
  EXPECT_EQ(data_.str(), "seal size=1\n");
  EXPECT_THAT(measured_, IsEmpty());
}

TEST_F(RunSuite, WritesALineForEachFigureAfterThoseThatAreThere) {
  const TemporaryFolder folder;
  const std::string path = folder / "figures.jsonl";
  EXPECT_EQ(RunWith({"--json", path}), 0);
  EXPECT_EQ(RunWith({"--json", path, "--quick"}), 0);
  const std::vector<std::string> lines = LinesOf(path);
  ASSERT_EQ(lines.size(), 4);
  EXPECT_THAT(lines[2], HasSubstr(R"("workload":"open","params":{"size":3})"));
  EXPECT_THAT(lines[3], HasSubstr(R"("workload":"seal","params":{"size":1})"));
}

TEST_F(RunSuite, HasWrittenALineBeforeItGoesOn) {
  const TemporaryFolder folder;
  const std::string path = folder / "figures.jsonl";
  size_t lines_before = 0;
  AddFailing("last", [&](const BenchRun&) {
    lines_before = LinesOf(path).size();
    return Figure{.ours = 1};
  });
  EXPECT_EQ(RunWith({"--json", path}), 0);
  EXPECT_EQ(lines_before, 3);
}

TEST_F(RunSuite, RunsTheOthersWhenOneFails) {
  AddFailing("broken",
             [](const BenchRun&) { return absl::NotFoundError("`age` is not installed"); });
  AddFailing("throwing", [](const BenchRun&) -> absl::StatusOr<Figure> {
    throw std::runtime_error("a library gave up");
  });
  AddFailing("senseless", [](const BenchRun&) {
    return Figure{.ours = std::numeric_limits<double>::infinity()};
  });
  Add("after", Effort::kQuick, 5);
  const TemporaryFolder folder;
  const std::string path = folder / "figures.jsonl";
  EXPECT_EQ(RunWith({"--quick", "--json", path}), 1);
  EXPECT_THAT(measured_, ElementsAre("seal1", "after5"));
  EXPECT_THAT(notes_.str(), HasSubstr("`broken size=9` failed: `age` is not installed\n"));
  EXPECT_THAT(notes_.str(), HasSubstr("`throwing size=9` failed: a library gave up\n"));
  EXPECT_THAT(notes_.str(), HasSubstr("`senseless size=9` failed: "));
  EXPECT_THAT(data_.str(), Not(HasSubstr("broken")));
  EXPECT_EQ(LinesOf(path).size(), 2);
}

TEST_F(RunSuite, MeasuresNothingWhenTheFileCannotBeWritten) {
  const TemporaryFolder folder;
  EXPECT_EQ(RunWith({"--json", folder / "nowhere/figures.jsonl"}), 1);
  EXPECT_THAT(notes_.str(), HasSubstr("nowhere/figures.jsonl"));
  EXPECT_THAT(measured_, IsEmpty());
}

TEST_F(RunSuite, SaysThatALineCouldNotBeWritten) {
  EXPECT_EQ(RunWith({"--quick", "--json", "/dev/full"}), 1);
  EXPECT_THAT(notes_.str(), AllOf(HasSubstr("`seal size=1` failed"), HasSubstr("/dev/full")));
}

}  // namespace
}  // namespace shield::testing
