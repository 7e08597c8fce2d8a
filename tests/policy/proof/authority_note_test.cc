// What network.shield pins is rotated: each time signed by those before and by the new ones.
#include "policy/proof/authority_note.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "tests/policy/mutations.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

using testing::SampleNetwork;
using testing::SeededRandom;

// Two of the three keys 1 to 3; rotations bring in keys 4, 5 and 6.
class Rotation : public ::testing::Test {
 protected:
  Rotation() {
    for (int i = 4; i <= 6; ++i) added_.push_back(SigningKey::Generate(random_));
  }

  const NetworkFile& first() const { return network_.file(); }
  static std::string Name(int number) {
    return absl::StrCat(testing::kSampleOrigin, "/authority-", number);
  }
  const SigningKey& Key(int number) const {
    if (number > 3) return added_[static_cast<size_t>(number - 4)];
    return network_.KeyOf(absl::StrCat("authority-", number));
  }
  VerifierKey Public(int number) const { return *Key(number).Verifier(Name(number)); }

  // `from` with these keys.
  NetworkFile With(const NetworkFile& from, const std::vector<int>& keys,
                   uint64_t threshold) const {
    NetworkFile to = from;
    to.authority.clear();
    for (const int number : keys) to.authority.push_back(Public(number));
    to.threshold = threshold;
    return to;
  }
  std::string Note(const NetworkFile& from, const NetworkFile& to,
                   const std::vector<int>& signers) const {
    const std::string text = PrintAuthorityNote(from, to);
    std::string note = SignNote(text, Name(signers[0]), Key(signers[0]));
    for (size_t i = 1; i < signers.size(); ++i) {
      note = *AddSignature(note, Name(signers[i]), Key(signers[i]));
    }
    return note;
  }
  std::string RuleFor(const NetworkFile& to, const std::vector<int>& signers) const {
    return RuleOf(FollowAuthority(first(), Note(first(), to, signers)).status());
  }

  SampleNetwork network_{3, 2};
  SeededRandom random_{21};
  std::vector<SigningKey> added_;
};

TEST_F(Rotation, IsSignedByTheThresholdBeforeAndByTheNewOne) {
  const NetworkFile next = With(first(), {3, 4, 5}, 2);
  const absl::StatusOr<NetworkFile> now =
      FollowAuthority(first(), Note(first(), next, {1, 2, 4, 5}));
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(now->rotation, 1u);
  EXPECT_EQ(now->authority.size(), 3u);
  EXPECT_EQ(now->rotation_digest, Sha256(PrintAuthorityNote(first(), next)));
  EXPECT_EQ(*ParseNetworkFile(PrintNetworkFile(*now)), *now);
  EXPECT_TRUE(FollowAuthority(first(), Note(first(), next, {1, 3, 4})).ok()) << "3 is in both";
  for (const std::vector<int>& few :
       {std::vector<int>{1, 4, 5}, std::vector<int>{1, 2, 4}, std::vector<int>{4, 5}}) {
    EXPECT_EQ(RuleFor(next, few), "BAD_SIGNATURE");
  }
}

TEST_F(Rotation, IsWalkedFromAnyNetworkFileToTheNewest) {
  const NetworkFile second = With(first(), {3, 4, 5}, 2);
  const std::string one = Note(first(), second, {1, 2, 4, 5});
  const NetworkFile after_one = *FollowAuthority(first(), one);
  const NetworkFile third = With(after_one, {6}, 1);
  const std::string two = Note(after_one, third, {3, 4, 6});
  const std::string chain = JoinAuthorityChain(one, two);
  EXPECT_EQ(SplitAuthorityChain(chain)->size(), 2u);
  const absl::StatusOr<NetworkFile> now = FollowAuthority(first(), chain);
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_EQ(now->rotation, 2u);
  EXPECT_EQ(*FollowAuthority(after_one, chain), *now);
  EXPECT_EQ(*FollowAuthority(*now, chain), *now);
  EXPECT_EQ(*FollowAuthority(first(), ""), first());
}

TEST_F(Rotation, NeverGoesBackAndNeverForks) {
  const NetworkFile second = With(first(), {3, 4, 5}, 2);
  const std::string one = Note(first(), second, {1, 2, 4, 5});
  const NetworkFile now = *FollowAuthority(first(), one);
  EXPECT_EQ(RuleOf(FollowAuthority(now, "").status()), "ROLLBACK");
  EXPECT_EQ(*FollowKeptAuthority(now, ""), now);
  const std::string other = Note(first(), With(first(), {1, 2, 6}, 2), {1, 2, 6});
  EXPECT_EQ(RuleOf(FollowAuthority(now, other).status()), "AUTHORITY_FORK");
  // A rotation that does not continue the one before.
  const std::string skipping = JoinAuthorityChain(one, one);
  EXPECT_EQ(RuleOf(FollowAuthority(first(), skipping).status()), "AUTHORITY_FORK");
}

TEST_F(Rotation, EveryMutationIsRefused) {
  const std::string note = Note(first(), With(first(), {1, 4}, 2), {1, 2, 4});
  testing::ForEachMutation(note, [&](const std::string& mutated) {
    EXPECT_FALSE(FollowAuthority(first(), mutated).ok()) << mutated;
  });
}

