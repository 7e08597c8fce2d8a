// A network with real keys: an authority that signs, a broker's keys, organisations and members.
//
//   SampleNetwork network;
//   network.AddOrg("police", OrgKind::kAuthority);
//   network.AddMember("jan", "police", {Role::kAnalyst});
//   PublishedDirectory published = network.Publish();
//   std::string note = network.Sign(network.StatementBy("jan", *published.directory));
//
// The same seed gives the same network, TLS pins included, which stand for keys that nobody has.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "crypto/secret_bytes.h"
#include "crypto/signing_key.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_directory.h"
#include "policy/records.h"
#include "policy/statement.h"
#include "tests/support/seeded_random.h"

namespace shield::testing {

inline constexpr absl::string_view kSampleOrigin = "shield.antwerp.example";

// What a member holds.
struct SampleSeat {
  SecretBytes<32> seal_secret;  // of its X25519 key
  X25519PublicKey seal;
  SigningKey sign;
  Digest tls_pin;
};

struct PublishedDirectory {
  std::string note;
  std::vector<OrgLines> orgs;
  std::shared_ptr<const VerifiedDirectory> directory;
};

// Thread-compatible.
class SampleNetwork {
 public:
  explicit SampleNetwork(size_t authority_keys = 1, uint64_t threshold = 1, uint64_t seed = 1);

  const NetworkFile& file() const { return file_; }
  const Origin& origin() const { return file_.network; }
  absl::Time now() const { return now_; }
  void Advance(absl::Duration duration) { now_ += duration; }

  // Keys of the network itself: "authority-1", "broker", "log", "fresh".
  const SigningKey& KeyOf(absl::string_view holder) const;
  const SampleSeat& Seat(absl::string_view member) const;

  // Records that the next Publish() signs; the references last until the next Add.
  OrgRecord& AddOrg(absl::string_view id, OrgKind kind);
  MemberRecord& AddMember(absl::string_view id, absl::string_view org, std::vector<Role> roles);
  DirectoryRecords& records() { return records_; }
  DirectoryNote& draft() { return draft_; }

  // Signs the records as the next version, with the authority's first `signers` keys.
  PublishedDirectory Publish(size_t signers);
  PublishedDirectory Publish() { return Publish(file_.threshold); }

  // A statement that its author could sign now, to no recipient, GREEN for the community.
  Statement StatementBy(absl::string_view author, const VerifiedDirectory& directory);
  std::string Sign(const Statement& statement) const;

 private:
  Digest RandomDigest();
  void AddNetworkKey(const std::string& holder);

  SeededRandom random_;
  std::map<std::string, SigningKey> keys_;
  std::map<std::string, SampleSeat> seats_;
  NetworkFile file_;
  absl::Time now_ = absl::FromUnixSeconds(1'790'000'000);
  DirectoryNote draft_;
  DirectoryRecords records_;
};

}  // namespace shield::testing
