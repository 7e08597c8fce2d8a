// A challenge that only the seal key of a new member answers: a random nonce in an age file.
//
//   shield/challenge/v1
//   network <origin>
//   member <id>
//   nonce <base64 of 32 random bytes>
//
// `shield key answer` opens it (so does `age -d -i identity.txt`) and shows the answer, 100 bits of
// the SHA-256 of this text as a fingerprint shows them. The authority keeps a digest of the answer.
// It proves that whoever answers holds the seal key of the request; the fingerprint of the request
// proves who that is (docs/spec/directory.md, "Enrolment").
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/random.h"
#include "base/strong_id.h"
#include "crypto/age_recipient.h"
#include "policy/origin.h"

namespace shield {

inline constexpr size_t kMaxChallengeBytes = 4 * 1024;

struct Challenge {
  std::string sealed;    // the age file
  Digest answer_digest;  // AnswerDigest of what opening it gives
};
absl::StatusOr<Challenge> MakeChallenge(const Origin& network, const MemberId& member,
                                        const X25519PublicKey& seal, Random& random);

// The answer to a challenge that was opened. INVALID_ARGUMENT, rule CHALLENGE_MALFORMED, unless it
// is one of `network` for `member`: nothing else is opened for whoever sends it.
absl::StatusOr<std::string> AnswerTo(absl::string_view opened, const Origin& network,
                                     const MemberId& member);

// Of an answer as it was typed: letters of either case, groups with or without hyphens. Nothing
// when it is none.
absl::StatusOr<Digest> AnswerDigest(absl::string_view answer);

}  // namespace shield
