#include "policy/proof/request_lines.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/fields.h"

namespace shield {
namespace {

struct NetworkLine {
  Origin network;
  Digest digest;
};

absl::StatusOr<NetworkLine> ReadNetwork(LineReader& lines) {
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> fields, lines.TakeFields("network", 2));
  const std::optional<Origin> network = Origin::Parse(fields[0]);
  if (!network.has_value()) return lines.Refuse("this cannot be the name of a network");
  const std::optional<Digest> digest = ParseDigest(fields[1]);
  if (!digest.has_value()) return lines.Refuse("the digest is not the base64 of 32 bytes");
  return NetworkLine{*network, *digest};
}

absl::StatusOr<MemberId> ReadMember(LineReader& lines) {
  ASSIGN_OR_RETURN(const absl::string_view text, lines.Take("member"));
  const std::optional<MemberId> member = MemberId::Parse(text);
  if (!member.has_value()) return lines.Refuse("this cannot be a member's id");
  if (IsReservedMemberId(text)) return lines.Refuse("this id is kept for keys of the network");
  return *member;
}

}  // namespace

absl::StatusOr<EnrolmentRequest> TakeRequestLines(LineReader& lines) {
  ASSIGN_OR_RETURN(const NetworkLine network, ReadNetwork(lines));
  ASSIGN_OR_RETURN(const MemberId member, ReadMember(lines));
  ASSIGN_OR_RETURN(const absl::string_view seal_text, lines.Take("seal"));
  const absl::StatusOr<X25519PublicKey> seal = ParseAgeRecipient(seal_text);
  if (!seal.ok()) return lines.Refuse(seal.status().message());
  ASSIGN_OR_RETURN(const absl::string_view sign_text, lines.Take("sign"));
  const absl::StatusOr<VerifierKey> sign = VerifierKey::Parse(sign_text);
  if (!sign.ok()) return lines.Refuse(sign.status().message());
  if (sign->name() != network.network.KeyName(member.text())) {
    return lines.Refuse("its key is not named <network>/<member>");
  }
  ASSIGN_OR_RETURN(const absl::string_view tls_text, lines.Take("tls"));
  const std::optional<Digest> tls_pin = ParseDigest(tls_text);
  if (!tls_pin.has_value()) return lines.Refuse("the pin is not the base64 of 32 bytes");
  return EnrolmentRequest{network.network, network.digest, member, *seal, *sign, *tls_pin};
}

std::string PrintRequestLines(const EnrolmentRequest& request) {
  return absl::StrCat("network ", request.network.text(), " ", PrintDigest(request.network_digest),
                      "\nmember ", request.member.text(), "\nseal ",
                      PrintAgeRecipient(request.seal), "\nsign ", request.sign.ToString(), "\ntls ",
                      PrintDigest(request.tls_pin), "\n");
}

absl::Status CheckRequestNetwork(const EnrolmentRequest& request, const NetworkFile& network) {
  if (request.network != network.network || request.network_digest != NetworkFileDigest(network)) {
    return WithHint(
        WithRule(absl::InvalidArgumentError(absl::StrCat(
                     "enrolment request of `", request.member.text(),
                     "` refused: it was made with the network file of another network")),
                 "NETWORK_MISMATCH"),
        "give the member this network's file, let it join and make its request again");
  }
  return absl::OkStatus();
}

}  // namespace shield
