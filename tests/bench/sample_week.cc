#include "tests/bench/sample_week.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "crypto/sha256.h"
#include "tests/bench/sector_network.h"

namespace shield::testing {
namespace {

BriefedContent Content(int number) {
  BriefedContent content;
  content.kind = "flash_alert";
  content.title = absl::StrCat("Bulletin number ", number, " about something that was seen");
  content.summary = absl::StrCat("Why number ", number, " matters.");
  content.body = std::string(4'000, 'x');
  content.severity = static_cast<Severity>(number % 5);
  content.statement_type = StatementType::kAssessment;
  content.likelihood = number % 7 == 0 ? "likely" : "";
  for (int i = 0; i < 4; ++i) {
    content.actions.push_back(
        {i % 2 == 0 ? "it" : "guards", absl::StrCat("do ", number % 300, " ", i)});
    content.places.push_back(
        {absl::StrCat("place ", number % 500, " ", i), 4.4, 51.2, std::nullopt});
    content.indicators.push_back({absl::StrCat("pattern ", number, " ", i), "", std::nullopt});
  }
  return content;
}

BriefingCandidate Candidate(int number, Tlp tlp, Targets targets) {
  const absl::Time issued = SampleWeek().end() - absl::Minutes(10 * (number + 1));
  BriefedBulletin bulletin{.id = *BulletinId::Parse(absl::StrFormat("%032x", number)),
                           .text_digest = Sha256(absl::StrCat(number)),
                           .author = SectorAnalyst(),
                           .source = SectorAuthority()};
  bulletin.bulletin_class = BulletinClass::kContent;
  bulletin.issued = bulletin.not_before = issued;
  bulletin.expires = issued + absl::Hours(24 * 60);
  bulletin.content = Content(number);
  Terms terms{.author = bulletin.author,
              .source = bulletin.source,
              .community = SectorCommunity(),
              .tlp = tlp,
              .issued = issued,
              .not_before = issued,
              .expires = bulletin.expires,
              .targets = std::move(targets)};
  return {.bulletin = std::move(bulletin), .terms = std::move(terms)};
}

}  // namespace

Week SampleWeek() { return Week::Parse("2026-W47").value(); }

Period SamplePeriod() {
  return {SampleWeek().begin() - absl::Hours(24 * 300), SampleWeek().end() + absl::Hours(24 * 300)};
}

std::vector<BriefingCandidate> SampleCandidates(const Directory& directory, int count, Tlp tlp,
                                                const std::function<Targets(int)>& audience) {
  MemberSet everyone(directory);
  for (size_t i = 0; i < directory.members().size(); ++i) everyone.Add(i);
  std::vector<BriefingCandidate> candidates;
  candidates.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    candidates.push_back(Candidate(i, tlp, audience(i)));
    // A set of its own for each, as if each had gone to others.
    candidates.back().sent_to = std::make_shared<MemberSet>(everyone);
  }
  return candidates;
}

Targets ForCommunity(int) {
  const std::vector<AudienceToken> words = {AudienceToken::Community(SectorCommunity())};
  return TargetsOf(words);
}

EditionInput SampleInput(std::vector<BriefedBulletin> bulletins) {
  return EditionInput{.network = "n",
                      .author = SectorDigestSeat(),
                      .source = SectorAuthority(),
                      .generator = "g",
                      .bulletins = std::move(bulletins),
                      .red = {}};
}

EditionOrder SampleOrder() {
  return EditionOrder{.week = SampleWeek(),
                      .audience = {},
                      .as_of = SampleWeek().due(),
                      .foreword = {},
                      .picked = {},
                      .left = {},
                      .sectors = {"retail"},
                      .regions = {}};
}

}  // namespace shield::testing
