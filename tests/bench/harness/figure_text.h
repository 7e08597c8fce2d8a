// A figure as text: a JSON object on a line of its own, for programs, and a row of a table, for
// people.
//
//   {"workload":"seal_slots","params":{"recipients":100,"bytes":1024,"threads":1},"ours":18412.5,
//    "ceiling":20231.1,"unit":"slots/s","ratio":0.91,"cpu_s":0.0054,"peak_bytes":5242880}
//
// `ceiling` and `ratio` are null where there is none; every field is always there.
#pragma once

#include <string>

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// Without the end of the line.
std::string JsonLine(const Workload& workload, const Figure& figure);

// `recipients=100 bytes=1024 threads=1`
std::string ParamsText(const nlohmann::ordered_json& params);

// Both end their line, and their columns stand under each other.
std::string TableHead();
std::string TableRow(const Workload& workload, const Figure& figure);

}  // namespace shield::testing
