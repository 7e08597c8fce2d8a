// Every attack of evil_shieldd on the directory that one member is shown.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "client/client.h"
#include "client/draft/draft.h"
#include "client/home/home.h"
#include "client/home/member_keys.h"
#include "client/transport/grpc_connection.h"
#include "crypto/system_random.h"
#include "policy/proof/network_file.h"
#include "proto/wire/prepare_process.h"
#include "tests/e2e/evil/attack_table.h"
#include "tests/e2e/evil/evil_network.h"
#include "tests/e2e/real_network.h"
#include "tests/support/fake_clock.h"
#include "tests/support/process.h"

namespace shield::testing {
namespace {

// The library in a home, with a clock of the test's own.
Client OpenAt(const std::string& path, const std::string& address, Clock& clock, Random& random) {
  const Home home = *Home::Open(path);
  const MemberKeys keys = *home.ReadKeys(std::nullopt);
  std::shared_ptr<Connection> connection =
      *NewGrpcConnection({address, home.ReadNetwork()->broker_pin, keys.tls});
  return *Client::Open(home, std::nullopt, std::move(connection), clock, random);
}

class DirectoryAttacks : public AttackTable {
 protected:
  // The authority's next version, through this broker; it serves everybody but the victim.
  void PublishDirectory(const EvilBroker& evil) {
    const ProcessResult published =
        ShieldAt(network().real().HomeOf("authority"), evil.address(), {"directory", "publish"});
    ASSERT_EQ(published.exit_code, 0) << published.data << published.notes;
  }
  void PublishBulletin(const EvilBroker& evil) {
    const ProcessResult published = ShieldAt(network().real().HomeOf("analyst"), evil.address(),
                                             {"bulletin", "publish", network().Draft("five")});
    ASSERT_EQ(published.exit_code, 0) << published.data << published.notes;
  }
};

TEST_F(DirectoryAttacks, AnOlderVersionIsARollback) {
  const EvilBroker evil(network(), "directory-rollback", "astrid-desk");
  const std::string home = network().CopyHome("astrid-desk");
  Row("directory-rollback, the first version", "0", WhatIsSeen(home, evil.address()));
  PublishDirectory(evil);
  Row("directory-rollback, the second version", "0", WhatIsSeen(home, evil.address()));
  Row("directory-rollback, the first again", "7 ROLLBACK", WhatIsSeen(home, evil.address()));
}

TEST_F(DirectoryAttacks, AVersionThatIsNamedAndNotServedIsWithheld) {
  const EvilBroker evil(network(), "directory-withheld", "astrid-desk");
  const std::string home = network().CopyHome("astrid-desk");
  Row("directory-withheld, before it is newer", "0", WhatIsSeen(home, evil.address()));
  PublishDirectory(evil);
  Row("directory-withheld", "7 DIRECTORY_WITHHELD", WhatIsSeen(home, evil.address()));
}

// Nobody says that there is a newer one, but for the author whose bulletin names it.
TEST_F(DirectoryAttacks, AFrozenOneShowsWithTheNextBulletinThatNamesANewerOne) {
  const EvilBroker evil(network(), "directory-frozen", "astrid-desk");
  const std::string home = network().CopyHome("astrid-desk");
  Row("directory-frozen, before it is newer", "0", WhatIsSeen(home, evil.address()));
  PublishDirectory(evil);
  UnseenRow("directory-frozen", "directory-frozen", WhatIsSeen(home, evil.address()));
  PublishBulletin(evil);
  Row("directory-frozen, with a newer bulletin", "0; entry 5: 5 DIRECTORY_BEHIND",
      WhatIsSeen(home, evil.address()));
}

// The hotel, to which the bulletin goes; the author's own; one that has nothing to do with it.
TEST_F(DirectoryAttacks, AnAuthorWhoIsNotShownEveryOrganisationPublishesNothing) {
  constexpr struct {
    const char* attack;
    const char* expected;
  } kHidden[] = {
      {"hide-org:1", "5 UNKNOWN_CODE"},
      {"hide-org:2", "4 NOT_ENROLLED"},
      {"hide-org:3", "7 DIRECTORY_INCOMPLETE"},
      {"hide-org:4", "7 DIRECTORY_INCOMPLETE"},
  };
  for (const auto& hidden : kHidden) {
    const EvilBroker evil(network(), hidden.attack, "analyst");
    Row(hidden.attack, hidden.expected,
        OutcomeOf(ShieldAt(network().CopyHome("analyst"), evil.address(),
                           {"bulletin", "publish", network().Draft("six")})));
  }
}

TEST_F(DirectoryAttacks, AnotherTextIsNotTheAuthoritys) {
  constexpr struct {
    const char* attack;
    const char* expected;
  } kFlipped[] = {
      {"flip-directory:0", "7 DIRECTORY_MALFORMED"},
      {"flip-directory:30", "7 DIRECTORY_MALFORMED"},
      {"flip-org:1", "7 DIGEST_MISMATCH"},
  };
  for (const auto& flipped : kFlipped) {
    const EvilBroker evil(network(), flipped.attack, "astrid-desk");
    Row(flipped.attack, flipped.expected,
        WhatIsSeen(network().CopyHome("astrid-desk"), evil.address()));
  }
  // A letter of base64 becomes another one, or what is none.
  const EvilBroker evil(network(), "flip-directory:200", "astrid-desk");
  const std::string seen = WhatIsSeen(network().CopyHome("astrid-desk"), evil.address());
  Row("flip-directory:200", seen == "7 DIRECTORY_MALFORMED" ? seen : "7 BAD_SIGNATURE", seen);
}

// However long it is frozen, its freshness is over after a day.
TEST_F(DirectoryAttacks, AFrozenOneIsStaleAfterADay) {
  ASSERT_TRUE(wire::PrepareProcess().ok());
  const EvilBroker evil(network(), "directory-frozen", "analyst");
  const std::string home = network().CopyHome("analyst");
  FakeClock clock(absl::Now());
  SystemRandom random;
  Client analyst = OpenAt(home, evil.address(), clock, random);
  ASSERT_TRUE(analyst.Sync().ok());
  clock.Advance(absl::Hours(25));
  const absl::StatusOr<SyncReport> report = analyst.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  Row("directory-frozen for a day, reading", "DIRECTORY_STALE",
      absl::StrJoin(report->warnings, " "));
  const absl::StatusOr<Draft> draft = ParseDraft(network().DraftText("late"), "/", {});
  ASSERT_TRUE(draft.ok()) << draft.status();
  Row("directory-frozen for a day, publishing", "DIRECTORY_STALE",
      RuleOf(analyst.Publish(*draft).status()));
}

}  // namespace
}  // namespace shield::testing
