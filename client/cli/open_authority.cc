#include "client/cli/open_authority.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/home/member_keys.h"

namespace shield::cli {

absl::StatusOr<Authority> OpenAuthority(const Session& session) {
  ASSIGN_OR_RETURN(const std::filesystem::path folder, session.Home());
  return Authority::Open(folder.string());
}

absl::StatusOr<std::shared_ptr<Connection>> ConnectAuthority(Session& session,
                                                             const Authority& authority,
                                                             const Passphrase& passphrase) {
  ASSIGN_OR_RETURN(const MemberKeys keys, authority.home().ReadKeys(passphrase));
  return ConnectAs(session, authority, keys.tls);
}

absl::StatusOr<std::shared_ptr<Connection>> ConnectAs(Session& session, const Authority& authority,
                                                      const TlsKeyPair& tls) {
  // A broker that is to replace the one before is reached under its own key.
  ASSIGN_OR_RETURN(const NetworkFile network, authority.NetworkToBe());
  const std::string& address =
      session.broker_override().empty() ? network.broker_address : session.broker_override();
  return session.environment().connect(
      {address, network.broker_pin, tls.key_pem, tls.certificate_pem});
}

template <typename Id>
absl::StatusOr<Id> ParseIdOption(absl::string_view text, absl::string_view what) {
  std::optional<Id> id = Id::Parse(text);
  if (id.has_value()) return *std::move(id);
  return WithHint(UsageError(absl::StrCat("`", text, "` is not an id of a ", what)),
                  "an id is a-z, 0-9 and inner hyphens, at most 64 characters");
}
template absl::StatusOr<MemberId> ParseIdOption(absl::string_view, absl::string_view);
template absl::StatusOr<OrgId> ParseIdOption(absl::string_view, absl::string_view);
template absl::StatusOr<CommunityId> ParseIdOption(absl::string_view, absl::string_view);

std::vector<std::string> SplitList(absl::string_view text) {
  return absl::StrSplit(text, ',', absl::SkipEmpty());
}

absl::StatusOr<std::vector<Role>> ReadRoles(absl::string_view text) {
  std::vector<Role> roles;
  for (const std::string& word : SplitList(text)) {
    const std::optional<Role> role = ParseRole(word);
    if (!role.has_value()) {
      return WithHint(UsageError(absl::StrCat("--roles `", word, "` is not known")),
                      "use analyst, reader, desk, digest, vetting or auditor");
    }
    roles.push_back(*role);
  }
  if (roles.empty()) {
    return WithHint(UsageError("--roles names no role"),
                    "use analyst, reader, desk, digest, vetting or auditor");
  }
  return roles;
}

absl::StatusOr<absl::Time> ParseDateOption(absl::string_view option, absl::string_view text) {
  absl::Time time;
  std::string error;
  if (absl::ParseTime("%Y-%m-%d", text, &time, &error) ||
      absl::ParseTime(absl::RFC3339_sec, text, &time, &error)) {
    return time;
  }
  return WithHint(UsageError(absl::StrCat(option, " `", text, "` is not a date")),
                  "write it as 2027-01-01 or 2027-01-01T12:00:00Z");
}

}  // namespace shield::cli
