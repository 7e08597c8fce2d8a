#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/base64.h"
#include "base/status.h"
#include "policy/fields.h"
#include "policy/line_reader.h"
#include "policy/statement.h"

namespace shield {
namespace {

constexpr TextKind kKind = {"statement", "STATEMENT_MALFORMED", kMaxStatementBytes};

// Fills what follows the author line; the fields before it are needed to make a Statement at all.
class StatementParser {
 public:
  explicit StatementParser(LineReader& lines) : lines_(lines) {}

  absl::StatusOr<Statement> Parse();

 private:
  absl::StatusOr<Statement> ParseOrigins();
  absl::Status ParseTimes(Statement& statement);
  absl::Status ParseMarkings(Statement& statement);
  absl::Status ParseAudience(Statement& statement);
  absl::Status ParseReferences(Statement& statement);
  absl::Status ParseReference(Statement& statement);
  absl::Status ParseSet(Statement& statement);
  absl::Status ParseBytes(Statement& statement);
  absl::Status ParseKey(Statement& statement);

  absl::StatusOr<absl::Time> TakeMoment(absl::string_view keyword);
  absl::StatusOr<SizedDigest> TakeSized(absl::string_view keyword);
  template <typename Enum>
  absl::StatusOr<Enum> TakeWord(absl::string_view keyword,
                                std::optional<Enum> (*parse)(absl::string_view)) {
    ASSIGN_OR_RETURN(absl::string_view word, lines_.Take(keyword));
    const std::optional<Enum> value = parse(word);
    if (!value.has_value()) return lines_.Refuse("the word is on no list");
    return *value;
  }

  LineReader& lines_;
};

absl::StatusOr<absl::Time> StatementParser::TakeMoment(absl::string_view keyword) {
  ASSIGN_OR_RETURN(absl::string_view text, lines_.Take(keyword));
  const std::optional<absl::Time> time = ParseMoment(text);
  if (!time.has_value()) return lines_.Refuse("not a number of seconds in its only form");
  return *time;
}

absl::StatusOr<SizedDigest> StatementParser::TakeSized(absl::string_view keyword) {
  ASSIGN_OR_RETURN(std::vector<absl::string_view> fields, lines_.TakeFields(keyword, 2));
  const std::optional<uint64_t> bytes = ParseNumber(fields[0]);
  if (!bytes.has_value()) return lines_.Refuse("the size is not a number in its only form");
  const std::optional<Digest> digest = ParseDigest(fields[1]);
  if (!digest.has_value()) return lines_.Refuse("the digest is not the base64 of 32 bytes");
  return SizedDigest{*bytes, *digest};
}

absl::StatusOr<Statement> StatementParser::ParseOrigins() {
  RETURN_IF_ERROR(lines_.TakeWhole("shield/bulletin/v1"));
  ASSIGN_OR_RETURN(absl::string_view network_text, lines_.Take("network"));
  const std::optional<Origin> network = Origin::Parse(network_text);
  if (!network.has_value()) return lines_.Refuse("not the name of a network");

  ASSIGN_OR_RETURN(absl::string_view id_text, lines_.Take("id"));
  const std::optional<BulletinId> id = BulletinId::Parse(id_text);
  if (!id.has_value()) return lines_.Refuse("the id is not 32 lowercase hex digits");

  ASSIGN_OR_RETURN(std::vector<absl::string_view> author, lines_.TakeFields("author", 2));
  const std::optional<MemberId> member = MemberId::Parse(author[0]);
  if (!member.has_value()) return lines_.Refuse("the author is not a member id");
  if (!IsVerifierKeyText(author[1], network->KeyName(author[0]))) {
    return lines_.Refuse("the key is not a verifier key named for this network and author");
  }
  return Statement{
      .network = *network, .id = *id, .author = *member, .author_key = std::string(author[1])};
}

absl::Status StatementParser::ParseTimes(Statement& statement) {
  ASSIGN_OR_RETURN(statement.issued, TakeMoment("issued"));
  ASSIGN_OR_RETURN(statement.not_before, TakeMoment("not-before"));
  ASSIGN_OR_RETURN(statement.expires, TakeMoment("expires"));
  return absl::OkStatus();
}

absl::Status StatementParser::ParseMarkings(Statement& statement) {
  if (!lines_.NextIs("tlp")) {
    const absl::Status missing = lines_.Take("tlp").status();
    return WithRule(missing, "LABEL_REQUIRED");
  }
  ASSIGN_OR_RETURN(absl::string_view label, lines_.Take("tlp"));
  const std::optional<Tlp> tlp = ParseBareTlp(label);
  if (!tlp.has_value()) {
    return lines_.RefuseWith("INVALID_LABEL",
                             "not RED, AMBER+STRICT, AMBER, GREEN or CLEAR as statements write it");
  }
  statement.tlp = *tlp;
  ASSIGN_OR_RETURN(statement.priority, TakeWord("priority", ParsePriority));
  ASSIGN_OR_RETURN(statement.status, TakeWord("status", ParseBulletinStatus));
  return absl::OkStatus();
}

absl::Status StatementParser::ParseAudience(Statement& statement) {
  ASSIGN_OR_RETURN(absl::string_view value, lines_.Take("audience"));
  const std::vector<absl::string_view> tokens = absl::StrSplit(value, ' ');
  if (tokens.size() > kMaxAudienceTokens) {
    return lines_.Refuse(absl::StrCat("it names ", tokens.size(), " tokens, and at most ",
                                      kMaxAudienceTokens, " are allowed"));
  }
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0 && tokens[i] <= tokens[i - 1]) {
      return lines_.Refuse("tokens are not sorted bytewise, each once");
    }
    absl::StatusOr<AudienceToken> token = ParseAudienceToken(tokens[i]);
    if (!token.ok()) {
      const std::string rule = RuleOf(token.status());
      return lines_.RefuseWith(rule.empty() ? kKind.rule : absl::string_view(rule),
                               token.status().message());
    }
    if (token->NamesSomeone()) {
      return lines_.Refuse(absl::StrCat(Quoted(tokens[i]), " must be hidden, as h:<digest>"));
    }
    statement.audience.push_back(*std::move(token));
  }
  return absl::OkStatus();
}

