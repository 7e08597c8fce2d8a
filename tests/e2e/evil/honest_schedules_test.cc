// A broker that does not cheat is never accused: whatever members publish, withdraw, fetch and
// acknowledge, in whatever order, through broken streams and lost answers, no reader's client has
// an alarm, a fault or a warning, and each holds exactly what is meant for it and was not taken
// back.
//
// The library against the core of the broker with a store in memory, on a clock of their own.
// SHIELD_HONEST_SCHEDULES sets how many schedules are played; each has a seed, which a failure
// names.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "client/mock/scripted_connection.h"
#include "tests/e2e/evil/core_network.h"

namespace shield::testing {
namespace {

constexpr uint64_t kSchedules = 1000;
constexpr uint64_t kSchedulesOfOneNetwork = 10;
constexpr int kSteps = 8;

const std::vector<std::string>& Authors() {
  static const auto* const kAuthors = new std::vector<std::string>{"an-lise", "an-omar"};
  return *kAuthors;
}

const std::vector<std::string>& Readers() {
  static const auto* const kReaders =
      new std::vector<std::string>{"astrid-desk", "astrid-guard", "meir-guard"};
  return *kReaders;
}

uint64_t HowMany() {
  const char* text = std::getenv("SHIELD_HONEST_SCHEDULES");
  uint64_t count = 0;
  return text != nullptr && absl::SimpleAtoi(text, &count) ? count : kSchedules;
}

class Schedules {
 public:
  void Play(uint64_t seed);

 private:
  struct Line {
    std::shared_ptr<ScriptedConnection> script;
    Client client;
  };
  struct Bulletin {
    std::string author;
    BulletinId id;
    std::string title;
  };

  void Step();
  void Publish();
  void Withdraw();
  void Reconnect(const std::string& member);
  void Forget(const std::string& reader);
  void Fetch(const std::string& member);
  void Acknowledge(const std::string& reader);
  void CheckHeld(const std::string& reader);
  Line& LineOf(const std::string& member);
  Client& Of(const std::string& member) { return LineOf(member).client; }
  ScriptedConnection& ScriptOf(const std::string& member) { return *LineOf(member).script; }
  const std::string& Any(const std::vector<std::string>& members) {
    return members[engine_() % members.size()];
  }

