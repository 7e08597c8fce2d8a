// An authority's home in a temporary folder, and members who ask to be let in.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/check.h"
#include "client/authority/authority.h"
#include "client/home/member_keys.h"
#include "crypto/signing_key.h"
#include "policy/proof/enrolment.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {

inline const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

inline NetworkPlan SamplePlan() {
  NetworkPlan plan{.network = *Origin::Parse("antwerp.example"),
                   .broker_address = "broker.antwerp.example:4433"};
  plan.broker_pin.bytes.fill(7);
  return plan;
}

class SampleAuthority {
 public:
  explicit SampleAuthority(const NetworkPlan& plan = SamplePlan())
      : random_(7), broker_(SigningKey::Generate(random_)), log_(SigningKey::Generate(random_)) {
    SHIELD_CHECK(CreateNetwork(folder(), plan, std::nullopt, kNow, random_).ok());
    Reopen();
  }

  // As if another process took over.
  void Reopen() {
    authority_.reset();
    authority_ = std::make_unique<Authority>(*Authority::Open(folder()));
  }

  std::string folder() const { return folder_ / "authority"; }
  std::string FolderOf(absl::string_view officer) const { return folder_ / officer; }
  Authority* operator->() { return authority_.get(); }
  Random& random() { return random_; }

  // The content of the request.txt of new keys for `member`.
  std::string Request(absl::string_view member, const NetworkFile& network) {
    const MemberKeys keys =
        *MemberKeys::Generate(*MemberId::Parse(member), network.network, random_);
    return SignEnrolmentRequest(*RequestFor(keys, network), keys.sign);
  }
  std::string Request(absl::string_view member) { return Request(member, authority_->network()); }

  NewMember Member(absl::string_view id, absl::string_view org, Role role = Role::kReader) {
    return {.request = Request(id), .org = *OrgId::Parse(org), .roles = {role}, .vetting = 1};
  }

  // pol (authority) and hotel (member) with one member each, and the broker's keys.
  void Fill() {
    SHIELD_CHECK(authority_->AddOrg(Org("pol", OrgKind::kAuthority), kNow).ok());
    SHIELD_CHECK(authority_->AddOrg(Org("hotel", OrgKind::kMember), kNow).ok());
    SHIELD_CHECK(authority_->AddMember(Member("p1", "pol", Role::kAnalyst), kNow).ok());
    SHIELD_CHECK(authority_->AddMember(Member("h1", "hotel"), kNow).ok());
    SHIELD_CHECK(authority_->LearnBroker(BrokerKey(), LogKey()).ok());
  }

  static NewOrg Org(absl::string_view id, OrgKind kind) {
    return {.id = *OrgId::Parse(id),
            .kind = kind,
            .sectors = {"retail", "health"},
            .regions = {"BE211"},
            .vetting = 2};
  }

  std::string BrokerKey() const { return broker_.Verifier("antwerp.example/broker")->ToString(); }
  std::string LogKey() const { return log_.Verifier("antwerp.example/log")->ToString(); }

 private:
  TemporaryFolder folder_;
  SeededRandom random_;
  SigningKey broker_;
  SigningKey log_;
  std::unique_ptr<Authority> authority_;
};

}  // namespace shield::testing
