#include "client/digest/publish/edition_notes.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_format.h"

namespace shield {
namespace {

BulletinId Numbered(size_t number) { return *BulletinId::Parse(absl::StrFormat("%032x", number)); }

TEST(EditionNotes, IsReadAsItWasWritten) {
  EditionNotes notes;
  EXPECT_TRUE(notes.Add({Numbered(1), *Week::Parse("2026-W47"), Tier::kAmberStrict, 3}));
  EXPECT_FALSE(notes.Add({Numbered(1), *Week::Parse("2026-W48"), Tier::kGreen, 1}))
      << "what it was noted as stays";
  EXPECT_TRUE(notes.Add({Numbered(2), *Week::Parse("2026-W48"), Tier::kGreen, 1}));
  const EditionNotes read = EditionNotes::Parse(notes.Print());
  EXPECT_EQ(read.size(), 2u);
  ASSERT_NE(read.Find(Numbered(1)), nullptr);
  EXPECT_EQ(*read.Find(Numbered(1)),
            (EditionNote{Numbered(1), *Week::Parse("2026-W47"), Tier::kAmberStrict, 3}));
  EXPECT_EQ(read.Find(Numbered(3)), nullptr);
}

TEST(EditionNotes, LinesThatAreNoneArePassedOver) {
  const std::string one = Numbered(1).ToHex();
  const EditionNotes notes = EditionNotes::Parse(
      one + " 2026-W47 green\n" + one + " 2026-W99 green 1\n" + one + " 2026-W47 mauve 1\n" + one +
      " 2026-W47 green 0\nxx 2026-W47 green 1\n\n" + one + " 2026-W47 green 2\n" + one);
  EXPECT_EQ(notes.size(), 1u);
  ASSERT_NE(notes.Find(Numbered(1)), nullptr);
  EXPECT_EQ(notes.Find(Numbered(1))->revision, 2);
}

TEST(EditionNotes, BeyondTheMaximumTheOldestAreForgotten) {
  EditionNotes notes;
  for (size_t i = 0; i <= kMaxEditionNotes; ++i) {
    notes.Add({Numbered(i), *Week::Parse("2026-W47"), Tier::kGreen, 1});
  }
  const EditionNotes read = EditionNotes::Parse(notes.Print());
  EXPECT_EQ(read.size(), kMaxEditionNotes);
  EXPECT_EQ(read.Find(Numbered(0)), nullptr);
  EXPECT_NE(read.Find(Numbered(kMaxEditionNotes)), nullptr);
}

}  // namespace
}  // namespace shield
