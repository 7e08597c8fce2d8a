// The network that policy and briefings are measured on: an authority and many readers.
//
//   const auto directory = SectorNetwork({.members = 10'000, .period = kAlways});
//   Decide(*directory, terms, Reader::Holder(SectorReader(150)), now);
//
// Readers stand in organisations of twenty, which take turns in four sectors. The authority `pol`
// has the seat `analyst` and, where it is asked for, `digest`.
#pragma once

#include <memory>

#include "base/strong_id.h"
#include "policy/directory.h"

namespace shield::testing {

struct SectorNetworkShape {
  size_t members = 0;  // readers; the authority's seats come on top
  size_t clients = 0;  // of each organisation: the next ones
  bool digest_seat = false;
  Period period;  // of every account; the directory is of a moment in it
};

std::shared_ptr<const Directory> SectorNetwork(const SectorNetworkShape& shape);

OrgId SectorAuthority();
MemberId SectorAnalyst();
MemberId SectorDigestSeat();
// Reader and organisation by their number, from 0.
MemberId SectorReader(size_t number);
OrgId SectorOrg(size_t number);
CommunityId SectorCommunity();

}  // namespace shield::testing
