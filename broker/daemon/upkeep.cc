// The commands that look after a store while no broker runs on it.

#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/daemon/commands.h"
#include "broker/daemon/home.h"
#include "broker/store/store_backup.h"
#include "broker/store/store_folder.h"
#include "broker/store/store_verify.h"

namespace shield::broker {
namespace {

absl::Status NeedStore(const HomePaths& paths) {
  if (std::filesystem::exists(paths.store)) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("there is no store in `", paths.folder, "` yet"));
}

void PrintReport(const store::StoreReport& report) {
  std::printf(
      "commits %llu, bulletins %llu, members %llu, inbox entries %llu, log leaves %llu, "
      "payload bytes %llu, directory version %llu\n",
      static_cast<unsigned long long>(report.commits),
      static_cast<unsigned long long>(report.bulletins),
      static_cast<unsigned long long>(report.members),
      static_cast<unsigned long long>(report.inbox_entries),
      static_cast<unsigned long long>(report.log_leaves),
      static_cast<unsigned long long>(report.payload_bytes),
      static_cast<unsigned long long>(report.directory_version));
}

}  // namespace

absl::Status CheckHome(const std::string& home, Surroundings) {
  const HomePaths paths(home);
  RETURN_IF_ERROR(OpenBrokerHome(paths).status());
  ASSIGN_OR_RETURN(const HomeLock lock, HomeLock::Acquire(paths));
  if (std::filesystem::exists(paths.store)) {
    store::FailStop fail_stop;
    RETURN_IF_ERROR(store::CheckStore(paths.store, fail_stop));
  }
  std::printf("ok\n");
  return absl::OkStatus();
}

absl::Status VerifyStore(const std::string& home, Surroundings) {
  const HomePaths paths(home);
  RETURN_IF_ERROR(OpenBrokerHome(paths).status());
  ASSIGN_OR_RETURN(const HomeLock lock, HomeLock::Acquire(paths));
  RETURN_IF_ERROR(NeedStore(paths));
  ASSIGN_OR_RETURN(const store::StoreReport report, store::VerifyStore(paths.store));
  PrintReport(report);
  return absl::OkStatus();
}

absl::Status BackupStore(const std::string& home, const std::string& target, Surroundings) {
  const HomePaths paths(home);
  RETURN_IF_ERROR(OpenBrokerHome(paths).status());
  ASSIGN_OR_RETURN(const HomeLock lock, HomeLock::Acquire(paths));
  RETURN_IF_ERROR(NeedStore(paths));
  return store::BackupStore(paths.store, target);
}

absl::Status RestoreStore(const std::string& home, const std::string& source, Surroundings world) {
  const HomePaths paths(home);
  RETURN_IF_ERROR(OpenBrokerHome(paths).status());
  ASSIGN_OR_RETURN(const HomeLock lock, HomeLock::Acquire(paths));
  ASSIGN_OR_RETURN(const store::StoreReport report,
                   store::RestoreStore(source, paths.store, world.random));
  PrintReport(report);
  return absl::OkStatus();
}

}  // namespace shield::broker
