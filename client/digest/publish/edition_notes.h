// Which bulletins this home has seen to be editions, and of what: when one has been withdrawn its
// content is gone, and only this tells it from the bulletins that a briefing is made of.
//
//   edition-notes      of a home: one line each, "<id> <week> <tier> <revision>", oldest first
//
// Nothing in it says what an edition tells. Of two programs that note at the same time one may lose
// what the other noted; it is noted again as long as the edition can be read.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/strong_id.h"
#include "client/digest/tier.h"
#include "client/digest/week.h"
#include "client/home/home.h"

namespace shield {

// Beyond so many the oldest are forgotten: three tiers every week for sixty years.
inline constexpr size_t kMaxEditionNotes = 10'000;

struct EditionNote {
  BulletinId id;
  Week week;
  Tier tier = Tier::kGreen;
  int revision = 1;

  friend bool operator==(const EditionNote&, const EditionNote&) = default;
};

// Value: the notes in their order, each id once.
class EditionNotes {
 public:
  // Lines that are none are passed over: half a file is better than no briefing. Pure.
  static EditionNotes Parse(absl::string_view text);
  std::string Print() const;

  // Null when it was not noted. Borrows until the next Add.
  const EditionNote* Find(const BulletinId& id) const;
  // False when it is there already.
  bool Add(const EditionNote& note);
  size_t size() const { return notes_.size(); }

 private:
  std::vector<EditionNote> notes_;
  absl::flat_hash_map<BulletinId, size_t> places_;
};

// Empty where there is none yet. Errors of ReadSmallFile and WritePrivateFile.
absl::StatusOr<EditionNotes> ReadEditionNotes(const Home& home);
absl::Status WriteEditionNotes(const Home& home, const EditionNotes& notes);

}  // namespace shield
