#include "policy/proof/verified_statement.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

constexpr NoteLimits kLimits = {kMaxStatementBytes, 1};

absl::Status BadSignature(absl::string_view why) {
  return WithRule(absl::DataLossError(absl::StrCat("statement refused: ", why)), "BAD_SIGNATURE");
}

// The author's key of the directory whose text is `author_key`, or null.
const KeyRecord* FindSignKey(const Directory& directory, const Statement& statement) {
  for (const KeyRecord& key : directory.KeysOf(statement.author)) {
    if (key.use == KeyUse::kSign && key.value == statement.author_key) return &key;
  }
  return nullptr;
}

absl::Status CheckKeyStanding(const Directory& directory, const Statement& statement,
                              absl::Time at) {
  const KeyRecord* key = FindSignKey(directory, statement);
  const bool active = key != nullptr && key->period.Contains(at);
  if (active) return absl::OkStatus();
  const absl::string_view why = key == nullptr
                                    ? "the directory does not give its author this key"
                                    : "the key of its author is not active in the directory";
  return WithHint(WithRule(absl::PermissionDeniedError(absl::StrCat(
                               "statement of `", statement.author.text(), "` refused: ", why)),
                           "PUBLISHER_KEY_REVOKED"),
                  "the author asks the vetting officer which of its keys is enrolled");
}

}  // namespace

VerifiedStatement::VerifiedStatement(Statement statement, absl::string_view note, size_t text_size)
    : statement_(std::move(statement)),
      note_(note),
      text_size_(text_size),
      text_digest_(Sha256(text())) {}

absl::StatusOr<VerifiedStatement> VerifyHeldStatement(absl::string_view note, const Origin& network,
                                                      KnownNotes* known) {
  absl::StatusOr<SignedNote> parsed = ParseNote(note, kLimits);
  if (!parsed.ok()) return WithRule(parsed.status(), "STATEMENT_MALFORMED");
  ASSIGN_OR_RETURN(Statement statement, ParseStatement(parsed->text));
  if (statement.network != network) {
    return WithRule(absl::InvalidArgumentError(absl::StrCat("statement refused: it is of network `",
                                                            statement.network.text(), "`, not of `",
                                                            network.text(), "`")),
                    "NETWORK_MISMATCH");
  }
  const absl::StatusOr<VerifierKey> key = VerifierKey::Parse(statement.author_key);
  if (!key.ok()) return BadSignature(key.status().message());
  if (key->name() != network.KeyName(statement.author.text())) {
    return BadSignature("the key on its author line is not named for its author");
  }
  RETURN_IF_ERROR(Annotate(VerifyNote(*parsed, *key, known), "statement refused"));
  return VerifiedStatement(std::move(statement), note, parsed->text.size());
}

absl::StatusOr<VerifiedStatement> VerifyStatement(absl::string_view note,
                                                  const Directory& directory, absl::Time at,
                                                  KnownNotes* known) {
  ASSIGN_OR_RETURN(VerifiedStatement verified,
                   VerifyHeldStatement(note, directory.note().network, known));
  RETURN_IF_ERROR(CheckKeyStanding(directory, verified.statement(), at));
  return verified;
}

absl::Time KeyTime(const Directory& directory, absl::Time now) {
  return std::max(now, directory.note().issued);
}

absl::StatusOr<std::string> SignStatement(const Statement& statement, const SigningKey& key) {
  const std::string name = statement.network.KeyName(statement.author.text());
  ASSIGN_OR_RETURN(const VerifierKey verifier, key.Verifier(name));
  if (verifier.ToString() != statement.author_key) {
    return absl::InvalidArgumentError(
        "statement not signed: its author line names another key than the one at hand");
  }
  std::string text = PrintStatement(statement);
  RETURN_IF_ERROR(Annotate(ParseStatement(text).status(), "statement not signed"));
  return SignNote(text, name, key);
}

}  // namespace shield
