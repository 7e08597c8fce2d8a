#include "client/cli/open_client.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/offline_connection.h"
#include "client/cli/plan_text.h"
#include "client/export/newest_held.h"
#include "client/home/member_keys.h"
#include "policy/account.h"
#include "policy/decision.h"
#include "policy/proof/network_file.h"

namespace shield::cli {

absl::StatusOr<Home> OpenHome(const Session& session) {
  ASSIGN_OR_RETURN(const std::filesystem::path folder, session.Home());
  return Home::Open(folder.string());
}

absl::StatusOr<bool> NewKeysAreNamed(Session& session, const Home& home,
                                     const NetworkFile& network) {
  ASSIGN_OR_RETURN(const std::optional<VerifierKey> staged, home.StagedSignKey());
  if (!staged.has_value()) return false;
  Environment& environment = session.environment();
  ASSIGN_OR_RETURN(const std::shared_ptr<const VerifiedDirectory> newest,
                   NewestHeld(home, network, environment.clock, environment.random));
  if (newest == nullptr) return false;
  ASSIGN_OR_RETURN(const MemberId member, home.ReadMember());
  const std::string value = staged->ToString();
  const std::span<const KeyRecord> keys = newest->directory().KeysOf(member);
  return std::any_of(keys.begin(), keys.end(), [&value](const KeyRecord& key) {
    return key.use == KeyUse::kSign && key.value == value;
  });
}

absl::Status AdoptNamedKeys(Session& session, const Home& home, const NetworkFile& network) {
  ASSIGN_OR_RETURN(const bool named, NewKeysAreNamed(session, home, network));
  return named ? home.AdoptKeys() : absl::OkStatus();
}

namespace {

absl::StatusOr<std::shared_ptr<Connection>> Connect(Session& session, const NetworkFile& network,
                                                    const MemberKeys& keys) {
  if (session.offline()) return NewOfflineConnection();
  const std::string& address =
      session.broker_override().empty() ? network.broker_address : session.broker_override();
  return session.environment().connect(
      {address, network.broker_pin, keys.tls.key_pem, keys.tls.certificate_pem});
}

absl::StatusOr<Client> OpenWith(Session& session, const Home& home, MemberKeys keys,
                                std::shared_ptr<Connection> connection, LinkObserver on_link) {
  ASSIGN_OR_RETURN(const absl::Duration timeout, session.Timeout());
  ClientOptions options;
  options.timeout = timeout;
  options.on_link = std::move(on_link);
  Environment& environment = session.environment();
  return Client::Open(home, std::move(keys), std::move(connection), environment.clock,
                      environment.random, options);
}

// Over `connection`, or over one of its own when there is none.
absl::StatusOr<Client> OpenOver(Session& session, std::shared_ptr<Connection> connection,
                                LinkObserver on_link) {
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  ASSIGN_OR_RETURN(const NetworkFile network, home.ReadNetwork());
  RETURN_IF_ERROR(AdoptNamedKeys(session, home, network));
  RETURN_IF_ERROR(session.Timeout().status());
  ASSIGN_OR_RETURN(const Passphrase passphrase,
                   session.Passphrase("Passphrase of the keys: ", home.KeysAreWrapped()));
  ASSIGN_OR_RETURN(MemberKeys keys, home.ReadKeys(passphrase));
  if (connection == nullptr) {
    ASSIGN_OR_RETURN(connection, Connect(session, network, keys));
  }
  return OpenWith(session, home, std::move(keys), std::move(connection), std::move(on_link));
}

}  // namespace

absl::StatusOr<Client> OpenClient(Session& session, LinkObserver on_link) {
  return OpenOver(session, nullptr, std::move(on_link));
}

absl::StatusOr<Client> OpenClientWith(Session& session, const Home& home,
                                      const NetworkFile& network, MemberKeys keys) {
  ASSIGN_OR_RETURN(std::shared_ptr<Connection> connection, Connect(session, network, keys));
  return OpenWith(session, home, std::move(keys), std::move(connection), nullptr);
}

absl::StatusOr<Client> OpenClientOver(Session& session, std::shared_ptr<Connection> connection) {
  return OpenOver(session, std::move(connection), nullptr);
}

absl::Status Refresh(Session& session, Client& client) {
  if (session.offline()) return OwnStanding(session, client);
  const absl::StatusOr<SyncReport> report = client.Sync();
  if (NotReached(report.status())) {
    return WithHint(report.status(),
                    "what is here can be read all the same: --offline does not try");
  }
  RETURN_IF_ERROR(report.status());
  for (const std::string& warning : report->warnings) {
    session.out().Note(absl::StrCat("shield: warning: ", WarningSentence(warning)));
  }
  if (report->refused == 0) return absl::OkStatus();
  return WithRule(
      WithHint(
          absl::DataLossError(absl::StrCat(report->refused, " of ", report->received,
                                           " new entries failed their checks and are kept closed")),
          "`shield inbox ls` names the check that failed; tell the police IT operator"),
      "ENTRY_REFUSED");
}

bool NotReached(const absl::Status& refreshed) {
  return ExitCodeOf(refreshed) == ExitCode::kUnreachable;
}

bool PreventsReading(const absl::Status& refreshed) {
  return Prevents(refreshed) && !NotReached(refreshed) &&
         ExitCodeOf(refreshed) != ExitCode::kNotEnrolled;
}

bool Prevents(const absl::Status& refreshed) {
  return !refreshed.ok() && !absl::IsDataLoss(refreshed);
}

absl::Status Graver(const absl::Status& refreshed, const absl::Status& then) {
  return refreshed.ok() ? then : refreshed;
}

absl::StatusOr<BulletinId> ParseId(const std::string& text) {
  const std::optional<BulletinId> id = BulletinId::Parse(text);
  if (id.has_value()) return *id;
  return WithHint(UsageError(absl::StrCat("`", text, "` is not the id of a bulletin")),
                  "an id is 32 hexadecimal digits; `shield bulletin ls` lists them");
}

absl::StatusOr<std::optional<Tlp>> LabelOf(Client& client, const BulletinId& id) {
  for (const bool own : {false, true}) {
    ASSIGN_OR_RETURN(const std::vector<InboxItem> items,
                     own ? client.Publications() : client.Inbox());
    for (const InboxItem& item : items) {
      if (item.id == id) return std::optional<Tlp>(item.tlp);
    }
  }
  return std::optional<Tlp>();
}

absl::Status OwnStanding(Session& session, Client& client) {
  const absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> newest = client.NewestDirectory();
  if (!newest.ok()) return absl::OkStatus();
  const Directory& directory = (*newest)->directory();
  const MemberRecord* own = directory.FindMember(client.member());
  if (own == nullptr) return absl::OkStatus();
  const std::optional<Rule> fault =
      AccountFault(*own, directory.OrgOf(*own), session.environment().clock.Now());
  if (!fault.has_value()) return absl::OkStatus();
  return WithHint(WithRule(absl::UnauthenticatedError("this membership does not count now, by the "
                                                      "directory that is here"),
                           RuleName(*fault)),
                  HintFor(*fault));
}

absl::Status AsOwnStanding(const absl::Status& status) {
  const std::string rule = RuleOf(status);
  for (const Rule standing :
       {Rule::kUnknownCaller, Rule::kRecipientRevoked, Rule::kSuspended, Rule::kMembershipPending,
        Rule::kMembershipNotYet, Rule::kMembershipExpired}) {
    if (rule != RuleName(standing)) continue;
    return WithHint(WithRule(absl::UnauthenticatedError(status.message()), rule),
                    HintFor(standing));
  }
  return status;
}

}  // namespace shield::cli
