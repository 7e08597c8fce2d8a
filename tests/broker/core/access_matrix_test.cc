// Who may call what, over every role and standing, for what is their own and what is not: one
// table.
//
// An answer is "yes", the rule of the refusal, or "unknown": the very words of what does not exist,
// for whatever a caller may not know of.

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/core/refusals.h"
#include "gtest/gtest.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

// Everything a caller can ask; the bulletins are ann's, TLP:AMBER+STRICT to org:hotel (held by
// ann, bob, reader and the digest seat) and TLP:RED to reader (held by ann and reader).
constexpr const char* kColumns[] = {
    "directory",  "upload",      "content",       "report",  "direct", "withdraw",  "withdraw-red",
    "replace",    "replace-red", "subscribe",     "ack",     "fetch",  "fetch-red", "status",
    "status-red", "statement",   "statement-red", "receipt", "log",    "retention"};

constexpr char kMatrix[] = R"(
ann
  NOT_AN_AUDITOR: retention
  yes: directory upload content report direct withdraw withdraw-red replace replace-red subscribe ack fetch fetch-red status status-red statement statement-red receipt log
bob
  NOT_AN_AUDITOR: retention
  NOT_SOURCE: replace-red
  unknown: fetch-red status-red
  yes: directory upload content report direct withdraw withdraw-red replace subscribe ack fetch status statement statement-red receipt log
digest
  NOT_AN_AUDITOR: retention
  NOT_SOURCE: withdraw replace
  PUBLISHER_NOT_AUTHORISED: upload report direct
  unknown: withdraw-red replace-red fetch-red status status-red statement statement-red
  yes: directory content subscribe ack fetch receipt log
vetting
  NOT_AN_AUDITOR: retention
  PUBLISHER_NOT_AUTHORISED: content report direct
  unknown: withdraw withdraw-red replace replace-red fetch fetch-red status status-red statement statement-red
  yes: directory upload subscribe ack receipt log
auditor
  PUBLISHER_NOT_AUTHORISED: upload content report direct
  unknown: withdraw withdraw-red replace replace-red fetch fetch-red status status-red statement statement-red
  yes: directory subscribe ack receipt log retention
carl
  NOT_AN_AUDITOR: retention
  unknown: withdraw withdraw-red replace replace-red fetch fetch-red status status-red statement statement-red
  yes: directory upload content report direct subscribe ack receipt log
reader
  NOT_AN_AUDITOR: retention
  NOT_SOURCE: withdraw withdraw-red replace replace-red
  PUBLISHER_NOT_AUTHORISED: upload content
  unknown: status status-red statement statement-red
  yes: directory report direct subscribe ack fetch fetch-red receipt log
desk
  NOT_AN_AUDITOR: retention
  PUBLISHER_NOT_AUTHORISED: upload content
  unknown: withdraw withdraw-red replace replace-red fetch fetch-red status status-red statement statement-red
  yes: directory report direct subscribe ack receipt log
guard
  NOT_AN_AUDITOR: retention
  PUBLISHER_NOT_AUTHORISED: upload content
  unknown: withdraw withdraw-red replace replace-red fetch fetch-red status status-red statement statement-red
  yes: directory report direct subscribe ack receipt log
cleaner
  NOT_AN_AUDITOR: retention
  PUBLISHER_NOT_AUTHORISED: upload content report direct
  unknown: withdraw withdraw-red replace replace-red fetch fetch-red status status-red statement statement-red
  yes: directory subscribe ack receipt log
paused
  NOT_SOURCE: withdraw replace
  PUBLISHER_NOT_AUTHORISED: content
  SUSPENDED: upload direct subscribe ack fetch fetch-red status status-red statement statement-red receipt retention
  unknown: withdraw-red replace-red
  yes: directory report log
gone
  RECIPIENT_REVOKED: directory upload content report direct withdraw withdraw-red replace replace-red subscribe ack fetch fetch-red status status-red statement statement-red receipt log retention
)";

class AccessMatrix : public BrokerTestBase {
 protected:
  void SetUp() override {
    network_.AddMember("digest", "police", {Role::kDigest});
    network_.AddMember("auditor", "police", {Role::kAuditor});
    network_.AddOrg("customs", OrgKind::kAuthority);
    network_.AddMember("carl", "customs", {Role::kAnalyst});
    network_.AddMember("paused", "hotel", {Role::kReader});
    network_.AddMember("gone", "hotel", {Role::kReader});
    Enrol();
    strict_ = Published({"ann", Tlp::kAmberStrict, {"org:hotel"}});
    red_ = Published({"ann", Tlp::kRed, {"member:reader"}});
    network_.member("paused").record.state = AccountState::kSuspended;
    network_.member("gone").record.state = AccountState::kRevoked;
    Enrol();
    unknown_ = *strict_;
    unknown_->statement.id = network_.Seal({"ann", Tlp::kGreen, {"org:hotel"}}).statement.id;
  }

