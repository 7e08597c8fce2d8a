// Whole lines, one after the other, whatever was there before.
#include "tests/bench/harness/figure_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

std::string ContentOf(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

TEST(FigureFile, HasEachLineAsSoonAsItIsAppended) {
  const TemporaryFolder folder;
  auto file = FigureFile::Open(folder / "figures.jsonl");
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->Append("{\"a\":1}").ok());
  EXPECT_EQ(ContentOf(folder / "figures.jsonl"), "{\"a\":1}\n");
  ASSERT_TRUE(file->Append("{\"b\":2}").ok());
  EXPECT_EQ(ContentOf(folder / "figures.jsonl"), "{\"a\":1}\n{\"b\":2}\n");
}

TEST(FigureFile, GoesOnAfterWhatEarlierRunsWrote) {
  const TemporaryFolder folder;
  const std::string path = folder / "figures.jsonl";
  ASSERT_TRUE(FigureFile::Open(path)->Append("first").ok());
  ASSERT_TRUE(FigureFile::Open(path)->Append("second").ok());
  EXPECT_EQ(ContentOf(path), "first\nsecond\n");
}

TEST(FigureFile, BeginsALineOfItsOwnAfterOneThatWasCutOff) {
  const TemporaryFolder folder;
  const std::string path = folder / "figures.jsonl";
  std::ofstream(path) << "{\"worklo";
  ASSERT_TRUE(FigureFile::Open(path)->Append("whole").ok());
  EXPECT_EQ(ContentOf(path), "{\"worklo\nwhole\n");
}

TEST(FigureFile, TakesLinesOfTwoRunsAtOnce) {
  const TemporaryFolder folder;
  const std::string path = folder / "figures.jsonl";
  auto one = FigureFile::Open(path);
  auto other = FigureFile::Open(path);
  ASSERT_TRUE(one.ok() && other.ok());
  ASSERT_TRUE(one->Append("one").ok());
  ASSERT_TRUE(other->Append("other").ok());
  ASSERT_TRUE(one->Append("one again").ok());
  EXPECT_EQ(ContentOf(path), "one\nother\none again\n");
}

TEST(FigureFile, NamesThePathThatCannotBeOpened) {
  const TemporaryFolder folder;
  const absl::Status refused = FigureFile::Open(folder / "nowhere/figures.jsonl").status();
  EXPECT_TRUE(absl::IsNotFound(refused));
  EXPECT_NE(refused.message().find("nowhere/figures.jsonl"), absl::string_view::npos);
}

}  // namespace
}  // namespace shield::testing
