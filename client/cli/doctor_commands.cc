// shield doctor: what stands between this home and its bulletins, check by check, each with its
// fix.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/cli/broker_address.h"
#include "client/cli/clock_offset.h"
#include "client/cli/commands.h"
#include "client/cli/open_client.h"
#include "client/home/member_keys.h"
#include "client/text/terminal_text.h"
#include "policy/account.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_directory.h"

namespace shield::cli {
namespace {

// The checks so far, in their order.
class Findings {
 public:
  explicit Findings(Output& out) : out_(out) {}

  void Ok(const std::string& check, const std::string& said) { Add(check, "ok", said, ""); }
  void Skipped(const std::string& check, const std::string& why) { Add(check, "skipped", why, ""); }
  void Failed(const std::string& check, const absl::Status& status) {
    Add(check, "failed", std::string(status.message()), HintOf(status));
    if (first_.ok()) first_ = status;
  }
  // OK, or the first check that failed: those after it may have failed for its sake.
  absl::Status Tell() const { return out_.ObjectUnless(first_, {{"checks", checks_}}); }

 private:
  void Add(const std::string& check, const std::string& outcome, const std::string& said,
           const std::string& fix) {
    out_.Line(absl::StrFormat("%-9s  %-7s  %s", check, outcome, TerminalLine(said)));
    if (!fix.empty()) out_.Line(absl::StrCat("                    fix: ", TerminalLine(fix)));
    nlohmann::json row = {{"check", check}, {"outcome", outcome}, {"sentence", said}};
    if (!fix.empty()) row["fix"] = fix;
    checks_.push_back(std::move(row));
  }

