// shield network create | join, shield key create
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/status.h"
#include "client/authority/authority_key.h"
#include "client/authority/create_network.h"
#include "client/cli/commands.h"
#include "client/cli/input_file.h"
#include "client/home/home.h"
#include "client/home/member_keys.h"
#include "client/text/terminal_text.h"
#include "crypto/fingerprint.h"
#include "crypto/signing_key.h"
#include "crypto/verifier_key.h"
#include "policy/proof/enrolment.h"
#include "policy/proof/network_file.h"

namespace shield::cli {
namespace {

struct NetworkOptions {
  std::string origin, pin;
  uint64_t threshold = 1;
  std::string network_file;
  std::string member;
  std::vector<std::string> others;  // vkeys of other officers
  uint64_t number = 0;              // of an authority key; 0: none was asked for
};

nlohmann::json FingerprintJson(const Fingerprint& fingerprint) {
  return {{"words", fingerprint.Words()}, {"base32", fingerprint.Base32()}};
}

void PrintFingerprint(Output& out, absl::string_view of, const Fingerprint& fingerprint) {
  out.Line(absl::StrCat("fingerprint of ", of, ":"));
  out.Line(absl::StrCat("  ", fingerprint.Words()));
  out.Line(absl::StrCat("  ", fingerprint.Base32()));
}

// Where a home is to be made, or is: never a file.
absl::StatusOr<std::string> NewHome(const Session& session) {
  ASSIGN_OR_RETURN(const std::filesystem::path folder, session.Home());
  std::error_code ignored;
  const auto found = std::filesystem::status(folder, ignored);
  if (!std::filesystem::exists(found) || std::filesystem::is_directory(found)) {
    return folder.string();
  }
  return WithHint(
      absl::FailedPreconditionError(absl::StrCat("`", folder.string(), "` is not a folder")),
      "give --home a folder that is a member's alone, or one that is not there yet");
}

absl::StatusOr<std::vector<VerifierKey>> ReadKeys(const std::vector<std::string>& texts) {
  std::vector<VerifierKey> keys;
  keys.reserve(texts.size());
  for (const std::string& text : texts) {
    const absl::StatusOr<VerifierKey> key = VerifierKey::Parse(text);
    if (!key.ok()) {
      return WithHint(
          UsageError(absl::StrCat("--authority-key is not a key: ", key.status().message())),
          "copy the line that `shield key create --authority` printed");
    }
    keys.push_back(*key);
  }
  return keys;
}

absl::StatusOr<NetworkPlan> ReadPlan(const std::string& broker, const NetworkOptions& options) {
  if (broker.empty()) {
    return WithHint(UsageError("a network needs its broker's address"), "add --broker HOST:PORT");
  }
  std::optional<Origin> origin = Origin::Parse(options.origin);
  if (!origin.has_value()) {
    return WithHint(UsageError(absl::StrCat("--origin `", options.origin, "` is not a name")),
                    "write it like a host name, for example antwerp.example");
  }
  const std::optional<Bytes> pin = Base64Decode(options.pin, Base64Form::kPadded);
  const std::optional<Digest> digest = pin ? Digest::FromBytes(*pin) : std::nullopt;
  if (!digest.has_value()) {
    return WithHint(UsageError(absl::StrCat("--broker-pin `", options.pin, "` is not a pin")),
                    "copy the line that `shieldd init` printed");
  }
  ASSIGN_OR_RETURN(std::vector<VerifierKey> others, ReadKeys(options.others));
  return NetworkPlan{*std::move(origin), broker, *digest, options.threshold, std::move(others)};
}

absl::Status CreateNetworkHome(Session& session, const NetworkOptions& options) {
  ASSIGN_OR_RETURN(const NetworkPlan plan, ReadPlan(session.broker_override(), options));
  ASSIGN_OR_RETURN(const std::string folder, NewHome(session));
  ASSIGN_OR_RETURN(
      const Passphrase passphrase,
      session.NewPassphrase("Passphrase to wrap the authority's keys (empty: none): "));
  Environment& environment = session.environment();
  const absl::StatusOr<NetworkFile> made =
      CreateNetwork(folder, plan, passphrase, environment.clock.Now(), environment.random);
  if (!made.ok()) return AsUsageError(made.status());
  const NetworkFile& network = *made;
  const Fingerprint fingerprint(NetworkFileDigest(network));
  const std::string path = absl::StrCat(folder, "/network.shield");
  session.out().Line(
      absl::StrCat("network ", network.network.text(), " made; hand out ", TerminalLine(path)));
  PrintFingerprint(session.out(), "the network", fingerprint);
  session.out().Object({{"network", std::string(network.network.text())},
                        {"file", path},
                        {"fingerprint", FingerprintJson(fingerprint)}});
  return absl::OkStatus();
}

absl::Status Join(Session& session, const NetworkOptions& options) {
  ASSIGN_OR_RETURN(const std::string text,
                   ReadSignedFile(options.network_file, "network file", kMaxNetworkFileBytes));
  ASSIGN_OR_RETURN(const NetworkFile network, ParseNetworkFile(text));
  ASSIGN_OR_RETURN(const std::string folder, NewHome(session));
  ASSIGN_OR_RETURN(const Home home, Home::Create(folder));
  RETURN_IF_ERROR(home.Join(text));
  const Fingerprint fingerprint(NetworkFileDigest(network));
  session.out().Line(absl::StrCat("joined ", network.network.text(), ", broker ",
                                  TerminalLine(network.broker_address)));
  PrintFingerprint(session.out(), "the network", fingerprint);
  session.out().Note("Have the vetting officer read the network's fingerprint to you.");
  session.out().Object({{"network", std::string(network.network.text())},
                        {"broker", network.broker_address},
                        {"fingerprint", FingerprintJson(fingerprint)}});
  return absl::OkStatus();
}

// The network that a new authority key is for: the home's, or the one that is named because
// network.shield is still to be made.
absl::StatusOr<Origin> OriginOfKey(const Home& home, const NetworkOptions& options) {
  if (options.origin.empty()) {
    ASSIGN_OR_RETURN(const NetworkFile network, home.ReadNetwork());
    return network.network;
  }
  std::optional<Origin> origin = Origin::Parse(options.origin);
  if (origin.has_value()) return *std::move(origin);
  return WithHint(UsageError(absl::StrCat("--origin `", options.origin, "` is not a name")),
                  "write it like a host name, for example antwerp.example");
}

absl::Status CreateAuthorityKey(Session& session, const NetworkOptions& options) {
  ASSIGN_OR_RETURN(const std::string folder, NewHome(session));
  ASSIGN_OR_RETURN(const Home home, Home::Create(folder));
  ASSIGN_OR_RETURN(const Origin origin, OriginOfKey(home, options));
  ASSIGN_OR_RETURN(const Passphrase passphrase,
                   session.NewPassphrase("Passphrase to wrap the key (empty: none): "));
  const std::string name = origin.KeyName(absl::StrCat("authority-", options.number));
  Random& random = session.environment().random;
  const SigningKey key = SigningKey::Generate(random);
  ASSIGN_OR_RETURN(const VerifierKey verifier, key.Verifier(name));
  RETURN_IF_ERROR(WriteAuthorityKey(home, name, key, passphrase, random));
  session.out().Line(verifier.ToString());
  session.out().Note(absl::StrCat("The key is in ",
                                  TerminalLine(home.PathOf(AuthorityKeyFile(name))),
                                  "; the line is for `--authority-key`."));
  session.out().Object({{"key", verifier.ToString()},
                        {"file", home.PathOf(AuthorityKeyFile(name))},
                        {"wrapped", passphrase.has_value()}});
  return absl::OkStatus();
}

absl::Status TellRequest(Session& session, const Home& home, const EnrolmentRequest& request,
                         absl::string_view done, bool wrapped) {
  const Fingerprint fingerprint = RequestFingerprint(request);
  const std::string path = home.PathOf(kRequestFile);
  session.out().Line(absl::StrCat("keys of ", request.member.text(), " ", done,
                                  "; the request is in ", TerminalLine(path)));
  PrintFingerprint(session.out(), "the request", fingerprint);
  session.out().Note("Send the request to the vetting officer and read its fingerprint out.");
  session.out().Object({{"member", request.member.str()},
                        {"request", path},
                        {"wrapped", wrapped},
                        {"fingerprint", FingerprintJson(fingerprint)}});
  return absl::OkStatus();
}

absl::Status WriteRequest(Session& session, const Home& home, const MemberKeys& keys,
                          const NetworkFile& network, absl::string_view done, bool wrapped) {
  ASSIGN_OR_RETURN(const EnrolmentRequest request, RequestFor(keys, network));
  RETURN_IF_ERROR(home.Write(kRequestFile, SignEnrolmentRequest(request, keys.sign)));
  return TellRequest(session, home, request, done, wrapped);
}

// Whether the home has keys of this member and no request by which the authority would take them,
// because it is for the network of before a rotation, or was never written.
bool WantsNewRequest(const Home& home, const MemberId& member, const NetworkFile& network) {
  const absl::StatusOr<MemberId> own = home.ReadMember();
  if (!home.Has("identity.txt") || !own.ok() || *own != member) return false;
  const absl::StatusOr<std::string> request = home.Read(kRequestFile);
  return !request.ok() || !VerifyEnrolmentRequest(*request, network).ok();
}

absl::Status RenewRequest(Session& session, const Home& home, const NetworkFile& network) {
  const bool wrapped = home.KeysAreWrapped();
  ASSIGN_OR_RETURN(const Passphrase passphrase,
                   session.Passphrase("Passphrase of the keys: ", wrapped));
  ASSIGN_OR_RETURN(const MemberKeys keys, home.ReadKeys(passphrase));
  return WriteRequest(session, home, keys, network, "ask anew, for the network as it is now",
                      wrapped);
}

absl::Status CreateMemberKeys(Session& session, const NetworkOptions& options) {
  const std::optional<MemberId> member = MemberId::Parse(options.member);
  if (!member.has_value()) {
    return WithHint(UsageError(absl::StrCat("`", options.member, "` is not a member id")),
                    "an id is a-z, 0-9 and inner hyphens, at most 64 characters");
  }
  ASSIGN_OR_RETURN(const std::filesystem::path folder, session.Home());
  ASSIGN_OR_RETURN(const Home home, Home::Open(folder.string()));
  ASSIGN_OR_RETURN(const NetworkFile network, home.ReadNetwork());
  if (WantsNewRequest(home, *member, network)) return RenewRequest(session, home, network);
  ASSIGN_OR_RETURN(const MemberKeys keys,
                   MemberKeys::Generate(*member, network.network, session.environment().random));
  ASSIGN_OR_RETURN(const Passphrase passphrase,
                   session.NewPassphrase("Passphrase to wrap the keys (empty: none): "));
  Environment& environment = session.environment();
  RETURN_IF_ERROR(home.WriteKeys(keys, passphrase, environment.clock.Now(), environment.random));
  return WriteRequest(session, home, keys, network, "made", passphrase.has_value());
}

absl::Status CreateKeys(Session& session, const NetworkOptions& options) {
  if (options.member.empty() == (options.number == 0)) {
    return WithHint(UsageError("keys are made for a member or for the authority"),
                    "give --member ID, or --authority N");
  }
  return options.number == 0 ? CreateMemberKeys(session, options)
                             : CreateAuthorityKey(session, options);
}

}  // namespace

void AddNetworkCommands(CLI::App& app, Session& session) {
  const auto options = std::make_shared<NetworkOptions>();
  CLI::App* network = app.add_subcommand("network", "Make a network, or join one");
  network->require_subcommand(1);

  CLI::App* create_network =
      network->add_subcommand("create", "The authority's keys and network.shield");
  create_network->add_option("--origin", options->origin, "The network's name, like a host name")
      ->required()
      ->type_name("NAME");
  create_network->add_option("--broker-pin", options->pin, "What `shieldd init` printed")
      ->required()
      ->type_name("B64");
  create_network->add_option("--threshold", options->threshold, "Signatures a directory needs")
      ->type_name("K")
      ->check(CLI::NonNegativeNumber);
  create_network
      ->add_option("--authority-key", options->others,
                   "Another officer's key, as `key create --authority` printed it; repeatable")
      ->type_name("VKEY");
  session.Command(create_network,
                  [&session, options] { return CreateNetworkHome(session, *options); });
  create_network->get_option("--broker")
      ->description("Where the broker listens; network.shield tells it to all who join");

  CLI::App* join = network->add_subcommand("join", "Pin the network's keys in this home");
  join->add_option("FILE", options->network_file, "network.shield, from the vetting officer")
      ->required();
  session.Command(join, [&session, options] { return Join(session, *options); });

  AddRotationCommands(*network, session);

  CLI::App* key = app.add_subcommand("key", "This member's keys");
  key->require_subcommand(1);
  CLI::App* create = key->add_subcommand("create", "Make keys and a request to be enrolled");
  create->add_option("--member", options->member, "The member's id")->type_name("ID");
  create->add_option("--authority", options->number, "Make an officer's key of this number instead")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  create->add_option("--origin", options->origin, "Its network, while there is no network.shield")
      ->type_name("NAME");
  session.Command(create, [&session, options] { return CreateKeys(session, *options); });
  AddKeyCommands(*key, session);
}

}  // namespace shield::cli
