// Who may call what of a real shieldd over TLS: every seat and standing, for what is their own and
// what is not. One table, written by the rules of docs/spec/tlp.md and wire.md; the same at the
// core of the broker is in tests/broker/core/access_matrix_test.cc.
//
// An answer is "yes", the rule of the refusal, or "unknown": the very code and words of what does
// not exist. Whom the door lets in no more hears UNAUTHENTICATED of everything.
#include <gmock/gmock.h>

#include <array>
#include <map>

#include "absl/strings/str_cat.h"
#include "policy/audience.h"
#include "policy/proof/verified_statement.h"
#include "tests/e2e/contract/contract_fixture.h"

namespace shield::testing {
namespace {

// The bulletins are ann's, TLP:AMBER+STRICT to org:astrid and TLP:RED to astrid-reader.
constexpr const char* kColumns[] = {"directory",   "content",   "report",     "direct",
                                    "withdraw",    "replace",   "subscribe",  "ack",
                                    "fetch",       "status",    "log",        "withdraw-red",
                                    "replace-red", "fetch-red", "status-red", "retention"};

constexpr const char* kCallers[] = {"ann",     "bob",    "digest",        "auditor",
                                    "carl",    "desk",   "astrid-reader", "meir-reader",
                                    "cleaner", "paused", "gone",          "nobody"};

constexpr char kMatrix[] = R"(
ann
  NOT_AN_AUDITOR: retention
  yes: directory content report direct withdraw replace subscribe ack fetch status log withdraw-red replace-red fetch-red status-red
bob
  NOT_AN_AUDITOR: retention
  NOT_SOURCE: replace-red
  unknown: fetch-red status-red
  yes: directory content report direct withdraw replace subscribe ack fetch status log withdraw-red
digest
  NOT_AN_AUDITOR: retention
  NOT_SOURCE: withdraw replace
  PUBLISHER_NOT_AUTHORISED: report direct
  unknown: status withdraw-red replace-red fetch-red status-red
  yes: directory content subscribe ack fetch log
auditor
  PUBLISHER_NOT_AUTHORISED: content report direct
  unknown: withdraw replace fetch status withdraw-red replace-red fetch-red status-red
  yes: directory subscribe ack log retention
carl
  NOT_AN_AUDITOR: retention
  unknown: withdraw replace fetch status withdraw-red replace-red fetch-red status-red
  yes: directory content report direct subscribe ack log
desk
  NOT_AN_AUDITOR: retention
  NOT_SOURCE: withdraw replace
  PUBLISHER_NOT_AUTHORISED: content
  unknown: status withdraw-red replace-red fetch-red status-red
  yes: directory report direct subscribe ack fetch log
astrid-reader
  NOT_AN_AUDITOR: retention
  NOT_SOURCE: withdraw replace withdraw-red replace-red
  PUBLISHER_NOT_AUTHORISED: content
  unknown: status status-red
  yes: directory report direct subscribe ack fetch log fetch-red
meir-reader
  NOT_AN_AUDITOR: retention
  PUBLISHER_NOT_AUTHORISED: content
  unknown: withdraw replace fetch status withdraw-red replace-red fetch-red status-red
  yes: directory report direct subscribe ack log
cleaner
  NOT_AN_AUDITOR: retention
  PUBLISHER_NOT_AUTHORISED: content report direct
  unknown: withdraw replace fetch status withdraw-red replace-red fetch-red status-red
  yes: directory subscribe ack log
paused
  NOT_SOURCE: withdraw replace
  PUBLISHER_NOT_AUTHORISED: content
  SUSPENDED: direct subscribe ack fetch status fetch-red status-red retention
  unknown: withdraw-red replace-red
  yes: directory report log
gone
  UNAUTHENTICATED: directory content report direct withdraw replace subscribe ack fetch status log withdraw-red replace-red fetch-red status-red retention
nobody
  UNAUTHENTICATED: directory content report direct withdraw replace subscribe ack fetch status log withdraw-red replace-red fetch-red status-red retention
)";

class WireAccessMatrix : public ConnectionContract {
 protected:
  void SetUp() override {
    network_->AddMember("digest", "police", Role::kDigest);
    network_->AddMember("auditor", "police", Role::kAuditor);
    network_->AddOrg("customs", OrgKind::kAuthority);
    network_->AddMember("carl", "customs", Role::kAnalyst);
    network_->AddMember("desk", "astrid", Role::kDesk);
    network_->AddMember("paused", "astrid", Role::kReader);
    network_->AddMember("gone", "astrid", Role::kReader);
    network_->AddOrg("cleaners", OrgKind::kClient);
    network_->AddMember("cleaner", "cleaners", Role::kReader);
    network_->KeysOf("nobody");
    network_->PublishDirectory();
    // Before they lose their standing they receive what the table is about.
    before_strict_ = MustPublish({"org:astrid"});
    before_red_ = MustPublishRed();
    Authority& authority = network_->authority();
    ASSERT_TRUE(authority.Suspend(*MemberId::Parse("paused"), "leave", network_->Now()).ok());
    ASSERT_TRUE(authority.Revoke(*MemberId::Parse("gone"), "left", network_->Now()).ok());
    network_->PublishDirectory();
    unknown_ = Seal({"org:astrid"});
  }

