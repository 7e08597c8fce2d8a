// The commands that look after a store while no broker runs on it.

#include <cstdio>

#include "absl/time/time.h"
#include "base/status.h"
#include "broker/daemon/commands.h"
#include "broker/daemon/home.h"
#include "broker/store/store_backup.h"
#include "broker/store/store_folder.h"
#include "broker/store/store_verify.h"

namespace shield::broker {
namespace {

void PrintBackup(const store::BackupFacts& backup) {
  std::printf("backup %u, made %s, commit %llu\n", backup.id,
              absl::FormatTime(absl::RFC3339_sec, backup.made, absl::UTCTimeZone()).c_str(),
              static_cast<unsigned long long>(backup.commit));
}

void PrintReport(const store::StoreReport& report) {
  std::printf(
      "commits %llu, bulletins %llu, members %llu, inbox entries %llu, receipts %llu, "
      "log leaves %llu, payload bytes %llu, directory version %llu\n",
      static_cast<unsigned long long>(report.commits),
      static_cast<unsigned long long>(report.bulletins),
      static_cast<unsigned long long>(report.members),
      static_cast<unsigned long long>(report.inbox_entries),
      static_cast<unsigned long long>(report.receipts),
      static_cast<unsigned long long>(report.log_leaves),
      static_cast<unsigned long long>(report.payload_bytes),
      static_cast<unsigned long long>(report.directory_version));
}

}  // namespace

absl::Status CheckHome(const std::string& home, Surroundings) {
  const HomePaths paths(home);
  RETURN_IF_ERROR(OpenBrokerHome(paths).status());
  ASSIGN_OR_RETURN(const HomeLock lock, HomeLock::Acquire(paths));
  store::FailStop fail_stop;
  RETURN_IF_ERROR(store::CheckStore(paths.store, fail_stop));
  std::printf("ok\n");
  return absl::OkStatus();
}

absl::Status VerifyStore(const std::string& home, Surroundings) {
  const HomePaths paths(home);
  RETURN_IF_ERROR(OpenBrokerHome(paths).status());
  ASSIGN_OR_RETURN(const HomeLock lock, HomeLock::Acquire(paths));
  ASSIGN_OR_RETURN(const store::StoreReport report, store::VerifyStore(paths.store));
  PrintReport(report);
  return absl::OkStatus();
}

absl::Status BackupStore(const std::string& home, const std::string& target, Surroundings) {
  const HomePaths paths(home);
  RETURN_IF_ERROR(OpenBrokerHome(paths).status());
  ASSIGN_OR_RETURN(const HomeLock lock, HomeLock::Acquire(paths));
  ASSIGN_OR_RETURN(const store::BackupFacts backup, store::BackupStore(paths.store, target));
  PrintBackup(backup);
  return absl::OkStatus();
}

absl::Status RestoreStore(const std::string& home, const std::string& source,
                          std::optional<uint32_t> backup, Surroundings world) {
  const HomePaths paths(home);
  RETURN_IF_ERROR(OpenBrokerHome(paths).status());
  ASSIGN_OR_RETURN(const HomeLock lock, HomeLock::Acquire(paths));
  ASSIGN_OR_RETURN(const store::Restored restored,
                   store::RestoreStore(source, backup, paths.store, world.random));
  PrintBackup(restored.backup);
  PrintReport(restored.report);
  return absl::OkStatus();
}

}  // namespace shield::broker
