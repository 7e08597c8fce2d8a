#include "policy/proof/directory_keys.h"

#include <array>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/age_recipient.h"
#include "crypto/verifier_key.h"
#include "policy/proof/network_file.h"

namespace shield {
namespace {

absl::Status Refused(const MemberId& member, absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(
                      absl::StrCat("directory refused: member `", member.text(), "`: ", why)),
                  "DIRECTORY_MALFORMED");
}

}  // namespace

absl::Status CheckDirectoryKeys(const Directory& directory) {
  for (const MemberRecord& member : directory.members()) {
    if (IsReservedMemberId(member.id.text())) {
      return Refused(member.id, "this id is kept for keys of the network");
    }
  }
  absl::flat_hash_set<Ed25519PublicKey> sign_keys;
  for (const KeyRecord& record : directory.keys()) {
    if (record.use == KeyUse::kSeal) {
      const absl::Status key = ParseAgeRecipient(record.value).status();
      if (!key.ok()) return Refused(record.member, key.message());
    } else if (record.use == KeyUse::kSign) {
      const absl::StatusOr<VerifierKey> key = VerifierKey::Parse(record.value);
      if (!key.ok()) return Refused(record.member, key.status().message());
      if (!sign_keys.insert(key->public_key()).second) {
        return Refused(record.member, "its sign key is enrolled for another member too");
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace shield
