// A network in memory for tests of the broker: an authority that signs directories, organisations
// and members with real keys, and authors who seal real bulletins. Nobody here can open anything:
// tests of the broker need no secret of a reader.
//
//   TestNetwork network(clock, random);
//   network.AddOrg("police", OrgKind::kAuthority);
//   network.AddMember("ann", "police", {Role::kAnalyst}, 3);
//   DirectoryUpload upload = network.Sign();
//   SealedBulletin bulletin = network.Seal({.author = "ann", .tlp = Tlp::kGreen, …});
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "broker/core/service.h"
#include "crypto/age_recipient.h"
#include "crypto/file_key.h"
#include "crypto/signing_key.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_directory.h"
#include "policy/records.h"
#include "policy/statement.h"

namespace shield::testing {

struct TestMember {
  MemberRecord record;
  SigningKey sign;
  X25519PublicKey seal;
  Digest pin;
  Period sign_period = {};
};

struct DirectoryUpload {
  std::string note;
  std::string fresh;
  std::vector<std::string> lines;
  std::string authority = {};             // the chain of rotations
  std::vector<std::string> between = {};  // notes of versions the broker has not held
};

struct TestDraft {
  std::string author;
  Tlp tlp = Tlp::kGreen;
  std::vector<std::string> to = {};  // tokens
  BulletinClass bulletin_class = BulletinClass::kContent;
  std::string content = "a body nobody reads";
  std::vector<Bytes> objects = {};  // as sealed
  absl::Duration issued_from_now = absl::ZeroDuration();
  absl::Duration not_before_from_issued = absl::ZeroDuration();
  absl::Duration life = absl::Hours(24);
  std::vector<Reference> references = {};
};

struct SealedBulletin {
  Statement statement;
  std::string note = {};
  std::vector<broker::AudienceOpening> openings = {};
  Bytes slots = {};
  Bytes payload = {};
  std::vector<Bytes> objects = {};
};

// What refers to a bulletin, in words of a statement.
Reference RefersTo(Relation relation, const SealedBulletin& bulletin);

class TestNetwork {
 public:
  TestNetwork(Clock& clock, Random& random);

  const NetworkFile& file() const { return file_; }
  SigningKey broker_key() const { return Copy(broker_key_); }
  SigningKey log_key() const { return Copy(log_key_); }
  Digest authority_pin() const { return file_.authority_tls_pin; }

  OrgRecord& AddOrg(const std::string& id, OrgKind kind, int vetting = 3);
  TestMember& AddMember(const std::string& id, const std::string& org, std::vector<Role> roles,
                        int vetting = 3);
  OrgRecord& org(const std::string& id) { return orgs_.at(id); }
  TestMember& member(const std::string& id) { return members_.at(id); }
  // What is signed from now on names it no more.
  void RemoveMember(const std::string& id) { members_.erase(id); }
  broker::Caller CallerOf(const std::string& id);

  // The authority exchanges its key for a new one; what is signed from now on brings that along.
  void Rotate();
  // The network as it is after that; file() is the one the broker was started with.
  const NetworkFile& rotated() const { return rotated_; }
  // Witness lines and quorum of what is signed from then on.
  void AskForWitnesses(std::vector<std::string> vkeys, uint64_t quorum) {
    witnesses_ = std::move(vkeys);
    quorum_ = quorum;
  }
  // Signs what was added and changed as the next version; from then on bulletins are sealed to it.
  DirectoryUpload Sign();
  // A freshness note for the version signed last.
  std::string SignFresh();
  const VerifiedDirectory& directory() const { return *directory_; }

  // A bulletin for exactly the recipients of policy, signed by its author.
  SealedBulletin Seal(const TestDraft& draft);
  // A withdrawal of `target` by `author`.
  SealedBulletin Withdraw(const std::string& author, const SealedBulletin& target);
  // A share of `original` by `sharer`, sealed to it and to `to`, whatever policy says.
  SealedBulletin Share(const std::string& sharer, const SealedBulletin& original,
                       const std::vector<std::string>& to);
  // The note of `statement` by its author, whatever it says.
  std::string SignAs(const std::string& author, const Statement& statement);

 private:
  static SigningKey Copy(const SigningKey& key);
  DirectoryRecords Records() const;
  std::vector<KeyRecord> KeysOf(const TestMember& member) const;
  Statement StatementBy(const std::string& author, BulletinClass bulletin_class);
  void SealTo(const std::vector<X25519PublicKey>& keys, const TestDraft& draft,
              SealedBulletin& bulletin);
  // Slots for `keys`, with count and root.
  void SealSlotsTo(std::vector<X25519PublicKey> keys, const FileKey& file_key,
                   SealedBulletin& bulletin);

  Clock& clock_;
  Random& random_;
  SigningKey authority_key_;
  SigningKey fresh_key_;
  SigningKey broker_key_;
  SigningKey log_key_;
  NetworkFile file_;
  NetworkFile rotated_;
  std::string rotations_;
  std::vector<std::string> witnesses_;
  uint64_t quorum_ = 0;
  std::map<std::string, OrgRecord> orgs_;
  std::map<std::string, TestMember> members_;
  std::shared_ptr<const VerifiedDirectory> directory_;
};

// A member of a network, by its word; aborts on anything that is no id.
MemberId Member(const std::string& id);
OrgId Org(const std::string& id);

}  // namespace shield::testing
