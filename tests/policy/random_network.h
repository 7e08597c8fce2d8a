// Random directories and bulletins, small enough to collide in every way and repeatable by seed.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield::testing {

// Thread-compatible. The moment all of it turns about is kNow: periods and windows begin, hold or
// end there, before or after.
class RandomNetwork {
 public:
  explicit RandomNetwork(uint64_t seed) : engine_(seed) {}

  static absl::Time Now() { return absl::FromUnixSeconds(1'790'000'000); }

  // One or two communities with authorities, members, clients; every state, role and level; some
  // seats without a key to seal to.
  std::shared_ptr<const Directory> MakeDirectory();

  // A bulletin of one of its seats. Most are fit to publish; some break any rule there is. `words`,
  // if given, becomes its audience as people write it.
  Terms MakeTerms(const Directory& directory, std::vector<std::string>* words = nullptr);

  size_t Below(size_t n) { return static_cast<size_t>(engine_() % n); }
  bool OneIn(size_t n) { return Below(n) == 0; }
  template <typename T>
  const T& Pick(const std::vector<T>& values) {
    return values[Below(values.size())];
  }
  MemberId AnyMember(const Directory& directory);
  Tlp AnyLabel();

 private:
  OrgRecord MakeOrg(size_t number, size_t orgs);
  MemberRecord MakeMember(size_t number, const OrgRecord& org);
  Period AnyPeriod();
  AccountState AnyState();
  AudienceToken AnyToken(const Directory& directory);
  AudienceToken FittingToken(const Directory& directory, const Terms& terms);
  std::vector<AudienceToken> AnyAudience(const Directory& directory, const Terms& terms);
  void Spoil(const Directory& directory, Terms& terms);

  std::mt19937_64 engine_;
};

}  // namespace shield::testing
