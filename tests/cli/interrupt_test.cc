#include "client/cli/interrupt.h"

#include <gtest/gtest.h>

#include <string>

namespace shield::cli {
namespace {

TEST(Interrupt, IsTakenByWhoeverCanEndInOrder) {
  Interrupt interrupt;
  int stopped = 0;
  interrupt.OnRaise([&stopped] { ++stopped; });
  EXPECT_TRUE(interrupt.Raise());
  EXPECT_EQ(stopped, 1);
  EXPECT_FALSE(interrupt.Raise());
}

TEST(Interrupt, UndoesNewestFirstWhatNobodyEndsInOrder) {
  Interrupt interrupt;
  std::string undone;
  const Interrupt::Undo first(interrupt, [&undone] { undone += "first "; });
  {
    const Interrupt::Undo over(interrupt, [&undone] { undone += "over "; });
  }
  const Interrupt::Undo last(interrupt, [&undone] { undone += "last "; });
  EXPECT_FALSE(interrupt.Raise());
  EXPECT_EQ(undone, "last first ");
}

TEST(Interrupt, UndoesNothingWhileSomebodyEndsInOrder) {
  Interrupt interrupt;
  bool undone = false;
  const Interrupt::Undo undo(interrupt, [&undone] { undone = true; });
  interrupt.OnRaise([] {});
  EXPECT_TRUE(interrupt.Raise());
  EXPECT_FALSE(undone);
}

TEST(Interrupt, ComesTooLateForWhatIsDoneTheFirstTimeOnly) {
  Interrupt interrupt;
  interrupt.Settle();
  EXPECT_TRUE(interrupt.Raise());
  EXPECT_FALSE(interrupt.Raise());
}

}  // namespace
}  // namespace shield::cli
