// shield network rotate | follow: other authority keys, another threshold, another broker.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/status.h"
#include "client/cli/commands.h"
#include "client/cli/input_file.h"
#include "client/cli/open_authority.h"
#include "client/cli/open_client.h"
#include "client/text/terminal_text.h"
#include "crypto/fingerprint.h"
#include "policy/fields.h"
#include "policy/proof/authority_note.h"

namespace shield::cli {
namespace {

struct RotateOptions {
  std::vector<std::string> add;
  std::vector<uint64_t> remove;
  bool new_key = false;
  bool new_seat = false;
  bool cancel = false;
  uint64_t threshold = 0;  // 0: as it is
  std::string address, pin;
};

absl::StatusOr<RotationPlan> ReadPlan(const RotateOptions& options) {
  RotationPlan plan;
  plan.add.reserve(options.add.size());
  for (const std::string& text : options.add) {
    absl::StatusOr<VerifierKey> key = VerifierKey::Parse(text);
    if (!key.ok()) {
      return WithHint(UsageError(absl::StrCat("--add is not a key: ", key.status().message())),
                      "copy the line that `shield key create --authority` printed");
    }
    plan.add.push_back(*std::move(key));
  }
  plan.remove = options.remove;
  plan.new_key = options.new_key;
  plan.new_seat = options.new_seat;
  if (options.threshold > 0) plan.threshold = options.threshold;
  if (!options.address.empty()) plan.broker_address = options.address;
  if (!options.pin.empty()) {
    const std::optional<Digest> pin = ParseDigest(options.pin);
    if (!pin.has_value()) {
      return WithHint(UsageError(absl::StrCat("--broker-pin `", options.pin, "` is not a pin")),
                      "copy the line that `shieldd init` printed");
    }
    plan.broker_pin = *pin;
  }
  const bool changes = !plan.add.empty() || !plan.remove.empty() || plan.new_key || plan.new_seat ||
                       plan.threshold.has_value() || plan.broker_address.has_value() ||
                       plan.broker_pin.has_value();
  if (changes) return plan;
  return WithHint(
      UsageError("a rotation changes something"),
      "give --add, --remove, --new-key, --new-seat, --threshold, --broker-address or --broker-pin");
}

absl::Status Cancel(Session& session) {
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  RETURN_IF_ERROR(authority.CancelRotation());
  session.out().Line("no rotation is planned");
  session.out().Object({{"planned", false}});
  return absl::OkStatus();
}

absl::Status Rotate(Session& session, const RotateOptions& options) {
  if (options.cancel) return Cancel(session);
  ASSIGN_OR_RETURN(const RotationPlan plan, ReadPlan(options));
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  ASSIGN_OR_RETURN(
      const Passphrase passphrase,
      session.Passphrase("Passphrase of the authority's keys: ",
                         (plan.new_key || plan.new_seat) && authority.home().KeysAreWrapped()));
  const absl::StatusOr<NetworkFile> next = authority.PlanRotation(
      plan, passphrase, session.environment().clock.Now(), session.environment().random);
  if (!next.ok()) return AsUsageError(next.status());
  std::vector<std::string> keys;
  keys.reserve(next->authority.size());
  for (const VerifierKey& key : next->authority) keys.push_back(key.name());
  const std::string file = authority.home().PathOf(kNextNetworkFile);
  session.out().Line(absl::StrCat("rotation ", next->rotation, " is planned: ", next->threshold,
                                  " of ", keys.size(), " keys, broker ",
                                  TerminalLine(next->broker_address)));
  for (const std::string& key : keys) session.out().Line(absl::StrCat("  ", key));
  session.out().Note(
      "`shield directory publish` signs it with the next directory; the keys before and the new "
      "ones have to.");
  session.out().Object({{"rotation", next->rotation},
                        {"threshold", next->threshold},
                        {"keys", keys},
                        {"file", file}});
  return absl::OkStatus();
}

// Follows rotations that came on paper or a stick: what a member does whose broker has another key
// now, because it cannot ask the new one for them.
absl::Status Follow(Session& session, const std::string& path) {
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  ASSIGN_OR_RETURN(const NetworkFile pinned, home.ReadNetwork());
  ASSIGN_OR_RETURN(const std::string chain,
                   ReadSignedFile(path, "rotations", kMaxAuthorityChainBytes));
  ASSIGN_OR_RETURN(const NetworkFile now, FollowAuthority(pinned, chain));
  RETURN_IF_ERROR(home.Repin(now));
  const Fingerprint fingerprint(NetworkFileDigest(now));
  session.out().Line(absl::StrCat("rotation ", now.rotation, " of ", now.network.text(),
                                  ", broker ", TerminalLine(now.broker_address)));
  session.out().Object(
      {{"network", std::string(now.network.text())},
       {"rotation", now.rotation},
       {"broker", now.broker_address},
       {"fingerprint", {{"words", fingerprint.Words()}, {"base32", fingerprint.Base32()}}}});
  return absl::OkStatus();
}

}  // namespace

void AddRotationCommands(CLI::App& network, Session& session) {
  const auto options = std::make_shared<RotateOptions>();
  CLI::App* rotate =
      network.add_subcommand("rotate", "Plan other authority keys or another broker");
  rotate->add_option("--add", options->add, "The key of another officer; repeatable")
      ->type_name("VKEY");
  rotate->add_option("--remove", options->remove, "The number of a key; repeatable")
      ->type_name("N");
  rotate->add_flag("--new-key", options->new_key, "Make a key in this home");
  rotate->add_flag("--new-seat", options->new_seat,
                   "Make new keys for this home's own seat, because the present ones are stolen");
  rotate->add_option("--threshold", options->threshold, "Signatures a directory needs")
      ->type_name("K")
      ->check(CLI::PositiveNumber);
  rotate->add_option("--broker-address", options->address, "The broker's new address")
      ->type_name("HOST:PORT");
  rotate->add_option("--broker-pin", options->pin, "What `shieldd init` printed for a new broker")
      ->type_name("B64");
  rotate->add_flag("--cancel", options->cancel, "Forget the rotation that is planned");
  session.Command(rotate, [&session, options] { return Rotate(session, *options); });

  const auto file = std::make_shared<std::string>();
  CLI::App* follow = network.add_subcommand("follow", "Follow rotations signed by pinned keys");
  follow->add_option("FILE", *file, "authority.txt, from the vetting officer")->required();
  session.Command(follow, [&session, file] { return Follow(session, *file); });
}

}  // namespace shield::cli
