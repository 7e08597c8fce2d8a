// A quarter of a network: the real client library over the broker in memory, and a clock that goes
// from deed to deed.
//
//   QuarterNetwork network({});
//   network.PlayThrough(week);
//   Edition edition = network.Make(week, Tier::kGreen, Language::kDutch).edition;
//
// Organisations: ocad and pz (authorities), a hotel whose front desk is astrid-desk, and a dozen
// others of all sectors. The same order gives the same editions, byte for byte: randomness is
// seeded, and what is not (slots) stands in no edition: the digests of statements are stand-ins.
// Thread-compatible.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/client.h"
#include "client/digest/language.h"
#include "client/digest/publish/make_edition.h"
#include "client/digest/tier.h"
#include "client/digest/week.h"
#include "tests/client/digest/quarter/quarter_plan.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {

class QuarterNetwork {
 public:
  explicit QuarterNetwork(const QuarterOrder& order);

  // Goes from one edition to the next until that of `week` is due: what is read and acknowledged
  // at each is part of the order.
  void PlayThrough(const Week& week);

  // What `digest build` would make now: of the digest seat, or the front desk's own. The week is
  // over.
  MadeEdition Make(const Week& week, Tier tier, Language language);
  // The draft under which it would be published.
  Draft DraftOf(const MadeEdition& made);

  const std::vector<QuarterDeed>& deeds() const { return deeds_; }
  size_t published() const { return published_; }
  size_t ended() const { return ended_; }

 private:
  // Does what is planned before `until`, which becomes now; not back in time.
  void PlayUntil(absl::Time until);
  void AddOrganisations();
  void Keep(absl::Time now);
  void Do(const QuarterDeed& deed);
  Client& Of(absl::string_view member);
  void Sync(absl::string_view member);
  void Read();
  const Gathered& GatheredFrom(absl::string_view member, GatheredFor whom, Language language);

  SampleNetwork network_{SampleNetwork::Pins::kByName};
  const std::vector<QuarterDeed> deeds_;
  int weeks_ = 0;
  size_t next_ = 0;
  // What was gathered since the last deed.
  std::map<std::pair<GatheredFor, Language>, Gathered> gathered_;
  std::vector<std::optional<BulletinId>> ids_;  // of each deed
  std::map<std::string, Client> clients_;
  absl::Time refreshed_ = absl::InfinitePast();
  absl::Time directory_ = absl::InfinitePast();
  size_t published_ = 0;
  size_t ended_ = 0;
};

}  // namespace shield::testing
