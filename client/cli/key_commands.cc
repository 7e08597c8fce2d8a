// shield key rotate | answer: new keys for a member, and the answer to a challenge.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/challenge.h"
#include "client/cli/commands.h"
#include "client/cli/input_file.h"
#include "client/cli/open_client.h"
#include "client/home/member_keys.h"
#include "client/home/wrapped_text.h"
#include "client/text/terminal_text.h"
#include "policy/proof/rekey.h"

namespace shield::cli {
namespace {

struct KeyOptions {
  bool adopt = false;
  std::string challenge;
};

absl::StatusOr<MemberKeys> ReadOwnKeys(Session& session, const Home& home) {
  ASSIGN_OR_RETURN(const Passphrase passphrase,
                   session.Passphrase("Passphrase of the keys: ", home.KeysAreWrapped()));
  return home.ReadKeys(passphrase);
}

// What `key rotate` has done about the request.
enum class Request { kMade, kWaits, kRenewed };

absl::string_view Describe(Request request) {
  if (request == Request::kMade) return " made";
  return request == Request::kWaits ? " wait already" : " ask anew, for the network as it is now";
}

absl::Status Tell(Session& session, const Home& home, Request done) {
  ASSIGN_OR_RETURN(const MemberId member, home.ReadMember());
  const std::string path = home.PathOf(kRekeyFile);
  session.out().Line(absl::StrCat("new keys of ", member.text(), Describe(done),
                                  "; the request is in ", TerminalLine(path)));
  session.out().Note(
      "Send the request to the vetting officer. The keys before go on until the directory names "
      "the new ones; then they take over by themselves.");
  session.out().Object({{"member", member.str()}, {"request", path}, {"adopted", false}});
  return absl::OkStatus();
}

absl::Status WriteRequest(const Home& home, const NetworkFile& network, const MemberKeys& before,
                          const MemberKeys& next) {
  ASSIGN_OR_RETURN(EnrolmentRequest keys, RequestFor(next, network));
  const RekeyRequest request{std::move(keys), before.Verifier()};
  return home.Write(kRekeyFile, SignRekeyRequest(request, next.sign, before.sign));
}

// The authority takes a request for the present network only: one of before a rotation is signed
// anew, by the same keys.
absl::Status RenewRequest(Session& session, const Home& home) {
  ASSIGN_OR_RETURN(const NetworkFile network, home.ReadNetwork());
  ASSIGN_OR_RETURN(const std::string text, home.Read(kRekeyFile));
  if (VerifyRekeyRequest(text, network).ok()) return Tell(session, home, Request::kWaits);
  ASSIGN_OR_RETURN(const Passphrase passphrase,
                   session.Passphrase("Passphrase of the keys: ", home.KeysAreWrapped()));
  ASSIGN_OR_RETURN(const MemberKeys before, home.ReadKeys(passphrase));
  ASSIGN_OR_RETURN(const MemberKeys next, home.ReadStagedKeys(passphrase));
  RETURN_IF_ERROR(WriteRequest(home, network, before, next));
  return Tell(session, home, Request::kRenewed);
}

absl::Status NotConfirmed() {
  return WithHint(
      WithRule(absl::PermissionDeniedError("the new keys are not taken up: no directory names them "
                                           "yet, so they would open no door; nothing was changed"),
               "KEYS_NOT_CONFIRMED"),
      "send rekey.txt to the vetting officer, and try again when the directory that names the new "
      "keys has been published; the keys before go on until then");
}

// The broker does not know the new keys. That they wait for the authority is so only of a member:
// of one who is suspended, revoked or ended, by what the broker says to the keys before or the
// directory here, that is said, UNAUTHENTICATED.
absl::Status WhyNotKnown(Session& session, const Home& home, const NetworkFile& network,
                         MemberKeys before) {
  ASSIGN_OR_RETURN(Client client, OpenClientWith(session, home, network, std::move(before)));
  RETURN_IF_ERROR(client.SyncDirectory().status());
  RETURN_IF_ERROR(OwnStanding(session, client));
  return NotConfirmed();
}

// Whoever took up keys that the authority has not entered would be shut out with both. The new ones
// ask for the directory: those before may have ended by now.
absl::Status CheckConfirmed(Session& session, const Home& home) {
  ASSIGN_OR_RETURN(const NetworkFile network, home.ReadNetwork());
  ASSIGN_OR_RETURN(bool named, NewKeysAreNamed(session, home, network));
  if (named) return absl::OkStatus();
  if (session.offline()) return NotConfirmed();
  ASSIGN_OR_RETURN(const Passphrase passphrase,
                   session.Passphrase("Passphrase of the keys: ", home.KeysAreWrapped()));
  ASSIGN_OR_RETURN(MemberKeys next, home.ReadStagedKeys(passphrase));
  ASSIGN_OR_RETURN(Client client, OpenClientWith(session, home, network, std::move(next)));
  const absl::Status synced = client.SyncDirectory().status();
  if (RuleOf(synced) == "NOT_ENROLLED" || RuleOf(synced) == "UNKNOWN_CALLER") {
    ASSIGN_OR_RETURN(MemberKeys before, home.ReadKeys(passphrase));
    return WhyNotKnown(session, home, network, std::move(before));
  }
  RETURN_IF_ERROR(synced);
  ASSIGN_OR_RETURN(named, NewKeysAreNamed(session, home, network));
  return named ? absl::OkStatus() : NotConfirmed();
}

absl::Status Adopt(Session& session, const Home& home) {
  ASSIGN_OR_RETURN(const std::optional<VerifierKey> staged, home.StagedSignKey());
  if (staged.has_value()) RETURN_IF_ERROR(CheckConfirmed(session, home));
  RETURN_IF_ERROR(home.AdoptKeys());
  ASSIGN_OR_RETURN(const MemberId member, home.ReadMember());
  session.out().Line(absl::StrCat(member.text(), " works with its new keys"));
  session.out().Object({{"member", member.str()}, {"adopted", true}});
  return absl::OkStatus();
}

absl::Status Rotate(Session& session, const KeyOptions& options) {
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  if (options.adopt) return Adopt(session, home);
  ASSIGN_OR_RETURN(const std::optional<VerifierKey> staged, home.StagedSignKey());
  if (staged.has_value()) return RenewRequest(session, home);
  ASSIGN_OR_RETURN(const NetworkFile network, home.ReadNetwork());
  ASSIGN_OR_RETURN(const Passphrase passphrase,
                   session.Passphrase("Passphrase of the keys: ", home.KeysAreWrapped()));
  ASSIGN_OR_RETURN(MemberKeys before, home.ReadKeys(passphrase));
  Environment& environment = session.environment();
  ASSIGN_OR_RETURN(MemberKeys next,
                   MemberKeys::Generate(before.member, before.network, environment.random));
  // Whatever was sealed to a key of this home is to open here for good.
  for (X25519Identity& identity : before.seal) next.seal.push_back(std::move(identity));
  RETURN_IF_ERROR(home.StageKeys(next, passphrase, environment.clock.Now(), environment.random));
  RETURN_IF_ERROR(WriteRequest(home, network, before, next));
  return Tell(session, home, Request::kMade);
}

absl::Status Answer(Session& session, const KeyOptions& options) {
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  ASSIGN_OR_RETURN(const std::string sealed,
                   ReadInputFile(options.challenge, "challenge", kMaxChallengeBytes));
  ASSIGN_OR_RETURN(const MemberKeys keys, ReadOwnKeys(session, home));
  const absl::StatusOr<SecretText> opened = OpenText(sealed, keys.seal);
  if (!opened.ok()) {
    return WithHint(WithRule(absl::DataLossError("the challenge does not open with these keys"),
                             "CHALLENGE_NOT_OURS"),
                    "tell the vetting officer: it was made for another request");
  }
  ASSIGN_OR_RETURN(const std::string answer,
                   AnswerTo(opened->Reveal(SecretAccess::ForCrypto()), keys.network, keys.member));
  session.out().Line(answer);
  session.out().Note("Read this out to the vetting officer.");
  session.out().Object({{"member", keys.member.str()}, {"answer", answer}});
  return absl::OkStatus();
}

}  // namespace

void AddKeyCommands(CLI::App& key, Session& session) {
  const auto options = std::make_shared<KeyOptions>();
  CLI::App* rotate = key.add_subcommand("rotate", "Make new keys, and a request signed by both");
  rotate->add_flag("--adopt", options->adopt,
                   "Work with the new keys from now on, once the directory names them");
  session.Command(rotate, [&session, options] { return Rotate(session, *options); });

  CLI::App* answer = key.add_subcommand("answer", "Open a challenge of the vetting officer");
  answer->add_option("FILE", options->challenge, "What `member add --challenge` wrote")->required();
  session.Command(answer, [&session, options] { return Answer(session, *options); });
}

}  // namespace shield::cli
