#include "policy/proof/enrolment.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/fields.h"
#include "policy/line_reader.h"
#include "policy/proof/request_lines.h"

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

// The same request once more, after a slip of the hand.
absl::Status EnteredAlready(const MemberId& member, absl::string_view rule) {
  return WithHint(
      WithRule(absl::AlreadyExistsError(
                   absl::StrCat("these keys are entered for `", member.text(), "` already")),
               rule),
      "nothing is to be done if this very request was entered before; otherwise the member "
      "makes new keys and sends the new request");
}

}  // namespace

std::string PrintEnrolmentRequest(const EnrolmentRequest& request) {
  return absl::StrCat(kFirstLine, "\n", PrintRequestLines(request));
}

absl::StatusOr<EnrolmentRequest> ParseEnrolmentRequest(absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  RETURN_IF_ERROR(lines.TakeWhole(kFirstLine));
  ASSIGN_OR_RETURN(EnrolmentRequest request, TakeRequestLines(lines));
  RETURN_IF_ERROR(lines.Finish());
  return request;
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
  RETURN_IF_ERROR(CheckRequestNetwork(request, network));
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
    const auto holder = holders_.find(PrintAgeRecipient(request.seal));
    if (holder != holders_.end() && holder->second == request.member.text()) {
      return EnteredAlready(request.member, "ID_TAKEN");
    }
    return Taken(absl::StrCat("member `", request.member.text(), "` is enrolled already"),
                 "ID_TAKEN");
  }
  return CheckKeysNew(request);
}

absl::Status EnrolledKeys::CheckKeysNew(const EnrolmentRequest& request) const {
  for (const std::string& value : {PrintAgeRecipient(request.seal), PrintDigest(request.tls_pin)}) {
    if (const auto holder = holders_.find(value); holder != holders_.end()) {
      if (holder->second == request.member.text()) {
        return EnteredAlready(request.member, "KEY_TAKEN");
      }
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
