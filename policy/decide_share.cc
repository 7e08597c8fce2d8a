// DecideShare: what a recipient may pass on, and to whom. DecidePassedOn: who has it by that.
#include <optional>

#include "policy/account.h"
#include "policy/clients.h"
#include "policy/decide.h"
#include "policy/reading.h"
#include "policy/rule_sentence.h"
#include "policy/selector.h"
#include "policy/share.h"

namespace shield {
namespace {

Verdict Allowed(Rule rule) { return {.allowed = true, .rule = rule}; }
Verdict Denied(Rule rule) { return {.allowed = false, .rule = rule}; }

struct Seat {
  const MemberRecord& member;
  const OrgRecord& org;
};

// One share and what its checks need. `reading` asks for a fetch.
struct Share {
  const Directory& directory;
  const Terms& original;
  const ShareRequest& request;
  absl::Time now;
  const Reading& reading;
};

bool IsReport(const Share& share) {
  return share.original.bulletin_class == BulletinClass::kReport;
}

// What no share gets past: a seat that sees no content, or not this class; borders crossed. The
// author passes.
std::optional<Rule> SeatFault(const Share& share, const Seat& seat, const Reader& reader) {
  if (seat.member.id == share.original.author) return std::nullopt;
  if (!IsReport(share) && reader.hops > kMaxHops) return Rule::kHopLimit;
  if (!SeesContent(seat.member)) return Rule::kNeedToKnowMissing;
  if (IsReport(share) && seat.member.Has(Role::kDigest)) return Rule::kSarPrivate;
  return std::nullopt;
}

// Whether the sharer has the bulletin: by itself, or by a share it got. RED and recalls come to
// nobody by a share.
std::optional<Rule> SharerFault(const Share& share, const Seat& from) {
  const Verdict own = share.reading.Of(from.member, from.org, share.request.from);
  if (own.allowed) return std::nullopt;
  const bool shareable =
      share.original.tlp != Tlp::kRed && share.original.bulletin_class != BulletinClass::kControl;
  if (!share.request.from_holds_by_share || !shareable) return own.rule;
  if (std::optional<Rule> fault = share.reading.AccessFault(from.member, from.org)) return fault;
  if (std::optional<Rule> fault = SeatFault(share, from, share.request.from)) return fault;
  return share.reading.VettingFault(from.member, from.org, share.request.from);
}

// AMBER goes to clients of an organisation it was for, not to their clients in turn.
Verdict ToClient(const Share& share, const Seat& from, const Seat& to) {
  const ClientStanding standing = ClientOf(share.directory, from.org, to.org.id, share.now);
  const bool from_recipient = from.org.id == share.original.source ||
                              IsAddressed(share.directory, share.original, from.org);
  switch (standing) {
    case ClientStanding::kCurrent:
      return from_recipient ? Allowed(Rule::kClientOfRecipient)
                            : Denied(Rule::kClientNotTransitive);
    case ClientStanding::kPast:
      return Denied(Rule::kClientRelationExpired);
    case ClientStanding::kClientOfClient:
      return Denied(Rule::kClientNotTransitive);
    case ClientStanding::kNone:
      break;
  }
  return Denied(Rule::kNotRecipientNorClient);
}

Rule StrictRefusal(const Share& share, const Seat& from, const Seat& to) {
  const bool client =
      ClientOf(share.directory, from.org, to.org.id, share.now) == ClientStanding::kCurrent;
  return client ? Rule::kStrictNoClients : Rule::kNotRecipientOrg;
}

// Whether `rule` says no more than that the bulletin is not addressed to the reader: that is what a
// label lets a recipient change. Every other refusal stands.
bool IsNotAddressed(Rule rule) {
  switch (rule) {
    case Rule::kOutsideCommunity:
    case Rule::kAffiliationChanged:
    case Rule::kNotRecipientOrg:
    case Rule::kStrictNoClients:
    case Rule::kNotRecipientNorClient:
    case Rule::kClientViaProviderOnly:
    case Rule::kClientRelationExpired:
    case Rule::kClientNotTransitive:
    case Rule::kSectorMismatch:
    case Rule::kRegionMismatch:
      return true;
    default:
      return false;
  }
}

// What the label lets `from` give a reader the bulletin is not addressed to; RED nothing.
Verdict ByLabel(const Share& share, const Seat& from, const Seat& to, Rule refusal) {
  switch (share.original.tlp) {
    case Tlp::kClear:
      return Allowed(Rule::kPublic);
    case Tlp::kGreen:
      return InReach(share.original, to.org) ? Allowed(Rule::kCommunity)
                                             : Denied(Rule::kOutsideCommunity);
    case Tlp::kAmber:
      return ToClient(share, from, to);
    case Tlp::kAmberStrict:
      return Denied(StrictRefusal(share, from, to));
    case Tlp::kRed:
    case Tlp::kUnspecified:
      break;
  }
  return Denied(refusal);
}

// Steps 7 and 8 for the new reader: what the label lets a recipient pass on.
Verdict Ceiling(const Share& share, const Seat& from, const Seat& to) {
  const Terms& original = share.original;
  if (IsReport(share) && from.org.kind != OrgKind::kAuthority) return Denied(Rule::kSarPrivate);
  const Reading delivery(share.directory, original, share.now, Reading::Question::kDelivery);
  const Verdict own = delivery.Of(to.member, to.org, share.request.to);
  if (original.bulletin_class == BulletinClass::kControl) return Denied(own.rule);
  const bool colleague = to.member.org == from.member.org && original.tlp != Tlp::kRed;
  const bool outside = own.rule == Rule::kOutsideCommunity && !InReach(original, to.org);
  if (original.tlp == Tlp::kGreen && outside && !colleague) return own;
  if (std::optional<Rule> fault = SeatFault(share, to, share.request.to)) return Denied(*fault);
  if (colleague) return Allowed(Rule::kOwnOrg);
  if (own.allowed || !IsNotAddressed(own.rule)) return own;
  return ByLabel(share, from, to, own.rule);
}

// Step 12. Labels are ordered by restriction: a greater one is wider.
std::optional<Rule> SharingFault(const Share& share, Rule rule) {
  if (rule == Rule::kClientOfRecipient && !share.request.reason_given) {
    return Rule::kNeedToKnowMissing;
  }
  if (share.request.label > share.original.tlp) return Rule::kLabelDowngrade;
  if (share.request.label != share.original.tlp) return Rule::kLabelImmutable;
  return std::nullopt;
}

Verdict ToMember(const Share& share, const Seat& from, const Seat& to) {
  if (std::optional<Rule> fault = share.reading.AccessFault(to.member, to.org)) {
    return Denied(*fault);
  }
  const Verdict ceiling = Ceiling(share, from, to);
  if (!ceiling.allowed) return ceiling;
  if (std::optional<Rule> fault = share.reading.VettingFault(to.member, to.org, share.request.to)) {
    return Denied(*fault);
  }
  if (std::optional<Rule> fault = SharingFault(share, ceiling.rule)) return Denied(*fault);
  return ceiling;
}

Verdict ToPublic(const Share& share) {
  const Verdict verdict = share.reading.Of(Reader::Public());
  if (!verdict.allowed) return verdict;
  if (std::optional<Rule> fault = SharingFault(share, verdict.rule)) return Denied(*fault);
  return verdict;
}

const MemberRecord* Find(const Directory& directory, const Reader& reader) {
  return reader.member.has_value() ? directory.FindMember(*reader.member) : nullptr;
}

Decision InWords(const Verdict& verdict, const Terms& terms, const Reader& about) {
  const bool named = about.door == Reader::Door::kMember && about.member.has_value();
  const absl::string_view who = named ? about.member->text() : "";
  return verdict.allowed ? Allow(verdict.rule, terms, who) : Deny(verdict.rule, terms, who);
}

}  // namespace

Decision DecideShare(const Directory& directory, const Terms& original, const ShareRequest& request,
                     absl::Time now) {
  const Reading reading(directory, original, now, Reading::Question::kFetch);
  const Share share{directory, original, request, now, reading};
  if (reading.BulletinFault().has_value()) {
    return InWords(Denied(*reading.BulletinFault()), original, request.from);
  }
  const MemberRecord* from = Find(directory, request.from);
  if (from == nullptr) return InWords(Denied(Rule::kUnknownCaller), original, request.from);
  const Seat sharer{*from, directory.OrgOf(*from)};
  if (std::optional<Rule> fault = SharerFault(share, sharer)) {
    return InWords(Denied(*fault), original, request.from);
  }
  if (request.to.door == Reader::Door::kPublic) {
    return InWords(ToPublic(share), original, request.to);
  }
  const MemberRecord* to = Find(directory, request.to);
  if (to == nullptr) return InWords(Denied(Rule::kUnknownCaller), original, request.to);
  return InWords(ToMember(share, sharer, {*to, directory.OrgOf(*to)}), original, request.to);
}

Decision DecidePassedOn(const Directory& directory, const Terms& original, const Reader& reader,
                        absl::Time now) {
  const Reading reading(directory, original, now, Reading::Question::kFetch);
  const ShareRequest request{.from = reader, .to = reader, .from_holds_by_share = true};
  const Share share{directory, original, request, now, reading};
  if (reading.BulletinFault().has_value()) {
    return InWords(Denied(*reading.BulletinFault()), original, reader);
  }
  const MemberRecord* member = Find(directory, reader);
  if (member == nullptr) return InWords(Denied(Rule::kUnknownCaller), original, reader);
  if (reader.org_at_publish.has_value() && *reader.org_at_publish != member->org) {
    return InWords(Denied(Rule::kAffiliationChanged), original, reader);
  }
  if (std::optional<Rule> fault = SharerFault(share, {*member, directory.OrgOf(*member)})) {
    return InWords(Denied(*fault), original, reader);
  }
  return InWords(Allowed(Rule::kNamedPerson), original, reader);
}

}  // namespace shield
