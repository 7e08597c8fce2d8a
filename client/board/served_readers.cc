#include "client/board/served_readers.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/status.h"
#include "client/board/read_board.h"
#include "client/receive/openings.h"
#include "policy/decide.h"
#include "policy/proof/hidden_audience.h"
#include "policy/terms.h"

namespace shield {
namespace {

// What policy is asked about those who have a bulletin.
struct HeldTerms {
  Terms terms;
  std::shared_ptr<const VerifiedDirectory> at_publish;  // null: that version is not here
};

// Who has it, whatever policy says by now.
absl::StatusOr<std::set<MemberId>> CertainHolders(const ClientParts& parts, InboxShelf& shelf,
                                                  const BulletinId& id, const MemberId& author) {
  ShareMemory memory;
  ASSIGN_OR_RETURN(const StatusBoard board, ReadBoard(parts, shelf, id, /*most_shares=*/0, memory));
  RETURN_IF_ERROR(board.Fault());
  ASSIGN_OR_RETURN(std::optional<std::set<MemberId>> sealed_to, parts.state.SealedTo(id));
  if (sealed_to.has_value()) return *std::move(sealed_to);
  std::set<MemberId> holders = {author, parts.keys.member};
  for (const BoardReader& reader : board.readers) {
    if (reader.signed_for && reader.fault.empty()) holders.insert(reader.member);
  }
  return holders;
}

absl::StatusOr<Terms> TermsOfKept(const ClientParts& parts, const KeptEntry& kept,
                                  const Statement& statement, const Directory& directory) {
  ASSIGN_OR_RETURN(const std::optional<Publication> own, parts.state.FindPublication(statement.id));
  ASSIGN_OR_RETURN(const std::vector<Opening> openings,
                   ReadOpenings(own.has_value() ? own->openings : kept.delivered.openings));
  ASSIGN_OR_RETURN(std::vector<AudienceToken> audience,
                   OpenAudience(statement.audience, openings, OpeningsNeeded::kSome));
  const OrgRecord* source =
      kept.author_org.has_value() ? directory.FindOrg(*kept.author_org) : nullptr;
  if (source != nullptr) return TermsOf(statement, *source, std::move(audience));
  return TermsOf(directory, statement, std::move(audience));
}

absl::StatusOr<HeldTerms> TermsOfHeld(const ClientParts& parts, const KeptEntry& kept,
                                      const Statement& statement, const Directory& directory) {
  ASSIGN_OR_RETURN(Terms terms, TermsOfKept(parts, kept, statement, directory));
  // Its author's right to publish it was judged when it came.
  terms.author_standing = AuthorStanding::kProvenAtPublish;
  HeldTerms held{std::move(terms), nullptr};
  const uint64_t version = statement.directory_version;
  const auto at_publish = parts.directory.At(version);
  if (at_publish.ok() && (*at_publish)->version() == version) held.at_publish = *at_publish;
  return held;
}

// Whoever is named in person is meant as one of an organisation. Where it was then must be known:
// it may have moved.
bool MayHaveNow(const MemberId& member, const HeldTerms& held, const Directory& directory,
                absl::Time now) {
  Reader reader = Reader::Holder(member);
  const MemberRecord* then =
      held.at_publish != nullptr ? held.at_publish->directory().FindMember(member) : nullptr;
  if (then != nullptr) reader.org_at_publish = then->org;
  // Who holds it under embargo need not be sent it again.
  const absl::Time moment = std::max(now, held.terms.not_before);
  const Decision decision = Decide(directory, held.terms, reader, moment);
  const bool by_name =
      decision.rule == Rule::kNamedPerson || decision.rule == Rule::kSourcePermission;
  return decision.allowed && (then != nullptr || !by_name);
}

}  // namespace

absl::StatusOr<std::set<MemberId>> ServedReaders(const ClientParts& parts, InboxShelf& shelf,
                                                 const BulletinId& id) {
  ASSIGN_OR_RETURN(const KeptEntry kept, shelf.Find(id));
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(kept.delivered.statement));
  ASSIGN_OR_RETURN(std::set<MemberId> served, CertainHolders(parts, shelf, id, statement.author));
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Newest());
  ASSIGN_OR_RETURN(const HeldTerms held,
                   TermsOfHeld(parts, kept, statement, directory->directory()));
  const absl::Time now = parts.clock.Now();
  std::erase_if(served, [&](const MemberId& member) {
    return !MayHaveNow(member, held, directory->directory(), now);
  });
  return served;
}

}  // namespace shield
