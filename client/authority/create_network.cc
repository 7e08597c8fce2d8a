#include "client/authority/create_network.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority_key.h"
#include "client/authority/draft.h"
#include "client/home/member_keys.h"
#include "crypto/signing_key.h"
#include "crypto/tls_key.h"
#include "policy/fields.h"
#include "policy/proof/enrolment.h"

namespace shield {
namespace {

constexpr absl::string_view kAuthorityKey = "authority-1";

absl::Status Refused(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("network not created: ", why));
}

absl::Status CheckPlan(const NetworkPlan& plan) {
  if (!IsHostPort(plan.broker_address)) {
    return Refused(absl::StrCat(Quoted(plan.broker_address), " is not HOST:PORT"));
  }
  for (const VerifierKey& key : plan.others) {
    if (const absl::Status point = key.CheckPoint(); !point.ok()) return Refused(point.message());
  }
  const size_t keys = plan.others.size() + 1;
  if (plan.threshold >= 1 && plan.threshold <= keys) return absl::OkStatus();
  return WithHint(
      WithRule(Refused(absl::StrCat("a threshold of ", plan.threshold, " does not fit ", keys,
                                    keys == 1 ? " authority key" : " authority keys")),
               "THRESHOLD_UNSUPPORTED"),
      "every other officer runs `shield key create --authority N --origin NAME`; name each key "
      "with "
      "--authority-key");
}

absl::Status CheckEmpty(const Home& home) {
  for (const std::string& name : {std::string("network.shield"), AuthorityKeyFile(kAuthorityKey)}) {
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
  std::vector<VerifierKey> keys = plan.others;
  keys.push_back(std::move(verifier));
  NetworkFile network{.network = plan.network,
                      .broker_address = plan.broker_address,
                      .broker_pin = plan.broker_pin,
                      .authority = std::move(keys),
                      .threshold = plan.threshold,
                      .authority_tls_pin = tls_pin};
  // Names, repetitions and number of the keys are judged as every member will.
  const absl::StatusOr<NetworkFile> read = ParseNetworkFile(PrintNetworkFile(network));
  if (!read.ok()) return Refused(read.status().message());
  return Beginning{std::move(seat), std::move(authority), SigningKey::Generate(random), *read};
}

}  // namespace

absl::StatusOr<NetworkFile> CreateNetwork(const std::string& folder, const NetworkPlan& plan,
                                          const Passphrase& passphrase, absl::Time now,
                                          Random& random) {
  RETURN_IF_ERROR(CheckPlan(plan));
  ASSIGN_OR_RETURN(const Beginning beginning, Begin(plan, random));
  ASSIGN_OR_RETURN(const Home home, Home::Create(folder));
  RETURN_IF_ERROR(CheckEmpty(home));
  const NetworkFile& network = beginning.network;

  RETURN_IF_ERROR(home.WriteKeys(beginning.seat, passphrase, now, random));
  RETURN_IF_ERROR(WriteAuthorityKey(home, network.network.KeyName(kAuthorityKey),
                                    beginning.authority, passphrase, random));
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
