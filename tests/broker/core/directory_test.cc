// Admission, uploading directories, and who sees what of them.

#include "base/status.h"
#include "broker/core/directory_intake.h"
#include "broker/core/directory_view.h"
#include "broker/store/check_command.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

using absl::StatusCode;
using broker::Caller;
using broker::DirectoryHead;
using broker::DirectoryOrganisation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DirectoryUse : public BrokerTestBase {
 protected:
  Caller Authority() const { return {network_.authority_pin(), std::nullopt, true}; }

  struct Shown {
    DirectoryHead head;
    std::vector<OrgPart> parts;
    std::vector<std::string> orgs;
  };
  Shown Read(const std::string& member, uint64_t have = 0) {
    const auto reader = broker_->GetDirectory(network_.CallerOf(member), have);
    EXPECT_TRUE(reader.ok()) << reader.status();
    Shown shown;
    for (;;) {
      const auto next = *(*reader)->Next();
      if (!next.has_value()) return shown;
      if (const auto* head = std::get_if<DirectoryHead>(&*next)) {
        shown.head = *head;
        continue;
      }
      const auto& org = std::get<DirectoryOrganisation>(*next);
      if (!org.line.empty()) {
        shown.parts.push_back({org.index, org.proof, {org.line, {}}});
        shown.orgs.push_back(ParseOrgRecord(org.line)->id.str());
      }
      auto& own = shown.parts.back().lines.own_lines;
      own.insert(own.end(), org.own_lines.begin(), org.own_lines.end());
    }
  }
};

TEST_F(DirectoryUse, BeforeTheFirstOnlyTheAuthoritysPinIsAdmitted) {
  EXPECT_TRUE(broker_->pins().Admit(network_.authority_pin())->is_authority_pin);
  EXPECT_EQ(broker_->pins().Admit(network_.member("ann").pin), std::nullopt);
  EXPECT_EQ(RuleOf(broker_->GetDirectory(Authority(), 0).status()), "NO_DIRECTORY");
  Enrol();
  EXPECT_EQ(broker_->pins().Admit(network_.authority_pin()), std::nullopt);
  EXPECT_THAT(listener_.revoked, ElementsAre(network_.authority_pin()));
  EXPECT_EQ(broker_->pins().Admit(network_.member("ann").pin)->member, Member("ann"));
}

TEST_F(DirectoryUse, EachStandingHasItsOwnAnswer) {
  const absl::Time now = clock_.Now();
  network_.member("bob").record.state = AccountState::kRevoked;
  network_.member("reader").record.state = AccountState::kSuspended;
  network_.member("desk").record.state = AccountState::kPending;
  network_.member("guard").record.period.from = now + absl::Hours(1);
  network_.member("cleaner").record.period.until = now;
  Enrol();
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"bob", "RECIPIENT_REVOKED"},
      {"reader", "SUSPENDED"},
      {"desk", "MEMBERSHIP_PENDING"},
      {"guard", "MEMBERSHIP_NOT_YET"},
      {"cleaner", "MEMBERSHIP_EXPIRED"}};
  for (const auto& [member, rule] : expected) {
    const auto answer = broker_->Subscribe(network_.CallerOf(member), {});
    EXPECT_EQ(answer.status().code(), StatusCode::kUnauthenticated) << member;
    EXPECT_EQ(RuleOf(answer.status()), rule);
    // No handshake either, but for the suspended, who may report.
    EXPECT_EQ(broker_->pins().Admit(network_.member(member).pin).has_value(), rule == "SUSPENDED");
  }
  Digest stranger;
  stranger.bytes.fill(9);
  EXPECT_EQ(RuleOf(broker_->Subscribe({stranger, Member("ann")}, {}).status()), "UNKNOWN_CALLER");
}

// One order of step 3 for everyone; the suspended report only while nothing else is wrong.
TEST_F(DirectoryUse, SuspendedAndEndedIsNotAdmittedAndNamesTheFirstFault) {
  network_.member("reader").record.state = AccountState::kSuspended;
  network_.member("reader").record.period.until = clock_.Now() + absl::Hours(1);
  Enrol();
  EXPECT_TRUE(broker_->pins().Admit(network_.member("reader").pin).has_value());
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(broker_->pins().Admit(network_.member("reader").pin), std::nullopt);
  EXPECT_EQ(RuleOf(broker_->Subscribe(network_.CallerOf("reader"), {}).status()), "SUSPENDED");
}