  std::mt19937_64 engine_;
  CoreNetwork network_;
  std::map<std::string, std::unique_ptr<Line>> lines_;
  std::vector<Bulletin> standing_;                      // published and not withdrawn
  std::map<std::string, std::set<std::string>> meant_;  // titles, by reader
  uint64_t published_ = 0;
};

Schedules::Line& Schedules::LineOf(const std::string& member) {
  std::unique_ptr<Line>& line = lines_[member];
  if (line == nullptr) {
    std::shared_ptr<ScriptedConnection> script = network_.Connect(member);
    line = std::make_unique<Line>(Line{script, network_.Open(member, script)});
  }
  return *line;
}

// GREEN for everybody, or AMBER for one house. Now and then the answer is lost on its way.
void Schedules::Publish() {
  const std::string& author = Any(Authors());
  const std::string title = absl::StrCat("b", ++published_);
  const bool amber = engine_() % 2 == 0;
  Client& analyst = Of(author);
  if (engine_() % 4 == 0) ScriptOf(author).LoseNextReceipt();
  const auto published =
      analyst.Publish(amber ? network_.members().DraftOf(
                                  absl::StrCat("+++\ntitle = \"", title,
                                               "\"\nkind = \"notice\"\ntlp = \"AMBER+STRICT\"\n"
                                               "to = [\"org:astrid\"]\n+++\nBody.\n"))
                            : network_.members().Green(title));
  ASSERT_TRUE(published.ok()) << published.status();
  standing_.push_back({author, published->id, title});
  meant_["astrid-desk"].insert(title);
  meant_["astrid-guard"].insert(title);
  if (!amber) meant_["meir-guard"].insert(title);
}

void Schedules::Withdraw() {
  if (standing_.empty()) return;
  const auto place = standing_.begin() + static_cast<ptrdiff_t>(engine_() % standing_.size());
  Fetch(place->author);
  const auto withdrawn = Of(place->author).Withdraw(place->id);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  for (auto& entry : meant_) entry.second.erase(place->title);
  standing_.erase(place);
}

void Schedules::Reconnect(const std::string& member) { lines_.erase(member); }

// A home that has lost what it knew, and begins again.
void Schedules::Forget(const std::string& reader) {
  Reconnect(reader);
  for (const char* file : {"state.db", "state.db-wal", "state.db-shm"}) {
    std::filesystem::remove(network_.members().HomeOf(reader).PathOf(file));
  }
}

// Now and then the stream breaks first.
void Schedules::Fetch(const std::string& member) {
  Client& client = Of(member);
  if (engine_() % 4 == 0) {
    ScriptOf(member).FailNext("Read", absl::UnavailableError("cut off"));
  }
  const absl::StatusOr<SyncReport> report = client.Sync();
  ASSERT_TRUE(report.ok()) << member << ": " << report.status();
  EXPECT_EQ(report->refused, 0u) << member;
  EXPECT_TRUE(report->warnings.empty()) << member << ": " << report->warnings.front();
}

void Schedules::Acknowledge(const std::string& reader) {
  const absl::StatusOr<uint64_t> last = Of(reader).LastEntry();
  ASSERT_TRUE(last.ok()) << last.status();
  if (*last == 0) return;
  const absl::Status acknowledged = Of(reader).Acknowledge(1 + engine_() % *last);
  EXPECT_TRUE(acknowledged.ok()) << reader << ": " << acknowledged;
}

void Schedules::Step() {
  network_.clock().Advance(absl::Seconds(1 + engine_() % 5));
  switch (engine_() % 8) {
    case 0:
      return Withdraw();
    case 1:
      return Reconnect(Any(Readers()));
    case 2:
      return Acknowledge(Any(Readers()));
    case 3:
    case 4:
      return Fetch(Any(Readers()));
    default:
      return Publish();
  }
}

void Schedules::CheckHeld(const std::string& reader) {
  Fetch(reader);
  const absl::StatusOr<std::vector<InboxItem>> items = Of(reader).Inbox();
  ASSERT_TRUE(items.ok()) << items.status();
  std::set<std::string> held;
  for (const InboxItem& item : *items) {
    EXPECT_EQ(item.fault, "") << reader << ", entry " << item.seq;
    if (item.state == InboxState::kLive && !item.title.empty()) held.insert(item.title);
  }
  EXPECT_EQ(held, meant_[reader]) << reader;
  EXPECT_TRUE(Of(reader).Alarms()->empty()) << reader;
}

void Schedules::Play(uint64_t seed) {
  engine_.seed(seed);
  for (const std::string& reader : Readers()) {
    if (engine_() % 2 == 0) Forget(reader);
  }
  for (int step = 0; step < kSteps && !::testing::Test::HasFailure(); ++step) Step();
  for (const std::string& reader : Readers()) CheckHeld(reader);
}

// The homes of the members are on disk, and most of the time would go into syncing them.
void KeepHomesInMemory() {
  constexpr char kMemory[] = "/dev/shm";
  if (std::filesystem::is_directory(kMemory)) ::setenv("TMPDIR", kMemory, /*overwrite=*/1);
}

TEST(HonestSchedules, NoAlarmNoFaultNoWarning) {
  KeepHomesInMemory();
  std::unique_ptr<Schedules> schedules;
  for (uint64_t seed = 0; seed < HowMany(); ++seed) {
    if (seed % kSchedulesOfOneNetwork == 0) schedules = std::make_unique<Schedules>();
    schedules->Play(seed);
    ASSERT_FALSE(HasFailure()) << "in the schedule of seed " << seed;
  }
}

}  // namespace
}  // namespace shield::testing