absl::Status StatementParser::ParseReference(Statement& statement) {
  ASSIGN_OR_RETURN(std::vector<absl::string_view> fields, lines_.TakeFields("ref", 3));
  const std::optional<Relation> relation = ParseRelation(fields[0]);
  if (!relation.has_value()) return lines_.Refuse("no such relation");
  const std::optional<BulletinId> id = BulletinId::Parse(fields[1]);
  if (!id.has_value()) return lines_.Refuse("the id is not 32 lowercase hex digits");
  const std::optional<Digest> digest = ParseDigest(fields[2]);
  if (!digest.has_value()) return lines_.Refuse("the digest is not the base64 of 32 bytes");
  statement.references.push_back(Reference{*relation, *id, *digest});
  return absl::OkStatus();
}

// Whether a bulletin of class `c` may hold `relation`.
bool Fits(BulletinClass c, Relation relation) {
  switch (relation) {
    case Relation::kUnspecified:
      break;
    case Relation::kWithdraws:
      return c == BulletinClass::kControl;
    case Relation::kShares:
      return c == BulletinClass::kDirect;
    case Relation::kReplies:
      return c != BulletinClass::kControl;
    case Relation::kSupersedes:
    case Relation::kRelabels:
    case Relation::kExtends:
    case Relation::kPermits:
      return c == BulletinClass::kContent;
  }
  return false;
}

// Whether the last of `references` names a bulletin that one before it names too.
bool NamesTwice(const std::vector<Reference>& references) {
  const BulletinId& last = references.back().id;
  return std::any_of(references.begin(), references.end() - 1,
                     [&](const Reference& reference) { return reference.id == last; });
}

absl::Status StatementParser::ParseReferences(Statement& statement) {
  absl::string_view previous;
  while (lines_.NextIs("ref")) {
    if (statement.references.size() == kMaxReferences) {
      RETURN_IF_ERROR(lines_.Take("ref").status());
      return lines_.Refuse(absl::StrCat("at most ", kMaxReferences, " references are allowed"));
    }
    RETURN_IF_ERROR(ParseReference(statement));
    if (lines_.line() <= previous) {
      return lines_.Refuse("references are not sorted bytewise, each once");
    }
    previous = lines_.line();
    if (NamesTwice(statement.references)) {
      return lines_.Refuse("an earlier bulletin is referred to once, in one relation");
    }
    if (!Fits(statement.bulletin_class, statement.references.back().relation)) {
      return lines_.Refuse(absl::StrCat("class ", PrintBulletinClass(statement.bulletin_class),
                                        " cannot hold this relation"));
    }
  }
  const bool lone = statement.IsWithdrawal() || statement.Find(Relation::kShares) != nullptr;
  if (lone && statement.references.size() != 1) {
    return lines_.Refuse("a withdrawal and a share hold exactly one reference");
  }
  return absl::OkStatus();
}

