#include "client/authority/create_network.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/draft.h"
#include "client/home/member_keys.h"
#include "client/home/wrapped_text.h"
#include "crypto/signing_key.h"
#include "crypto/tls_key.h"
#include "policy/fields.h"
#include "policy/proof/enrolment.h"

namespace shield {
namespace {

constexpr absl::string_view kAuthorityKey = "authority-1";

absl::Status CheckPlan(const NetworkPlan& plan) {
  if (!IsHostPort(plan.broker_address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("network not created: ", Quoted(plan.broker_address), " is not HOST:PORT"));
  }
  if (plan.threshold == 1) return absl::OkStatus();
  return WithHint(
      WithRule(absl::InvalidArgumentError(absl::StrCat(
                   "network not created: a threshold of ", plan.threshold,
                   " needs signatures made on several machines, and signing offline does not "
                   "exist yet")),
               "THRESHOLD_UNSUPPORTED"),
      "use --threshold 1");
}

absl::Status CheckEmpty(const Home& home) {
  for (const absl::string_view name : {absl::string_view("network.shield"), kAuthorityKeyFile}) {
    if (!home.Has(name)) continue;
    return WithHint(absl::AlreadyExistsError(absl::StrCat("network not created: `",
                                                          home.PathOf(name), "` is there already")),
                    "choose another folder; a network's keys are made once");
  }
  return absl::OkStatus();
}

// The authority's own network: keys to be written and the file that pins them.
struct Beginning {
  MemberKeys seat;
  SigningKey authority;
  SigningKey fresh;
  NetworkFile network;
};

absl::StatusOr<Beginning> Begin(const NetworkPlan& plan, Random& random) {
  ASSIGN_OR_RETURN(MemberKeys seat,
                   MemberKeys::Generate(*MemberId::Parse(kSeatId), plan.network, random));
  SigningKey authority = SigningKey::Generate(random);
  ASSIGN_OR_RETURN(VerifierKey verifier, authority.Verifier(plan.network.KeyName(kAuthorityKey)));
  ASSIGN_OR_RETURN(const Digest tls_pin, SpkiDigest(seat.tls.certificate_pem));
  NetworkFile network{.network = plan.network,
                      .broker_address = plan.broker_address,
                      .broker_pin = plan.broker_pin,
                      .authority = {std::move(verifier)},
                      .threshold = plan.threshold,
                      .authority_tls_pin = tls_pin};
  return Beginning{std::move(seat), std::move(authority), SigningKey::Generate(random),
                   std::move(network)};
}

absl::Status WriteAuthorityKey(const Home& home, const Beginning& beginning,
                               const Passphrase& passphrase, Random& random) {
  std::string text = beginning.authority.Print(beginning.network.network.KeyName(kAuthorityKey),
                                               SecretAccess::ForExport());
  if (!passphrase.has_value()) return home.Write(kAuthorityKeyFile, text);
  ASSIGN_OR_RETURN(const std::string sealed,
                   SealText(text, beginning.seat.seal.front().Recipient(), random));
  return home.Write(kAuthorityKeyFile, sealed);
}

}  // namespace

absl::StatusOr<NetworkFile> CreateNetwork(const std::string& folder, const NetworkPlan& plan,
                                          const Passphrase& passphrase, absl::Time now,
                                          Random& random) {
  RETURN_IF_ERROR(CheckPlan(plan));
  ASSIGN_OR_RETURN(const Home home, Home::Create(folder));
  RETURN_IF_ERROR(CheckEmpty(home));
  ASSIGN_OR_RETURN(const Beginning beginning, Begin(plan, random));
  const NetworkFile& network = beginning.network;

  RETURN_IF_ERROR(home.WriteKeys(beginning.seat, passphrase, now, random));
  RETURN_IF_ERROR(WriteAuthorityKey(home, beginning, passphrase, random));
  RETURN_IF_ERROR(home.Write(kFreshKeyFile, beginning.fresh.Print(network.network.KeyName("fresh"),
                                                                  SecretAccess::ForExport())));
  RETURN_IF_ERROR(
      home.Write(kDraftFile, PrintDraft(DirectoryDraft{.network = network.network}, {})));
  ASSIGN_OR_RETURN(const EnrolmentRequest request, RequestFor(beginning.seat, network));
  RETURN_IF_ERROR(home.Write("request.txt", SignEnrolmentRequest(request, beginning.seat.sign)));
  RETURN_IF_ERROR(home.Join(PrintNetworkFile(network)));
  return network;
}

}  // namespace shield
