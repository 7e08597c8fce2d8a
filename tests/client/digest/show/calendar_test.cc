#include "client/digest/show/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libical/ical.h>

#include <memory>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/digest/show/say_runs.h"
#include "client/text/clean_text.h"
#include "tests/client/digest/support/hostile_edition.h"
#include "tests/client/digest/support/hostile_strings.h"
#include "tests/client/digest/support/sample_edition.h"

namespace shield {
namespace {

using testing::HasSubstr;

struct Free {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Calendar = std::unique_ptr<icalcomponent, Free>;

Calendar Parse(const std::string& text) { return Calendar(icalparser_parse_string(text.c_str())); }

std::vector<icalcomponent*> ComponentsOf(icalcomponent* calendar) {
  std::vector<icalcomponent*> found;
  for (icalcomponent* each = icalcomponent_get_first_component(calendar, ICAL_ANY_COMPONENT);
       each != nullptr; each = icalcomponent_get_next_component(calendar, ICAL_ANY_COMPONENT)) {
    found.push_back(each);
  }
  return found;
}

std::multiset<std::string> PropertiesOf(icalcomponent* component) {
  std::multiset<std::string> names;
  for (icalproperty* each = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY);
       each != nullptr; each = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY)) {
    names.insert(icalproperty_kind_to_string(icalproperty_isa(each)));
  }
  return names;
}

TEST(Calendar, HasTheEventsInUtcUnderTheirLabel) {
  const std::string written = WriteCalendar(SampleEdition(Language::kDutch));
  for (const absl::string_view line :
       {"BEGIN:VCALENDAR\r\n", "VERSION:2.0\r\n", "X-WR-CALNAME:TLP:AMBER Agenda 2026-W47\r\n",
        "UID:drones-2026@politie.example\r\n", "DTSTAMP:20261123T060000Z\r\n",
        "DTSTART:20261126T090000Z\r\n", "DTEND:20261126T130000Z\r\n",
        "SUMMARY:TLP:AMBER Oefening drones\r\n", "CLASS:CONFIDENTIAL\r\n",
        "LOCATION:Deurganckdok\\, kaai 1742\r\n", "END:VCALENDAR\r\n"}) {
    EXPECT_THAT(written, HasSubstr(std::string(line)));
  }
}

TEST(Calendar, AnEventWithoutAUidHasThatOfItsBulletin) {
  const Edition edition = SampleEdition(Language::kEnglish);
  const Calendar calendar = Parse(WriteCalendar(edition));
  const std::vector<icalcomponent*> events = ComponentsOf(calendar.get());
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(std::string(icalcomponent_get_uid(events[1])),
            absl::StrCat(edition.events[1].id.ToHex(), "@", edition.network));
}

TEST(Calendar, NoEventTakesTheUidOfAnother) {
  Edition edition = SampleEdition(Language::kEnglish);
  edition.events[1].event.uid = edition.events[0].event.uid;
  const Calendar calendar = Parse(WriteCalendar(edition));
  const std::vector<icalcomponent*> events = ComponentsOf(calendar.get());
  ASSERT_EQ(events.size(), 2U);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(std::string(icalcomponent_get_uid(events[i])),
              absl::StrCat(edition.events[i].id.ToHex(), "@", edition.network));
  }
}

TEST(Calendar, AnEventThatEndsBeforeItStartsHasNoEnd) {
  Edition edition = SampleEdition(Language::kEnglish);
  edition.events[0].event.ends = edition.events[0].event.starts - absl::Hours(1);
  const Calendar calendar = Parse(WriteCalendar(edition));
  const std::vector<icalcomponent*> events = ComponentsOf(calendar.get());
  EXPECT_EQ(PropertiesOf(events[0]).count("DTEND"), 0U);
  EXPECT_EQ(PropertiesOf(events[1]).count("DTEND"), 1U);
}

TEST(Calendar, WithoutEventsIsEmptyAndStillACalendar) {
  const Calendar calendar = Parse(WriteCalendar(QuietEdition(Language::kEnglish)));
  ASSERT_NE(calendar, nullptr);
  EXPECT_TRUE(ComponentsOf(calendar.get()).empty());
}

TEST(Calendar, LinesAreFoldedAndEndWithCarriageReturnAndLineFeed) {
  for (const HostileString& hostile : HostileStrings()) {
    const std::string written = WriteCalendar(FillEveryField(hostile.text));
    ASSERT_TRUE(absl::EndsWith(written, "\r\n"));
    const std::vector<absl::string_view> lines = absl::StrSplit(written, "\r\n");
    for (const absl::string_view line : lines) {
      EXPECT_LE(line.size(), 75U) << line;
      EXPECT_FALSE(absl::StrContains(line, '\r') || absl::StrContains(line, '\n')) << line;
    }
  }
}

TEST(Calendar, NoTextOfAnAuthorIsMoreThanText) {
  const std::multiset<std::string> expected = {"UID",      "DTSTAMP",     "DTSTART", "DTEND",
                                               "LOCATION", "DESCRIPTION", "SUMMARY", "CLASS"};
  for (const HostileString& hostile : HostileStrings()) {
    const Calendar calendar = Parse(WriteCalendar(FillEveryField(hostile.text)));
    ASSERT_NE(calendar, nullptr) << hostile.text;
    const std::vector<icalcomponent*> events = ComponentsOf(calendar.get());
    ASSERT_EQ(events.size(), 2U) << hostile.text;
    for (icalcomponent* event : events) {
      EXPECT_EQ(icalcomponent_isa(event), ICAL_VEVENT_COMPONENT);
      EXPECT_TRUE(ComponentsOf(event).empty()) << hostile.text;
      if (CleanLine(hostile.text).empty()) continue;
      EXPECT_EQ(PropertiesOf(event), expected) << hostile.text;
      EXPECT_EQ(std::string(icalcomponent_get_summary(event)),
                absl::StrCat("TLP:AMBER ", show::TitleText(hostile.text)));
    }
  }
}

}  // namespace
}  // namespace shield