TEST_F(DirectoryUse, WhoEndsWhileSuspendedIsCutOff) {
  network_.member("reader").record.state = AccountState::kSuspended;
  Enrol();
  listener_.revoked.clear();
  network_.member("reader").record.period.until = clock_.Now();
  Enrol();
  EXPECT_THAT(listener_.revoked, ElementsAre(network_.member("reader").pin));
}

TEST_F(DirectoryUse, MembershipEndsByTheClockWithoutANewVersion) {
  network_.member("guard").record.period.until = clock_.Now() + absl::Hours(1);
  Enrol();
  EXPECT_TRUE(broker_->pins().Admit(network_.member("guard").pin).has_value());
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(broker_->pins().Admit(network_.member("guard").pin), std::nullopt);
}

// The authority's clock, which is a minute ahead, ended it.
TEST_F(DirectoryUse, AMembershipThatHadEndedWhenItWasIssuedAdmitsNobody) {
  clock_.Advance(absl::Minutes(1));
  network_.member("guard").record.period.until = clock_.Now();
  Enrol();
  clock_.Advance(-absl::Minutes(1));
  EXPECT_EQ(broker_->pins().Admit(network_.member("guard").pin), std::nullopt);
  EXPECT_EQ(RuleOf(broker_->Subscribe(network_.CallerOf("guard"), {}).status()),
            "MEMBERSHIP_EXPIRED");
}

// The suspended may connect, to report: what cuts them off must not pass them over.
TEST_F(DirectoryUse, WhoIsRevokedWhileSuspendedIsCutOffToo) {
  network_.member("reader").record.state = AccountState::kSuspended;
  Enrol();
  listener_.revoked.clear();
  Enrol();
  EXPECT_THAT(listener_.revoked, IsEmpty());
  network_.member("reader").record.state = AccountState::kRevoked;
  Enrol();
  EXPECT_THAT(listener_.revoked, ElementsAre(network_.member("reader").pin));
}

TEST_F(DirectoryUse, IsUploadedByTheAuthoritysSeatsOnly) {
  Enrol();
  for (const char* member : {"vetting", "ann"}) {
    const auto receipt = Upload(network_.CallerOf(member), network_.Sign());
    EXPECT_TRUE(receipt.ok()) << receipt.status();
  }
  const auto refused = Upload(network_.CallerOf("reader"), network_.Sign());
  EXPECT_EQ(refused.status().code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(RuleOf(Upload(Authority(), network_.Sign()).status()), "UNKNOWN_CALLER");
}

TEST_F(DirectoryUse, TheSameBytesAgainGetTheSameAnswer) {
  const DirectoryUpload upload = network_.Sign();
  const auto first = Upload(Authority(), upload);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto again = Upload(network_.CallerOf("vetting"), upload);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->version, first->version);
  EXPECT_EQ(again->log_index, first->log_index);
  EXPECT_EQ(store_.log_size(), 1u);
}

TEST_F(DirectoryUse, RefusesWhatTheAuthorityDidNotSignInThatOrder) {
  const DirectoryUpload first = network_.Sign();
  ASSERT_TRUE(Upload(Authority(), first).ok());
  const Caller vetting = network_.CallerOf("vetting");
  const DirectoryUpload second = network_.Sign();
  const DirectoryUpload third = network_.Sign();
  EXPECT_EQ(RuleOf(Upload(vetting, third).status()), "DIRECTORY_MOVED");

  DirectoryUpload forged = second;
  forged.note[forged.note.size() - 20] ^= 1;
  EXPECT_FALSE(Upload(vetting, forged).ok());
  DirectoryUpload missing = second;
  missing.lines.pop_back();
  EXPECT_FALSE(Upload(vetting, missing).ok());
  DirectoryUpload changed = second;
  changed.lines[0].replace(changed.lines[0].find("vetting=3"), 9, "vetting=2");
  EXPECT_EQ(RuleOf(Upload(vetting, changed).status()), "DIGEST_MISMATCH");
  DirectoryUpload headless = second;
  headless.lines.erase(headless.lines.begin());
  EXPECT_EQ(RuleOf(Upload(vetting, headless).status()), "DIRECTORY_MALFORMED");
  DirectoryUpload old_fresh = second;
  old_fresh.fresh = first.fresh;
  EXPECT_EQ(RuleOf(Upload(vetting, old_fresh).status()), "DIRECTORY_STALE");
  EXPECT_EQ(store_.directory_version(), 1u);

  EXPECT_TRUE(Upload(vetting, second).ok());
  EXPECT_EQ(RuleOf(Upload(vetting, first).status()), "ROLLBACK");
}