  Output& out_;
  nlohmann::json checks_ = nlohmann::json::array();
  absl::Status first_;
};

// How far the way to the broker goes.
struct Reached {
  bool listening = false;
  bool answers = false;
  absl::Status refusal;  // by the pinned broker, of this member's key
};

bool CheckAddress(const std::string& address, absl::Duration timeout, Findings& findings) {
  const absl::StatusOr<BrokerAddress> resolved = BrokerAddress::Resolve(address);
  if (!resolved.ok()) {
    findings.Failed("dns", resolved.status());
    findings.Skipped("tcp", "the broker has no address");
    return false;
  }
  findings.Ok("dns", absl::StrCat("`", address, "` has an address"));
  const absl::Status connected = resolved->Connect(timeout);
  if (!connected.ok()) {
    findings.Failed("tcp", connected);
    return false;
  }
  findings.Ok("tcp", "something accepts connections there");
  return true;
}

void CheckClock(absl::Time own, absl::Time brokers, Findings& findings) {
  const absl::StatusOr<std::string> offset = JudgeClock(own, brokers);
  if (offset.ok()) return findings.Ok("clock", *offset);
  findings.Failed("clock", offset.status());
}

// What one answer of the broker says of TLS, the pin and the clock.
Reached CheckBroker(Session& session, Connection& connection, absl::Duration timeout,
                    Findings& findings) {
  Reached reached;
  const absl::StatusOr<BrokerAnswer> broker = connection.GetBroker(timeout);
  const absl::Status& status = broker.status();
  const bool wrong_pin = RuleOf(status) == "WRONG_BROKER_PIN";
  const bool refused = absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status);
  if (!status.ok() && !wrong_pin && !refused) {
    findings.Failed("tls", status);
    findings.Skipped("pin", "nobody has shown a key");
    findings.Skipped("clock", "the broker's is not known");
    return reached;
  }
  findings.Ok("tls", "a handshake was made");
  if (wrong_pin) {
    findings.Failed("pin", status);
    findings.Skipped("clock", "the broker's is not known");
    return reached;
  }
  findings.Ok("pin", "the broker shows the pinned key");
  if (refused) {
    reached.refusal = status;
    findings.Skipped("clock", "the broker's is not known");
    return reached;
  }
  reached.answers = true;
  CheckClock(session.environment().clock.Now(), broker->time, findings);
  return reached;
}

using Verified = std::shared_ptr<const VerifiedDirectory>;

// The newest directory; null when there is none to judge by.
Verified CheckDirectory(Session& session, Client& client, Reached& reached, Findings& findings) {
  absl::StatusOr<Verified> directory =
      reached.answers ? client.SyncDirectory() : client.NewestDirectory();
  if (absl::IsUnauthenticated(directory.status())) {
    reached.refusal = directory.status();
    directory = client.NewestDirectory();
  }
  if (absl::IsNotFound(directory.status()) && !reached.answers) {
    findings.Skipped("directory", "none is here yet");
    return nullptr;
  }
  if (!directory.ok()) {
    findings.Failed("directory", directory.status());
    return nullptr;
  }
  const std::string version = absl::StrCat("directory ", (*directory)->version());
  if ((*directory)->ExpiredAt(session.environment().clock.Now())) {
    findings.Failed("directory",
                    WithHint(WithRule(absl::FailedPreconditionError(version + " has expired"),
                                      "DIRECTORY_EXPIRED"),
                             "the vetting authority publishes a new one with `shield directory "
                             "publish`"));
    return *directory;
  }
  findings.Ok("directory", absl::StrCat(version, " is signed, whole and in force",
                                        reached.answers ? "" : "; the broker was not asked"));
  return *directory;
}

// Whether this member counts now: by the broker's word, else by the directory.
void CheckPolicy(Session& session, const MemberId& id, const Reached& reached,
                 const Verified& verified, Findings& findings) {
  if (!reached.refusal.ok()) return findings.Failed("policy", reached.refusal);
  if (verified == nullptr) {
    return findings.Skipped("policy", "there is no directory to judge this member by");
  }
  const Directory& directory = verified->directory();
  const MemberRecord* own = directory.FindMember(id);
  if (own == nullptr) {
    return findings.Failed(
        "policy",
        WithHint(WithRule(absl::UnauthenticatedError(
                              absl::StrCat("the directory does not name `", id.text(), "`")),
                          "NOT_ENROLLED"),
                 "hand request.txt to the vetting officer, and read out its fingerprint"));
  }
  const std::optional<Rule> fault =
      AccountFault(*own, directory.OrgOf(*own), session.environment().clock.Now());
  if (!fault.has_value()) {
    return findings.Ok("policy", absl::StrCat("`", id.text(), "` is a member in good standing"));
  }
  findings.Failed(
      "policy", WithHint(WithRule(absl::UnauthenticatedError("this membership does not count now"),
                                  RuleName(*fault)),
                         HintFor(*fault)));
}

absl::Status Doctor(Session& session) {
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  ASSIGN_OR_RETURN(const NetworkFile network, home.ReadNetwork());
  ASSIGN_OR_RETURN(const absl::Duration timeout, session.Timeout());
  RETURN_IF_ERROR(home.ReadMember().status());
  RETURN_IF_ERROR(AdoptNamedKeys(session, home, network));
  ASSIGN_OR_RETURN(const Passphrase passphrase,
                   session.Passphrase("Passphrase of the keys: ", home.KeysAreWrapped()));
  ASSIGN_OR_RETURN(MemberKeys keys, home.ReadKeys(passphrase));
  const std::string& address =
      session.broker_override().empty() ? network.broker_address : session.broker_override();
  Environment& environment = session.environment();
  ASSIGN_OR_RETURN(std::shared_ptr<Connection> connection,
                   environment.connect(
                       {address, network.broker_pin, keys.tls.key_pem, keys.tls.certificate_pem}));
  Findings findings(session.out());
  Reached reached;
  if (CheckAddress(address, timeout, findings)) {
    reached = CheckBroker(session, *connection, timeout, findings);
  } else {
    for (const char* check : {"tls", "pin", "clock"}) {
      findings.Skipped(check, "the broker was not reached");
    }
  }
  const MemberId id = keys.member;
  ASSIGN_OR_RETURN(Client client,
                   Client::Open(home, std::move(keys), std::move(connection), environment.clock,
                                environment.random, {.timeout = timeout}));
  const Verified directory = CheckDirectory(session, client, reached, findings);
  CheckPolicy(session, id, reached, directory, findings);
  return findings.Tell();
}

}  // namespace

void AddDoctorCommand(CLI::App& app, Session& session) {
  session.OnlineCommand(
      app.add_subcommand("doctor", "What stands between this home and its bulletins"),
      [&session] { return Doctor(session); });
}

}  // namespace shield::cli
