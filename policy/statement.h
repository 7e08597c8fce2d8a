// The statement: the signed, cleartext face of a bulletin, line by line (docs/spec/statement.md).
//
// Every field has one text, every line its place; a text that parses is exactly what PrintStatement
// gives for the result. Statements are verified over the bytes that came, never over a reprint.
//
// The text is what the author signs: it ends with the LF of its last line. The blank line and the
// signature line of the note around it are read by crypto/signed_note.h, and the key on the author
// line is compared with the directory's by policy/proof.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "policy/audience_token.h"
#include "policy/labels.h"
#include "policy/origin.h"
#include "policy/vocabulary.h"

namespace shield {

inline constexpr size_t kMaxStatementBytes = 16 * 1024;
inline constexpr size_t kMaxAudienceTokens = 256;
inline constexpr size_t kMaxReferences = 8;
inline constexpr size_t kMaxObjects = 16;
inline constexpr uint64_t kMaxRecipients = 100'000;

// An earlier bulletin: its id and SHA-256 of its statement's text.
struct Reference {
  Relation relation = Relation::kUnspecified;
  BulletinId id;
  Digest text_digest;

  friend bool operator==(const Reference&, const Reference&) = default;
};

// Bytes that travel beside the statement: a payload or an attachment.
struct SizedDigest {
  uint64_t bytes = 0;
  Digest digest;

  friend bool operator==(const SizedDigest&, const SizedDigest&) = default;
};

struct Statement {
  Origin network;
  BulletinId id;
  MemberId author;
  std::string author_key = {};  // verifier key text, named <network>/<author>
  BulletinClass bulletin_class = BulletinClass::kUnspecified;
  absl::Time issued = absl::UnixEpoch();
  absl::Time not_before = absl::UnixEpoch();
  absl::Time expires = absl::UnixEpoch();
  Tlp tlp = Tlp::kUnspecified;
  Priority priority = Priority::kRoutine;
  BulletinStatus status = BulletinStatus::kActual;
  std::vector<AudienceToken> audience = {};  // 1 to 256; none that NamesSomeone()
  std::vector<Reference> references = {};    // 0 to 8, each of another bulletin
  uint64_t directory_version = 0;
  Digest directory_digest = {};  // of the directory note's text
  uint64_t recipients = 0;
  Digest recipients_root = {};
  SizedDigest payload = {};
  std::vector<SizedDigest> objects = {};  // 0 to 16, in the order of the attachments
  std::optional<Digest> commitment = {};  // every label but CLEAR
  std::optional<std::array<uint8_t, 16>> clear_key = {};  // CLEAR only: the file key, public

  // The first reference with this relation, or null. A share and a withdrawal hold one reference in
  // all; content may supersede, extend or answer several bulletins.
  const Reference* Find(Relation relation) const;
  // class control: takes an earlier bulletin back, has no payload of its own.
  bool IsWithdrawal() const { return bulletin_class == BulletinClass::kControl; }

  friend bool operator==(const Statement&, const Statement&) = default;
};

// Refuses, naming the line, everything that docs/spec/statement.md forbids; INVALID_ARGUMENT
// always. Rules: LABEL_REQUIRED or INVALID_LABEL for the label, UNKNOWN_CODE for a sector or region
// that is on no list, STATEMENT_MALFORMED for everything else.
absl::StatusOr<Statement> ParseStatement(absl::string_view text);

// The one text of a statement; audience and references are sorted on the way. The caller owns that
// its fields are within limits: ParseStatement of the result says so.
std::string PrintStatement(const Statement& statement);

// The part that key commitments bind: first byte through the LF that ends the `directory` line.
// Of a text that parses; empty when `text` has no such line.
absl::string_view ContextBlock(absl::string_view text);

// The same part, of a statement whose recipients and payload are not known yet.
std::string PrintContextBlock(const Statement& statement);

}  // namespace shield
