#include "client/digest/publish/gather.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "client/digest/publish/edition_notes.h"
#include "client/digest/publish/lift_extensions.h"
#include "client/digest/snapshot.h"

namespace shield {
namespace {

// What a statement that holds ends, and when it was issued.
using Endings = absl::flat_hash_map<BulletinId, absl::Time>;

BulletinState StateOf(InboxState state) {
  if (state == InboxState::kWithdrawn) return BulletinState::kWithdrawn;
  if (state == InboxState::kSuperseded) return BulletinState::kSuperseded;
  return BulletinState::kLive;
}

void CutBody(std::string& body) {
  if (body.size() <= kKeptBodyBytes) return;
  size_t end = kKeptBodyBytes;
  while (end > 0 && (static_cast<unsigned char>(body[end]) & 0xC0) == 0x80) --end;
  body.resize(end);
  body.shrink_to_fit();
}

std::vector<std::string> ValuesOf(const std::vector<AudienceToken>& audience,
                                  AudienceToken::Kind kind) {
  std::vector<std::string> values;
  for (const AudienceToken& token : audience) {
    if (token.kind == kind) values.push_back(token.value);
  }
  return values;
}

// Which bulletin this one takes the place of.
std::optional<BulletinId> Replaced(const Statement& statement) {
  const Reference* reference = statement.Find(Relation::kSupersedes);
  if (reference == nullptr) reference = statement.Find(Relation::kRelabels);
  return reference == nullptr ? std::nullopt : std::optional<BulletinId>(reference->id);
}

// What this one carries to more readers.
std::vector<BulletinId> Carried(const Statement& statement) {
  std::vector<BulletinId> carried;
  for (const Reference& reference : statement.references) {
    const bool carries =
        reference.relation == Relation::kExtends || reference.relation == Relation::kPermits;
    if (carries) carried.push_back(reference.id);
  }
  return carried;
}

// The one bulletin that it extends; nothing where there are several, or none.
std::optional<BulletinId> Extended(const Statement& statement) {
  std::optional<BulletinId> extended;
  for (const Reference& reference : statement.references) {
    if (reference.relation != Relation::kExtends) continue;
    if (extended.has_value()) return std::nullopt;
    extended = reference.id;
  }
  return extended;
}

// One pass over a home.
class Gathering {
 public:
  Gathering(Client& client, GatheredFor whom, Language language, EditionNotes& notes,
            Gathered& gathered)
      : client_(client), whom_(whom), language_(language), notes_(notes), gathered_(gathered) {}

  // Whether there are more notes than before.
  bool has_noted() const { return has_noted_; }

  absl::Status Take(ShelvedBulletin&& shelved) {
    const InboxState state = shelved.opened.item.state;
    NoteHeld(shelved.opened.item, gathered_);
    if (state == InboxState::kRefused) return absl::OkStatus();
    if (state != InboxState::kEmbargoed) NoteEndings(shelved.opened.item);
    if (shelved.notice || shelved.statement.IsWithdrawal()) return absl::OkStatus();
    const std::optional<Terms> terms = TermsOfShelved(shelved);
    if (!terms.has_value()) return absl::OkStatus();
    ASSIGN_OR_RETURN(BriefingCandidate candidate, CandidateOf(shelved, *terms));
    if (candidate.is_edition) gathered_.editions.push_back(EditionOf(shelved, candidate));
    Keep(std::move(candidate), shelved.statement.id);
    return absl::OkStatus();
  }

  void Finish() {
    for (size_t index = 0; index < gathered_.candidates.size(); ++index) {
      BriefedBulletin& bulletin = gathered_.candidates[index].bulletin;
      const auto ended = endings_.find(originals_[index]);
      const bool has_ended =
          bulletin.state == InboxState::kWithdrawn || bulletin.state == InboxState::kSuperseded;
      if (has_ended && ended != endings_.end()) bulletin.ended = ended->second;
    }
    MarkReplacedEditions();
    if (whom_ == GatheredFor::kOthers) {
      LiftExtensions(gathered_.directory->directory(), gathered_.candidates);
    }
  }

 private:
  // What an edition has replaced was one, though its content is gone.
  void MarkReplacedEditions() {
    for (const BriefingCandidate& candidate : gathered_.candidates) {
      if (!candidate.is_edition) continue;
      std::optional<BulletinId> older = candidate.bulletin.supersedes;
      for (size_t steps = 0; older.has_value() && steps < gathered_.candidates.size(); ++steps) {
        const auto found = places_.find(*older);
        if (found == places_.end()) break;
        BriefingCandidate& replaced = gathered_.candidates[found->second];
        if (replaced.terms.source != candidate.terms.source || replaced.is_edition) break;
        replaced.is_edition = true;
        older = replaced.bulletin.supersedes;
      }
    }
  }

