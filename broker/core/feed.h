// The live side of an inbox: what a subscriber is sent next, and who is told that there is more.
//
// There is no queue of copies. A subscription is a position; its next message is whatever the inbox
// holds beyond it, within two limits. What all readers of a bulletin share is one object, encoded
// for the wire once, by whoever sends it first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/digest.h"

namespace shield::broker {

// What a hidden token of an audience stands for (docs/spec/statement.md).
struct AudienceOpening {
  Bytes salt;  // 16 bytes
  std::string token;
};

enum class EntryState { kLive, kEmbargoed, kExpired, kWithdrawn, kSuperseded };

// What an entry shows.
struct SharedContent {
  std::string statement;  // the signed note
  uint64_t log_index = 0;
  std::string payload;  // whole when at most 64 KiB and served now, else empty: it is fetched
  EntryState state = EntryState::kLive;
  std::string ended_by;              // the signed statement that withdrew or superseded it
  std::string shared_original = {};  // of a share: the signed statement of what it passes on
};

// The part of an entry that all its readers share. Immutable and thread-safe; a bulletin whose
// state changes gets a new one.
class SharedPart {
 public:
  explicit SharedPart(SharedContent content) : content_(std::move(content)) {}

  const SharedContent& content() const { return content_; }

  // The bytes `encode` makes of the content. Made by the first caller, kept for all others.
  const std::string& Encoded(const std::function<std::string(const SharedContent&)>& encode) const {
    std::call_once(once_, [&] { encoded_ = encode(content_); });
    return encoded_;
  }

 private:
  const SharedContent content_;
  mutable std::once_flag once_;
  mutable std::string encoded_;
};

// The part that is one reader's own.
struct OwnPart {
  uint64_t seq = 0;
  std::string slot;  // 168 bytes; empty on a tombstone
  Digest slot_hash;
  uint32_t leaf_index = 0;
  std::vector<Digest> leaf_proof;
  std::vector<AudienceOpening> openings;
};

struct FeedEntry {
  std::shared_ptr<const SharedPart> shared;
  OwnPart own;
};

struct FeedHello {
  std::string head;  // signed note shield/inbox/v1, of the entry the reader resumes after
  uint64_t directory_version = 0;
  absl::Time time;
};

// A signed head after the last entry sent: caught up.
struct FeedMark {
  std::string head;
  std::string resume_token;
};

struct FeedHeartbeat {
  uint64_t directory_version = 0;
  absl::Time time;
};

struct FeedMessage {
  std::optional<FeedHello> hello;  // in the first message, and only there
  std::vector<FeedEntry> entries;  // ascending, dense
  std::optional<FeedMark> mark;
};

struct SubscribeQuery {
  uint64_t after = 0;
  std::optional<Digest> after_hash;  // present when after is not 0
  std::string resume_token;
};

struct FeedLimits {
  size_t max_entries = 256;
  size_t max_bytes = 64 * 1024;  // of shared content and slots; the first entry may exceed it
};

// One subscriber's position. Used by one thread at a time; destroyed when the stream ends.
class Subscription {
 public:
  virtual ~Subscription() = default;

  // The next message, or nothing when everything there is has been given. The very first call
  // always gives a message: the hello, at once. Asked again after each FeedListener::FeedGrew,
  // thousands of times over: without news it must cost no more than looking at a number. An error
  // ends the stream with it: UNAUTHENTICATED once the caller is no longer admitted.
  virtual absl::StatusOr<std::optional<FeedMessage>> Next(const FeedLimits& limits) = 0;

  // Whether Next would very likely give a message now. A look at a number; it may be mistaken.
  virtual bool HasMore() const = 0;

  virtual FeedHeartbeat Heartbeat() const = 0;
};

// Told by the core, implemented by the transport. Thread-safe; never blocks, so it may be called
// from the committer right after a commit.
class FeedListener {
 public:
  virtual ~FeedListener() = default;
  // Some inboxes have grown: every subscription is worth asking.
  virtual void FeedGrew() = 0;
  // No caller with one of these pins is welcome any more: its connections close within a second.
  virtual void PinsRevoked(std::span<const Digest> pins) = 0;
};

}  // namespace shield::broker