  // By `who`, whether policy lets it or not; to whom it would go then does not matter.
  Envelope SealAs(const std::string& who, BulletinClass bulletin_class, Tlp tlp,
                  const std::vector<std::string>& to, std::vector<Reference> references = {}) {
    return Composed(who, bulletin_class, tlp, to, std::move(references));
  }
  Envelope MustPublishRed() {
    Envelope red = SealAs("ann", BulletinClass::kContent, Tlp::kRed, {"member:astrid-reader"});
    EXPECT_TRUE(Send(red).ok());
    return red;
  }

  absl::Status AskAbout(const std::string& what, const std::string& who, const Envelope& about,
                        bool red) {
    if (what == "fetch") return RefusalOfFetch(who, {about.id});
    if (what == "status") return As(who).GetStatus(about.id, kCall).status();
    if (what == "withdraw") return Send(Withdrawal(about, who), who).status();
    return Send(SealAs(who, BulletinClass::kContent, red ? Tlp::kRed : Tlp::kAmberStrict,
                       {red ? "member:astrid-reader" : "org:astrid"},
                       {Referred(Relation::kSupersedes, about)}),
                who)
        .status();
  }

  absl::Status Ask(const std::string& what, const std::string& who) {
    if (what == "directory") return As(who).GetDirectory(0, kCall).status();
    if (what == "retention") {
      return As(who).GetRetention({network_->Now() + absl::Hours(1), {}}, kCall).status();
    }
    if (what == "log") return As(who).GetCheckpoint(0, kCall).status();
    if (what == "subscribe") return CatchUp(who, {}).status();
    if (what == "ack") {
      return As(who).Acknowledge(0, InboxGenesis(*MemberId::Parse(who)), kCall).status();
    }
    if (what == "content") {
      return Send(SealAs(who, BulletinClass::kContent, Tlp::kAmberStrict, {"org:astrid"}), who)
          .status();
    }
    if (what == "report") {
      return Send(SealAs(who, BulletinClass::kReport, Tlp::kAmberStrict, {"org:police"}), who)
          .status();
    }
    if (what == "direct") {
      return Send(SealAs(who, BulletinClass::kDirect, Tlp::kAmberStrict, {"member:bob"}), who)
          .status();
    }
    const bool red = what.ends_with("-red");
    const std::string deed = red ? what.substr(0, what.size() - 4) : what;
    const bool ends = deed == "withdraw" || deed == "replace";
    if (!ends) return AskAbout(deed, who, red ? before_red_ : before_strict_, red);
    // Who is suspended holds those from before alone; what was ended is not ended twice.
    if (who == "paused") return AskAbout(deed, who, red ? before_red_ : before_strict_, red);
    return AskAbout(deed, who, red ? MustPublishRed() : MustPublish({"org:astrid"}), red);
  }

  std::string Cell(const absl::Status& status) {
    if (status.ok()) return "yes";
    if (absl::IsUnauthenticated(status) && RuleOf(status) != "SUSPENDED") return "UNAUTHENTICATED";
    if (absl::IsNotFound(status) && RuleOf(status).empty()) return "unknown";
    return RuleOf(status).empty() ? std::string(absl::StatusCodeToString(status.code()))
                                  : RuleOf(status);
  }

  Envelope before_strict_ = {BulletinId(std::array<uint8_t, 16>{}), {}, {}};
  Envelope before_red_ = before_strict_;
  Envelope unknown_ = before_strict_;
};

INSTANTIATE_TEST_SUITE_P(Brokers, WireAccessMatrix, ::testing::Values(ContractBroker::kShieldd),
                         NameOf);

TEST_P(WireAccessMatrix, IsWhatTheTableSays) {
  std::string table = "\n";
  for (const char* who : kCallers) {
    std::map<std::string, std::string> by_answer;
    for (const char* what : kColumns) {
      absl::StrAppend(&by_answer[Cell(Ask(what, who))], " ", what);
    }
    absl::StrAppend(&table, who, "\n");
    for (const auto& [answer, what] : by_answer) {
      absl::StrAppend(&table, "  ", answer, ":", what, "\n");
    }
  }
  EXPECT_EQ(table, kMatrix);
}

TEST_P(WireAccessMatrix, WhatIsNotForTheCallerIsRefusedAsWhatDoesNotExist) {
  for (const std::string who : kCallers) {
    // The source takes back what it is asked about.
    if (who == "ann" || who == "bob") continue;
    for (const char* what : {"fetch", "status", "withdraw", "replace"}) {
      for (const bool red : {false, true}) {
        const absl::Status about = AskAbout(what, who, red ? before_red_ : before_strict_, red);
        if (Cell(about) != "unknown") continue;
        EXPECT_EQ(about, AskAbout(what, who, unknown_, red)) << who << ' ' << what;
      }
    }
  }
}

}  // namespace
}  // namespace shield::testing
