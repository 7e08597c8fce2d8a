#include "client/content/content.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/hex.h"
#include "base/status.h"
#include "client/content/content_words.h"
#include "client/content/strict_json.h"
#include "policy/statement.h"
#include "policy/vocabulary.h"

namespace shield {
namespace {

using nlohmann::ordered_json;

absl::Status Malformed(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("content refused: ", why)),
                  "CONTENT_MALFORMED");
}

absl::StatusOr<std::string> OptionalText(const ordered_json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return std::string();
  if (!found->is_string()) return Malformed(absl::StrCat("`", name, "` is not a text"));
  return found->get<std::string>();
}

absl::StatusOr<std::string> RequiredText(const ordered_json& object, const char* name) {
  ASSIGN_OR_RETURN(std::string text, OptionalText(object, name));
  if (text.empty()) return Malformed(absl::StrCat("`", name, "` is missing"));
  return text;
}

absl::StatusOr<Tlp> ReadLabel(const ordered_json& object) {
  ASSIGN_OR_RETURN(const std::string text, RequiredText(object, "tlp"));
  absl::string_view bare = text;
  if (absl::ConsumePrefix(&bare, "TLP:")) {
    if (const std::optional<Tlp> tlp = ParseBareTlp(bare)) return *tlp;
  }
  return Malformed(absl::StrCat("`", text, "` is no label"));
}

absl::StatusOr<std::vector<std::string>> ReadRestrictions(const ordered_json& document) {
  std::vector<std::string> restrictions;
  const auto found = document.find("restrictions");
  if (found == document.end()) return restrictions;
  const ordered_json list = found->is_string() ? ordered_json::array({*found}) : *found;
  if (!list.is_array()) return Malformed("`restrictions` is not a list of texts");
  for (const ordered_json& item : list) {
    if (!item.is_string()) return Malformed("`restrictions` is not a list of texts");
    restrictions.push_back(item.get<std::string>());
  }
  return restrictions;
}

absl::StatusOr<ContentAttachment> ReadAttachment(const ordered_json& item) {
  if (!item.is_object()) return Malformed("an attachment is not an object");
  ContentAttachment attachment;
  ASSIGN_OR_RETURN(attachment.name, RequiredText(item, "name"));
  ASSIGN_OR_RETURN(attachment.media_type, RequiredText(item, "media_type"));
  ASSIGN_OR_RETURN(attachment.tlp, ReadLabel(item));
  ASSIGN_OR_RETURN(attachment.identity, RequiredText(item, "identity"));
  const auto bytes = item.find("bytes");
  if (bytes == item.end() || !bytes->is_number_unsigned()) {
    return Malformed("`bytes` of an attachment is not a number");
  }
  attachment.bytes = bytes->get<uint64_t>();
  ASSIGN_OR_RETURN(const std::string hex, RequiredText(item, "sha256"));
  const std::optional<Bytes> raw = HexDecode(hex);
  const std::optional<Digest> digest = raw.has_value() ? Digest::FromBytes(*raw) : std::nullopt;
  if (!digest.has_value()) return Malformed("`sha256` of an attachment is not 64 hex digits");
  attachment.sha256 = *digest;
  return attachment;
}

absl::StatusOr<std::vector<ContentAttachment>> ReadAttachments(const ordered_json& document) {
  std::vector<ContentAttachment> attachments;
  const auto found = document.find("attachments");
  if (found == document.end()) return attachments;
  if (!found->is_array() || found->size() > kMaxObjects) {
    return Malformed(absl::StrCat("`attachments` is not a list of at most ", kMaxObjects));
  }
  for (const ordered_json& item : *found) {
    ASSIGN_OR_RETURN(ContentAttachment attachment, ReadAttachment(item));
    attachments.push_back(std::move(attachment));
  }
  return attachments;
}

absl::StatusOr<std::optional<absl::Time>> ReadMoment(const ordered_json& document,
                                                     const char* name) {
  if (!document.contains(name)) return std::nullopt;
  ASSIGN_OR_RETURN(const std::string text, RequiredText(document, name));
  absl::Time time;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) return std::make_optional(time);
  return Malformed(absl::StrCat("`", name, "` is not a moment in time"));
}

// Where the first `characters` code points of a UTF-8 text end; its size when it has no more.
size_t EndOfCharacters(absl::string_view text, size_t characters) {
  size_t seen = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool begins = (static_cast<uint8_t>(text[at]) & 0xc0) != 0x80;
    if (begins && seen++ == characters) return at;
  }
  return text.size();
}

// As much of it as a list, a line or a notification can bear.
std::string ShownTitle(std::string title) {
  const size_t end = EndOfCharacters(title, kMaxTitleCharacters);
  if (end == title.size()) return title;
  return absl::StrCat(absl::string_view(title).substr(0, end), "…");
}

