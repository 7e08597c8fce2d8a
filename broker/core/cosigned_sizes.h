// Which sizes of the log were cosigned by which witnesses.
//
//   CosignedSizes cosigned;
//   cosigned.Take(1200, witness.ToString(), {line, time}, quorum);
//   cosigned.Best(quorum);   // the size that members are shown
//   cosigned.Open(quorum);   // the size that the next witness is asked to cosign
//
// Cosignatures count per size, and the log grows between two witnesses: so each is asked for the
// size that another has begun with, until that one has its quorum. Each witness has room for sizes
// of its own, so that none pushes out what the others cosigned. Rules: docs/spec/log.md,
// "Witnesses".
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "crypto/note.h"

namespace shield::broker {

struct Cosigned {
  NoteSignature line;
  absl::Time time;  // that the witness signed
};

// A value; thread-compatible.
class CosignedSizes {
 public:
  // Sizes of which one witness's cosignatures are kept: the newest, and besides them the best.
  static constexpr size_t kSizesOfOne = 8;

  // The newest cosignature of a witness over a size takes the place of an older one. False when
  // nothing has changed: an older date, or a size that has to make room for newer ones at once.
  bool Take(uint64_t size, const std::string& witness, const Cosigned& cosigned, uint64_t quorum);

  // Forgets the witnesses that are not among these.
  void Retain(const std::set<std::string>& witnesses);

  // The largest size that as many witnesses cosigned as the quorum, or else most; 0: none. A quorum
  // of 0 counts as 1.
  uint64_t Best(uint64_t quorum) const;

  // Beyond the largest that has the quorum, the size that most have cosigned, of several the
  // smallest; 0: none.
  uint64_t Open(uint64_t quorum) const;

  // The newest cosignature of each witness over each size, by the witness.
  using BySize = std::map<uint64_t, std::map<std::string, Cosigned>>;
  const BySize& sizes() const { return sizes_; }
  // The signature lines over one size, each ended by LF; empty when there are none.
  std::string LinesOf(uint64_t size) const;

 private:
  void MakeRoom(const std::string& witness, uint64_t quorum);

  BySize sizes_;  // none is empty
};

}  // namespace shield::broker
