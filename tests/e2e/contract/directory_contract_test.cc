// The contract of Connection (client/connection.h): reading and uploading the directory.
#include <gmock/gmock.h>

#include "policy/proof/verified_directory.h"
#include "tests/e2e/contract/contract_fixture.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class DirectoryContract : public ConnectionContract {
 protected:
  DirectoryAnswer Directory(const std::string& member, uint64_t have_version = 0) {
    const auto answer = As(member).GetDirectory(have_version, kCall);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.value_or(DirectoryAnswer{});
  }
  // The organisations that `answer` shows, each proven to be in it.
  std::vector<std::string> Shown(const DirectoryAnswer& answer) {
    std::vector<OrgPart> parts;
    for (const DirectoryPart& part : answer.parts) {
      parts.push_back({part.index, part.proof, {part.line, part.own_lines}});
    }
    const auto directory =
        VerifyPartialDirectory(answer.note, parts, network_->authority().network(), std::nullopt);
    EXPECT_TRUE(directory.ok()) << directory.status();
    std::vector<std::string> shown;
    if (!directory.ok()) return shown;
    for (const OrgRecord& org : (*directory)->directory().orgs()) shown.push_back(org.id.str());
    return shown;
  }
  // The draft signed as the next version, on its way until it is committed.
  DirectoryUpload Next() {
    auto upload = network_->authority().PrepareDirectory(std::nullopt, 0, network_->Now());
    EXPECT_TRUE(upload.ok()) << upload.status();
    return *std::move(upload);
  }
  DirectoryUpload FreshAt(absl::Time issued) {
    auto upload = network_->authority().PrepareRefresh(0, issued);
    EXPECT_TRUE(upload.ok()) << upload.status();
    return *std::move(upload);
  }
  absl::StatusOr<DirectoryReceipt> Upload(const DirectoryUpload& upload) {
    return network_->ConnectAuthority()->PublishDirectory(upload, kCall);
  }
};

INSTANTIATE_TEST_SUITE_P(Brokers, DirectoryContract,
                         ::testing::Values(ContractBroker::kMemory, ContractBroker::kShieldd),
                         NameOf);

TEST_P(DirectoryContract, AnAuthoritySeesEverybody) {
  EXPECT_THAT(Shown(Directory("ann")), UnorderedElementsAre("police", "astrid", "meir", "zoo"));
}

TEST_P(DirectoryContract, AMemberSeesItsOwnOrganisationAndTheAuthorities) {
  EXPECT_THAT(Shown(Directory("astrid-reader")), UnorderedElementsAre("police", "astrid"));
}

TEST_P(DirectoryContract, WhoHoldsTheNewestIsToldSo) {
  const DirectoryAnswer whole = Directory("astrid-reader");
  EXPECT_FALSE(whole.unchanged);
  const DirectoryAnswer unchanged = Directory("astrid-reader", 1);
  EXPECT_TRUE(unchanged.unchanged);
  EXPECT_EQ(unchanged.note, whole.note);
  EXPECT_EQ(unchanged.fresh, whole.fresh);
  EXPECT_THAT(unchanged.parts, IsEmpty());
  network_->PublishDirectory();
  EXPECT_FALSE(Directory("astrid-reader", 1).unchanged);
}

TEST_P(DirectoryContract, TheNextVersionIsTakenAndSentAgainGetsTheSameReceipt) {
  const DirectoryUpload upload = Next();
  const auto first = Upload(upload);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->version, 2U);
  EXPECT_EQ(first->log_index, 1U);
  const auto again = Upload(upload);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->version, first->version);
  EXPECT_EQ(again->log_index, first->log_index);
  EXPECT_EQ(Directory("ann").note, upload.note);
  EXPECT_EQ(Directory("ann").fresh, upload.fresh);
}

TEST_P(DirectoryContract, AVersionThatDoesNotFollowTheNewestIsRefused) {
  const DirectoryUpload second = Next();
  ASSERT_TRUE(network_->authority().CommitDirectory().ok());
  const DirectoryUpload third = Next();
  EXPECT_EQ(CodeAndRule(Upload(third).status()), "ABORTED DIRECTORY_MOVED");
  ASSERT_TRUE(Upload(second).ok());
  ASSERT_TRUE(Upload(third).ok());
  EXPECT_EQ(CodeAndRule(Upload(second).status()), "DATA_LOSS ROLLBACK");
  EXPECT_EQ(Directory("ann").note, third.note);
}