  void NoteEndings(const InboxItem& item) {
    for (const Reference& reference : item.references) {
      const bool ends = reference.relation == Relation::kWithdraws ||
                        reference.relation == Relation::kSupersedes ||
                        reference.relation == Relation::kRelabels;
      if (!ends) continue;
      const auto [found, first] = endings_.emplace(reference.id, item.issued);
      if (!first) found->second = std::min(found->second, item.issued);
    }
  }

  std::optional<Terms> TermsOfShelved(const ShelvedBulletin& shelved) const {
    const Directory& directory = gathered_.directory->directory();
    const InboxItem& item = shelved.opened.item;
    const OrgRecord* source =
        item.author_org.has_value() ? directory.FindOrg(*item.author_org) : nullptr;
    std::optional<Terms> terms;
    if (source != nullptr) {
      terms = TermsOf(shelved.statement, *source, shelved.audience);
    } else {
      absl::StatusOr<Terms> found = TermsOf(directory, shelved.statement, shelved.audience);
      if (!found.ok()) return std::nullopt;
      terms = *std::move(found);
    }
    terms->state = StateOf(item.state);
    // It held when it came here: who its author is by now changes nothing.
    terms->author_standing = AuthorStanding::kProvenAtPublish;
    if (shelved.opened.content.tlp != Tlp::kUnspecified) {
      terms->inner_label = shelved.opened.content.tlp;
    }
    return terms;
  }

  absl::StatusOr<BriefingCandidate> CandidateOf(const ShelvedBulletin& shelved,
                                                const Terms& terms) {
    const InboxItem& item = shelved.opened.item;
    BriefingCandidate candidate{
        .bulletin = {.id = whom_ == GatheredFor::kMine ? *item.id : shelved.statement.id,
                     .text_digest = shelved.text_digest,
                     .author = terms.author,
                     .source = terms.source},
        .terms = terms};
    BriefedBulletin& bulletin = candidate.bulletin;
    candidate.by_share = item.shared_by.has_value();
    candidate.org_at_publish = shelved.own_org;
    candidate.directory_version = shelved.statement.directory_version;
    candidate.delivered = WasDelivered(item);
    candidate.is_edition =
        shelved.opened.content.kind == kEditionKind || notes_.Find(shelved.statement.id) != nullptr;
    bulletin.shared_by = item.shared_by;
    bulletin.bulletin_class = terms.bulletin_class;
    bulletin.tlp = terms.tlp;
    bulletin.priority = shelved.statement.priority;
    bulletin.status = terms.status;
    bulletin.issued = terms.issued;
    bulletin.not_before = terms.not_before;
    bulletin.expires = terms.expires;
    bulletin.state = item.state;
    bulletin.supersedes = Replaced(shelved.statement);
    bulletin.acknowledged = item.acknowledged;
    bulletin.sectors = ValuesOf(shelved.audience, AudienceToken::Kind::kSector);
    bulletin.regions = ValuesOf(shelved.audience, AudienceToken::Kind::kRegion);
    if (item.state == InboxState::kLive && terms.tlp != Tlp::kRed) {
      bulletin.content = ReadBriefedContent(shelved.opened.content, language_);
      CutBody(bulletin.content.body);
    }
    if (whom_ == GatheredFor::kOthers) {
      candidate.extends = Extended(shelved.statement);
      ASSIGN_OR_RETURN(candidate.sent_to, SentTo(shelved, terms));
    }
    return candidate;
  }

  HeldEdition EditionOf(const ShelvedBulletin& shelved, const BriefingCandidate& candidate) {
    HeldEdition edition{candidate.bulletin.id, candidate.bulletin.author, candidate.bulletin.source,
                        candidate.bulletin.state};
    edition.log_index = shelved.opened.item.log_index;
    edition.issued = candidate.bulletin.issued;
    edition.carries = Carried(shelved.statement);
    edition.permits = shelved.statement.Find(Relation::kPermits) != nullptr;
    std::optional<EditionDetails> details = ReadEditionDetails(shelved.opened.content.json);
    const BulletinId& id = shelved.statement.id;
    if (details.has_value()) {
      has_noted_ = notes_.Add({id, details->week, details->tier, details->revision}) || has_noted_;
    }
    if (const EditionNote* note = notes_.Find(id); note != nullptr) {
      edition.week = note->week;
      edition.tier = note->tier;
      edition.revision = note->revision;
    }
    edition.readable = CanReadParts(shelved.opened.content.json);
    if (!details.has_value()) return edition;
    edition.language = details->language;
    edition.to = std::move(details->to);
    edition.contains = std::move(details->contains);
    edition.ended = std::move(details->ended);
    edition.listed = std::move(details->listed);
    return edition;
  }

