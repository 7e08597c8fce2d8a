// One bulletin to a whole network: what enrolling 10,000 members costs, and what it costs to seal,
// upload, commit and fan out to them in one publish call, through the real shieldd over TLS.
//
//   build/release/tests/bench/large_network_bench [MEMBERS [ORGANISATIONS [READERS [BULLETINS]]]]
//
// Everything runs on this machine, the readers included, so they share its cores with the broker
// and the author. Prints one JSON object a line, then the medians over the bulletins.
#include "tests/e2e/large_network.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "crypto/seal_slots.h"
#include "policy/proof/verified_directory.h"
#include "tests/bench/open_readers.h"
#include "tests/bench/timed_connection.h"

namespace shield::testing {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(2);

struct Plan {
  size_t members = 10'000;
  size_t organisations = 200;
  size_t readers = 100;
  size_t bulletins = 3;
};

double Seconds(absl::Duration duration) { return absl::ToDoubleSeconds(duration); }

template <typename T>
T Must(absl::StatusOr<T> value) {
  if (!value.ok()) std::fprintf(stderr, "%s\n", value.status().ToString().c_str());
  SHIELD_CHECK(value.ok());
  return *std::move(value);
}

// The program built beside this one.
std::string Shieldd() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../../bin/shieldd")
      .lexically_normal()
      .string();
}

// The most memory the process has held at once.
double PeakMebibytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  std::string word;
  double kibibytes = 0;
  while (status >> word) {
    if (word == "VmHWM:") status >> kibibytes;
  }
  return kibibytes / 1024;
}

// The processor time it has used so far, of the program itself and of the system for it.
absl::Duration ProcessorTime(pid_t pid) {
  constexpr int kFieldsBefore = 11;  // between the name and utime: proc(5)
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::string field;
  std::getline(file, field, ')');
  for (int i = 0; i < kFieldsBefore; ++i) file >> field;
  double user = 0;
  double system = 0;
  file >> user >> system;
  return absl::Seconds((user + system) / static_cast<double>(sysconf(_SC_CLK_TCK)));
}

void Print(const nlohmann::ordered_json& json) {
  std::printf("%s\n", json.dump().c_str());
  std::fflush(stdout);
}

// Prints what `deed` takes: by the wall, on this process's cores, on the broker's.
template <typename Deed>
void Time(absl::string_view name, LargeNetwork& network, Deed deed) {
  const pid_t broker = network.broker().pid();
  const absl::Duration broker_before = ProcessorTime(broker);
  const Moment before = Moment::Now();
  deed();
  const Moment after = Moment::Now();
  Print({{"step", std::string(name)},
         {"wall_s", Seconds(after.wall - before.wall)},
         {"cpu_s", Seconds(after.cpu - before.cpu)},
         {"broker_cpu_s", Seconds(ProcessorTime(broker) - broker_before)}});
}

void TimeSealing(const VerifiedDirectory& directory, LargeNetwork& network) {
  std::vector<X25519PublicKey> keys;
  for (const MemberRecord& member : directory.directory().members()) {
    if (const auto key = directory.SealKey(member.id, absl::Now())) keys.push_back(*key);
  }
  SystemRandom random;
  const FileKey file_key = NewFileKey(random);
  Time("seal_slots_alone", network, [&] { SHIELD_CHECK(SealSlots(keys, file_key).ok()); });
}

// Seconds; those of the readers count from the beginning of the publish call.
struct Figures {
  double call = 0;
  double prepare = 0;  // directory checked, audience resolved, everything sealed and signed
  double upload = 0;   // until all is handed to the connection
  double commit = 0;   // until the broker's answer
  double first_reader = 0;
  double last_reader = 0;
  double prepare_cpu = 0;
  double broker_cpu = 0;   // intake, commit and fan-out
  double readers_cpu = 0;  // of all readers: receive, verify, store, open
};

struct Column {
  const char* name;
  double Figures::*value;
};
constexpr std::array<Column, 9> kColumns = {{{"publish_call_s", &Figures::call},
                                             {"plan_seal_sign_s", &Figures::prepare},
                                             {"upload_s", &Figures::upload},
                                             {"commit_s", &Figures::commit},
                                             {"first_reader_s", &Figures::first_reader},
                                             {"last_reader_s", &Figures::last_reader},
                                             {"plan_seal_sign_cpu_s", &Figures::prepare_cpu},
                                             {"broker_cpu_s", &Figures::broker_cpu},
                                             {"readers_cpu_s", &Figures::readers_cpu}}};

