#include "client/mock/memory_authority.h"

#include <utility>

#include "base/base64.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/age_recipient.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "crypto/tls_key.h"
#include "policy/directory_note.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/fresh.h"

namespace shield {
namespace {

constexpr absl::string_view kAuthorityKey = "authority-1";

VerifierKey VerifierOf(const SigningKey& key, const Origin& network, absl::string_view holder) {
  absl::StatusOr<VerifierKey> verifier = key.Verifier(network.KeyName(holder));
  SHIELD_CHECK(verifier.ok());  // the name is made of an origin and an id
  return *std::move(verifier);
}

}  // namespace

MemoryAuthority::MemoryAuthority(const Origin& network, Clock& clock, Random& random)
    : clock_(clock),
      authority_(SigningKey::Generate(random)),
      fresh_(SigningKey::Generate(random)),
      network_(std::make_unique<NetworkFile>(
          NetworkFile{network, "localhost:1", Sha256("broker"), {}, 1, Sha256("authority")})) {
  network_->authority.push_back(VerifierOf(authority_, network, kAuthorityKey));
  SigningKey broker_key = SigningKey::Generate(random);
  SigningKey log_key = SigningKey::Generate(random);
  broker_key_ = VerifierOf(broker_key, network, "broker").ToString();
  log_key_ = VerifierOf(log_key, network, "log").ToString();
  broker_ =
      std::make_unique<MemoryBroker>(*network_, std::move(broker_key), std::move(log_key), clock_);
}

absl::Status MemoryAuthority::AddMember(const MemberKeys& keys, const OrgId& org,
                                        std::vector<Role> roles) {
  ASSIGN_OR_RETURN(const Digest pin, SpkiDigest(keys.tls.certificate_pem));
  MemberRecord record{keys.member, org, std::move(roles)};
  record.vetting = kMaxVetting;
  record.state = AccountState::kActive;
  records_.members.push_back(std::move(record));
  const std::string seal = PrintAgeRecipient(keys.seal.front().Recipient());
  records_.keys.push_back({keys.member, KeyUse::kSeal, seal});
  records_.keys.push_back({keys.member, KeyUse::kSign, keys.Verifier().ToString()});
  records_.keys.push_back(
      {keys.member, KeyUse::kTls, Base64Encode(pin.span(), Base64Form::kPadded)});
  return absl::OkStatus();
}

DirectoryNote MemoryAuthority::NextNote() const {
  DirectoryNote note{network_->network, version_ + 1, previous_};
  note.issued = clock_.Now();
  note.expires = clock_.Now() + kMaxDirectoryLife;
  note.broker_address = network_->broker_address;
  note.broker_pin = network_->broker_pin;
  note.broker_key = broker_key_;
  note.log_key = log_key_;
  note.fresh_key = VerifierOf(fresh_, network_->network, "fresh").ToString();
  return note;
}

absl::Status MemoryAuthority::Publish() {
  ASSIGN_OR_RETURN(const DirectoryText text, BuildDirectoryText(NextNote(), records_));
  DirectoryUpload upload;
  upload.note = SignNote(text.text, network_->network.KeyName(kAuthorityKey), authority_);
  for (const OrgLines& org : text.orgs) {
    upload.lines.push_back(org.line);
    upload.lines.insert(upload.lines.end(), org.own_lines.begin(), org.own_lines.end());
  }
  FreshNote fresh{network_->network, {version_ + 1, Sha256(text.text)}};
  fresh.issued = clock_.Now();
  fresh.expires = clock_.Now() + kMaxFreshLife;
  upload.fresh = SignFreshNote(fresh, fresh_);
  RETURN_IF_ERROR(broker_->SetDirectory(upload).status());
  ++version_;
  previous_ = Sha256(text.text);
  return absl::OkStatus();
}

}  // namespace shield