  using SetOrNull = std::shared_ptr<const MemberSet>;

  absl::StatusOr<SetOrNull> SentTo(const ShelvedBulletin& shelved, const Terms& terms) {
    if (shelved.sealed_to.has_value()) {
      return SetOf({shelved.sealed_to->begin(), shelved.sealed_to->end()});
    }
    if (shelved.opened.item.shared_by.has_value()) return SetOrNull();
    const uint64_t version = shelved.statement.directory_version;
    const auto then = client_.DirectoryAt(version);
    if (absl::IsNotFound(then.status())) return SetOrNull();
    RETURN_IF_ERROR(then.status());
    const std::optional<std::vector<MemberId>> members =
        SentUnder((*then)->directory(), (*then)->digest(), shelved.statement, terms);
    return members.has_value() ? SetOf(*members) : SetOrNull();
  }

  // Thousands are sent to the same: one set stands for all of them.
  SetOrNull SetOf(const std::vector<MemberId>& members) {
    SetOrNull& set = sets_[members];
    if (set == nullptr) {
      set = std::make_shared<const MemberSet>(
          MemberSet::Of(gathered_.directory->directory(), members));
    }
    return set;
  }

  void Keep(BriefingCandidate candidate, const BulletinId& original) {
    const auto [found, first] = places_.emplace(original, gathered_.candidates.size());
    if (first) {
      gathered_.candidates.push_back(std::move(candidate));
      originals_.push_back(original);
    } else if (!candidate.by_share && gathered_.candidates[found->second].by_share) {
      gathered_.candidates[found->second] = std::move(candidate);
    }
  }

  Client& client_;
  const GatheredFor whom_;
  const Language language_;
  EditionNotes& notes_;
  bool has_noted_ = false;
  Gathered& gathered_;
  Endings endings_;
  absl::flat_hash_map<BulletinId, size_t> places_;  // of what is held, however it came
  std::vector<BulletinId> originals_;               // of each candidate
  std::map<std::vector<MemberId>, SetOrNull> sets_;
};

}  // namespace

bool WasDelivered(const InboxItem& item) {
  return item.seq > 0 && !item.carried && !item.shared_by.has_value() &&
         item.state != InboxState::kRefused;
}

void NoteHeld(const InboxItem& item, Gathered& gathered) {
  const bool holds = item.state != InboxState::kRefused;
  if (item.id.has_value() && (holds || (item.closed_now && item.signer_known))) {
    gathered.held.insert(*item.id);
  }
  if (!holds) return;
  for (const Reference& reference : item.references) {
    if (reference.relation == Relation::kShares) gathered.held.insert(reference.id);
  }
  if (!WasDelivered(item)) return;
  gathered.enrolled_by = std::min(gathered.enrolled_by, item.issued);
  const bool is_for_many = item.bulletin_class == BulletinClass::kContent &&
                           (item.tlp == Tlp::kGreen || item.tlp == Tlp::kClear);
  if (!is_for_many) return;
  StandingSpan& span = gathered.in_standing[item.directory_version];
  span.first = std::min(span.first, item.issued);
  span.last = std::max(span.last, item.issued);
}

absl::Status NoteDirectories(Client& client, Gathered& gathered) {
  for (const HeldEdition& edition : gathered.editions) {
    for (const ListedBulletin& listed : edition.listed) {
      const uint64_t version = listed.directory_version;
      const bool matters = !gathered.held.contains(listed.id) &&
                           gathered.in_standing.contains(version) &&
                           !gathered.directories.contains(version);
      if (!matters) continue;
      absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> then = client.DirectoryAt(version);
      if (!then.ok() && !absl::IsNotFound(then.status())) return then.status();
      gathered.directories.emplace(version, then.ok() ? *std::move(then) : nullptr);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Gathered> Gather(Client& client, const Home& home, GatheredFor whom,
                                Language language, Fetching fetching) {
  ASSIGN_OR_RETURN(const auto directory, client.NewestDirectory());
  Gathered gathered{client.member(), directory};
  ASSIGN_OR_RETURN(EditionNotes notes, ReadEditionNotes(home));
  Gathering gathering(client, whom, language, notes, gathered);
  RETURN_IF_ERROR(client.VisitShelf(fetching, [&gathering](ShelvedBulletin&& shelved) {
    return gathering.Take(std::move(shelved));
  }));
  gathering.Finish();
  if (gathering.has_noted()) RETURN_IF_ERROR(WriteEditionNotes(home, notes));
  RETURN_IF_ERROR(NoteDirectories(client, gathered));
  return gathered;
}

}  // namespace shield
