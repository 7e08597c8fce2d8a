// The hours of Brussels by rule, for machines without zone files.
//
// Abseil reads zones from files and nowhere else; this adds one zone that is in the program, made
// of the rule of the European Union: CET, and CEST from the last Sunday of March to the last of
// October, each at 01:00 UTC. Source: Directive 2000/84/EC; the text is a POSIX TZ rule in the file
// format of RFC 8536.
#pragma once

#include "absl/time/time.h"

namespace shield {

// Right from 1997 on. Thread-safe; read once.
absl::TimeZone BrusselsByRule();

}  // namespace shield