// As after a restore from a backup: what was published since is shown by its notes.
TEST_F(DirectoryUse, GoesOnFromAnOlderVersionByTheNotesOfThoseBetween) {
  Enrol();
  const Caller vetting = network_.CallerOf("vetting");
  network_.member("bob").record.state = AccountState::kRevoked;
  const std::string second = network_.Sign().note;
  network_.Rotate();
  const std::string third = network_.Sign().note;
  network_.Rotate();
  DirectoryUpload fourth = network_.Sign();
  EXPECT_EQ(RuleOf(Upload(vetting, fourth).status()), "DIRECTORY_MOVED");
  fourth.between = {second};
  EXPECT_EQ(RuleOf(Upload(vetting, fourth).status()), "DIRECTORY_MOVED");
  fourth.between = {third, second};
  EXPECT_FALSE(Upload(vetting, fourth).ok());
  std::string forged = second;
  forged[forged.size() - 20] ^= 1;
  fourth.between = {forged, third};
  const absl::Status refused = Upload(vetting, fourth).status();
  EXPECT_EQ(RuleOf(refused), "BAD_SIGNATURE") << refused;
  EXPECT_THAT(refused.message(), ::testing::HasSubstr("versions between, as they were uploaded"));
  EXPECT_THAT(HintOf(refused), ::testing::HasSubstr("versions.txt"));
  EXPECT_EQ(store_.directory_version(), 1u);
  EXPECT_TRUE(broker_->pins().Admit(network_.member("bob").pin).has_value());

  fourth.between = {second, third};
  const auto receipt = Upload(vetting, fourth);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->version, 4u);
  EXPECT_EQ(broker_->pins().Admit(network_.member("bob").pin), std::nullopt);
  MakeBroker();
  EXPECT_EQ(Read("reader").head.note, fourth.note);
}

TEST_F(DirectoryUse, AnEmptyBrokerGoesOnFromTheFirstVersion) {
  const std::string first = network_.Sign().note;
  DirectoryUpload second = network_.Sign();
  EXPECT_EQ(RuleOf(Upload(Authority(), second).status()), "DIRECTORY_MOVED");
  second.between = {first};
  EXPECT_TRUE(Upload(Authority(), second).ok());
  EXPECT_EQ(store_.directory_version(), 2u);
}

TEST_F(DirectoryUse, VersionsBetweenStandInTheirPlaceAndHaveALimit) {
  const auto session = *broker_->PublishDirectory(Authority());
  EXPECT_EQ(RuleOf(session->OnBetween({"note"})), "MESSAGE_MALFORMED");
  ASSERT_TRUE(session->OnHead({"note", ""}).ok());
  constexpr size_t kNote = size_t{32} * 1024;
  const std::string note(kNote - broker::DirectoryIntake::kLineCost, 'n');
  for (size_t bytes = 0; bytes < broker::DirectoryIntake::kMaxBetweenBytes; bytes += kNote) {
    ASSERT_TRUE(session->OnBetween({note}).ok());
  }
  EXPECT_EQ(RuleOf(session->OnBetween({"n"})), "LIMIT_EXCEEDED");
  const auto late = *broker_->PublishDirectory(Authority());
  ASSERT_TRUE(late->OnHead({"note", ""}).ok());
  ASSERT_TRUE(late->OnLines({"org a"}).ok());
  EXPECT_EQ(RuleOf(late->OnBetween({"note"})), "MESSAGE_MALFORMED");
}

TEST_F(DirectoryUse, IsRefusedWhenNobodyCouldUploadTheNextOne) {
  for (const char* id : {"ann", "bob", "vetting"}) {
    network_.member(id).record.state = AccountState::kSuspended;
  }
  const absl::Status first = Upload(Authority(), network_.Sign()).status();
  EXPECT_EQ(RuleOf(first), "DIRECTORY_LOCKS_OUT");
  EXPECT_EQ(store_.directory_version(), 0u);
  EXPECT_TRUE(broker_->pins().Admit(network_.authority_pin()).has_value());
}

