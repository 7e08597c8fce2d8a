// What `shield doctor` says of time that has passed; the way to the broker:
// tests/e2e/doctor_test.cc.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/cli/commands_fixture.h"

namespace shield::cli {
namespace {

class Doctor : public Commands {
 protected:
  Doctor() : listening_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listening_, generic, size), 0);
    EXPECT_EQ(listen(listening_, 8), 0);
    EXPECT_EQ(getsockname(listening_, generic, &size), 0);
    address_ = absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
  }
  ~Doctor() override { close(listening_); }

  const int listening_;
  std::string address_;
};

TEST_F(Doctor, SaysThatTheDirectoryHasExpired) {
  const Words words = {"doctor", "--json", "--broker", address_};
  const Ran before = RunAs("astrid-guard", words);
  EXPECT_EQ(before.code, ExitCode::kOk) << before.data << before.notes;
  network_.clock().Advance(absl::Hours(24 * 31));
  const Ran after = RunAs("astrid-guard", words);
  EXPECT_EQ(after.code, ExitCode::kFailure) << after.data << after.notes;
  EXPECT_EQ(after.json()["error"]["code"], "DIRECTORY_EXPIRED");
  EXPECT_EQ(after.json()["checks"][5]["outcome"], "failed");
}

}  // namespace
}  // namespace shield::cli
