#include "client/draft/draft.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/content/content.h"
#include "client/content/content_words.h"
#include "client/content/text_form.h"
#include "client/draft/front_matter.h"
#include "client/draft/media_type.h"
#include "policy/statement.h"

namespace shield {
namespace {

using nlohmann::ordered_json;

// Reads one draft into `draft`, noting what is wrong on the way.
class Reading {
 public:
  Reading(FrontMatter front_matter, std::string folder)
      : front_(std::move(front_matter)), folder_(std::move(folder)) {}

  void ApplyFlags(const DraftFlags& flags);
  void ReadEnvelope(const DraftFlags& flags);
  void ReadMembers();

  Draft&& draft() && { return std::move(draft_); }
  std::vector<LintFinding>& findings() { return findings_; }

 private:
  using Use = std::function<absl::Status(const std::string&)>;

  int LineOf(const std::string& member) const {
    const auto found = front_.lines.find(member);
    return found == front_.lines.end() ? 0 : found->second;
  }
  void Refuse(int line, const absl::Status& why) {
    findings_.push_back(
        {line, LintSeverity::kError, RuleOf(why), std::string(why.message()), HintOf(why)});
  }
  void Override(const char* member, const std::optional<std::string>& flag) {
    if (!flag.has_value()) return;
    front_.members[member] = *flag;
    front_.lines[member] = 0;
  }
  // Takes an envelope member out of the front matter.
  std::optional<ordered_json> Take(const char* member);
  // Hands a text member to `use`, if it is there.
  void TakeText(const char* member, const Use& use);
  void TakeList(const char* member, const Use& use);

  void ReadLabel();
  void ReadTimes();
  void ReadAttachments(const std::vector<std::string>& more);
  absl::Status AddAttachment(const ordered_json& item);
  absl::Status AddAttachmentFile(const std::string& path, const ordered_json& given);
  void CheckAttachmentLabels();

  FrontMatter front_;
  const std::string folder_;
  Draft draft_;
  std::vector<LintFinding> findings_;
  int attachments_line_ = 0;
};

absl::Status Wrong(absl::string_view sentence, absl::string_view rule, absl::string_view hint) {
  return WithHint(WithRule(absl::InvalidArgumentError(sentence), rule), hint);
}

absl::StatusOr<absl::Time> ParseMoment(const std::string& text) {
  absl::Time time;
  std::string why;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &why)) return time;
  return Wrong(absl::StrCat("`", text, "` is not a moment in time"), "BAD_WINDOW",
               "write date, time and offset, for example 2026-12-01T00:00:00Z");
}

absl::StatusOr<DraftReference> ParseReference(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 1));
  const std::optional<Relation> relation = ParseRelation(parts[0]);
  const std::optional<BulletinId> id =
      parts.size() == 2 ? BulletinId::Parse(parts[1]) : std::nullopt;
  if (relation.has_value() && id.has_value()) return DraftReference{*relation, *id};
  return Wrong(absl::StrCat("`", text, "` is no reference"), "UNKNOWN_CODE",
               "write <relation>:<bulletin id>, for example supersedes:0123…");
}

template <typename T>
absl::Status ReadWord(const std::optional<T>& parsed, const std::string& word,
                      absl::string_view member, absl::string_view choices, T& target) {
  if (!parsed.has_value()) {
    return Wrong(absl::StrCat("`", member, "` cannot be `", word, "`"), "UNKNOWN_CODE",
                 absl::StrCat("use one of: ", choices));
  }
  target = *parsed;
  return absl::OkStatus();
}

std::optional<ordered_json> Reading::Take(const char* member) {
  const auto found = front_.members.find(member);
  if (found == front_.members.end()) return std::nullopt;
  ordered_json value = *found;
  front_.members.erase(found);
  return value;
}