TEST_F(DirectoryUse, IsRefusedWhenNobodyCouldUploadTheNextOneOnItsLastDay) {
  OrgRecord& police = network_.org("police");
  police.period.until = clock_.Now() + absl::Hours(24 * 7);
  EXPECT_EQ(RuleOf(Upload(Authority(), network_.Sign()).status()), "DIRECTORY_LOCKS_OUT");
  EXPECT_EQ(store_.directory_version(), 0u);
}

TEST_F(DirectoryUse, AnEmptyLineIsRefused) {
  const auto session = *broker_->PublishDirectory(Authority());
  ASSERT_TRUE(session->OnHead({"note", ""}).ok());
  EXPECT_EQ(RuleOf(session->OnLines({"org a", ""})), "DIRECTORY_MALFORMED");
}

TEST_F(DirectoryUse, ALineTooManyIsRefusedAtOnce) {
  const auto session = *broker_->PublishDirectory(Authority());
  ASSERT_TRUE(session->OnHead({"note", ""}).ok());
  const size_t at_once = 100'000;
  for (size_t lines = 0; lines < store::kMaxDirectoryLines; lines += at_once) {
    ASSERT_TRUE(session->OnLines(std::vector<std::string>(at_once, "x")).ok());
  }
  EXPECT_EQ(RuleOf(session->OnLines({"x"})), "LIMIT_EXCEEDED");
}

TEST_F(DirectoryUse, LinesCountWithWhatTheyTakeBesideTheirText) {
  const auto session = *broker_->PublishDirectory(Authority());
  ASSERT_TRUE(session->OnHead({"note", ""}).ok());
  constexpr size_t kLong = 8 * 1024 * 1024;
  const std::string line(kLong - broker::DirectoryIntake::kLineCost, 'x');
  for (size_t bytes = 0; bytes < broker::DirectoryIntake::kMaxLinesBytes; bytes += kLong) {
    ASSERT_TRUE(session->OnLines({line}).ok());
  }
  EXPECT_EQ(RuleOf(session->OnLines({"x"})), "LIMIT_EXCEEDED");
}

