#include "client/draft/draft_reading.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/content/content.h"
#include "client/content/content_words.h"
#include "client/content/text_form.h"

namespace shield {
namespace {

using nlohmann::ordered_json;

absl::StatusOr<absl::Time> ParseMoment(const std::string& text) {
  absl::Time time;
  std::string why;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &why)) return time;
  return DraftFault(absl::StrCat("`", text, "` is not a moment in time"), "BAD_WINDOW",
                    "write date, time and offset, for example 2026-12-01T00:00:00Z");
}

absl::StatusOr<DraftReference> ParseReference(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 1));
  const std::optional<Relation> relation = ParseRelation(parts[0]);
  const std::optional<BulletinId> id =
      parts.size() == 2 ? BulletinId::Parse(parts[1]) : std::nullopt;
  if (relation.has_value() && id.has_value()) return DraftReference{*relation, *id};
  return DraftFault(absl::StrCat("`", text, "` is no reference"), "UNKNOWN_CODE",
                    "write <relation>:<bulletin id>, for example supersedes:0123…");
}

template <typename T>
absl::Status ReadWord(const std::optional<T>& parsed, const std::string& word,
                      absl::string_view member, absl::string_view choices, T& target) {
  if (!parsed.has_value()) {
    return DraftFault(absl::StrCat("`", member, "` cannot be `", word, "`"), "UNKNOWN_CODE",
                      absl::StrCat("use one of: ", choices));
  }
  target = *parsed;
  return absl::OkStatus();
}

absl::StatusOr<ordered_json> Normalised(ordered_json value) {
  if (value.is_string()) {
    ASSIGN_OR_RETURN(std::string text, NormaliseText(value.get<std::string>()));
    return ordered_json(std::move(text));
  }
  if (!value.is_structured()) return value;
  for (ordered_json& item : value) {
    ASSIGN_OR_RETURN(item, Normalised(std::move(item)));
  }
  return value;
}

}  // namespace

absl::Status DraftFault(absl::string_view sentence, absl::string_view rule,
                        absl::string_view hint) {
  return WithHint(WithRule(absl::InvalidArgumentError(sentence), rule), hint);
}

std::optional<ordered_json> DraftReading::Take(const char* member) {
  const auto found = front_.members.find(member);
  if (found == front_.members.end()) return std::nullopt;
  ordered_json value = *found;
  front_.members.erase(found);
  return value;
}

void DraftReading::TakeText(const char* member, const Use& use) {
  const std::optional<ordered_json> value = Take(member);
  if (!value.has_value()) return;
  const absl::Status status =
      value->is_string() ? use(value->get<std::string>())
                         : absl::InvalidArgumentError(absl::StrCat("`", member, "` is not a text"));
  if (!status.ok()) Refuse(LineOf(member), status);
}

void DraftReading::TakeList(const char* member, const Use& use) {
  const std::optional<ordered_json> value = Take(member);
  if (!value.has_value()) return;
  const ordered_json list = value->is_string() ? ordered_json::array({*value}) : *value;
  if (!list.is_array()) {
    Refuse(LineOf(member),
           absl::InvalidArgumentError(absl::StrCat("`", member, "` is not a list of texts")));
    return;
  }
  for (const ordered_json& item : list) {
    const absl::Status status = item.is_string()
                                    ? use(item.get<std::string>())
                                    : absl::InvalidArgumentError(absl::StrCat(
                                          "`", member, "` holds something other than texts"));
    if (!status.ok()) Refuse(LineOf(member), status);
  }
}

void DraftReading::ApplyFlags(const DraftFlags& flags) {
  Override("title", flags.title);
  Override("kind", flags.kind);
  Override("tlp", flags.tlp);
  Override("priority", flags.priority);
  Override("status", flags.status);
  Override("not_before", flags.not_before);
  Override("expires", flags.expires);
  Override("acknowledge_within", flags.acknowledge_within);
  if (!flags.to.has_value()) return;
  front_.members["to"] = *flags.to;
  front_.lines["to"] = 0;
}

void DraftReading::ReadLabel() {
  if (!front_.members.contains("tlp")) {
    Refuse(0, DraftFault("the draft has no label", "LABEL_REQUIRED",
                         "add tlp = \"TLP:…\" with RED, AMBER+STRICT, AMBER, GREEN or CLEAR"));
    return;
  }
  TakeText("tlp", [this](const std::string& text) -> absl::Status {
    ASSIGN_OR_RETURN(draft_.tlp, ParseTlp(text));
    return absl::OkStatus();
  });
}

void DraftReading::ReadTimes() {
  TakeText("not_before", [this](const std::string& text) -> absl::Status {
    ASSIGN_OR_RETURN(draft_.not_before, ParseMoment(text));
    return absl::OkStatus();
  });
  const int line = LineOf("expires");
  TakeText("expires", [this](const std::string& text) -> absl::Status {
    ASSIGN_OR_RETURN(draft_.expires, ParseMoment(text));
    return absl::OkStatus();
  });
  if (draft_.not_before.has_value() && draft_.expires.has_value() &&
      *draft_.not_before >= *draft_.expires) {
    Refuse(line, DraftFault("the bulletin expires before it opens", "BAD_WINDOW",
                            "let `expires` be later than `not_before`"));
  }
}

