#include "policy/proof/witnessed_checkpoint.h"

#include <algorithm>
#include <functional>

#include "base/status.h"
#include "crypto/cosignature.h"
#include "crypto/note.h"

namespace shield {

absl::StatusOr<std::vector<VerifierKey>> WitnessesOf(const VerifiedDirectory& directory) {
  const std::vector<std::string>& lines = directory.directory().note().witnesses;
  std::vector<VerifierKey> witnesses;
  witnesses.reserve(lines.size());
  for (const std::string& line : lines) {
    ASSIGN_OR_RETURN(VerifierKey witness, VerifierKey::Parse(line));
    witnesses.push_back(std::move(witness));
  }
  return witnesses;
}

absl::StatusOr<Witnessed> VerifyWitnessed(absl::string_view note,
                                          const VerifiedDirectory& directory) {
  Witnessed witnessed;
  ASSIGN_OR_RETURN(witnessed.checkpoint, VerifyCheckpoint(note, directory.log_key()));
  ASSIGN_OR_RETURN(const SignedNote parsed, ParseNote(note));
  ASSIGN_OR_RETURN(const std::vector<VerifierKey> witnesses, WitnessesOf(directory));
  std::vector<absl::Time> times;
  times.reserve(witnesses.size());
  for (const VerifierKey& witness : witnesses) {
    ASSIGN_OR_RETURN(const std::optional<absl::Time> time, FindCosignature(parsed, witness));
    if (time.has_value()) times.push_back(*time);
  }
  std::sort(times.begin(), times.end(), std::greater<>());
  witnessed.cosigners = times.size();
  const uint64_t quorum = directory.directory().note().quorum;
  if (quorum > 0 && times.size() >= quorum) witnessed.quorum_time = times[quorum - 1];
  return witnessed;
}

}  // namespace shield
