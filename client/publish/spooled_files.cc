#include "client/publish/spooled_files.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/publish/attachment_spool.h"

namespace shield {

SpooledFiles::SpooledFiles(std::string folder, std::vector<std::string> names,
                           std::vector<SizedDigest> objects)
    : folder_(std::move(folder)), names_(std::move(names)), objects_(std::move(objects)) {}

std::string SpooledFiles::PathOf(size_t i) const { return absl::StrCat(folder_, "/", names_[i]); }

uint64_t SpooledFiles::total_bytes() const {
  uint64_t total = 0;
  for (const SizedDigest& object : objects_) total += object.bytes;
  return total;
}

bool SpooledFiles::Complete() const {
  if (names_.size() != objects_.size()) return false;
  for (size_t i = 0; i < names_.size(); ++i) {
    struct stat found {};
    if (stat(PathOf(i).c_str(), &found) != 0) return false;
    if (static_cast<uint64_t>(found.st_size) != objects_[i].bytes) return false;
  }
  return true;
}

absl::Status SpooledFiles::Read(size_t i, const ByteSink& sink) const {
  return ReadAttachment(PathOf(i), sink, objects_[i].bytes);
}

void SpooledFiles::Remove() const {
  for (size_t i = 0; i < names_.size(); ++i) unlink(PathOf(i).c_str());
}

void SweepSpool(const std::string& folder, const std::set<std::string>& in_use, absl::Time before) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(folder.c_str()), closedir);
  if (open == nullptr) return;
  while (const dirent* file = readdir(open.get())) {
    const std::string name = file->d_name;
    if (!absl::EndsWith(name, kSpoolSuffix) || in_use.contains(name)) continue;
    const std::string path = absl::StrCat(folder, "/", name);
    struct stat found {};
    if (stat(path.c_str(), &found) != 0 || absl::FromTimeT(found.st_mtime) >= before) continue;
    unlink(path.c_str());
  }
}

}  // namespace shield