absl::Status StatementParser::ParseSet(Statement& statement) {
  ASSIGN_OR_RETURN(SizedDigest directory, TakeSized("directory"));
  if (directory.bytes == 0) return lines_.Refuse("directory versions begin at 1");
  statement.directory_version = directory.bytes;
  statement.directory_digest = directory.digest;

  ASSIGN_OR_RETURN(SizedDigest set, TakeSized("recipients"));
  if (set.bytes > kMaxRecipients) {
    return lines_.Refuse(absl::StrCat("at most ", kMaxRecipients, " recipients are allowed"));
  }
  if (set.bytes == 0 && set.digest != DigestOfNothing()) {
    return lines_.Refuse("the root of no recipients is SHA-256 of nothing");
  }
  if (set.bytes > 0 && statement.IsWithdrawal()) {
    return lines_.Refuse("a withdrawal has no recipients of its own");
  }
  statement.recipients = set.bytes;
  statement.recipients_root = set.digest;
  return absl::OkStatus();
}

absl::Status StatementParser::ParseBytes(Statement& statement) {
  ASSIGN_OR_RETURN(statement.payload, TakeSized("payload"));
  if ((statement.payload.bytes == 0) != statement.IsWithdrawal()) {
    return lines_.Refuse("a withdrawal has no payload, and every other bulletin has one");
  }
  if (statement.payload.bytes == 0 && statement.payload.digest != DigestOfNothing()) {
    return lines_.Refuse("the digest of an empty payload is SHA-256 of nothing");
  }
  while (lines_.NextIs("object")) {
    ASSIGN_OR_RETURN(SizedDigest object, TakeSized("object"));
    if (statement.IsWithdrawal()) return lines_.Refuse("a withdrawal has no attachments");
    if (object.bytes == 0) return lines_.Refuse("an attachment is never empty");
    if (statement.objects.size() == kMaxObjects) {
      return lines_.Refuse(absl::StrCat("at most ", kMaxObjects, " attachments are allowed"));
    }
    statement.objects.push_back(object);
  }
  return absl::OkStatus();
}

absl::Status StatementParser::ParseKey(Statement& statement) {
  if (statement.IsWithdrawal()) return absl::OkStatus();
  if (statement.tlp != Tlp::kClear) {
    ASSIGN_OR_RETURN(absl::string_view text, lines_.Take("commit"));
    statement.commitment = ParseDigest(text);
    if (!statement.commitment.has_value()) {
      return lines_.Refuse("the commitment is not the base64 of 32 bytes");
    }
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(absl::string_view text, lines_.Take("key"));
  const std::optional<Bytes> key = Base64Decode(text, Base64Form::kPadded);
  if (!key.has_value() || key->size() != 16) {
    return lines_.Refuse("the file key is not the base64 of 16 bytes");
  }
  statement.clear_key.emplace();
  std::copy(key->begin(), key->end(), statement.clear_key->begin());
  return absl::OkStatus();
}

absl::StatusOr<Statement> StatementParser::Parse() {
  ASSIGN_OR_RETURN(Statement statement, ParseOrigins());
  ASSIGN_OR_RETURN(statement.bulletin_class, TakeWord("class", ParseBulletinClass));
  RETURN_IF_ERROR(ParseTimes(statement));
  RETURN_IF_ERROR(ParseMarkings(statement));
  RETURN_IF_ERROR(ParseAudience(statement));
  RETURN_IF_ERROR(ParseReferences(statement));
  RETURN_IF_ERROR(ParseSet(statement));
  RETURN_IF_ERROR(ParseBytes(statement));
  RETURN_IF_ERROR(ParseKey(statement));
  RETURN_IF_ERROR(lines_.Finish());
  return statement;
}

}  // namespace

absl::StatusOr<Statement> ParseStatement(absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  return StatementParser(lines).Parse();
}

}  // namespace shield