absl::Status ReadKnownSchema(const ordered_json& document, Content& content) {
  ASSIGN_OR_RETURN(content.kind, RequiredText(document, "kind"));
  if (!ClassOfKind(content.kind).has_value()) {
    return Malformed(absl::StrCat("`", content.kind, "` is no kind of bulletin"));
  }
  ASSIGN_OR_RETURN(content.title, RequiredText(document, "title"));
  if (absl::StrContains(content.title, '\n')) return Malformed("`title` has more than one line");
  content.title = ShownTitle(std::move(content.title));
  ASSIGN_OR_RETURN(content.language, OptionalText(document, "language"));
  ASSIGN_OR_RETURN(content.summary, OptionalText(document, "summary"));
  ASSIGN_OR_RETURN(content.body, OptionalText(document, "body"));
  ASSIGN_OR_RETURN(content.restrictions, ReadRestrictions(document));
  ASSIGN_OR_RETURN(content.attachments, ReadAttachments(document));
  ASSIGN_OR_RETURN(content.acknowledge_by, ReadMoment(document, "acknowledge_by"));
  return absl::OkStatus();
}

// A schema of the future: what can be read as text is.
void ReadUnknownSchema(const ordered_json& document, Content& content) {
  content.known_schema = false;
  content.title = ShownTitle(OptionalText(document, "title").value_or(""));
  content.body = OptionalText(document, "body").value_or("");
}

ordered_json AttachmentJson(const ContentAttachment& attachment) {
  return {{"name", attachment.name},
          {"media_type", attachment.media_type},
          {"tlp", TlpWithPrefix(attachment.tlp)},
          {"bytes", attachment.bytes},
          {"sha256", HexEncode(attachment.sha256.span())},
          {"identity", attachment.identity}};
}

}  // namespace

absl::StatusOr<Content> ParseContent(absl::string_view plaintext) {
  absl::string_view json = plaintext;
  while (absl::ConsumeSuffix(&json, "\n")) {
  }
  if (json.size() > kMaxContentBytes) {
    return WithRule(Malformed(absl::StrCat("it has ", json.size(), " bytes, ", kMaxContentBytes,
                                           " are allowed")),
                    "LIMIT_EXCEEDED");
  }
  if (json.empty() || json.front() != '{' || json.back() != '}') {
    return Malformed("it is not a JSON object padded with line feeds");
  }
  const absl::StatusOr<ordered_json> document = ParseStrictJson(json, kMaxContentDepth);
  if (!document.ok()) return Malformed(document.status().message());

  Content content;
  content.json = std::string(json);
  ASSIGN_OR_RETURN(const std::string schema, RequiredText(*document, "schema"));
  ASSIGN_OR_RETURN(content.tlp, ReadLabel(*document));
  if (schema != kContentSchema) {
    ReadUnknownSchema(*document, content);
    return content;
  }
  RETURN_IF_ERROR(ReadKnownSchema(*document, content));
  return content;
}

absl::StatusOr<std::string> ComposeContent(absl::string_view members_json, Tlp tlp,
                                           const std::vector<ContentAttachment>& attachments) {
  const absl::StatusOr<ordered_json> members = ParseStrictJson(members_json, kMaxContentDepth);
  if (!members.ok()) return Malformed(members.status().message());
  ordered_json document = {{"schema", std::string(kContentSchema)}, {"tlp", TlpWithPrefix(tlp)}};
  for (const auto& [name, value] : members->items()) {
    if (!IsAuthorMember(name)) {
      return WithRule(absl::InvalidArgumentError(
                          absl::StrCat("content refused: `", name, "` is no member of a bulletin")),
                      "UNKNOWN_FIELD");
    }
    document[name] = value;
  }
  RETURN_IF_ERROR(CheckContentWords(document));
  if (!attachments.empty()) {
    ordered_json list = ordered_json::array();
    for (const ContentAttachment& attachment : attachments) {
      list.push_back(AttachmentJson(attachment));
    }
    document["attachments"] = std::move(list);
  }
  std::string json = document.dump(1);
  RETURN_IF_ERROR(ParseContent(json).status());
  const auto title = document.find("title");
  if (title != document.end() && title->is_string()) {
    RETURN_IF_ERROR(CheckTitle(title->get_ref<const std::string&>()));
  }
  return json;
}

absl::Status CheckTitle(absl::string_view title) {
  if (EndOfCharacters(title, kMaxTitleCharacters) == title.size()) return absl::OkStatus();
  return WithHint(WithRule(absl::InvalidArgumentError(absl::StrCat(
                               "the title has more than ", kMaxTitleCharacters, " characters")),
                           "TITLE_TOO_LONG"),
                  "say what it is about in the title, and the rest in `summary` or the body");
}

}  // namespace shield
