// Which names of a bulletin's hidden audience one of its holders is shown (docs/spec/statement.md,
// "Hidden audience").
//
//   OpeningsShownTo({*member, *org}, {source, statement.bulletin_class, statement.tlp}, openings)
//
// A holder is shown what names it or its organisation. The analysts and the digest seat of the
// source are shown all of their organisation's content, TLP:RED apart: whom their organisation has
// addressed is theirs to know, `bulletin status` tells it to the analysts, and a briefing of it can
// be made by who knows whom it is for, and by nobody else. Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/strong_id.h"
#include "policy/labels.h"
#include "policy/proof/hidden_audience.h"
#include "policy/records.h"
#include "policy/vocabulary.h"

namespace shield {

// Who holds it, by the directory of the moment; borrows.
struct OpeningsHolder {
  const MemberRecord& member;
  const OrgRecord& org;
};

// What is held. `source`: its author's organisation at publish; where that is not known, nobody is
// of it.
struct OpenedBulletinFacts {
  std::optional<OrgId> source = {};
  BulletinClass bulletin_class = BulletinClass::kUnspecified;
  Tlp tlp = Tlp::kUnspecified;
};

std::vector<Opening> OpeningsShownTo(const OpeningsHolder& holder, const OpenedBulletinFacts& facts,
                                     std::span<const Opening> openings);

}  // namespace shield
