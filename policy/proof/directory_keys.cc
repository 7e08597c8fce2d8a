#include "policy/proof/directory_keys.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/age_recipient.h"
#include "crypto/verifier_key.h"
#include "policy/fields.h"
#include "policy/proof/network_file.h"

namespace shield {
namespace {

using SignKeys = absl::flat_hash_set<Ed25519PublicKey>;

absl::Status Refused(absl::string_view what, absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("directory refused: ", what, ": ", why)),
                  "DIRECTORY_MALFORMED");
}

absl::Status Refused(const MemberId& member, absl::string_view why) {
  return Refused(absl::StrCat("member `", member.text(), "`"), why);
}

absl::Status CheckIds(const Directory& directory) {
  for (const MemberRecord& member : directory.members()) {
    if (IsReservedMemberId(member.id.text())) {
      return Refused(member.id, "this id is kept for keys of the network");
    }
  }
  return absl::OkStatus();
}

// `taken` are the sign keys so far, those of the note included.
absl::Status CheckKey(const KeyRecord& record, absl::string_view broker_pin, SignKeys& taken,
                      SealKeyTable& seal_keys) {
  if (record.use == KeyUse::kTls && record.value == broker_pin) {
    return Refused(record.member, "its TLS key is the broker's");
  }
  if (record.use == KeyUse::kSeal) {
    const absl::StatusOr<X25519PublicKey> key = ParseAgeRecipient(record.value);
    if (!key.ok()) return Refused(record.member, key.status().message());
    seal_keys.emplace(&record, *key);
  }
  if (record.use == KeyUse::kSign) {
    const absl::StatusOr<VerifierKey> key = VerifierKey::Parse(record.value);
    if (!key.ok()) return Refused(record.member, key.status().message());
    if (!taken.insert(key->public_key()).second) {
      return Refused(record.member, "its sign key is another member's or the network's too");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<VerifierKey>> KeysOfNote(const DirectoryNote& note) {
  std::vector<std::string> texts = {note.broker_key, note.log_key, note.fresh_key};
  texts.insert(texts.end(), note.witnesses.begin(), note.witnesses.end());
  std::vector<VerifierKey> keys;
  SignKeys taken;
  for (const std::string& text : texts) {
    absl::StatusOr<VerifierKey> key = VerifierKey::Parse(text);
    if (!key.ok()) return Refused("a key of the network", key.status().message());
    if (!taken.insert(key->public_key()).second) {
      return Refused(absl::StrCat("`", key->name(), "`"), "another key of the network is the same");
    }
    keys.push_back(*std::move(key));
  }
  return keys;
}

absl::StatusOr<SealKeyTable> CheckDirectoryKeys(const Directory& directory) {
  RETURN_IF_ERROR(CheckIds(directory));
  ASSIGN_OR_RETURN(const std::vector<VerifierKey> keys, KeysOfNote(directory.note()));
  SignKeys taken;
  for (const VerifierKey& key : keys) taken.insert(key.public_key());
  const std::string broker_pin = PrintDigest(directory.note().broker_pin);
  SealKeyTable seal_keys;
  for (const KeyRecord& record : directory.keys()) {
    RETURN_IF_ERROR(CheckKey(record, broker_pin, taken, seal_keys));
  }
  return seal_keys;
}

}  // namespace shield
