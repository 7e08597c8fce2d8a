// The attachments of a draft.
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/content/text_form.h"
#include "client/draft/draft_reading.h"
#include "client/draft/media_type.h"
#include "policy/statement.h"

namespace shield {
namespace {

using nlohmann::ordered_json;

// A label that is misspelt must not fall back to the bulletin's in silence: nothing but these, and
// each a text.
absl::Status CheckAttachmentTable(const ordered_json& table) {
  for (const auto& [name, value] : table.items()) {
    if (name != "path" && name != "name" && name != "media_type" && name != "tlp") {
      return DraftFault(absl::StrCat("`", name, "` is no member of an attachment"), "UNKNOWN_FIELD",
                        "use path, name, media_type and tlp");
    }
    if (!value.is_string()) {
      return absl::InvalidArgumentError(
          absl::StrCat("`", name, "` of an attachment is not a text"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

void DraftReading::ReadAttachments(const std::vector<std::string>& more) {
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
           DraftFault(absl::StrCat("the draft has ", draft_.attachments.size(), " attachments, ",
                                   kMaxObjects, " are allowed"),
                      "LIMIT_EXCEEDED", "send the rest with another bulletin, or as one archive"));
  }
  CheckAttachmentLabels();
}

absl::Status DraftReading::AddAttachment(const ordered_json& item) {
  if (item.is_string()) return AddAttachmentFile(item.get<std::string>(), ordered_json::object());
  if (item.is_object() && item.contains("path")) {
    RETURN_IF_ERROR(CheckAttachmentTable(item));
    return AddAttachmentFile(item["path"].get<std::string>(), item);
  }
  return absl::InvalidArgumentError("an attachment is neither a path nor a table with `path`");
}

absl::Status DraftReading::AddAttachmentFile(const std::string& path, const ordered_json& given) {
  DraftAttachment attachment;
  attachment.path = (std::filesystem::path(folder_) / path).string();
  std::error_code error;
  if (!std::filesystem::is_regular_file(attachment.path, error)) {
    return DraftFault(absl::StrCat("the attachment `", path, "` is not a file that can be read"),
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

void DraftReading::CheckAttachmentLabels() {
  if (draft_.tlp == Tlp::kUnspecified) return;
  for (const DraftAttachment& attachment : draft_.attachments) {
    if (MostRestrictive(attachment.tlp, draft_.tlp) == draft_.tlp) continue;
    Refuse(attachments_line_,
           DraftFault(absl::StrCat("the attachment `", attachment.name, "` is ",
                                   TlpWithPrefix(attachment.tlp), ", stricter than the bulletin"),
                      "PART_STRICTER_THAN_WHOLE", "label the bulletin as strictly as its parts"));
  }
}

}  // namespace shield
