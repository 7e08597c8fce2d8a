#include "tests/client/support/sample_network.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/check.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "crypto/tls_key.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/fresh.h"

namespace shield::testing {
namespace {

Origin Network() { return *Origin::Parse("antwerp.example"); }

std::string Vkey(const SigningKey& key, absl::string_view holder) {
  return key.Verifier(Network().KeyName(holder))->ToString();
}

}  // namespace

SampleNetwork::SampleNetwork(Pins pins)
    : pins_(pins),
      authority_(SigningKey::Generate(random_)),
      fresh_(SigningKey::Generate(random_)),
      broker_key_(SigningKey::Generate(random_)),
      log_key_(SigningKey::Generate(random_)) {
  network_ = std::make_unique<NetworkFile>(
      NetworkFile{Network(), "127.0.0.1:7443", Sha256("pin"), {}, 1, Sha256("authority pin")});
  network_->authority.push_back(*authority_.Verifier(Network().KeyName("authority-1")));
  SigningSeed broker_seed = *SigningSeed::FromBytes(broker_key_.Seed(SecretAccess::ForCrypto()));
  SigningSeed log_seed = *SigningSeed::FromBytes(log_key_.Seed(SecretAccess::ForCrypto()));
  broker_ = std::make_unique<MemoryBroker>(*network_, SigningKey::FromSeed(broker_seed),
                                           SigningKey::FromSeed(log_seed), clock_);
  AddOrg("ocad", OrgKind::kAuthority, "public-sector");
  AddOrg("astrid", OrgKind::kMember, "hotels-restaurants");
  AddOrg("meir", OrgKind::kMember, "retail");
  AddMember("an-lise", "ocad", {Role::kAnalyst});
  AddMember("an-omar", "ocad", {Role::kAnalyst});
  AddMember("astrid-desk", "astrid", {Role::kReader});
  AddMember("astrid-guard", "astrid", {Role::kReader});
  AddMember("meir-guard", "meir", {Role::kReader});
  PublishDirectory();
}

void SampleNetwork::AddOrg(absl::string_view id, OrgKind kind, absl::string_view sector) {
  OrgRecord org{*OrgId::Parse(id), kind, *CommunityId::Parse("antwerp")};
  org.sectors = {std::string(sector)};
  org.regions = {"BE211"};
  org.vetting = kMaxVetting;
  org.state = AccountState::kActive;
  records_.orgs.push_back(std::move(org));
}

Home SampleNetwork::HomeOf(absl::string_view member) {
  Home home = *Home::Create(folder_ / member);
  if (keys_.contains(std::string(member))) return home;
  auto keys = std::make_unique<MemberKeys>(
      *MemberKeys::Generate(*MemberId::Parse(member), Network(), random_));
  SHIELD_CHECK(home.Join(PrintNetworkFile(*network_)).ok());
  SHIELD_CHECK(home.WriteKeys(*keys, std::nullopt, clock_.Now(), random_).ok());
  keys_[std::string(member)] = std::move(keys);
  return home;
}

const SigningKey& SampleNetwork::SignKeyOf(absl::string_view member) {
  return keys_.at(std::string(member))->sign;
}

void SampleNetwork::AddMember(absl::string_view member, absl::string_view org,
                              std::vector<Role> roles) {
  HomeOf(member);
  const MemberKeys& keys = *keys_.at(std::string(member));
  MemberRecord record{keys.member, *OrgId::Parse(org), std::move(roles)};
  record.vetting = kMaxVetting;
  record.state = AccountState::kActive;
  records_.members.push_back(std::move(record));
  const auto add = [&](KeyUse use, std::string value) {
    records_.keys.push_back({keys.member, use, std::move(value)});
  };
  add(KeyUse::kSeal, PrintAgeRecipient(keys.seal.front().Recipient()));
  add(KeyUse::kSign, keys.Verifier().ToString());
  const Digest pin = pins_ == Pins::kByName ? Sha256(absl::StrCat("certificate of ", member))
                                            : *SpkiDigest(keys.tls.certificate_pem);
  add(KeyUse::kTls, Base64Encode(pin.span(), Base64Form::kPadded));
}

MemberRecord& SampleNetwork::Member(absl::string_view id) {
  for (MemberRecord& member : records_.members) {
    if (member.id.text() == id) return member;
  }
  SHIELD_CHECK(false);
}

OrgRecord& SampleNetwork::Org(absl::string_view id) {
  for (OrgRecord& org : records_.orgs) {
    if (org.id.text() == id) return org;
  }
  SHIELD_CHECK(false);
}

DirectoryUpload SampleNetwork::NextUpload() {
  DirectoryNote note{Network(), version_ + 1, previous_};
  note.issued = clock_.Now();
  note.expires = clock_.Now() + kMaxDirectoryLife;
  note.broker_address = network_->broker_address;
  note.broker_pin = network_->broker_pin;
  note.broker_key = Vkey(broker_key_, "broker");
  note.log_key = Vkey(log_key_, "log");
  note.fresh_key = Vkey(fresh_, "fresh");
  note.witnesses = witnesses_;
  note.quorum = quorum_;
  const absl::StatusOr<DirectoryText> text = BuildDirectoryText(note, records_);
  SHIELD_CHECK(text.ok());
  DirectoryUpload upload;
  upload.note = SignNote(text->text, Network().KeyName("authority-1"), authority_);
  for (const OrgLines& org : text->orgs) {
    upload.lines.push_back(org.line);
    upload.lines.insert(upload.lines.end(), org.own_lines.begin(), org.own_lines.end());
  }
  FreshNote fresh{Network(), {version_ + 1, Sha256(text->text)}};
  fresh.issued = clock_.Now();
  fresh.expires = clock_.Now() + kMaxFreshLife;
  upload.fresh = SignFreshNote(fresh, fresh_);
  return upload;
}

void SampleNetwork::PublishDirectory() {
  const DirectoryUpload upload = NextUpload();
  const auto receipt = broker_->SetDirectory(upload);
  SHIELD_CHECK(receipt.ok());
  version_ = receipt->version;
  previous_ = Sha256(ParseNote(upload.note)->text);
}

void SampleNetwork::Refresh() {
  FreshNote fresh{Network(), {version_, previous_}};
  fresh.issued = clock_.Now();
  fresh.expires = clock_.Now() + kMaxFreshLife;
  SHIELD_CHECK(broker_->SetDirectory({"", SignFreshNote(fresh, fresh_), {}}).ok());
}

Client SampleNetwork::Open(absl::string_view member, LinkObserver on_link) {
  auto script = std::make_shared<ScriptedConnection>(broker_->Connect(*MemberId::Parse(member)));
  scripts_[std::string(member)] = script;
  ClientOptions options;
  options.on_link = std::move(on_link);
  absl::StatusOr<Client> client =
      Client::Open(HomeOf(member), std::nullopt, script, clock_, random_, options);
  SHIELD_CHECK(client.ok());
  return *std::move(client);
}

Draft SampleNetwork::DraftOf(absl::string_view text) {
  absl::StatusOr<Draft> draft = ParseDraft(text, folder());
  if (!draft.ok()) std::fprintf(stderr, "%s\n", draft.status().ToString().c_str());
  SHIELD_CHECK(draft.ok());
  return *std::move(draft);
}

Draft SampleNetwork::Green(absl::string_view title) {
  return DraftOf(absl::StrCat("+++\ntitle = \"", title,
                              "\"\nkind = \"notice\"\ntlp = \"TLP:GREEN\"\n+++\nBody.\n"));
}

}  // namespace shield::testing
