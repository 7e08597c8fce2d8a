#include "tests/client/digest/quarter/quarter_plan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/client/digest/quarter/quarter_draft.h"

namespace shield::testing {
namespace {

constexpr size_t kFewestAWeek = 56;
constexpr size_t kMoreAWeek = 13;

// A deed with what later ones need to know of it.
struct Planned {
  QuarterDeed deed;
  const Subject* subject = nullptr;
  DraftTerms terms = {};
  bool is_over = false;  // replaced, relabelled or withdrawn
};

// Subjects as often as their weight says.
std::vector<const Subject*> Weighted() {
  std::vector<const Subject*> subjects;
  for (const Subject& subject : QuarterSubjects()) {
    for (int i = 0; i < subject.weight; ++i) subjects.push_back(&subject);
  }
  return subjects;
}

class Planner {
 public:
  explicit Planner(const QuarterOrder& order) : order_(order), chooser_(order.seed) {}

  std::vector<QuarterDeed> Plan() && {
    for (int week = 0; week < kQuarterWeeks; ++week) {
      if (week != kQuietWeek) PlanWeek(week);
    }
    std::vector<QuarterDeed> deeds;
    deeds.reserve(planned_.size());
    for (Planned& each : planned_) deeds.push_back(std::move(each.deed));
    return deeds;
  }

 private:
  void PlanWeek(int week) {
    for (const absl::Time at : MomentsOf(week)) PlanAt(at);
  }

  // By day more than by night, in the order of time. The first week begins on its second day.
  std::vector<absl::Time> MomentsOf(int week) {
    const size_t count = kFewestAWeek + chooser_.Below(kMoreAWeek);
    const absl::Time begin = FirstWeekOfQuarter().Plus(week).begin();
    std::vector<absl::Time> moments;
    moments.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      const size_t day = week == 0 ? 1 + chooser_.Below(6) : chooser_.Below(7);
      const size_t minute =
          chooser_.Chance(80) ? 7 * 60 + chooser_.Below(13 * 60) : chooser_.Below(24 * 60);
      moments.push_back(begin + absl::Hours(24 * day) + absl::Minutes(minute) +
                        absl::Seconds(chooser_.Below(60)));
    }
    std::sort(moments.begin(), moments.end());
    moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
    return moments;
  }

  void PlanAt(absl::Time at) {
    const size_t roll = chooser_.Below(100);
    if (roll < 6 && Follow(at, QuarterDeed::Kind::kReplace)) return;
    if (roll < 9 && Follow(at, QuarterDeed::Kind::kWithdraw)) return;
    if (roll < 11 && Follow(at, QuarterDeed::Kind::kRelabel)) return;
    if (roll < 13) return ByName(at);
    if (roll < 15) return Message(at);
    if (roll < 17) return Report(at);
    if (roll < 19) return PassOn(at);
    if (roll < 24 && next_sample_ < order_.samples.size()) return TakeSample(at);
    Publish(at, *chooser_.OneOf(subjects_));
  }

  void Publish(absl::Time at, const Subject& subject) {
    DraftTerms terms{.at = at, .tlp = {}, .to = {}, .status = {}};
    Address(subject, terms);
    if (chooser_.Chance(4)) terms.status = "exercise";
    // What is public at once has no embargo.
    if (chooser_.Chance(3) && terms.tlp != "TLP:CLEAR")
      terms.not_before = at + absl::Hours(24 + chooser_.Below(72));
    terms.asks_acknowledgement = subject.gravest >= 3 && chooser_.Chance(40);
    Keep({.kind = QuarterDeed::Kind::kPublish,
          .at = at,
          .member = Author(),
          .draft = DraftText(subject, terms, chooser_)},
         &subject, terms);
  }

  std::string Author() {
    constexpr std::array<absl::string_view, 4> kHands = {"an-lise", "an-lise", "an-omar",
                                                         "pz-analyst"};
    return std::string(chooser_.OneOf(kHands));
  }

  // Label and audience.
  void Address(const Subject& subject, DraftTerms& terms) {
    const size_t roll = chooser_.Below(100);
    const std::string sector =
        subject.sector.empty() ? "" : absl::StrCat("[\"sector:", subject.sector, "\"]");
    const bool narrow = !sector.empty() && chooser_.Chance(35);
    if (roll < 6) {
      terms.tlp = "TLP:CLEAR";
      if (chooser_.Chance(70)) terms.to = "[\"public\"]";
      return;
    }
    terms.tlp = roll < 58 ? "TLP:GREEN" : roll < 84 ? "TLP:AMBER" : "TLP:AMBER+STRICT";
    if (narrow) {
      terms.to = sector;
    } else if (roll >= 58) {
      terms.to = chooser_.Chance(12) ? "[\"region:BE211\", \"vetting:2\"]" : "[\"vetting:2\"]";
    }
  }

