// The look-ahead of an edition as a calendar: iCalendar, RFC 5545.
#pragma once

#include <string>

#include "client/digest/edition.h"

namespace shield {

// Of an event's own uid; one that is longer, or has anything but letters, digits and `-._@` in it,
// is not used.
inline constexpr size_t kMaxUidBytes = 200;

// A VCALENDAR with one VEVENT for each event of the edition, in their order; lines end with CR LF
// and are folded at 75 octets. The label begins the calendar's name and each summary, and ends each
// description; CLASS is CONFIDENTIAL unless the label is CLEAR. UID is the event's own where it has
// one that no event before it has, so that a changed event replaces the one it changes; otherwise
// `<bulletin id>@<network>`. DTSTAMP is the moment the edition was made for; all times are UTC. An
// event that ends before it starts has no end. Pure.
std::string WriteCalendar(const Edition& edition);

}  // namespace shield
