// Seals a planned bulletin: content, payload, slots, recipient set, signature
// (docs/spec/sealing.md). Every call draws a new file key; a bulletin that has to be sealed again
// shares no key with its first form.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/random.h"
#include "client/connection.h"
#include "client/content/content.h"
#include "client/publish/plan_bulletin.h"
#include "crypto/file_key.h"
#include "crypto/payload.h"
#include "crypto/signing_key.h"

namespace shield {

// What is uploaded, but for the attachments.
struct SealedBulletin {
  PublishOffer offer;
  Bytes slots;              // one after the other, ascending by recipient key
  Bytes seal_keys;          // those keys, 32 bytes each
  std::vector<OrgId> orgs;  // and the organisation of each reader
  Bytes payload;
  uint64_t recipients = 0;
};

// `members_json` as in Draft. CONTENT_MALFORMED and its kin from ComposeContent.
absl::StatusOr<SealedBulletin> SealBulletin(const PlannedBulletin& planned,
                                            absl::string_view members_json,
                                            const std::vector<ContentAttachment>& attachments,
                                            const VerifiedDirectory& directory,
                                            const SigningKey& key, Random& random);

// A share: slots of the original's file key and a commitment of its own, but no bytes.
absl::StatusOr<SealedBulletin> SealShare(const PlannedBulletin& planned, const FileKey& file_key,
                                         const PayloadNonce& nonce,
                                         const VerifiedDirectory& directory, const SigningKey& key,
                                         Random& random);

}  // namespace shield
