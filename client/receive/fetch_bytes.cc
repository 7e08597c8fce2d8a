#include "client/receive/fetch_bytes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

constexpr absl::Duration kLongestRound = absl::Hours(24);

absl::Status OtherBytes(absl::string_view how) {
  return WithRule(
      absl::DataLossError(absl::StrCat("the broker gave bytes that were not signed: ", how)),
      "DIGEST_MISMATCH");
}

// What a round of one timeout must bring for another to follow.
uint64_t EnoughBytes(absl::Duration timeout) {
  const double seconds = absl::ToDoubleSeconds(std::min(timeout, kLongestRound));
  return std::max<uint64_t>(1, static_cast<uint64_t>(seconds * kSlowestDownloadBytesPerSecond));
}

// One stream, from the offset reached so far.
absl::Status ReadOn(Connection& connection, const FetchSource& source, absl::Duration timeout,
                    uint64_t expected, uint64_t& reached, const ByteSink& sink) {
  ASSIGN_OR_RETURN(const std::unique_ptr<FetchReader> reader, connection.Fetch(source, timeout));
  for (;;) {
    ASSIGN_OR_RETURN(const Bytes piece, reader->Read());
    if (piece.empty()) return absl::OkStatus();
    if (piece.size() > expected - reached) {
      reader->Cancel();
      return OtherBytes(absl::StrCat("more than ", expected, " bytes"));
    }
    reached += piece.size();
    RETURN_IF_ERROR(sink(piece));
  }
}

// Other bytes than the author signed are a fault of what came, which only this side finds. A broker
// that speaks of lost data means its own store; whatever else it says to a request that is in order
// is a refusal to serve the payload.
absl::Status WhatItSays(const absl::Status& failure) {
  if (RuleOf(failure) == "DIGEST_MISMATCH" && absl::IsDataLoss(failure)) return failure;
  if (IsPassing(failure) || absl::IsNotFound(failure)) return failure;
  if (absl::IsDataLoss(failure)) {
    return WithRule(absl::UnavailableError(failure.message()), RuleOf(failure));
  }
  return WithRule(absl::NotFoundError(failure.message()), RuleOf(failure));
}

}  // namespace

absl::Status FetchBytes(Connection& connection, Retrier& retrier, const BulletinId& id,
                        uint32_t object, const SizedDigest& expected, const ByteSink& sink) {
  Sha256Hasher hasher;
  const ByteSink hashing = [&](ByteSpan bytes) {
    hasher.Update(bytes);
    return sink(bytes);
  };
  uint64_t reached = 0;
  for (;;) {
    const uint64_t before = reached;
    const absl::Status status = retrier.Run([&](absl::Duration left) {
      return ReadOn(connection, {id, object, reached}, left, expected.bytes, reached, hashing);
    });
    if (status.ok()) break;
    // A long download outlives one deadline, however it was broken off.
    const bool may_go_on = absl::IsDeadlineExceeded(status) || IsRetryable(status);
    if (!may_go_on || reached - before < EnoughBytes(retrier.limits().timeout)) return status;
  }
  if (reached != expected.bytes) {
    return OtherBytes(absl::StrCat(reached, " bytes instead of ", expected.bytes));
  }
  if (hasher.Finish() != expected.digest) return OtherBytes("their digest differs");
  return absl::OkStatus();
}

absl::StatusOr<Bytes> FetchPayload(Connection& connection, Retrier& retrier, const BulletinId& id,
                                   const SizedDigest& expected) {
  Bytes payload;
  const absl::Status fetched =
      FetchBytes(connection, retrier, id, 0, expected, [&payload](ByteSpan bytes) {
        Append(payload, bytes);
        return absl::OkStatus();
      });
  if (!fetched.ok()) return WhatItSays(fetched);
  return payload;
}

bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsCancelled(status) || absl::IsUnauthenticated(status) ||
         absl::IsResourceExhausted(status) || absl::IsInternal(status) || absl::IsAborted(status);
}

}  // namespace shield