// A flag wins over a moment in the draft; two of the draft's own are one too many.
void DraftReading::ReadDeadline() {
  const int line = LineOf("acknowledge_within");
  TakeText("acknowledge_within", [this](const std::string& text) -> absl::Status {
    draft_.acknowledge_within = ParseAcknowledgeWithin(text);
    if (draft_.acknowledge_within.has_value()) return absl::OkStatus();
    return DraftFault(absl::StrCat("`", text, "` is no time to acknowledge in"), "BAD_WINDOW",
                      "give it as 30s, 30m, 2h or 1d, up to 90d");
  });
  if (!draft_.acknowledge_within.has_value() || !front_.members.contains("acknowledge_by")) return;
  if (line == 0) {
    front_.members.erase("acknowledge_by");
    return;
  }
  Refuse(line, DraftFault("the draft says twice when to acknowledge it", "BAD_WINDOW",
                          "give `acknowledge_within` or `acknowledge_by`"));
}

void DraftReading::ReadEnvelope(const DraftFlags& flags) {
  ReadLabel();
  TakeList("to", [this](const std::string& text) -> absl::Status {
    absl::StatusOr<AudienceToken> parsed = ParseAudienceToken(text);
    if (!parsed.ok() && RuleOf(parsed.status()).empty()) {
      return WithRule(parsed.status(), "UNKNOWN_CODE");
    }
    ASSIGN_OR_RETURN(AudienceToken token, std::move(parsed));
    if (token.kind == AudienceToken::Kind::kHidden) {
      return DraftFault(absl::StrCat("`", text, "` is a hidden token"), "UNKNOWN_CODE",
                        "name the organisation or member itself; it is hidden when it is sealed");
    }
    draft_.to.push_back(std::move(token));
    return absl::OkStatus();
  });
  TakeText("priority", [this](const std::string& word) {
    return ReadWord(ParsePriority(word), word, "priority", "routine, urgent, flash",
                    draft_.priority);
  });
  TakeText("status", [this](const std::string& word) {
    return ReadWord(ParseBulletinStatus(word), word, "status", "actual, exercise, test",
                    draft_.status);
  });
  ReadTimes();
  ReadDeadline();
  TakeList("refs", [this](const std::string& text) -> absl::Status {
    ASSIGN_OR_RETURN(DraftReference reference, ParseReference(text));
    draft_.refs.push_back(reference);
    return absl::OkStatus();
  });
  ReadAttachments(flags.attach);
}

void DraftReading::ReadMembers() {
  if (!front_.body.empty()) {
    if (front_.members.contains("body")) {
      Refuse(LineOf("body"), absl::InvalidArgumentError("the draft has two bodies"));
    }
    front_.members["body"] = front_.body;
    front_.lines["body"] = front_.body_line;
  }
  for (const auto& [name, value] : front_.members.items()) {
    if (IsAuthorMember(name)) continue;
    Refuse(LineOf(name),
           DraftFault(absl::StrCat("`", name, "` is no member of a bulletin"), "UNKNOWN_FIELD",
                      absl::StrCat("use one of: tlp, to, priority, status, not_before, "
                                   "expires, acknowledge_within, refs, attachments, ",
                                   absl::StrJoin(AuthorMembers(), ", "))));
  }
  const absl::StatusOr<ordered_json> members = Normalised(front_.members);
  if (!members.ok()) return Refuse(0, members.status());
  draft_.title = members->value("title", ordered_json("")).is_string()
                     ? members->value("title", std::string())
                     : std::string();
  draft_.kind = members->value("kind", ordered_json("")).is_string()
                    ? members->value("kind", std::string())
                    : std::string();
  draft_.bulletin_class = ClassOfKind(draft_.kind).value_or(BulletinClass::kUnspecified);
  if (draft_.title.empty()) {
    Refuse(LineOf("title"), absl::InvalidArgumentError("the draft has no title"));
  }
  const absl::Status title = CheckTitle(draft_.title);
  if (!title.ok()) Refuse(LineOf("title"), title);
  if (draft_.bulletin_class == BulletinClass::kUnspecified) {
    Refuse(LineOf("kind"),
           DraftFault(
               draft_.kind.empty() ? "the draft has no kind"
                                   : absl::StrCat("`", draft_.kind, "` is no kind of bulletin"),
               "UNKNOWN_CODE",
               absl::StrCat("use one of: ", absl::StrJoin(KindsOf(BulletinClass::kContent), ", "),
                            ", ", absl::StrJoin(KindsOf(BulletinClass::kReport), ", "), ", ",
                            absl::StrJoin(KindsOf(BulletinClass::kDirect), ", "))));
  }
  draft_.members_json = members->dump();
  if (!findings_.empty()) return;
  const absl::Status content = ComposeContent(draft_.members_json, draft_.tlp, {}).status();
  if (!content.ok()) Refuse(0, content);
}

}  // namespace shield