  // A later word about one of the last days, by who wrote it. False when there is none.
  bool Follow(absl::Time at, QuarterDeed::Kind kind) {
    std::vector<size_t> found;
    for (size_t i = 0; i < planned_.size(); ++i) {
      const Planned& each = planned_[i];
      const bool fits = each.subject != nullptr && !each.is_over && each.terms.status.empty() &&
                        !each.terms.not_before.has_value() &&
                        at - each.deed.at < absl::Hours(24 * 12) &&
                        at - each.deed.at < absl::Hours(24 * each.subject->days - 12);
      if (fits && (kind != QuarterDeed::Kind::kRelabel || each.terms.tlp == "TLP:AMBER")) {
        found.push_back(i);
      }
    }
    if (found.empty()) return false;
    const size_t target = chooser_.OneOf(found);
    planned_[target].is_over = true;
    const Planned before = planned_[target];
    QuarterDeed deed{.kind = kind, .at = at, .member = before.deed.member, .target = target};
    if (kind == QuarterDeed::Kind::kWithdraw) {
      Keep(std::move(deed), nullptr, {});
      return true;
    }
    DraftTerms terms = before.terms;
    terms.at = at;
    ++terms.version;
    if (kind == QuarterDeed::Kind::kRelabel) {
      terms.tlp = "TLP:GREEN";
      terms.to.clear();
    }
    deed.draft = DraftText(*before.subject, terms, chooser_);
    Keep(std::move(deed), before.subject, terms);
    return true;
  }

  void ByName(absl::Time at) {
    const Subject& subject = *chooser_.OneOf(subjects_);
    const DraftTerms terms{
        .at = at,
        .tlp = "TLP:RED",
        .to = chooser_.Chance(60) ? "[\"member:astrid-desk\"]" : "[\"member:meir-guard\"]",
        .status = {}};
    Keep({.kind = QuarterDeed::Kind::kPublish,
          .at = at,
          .member = "an-lise",
          .draft = DraftText(subject, terms, chooser_)},
         nullptr, {});
  }

  void Message(absl::Time at) {
    Keep({.kind = QuarterDeed::Kind::kPublish,
          .at = at,
          .member = "an-omar",
          .draft = "+++\ntitle = \"Please call back about your report\"\nkind = \"message\"\n"
                   "tlp = \"TLP:AMBER\"\nto = [\"member:astrid-desk\"]\n+++\nBefore noon, please."
                   "\n"},
         nullptr, {});
  }

  void Report(absl::Time at) {
    Keep({.kind = QuarterDeed::Kind::kPublish,
          .at = at,
          .member = "meir-guard",
          .draft = "+++\ntitle = \"A man filmed the loading bay\"\nkind = \"suspicious_activity\"\n"
                   "tlp = \"TLP:AMBER+STRICT\"\nto = [\"org:ocad\"]\n+++\nFor ten minutes.\n"},
         nullptr, {});
  }

  // Something that the guarding firm was sent, and passes on to the hotel that it guards.
  void PassOn(absl::Time at) {
    const Subject& subject = *chooser_.OneOf(subjects_);
    const DraftTerms terms{.at = at, .tlp = "TLP:AMBER", .to = "[\"org:wacht-bv\"]", .status = {}};
    Keep({.kind = QuarterDeed::Kind::kPublish,
          .at = at,
          .member = "an-omar",
          .draft = DraftText(subject, terms, chooser_)},
         nullptr, {});
    Keep({.kind = QuarterDeed::Kind::kShare,
          .at = at + absl::Seconds(20),
          .member = "wacht-dispatch",
          .to = "member:astrid-desk",
          .target = planned_.size() - 1},
         nullptr, {});
  }

  void TakeSample(absl::Time at) {
    const DraftTerms terms{.at = at, .tlp = "TLP:GREEN", .to = {}, .status = {}};
    Keep({.kind = QuarterDeed::Kind::kPublish,
          .at = at,
          .member = "an-lise",
          .draft = DraftOfSample(order_.samples[next_sample_++], terms)},
         nullptr, {});
  }

  void Keep(QuarterDeed deed, const Subject* subject, const DraftTerms& terms) {
    planned_.push_back({.deed = std::move(deed), .subject = subject, .terms = terms});
  }

  const QuarterOrder& order_;
  Chooser chooser_;
  const std::vector<const Subject*> subjects_ = Weighted();
  std::vector<Planned> planned_;
  size_t next_sample_ = 0;
};

}  // namespace

Week FirstWeekOfQuarter() { return *Week::Parse("2026-W39"); }

std::vector<QuarterDeed> PlanQuarter(const QuarterOrder& order) { return Planner(order).Plan(); }

}  // namespace shield::testing
