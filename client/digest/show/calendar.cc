#include "client/digest/show/calendar.h"

#include <libical/ical.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/digest/show/say_runs.h"
#include "client/digest/words.h"

namespace shield {
namespace {

using show::TitleText;

// A component of libical, with all that was added to it.
struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

icaltimetype TimeOf(absl::Time moment) {
  return icaltime_from_timet_with_zone(absl::ToTimeT(moment), 0, icaltimezone_get_utc_timezone());
}

void AddNamed(icalcomponent* component, const char* name, const std::string& value) {
  icalproperty* property = icalproperty_new_x(value.c_str());
  icalproperty_set_x_name(property, name);
  icalcomponent_add_property(component, property);
}

bool IsPlainUid(absl::string_view uid) {
  return !uid.empty() && uid.size() <= kMaxUidBytes &&
         std::all_of(uid.begin(), uid.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' ||
                  c == '_' || c == '@';
         });
}

std::string NameOf(const Edition& edition) {
  return absl::StrCat(TlpWithPrefix(edition.label), " ", Say(edition.language, Word::kLookAhead),
                      " ", edition.week.Print());
}

std::string DescriptionOf(const Edition& edition, const EditionEvent& entry) {
  std::vector<std::string> lines = {TitleText(SayKind(edition.language, entry.kind))};
  if (!entry.event.organiser.empty()) {
    lines.push_back(
        SayFilled(edition.language, Word::kOrganisedBy, {TitleText(entry.event.organiser)}));
  }
  if (entry.event.register_until.has_value()) {
    lines.push_back(SayFilled(edition.language, Word::kRegisterUntil,
                              {SayMoment(edition.language, *entry.event.register_until)}));
  }
  lines.push_back(absl::StrCat("shield inbox show ", entry.id.ToHex()));
  lines.push_back(TlpWithPrefix(edition.label));
  return absl::StrJoin(lines, "\n");
}

Component EventOf(const Edition& edition, const EditionEvent& entry, const std::string& uid) {
  const BriefedEvent& event = entry.event;
  Component component(icalcomponent_new(ICAL_VEVENT_COMPONENT));
  const auto add = [&component](icalproperty* property) {
    icalcomponent_add_property(component.get(), property);
  };
  add(icalproperty_new_uid(uid.c_str()));
  add(icalproperty_new_dtstamp(TimeOf(edition.as_of)));
  add(icalproperty_new_dtstart(TimeOf(event.starts)));
  if (event.ends.has_value() && *event.ends >= event.starts) {
    add(icalproperty_new_dtend(TimeOf(*event.ends)));
  }
  const std::string summary =
      absl::StrCat(TlpWithPrefix(edition.label), " ", TitleText(event.what));
  add(icalproperty_new_summary(summary.c_str()));
  const std::string place = TitleText(event.place);
  if (!place.empty()) add(icalproperty_new_location(place.c_str()));
  add(icalproperty_new_description(DescriptionOf(edition, entry).c_str()));
  add(icalproperty_new_class(edition.label == Tlp::kClear ? ICAL_CLASS_PUBLIC
                                                          : ICAL_CLASS_CONFIDENTIAL));
  return component;
}

std::string TextOf(icalcomponent* component) {
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };
  const std::unique_ptr<char, Free> text(icalcomponent_as_ical_string_r(component));
  return text == nullptr ? std::string() : std::string(text.get());
}

}  // namespace

std::string WriteCalendar(const Edition& edition) {
  const Component calendar(icalcomponent_new(ICAL_VCALENDAR_COMPONENT));
  icalcomponent_add_property(calendar.get(), icalproperty_new_version("2.0"));
  icalcomponent_add_property(calendar.get(), icalproperty_new_prodid("-//Shield//Briefing//EN"));
  AddNamed(calendar.get(), "X-WR-CALNAME", NameOf(edition));
  std::map<std::string, int> named;
  for (const EditionEvent& entry : edition.events) ++named[entry.event.uid];
  for (const EditionEvent& entry : edition.events) {
    std::string uid = entry.event.uid;
    // Of two that claim one name neither has it: a calendar that holds the true one keeps it.
    if (!IsPlainUid(uid) || named[uid] > 1) {
      uid = absl::StrCat(entry.id.ToHex(), "@", TitleText(edition.network));
    }
    icalcomponent_add_component(calendar.get(), EventOf(edition, entry, uid).release());
  }
  return TextOf(calendar.get());
}

}  // namespace shield
