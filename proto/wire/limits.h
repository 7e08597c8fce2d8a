// The limits of the wire (docs/spec/wire.md section 4), the same on both sides. Each has a test one
// past it.
#pragma once

#include <cstddef>

namespace shield::wire {

inline constexpr size_t kMaxMessageBytes = 256 * 1024;
inline constexpr size_t kChunkBytes = 64 * 1024;  // slots, payload, objects, lines: per message

inline constexpr size_t kMaxStatementBytes =
    16 * 1024;  // text and signature: docs/spec/statement.md
inline constexpr size_t kMaxOpenings = 256;
inline constexpr size_t kMaxTokenBytes = 128;
inline constexpr size_t kMaxObjects = 16;
inline constexpr size_t kMaxProofHashes = 64;              // a tree of 2^64 leaves
inline constexpr size_t kMaxBatchIndexes = 128;            // leaves of the log in one proof …
inline constexpr size_t kMaxBatchProofBytes = 160 * 1024;  // … which has room for 2^45 leaves
inline constexpr size_t kMaxTileBytes = 64 * 1024;         // hashes or entries, 256 of them
inline constexpr size_t kMaxLines = 4096;                  // in one message of a directory
inline constexpr size_t kMaxLineBytes = 16 * 1024;
inline constexpr size_t kMaxVersions = 1024;             // in one message of a directory
inline constexpr size_t kMaxNoteBytes = 32 * 1024;       // directory, freshness, head, checkpoint
inline constexpr size_t kMaxAuthorityBytes = 64 * 1024;  // all rotations of the authority's keys
inline constexpr size_t kMaxEntries = 256;               // in one message of a subscription
inline constexpr size_t kMaxWarnings = 64;
inline constexpr size_t kMaxRecipientsShown = 1000;  // in one message of a status
inline constexpr size_t kMaxResumeTokenBytes = 256;
inline constexpr size_t kMaxReceipts = 64;         // in one call
inline constexpr size_t kMaxReceiptBytes = 1024;   // a note
inline constexpr size_t kMaxReceiptsOfReader = 3;  // of one bulletin: one of each state
inline constexpr size_t kMaxRetentionRows = 256;   // in one answer
inline constexpr size_t kMaxVocabularyBytes = 32;  // a class or label by its word

// Errors must fit the 8 KiB that HTTP/2 headers may have here, encoded.
inline constexpr size_t kMaxErrorMessageBytes = 1024;
inline constexpr size_t kMaxHintBytes = 1024;
inline constexpr size_t kMaxRuleBytes = 64;

}  // namespace shield::wire
