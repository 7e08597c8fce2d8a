#include "tests/policy/edition_oracle.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/policy/second_model.h"

namespace shield::testing {
namespace {

const absl::Time kNow = RandomNetwork::Now();

// The rule of the edition, read from its text for one reader and one bulletin, with the second
// model's answers.
bool MayHave(const RandomEdition& random, const RandomBulletin& bulletin, const MemberId& reader) {
  Terms live = bulletin.terms;
  live.state = BulletinState::kLive;
  if (live.expires <= kNow) live.expires = kNow + absl::Hours(1);
  const SecondModel model(*random.directory, live, bulletin.words, kNow);
  const auto sent = model.Answers({.in_snapshot = true}).at(reader);
  const auto not_sent = model.Answers({.in_snapshot = false}).at(reader);
  if (!absl::StartsWith(sent, "allow:")) return false;
  const bool was_sent = bulletin.sent_to.has_value() &&
                        std::count(bulletin.sent_to->begin(), bulletin.sent_to->end(), reader) > 0;
  if (was_sent || absl::StartsWith(not_sent, "allow:")) {
    const bool hidden = std::any_of(bulletin.words.begin(), bulletin.words.end(),
                                    [](const auto& word) { return word.substr(0, 2) == "h:"; });
    return was_sent || !hidden;
  }
  if (sent == "allow:SOURCE_ORG") {
    return std::none_of(bulletin.words.begin(), bulletin.words.end(),
                        [](const auto& word) { return word.substr(0, 2) == "h:"; });
  }
  return bulletin.terms.tlp == Tlp::kGreen &&
         std::all_of(bulletin.words.begin(), bulletin.words.end(),
                     [](const auto& word) { return absl::StartsWith(word, "community:"); }) &&
         std::count(bulletin.words.begin(), bulletin.words.end(),
                    absl::StrCat("community:", bulletin.terms.community.text())) > 0;
}

// Whether the directory has a key to seal to now, looked for in all of its keys.
bool HasKey(const Directory& directory, const MemberId& member) {
  return std::any_of(directory.keys().begin(), directory.keys().end(), [&](const KeyRecord& key) {
    return key.member == member && key.use == KeyUse::kSeal && key.period.from <= kNow &&
           kNow < key.period.until;
  });
}

bool InTier(const RandomEdition& random, const RandomBulletin& bulletin) {
  const Terms& terms = bulletin.terms;
  const auto& words = bulletin.words;
  if (terms.bulletin_class != BulletinClass::kContent) return false;
  if (terms.status == BulletinStatus::kTest || terms.tlp < random.edition.tlp) return false;
  if (random.edition.tlp != Tlp::kGreen) return true;
  const bool wide = std::all_of(words.begin(), words.end(), [](const auto& word) {
    return word == "public" || absl::StartsWith(word, "community:");
  });
  const bool open = std::count(words.begin(), words.end(), "public") > 0
                        ? terms.tlp == Tlp::kClear
                        : std::count(words.begin(), words.end(),
                                     absl::StrCat("community:", terms.community.text())) > 0;
  return wide && open;
}

}  // namespace

std::vector<MemberId> ReadersOf(const RandomEdition& random) {
  const MemberRecord& author = *random.directory->FindMember(random.edition.author);
  std::vector<std::string> words = random.words;
  const CommunityId community = random.directory->OrgOf(author).community;
  if (words.empty()) words.push_back(absl::StrCat("community:", community.text()));
  const Terms terms{.author = author.id,
                    .source = author.org,
                    .community = community,
                    .tlp = random.edition.tlp,
                    .issued = kNow,
                    .not_before = kNow,
                    .expires = kNow + absl::Hours(1)};
  std::vector<MemberId> readers = SecondModel(*random.directory, terms, words, kNow).Recipients();
  std::erase_if(readers, [&](const MemberId& reader) {
    return reader == author.id || !HasKey(*random.directory, reader);
  });
  return readers;
}

bool MayEnter(const RandomEdition& random, const RandomBulletin& bulletin,
              const std::vector<MemberId>& readers) {
  // With no reader to refuse it, it must still be one that may be read at all.
  const bool sound =
      SecondModel(*random.directory, bulletin.terms, bulletin.words, kNow).StrangerAnswer() ==
      "deny:UNKNOWN_CALLER";
  return sound && InTier(random, bulletin) &&
         std::all_of(readers.begin(), readers.end(),
                     [&](const MemberId& reader) { return MayHave(random, bulletin, reader); });
}

}  // namespace shield::testing
