// Well-formed texts for tests of policy: keys that look like keys, and one of each signed text.
// Nothing here is a real key; what binds texts to keys is tested in tests/policy/proof.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/base64.h"
#include "policy/fields.h"
#include "policy/records.h"
#include "policy/statement.h"

namespace shield::testing {

inline Digest SampleDigest(uint8_t fill) {
  Digest digest;
  digest.bytes.fill(fill);
  return digest;
}

// "<name>+<8 hex>+<base64>", another for each `number`.
inline std::string SampleVerifierKey(absl::string_view name, uint32_t number) {
  Bytes key = {0x01};
  AppendU32(key, number);
  key.resize(33, 0x5a);
  return absl::StrCat(name, "+0badc0de+", Base64Encode(key, Base64Form::kPadded));
}

// "age1…", another for each `number`.
inline std::string SampleRecipient(uint32_t number) {
  constexpr absl::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  std::string text = "age1";
  for (int i = 0; i < 58; ++i) {
    text.push_back(kBech32[number % 32]);
    if (i < 6) number /= 32;
  }
  return text;
}

inline std::string SamplePin(uint32_t number) {
  Digest pin = SampleDigest(0x70);
  for (size_t i = 0; i < 4; ++i) pin.bytes[i] = static_cast<uint8_t>(number >> (8 * i));
  return PrintDigest(pin);
}

inline Statement SampleStatement() {
  Statement statement{.network = *Origin::Parse("shield.antwerp.example"),
                      .id = *BulletinId::Parse("00112233445566778899aabbccddeeff"),
                      .author = *MemberId::Parse("p1")};
  statement.author_key = SampleVerifierKey("shield.antwerp.example/p1", 1);
  statement.bulletin_class = BulletinClass::kContent;
  statement.issued = absl::FromUnixSeconds(1'790'000'000);
  statement.not_before = statement.issued;
  statement.expires = statement.issued + absl::Hours(24);
  statement.tlp = Tlp::kAmberStrict;
  statement.audience = {AudienceToken::Hidden(SampleDigest(1)),
                        {AudienceToken::Kind::kRegion, "BE211"},
                        {AudienceToken::Kind::kSector, "hotels-restaurants"}};
  statement.references = {{Relation::kSupersedes,
                           *BulletinId::Parse("ff112233445566778899aabbccddeeff"),
                           SampleDigest(2)}};
  statement.directory_version = 7;
  statement.directory_digest = SampleDigest(3);
  statement.recipients = 40;
  statement.recipients_root = SampleDigest(4);
  statement.payload = {4144, SampleDigest(5)};
  statement.objects = {{1000, SampleDigest(6)}, {900, SampleDigest(7)}};
  statement.commitment = SampleDigest(8);
  return statement;
}

inline Statement SampleWithdrawal() {
  Statement statement = SampleStatement();
  statement.bulletin_class = BulletinClass::kControl;
  statement.references.front().relation = Relation::kWithdraws;
  statement.recipients = 0;
  statement.recipients_root = DigestOfNothing();
  statement.payload = {0, DigestOfNothing()};
  statement.objects.clear();
  statement.commitment.reset();
  return statement;
}

inline Statement SampleClearStatement() {
  Statement statement = SampleStatement();
  statement.tlp = Tlp::kClear;
  statement.audience = {AudienceToken::Public()};
  statement.commitment.reset();
  statement.clear_key.emplace();
  statement.clear_key->fill(0x42);
  return statement;
}

inline OrgRecord SampleOrg() {
  OrgRecord org{.id = *OrgId::Parse("hotel-astrid"),
                .kind = OrgKind::kMember,
                .community = *CommunityId::Parse("shield-antwerp")};
  org.sectors = {"hotels-restaurants", "major-events"};
  org.regions = {"BE211"};
  org.vetting = 2;
  org.state = AccountState::kActive;
  org.clients = {
      {*OrgId::Parse("linen-service"), {absl::FromUnixSeconds(1000), absl::FromUnixSeconds(2000)}}};
  org.own_lines = 4;
  org.own_lines_root = SampleDigest(9);
  return org;
}

inline MemberRecord SampleMember() {
  MemberRecord member{.id = *MemberId::Parse("astrid-desk"), .org = *OrgId::Parse("hotel-astrid")};
  member.roles = {Role::kDesk, Role::kReader};
  member.vetting = 1;
  member.state = AccountState::kActive;
  member.period = {absl::FromUnixSeconds(1'700'000'000), NoEnd()};
  return member;
}

}  // namespace shield::testing
