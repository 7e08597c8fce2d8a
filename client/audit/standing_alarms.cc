#include "client/audit/standing_alarms.h"

#include <utility>

#include "base/status.h"
#include "crypto/note.h"

namespace shield {
namespace {

bool IsSigned(const std::string& text, const LogInForce& log) {
  const absl::StatusOr<SignedNote> note = ParseNote(text);
  return note.ok() &&
         (VerifyNote(*note, log.log_key).ok() || VerifyNote(*note, log.broker_key).ok());
}

bool IsExplained(const ForkAlarm& alarm, const LogInForce& log) {
  if (alarm.kind != "log" && alarm.kind != "inbox") return false;
  // Times of directories are whole seconds: what was found in the same one may be that loss too.
  if (alarm.found < log.since + absl::Seconds(1)) return true;
  return !IsSigned(alarm.first, log) && !IsSigned(alarm.second, log);
}

}  // namespace

std::vector<ForkAlarm> Standing(std::vector<ForkAlarm> alarms, const LogInForce& log) {
  std::erase_if(alarms, [&log](const ForkAlarm& alarm) { return IsExplained(alarm, log); });
  return alarms;
}

absl::StatusOr<std::vector<ForkAlarm>> FindStandingAlarms(const ClientParts& parts) {
  ASSIGN_OR_RETURN(std::vector<ForkAlarm> alarms, parts.state.Forks());
  const auto directory = parts.directory.Newest();
  if (absl::IsNotFound(directory.status())) return alarms;
  RETURN_IF_ERROR(directory.status());
  ASSIGN_OR_RETURN(const InboxLog followed, parts.state.FollowedLog());
  return Standing(std::move(alarms),
                  {(*directory)->log_key(), (*directory)->broker_key(), followed.since});
}

}  // namespace shield
