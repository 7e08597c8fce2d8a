#include "tests/bench/ceiling/reader_primitives.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

TEST(ReaderPrimitives, WhatWasTakenIsStored) {
  TemporaryFolder folder;
  const std::string path = folder / "reader.db";
  ReaderPrimitives reader(path, 4096);
  reader.Take(Bytes(5'000, 'a'));
  reader.Take(Bytes(6'000, 'b'));

  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  sqlite3_stmt* sum = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(database, "SELECT count(*), sum(length(bytes)) FROM entry", -1, &sum,
                               nullptr),
            SQLITE_OK);
  ASSERT_EQ(sqlite3_step(sum), SQLITE_ROW);
  EXPECT_EQ(sqlite3_column_int(sum, 0), 2);
  EXPECT_EQ(sqlite3_column_int(sum, 1), 11'000);
  sqlite3_finalize(sum);
  sqlite3_close(database);
}

}  // namespace
}  // namespace shield::testing
