// What a process has cost so far: processor time of all its threads, and the most memory it held.
//
//   ForgetPeak();
//   const double before = ProcessorSeconds();
//   ...
//   figure.cpu_s = ProcessorSeconds() - before;
//   figure.peak_bytes = PeakBytes();
//
// Without an argument: of this process. The peak is that of its resident pages (VmHWM).
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace shield::testing {

double ProcessorSeconds();
// Of a process that runs; 0 when there is none of that id.
double ProcessorSeconds(pid_t pid);

// 0 when there is no such process.
uint64_t PeakBytes();
uint64_t PeakBytes(pid_t pid);

// Gives unused memory back to the system and lets the peak of this process begin anew from what it
// holds now, so that one workload does not answer for another. Where the system does not allow
// that, the peak stays the one of the whole run: a bound from above.
void ForgetPeak();

}  // namespace shield::testing
