// Whom a bulletin was sent to, as far as its author's signature shows it.
//
//   std::optional<std::vector<MemberId>> members = FindSentTo(*directory, statement, lists);
//
// The statement names its recipients by their number and one root over their seal keys and slots
// (policy/proof/recipient_set.h). A list from anyone is as good as the root it leads to: with a
// member more, fewer or exchanged it leads elsewhere. Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/digest.h"
#include "base/strong_id.h"
#include "policy/directory.h"
#include "policy/statement.h"
#include "policy/terms.h"

namespace shield {

// A member and SHA-256 of the slot that was sealed to it.
struct SentSlot {
  MemberId member;
  Digest slot_digest;
};
using SentList = std::vector<SentSlot>;  // in any order

// The members, sorted, of the first list that is the set `statement` names, with the seal keys that
// `directory` has of them for the moment it was issued. Nothing when none is.
std::optional<std::vector<MemberId>> FindSentTo(const Directory& directory,
                                                const Statement& statement,
                                                std::span<const SentList> lists);

// The same without any list, for content whose statement names exactly this directory: whoever
// publishes resolves the audience from it (policy/audience.h) and seals to those who have a key
// (policy/seal_key.h), and the broker takes no other set.
// `note_digest` is SHA-256 of the directory note's text. Nothing when the directory is another, a
// word of the audience is hidden here, or the number is not the statement's.
std::optional<std::vector<MemberId>> SentUnder(const Directory& directory,
                                               const Digest& note_digest,
                                               const Statement& statement, const Terms& terms);

}  // namespace shield
