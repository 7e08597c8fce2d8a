// From a home to what a briefing can be made of: everything that is held, each with what policy has
// to know of it, and of each content no more than a briefing says.
//
//   ASSIGN_OR_RETURN(Gathered gathered, Gather(client, home, GatheredFor::kOthers, language,
//                                             fetching));
//
// Contents are opened one by one. Of a body kKeptBodyBytes stay, which is more than any format but
// JSON shows, so that 5,000 bulletins of the largest size there is take 100 MB.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/client.h"
#include "client/digest/admit.h"
#include "client/digest/language.h"
#include "client/digest/publish/held_edition.h"
#include "client/digest/show/read_body.h"
#include "client/home/home.h"
#include "policy/proof/verified_directory.h"

namespace shield {

inline constexpr size_t kKeptBodyBytes =
    show::kMaxBodyBytes + 4;  // beyond what is read: it was cut

// Between which moments content for everyone was issued that was sealed to this member under one
// version of the directory: for that long it was in standing.
struct StandingSpan {
  absl::Time first = absl::InfiniteFuture();
  absl::Time last = absl::InfinitePast();
};

struct Gathered {
  MemberId member;
  std::shared_ptr<const VerifiedDirectory> directory;  // the newest that is here
  // When this member was certainly enrolled: the earliest moment of what the broker delivered to
  // it.
  absl::Time enrolled_by = absl::InfiniteFuture();
  // The directory versions under which GREEN or CLEAR content was sealed to it.
  absl::flat_hash_map<uint64_t, StandingSpan> in_standing = {};
  // Of those, what is here of the directories under which something was sealed that an edition
  // lists and that never came (NoteDirectories).
  absl::flat_hash_map<uint64_t, std::shared_ptr<const VerifiedDirectory>> directories = {};
  // Every bulletin that came, however and whatever became of it; of a share that holds, its
  // original too. Of what is closed for now, that whose signer is known.
  absl::flat_hash_set<BulletinId> held = {};
  // In the order they came. Each bulletin once: where a bulletin and a share of it are held, the
  // bulletin; of several shares the first.
  std::vector<BriefingCandidate> candidates = {};
  std::vector<HeldEdition> editions = {};  // all of them, in the order they came
};

// Whether the broker has delivered it as an entry of its own.
bool WasDelivered(const InboxItem& item);

// Notes in `enrolled_by`, `in_standing` and `held` what this item says of its reader. What nobody
// could have signed, and what a share that does not hold passes on, is not held.
void NoteHeld(const InboxItem& item, Gathered& gathered);

// Whom what is gathered is for. For others a share stands under the id of what it passes on, which
// is how they hold it; for oneself under its own, by which it is found in the inbox.
enum class GatheredFor { kOthers, kMine };

// Notes in `directories` what FindOmissions has to know of versions other than the newest; a
// version that is not here is passed over. Errors are the client's.
absl::Status NoteDirectories(Client& client, Gathered& gathered);

// What it finds to be an edition is noted in `home`, which is the client's (edition_notes.h), and
// what has been noted is one, though its content is gone. For others, extensions are lifted
// (lift_extensions.h).
//
// `fetching`: whether what has come without its content is fetched. Errors are those of the client:
// NOT_FOUND before the first directory. Whom a bulletin was sent to is known of what this home
// published, and where it has the very directory that the statement names.
absl::StatusOr<Gathered> Gather(Client& client, const Home& home, GatheredFor whom,
                                Language language, Fetching fetching);

}  // namespace shield
