// A home that is behind the broker: restored from an older copy, or a version it gave up went out.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "absl/strings/match.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "policy/directory_note.h"
#include "tests/client/authority/sample_authority.h"

namespace shield {
namespace {

using ::shield::testing::kNow;
using ::shield::testing::SampleAuthority;

// Its home was copied when version 1 was published; version 2 revoked `h1` and witnesses came.
class AdoptDirectory : public ::testing::Test {
 protected:
  AdoptDirectory() {
    authority_.Fill();
    Publish();
    std::filesystem::copy(authority_.folder(), authority_.FolderOf("copy"),
                          std::filesystem::copy_options::recursive);
    EXPECT_TRUE(authority_->Revoke(*MemberId::Parse("h1"), "left", kNow).ok());
    second_ = Publish();
  }

  DirectoryUpload Publish() {
    DirectoryUpload upload = *authority_->PrepareDirectory(std::nullopt, 0, kNow);
    EXPECT_TRUE(authority_->CommitDirectory().ok());
    return upload;
  }
  Authority Copy() { return *Authority::Open(authority_.FolderOf("copy")); }
  static HeldDirectory HeldOf(const DirectoryUpload& upload) {
    return ReadMadeNote(upload.note)->held;
  }

  SampleAuthority authority_;
  DirectoryUpload second_;
};

TEST_F(AdoptDirectory, ARestoredHomeSignsNothingUntilItKnowsTheNewest) {
  const Authority copy = Copy();
  const absl::Status behind = copy.VersionsSince(HeldOf(second_)).status();
  EXPECT_EQ(RuleOf(behind), "DIRECTORY_AHEAD");
  EXPECT_TRUE(absl::StrContains(HintOf(behind), "shield directory adopt"));
}

TEST_F(AdoptDirectory, TakesTheBrokersVersionAsPublishedAndAsTheDraft) {
  {
    Authority copy = Copy();
    const absl::StatusOr<AdoptionReview> review = copy.ReviewAdoption(second_);
    ASSERT_TRUE(review.ok()) << review.status();
    EXPECT_EQ(review->version, 2u);
    bool revoked = false;
    for (const std::string& line : review->draft.added) {
      revoked = revoked || absl::StrContains(line,
                                             "member h1 org=hotel roles=reader vetting=1 "
                                             "state=revoked");
    }
    EXPECT_TRUE(revoked);
    EXPECT_FALSE(copy.AdoptDirectory(second_, "", kNow).ok());
    ASSERT_TRUE(copy.AdoptDirectory(second_, "restored", kNow).ok());
  }
  Authority copy = Copy();
  EXPECT_TRUE(copy.Review()->added.empty());
  EXPECT_EQ(copy.draft().changes.back().reason, "restored");
  EXPECT_TRUE(copy.VerifyPublished().ok());
  EXPECT_TRUE(copy.VersionsSince(HeldOf(second_))->empty());
  const DirectoryUpload third = *copy.PrepareDirectory(std::nullopt, 0, kNow);
  const MadeNote made = *ReadMadeNote(third.note);
  EXPECT_EQ(made.note.version, 3u);
  EXPECT_EQ(made.note.previous, HeldOf(second_).digest);
}

TEST_F(AdoptDirectory, NothingOlderForkedForgedOrInPart) {
  Authority copy = Copy();
  EXPECT_EQ(RuleOf(authority_->ReviewAdoption(second_).status()), "NOTHING_TO_ADOPT");
  EXPECT_EQ(RuleOf(authority_->AdoptDirectory(**copy.Published(), "x", kNow)), "ROLLBACK");
  DirectoryUpload forged = second_;
  forged.note[forged.note.size() - 20] ^= 1;
  EXPECT_FALSE(copy.AdoptDirectory(forged, "x", kNow).ok());
  DirectoryUpload part = second_;
  part.lines.resize(1);
  EXPECT_EQ(RuleOf(copy.AdoptDirectory(part, "x", kNow)), "DIGEST_MISMATCH");
  // Version 2 of the copy, published, is another text than version 2 here.
  ASSERT_TRUE(copy.Suspend(*MemberId::Parse("h1"), "x", kNow).ok());
  ASSERT_TRUE(copy.PrepareDirectory(std::nullopt, 0, kNow).ok());
  ASSERT_TRUE(copy.CommitDirectory().ok());
  EXPECT_EQ(RuleOf(copy.AdoptDirectory(second_, "x", kNow)), "DIRECTORY_FORK");
}

// Given up with --anew, signed by enough, and uploaded by somebody after all.
TEST_F(AdoptDirectory, WhatWasOnItsWayUnderThatNumberIsDropped) {
  Authority copy = Copy();
  ASSERT_TRUE(copy.Suspend(*MemberId::Parse("h1"), "x", kNow).ok());
  ASSERT_TRUE(copy.PrepareDirectory(std::nullopt, 0, kNow).ok());
  ASSERT_TRUE(copy.HasDirectoryOnItsWay());
  EXPECT_EQ(RuleOf(copy.SettleDirectory(HeldOf(second_)).status()), "DIRECTORY_AHEAD");
  ASSERT_TRUE(copy.AdoptDirectory(second_, "uploaded by an analyst", kNow).ok());
  EXPECT_FALSE(copy.HasDirectoryOnItsWay());
  EXPECT_EQ(copy.draft().records.members.size(), 3u);
}

}  // namespace
}  // namespace shield
