// The file system under SQLite, with an eye on write-ahead logs: when they are synced, and whether
// something lies in one of them that a power cut would still take. On request the disk is full.
//
//   WatchedLogs logs;                      // before the first database is opened, one at a time
//   … EXPECT_FALSE(logs.HasUnsynced());
//
// Thread-safe, once it stands.
#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/mutex.h"

namespace shield::testing {

class WatchedLogs {
 public:
  WatchedLogs() : files_(*sqlite3_vfs_find(nullptr)) {
    Real() = sqlite3_vfs_find(nullptr);
    Seen() = {};
    files_.zName = "watched";
    files_.xOpen = Open;
    sqlite3_vfs_register(&files_, /*makeDflt=*/1);
  }
  // After the last database has been closed.
  ~WatchedLogs() {
    sqlite3_vfs_unregister(&files_);
    sqlite3_vfs_register(Real(), /*makeDflt=*/1);
  }
  WatchedLogs(const WatchedLogs&) = delete;
  WatchedLogs& operator=(const WatchedLogs&) = delete;

  // How often a log was synced since the last time.
  int TakeSyncs() {
    MutexLock lock(Guard());
    return std::exchange(Seen().syncs, 0);
  }
  bool HasUnsynced() {
    MutexLock lock(Guard());
    return !Seen().unsynced.empty();
  }
  // Whether no log takes any more.
  void FillDisk(bool full) {
    MutexLock lock(Guard());
    Seen().full = full;
  }

 private:
  // A log may be open several times: whoever syncs it, syncs all of it.
  struct Sight {
    int syncs = 0;
    bool full = false;
    std::map<sqlite3_file*, std::string> open;
    std::set<std::string> unsynced;  // by path

    bool IsOpen(const std::string& path) const {
      return std::any_of(open.begin(), open.end(),
                         [&path](const auto& each) { return each.second == path; });
    }
  };

  static sqlite3_vfs*& Real() {
    static sqlite3_vfs* real = nullptr;
    return real;
  }
  static const sqlite3_io_methods*& RealMethods() {
    static const sqlite3_io_methods* real = nullptr;
    return real;
  }
  static Mutex& Guard() {
    static Mutex guard;
    return guard;
  }
  static Sight& Seen() {
    static Sight seen;
    return seen;
  }

  static int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* given) {
    const int code = Real()->xOpen(Real(), name, file, flags, given);
    if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
    static sqlite3_io_methods methods = {};
    MutexLock lock(Guard());
    RealMethods() = file->pMethods;
    methods = *file->pMethods;
    methods.xWrite = Write;
    methods.xSync = Sync;
    methods.xClose = Close;
    file->pMethods = &methods;
    Seen().open[file] = name;
    return code;
  }
  static int Write(sqlite3_file* log, const void* bytes, int count, sqlite3_int64 at) {
    {
      MutexLock lock(Guard());
      if (Seen().full) return SQLITE_FULL;
      Seen().unsynced.insert(Seen().open[log]);
    }
    return RealMethods()->xWrite(log, bytes, count, at);
  }
  static int Sync(sqlite3_file* log, int how) {
    const int code = RealMethods()->xSync(log, how);
    MutexLock lock(Guard());
    ++Seen().syncs;
    if (code == SQLITE_OK) Seen().unsynced.erase(Seen().open[log]);
    return code;
  }
  static int Close(sqlite3_file* log) {
    {
      MutexLock lock(Guard());
      const std::string path = Seen().open.extract(log).mapped();
      if (!Seen().IsOpen(path)) Seen().unsynced.erase(path);
    }
    return RealMethods()->xClose(log);
  }

  sqlite3_vfs files_;
};

}  // namespace shield::testing