void Reading::TakeText(const char* member, const Use& use) {
  const std::optional<ordered_json> value = Take(member);
  if (!value.has_value()) return;
  const absl::Status status =
      value->is_string() ? use(value->get<std::string>())
                         : absl::InvalidArgumentError(absl::StrCat("`", member, "` is not a text"));
  if (!status.ok()) Refuse(LineOf(member), status);
}

void Reading::TakeList(const char* member, const Use& use) {
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

void Reading::ApplyFlags(const DraftFlags& flags) {
  Override("title", flags.title);
  Override("kind", flags.kind);
  Override("tlp", flags.tlp);
  Override("priority", flags.priority);
  Override("status", flags.status);
  Override("not_before", flags.not_before);
  Override("expires", flags.expires);
  if (!flags.to.has_value()) return;
  front_.members["to"] = *flags.to;
  front_.lines["to"] = 0;
}

void Reading::ReadLabel() {
  if (!front_.members.contains("tlp")) {
    Refuse(0, Wrong("the draft has no label", "LABEL_REQUIRED",
                    "add tlp = \"TLP:…\" with RED, AMBER+STRICT, AMBER, GREEN or CLEAR"));
    return;
  }
  TakeText("tlp", [this](const std::string& text) -> absl::Status {
    ASSIGN_OR_RETURN(draft_.tlp, ParseTlp(text));
    return absl::OkStatus();
  });
}

void Reading::ReadTimes() {
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
    Refuse(line, Wrong("the bulletin expires before it opens", "BAD_WINDOW",
                       "let `expires` be later than `not_before`"));
  }
}

