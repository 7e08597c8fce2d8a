#include "client/digest/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "crypto/age_recipient.h"
#include "crypto/sha256.h"
#include "policy/audience.h"
#include "policy/proof/recipient_set.h"
#include "policy/proof/verified_directory.h"
#include "tests/policy/proof/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

MemberId Member(absl::string_view id) { return *MemberId::Parse(id); }

class SnapshotTest : public ::testing::Test {
 protected:
  SnapshotTest() {
    network_.AddOrg("police", OrgKind::kAuthority);
    network_.AddMember("jan", "police", {Role::kAnalyst});
    network_.AddOrg("hotel", OrgKind::kMember);
    for (const char* seat : {"an", "bo", "cy"}) network_.AddMember(seat, "hotel", {Role::kReader});
  }

  SentSlot SlotOf(absl::string_view id) const {
    return {Member(id), Sha256(absl::StrCat("slot of ", id))};
  }

  // A statement of jan's, sealed to exactly these.
  Statement SealedTo(const VerifiedDirectory& verified, const SentList& list) {
    Statement statement = network_.StatementBy("jan", verified);
    const Directory& directory = verified.directory();
    std::vector<Recipient> recipients;
    recipients.reserve(list.size());
    for (const SentSlot& slot : list) {
      const KeyRecord* key = directory.ActiveKey(slot.member, KeyUse::kSeal, statement.issued);
      recipients.push_back({ParseAgeRecipient(key->value).value(), slot.slot_digest});
    }
    std::sort(recipients.begin(), recipients.end(),
              [](const Recipient& a, const Recipient& b) { return a.key < b.key; });
    const RecipientSet set = RecipientSet::Create(std::move(recipients)).value();
    statement.recipients = set.size();
    statement.recipients_root = set.Root();
    return statement;
  }

  SampleNetwork network_;
};

TEST_F(SnapshotTest, AListThatLeadsToTheSignedRootIsTheTrueOne) {
  const auto published = network_.Publish();
  const Directory& directory = published.directory->directory();
  const Statement statement =
      SealedTo(*published.directory, {SlotOf("jan"), SlotOf("bo"), SlotOf("an")});
  const std::vector<SentList> lists = {{SlotOf("jan"), SlotOf("an")},
                                       {SlotOf("bo"), SlotOf("jan"), SlotOf("an")}};
  EXPECT_THAT(FindSentTo(directory, statement, lists),
              Optional(ElementsAre(Member("an"), Member("bo"), Member("jan"))));
}

TEST_F(SnapshotTest, OneMoreOneFewerOrAnotherIsNotTheList) {
  const auto published = network_.Publish();
  const Directory& directory = published.directory->directory();
  const Statement statement = SealedTo(*published.directory, {SlotOf("jan"), SlotOf("an")});
  SentSlot other_slot = SlotOf("an");
  other_slot.slot_digest = Sha256("another slot");
  for (const SentList& list :
       {SentList{}, SentList{SlotOf("jan")}, SentList{SlotOf("jan"), SlotOf("bo")},
        SentList{SlotOf("jan"), SlotOf("an"), SlotOf("bo")}, SentList{SlotOf("jan"), SlotOf("jan")},
        SentList{SlotOf("jan"), other_slot},
        SentList{SlotOf("jan"), {Member("nobody"), SlotOf("an").slot_digest}}}) {
    EXPECT_EQ(FindSentTo(directory, statement, std::span(&list, 1)), std::nullopt);
  }
  EXPECT_EQ(FindSentTo(directory, statement, {}), std::nullopt);
}

TEST_F(SnapshotTest, TheDirectoryThatTheStatementNamesTellsWhomItWasSentTo) {
  const auto published = network_.Publish();
  const Directory& directory = published.directory->directory();
  Statement statement = network_.StatementBy("jan", *published.directory);
  statement.tlp = Tlp::kGreen;
  statement.audience = {
      AudienceToken::Community(directory.OrgOf(*directory.FindMember(Member("jan"))).community)};
  const Terms terms = TermsOf(directory, statement, statement.audience).value();
  const auto resolved = ResolveRecipients(directory, terms, statement.issued).value();
  statement.recipients = resolved.recipients.size();
  const auto members = SentUnder(directory, statement.directory_digest, statement, terms);
  ASSERT_TRUE(members.has_value());
  EXPECT_EQ(members->size(), resolved.recipients.size());
  EXPECT_TRUE(std::is_sorted(members->begin(), members->end()));

  EXPECT_EQ(SentUnder(directory, Sha256("another note"), statement, terms), std::nullopt);
  Statement one_more = statement;
  ++one_more.recipients;
  EXPECT_EQ(SentUnder(directory, statement.directory_digest, one_more, terms), std::nullopt);
  Statement newer = statement;
  ++newer.directory_version;
  EXPECT_EQ(SentUnder(directory, statement.directory_digest, newer, terms), std::nullopt);
  Terms hidden = terms;
  hidden.targets.hidden = true;
  EXPECT_EQ(SentUnder(directory, statement.directory_digest, statement, hidden), std::nullopt);
}

TEST_F(SnapshotTest, WhoHadNoKeyThenWasNotSentIt) {
  for (KeyRecord& key : network_.records().keys) {
    const bool ended = key.member == Member("bo") && key.use == KeyUse::kSeal;
    if (ended) key.period.until = network_.now() - absl::Hours(1);
  }
  const auto published = network_.Publish();
  const Directory& directory = published.directory->directory();
  Statement statement = network_.StatementBy("jan", *published.directory);
  statement.tlp = Tlp::kGreen;
  statement.audience = {
      AudienceToken::Community(directory.OrgOf(*directory.FindMember(Member("jan"))).community)};
  const Terms terms = TermsOf(directory, statement, statement.audience).value();
  // It was sealed to three of the four that it is for.
  statement.recipients = 3;
  EXPECT_THAT(SentUnder(directory, statement.directory_digest, statement, terms),
              Optional(ElementsAre(Member("an"), Member("cy"), Member("jan"))));
  statement.recipients = 4;
  EXPECT_EQ(SentUnder(directory, statement.directory_digest, statement, terms), std::nullopt);
}

}  // namespace
}  // namespace shield::testing
