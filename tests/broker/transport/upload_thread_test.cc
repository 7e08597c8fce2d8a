#include "broker/transport/upload_thread.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace shield::broker {
namespace {

TEST(UploadThread, RunsEverythingInOrderBeforeItStops) {
  UploadThread thread;
  thread.Start();
  std::vector<int> ran;
  for (int i = 0; i < 1'000; ++i) {
    thread.Post([i, &ran] { ran.push_back(i); });
  }
  thread.Stop();
  ASSERT_EQ(ran.size(), 1'000U);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(ran[static_cast<size_t>(i)], i);
}

TEST(UploadThread, LetsGoOfWhatAJobHeldOnItself) {
  UploadThread thread;
  std::thread::id let_go;
  std::shared_ptr<int> held(new int(1), [&let_go](const int* value) {
    let_go = std::this_thread::get_id();
    delete value;
  });
  thread.Post([held = std::move(held)] {});
  thread.Start();
  thread.Stop();
  EXPECT_NE(let_go, std::thread::id());
  EXPECT_NE(let_go, std::this_thread::get_id());
}

}  // namespace
}  // namespace shield::broker
