// That the log holds a bulletin, for whoever knows the network's file alone: what
// `shield audit prove` writes and `shield verify` reads.
//
//   shield/logged/v2
//   statement <bytes>
//   directory <bytes>
//   authority <bytes>
//   <the statement, then the directory's note, then the rotations of the authority's keys, if any>
//   author <org index> <hashes> <key index> <member index>
//   <base64 of all hashes: the path of the organisation, then the batch proof of both lines>
//   <org line>
//   <line of the key that signed>
//   <line of the author>
//   log <index>
//   <base64 of all hashes of the path>
//
//   <the checkpoint note, to the end>
//
// Of the directory it holds what a signature is judged by and no more: the author, the key, the
// organisation. The file is this text, packed (client/export/packed_text.h): at most 2,047 bytes
// for an ordinary bulletin in a log of 10,000 (docs/spec/log.md, "Proofs for others").
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/export/export_texts.h"
#include "policy/proof/member_part.h"

namespace shield {

struct LoggedProof {
  std::string statement;
  std::string directory;  // the note
  MemberPart author;
  ExportProof::InLog log;
  std::string authority = {};  // all rotations of the authority's keys
};

// Of the file, and of the text in it.
inline constexpr size_t kMaxLoggedProofBytes = 256 * 1024;

// The file.
std::string PrintLoggedProof(const LoggedProof& proof);
// INVALID_ARGUMENT, rule EXPORT_MALFORMED.
absl::StatusOr<LoggedProof> ParseLoggedProof(absl::string_view file);

}  // namespace shield