Figures PublishOne(Client& analyst, const TimedConnection& connection, LargeNetwork& network,
                   absl::string_view title, OpenReaders& readers, const Plan& plan) {
  const Draft draft = network.DraftToAll(title);
  const absl::Duration broker_before = ProcessorTime(network.broker().pid());
  const Moment begun = Moment::Now();
  const auto since = [&begun](absl::Time time) { return Seconds(time - begun.wall); };
  const Published published = Must(analyst.Publish(draft));
  Figures figures;
  figures.call = since(absl::Now());
  SHIELD_CHECK(published.recipients == plan.members + 1);
  const std::vector<absl::Time> opened = readers.WaitFor(published.id, kPatience);
  SHIELD_CHECK(opened.size() == plan.readers);

  const UploadTimes upload = connection.last_upload();
  figures.prepare = since(upload.begun.wall);
  figures.upload = Seconds(upload.written.wall - upload.begun.wall);
  figures.commit = Seconds(upload.answered.wall - upload.written.wall);
  figures.first_reader = since(opened.front());
  figures.last_reader = since(opened.back());
  figures.prepare_cpu = Seconds(upload.begun.cpu - begun.cpu);
  figures.broker_cpu = Seconds(ProcessorTime(network.broker().pid()) - broker_before);
  figures.readers_cpu = Seconds(Moment::Now().cpu - upload.written.cpu);
  nlohmann::ordered_json line = {{"recipients", published.recipients}};
  for (const Column& column : kColumns) line[column.name] = figures.*column.value;
  Print(line);
  return figures;
}

double Median(const std::vector<Figures>& all, double Figures::*value) {
  std::vector<double> values;
  for (const Figures& figures : all) values.push_back(figures.*value);
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void EnrolEverybody(LargeNetwork& network) {
  Time("make_keys", network, [&] { network.MakeKeys(); });
  Time("enrol", network, [&] { network.Enrol(); });
  DirectoryUpload upload;
  Time("sign_directory", network, [&] { upload = network.SignDirectory(); });
  Time("upload_directory", network, [&] { network.Upload(upload); });
}

std::vector<Client> OpenAll(LargeNetwork& network) {
  std::vector<Client> clients;
  for (const Home& home : network.homes()) {
    clients.push_back(network.Open(network.Connect(home), home));
  }
  return clients;
}

void Run(const Plan& plan) {
  LargeNetwork network(Shieldd(), {plan.members, plan.organisations, plan.readers});
  EnrolEverybody(network);

  const auto connection = std::make_shared<TimedConnection>(network.Connect(network.analyst()));
  Client analyst = network.Open(connection, network.analyst());
  Time("sync_directory", network, [&] { Must(analyst.SyncDirectory()); });
  TimeSealing(*Must(analyst.NewestDirectory()), network);

  OpenReaders readers(OpenAll(network));
  // Brings every reader up to the directory and shows that all of them are connected.
  PublishOne(analyst, *connection, network, "Before the measurement", readers, plan);
  std::vector<Figures> all;
  for (size_t i = 0; i < plan.bulletins; ++i) {
    all.push_back(
        PublishOne(analyst, *connection, network, absl::StrCat("Bulletin ", i), readers, plan));
  }
  Print({{"broker_peak_mib", PeakMebibytes(network.broker().pid())}});
  std::printf("\n%zu members, %zu organisations, %zu readers; median of %zu\n", plan.members,
              plan.organisations, plan.readers, plan.bulletins);
  for (const Column& column : kColumns) {
    std::printf("  %-22s %8.3f\n", column.name, Median(all, column.value));
  }
}

bool ReadPlan(int argc, char** argv, Plan& plan) {
  constexpr std::array<size_t Plan::*, 4> kNumbers = {&Plan::members, &Plan::organisations,
                                                      &Plan::readers, &Plan::bulletins};
  if (argc > static_cast<int>(kNumbers.size()) + 1) return false;
  for (int i = 1; i < argc; ++i) {
    size_t& number = plan.*kNumbers[static_cast<size_t>(i - 1)];
    if (!absl::SimpleAtoi(argv[i], &number) || number == 0) return false;
  }
  return plan.readers <= plan.members;
}

}  // namespace
}  // namespace shield::testing

int main(int argc, char** argv) {
  shield::testing::Plan plan;
  if (!shield::testing::ReadPlan(argc, argv, plan)) {
    std::fprintf(stderr, "usage: %s [MEMBERS [ORGANISATIONS [READERS [BULLETINS]]]]\n", argv[0]);
    return 2;
  }
  shield::testing::Run(plan);
  return 0;
}
