#include "client/publish/redraft.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/decision.h"
#include "policy/parts.h"

namespace shield {
namespace {

absl::Status CheckContent(const InboxItem& item) {
  if (item.bulletin_class == BulletinClass::kContent) return absl::OkStatus();
  return WithHint(WithRule(absl::InvalidArgumentError(
                               absl::StrCat("`", item.id.has_value() ? item.id->ToHex() : "",
                                            "` is a ", PrintBulletinClass(item.bulletin_class))),
                           "NOT_CONTENT"),
                  "only content is relabelled, extended or permitted");
}

// What the author gave: without what sealing adds.
std::string MembersOf(const Content& content) {
  nlohmann::ordered_json members =
      nlohmann::ordered_json::parse(content.json, nullptr, /*allow_exceptions=*/false);
  for (const char* added : {"schema", "tlp", "attachments"}) members.erase(added);
  return members.dump();
}

absl::StatusOr<std::vector<DraftAttachment>> AttachmentsOf(const Content& content, Tlp tlp,
                                                           const std::vector<std::string>& paths) {
  std::vector<DraftAttachment> attachments;
  std::vector<Tlp> labels;
  for (size_t i = 0; i < content.attachments.size(); ++i) {
    const ContentAttachment& each = content.attachments[i];
    const Tlp label = each.tlp == content.tlp ? tlp : each.tlp;
    attachments.push_back({paths.at(i), each.name, each.media_type, label});
    labels.push_back(label);
  }
  const Decision decision = DecideParts(tlp, labels);
  if (!decision.allowed) return Annotate(RefusalOf(decision), "bulletin refused");
  return attachments;
}

}  // namespace

absl::StatusOr<Draft> RedraftOf(const OpenedBulletin& bulletin, const RedraftRequest& request,
                                const std::vector<std::string>& attachment_paths) {
  const InboxItem& item = bulletin.item;
  RETURN_IF_ERROR(CheckContent(item));
  Draft draft;
  draft.title = item.title;
  draft.kind = item.kind;
  draft.bulletin_class = item.bulletin_class;
  draft.tlp = request.tlp.value_or(item.tlp);
  draft.to = request.to;
  draft.priority = item.priority;
  draft.status = item.status;
  draft.not_before = item.not_before;
  draft.expires = item.expires;
  draft.refs = {{request.relation, *item.id}};
  draft.members_json = MembersOf(bulletin.content);
  ASSIGN_OR_RETURN(draft.attachments, AttachmentsOf(bulletin.content, draft.tlp, attachment_paths));
  return draft;
}

}  // namespace shield
