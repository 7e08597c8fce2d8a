#include "policy/proof/enrolment.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/fields.h"
#include "policy/line_reader.h"

namespace shield {
namespace {

constexpr absl::string_view kFirstLine = "shield/request/v1";
constexpr absl::string_view kRule = "REQUEST_MALFORMED";
constexpr TextKind kKind = {"enrolment request", kRule, kMaxRequestBytes};
constexpr NoteLimits kLimits = {kMaxRequestBytes, 1};

absl::Status Refused(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("enrolment request refused: ", why)),
                  kRule);
}

absl::Status Taken(absl::string_view what, absl::string_view rule) {
  return WithHint(
      WithRule(absl::AlreadyExistsError(absl::StrCat("enrolment request refused: ", what)), rule),
      "the member makes new keys under an id that is free and sends the new request");
}

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

std::string PrintEnrolmentRequest(const EnrolmentRequest& request) {
  return absl::StrCat(kFirstLine, "\nnetwork ", request.network.text(), " ",
                      PrintDigest(request.network_digest), "\nmember ", request.member.text(),
                      "\nseal ", PrintAgeRecipient(request.seal), "\nsign ",
                      request.sign.ToString(), "\ntls ", PrintDigest(request.tls_pin), "\n");
}

absl::StatusOr<EnrolmentRequest> ParseEnrolmentRequest(absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  RETURN_IF_ERROR(lines.TakeWhole(kFirstLine));
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
  RETURN_IF_ERROR(lines.Finish());
  return EnrolmentRequest{network.network, network.digest, member, *seal, *sign, *tls_pin};
}

Fingerprint RequestFingerprint(const EnrolmentRequest& request) {
  return Fingerprint(Sha256(PrintEnrolmentRequest(request)));
}

std::string SignEnrolmentRequest(const EnrolmentRequest& request, const SigningKey& key) {
  return SignNote(PrintEnrolmentRequest(request), request.sign.name(), key);
}

absl::StatusOr<EnrolmentRequest> VerifyEnrolmentRequest(absl::string_view note,
                                                        const NetworkFile& network) {
  absl::StatusOr<SignedNote> parsed = ParseNote(note, kLimits);
  if (!parsed.ok()) return WithRule(parsed.status(), kRule);
  ASSIGN_OR_RETURN(EnrolmentRequest request, ParseEnrolmentRequest(parsed->text));
  if (absl::Status point = request.sign.CheckPoint(); !point.ok()) return Refused(point.message());
  RETURN_IF_ERROR(Annotate(VerifyNote(*parsed, request.sign), "enrolment request refused"));
  if (request.network != network.network || request.network_digest != NetworkFileDigest(network)) {
    return WithHint(
        WithRule(absl::InvalidArgumentError(absl::StrCat(
                     "enrolment request of `", request.member.text(),
                     "` refused: it was made with the network file of another network")),
                 "NETWORK_MISMATCH"),
        "give the member this network's file, let it join and make its request again");
  }
  return request;
}

EnrolledKeys::EnrolledKeys(const Directory& directory) {
  const DirectoryNote& note = directory.note();
  holders_.emplace(PrintDigest(note.broker_pin), "the broker");
  std::vector<std::string> texts = {note.broker_key, note.log_key, note.fresh_key};
  texts.insert(texts.end(), note.witnesses.begin(), note.witnesses.end());
  for (const std::string& text : texts) {
    const absl::StatusOr<VerifierKey> key = VerifierKey::Parse(text);
    if (key.ok()) signers_.emplace(key->public_key(), key->name());
  }
  for (const MemberRecord& member : directory.members()) members_.insert(member.id);
  for (const KeyRecord& record : directory.keys()) {
    if (record.use != KeyUse::kSign) {
      holders_.emplace(record.value, record.member.str());
      continue;
    }
    const absl::StatusOr<VerifierKey> key = VerifierKey::Parse(record.value);
    if (key.ok()) signers_.emplace(key->public_key(), record.member.str());
  }
}

absl::Status EnrolledKeys::CheckNew(const EnrolmentRequest& request) const {
  if (members_.contains(request.member)) {
    return Taken(absl::StrCat("member `", request.member.text(), "` is enrolled already"),
                 "ID_TAKEN");
  }
  for (const std::string& value : {PrintAgeRecipient(request.seal), PrintDigest(request.tls_pin)}) {
    if (const auto holder = holders_.find(value); holder != holders_.end()) {
      return Taken(absl::StrCat("a key of it is enrolled for `", holder->second, "`"), "KEY_TAKEN");
    }
  }
  if (const auto holder = signers_.find(request.sign.public_key()); holder != signers_.end()) {
    return Taken(absl::StrCat("its sign key is enrolled for `", holder->second, "`"), "KEY_TAKEN");
  }
  return absl::OkStatus();
}

void EnrolledKeys::Add(const EnrolmentRequest& request) {
  members_.insert(request.member);
  holders_.emplace(PrintAgeRecipient(request.seal), request.member.str());
  holders_.emplace(PrintDigest(request.tls_pin), request.member.str());
  signers_.emplace(request.sign.public_key(), request.member.str());
}

}  // namespace shield
