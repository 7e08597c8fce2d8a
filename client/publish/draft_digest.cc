#include "client/publish/draft_digest.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/publish/attachment_spool.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

// Every field with its length before it: no two drafts print alike.
void Add(Sha256Hasher& hasher, absl::string_view field) {
  hasher.Update(absl::StrCat(field.size(), ":"));
  hasher.Update(field);
}

void Add(Sha256Hasher& hasher, const std::optional<absl::Time>& time) {
  Add(hasher, time.has_value() ? absl::StrCat(absl::ToUnixMicros(*time)) : "");
}

absl::Status Add(Sha256Hasher& hasher, const DraftAttachment& attachment) {
  Sha256Hasher content;
  RETURN_IF_ERROR(ReadAttachment(attachment.path, [&content](ByteSpan bytes) {
    content.Update(bytes);
    return absl::OkStatus();
  }));
  Add(hasher, attachment.name);
  Add(hasher, attachment.media_type);
  Add(hasher, TlpWithPrefix(attachment.tlp));
  hasher.Update(content.Finish().span());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Digest> DraftDigest(const Draft& draft) {
  Sha256Hasher hasher;
  Add(hasher, "shield/draft/v1");
  Add(hasher, draft.members_json);
  Add(hasher, PrintBulletinClass(draft.bulletin_class));
  Add(hasher, TlpWithPrefix(draft.tlp));
  Add(hasher, PrintPriority(draft.priority));
  Add(hasher, PrintBulletinStatus(draft.status));
  Add(hasher, draft.not_before);
  Add(hasher, draft.expires);
  // How long, and not until when: the same draft a minute later is the same.
  Add(hasher, draft.acknowledge_within.has_value()
                  ? absl::StrCat(absl::ToInt64Seconds(*draft.acknowledge_within))
                  : "");
  Add(hasher, absl::StrCat(draft.to.size()));
  for (const AudienceToken& token : draft.to) Add(hasher, PrintAudienceToken(token));
  Add(hasher, absl::StrCat(draft.refs.size()));
  for (const DraftReference& reference : draft.refs) {
    Add(hasher, PrintRelation(reference.relation));
    hasher.Update(reference.id.span());
  }
  Add(hasher, absl::StrCat(draft.attachments.size()));
  for (const DraftAttachment& attachment : draft.attachments) {
    RETURN_IF_ERROR(Add(hasher, attachment));
  }
  return hasher.Finish();
}

}  // namespace shield
