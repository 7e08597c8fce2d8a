// Not a byte of a statement can be changed by a broker that renumbers, chains and signs what it
// changed: libshield over TLS against evil_shieldd, a new reader for each byte.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "proto/wire/prepare_process.h"
#include "tests/e2e/evil/attack_table.h"
#include "tests/e2e/evil/evil_network.h"
#include "tests/e2e/member_client.h"

namespace shield::testing {
namespace {

namespace fs = std::filesystem;

class StatementSweep : public AttackTable {
 protected:
  // The rule by which a reader that has never looked refuses the one entry of its inbox; empty when
  // it does not.
  std::string RefusedBy(const std::string& home, const std::string& address) {
    Forget(home);
    Client reader = clients_.Open(network().real(), fs::path(home).filename().string(), address);
    const absl::StatusOr<SyncReport> report = reader.Sync();
    if (!report.ok()) return RuleOf(report.status());
    const absl::Status shown = reader.Show(1).status();
    EXPECT_EQ(reader.Inbox()->front().title, shown.ok() ? "one" : "");
    return RuleOf(shown);
  }

 private:
  static void Forget(const std::string& home) {
    for (const char* file : {"state.db", "state.db-wal", "state.db-shm"}) {
      fs::remove(fs::path(home) / file);
    }
  }

  MemberClients clients_;
};

TEST_F(StatementSweep, EveryByteCounts) {
  ASSERT_TRUE(wire::PrepareProcess().ok());
  const std::string home = network().CopyHome("bosuil-guard");
  size_t size = 0;
  {
    const EvilBroker honest(network(), "none", "bosuil-guard");
    MemberClients clients;
    Client reader =
        clients.Open(network().real(), fs::path(home).filename().string(), honest.address());
    ASSERT_TRUE(reader.Sync().ok());
    size = reader.Show(1)->statement.size();
  }
  const EvilBroker evil(network(), "flip-statement", "bosuil-guard");
  std::map<std::string, size_t> rules;
  size_t refused = 0;
  // Behind the last byte nothing is left to change.
  for (std::string rule; !(rule = RefusedBy(home, evil.address())).empty(); ++refused) {
    ++rules[rule];
    ASSERT_LT(refused, size);
  }
  Row(absl::StrCat("flip-statement, each of ", size, " bytes"), absl::StrCat(size, " refused"),
      absl::StrCat(refused, " refused"));
  for (const auto& [rule, count] : rules) {
    std::printf("| %-40s | %zu bytes\n", absl::StrCat("  by ", rule).c_str(), count);
  }
}

}  // namespace
}  // namespace shield::testing
