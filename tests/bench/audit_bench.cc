// What it costs to hold a broker to its log: one log of thousands of bulletins in a network of a
// thousand members, walked by the author of all of them and by one reader, through the real shieldd
// over TLS.
//
//   build/release/tests/bench/audit_bench [BULLETINS [MEMBERS [ORGANISATIONS]]]
//
// Each bulletin goes to one organisation. Everything runs on this machine. Prints one JSON object a
// line: what it took to fetch and prove everything once, then what `shield audit verify` takes.
#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "client/audit/audit_home.h"
#include "tests/e2e/large_network.h"

namespace shield::testing {
namespace {

struct Plan {
  size_t bulletins = 10'000;
  size_t members = 1'000;
  size_t organisations = 50;
};

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

void Print(const nlohmann::ordered_json& json) {
  std::printf("%s\n", json.dump().c_str());
  std::fflush(stdout);
}

// The seconds that `deed` takes by the wall.
template <typename Deed>
double Time(Deed deed) {
  const absl::Time before = absl::Now();
  deed();
  return absl::ToDoubleSeconds(absl::Now() - before);
}

void Audit(absl::string_view who, LargeNetwork& network, const Home& home) {
  Client client = network.Open(network.Connect(home), home);
  const double fetched = Time([&] { Must(client.Sync()); });
  AuditReport report;
  const double verified = Time([&] {
    Must(client.Sync());
    report = Must(client.Audit());
  });
  const std::string proof =
      Must(client.ProveLogged(*Must(client.Item(Must(client.LastEntry()))).id));
  Print({{"who", std::string(who)},
         {"log_size", report.log_size},
         {"entries", report.entries},
         {"published", report.publications},
         {"fetch_and_prove_s", fetched},
         {"audit_verify_s", verified},
         {"proof_bytes", proof.size()}});
}

bool ReadPlan(int argc, char** argv, Plan& plan) {
  constexpr std::array<size_t Plan::*, 3> kNumbers = {&Plan::bulletins, &Plan::members,
                                                      &Plan::organisations};
  if (argc > static_cast<int>(kNumbers.size()) + 1) return false;
  for (int i = 1; i < argc; ++i) {
    size_t& number = plan.*kNumbers[static_cast<size_t>(i - 1)];
    if (!absl::SimpleAtoi(argv[i], &number) || number == 0) return false;
  }
  return true;
}

void Run(const Plan& plan) {
  LargeNetwork network(Shieldd(), {.members = plan.members,
                                   .organisations = plan.organisations,
                                   .homes = 1,
                                   .publishes_per_minute = 100'000});
  network.MakeKeys();
  network.Enrol();
  network.Upload(network.SignDirectory());
  Client analyst = network.Open(network.Connect(network.analyst()), network.analyst());
  const double published = Time([&] {
    for (size_t i = 0; i < plan.bulletins; ++i) {
      Must(analyst.Publish(network.DraftToOrg(i % plan.organisations, absl::StrCat("no ", i))));
    }
  });
  Print({{"bulletins", plan.bulletins}, {"publish_and_prove_s", published}});
  Audit("author", network, network.analyst());
  Audit("reader", network, network.homes().front());
}

}  // namespace
}  // namespace shield::testing

int main(int argc, char** argv) {
  shield::testing::Plan plan;
  if (!shield::testing::ReadPlan(argc, argv, plan)) {
    std::fprintf(stderr, "usage: %s [BULLETINS [MEMBERS [ORGANISATIONS]]]\n", argv[0]);
    return 2;
  }
  shield::testing::Run(plan);
  return 0;
}
