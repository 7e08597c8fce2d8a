// The two sides of a decision: a bulletin as policy sees it, and who wants it.
//
//   ASSIGN_OR_RETURN(Terms terms, TermsOf(*directory, statement, opened_tokens));
//   Decision decision = Decide(*directory, terms, Reader::Holder(member), now);
//
// Policy never sees content. What it must believe about the bulletin (is the signature good, is it
// withdrawn, did the author's key hold at publish) is found out by others and stands here as facts.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "policy/audience_token.h"
#include "policy/directory.h"
#include "policy/labels.h"
#include "policy/period.h"
#include "policy/statement.h"
#include "policy/targets.h"
#include "policy/vocabulary.h"

namespace shield {

// What became of a bulletin since it was published. Its window is not a state: time tells.
enum class BulletinState { kLive, kWithdrawn, kSuperseded };

// How the author's right to publish is to be judged.
enum class AuthorStanding {
  // By the directory at hand: account, role and kind of organisation must fit the class now.
  kCheckNow,
  // It was judged at publish and the log proves that the bulletin came before whatever changed; so
  // does one's own record of having received it then. The broker uses this for what it committed.
  kProvenAtPublish,
  // The key had ended, and nothing proves that the bulletin came before that.
  kKeyEnded,
};

// The source lets someone have a bulletin that its label alone would not.
struct Permission {
  std::optional<OrgId> org = {};
  std::optional<MemberId> member = {};
  Period period = {};
};

// Value. TermsOf fills everything a statement says; the last block is for the caller to fill.
struct Terms {
  MemberId author;
  OrgId source;           // the author's organisation at publish
  CommunityId community;  // of that organisation
  BulletinClass bulletin_class = BulletinClass::kContent;
  BulletinStatus status = BulletinStatus::kActual;
  Tlp tlp = Tlp::kUnspecified;
  absl::Time issued = absl::UnixEpoch();
  absl::Time not_before = absl::UnixEpoch();
  absl::Time expires = absl::UnixEpoch();
  Targets targets = {};
  // Bulletins it refers to: a permit's named readers have the source's permission.
  std::vector<Relation> relations = {};

  bool signature_valid = true;
  std::optional<Tlp> inner_label = {};  // inside the sealed content, once opened
  BulletinState state = BulletinState::kLive;
  AuthorStanding author_standing = AuthorStanding::kCheckNow;
  std::vector<Permission> permissions = {};

  bool Refers(Relation relation) const;
};

// `audience` is the statement's with hidden tokens replaced by what they stand for, as far as known
// (policy/proof/hidden_audience.h).
Terms TermsOf(const Statement& statement, const OrgRecord& source,
              std::vector<AudienceToken> audience);
// The same, the source looked up. PERMISSION_DENIED, UNKNOWN_CALLER: the author is not enrolled.
absl::StatusOr<Terms> TermsOf(const Directory& directory, const Statement& statement,
                              std::vector<AudienceToken> audience);

// Who wants a bulletin, and through which door. Value.
struct Reader {
  enum class Door { kMember, kPublic };  // a known TLS peer; or the web, a feed, anyone

  // A member with an inbox entry of the bulletin (or of an extension of it).
  static Reader Holder(MemberId member);
  // A member without one.
  static Reader WithoutEntry(MemberId member);
  // Nobody in particular.
  static Reader Public();

  std::optional<MemberId> member = {};
  Door door = Door::kMember;
  bool in_snapshot = false;
  std::optional<OrgId> org_at_publish = {};  // where the member was then, if known
  int hops = 0;                              // network borders crossed; 0 until networks are joined
  int peer_cap = kMaxVetting;                // the most a joined network's vetting counts for here
};

inline constexpr int kMaxHops = 1;

}  // namespace shield
