#include "policy/proof/shown_openings.h"

#include "policy/account.h"

namespace shield {
namespace {

// As policy lets them in for being of the source (policy/reading.h).
bool ReadsAsSource(const OpeningsHolder& holder, const OpenedBulletinFacts& facts) {
  if (holder.org.id != facts.source || holder.member.org != facts.source) return false;
  if (facts.bulletin_class != BulletinClass::kContent || facts.tlp == Tlp::kRed) return false;
  return IsAnalyst(holder.member, holder.org) || IsDigestSeat(holder.member, holder.org);
}

}  // namespace

std::vector<Opening> OpeningsShownTo(const OpeningsHolder& holder, const OpenedBulletinFacts& facts,
                                     std::span<const Opening> openings) {
  if (ReadsAsSource(holder, facts)) return {openings.begin(), openings.end()};
  return OpeningsFor(openings, holder.member.id, holder.org.id);
}

}  // namespace shield
