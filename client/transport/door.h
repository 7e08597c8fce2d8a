// What was seen at the broker's door: the difference between "nobody there", "somebody else there"
// and "the broker, and it closed the door".
//
// A broker that refuses a key closes the connection after the handshake and says nothing, so gRPC
// reports the same "unavailable" for all three. The verifier notes which key the peer showed; an
// answer clears the note.
#pragma once

#include <atomic>

#include "base/digest.h"

namespace shield {

// Thread-safe.
class Door {
 public:
  enum class Sight {
    kNobody,    // no peer has shown a key on this channel
    kWrongKey,  // the last peer showed another key than the pinned one
    kRightKey,  // the last peer showed the pinned key and has not answered yet
    kAnswered,  // the last peer showed the pinned key and answered a call
  };

  explicit Door(const Digest& pin) : pin_(pin) {}

  // A peer proved that it holds the key with digest `shown`. Whether that is the pinned one.
  bool Knock(const Digest& shown) {
    const bool right = shown == pin_;
    sight_.store(right ? Sight::kRightKey : Sight::kWrongKey, std::memory_order_release);
    return right;
  }
  // A peer without a readable key.
  void KnockWithoutKey() { sight_.store(Sight::kWrongKey, std::memory_order_release); }
  // A call was answered. By a connection that is being replaced, when somebody else has knocked
  // since: that one is still what the next call finds.
  void Answered() {
    Sight right = Sight::kRightKey;
    sight_.compare_exchange_strong(right, Sight::kAnswered, std::memory_order_acq_rel);
  }

  Sight sight() const { return sight_.load(std::memory_order_acquire); }

 private:
  const Digest pin_;
  std::atomic<Sight> sight_{Sight::kNobody};
};

}  // namespace shield
