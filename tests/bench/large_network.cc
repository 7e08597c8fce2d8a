// One bulletin to a whole network: what enrolling 10,000 members costs, and what it costs to seal,
// upload, commit and fan out to them in one publish call, through the real shieldd over TLS.
//
//   build/release/tests/bench/large_network_bench [MEMBERS [ORGANISATIONS [READERS [BULLETINS]]]]
//
// Everything runs on this machine, the readers included, so they share its cores with the broker
// and the author. Prints one JSON object a line, then the medians over the bulletins.
#include "tests/e2e/large_network.h"

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

template <typename Deed>
double Time(Deed deed) {
  const absl::Time begun = absl::Now();
  deed();
  return Seconds(absl::Now() - begun);
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

double TimeSealing(const VerifiedDirectory& directory) {
  std::vector<X25519PublicKey> keys;
  for (const MemberRecord& member : directory.directory().members()) {
    if (const auto key = directory.SealKey(member.id, absl::Now())) keys.push_back(*key);
  }
  SystemRandom random;
  const FileKey file_key = NewFileKey(random);
  return Time([&] { SHIELD_CHECK(SealSlots(keys, file_key).ok()); });
}

// Seconds; those of the readers count from the beginning of the publish call.
struct Figures {
  double call = 0;
  double prepare = 0;  // directory checked, audience resolved, everything sealed and signed
  double upload = 0;   // until all is handed to the connection
  double commit = 0;   // until the broker's answer
  double first_reader = 0;
  double last_reader = 0;
};

struct Column {
  const char* name;
  double Figures::*value;
};
constexpr std::array<Column, 6> kColumns = {{{"publish_call_s", &Figures::call},
                                             {"plan_seal_sign_s", &Figures::prepare},
                                             {"upload_s", &Figures::upload},
                                             {"commit_s", &Figures::commit},
                                             {"first_reader_s", &Figures::first_reader},
                                             {"last_reader_s", &Figures::last_reader}}};

void Print(const nlohmann::ordered_json& json) {
  std::printf("%s\n", json.dump().c_str());
  std::fflush(stdout);
}

Figures PublishOne(Client& analyst, const TimedConnection& connection, const Draft& draft,
                   OpenReaders& readers, const Plan& plan) {
  const absl::Time begun = absl::Now();
  const absl::StatusOr<Published> published = analyst.Publish(draft);
  const absl::Time ended = absl::Now();
  if (!published.ok()) std::fprintf(stderr, "%s\n", published.status().ToString().c_str());
  SHIELD_CHECK(published.ok());
  SHIELD_CHECK(published->recipients == plan.members + 1);
  const std::vector<absl::Time> opened = readers.WaitFor(published->id, kPatience);
  SHIELD_CHECK(opened.size() == plan.readers);

  const UploadTimes upload = connection.last_upload();
  Figures figures;
  figures.call = Seconds(ended - begun);
  figures.prepare = Seconds(upload.begun - begun);
  figures.upload = Seconds(upload.written - upload.begun);
  figures.commit = Seconds(upload.answered - upload.written);
  if (!opened.empty()) {
    figures.first_reader = Seconds(opened.front() - begun);
    figures.last_reader = Seconds(opened.back() - begun);
  }
  nlohmann::ordered_json line = {{"recipients", published->recipients}};
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
  nlohmann::ordered_json line;
  line["make_keys_s"] = Time([&] { network.MakeKeys(); });
  line["enrol_s"] = Time([&] { network.Enrol(); });
  DirectoryUpload upload;
  line["sign_directory_s"] = Time([&] { upload = network.SignDirectory(); });
  line["upload_directory_s"] = Time([&] { network.Upload(upload); });
  Print(line);
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
  nlohmann::ordered_json line;
  line["sync_directory_s"] = Time([&] {
    const auto synced = analyst.SyncDirectory();
    if (!synced.ok()) std::fprintf(stderr, "%s\n", synced.status().ToString().c_str());
    SHIELD_CHECK(synced.ok());
  });
  line["seal_slots_alone_s"] = TimeSealing(**analyst.NewestDirectory());
  Print(line);

  OpenReaders readers(OpenAll(network));
  // Brings every reader up to the directory and shows that all of them are connected.
  PublishOne(analyst, *connection, network.DraftToAll("Before the measurement"), readers, plan);
  std::vector<Figures> all;
  for (size_t i = 0; i < plan.bulletins; ++i) {
    const Draft draft = network.DraftToAll(absl::StrCat("Bulletin ", i));
    all.push_back(PublishOne(analyst, *connection, draft, readers, plan));
  }
  Print({{"broker_peak_mib", PeakMebibytes(network.broker().pid())}});
  std::printf("\n%zu members, %zu organisations, %zu readers; median of %zu\n", plan.members,
              plan.organisations, plan.readers, plan.bulletins);
  for (const Column& column : kColumns) {
    std::printf("  %-18s %8.3f\n", column.name, Median(all, column.value));
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
