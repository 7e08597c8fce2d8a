#include "policy/proof/rekey.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/note.h"
#include "policy/line_reader.h"
#include "policy/proof/request_lines.h"

namespace shield {
namespace {

constexpr absl::string_view kFirstLine = "shield/rekey/v1";
constexpr absl::string_view kRule = "REQUEST_MALFORMED";
constexpr TextKind kKind = {"request for new keys", kRule, kMaxRequestBytes};
constexpr NoteLimits kLimits = {kMaxRequestBytes, 2};

absl::Status Malformed(const absl::Status& why) {
  return WithRule(Annotate(absl::InvalidArgumentError(why.message()), "request refused"), kRule);
}

}  // namespace

bool IsRekeyRequest(absl::string_view note) {
  return absl::StartsWith(note, absl::StrCat(kFirstLine, "\n"));
}

std::string PrintRekeyRequest(const RekeyRequest& request) {
  return absl::StrCat(kFirstLine, "\n", PrintRequestLines(request.keys), "replaces ",
                      request.replaces.ToString(), "\n");
}

absl::StatusOr<RekeyRequest> ParseRekeyRequest(absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  RETURN_IF_ERROR(lines.TakeWhole(kFirstLine));
  ASSIGN_OR_RETURN(EnrolmentRequest keys, TakeRequestLines(lines));
  ASSIGN_OR_RETURN(const absl::string_view replaced, lines.Take("replaces"));
  absl::StatusOr<VerifierKey> replaces = VerifierKey::Parse(replaced);
  if (!replaces.ok()) return lines.Refuse(replaces.status().message());
  if (replaces->name() != keys.sign.name()) return lines.Refuse("it is the key of another member");
  if (replaces->public_key() == keys.sign.public_key()) {
    return lines.Refuse("a key does not replace itself");
  }
  RETURN_IF_ERROR(lines.Finish());
  return RekeyRequest{std::move(keys), *std::move(replaces)};
}

std::string SignRekeyRequest(const RekeyRequest& request, const SigningKey& new_key,
                             const SigningKey& old_key) {
  const std::string& name = request.keys.sign.name();
  const std::string note = SignNote(PrintRekeyRequest(request), name, new_key);
  absl::StatusOr<std::string> both = AddSignature(note, name, old_key);
  SHIELD_CHECK(both.ok());  // two keys, so two signatures
  return *std::move(both);
}

absl::StatusOr<RekeyRequest> VerifyRekeyRequest(absl::string_view note,
                                                const NetworkFile& network) {
  const absl::StatusOr<SignedNote> parsed = ParseNote(note, kLimits);
  if (!parsed.ok()) return Malformed(parsed.status());
  ASSIGN_OR_RETURN(RekeyRequest request, ParseRekeyRequest(parsed->text));
  for (const VerifierKey* key : {&request.keys.sign, &request.replaces}) {
    if (const absl::Status point = key->CheckPoint(); !point.ok()) return Malformed(point);
    RETURN_IF_ERROR(Annotate(VerifyNote(*parsed, *key), "request refused"));
  }
  RETURN_IF_ERROR(CheckRequestNetwork(request.keys, network));
  return request;
}

}  // namespace shield
