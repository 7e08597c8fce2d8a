#include "tests/broker/core/test_network.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "crypto/key_commitment.h"
#include "crypto/note.h"
#include "crypto/padding.h"
#include "crypto/payload.h"
#include "crypto/seal_slots.h"
#include "crypto/sha256.h"
#include "policy/audience.h"
#include "policy/fields.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/fresh.h"
#include "policy/proof/hidden_audience.h"
#include "policy/proof/recipient_set.h"
#include "policy/proof/verified_statement.h"

namespace shield::testing {
namespace {

template <typename T>
T Must(absl::StatusOr<T> value) {
  if (!value.ok()) std::fprintf(stderr, "test network: %s\n", value.status().ToString().c_str());
  SHIELD_CHECK(value.ok());
  return *std::move(value);
}

template <typename Value>
Value RandomBytes(Random& random) {
  Value value;
  random.Fill(value.bytes);
  return value;
}

// A public key is any point; nobody here has the secret.
X25519PublicKey NewSealKey(Random& random) {
  X25519PublicKey key = RandomBytes<X25519PublicKey>(random);
  key.bytes[31] &= 0x3f;
  return key;
}

absl::Time WholeSeconds(absl::Time time) {
  return absl::FromUnixSeconds(absl::ToUnixSeconds(time));
}

Origin TestOrigin() { return *Origin::Parse("test.example"); }

}  // namespace

MemberId Member(const std::string& id) { return *MemberId::Parse(id); }
OrgId Org(const std::string& id) { return *OrgId::Parse(id); }

TestNetwork::TestNetwork(Clock& clock, Random& random)
    : clock_(clock),
      random_(random),
      authority_key_(SigningKey::Generate(random)),
      fresh_key_(SigningKey::Generate(random)),
      broker_key_(SigningKey::Generate(random)),
      log_key_(SigningKey::Generate(random)),
      file_{TestOrigin(),
            "127.0.0.1:7443",
            RandomBytes<Digest>(random),
            {Must(authority_key_.Verifier("test.example/authority-1"))},
            1,
            RandomBytes<Digest>(random)},
      rotated_(file_) {}

void TestNetwork::Rotate() {
  const std::string before = rotated_.authority.front().name();
  const std::string after = absl::StrCat("test.example/authority-", rotated_.rotation + 2);
  SigningKey key = SigningKey::Generate(random_);
  NetworkFile next = rotated_;
  next.authority = {Must(key.Verifier(after))};
  const std::string note = SignNote(PrintAuthorityNote(rotated_, next), before, authority_key_);
  rotations_ = JoinAuthorityChain(rotations_, Must(AddSignature(note, after, key)));
  rotated_ = Must(FollowAuthority(file_, rotations_));
  authority_key_ = std::move(key);
}

SigningKey TestNetwork::Copy(const SigningKey& key) {
  return SigningKey::FromSeed(SigningSeed(key.Seed(SecretAccess::ForCrypto())));
}

OrgRecord& TestNetwork::AddOrg(const std::string& id, OrgKind kind, int vetting) {
  OrgRecord record{Org(id), kind, *CommunityId::Parse("shield-test")};
  record.vetting = vetting;
  record.state = AccountState::kActive;
  return orgs_.emplace(id, std::move(record)).first->second;
}

TestMember& TestNetwork::AddMember(const std::string& id, const std::string& org,
                                   std::vector<Role> roles, int vetting) {
  MemberRecord record{Member(id), Org(org), std::move(roles), vetting, AccountState::kActive};
  TestMember member{std::move(record), SigningKey::Generate(random_), NewSealKey(random_),
                    RandomBytes<Digest>(random_)};
  return members_.emplace(id, std::move(member)).first->second;
}

broker::Caller TestNetwork::CallerOf(const std::string& id) {
  const TestMember& found = member(id);
  return {found.pin, found.record.id, false};
}

std::vector<KeyRecord> TestNetwork::KeysOf(const TestMember& member) const {
  const MemberId& id = member.record.id;
  const std::string name = file_.network.KeyName(id.text());
  return {{id, KeyUse::kSeal, PrintAgeRecipient(member.seal)},
          {id, KeyUse::kSign, Must(member.sign.Verifier(name)).ToString(), member.sign_period},
          {id, KeyUse::kTls, PrintDigest(member.pin)}};
}

DirectoryRecords TestNetwork::Records() const {
  DirectoryRecords records;
  for (const auto& entry : orgs_) records.orgs.push_back(entry.second);
  for (const auto& entry : members_) {
    records.members.push_back(entry.second.record);
    for (KeyRecord& key : KeysOf(entry.second)) records.keys.push_back(std::move(key));
  }
  return records;
}

DirectoryUpload TestNetwork::Sign() {
  const Origin& network = file_.network;
  DirectoryNote note{network};
  note.version = directory_ == nullptr ? 1 : directory_->version() + 1;
  if (directory_ != nullptr) note.previous = directory_->digest();
  note.issued = WholeSeconds(clock_.Now());
  note.expires = note.issued + absl::Hours(24 * 7);
  note.broker_address = file_.broker_address;
  note.broker_pin = file_.broker_pin;
  note.broker_key = Must(broker_key_.Verifier(network.KeyName("broker"))).ToString();
  note.log_key = Must(log_key_.Verifier(network.KeyName("log"))).ToString();
  note.fresh_key = Must(fresh_key_.Verifier(network.KeyName("fresh"))).ToString();
  note.witnesses = witnesses_;
  note.quorum = quorum_;
  DirectoryText built = Must(BuildDirectoryText(std::move(note), Records()));
  DirectoryUpload upload;
  upload.note = SignNote(built.text, rotated_.authority.front().name(), authority_key_);
  upload.authority = rotations_;
  std::optional<HeldDirectory> held;
  if (directory_ != nullptr) held = directory_->held();
  directory_ = Must(VerifyDirectory(upload.note, built.orgs, rotated_, held));
  upload.fresh = SignFresh();
  for (OrgLines& org : built.orgs) {
    upload.lines.push_back(std::move(org.line));
    for (std::string& line : org.own_lines) upload.lines.push_back(std::move(line));
  }
  return upload;
}

std::string TestNetwork::SignFresh() {
  const absl::Time now = WholeSeconds(clock_.Now());
  return SignFreshNote({file_.network, directory_->held(), 0, now, now + absl::Hours(24)},
                       fresh_key_);
}

Reference RefersTo(Relation relation, const SealedBulletin& bulletin) {
  return {relation, bulletin.statement.id, Sha256(PrintStatement(bulletin.statement))};
}

Statement TestNetwork::StatementBy(const std::string& author, BulletinClass bulletin_class) {
  std::array<uint8_t, BulletinId::kSize> id{};
  random_.Fill(id);
  const TestMember& found = member(author);
  Statement statement{file_.network, BulletinId(id), found.record.id};
  statement.author_key = Must(found.sign.Verifier(file_.network.KeyName(author))).ToString();
  statement.bulletin_class = bulletin_class;
  statement.issued = WholeSeconds(clock_.Now());
  statement.directory_version = directory_->version();
  statement.directory_digest = directory_->digest();
  return statement;
}

SealedBulletin TestNetwork::Withdraw(const std::string& author, const SealedBulletin& target) {
  SealedBulletin bulletin{StatementBy(author, BulletinClass::kControl)};
  Statement& statement = bulletin.statement;
  statement.not_before = statement.issued;
  statement.expires = statement.issued + absl::Hours(24);
  statement.tlp = target.statement.tlp;
  statement.audience = target.statement.audience;
  statement.references = {RefersTo(Relation::kWithdraws, target)};
  statement.recipients_root = Sha256(ByteSpan());
  statement.payload = {0, Sha256(ByteSpan())};
  bulletin.note = SignAs(author, statement);
  return bulletin;
}

SealedBulletin TestNetwork::Seal(const TestDraft& draft) {
  const TestMember& author = member(draft.author);
  std::vector<AudienceToken> tokens;
  for (const std::string& word : draft.to) tokens.push_back(Must(ParseAudienceToken(word)));
  HiddenAudience hidden = HideAudience(tokens, random_);
  SealedBulletin bulletin{StatementBy(draft.author, draft.bulletin_class)};
  Statement& statement = bulletin.statement;
  statement.issued = WholeSeconds(clock_.Now() + draft.issued_from_now);
  statement.not_before = statement.issued + draft.not_before_from_issued;
  statement.expires = statement.issued + draft.life;
  statement.tlp = draft.tlp;
  statement.audience = hidden.tokens;
  statement.references = draft.references;
  for (const Opening& opening : hidden.openings) {
    bulletin.openings.push_back({ToBytes(opening.salt), PrintAudienceToken(opening.token)});
  }
  std::vector<X25519PublicKey> keys;
  const Terms terms = Must(TermsOf(directory_->directory(), statement, tokens));
  const auto recipients = ResolveRecipients(directory_->directory(), terms, statement.issued);
  // What policy refuses is sealed to the author alone, so that a test can send it all the same.
  if (recipients.ok()) {
    for (const Chosen& chosen : recipients->recipients) {
      keys.push_back(*directory_->SealKey(chosen.member, statement.issued));
    }
  } else {
    keys.push_back(author.seal);
  }
  SealTo(keys, draft, bulletin);
  bulletin.note = SignAs(draft.author, statement);
  return bulletin;
}

void TestNetwork::SealTo(const std::vector<X25519PublicKey>& keys, const TestDraft& draft,
                         SealedBulletin& bulletin) {
  Statement& statement = bulletin.statement;
  const FileKey file_key = NewFileKey(random_);
  const PayloadNonce nonce = NewPayloadNonce(random_);
  SealSlotsTo(keys, file_key, bulletin);
  bulletin.payload = SealPayload(file_key, nonce, AsBytes(PadContent(draft.content)));
  statement.payload = {bulletin.payload.size(), Sha256(bulletin.payload)};
  bulletin.objects = draft.objects;
  for (const Bytes& object : draft.objects) {
    statement.objects.push_back({object.size(), Sha256(object)});
  }
  if (statement.tlp == Tlp::kClear) {
    const auto raw = file_key.Reveal(SecretAccess::ForExport());
    statement.clear_key.emplace();
    std::copy(raw.begin(), raw.end(), statement.clear_key->begin());
  } else {
    statement.commitment = KeyCommitment(file_key, nonce, PrintContextBlock(statement));
  }
}

void TestNetwork::SealSlotsTo(std::vector<X25519PublicKey> keys, const FileKey& file_key,
                              SealedBulletin& bulletin) {
  std::sort(keys.begin(), keys.end());
  std::vector<Recipient> recipients;
  const std::vector<Slot> slots = Must(SealSlots(keys, file_key, 1));
  for (size_t i = 0; i < keys.size(); ++i) {
    recipients.push_back({keys[i], Sha256(slots[i])});
    Append(bulletin.slots, slots[i]);
  }
  bulletin.statement.recipients = keys.size();
  bulletin.statement.recipients_root = Must(RecipientSet::Create(std::move(recipients))).Root();
}

SealedBulletin TestNetwork::Share(const std::string& sharer, const SealedBulletin& original,
                                  const std::vector<std::string>& to) {
  SealedBulletin share{StatementBy(sharer, BulletinClass::kDirect)};
  Statement& statement = share.statement;
  const Statement& shared = original.statement;
  statement.not_before = statement.issued;
  statement.expires = shared.expires;
  statement.tlp = shared.tlp;
  statement.payload = shared.payload;
  statement.objects = shared.objects;
  statement.references = {RefersTo(Relation::kShares, original)};
  std::vector<AudienceToken> tokens;
  std::vector<X25519PublicKey> keys = {member(sharer).seal};
  for (const std::string& id : to) {
    tokens.push_back(AudienceToken::Member(Member(id)));
    if (id != sharer) keys.push_back(member(id).seal);
  }
  HiddenAudience hidden = HideAudience(tokens, random_);
  statement.audience = hidden.tokens;
  for (const Opening& opening : hidden.openings) {
    share.openings.push_back({ToBytes(opening.salt), PrintAudienceToken(opening.token)});
  }
  // The broker cannot tell whether it is the original's, but of a TLP:CLEAR one.
  const FileKey file_key =
      shared.clear_key.has_value() ? FileKeyFromPublic(*shared.clear_key) : NewFileKey(random_);
  SealSlotsTo(std::move(keys), file_key, share);
  statement.clear_key = shared.clear_key;
  if (!shared.clear_key.has_value()) {
    statement.commitment =
        KeyCommitment(file_key, NewPayloadNonce(random_), PrintContextBlock(statement));
  }
  share.note = SignAs(sharer, statement);
  return share;
}

std::string TestNetwork::SignAs(const std::string& author, const Statement& statement) {
  return SignNote(PrintStatement(statement), file_.network.KeyName(author), member(author).sign);
}

}  // namespace shield::testing