TEST_F(Rotation, ANameKeepsItsKeyAndAKeyItsName) {
  NetworkFile renamed = With(first(), {1, 2}, 2);
  renamed.authority.push_back(*Key(3).Verifier(Name(9)));
  EXPECT_EQ(RuleFor(renamed, {1, 2}), "AUTHORITY_MALFORMED");
  NetworkFile replaced = With(first(), {1, 2}, 2);
  replaced.authority.push_back(*Key(4).Verifier(Name(3)));
  EXPECT_EQ(RuleFor(replaced, {1, 2}), "AUTHORITY_MALFORMED");
}

// A key goes because it was lost or stolen: neither it nor another under its number comes back.
TEST_F(Rotation, AKeyThatWentNeverComesBackNorDoesItsNumber) {
  const NetworkFile second = With(first(), {1, 2, 4}, 2);
  const std::string one = Note(first(), second, {1, 2, 4});
  const NetworkFile after_one = *FollowAuthority(first(), one);
  NetworkFile renumbered = With(after_one, {1, 2}, 2);
  renumbered.authority.push_back(*Key(5).Verifier(Name(3)));
  NetworkFile renamed = With(after_one, {1, 2}, 2);
  renamed.authority.push_back(*Key(3).Verifier(Name(7)));
  for (const NetworkFile& third : {With(after_one, {1, 2, 3}, 2), renumbered, renamed}) {
    const std::string chain = JoinAuthorityChain(one, Note(after_one, third, {1, 2}));
    EXPECT_EQ(RuleOf(FollowAuthority(first(), chain).status()), "AUTHORITY_MALFORMED");
  }
  // Who pinned the network after the first rotation knows key 4 by the chain alone.
  const NetworkFile third = With(after_one, {1, 2}, 2);
  const std::string two = JoinAuthorityChain(one, Note(after_one, third, {1, 2}));
  const NetworkFile after_two = *FollowAuthority(first(), two);
  const std::string back =
      JoinAuthorityChain(two, Note(after_two, With(after_two, {1, 2, 4}, 2), {1, 2, 4}));
  EXPECT_EQ(RuleOf(FollowAuthority(after_two, back).status()), "AUTHORITY_MALFORMED");
  EXPECT_EQ(RuleOf(FollowAuthority(after_one, back).status()), "AUTHORITY_MALFORMED");
}

// What was seen of a chain is seen whole, not in its last note alone.
TEST_F(Rotation, AChainWithAnotherBeginningIsAFork) {
  const NetworkFile after_one =
      *FollowAuthority(first(), Note(first(), With(first(), {3, 4, 5}, 2), {1, 2, 4, 5}));
  const std::string two = Note(after_one, With(after_one, {6}, 1), {3, 4, 6});
  const std::string one = Note(first(), With(first(), {3, 4, 5}, 2), {1, 2, 4, 5});
  const NetworkFile now = *FollowAuthority(first(), JoinAuthorityChain(one, two));
  const std::string other = Note(first(), With(first(), {1, 2, 6}, 2), {1, 2, 6});
  EXPECT_EQ(RuleOf(FollowAuthority(now, JoinAuthorityChain(other, two)).status()),
            "AUTHORITY_FORK");
}

TEST_F(Rotation, KeysThatAreNoneAndThresholdsThatDoNotFitAreRefused) {
  NetworkFile small = With(first(), {1, 2}, 2);
  small.authority.push_back(*VerifierKey::Create(Name(4), {1}));
  EXPECT_EQ(RuleFor(small, {1, 2}), "AUTHORITY_MALFORMED");
  EXPECT_EQ(RuleFor(With(first(), {1, 2}, 3), {1, 2}), "AUTHORITY_MALFORMED");
  EXPECT_EQ(RuleFor(With(first(), {1, 2}, 0), {1, 2}), "AUTHORITY_MALFORMED");
}

TEST_F(Rotation, MovesTheBrokerUnderTheSameKeys) {
  NetworkFile moved = first();
  moved.broker_address = "new.antwerp.example:8443";
  moved.broker_pin.bytes.fill(9);
  const NetworkFile now = *FollowAuthority(first(), Note(first(), moved, {1, 2}));
  EXPECT_EQ(now.broker_address, moved.broker_address);
  EXPECT_EQ(now.broker_pin, moved.broker_pin);
  EXPECT_EQ(now.authority, first().authority);
}

TEST_F(Rotation, OfAnotherNetworkIsRefused) {
  SampleNetwork other(3, 2, 5);
  NetworkFile foreign = other.file();
  foreign.network = *Origin::Parse("other.example");
  std::string text = PrintAuthorityNote(foreign, foreign);
  EXPECT_EQ(RuleOf(NextNetwork(first(), text).status()), "AUTHORITY_MALFORMED");
}

TEST_F(Rotation, AChainBeyondItsLimitIsRefused) {
  EXPECT_EQ(RuleOf(SplitAuthorityChain(std::string(kMaxAuthorityChainBytes + 1, 'x')).status()),
            "LIMIT_EXCEEDED");
  EXPECT_EQ(RuleOf(SplitAuthorityChain("cut off").status()), "AUTHORITY_MALFORMED");
}

}  // namespace
}  // namespace shield
