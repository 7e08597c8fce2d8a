// Commands as a person or a program runs them, against a broker in memory: the base of their tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/status.h"
#include "client/cli/app.h"
#include "tests/client/support/sample_network.h"

namespace shield::cli {

using Words = std::vector<std::string>;

struct Ran {
  ExitCode code;
  std::string data;
  std::string notes;

  nlohmann::json json() const { return nlohmann::json::parse(data, nullptr, false); }
};

class Commands : public ::testing::Test {
 protected:
  Commands() {
    network_.Open("an-lise");
    network_.Open("astrid-guard");
  }

  Ran Run(Words words) {
    std::ostringstream data;
    if (full_) data.setstate(std::ios::badbit);
    std::ostringstream notes;
    std::istringstream input(typed_);
    Interrupt interrupt;
    Environment environment{
        .clock = network_.clock(),
        .random = network_.random(),
        .data = data,
        .notes = notes,
        .input = input,
        .input_is_terminal = terminal_,
        .variable = [](absl::string_view) { return std::optional<std::string>(); },
        .read_secret = [this](absl::string_view) -> absl::StatusOr<std::string> {
          if (secrets_.empty()) return absl::FailedPreconditionError("asked once too often");
          std::string secret = secrets_.front();
          secrets_.erase(secrets_.begin());
          return secret;
        },
        .connect = [this](const Endpoint&) -> absl::StatusOr<std::shared_ptr<Connection>> {
          return std::shared_ptr<Connection>(std::shared_ptr<void>(), &network_.Script(member_));
        },
        .interrupt = interrupt,
        .program_folder = "",
    };
    const ExitCode code = RunShield(words, environment);
    return {code, data.str(), notes.str()};
  }

  // The command in the home of a member of the network.
  Ran RunAs(const std::string& member, Words words) {
    member_ = member;
    words.insert(words.end(), {"--home", HomeOf(member)});
    return Run(std::move(words));
  }
  std::string HomeOf(const std::string& member) {
    std::string path = network_.HomeOf(member).PathOf("");
    path.pop_back();
    return path;
  }

  std::string Publish(absl::string_view title) {
    const auto published = network_.Open("an-lise").Publish(network_.Green(title));
    EXPECT_TRUE(published.ok()) << published.status();
    return published->id.ToHex();
  }
  void RollBack(const std::string& member) {
    const absl::Status went_back =
        WithRule(absl::DataLossError("the broker's head went back"), "ROLLBACK");
    // With the resume token, and without.
    network_.Script(member).FailNext("Subscribe", went_back);
    network_.Script(member).FailNext("Subscribe", went_back);
  }
  // An authority's home with an organisation and a member who asks to come in.
  std::string Authority() {
    const std::string home = folder_ / "authority";
    EXPECT_EQ(Run({"network", "create", "--home", home, "--origin", "x.example", "--broker",
                   "broker:1", "--broker-pin", "/24Jp/fyKVOZ9hkFD5GQNm3SCy1uO2BjY6rQ6Z404tw="})
                  .code,
              ExitCode::kOk);
    EXPECT_EQ(
        Run({"org", "add", "hotel", "--kind", "member", "--vetting", "2", "--home", home}).code,
        ExitCode::kOk);
    const std::string desk = folder_ / "desk";
    Run({"network", "join", home + "/network.shield", "--home", desk});
    Run({"key", "create", "--member", "desk", "--home", desk});
    EXPECT_EQ(Run({"member", "add", "--request", desk + "/request.txt", "--org", "hotel", "--roles",
                   "reader", "--vetting", "2", "--home", home})
                  .code,
              ExitCode::kOk);
    return home;
  }

  ::shield::testing::TemporaryFolder folder_;
  ::shield::testing::SampleNetwork network_;
  std::string member_ = "astrid-guard";
  std::string typed_;
  bool terminal_ = false;
  bool full_ = false;  // nothing that goes to standard output can be written
  Words secrets_;
};

}  // namespace shield::cli