  SealedBulletin Published(const TestDraft& draft) {
    SealedBulletin bulletin = network_.Seal(draft);
    EXPECT_TRUE(Publish(draft.author, bulletin).ok());
    return bulletin;
  }

  absl::Status Reply(const std::string& who, const TestDraft& draft) {
    return Header(who, network_.Seal(draft));
  }
  absl::Status Of(const std::string& who, BulletinClass bulletin_class,
                  const std::vector<std::string>& to) {
    TestDraft draft{who, Tlp::kAmberStrict, to};
    draft.bulletin_class = bulletin_class;
    return Reply(who, draft);
  }

  // One question about one bulletin.
  absl::Status AskAbout(const std::string& what, const std::string& who,
                        const SealedBulletin& bulletin) {
    const BulletinId& id = bulletin.statement.id;
    if (what == "fetch") return Fetch(who, {id, 0, 0}).status();
    if (what == "status") return broker_->GetStatus(network_.CallerOf(who), id).status();
    if (what == "statement") return broker_->GetStatement(network_.CallerOf(who), id).status();
    if (what == "withdraw") return Header(who, network_.Withdraw(who, bulletin));
    TestDraft draft{who, bulletin.statement.tlp, {"org:hotel"}};
    if (draft.tlp == Tlp::kRed) draft.to = {"member:reader"};
    draft.references = {RefersTo(Relation::kSupersedes, bulletin)};
    return Header(who, network_.Seal(draft));
  }

  absl::Status Ask(const std::string& what, const std::string& who) {
    const broker::Caller caller = network_.CallerOf(who);
    if (what == "directory") return broker_->GetDirectory(caller, 0).status();
    if (what == "upload") {
      auto session = broker_->PublishDirectory(caller);
      if (!session.ok()) return session.status();
      return (*session)->OnHead({"", network_.SignFresh()});
    }
    if (what == "content") return Of(who, BulletinClass::kContent, {"org:hotel"});
    if (what == "report") return Of(who, BulletinClass::kReport, {"org:police"});
    if (what == "direct") return Of(who, BulletinClass::kDirect, {"member:reader"});
    if (what == "subscribe") return broker_->Subscribe(caller, {}).status();
    if (what == "ack") return Acknowledge(who, 0, InboxGenesisOf(who)).status();
    if (what == "receipt") {
      absl::Status answer = absl::UnknownError("no answer");
      broker_->AddReceipts(caller, {"no note"}, [&](auto rules) { answer = rules.status(); });
      return answer;
    }
    if (what == "retention") {
      return broker_->GetRetention(caller, {clock_.Now() + absl::Hours(1)}).status();
    }
    if (what == "log") return broker_->Log(caller, broker::CheckpointQuery{}).status();
    const size_t red = what.find("-red");
    if (red != std::string::npos) return AskAbout(what.substr(0, red), who, *red_);
    return AskAbout(what, who, *strict_);
  }

  Digest InboxGenesisOf(const std::string& who) { return *store_.ReadChainHash(Member(who), 0); }

  static std::string Cell(const absl::Status& status) {
    if (status.ok()) return "yes";
    if (status == broker::NoSuchBulletin()) return "unknown";
    return RuleOf(status).empty() ? std::string(absl::StatusCodeToString(status.code()))
                                  : RuleOf(status);
  }

  std::optional<SealedBulletin> strict_;
  std::optional<SealedBulletin> red_;
  std::optional<SealedBulletin> unknown_;
};

constexpr const char* kCallers[] = {"ann",    "bob",  "digest", "vetting", "auditor", "carl",
                                    "reader", "desk", "guard",  "cleaner", "paused",  "gone"};

TEST_F(AccessMatrix, IsWhatTheTableSays) {
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

TEST_F(AccessMatrix, WhatIsNotForTheCallerIsRefusedAsWhatDoesNotExist) {
  for (const char* who : kCallers) {
    for (const char* what : {"fetch", "status", "statement", "withdraw", "replace"}) {
      for (const SealedBulletin* bulletin : {&*strict_, &*red_}) {
        const absl::Status about = AskAbout(what, who, *bulletin);
        if (Cell(about) != "unknown") continue;
        EXPECT_EQ(about, AskAbout(what, who, *unknown_)) << who << ' ' << what;
      }
    }
  }
}

}  // namespace
}  // namespace shield::testing
