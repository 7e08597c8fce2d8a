#include "client/authority/challenge.h"

#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/status.h"
#include "client/home/wrapped_text.h"
#include "crypto/fingerprint.h"
#include "crypto/sha256.h"
#include "policy/line_reader.h"

namespace shield {
namespace {

constexpr TextKind kKind = {"challenge", "CHALLENGE_MALFORMED", kMaxChallengeBytes};

std::string AnswerOf(absl::string_view text) { return Fingerprint(Sha256(AsBytes(text))).Base32(); }

}  // namespace

absl::StatusOr<Challenge> MakeChallenge(const Origin& network, const MemberId& member,
                                        const X25519PublicKey& seal, Random& random) {
  std::array<uint8_t, 32> nonce;
  random.Fill(nonce);
  const std::string text =
      absl::StrCat("shield/challenge/v1\nnetwork ", network.text(), "\nmember ", member.text(),
                   "\nnonce ", Base64Encode(nonce, Base64Form::kPadded), "\n");
  Challenge challenge;
  ASSIGN_OR_RETURN(challenge.sealed, SealText(text, seal, random));
  ASSIGN_OR_RETURN(challenge.answer_digest, AnswerDigest(AnswerOf(text)));
  return challenge;
}

absl::StatusOr<std::string> AnswerTo(absl::string_view opened, const Origin& network,
                                     const MemberId& member) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(opened, kKind));
  RETURN_IF_ERROR(lines.TakeWhole("shield/challenge/v1"));
  ASSIGN_OR_RETURN(const absl::string_view origin, lines.Take("network"));
  if (origin != network.text()) return lines.Refuse("it is of another network");
  ASSIGN_OR_RETURN(const absl::string_view id, lines.Take("member"));
  if (id != member.text()) return lines.Refuse("it is for another member");
  ASSIGN_OR_RETURN(const absl::string_view nonce, lines.Take("nonce"));
  const std::optional<Bytes> bytes = Base64Decode(nonce, Base64Form::kPadded);
  if (!bytes.has_value() || bytes->size() != 32) return lines.Refuse("not the base64 of 32 bytes");
  RETURN_IF_ERROR(lines.Finish());
  return AnswerOf(opened);
}

absl::StatusOr<Digest> AnswerDigest(absl::string_view answer) {
  ASSIGN_OR_RETURN(const Fingerprint parsed, Fingerprint::Parse(answer));
  return Sha256(absl::StrCat("shield/challenge-answer/v1\n", parsed.Base32()));
}

}  // namespace shield
