// What a reader cannot do without when a bulletin comes, and nothing else: the ceiling of the whole
// library on the reader's side.
//
// Two Ed25519 signatures are verified (the author's and the broker's), one X25519 multiplication
// opens the slot, ChaCha20-Poly1305 the payload, SHA-256 goes over all that came, and it is stored
// in SQLite by one synced transaction. Nothing is parsed, judged, counted or handed over.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "base/bytes.h"

struct sqlite3;
struct sqlite3_stmt;

namespace shield::testing {

// What fails aborts the program. Thread-compatible; one for each reader.
class ReaderPrimitives {
 public:
  // Makes the database `path`. Each bulletin is to have a payload of `payload_bytes`.
  ReaderPrimitives(const std::string& path, size_t payload_bytes);

  // One bulletin, as it came.
  void Take(ByteSpan entry);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
    void operator()(sqlite3_stmt* statement) const;
  };

  void Compute(ByteSpan entry);
  void Store(ByteSpan entry);

  std::unique_ptr<sqlite3, Close> database_;
  std::unique_ptr<sqlite3_stmt, Close> insert_;  // ends before the database
  // What there is to verify and to open, the same each time.
  std::array<uint8_t, 32> signer_ = {};
  std::array<uint8_t, 64> signature_ = {};
  std::array<uint8_t, 32> share_ = {};
  Bytes sealed_;
  Bytes opened_;
};

}  // namespace shield::testing