void Reading::ReadEnvelope(const DraftFlags& flags) {
  ReadLabel();
  TakeList("to", [this](const std::string& text) -> absl::Status {
    ASSIGN_OR_RETURN(AudienceToken token, ParseAudienceToken(text));
    if (token.kind == AudienceToken::Kind::kHidden) {
      return Wrong(absl::StrCat("`", text, "` is a hidden token"), "UNKNOWN_CODE",
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
  TakeList("refs", [this](const std::string& text) -> absl::Status {
    ASSIGN_OR_RETURN(DraftReference reference, ParseReference(text));
    draft_.refs.push_back(reference);
    return absl::OkStatus();
  });
  ReadAttachments(flags.attach);
}

void Reading::ReadAttachments(const std::vector<std::string>& more) {
  attachments_line_ = LineOf("attachments");
  const std::optional<ordered_json> given = Take("attachments");
  ordered_json list = given.value_or(ordered_json::array());
  if (list.is_string()) list = ordered_json::array({list});
  if (!list.is_array()) {
    Refuse(attachments_line_, absl::InvalidArgumentError("`attachments` is not a list"));
    return;
  }
  for (const std::string& path : more) {
    // A path on the command line starts where the person is, not where the draft is.
    list.push_back(std::filesystem::absolute(path).string());
  }
  for (const ordered_json& item : list) {
    const absl::Status status = AddAttachment(item);
    if (!status.ok()) Refuse(attachments_line_, status);
  }
  if (draft_.attachments.size() > kMaxObjects) {
    Refuse(attachments_line_,
           Wrong(absl::StrCat("the draft has ", draft_.attachments.size(), " attachments, ",
                              kMaxObjects, " are allowed"),
                 "LIMIT_EXCEEDED", "send the rest with another bulletin, or as one archive"));
  }
  CheckAttachmentLabels();
}

absl::Status Reading::AddAttachment(const ordered_json& item) {
  if (item.is_string()) return AddAttachmentFile(item.get<std::string>(), ordered_json::object());
  if (item.is_object() && item.contains("path") && item["path"].is_string()) {
    return AddAttachmentFile(item["path"].get<std::string>(), item);
  }
  return absl::InvalidArgumentError("an attachment is neither a path nor a table with `path`");
}

absl::Status Reading::AddAttachmentFile(const std::string& path, const ordered_json& given) {
  DraftAttachment attachment;
  attachment.path = (std::filesystem::path(folder_) / path).string();
  std::error_code error;
  if (!std::filesystem::is_regular_file(attachment.path, error)) {
    return Wrong(absl::StrCat("the attachment `", path, "` is not a file that can be read"),
                 "ATTACHMENT_MISSING", "paths start at the folder of the draft");
  }
  const std::string file_name = std::filesystem::path(path).filename().string();
  ASSIGN_OR_RETURN(attachment.name, NormaliseText(given.value("name", file_name)));
  RETURN_IF_ERROR(CheckContentText(attachment.name));
  attachment.media_type = given.value("media_type", std::string(MediaTypeOf(file_name)));
  attachment.tlp = draft_.tlp;
  if (given.contains("tlp")) {
    ASSIGN_OR_RETURN(attachment.tlp, ParseTlp(given.value("tlp", std::string())));
  }
  draft_.attachments.push_back(std::move(attachment));
  return absl::OkStatus();
}

void Reading::CheckAttachmentLabels() {
  if (draft_.tlp == Tlp::kUnspecified) return;
  for (const DraftAttachment& attachment : draft_.attachments) {
    if (MostRestrictive(attachment.tlp, draft_.tlp) == draft_.tlp) continue;
    Refuse(attachments_line_,
           Wrong(absl::StrCat("the attachment `", attachment.name, "` is ",
                              TlpWithPrefix(attachment.tlp), ", stricter than the bulletin"),
                 "PART_STRICTER_THAN_WHOLE", "label the bulletin as strictly as its parts"));
  }
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

void Reading::ReadMembers() {
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
           Wrong(absl::StrCat("`", name, "` is no member of a bulletin"), "UNKNOWN_FIELD",
                 absl::StrCat("use one of: tlp, to, priority, status, not_before, "
                              "expires, refs, attachments, ",
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
  if (draft_.bulletin_class == BulletinClass::kUnspecified) {
    Refuse(LineOf("kind"),
           Wrong(draft_.kind.empty() ? "the draft has no kind"
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

}  // namespace

LintedDraft LintDraft(absl::string_view text, const std::string& folder, const DraftFlags& flags) {
  LintedDraft result;
  FrontMatter front_matter;
  FrontMatterFault fault;
  if (text.size() > kMaxDraftBytes) {
    fault = {0, absl::StrCat("the draft has more than ", kMaxDraftBytes, " bytes"),
             "send long texts as attachments"};
  }
  if (text.size() > kMaxDraftBytes || !SplitDraft(text, front_matter, fault)) {
    result.findings.push_back(
        {fault.line, LintSeverity::kError, "DRAFT_MALFORMED", fault.sentence, fault.hint});
    return result;
  }
  Reading reading(std::move(front_matter), folder);
  reading.ApplyFlags(flags);
  reading.ReadEnvelope(flags);
  reading.ReadMembers();
  result.findings = std::move(reading.findings());
  std::stable_sort(result.findings.begin(), result.findings.end(),
                   [](const LintFinding& a, const LintFinding& b) { return a.line < b.line; });
  const bool failed =
      std::any_of(result.findings.begin(), result.findings.end(),
                  [](const LintFinding& f) { return f.severity == LintSeverity::kError; });
  if (!failed) result.draft = std::move(reading).draft();
  return result;
}

absl::StatusOr<Draft> ParseDraft(absl::string_view text, const std::string& folder,
                                 const DraftFlags& flags) {
  LintedDraft linted = LintDraft(text, folder, flags);
  if (linted.draft.has_value()) return *std::move(linted.draft);
  for (const LintFinding& finding : linted.findings) {
    if (finding.severity != LintSeverity::kError) continue;
    const std::string place = finding.line > 0 ? absl::StrCat("line ", finding.line, ": ") : "";
    return Wrong(absl::StrCat("draft refused: ", place, finding.sentence), finding.rule,
                 finding.hint);
  }
  return absl::InternalError("a draft was refused without a finding");
}

}  // namespace shield