TEST_P(DirectoryContract, TheNotesOfVersionsItHasNotHeldLeadToALaterOne) {
  const DirectoryUpload second = Next();
  ASSERT_TRUE(network_->authority().CommitDirectory().ok());
  DirectoryUpload third = Next();
  third.between = {third.note};
  EXPECT_EQ(CodeAndRule(Upload(third).status()), "ABORTED DIRECTORY_MOVED");
  third.between = {second.note};
  const auto receipt = Upload(third);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->version, 3U);
  EXPECT_EQ(Directory("ann").note, third.note);
}

TEST_P(DirectoryContract, LinesThatTheNoteDoesNotSignAreRefused) {
  DirectoryUpload upload = Next();
  upload.lines.pop_back();
  EXPECT_EQ(CodeAndRule(Upload(upload).status()), "INVALID_ARGUMENT DIRECTORY_MALFORMED");
  EXPECT_TRUE(Directory("ann", 1).unchanged);
}

TEST_P(DirectoryContract, OnlySeatsOfAnAuthorityUpload) {
  const DirectoryUpload upload = Next();
  EXPECT_EQ(CodeAndRule(As("zoo-reader").PublishDirectory(upload, kCall).status()),
            "PERMISSION_DENIED PUBLISHER_NOT_AUTHORISED");
  EXPECT_TRUE(Directory("ann", 1).unchanged);
  EXPECT_TRUE(As("ann").PublishDirectory(upload, kCall).ok());
}

TEST_P(DirectoryContract, FreshnessIsRenewedAndNeverGoesBack) {
  const DirectoryUpload earlier = FreshAt(network_->Now() - absl::Hours(1));
  EXPECT_EQ(CodeAndRule(Upload(earlier).status()), "FAILED_PRECONDITION DIRECTORY_STALE");
  const DirectoryUpload later = FreshAt(network_->Now() + absl::Seconds(30));
  const auto receipt = Upload(later);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->version, 1U);
  EXPECT_EQ(receipt->log_index, 0U);
  EXPECT_EQ(Directory("astrid-reader", 1).fresh, later.fresh);
}

TEST_P(DirectoryContract, WhoIsSuspendedReadsTheDirectoryAndTheLogAndNothingElse) {
  const Envelope envelope = MustPublish({"org:astrid"});
  ASSERT_TRUE(network_->authority()
                  .Suspend(*MemberId::Parse("astrid-reader"), "under review", network_->Now())
                  .ok());
  network_->PublishDirectory();
  EXPECT_THAT(Shown(Directory("astrid-reader")), UnorderedElementsAre("police", "astrid"));
  const char* const kRefused = "UNAUTHENTICATED SUSPENDED";
  Connection& suspended = As("astrid-reader");
  EXPECT_EQ(CodeAndRule(CatchUp("astrid-reader", {}).status()), kRefused);
  EXPECT_EQ(CodeAndRule(suspended.Acknowledge(0, Digest{}, kCall).status()), kRefused);
  EXPECT_EQ(CodeAndRule(suspended.GetStatus(envelope.id, kCall).status()), kRefused);
  // The hashes of the log are for whoever may report: that its report is there.
  EXPECT_TRUE(suspended.GetCheckpoint(0, kCall).ok());
  EXPECT_TRUE(suspended.ProveInclusion(0, 1, kCall).ok());
  EXPECT_EQ(CodeAndRule(RefusalOfFetch("astrid-reader", {envelope.id})), kRefused);
}

TEST_P(DirectoryContract, WhoWasRevokedIsServedNoMore) {
  MustPublish({"org:astrid"});
  ASSERT_TRUE(network_->authority()
                  .Revoke(*MemberId::Parse("astrid-reader"), "left the firm", network_->Now())
                  .ok());
  network_->PublishDirectory();
  const auto connection = network_->Connect("astrid-reader");
  EXPECT_TRUE(absl::IsUnauthenticated(connection->GetDirectory(0, kCall).status()));
  EXPECT_TRUE(absl::IsUnauthenticated(connection->Acknowledge(0, Digest{}, kCall).status()));
  EXPECT_THAT(Shown(Directory("meir-reader")), UnorderedElementsAre("police", "meir"));
}

}  // namespace
}  // namespace shield::testing