TEST_F(DirectoryUse, AnUploadTakesFromTheAllowanceOfWhoSendsIt) {
  MakeBroker({.upload_bytes_per_hour = 1'000});
  const auto session = *broker_->PublishDirectory(Authority());
  ASSERT_TRUE(session->OnHead({"note", ""}).ok());
  ASSERT_TRUE(session->OnLines({std::string(900, 'x')}).ok());
  EXPECT_EQ(RuleOf(session->OnLines({std::string(100, 'x')})), "RATE_LIMITED");
}

TEST_F(DirectoryUse, WhoLosesItsSeatDuringAnUploadDoesNotFinishIt) {
  Enrol();
  const auto session = *broker_->PublishDirectory(network_.CallerOf("ann"));
  ASSERT_TRUE(session->OnHead({"", network_.SignFresh()}).ok());
  network_.member("ann").record.state = AccountState::kRevoked;
  Enrol();
  absl::Status status;
  session->Finish([&status](const auto& receipt) { status = receipt.status(); });
  Commit();
  EXPECT_EQ(RuleOf(status), "RECIPIENT_REVOKED");
}

TEST_F(DirectoryUse, FreshnessNeverGoesBack) {
  Enrol();
  const Caller vetting = network_.CallerOf("vetting");
  const std::string older = network_.SignFresh();
  clock_.Advance(absl::Hours(1));
  const std::string newer = network_.SignFresh();
  ASSERT_TRUE(Upload(vetting, {"", newer, {}}).ok());
  EXPECT_EQ(RuleOf(Upload(vetting, {"", older, {}}).status()), "DIRECTORY_STALE");
  EXPECT_EQ(Read("reader").head.fresh, newer);
  EXPECT_TRUE(Upload(vetting, {"", newer, {}}).ok());  // the same again is no step back
  EXPECT_EQ(ToString(store_.ReadDirectory()->fresh), newer);
}

// Both were checked before either was committed.
TEST_F(DirectoryUse, FreshnessDoesNotGoBackWhenTwoNotesWaitTogether) {
  Enrol();
  const std::string older = network_.SignFresh();
  clock_.Advance(absl::Hours(1));
  const std::string newer = network_.SignFresh();
  std::vector<std::string> rules;
  std::vector<std::unique_ptr<broker::DirectorySession>> sessions;
  for (const std::string& fresh : {newer, older}) {
    sessions.push_back(*broker_->PublishDirectory(network_.CallerOf("vetting")));
    ASSERT_TRUE(sessions.back()->OnHead({"", fresh}).ok());
    sessions.back()->Finish(
        [&rules](const auto& receipt) { rules.push_back(RuleOf(receipt.status())); });
  }
  Commit();
  EXPECT_THAT(rules, ElementsAre("DIRECTORY_STALE", ""));
  EXPECT_EQ(ToString(store_.ReadDirectory()->fresh), newer);
}

TEST_F(DirectoryUse, AVersionSentAgainAfterItsFreshnessWasRenewedIsStillARepeat) {
  const DirectoryUpload upload = network_.Sign();
  ASSERT_TRUE(Upload(Authority(), upload).ok());
  clock_.Advance(absl::Hours(1));
  const std::string newer = network_.SignFresh();
  ASSERT_TRUE(Upload(network_.CallerOf("vetting"), {"", newer, {}}).ok());
  EXPECT_TRUE(Upload(network_.CallerOf("vetting"), upload).ok());
  EXPECT_EQ(Read("reader").head.fresh, newer);
}

TEST_F(DirectoryUse, AnExpiredOneIsRefused) {
  const DirectoryUpload upload = network_.Sign();
  clock_.Advance(absl::Hours(24 * 7));
  EXPECT_EQ(RuleOf(Upload(Authority(), upload).status()), "DIRECTORY_EXPIRED");
}

TEST_F(DirectoryUse, OneOfTheFutureIsRefused) {
  clock_.Advance(absl::Hours(365 * 24));
  const DirectoryUpload upload = network_.Sign();
  clock_.Advance(-absl::Hours(365 * 24));
  EXPECT_EQ(RuleOf(Upload(Authority(), upload).status()), "CLOCK_SKEW");
  clock_.Advance(absl::Hours(365 * 24) - absl::Minutes(2) - absl::Seconds(1));
  EXPECT_EQ(RuleOf(Upload(Authority(), upload).status()), "CLOCK_SKEW");
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(Upload(Authority(), upload).ok()) << "clocks run apart";
}

TEST_F(DirectoryUse, ItMustNameThisBrokersKeys) {
  SeededRandom other(77);
  auto made = broker::Broker::Create(
      {network_.file(), SigningKey::Generate(other), network_.log_key(), store_, clock_, log_});
  ASSERT_TRUE(made.ok());
  broker_ = *std::move(made);
  EXPECT_EQ(RuleOf(Upload(Authority(), network_.Sign()).status()), "DIRECTORY_MALFORMED");
}

TEST_F(DirectoryUse, SeatsOfTheAuthoritySeeAllOthersTheirNeighbours) {
  Enrol();
  EXPECT_THAT(Read("ann").orgs, ElementsAre("cleaners", "hotel", "mall", "police"));
  EXPECT_THAT(Read("vetting").orgs, ElementsAre("cleaners", "hotel", "mall", "police"));
  EXPECT_THAT(Read("reader").orgs, ElementsAre("hotel", "police"));
  EXPECT_THAT(Read("guard").orgs, ElementsAre("cleaners", "mall", "police"));
  EXPECT_THAT(Read("cleaner").orgs, ElementsAre("cleaners", "mall", "police"));
}

TEST_F(DirectoryUse, WhatIsShownVerifies) {
  Enrol();
  for (const char* member : {"ann", "reader"}) {
    const Shown shown = Read(member);
    const auto verified =
        VerifyPartialDirectory(shown.head.note, shown.parts, network_.file(), std::nullopt);
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_TRUE(VerifyFreshNote(shown.head.fresh, **verified).ok());
  }
}

TEST_F(DirectoryUse, WhoHasTheNewestGetsTheHeadAlone) {
  Enrol();
  const Shown shown = Read("reader", 1);
  EXPECT_TRUE(shown.head.unchanged);
  EXPECT_FALSE(shown.head.fresh.empty());
  EXPECT_THAT(shown.orgs, IsEmpty());
}

TEST_F(DirectoryUse, ALargeOrganisationTravelsInPartsThatFit) {
  for (int i = 0; i < 600; ++i) {
    network_.AddMember("m" + std::to_string(i), "hotel", {Role::kReader});
  }
  Enrol();
  const auto reader = *broker_->GetDirectory(network_.CallerOf("reader"), 0);
  size_t parts = 0;
  size_t lines = 0;
  while (const auto next = *reader->Next()) {
    const auto* org = std::get_if<DirectoryOrganisation>(&*next);
    if (org == nullptr) continue;
    size_t bytes = org->line.size();
    for (const std::string& line : org->own_lines) bytes += line.size();
    EXPECT_LE(bytes, broker::DirectoryView::kMaxPartBytes);
    EXPECT_LE(org->own_lines.size(), broker::DirectoryView::kMaxPartLines);
    ++parts;
    lines += org->own_lines.size();
  }
  EXPECT_GT(parts, 4u);
  EXPECT_EQ(lines, (602u + 3u) * 4u);
  EXPECT_TRUE(VerifyPartialDirectory(Read("reader").head.note, Read("reader").parts,
                                     network_.file(), std::nullopt)
                  .ok());
}

TEST_F(DirectoryUse, ARotationComesWithTheFirstDirectoryUnderTheNewKeysAndIsShownToEverybody) {
  Enrol();
  network_.Rotate();
  DirectoryUpload upload = network_.Sign();
  const Caller vetting = network_.CallerOf("vetting");
  DirectoryUpload silent = upload;
  silent.authority.clear();
  EXPECT_EQ(RuleOf(Upload(vetting, silent).status()), "BAD_SIGNATURE");
  DirectoryUpload forged = upload;
  forged.authority[forged.authority.size() - 10] ^= 1;
  EXPECT_FALSE(Upload(vetting, forged).ok());
  EXPECT_EQ(store_.directory_version(), 1u);
  const auto receipt = Upload(vetting, upload);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(Read("reader").head.authority, upload.authority);
  EXPECT_EQ(Read("reader", 2).head.authority, upload.authority);

  MakeBroker();  // started again, with the file of before
  EXPECT_EQ(Read("reader").head.authority, upload.authority);
  network_.Rotate();
  upload = network_.Sign();
  ASSERT_TRUE(Upload(vetting, upload).ok());
  EXPECT_EQ(network_.rotated().rotation, 2u);
}

TEST_F(DirectoryUse, RotationsNeverGoBack) {
  Enrol();
  network_.Rotate();
  ASSERT_TRUE(Upload(network_.CallerOf("vetting"), network_.Sign()).ok());
  DirectoryUpload next = network_.Sign();
  const std::string rotations = next.authority;
  next.authority.clear();
  EXPECT_EQ(RuleOf(Upload(network_.CallerOf("vetting"), next).status()), "ROLLBACK");
  next.authority = rotations;
  EXPECT_TRUE(Upload(network_.CallerOf("vetting"), next).ok());
}

// Of what this broker has seen, the digest alone is compared; its start reads the whole chain.
TEST_F(DirectoryUse, RotationsThatCouldNotBeReadAtTheNextStartAreRefused) {
  Enrol();
  const Caller vetting = network_.CallerOf("vetting");
  network_.Rotate();
  ASSERT_TRUE(Upload(vetting, network_.Sign()).ok());
  DirectoryUpload next = network_.Sign();
  const std::string rotations = next.authority;
  next.authority[next.authority.size() - 10] ^= 1;  // in a signature of the rotation that was seen
  ASSERT_EQ(RuleOf(Upload(vetting, next).status()), "BAD_SIGNATURE");
  next.authority = rotations;
  ASSERT_TRUE(Upload(vetting, next).ok());
  MakeBroker();
  EXPECT_EQ(Read("reader").head.note, next.note);
}

TEST_F(DirectoryUse, AFileOfAfterARotationStartsABrokerThatHasSeenIt) {
  Enrol();
  network_.Rotate();
  ASSERT_TRUE(Upload(network_.CallerOf("vetting"), network_.Sign()).ok());
  EXPECT_TRUE(broker::Broker::Create({network_.rotated(), network_.broker_key(), network_.log_key(),
                                      store_, clock_, log_})
                  .ok());
}

TEST_F(DirectoryUse, AStoredOneThatDoesNotVerifyStopsTheStart) {
  Enrol();
  NetworkFile other = network_.file();
  SeededRandom random(99);
  other.authority = {*SigningKey::Generate(random).Verifier("test.example/authority-1")};
  const auto made = broker::Broker::Create(
      {other, network_.broker_key(), network_.log_key(), store_, clock_, log_});
  EXPECT_EQ(made.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(made.status().message(), ::testing::HasSubstr("directory 1 in the store"));
  EXPECT_THAT(HintOf(made.status()), ::testing::HasSubstr("network.shield"));
}

}  // namespace
}  // namespace shield::testing
