#include "tests/client/digest/quarter/quarter_draft.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/hex.h"
#include "crypto/sha256.h"

namespace shield::testing {
namespace {

// What fills the places of a text.
struct Filling {
  QuarterPlace place;
  QuarterPlace other;
  std::string street = {};
  std::string hour = {};
  std::string count = {};
};

std::string Fill(absl::string_view text, const Filling& with) {
  return absl::StrReplaceAll(text, {{"{place}", with.place.name},
                                    {"{other}", with.other.name},
                                    {"{street}", with.street},
                                    {"{hour}", with.hour},
                                    {"{count}", with.count}});
}

// A TOML string on one line.
std::string Quoted(absl::string_view text) {
  return absl::StrCat(
      "\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}}), "\"");
}

std::string Moment(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

struct Told {
  absl::string_view language;
  const Telling* telling;
};

std::vector<Told> LanguagesOf(const Subject& subject) {
  // Dutch twice: most are written in it.
  std::vector<Told> told = {
      {"nl", &subject.dutch}, {"nl", &subject.dutch}, {"en", &subject.english}};
  if (!subject.french.title.empty()) told.push_back({"fr", &subject.french});
  return told;
}

absl::string_view DeedIn(const AskedDeed& deed, absl::string_view language) {
  if (language == "nl") return deed.dutch;
  if (language == "fr") return deed.french;
  return deed.english;
}

std::string Actions(const Subject& subject, absl::string_view language, const Filling& with) {
  std::vector<std::string> entries;
  for (const AskedDeed& deed : subject.deeds) {
    const absl::string_view text = DeedIn(deed, language);
    if (text.empty()) continue;
    entries.push_back(
        absl::StrCat("{who = ", Quoted(deed.who), ", text = ", Quoted(Fill(text, with)), "}"));
  }
  if (entries.empty()) return "";
  return absl::StrCat("actions = [", absl::StrJoin(entries, ", "), "]\n");
}

std::string Area(const QuarterPlace& place) {
  return absl::StrFormat(
      "{type = \"Feature\", name = %s, radius_m = 150, geometry = {type = \"Point\", "
      "coordinates = [%.4f, %.4f]}}",
      Quoted(place.name), place.longitude, place.latitude);
}

std::string Assessment(const Subject& subject, Chooser& chooser) {
  constexpr std::array<absl::string_view, 4> kLikelihoods = {"roughly even chance", "likely",
                                                             "very likely", "unlikely"};
  constexpr std::array<absl::string_view, 3> kConfidences = {"low", "moderate", "high"};
  constexpr std::array<absl::string_view, 3> kSources = {"A", "B", "C"};
  const absl::string_view source = chooser.OneOf(kSources);
  const size_t information = 1 + chooser.Below(4);
  std::string text =
      absl::StrFormat("grading = {source = \"%s\", information = %d}\n", source, information);
  const bool assessed = subject.is_assessed && chooser.Chance(60);
  absl::StrAppend(&text, "statement_type = \"", assessed ? "assessment" : "fact", "\"\n");
  if (!assessed) return text;
  absl::StrAppend(&text, "likelihood = \"", chooser.OneOf(kLikelihoods), "\"\n");
  absl::StrAppend(&text, "confidence = \"", chooser.OneOf(kConfidences), "\"\n");
  return text;
}

std::string Indicators(absl::Time at, Chooser& chooser) {
  constexpr std::array<absl::string_view, 6> kHosts = {
      "booking-check", "room-verify", "guest-confirm", "parking-pay", "pay-meter", "stay-secure"};
  std::vector<std::string> entries;
  const size_t count = 1 + chooser.Below(4);
  for (size_t i = 0; i < count; ++i) {
    const absl::string_view name = chooser.OneOf(kHosts);
    const std::string host = absl::StrCat(name, "-", 10 + chooser.Below(90), ".example");
    const std::string pattern =
        i % 2 == 0 ? absl::StrCat("[domain-name:value = '", host, "']")
                   : absl::StrCat("[url:value = 'https://", host, "/verify?id=1']");
    entries.push_back(
        absl::StrCat("{pattern = ", Quoted(pattern),
                     ", name = ", Quoted(i % 2 == 0 ? "Landing page" : "Link in the message"),
                     ", valid_until = ", Quoted(Moment(at + absl::Hours(24 * 40))), "}"));
  }
  return absl::StrCat("indicators = [", absl::StrJoin(entries, ", "), "]\n");
}

std::string Hashes(Chooser& chooser) {
  std::vector<std::string> values;
  const size_t count = 2 + chooser.Below(5);
  for (size_t i = 0; i < count; ++i) {
    values.push_back(
        Quoted(HexEncode(Sha256(absl::StrCat("file ", chooser.Below(1'000'000))).span())));
  }
  return absl::StrCat("hash_list = {algorithm = \"SHA-256\", values = [",
                      absl::StrJoin(values, ", "), "]}\n");
}

// A session some weeks ahead, at nine, for half a day.
std::string Session(const Filling& with, absl::Time at, Chooser& chooser) {
  const absl::CivilDay day =
      absl::ToCivilDay(at, BriefingZone()) + 10 + static_cast<int64_t>(chooser.Below(30));
  const absl::Time starts = absl::FromCivil(absl::CivilHour(day) + 9, BriefingZone());
  return absl::StrCat("[details]\nstarts = ", Quoted(Moment(starts)),
                      "\nends = ", Quoted(Moment(starts + absl::Hours(4))),
                      "\nplace = ", Quoted(with.place.name),
                      "\norganiser = \"Police zone, prevention desk\"\nregister_until = ",
                      Quoted(Moment(starts - absl::Hours(72))), "\n");
}

std::string EventPlan(const Telling& telling, const Filling& with, absl::Time at,
                      Chooser& chooser) {
  const absl::CivilDay day =
      absl::ToCivilDay(at, BriefingZone()) + 12 + static_cast<int64_t>(chooser.Below(35));
  const absl::Time starts = absl::FromCivil(absl::CivilHour(day) + 11, BriefingZone());
  return absl::StrCat("[details]\nevent = ", Quoted(Fill(telling.title, with)),
                      "\nplace = ", Quoted(with.place.name), "\nstarts = ", Quoted(Moment(starts)),
                      "\nends = ", Quoted(Moment(starts + absl::Hours(24 * 3 + 10))),
                      "\nphase = \"preparatory\"\n");
}

std::string Level(const Filling& with, Chooser& chooser) {
  const size_t previous = 2 + chooser.Below(2);
  const size_t level = chooser.Chance(50) ? previous : 5 - previous;
  return absl::StrCat("[details]\nscheme = \"ocad\"\nlevel = ", level, "\nprevious = ", previous,
                      "\nscope = \"place\"\nof = ", Quoted(with.place.name), "\n");
}

std::string Details(const Subject& subject, const Telling& telling, const Filling& with,
                    absl::Time at, Chooser& chooser) {
  switch (subject.extra) {
    case Extra::kSession:
      return Session(with, at, chooser);
    case Extra::kEvent:
      return EventPlan(telling, with, at, chooser);
    case Extra::kLevel:
      return Level(with, chooser);
    case Extra::kMeasure:
      return "[details]\nmeasure = \"patrols\"\nstate = \"active\"\n";
    case Extra::kNone:
    case Extra::kIndicators:
    case Extra::kHashes:
    case Extra::kArea:
      return "";
  }
  return "";
}

std::string Envelope(const DraftTerms& terms, int days) {
  std::string text = absl::StrCat("tlp = ", Quoted(terms.tlp), "\n");
  if (!terms.to.empty()) absl::StrAppend(&text, "to = ", terms.to, "\n");
  if (!terms.status.empty()) absl::StrAppend(&text, "status = ", Quoted(terms.status), "\n");
  if (terms.asks_acknowledgement) absl::StrAppend(&text, "acknowledge_within = \"2d\"\n");
  const absl::Time opens = terms.not_before.value_or(terms.at);
  if (terms.not_before) absl::StrAppend(&text, "not_before = ", Moment(opens), "\n");
  absl::StrAppend(&text, "expires = ", Moment(opens + absl::Hours(24 * days)), "\n");
  return text;
}

std::string Translation(const Subject& subject, absl::string_view language, const Filling& with,
                        Chooser& chooser) {
  if (language == "en" || !chooser.Chance(45)) return "";
  return absl::StrCat(
      "translations = [{language = \"en\", title = ", Quoted(Fill(subject.english.title, with)),
      ", summary = ", Quoted(Fill(subject.english.summary, with)),
      ", body = ", Quoted(Fill(subject.english.body, with)), "}]\n");
}

Filling Choose(Chooser& chooser) {
  Filling with{.place = chooser.OneOf(QuarterPlaces()), .other = chooser.OneOf(QuarterPlaces())};
  while (with.other.name == with.place.name) with.other = chooser.OneOf(QuarterPlaces());
  with.street = std::string(chooser.OneOf(QuarterStreets()));
  const size_t hour = 9 + chooser.Below(13);
  with.hour = absl::StrFormat("%02d:%02d", hour, 15 * chooser.Below(4));
  with.count = absl::StrCat(3 + chooser.Below(9));
  return with;
}

bool HasPlace(const Subject& subject) {
  return subject.kind != "survey" && subject.kind != "guidance" && subject.kind != "hash_list";
}

std::string Severity(const Subject& subject, Chooser& chooser) {
  constexpr std::array<absl::string_view, 4> kSeverities = {"minor", "moderate", "severe",
                                                            "extreme"};
  if (subject.gravest == 0) return "";
  // The gravest of a subject is the exception.
  size_t grade = static_cast<size_t>(subject.gravest) - 1;
  if (grade > 0 && chooser.Chance(60)) --grade;
  return absl::StrCat("severity = ", Quoted(kSeverities[grade]), "\n");
}

}  // namespace

std::string DraftText(const Subject& subject, const DraftTerms& terms, Chooser& chooser) {
  const Filling with = Choose(chooser);
  const std::vector<Told> languages = LanguagesOf(subject);
  const Told told = chooser.OneOf(languages);
  const Telling& telling = *told.telling;
  std::string title = Fill(telling.title, with);
  if (terms.version > 1) absl::StrAppend(&title, " (", terms.version, ")");
  std::string text = absl::StrCat("+++\ntitle = ", Quoted(title), "\nkind = ", Quoted(subject.kind),
                                  "\nlanguage = ", Quoted(told.language),
                                  "\nsummary = ", Quoted(Fill(telling.summary, with)), "\n");
  // One by one: the order of choices is part of the text.
  absl::StrAppend(&text, Envelope(terms, subject.days));
  absl::StrAppend(&text, Severity(subject, chooser));
  absl::StrAppend(&text, Assessment(subject, chooser));
  absl::StrAppend(&text, Actions(subject, told.language, with));
  absl::StrAppend(&text, Translation(subject, told.language, with, chooser));
  if (HasPlace(subject)) absl::StrAppend(&text, "areas = [", Area(with.place), "]\n");
  if (subject.extra == Extra::kIndicators) {
    absl::StrAppend(&text, Indicators(terms.at, chooser));
  }
  if (subject.extra == Extra::kHashes) absl::StrAppend(&text, Hashes(chooser));
  if (terms.tlp == "TLP:AMBER+STRICT" && chooser.Chance(30)) {
    absl::StrAppend(&text, "restrictions = [\"Not to be posted on a notice board.\"]\n");
  }
  if (chooser.Chance(30)) {
    absl::StrAppend(&text,
                    "contact = {name = \"Prevention desk\", phone = \"+32 3 000 00 00\", hours = "
                    "\"weekdays 08:00-17:00\"}\n");
  }
  absl::StrAppend(&text, Details(subject, telling, with, terms.at, chooser), "+++\n",
                  Fill(telling.body, with));
  return text;
}

std::string DraftOfSample(const QuarterSample& sample, const DraftTerms& terms) {
  const bool stix = sample.body.empty();
  std::string text =
      absl::StrCat("+++\ntitle = ", Quoted(sample.name),
                   "\nkind = ", stix ? "\"indicator_checklist\"" : "\"guidance\"",
                   "\nlanguage = \"en\"\nseverity = \"severe\"\n", Envelope(terms, 30));
  if (stix) {
    std::vector<std::string> entries;
    entries.reserve(sample.patterns.size());
    for (const std::string& pattern : sample.patterns) {
      entries.push_back(absl::StrCat("{pattern = ", Quoted(pattern), "}"));
    }
    absl::StrAppend(&text, "indicators = [", absl::StrJoin(entries, ", "), "]\n");
  }
  return absl::StrCat(text, "+++\n", stix ? "See the indicators.\n" : sample.body);
}

}  // namespace shield::testing
