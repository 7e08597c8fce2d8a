#include "tests/policy/proof/sample_network.h"

#include <sodium.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/fields.h"
#include "policy/proof/verified_statement.h"

namespace shield::testing {
namespace {

template <typename Id>
Id Named(absl::string_view text) {
  const std::optional<Id> id = Id::Parse(text);
  SHIELD_CHECK(id.has_value());
  return *id;
}

X25519PublicKey PublicOf(const SecretBytes<32>& secret) {
  X25519PublicKey key;
  SHIELD_CHECK(crypto_scalarmult_base(key.bytes.data(),
                                      secret.Reveal(SecretAccess::ForCrypto()).data()) == 0);
  return key;
}

}  // namespace

SampleNetwork::SampleNetwork(size_t authority_keys, uint64_t threshold, uint64_t seed)
    : random_(seed),
      file_{Named<Origin>(kSampleOrigin), "127.0.0.1:8443", {}, {}, threshold, {}},
      draft_{Named<Origin>(kSampleOrigin)} {
  file_.broker_pin = RandomDigest();
  file_.authority_tls_pin = RandomDigest();
  for (size_t i = 1; i <= authority_keys; ++i) {
    const std::string holder = absl::StrCat("authority-", i);
    AddNetworkKey(holder);
    file_.authority.push_back(KeyOf(holder).Verifier(origin().KeyName(holder)).value());
  }
  for (const char* holder : {"broker", "log", "fresh"}) AddNetworkKey(holder);

  const auto verifier = [this](absl::string_view holder) {
    return KeyOf(holder).Verifier(origin().KeyName(holder)).value().ToString();
  };
  draft_.broker_address = file_.broker_address;
  draft_.broker_pin = file_.broker_pin;
  draft_.broker_key = verifier("broker");
  draft_.log_key = verifier("log");
  draft_.fresh_key = verifier("fresh");
}

Digest SampleNetwork::RandomDigest() {
  Digest digest;
  random_.Fill(digest.bytes);
  return digest;
}

void SampleNetwork::AddNetworkKey(const std::string& holder) {
  keys_.emplace(holder, SigningKey::Generate(random_));
}

const SigningKey& SampleNetwork::KeyOf(absl::string_view holder) const {
  return keys_.at(std::string(holder));
}

const SampleSeat& SampleNetwork::Seat(absl::string_view member) const {
  return seats_.at(std::string(member));
}

OrgRecord& SampleNetwork::AddOrg(absl::string_view id, OrgKind kind) {
  OrgRecord org{Named<OrgId>(id), kind, Named<CommunityId>("antwerp")};
  org.vetting = kMaxVetting;
  org.state = AccountState::kActive;
  records_.orgs.push_back(std::move(org));
  return records_.orgs.back();
}

MemberRecord& SampleNetwork::AddMember(absl::string_view id, absl::string_view org,
                                       std::vector<Role> roles) {
  MemberRecord member{Named<MemberId>(id), Named<OrgId>(org)};
  member.roles = std::move(roles);
  member.vetting = kMaxVetting;
  member.state = AccountState::kActive;

  SecretBytes<32> secret = SecretBytes<32>::FromRandom(random_);
  const X25519PublicKey seal = PublicOf(secret);
  SampleSeat seat{std::move(secret), seal, SigningKey::Generate(random_), RandomDigest()};
  const std::string verifier = seat.sign.Verifier(origin().KeyName(id)).value().ToString();
  records_.keys.push_back({member.id, KeyUse::kSeal, PrintAgeRecipient(seat.seal)});
  records_.keys.push_back({member.id, KeyUse::kSign, verifier});
  records_.keys.push_back({member.id, KeyUse::kTls, PrintDigest(seat.tls_pin)});
  seats_.emplace(std::string(id), std::move(seat));

  records_.members.push_back(std::move(member));
  return records_.members.back();
}

PublishedDirectory SampleNetwork::Publish(size_t signers) {
  ++draft_.version;
  draft_.issued = now_;
  draft_.expires = now_ + absl::Hours(24 * 7);
  absl::StatusOr<DirectoryText> built = BuildDirectoryText(draft_, records_);
  SHIELD_CHECK(built.ok());
  draft_.previous = Sha256(built->text);

  PublishedDirectory published;
  published.note = SignNote(built->text, origin().KeyName("authority-1"), KeyOf("authority-1"));
  for (size_t i = 2; i <= signers; ++i) {
    const std::string holder = absl::StrCat("authority-", i);
    published.note = AddSignature(published.note, origin().KeyName(holder), KeyOf(holder)).value();
  }
  published.orgs = std::move(built->orgs);
  published.directory =
      VerifyDirectory(published.note, published.orgs, file_, std::nullopt).value();
  return published;
}

Statement SampleNetwork::StatementBy(absl::string_view author, const VerifiedDirectory& directory) {
  std::array<uint8_t, BulletinId::kSize> id;
  random_.Fill(id);
  Statement statement{origin(), BulletinId(id), Named<MemberId>(author)};
  statement.author_key = Seat(author).sign.Verifier(origin().KeyName(author)).value().ToString();
  statement.bulletin_class = BulletinClass::kContent;
  statement.issued = now_;
  statement.not_before = now_;
  statement.expires = now_ + absl::Hours(24);
  statement.tlp = Tlp::kGreen;
  statement.audience = {AudienceToken::Community(Named<CommunityId>("antwerp"))};
  statement.directory_version = directory.version();
  statement.directory_digest = directory.digest();
  statement.recipients_root = EmptyRoot();
  statement.payload = {4144, RandomDigest()};
  statement.commitment = RandomDigest();
  return statement;
}

std::string SampleNetwork::Sign(const Statement& statement) const {
  return SignStatement(statement, Seat(statement.author.text()).sign).value();
}

}  // namespace shield::testing
