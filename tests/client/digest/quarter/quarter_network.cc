#include "tests/client/digest/quarter/quarter_network.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/check.h"
#include "client/digest/publish/edition_draft.h"
#include "crypto/sha256.h"

namespace shield::testing {
namespace {

constexpr char kDigestSeat[] = "ocad-digest";
constexpr char kFrontDesk[] = "astrid-desk";
constexpr char kGenerator[] = "shield quarter";
constexpr absl::Duration kDirectoryAge = absl::Hours(24 * 20);
constexpr absl::Duration kFreshAge = absl::Hours(20);
constexpr const char* kAuthors[] = {"an-lise", "an-omar", "pz-analyst"};

struct House {
  absl::string_view id;
  absl::string_view sector;
  absl::string_view region;
  int vetting;
  absl::string_view seat;
};

constexpr House kHouses[] = {
    {"arena-noord", "stadia-arenas", "BE211", 3, "arena-control"},
    {"campus-zuid", "education", "BE211", 2, "campus-desk"},
    {"dokmuseum", "visitor-attractions", "BE211", 2, "dokmuseum-guard"},
    {"galerij-oost", "commercial-centres", "BE212", 2, "galerij-desk"},
    {"gasthuis", "health", "BE211", 3, "gasthuis-desk"},
    {"kade-club", "night-time-economy", "BE211", 1, "kade-door"},
    {"kaai-terminal", "critical-infrastructure", "BE211", 3, "kaai-soc"},
    {"lichtspel", "cinemas-theatres", "BE213", 1, "lichtspel-desk"},
    {"parochie", "places-of-worship", "BE211", 1, "parochie-desk"},
    {"spoorbuurt", "transport", "BE211", 3, "spoor-control"},
    {"stadshal", "public-sector", "BE211", 3, "stadshal-desk"},
    {"wacht-bv", "private-security", "BE211", 3, "wacht-dispatch"},
    {"wintermarkt", "major-events", "BE211", 2, "wintermarkt-lead"},
};

OrgRecord OrgOf(absl::string_view id, OrgKind kind, absl::string_view sector,
                absl::string_view region, int vetting) {
  OrgRecord org{*OrgId::Parse(id), kind, *CommunityId::Parse("antwerp")};
  org.sectors = {std::string(sector)};
  org.regions = {std::string(region)};
  org.vetting = vetting;
  org.state = AccountState::kActive;
  return org;
}

template <typename T>
T Must(absl::StatusOr<T> result, absl::string_view what) {
  if (!result.ok()) {
    std::fprintf(stderr, "%s: %s\n", std::string(what).c_str(), result.status().ToString().c_str());
  }
  SHIELD_CHECK(result.ok());
  return *std::move(result);
}

// The draft with what it refers to.
std::string Referring(const std::string& draft, absl::string_view relation, const BulletinId& id) {
  return absl::StrCat("+++\nrefs = [\"", relation, ":", id.ToHex(), "\"]\n", draft.substr(4));
}

Digest SettledDigest(const BulletinId& id) {
  return Sha256(absl::StrCat("statement ", id.ToHex()));
}

// A statement names the root of its slots, which the system's randomness seals: what an edition
// says of its digest would be another each time. Here it is one of the id.
void Settle(Edition& edition) {
  for (ProvenanceLine& line : edition.provenance) line.text_digest = SettledDigest(line.id);
  for (EditionItem& item : edition.items) {
    item.bulletin.text_digest = SettledDigest(item.bulletin.id);
  }
}

}  // namespace

QuarterNetwork::QuarterNetwork(const QuarterOrder& order)
    : deeds_(PlanQuarter(order)), ids_(deeds_.size()) {
  AddOrganisations();
  Keep(network_.clock().Now());
}

void QuarterNetwork::AddOrganisations() {
  DirectoryRecords& records = network_.records();
  records.orgs.push_back(OrgOf("pz", OrgKind::kAuthority, "public-sector", "BE211", kMaxVetting));
  network_.AddMember("pz-analyst", "pz", {Role::kAnalyst});
  network_.AddMember(kDigestSeat, "ocad", {Role::kDigest});
  for (const House& house : kHouses) {
    records.orgs.push_back(
        OrgOf(house.id, OrgKind::kMember, house.sector, house.region, house.vetting));
    network_.AddMember(house.seat, house.id, {Role::kReader});
    network_.Member(house.seat).vetting = house.vetting;
  }
  network_.Org("wacht-bv").clients.push_back({*OrgId::Parse("astrid")});
  for (MemberRecord& member : records.members) member.exercise = true;
}

Client& QuarterNetwork::Of(absl::string_view member) {
  const auto found = clients_.find(std::string(member));
  if (found != clients_.end()) return found->second;
  return clients_.emplace(member, network_.Open(member)).first->second;
}

void QuarterNetwork::Sync(absl::string_view member) { Must(Of(member).Sync(), member); }

// A directory, and a note that it is the newest, which are never too old.
void QuarterNetwork::Keep(absl::Time now) {
  if (now - refreshed_ < kFreshAge) return;
  if (now - directory_ >= kDirectoryAge) {
    network_.PublishDirectory();
    directory_ = now;
    Sync(kDigestSeat);
  } else {
    network_.Refresh();
  }
  refreshed_ = now;
  for (const char* author : kAuthors) Sync(author);
}

void QuarterNetwork::Do(const QuarterDeed& deed) {
  Client& client = Of(deed.member);
  const auto target = [&] { return ids_[*deed.target].value(); };
  const auto publish = [&](const std::string& draft) {
    ++published_;
    return Must(client.Publish(network_.DraftOf(draft)), draft).id;
  };
  switch (deed.kind) {
    case QuarterDeed::Kind::kPublish:
      return void(ids_[next_] = publish(deed.draft));
    case QuarterDeed::Kind::kReplace:
      ++ended_;
      return void(ids_[next_] = publish(Referring(deed.draft, "supersedes", target())));
    case QuarterDeed::Kind::kRelabel:
      ++ended_;
      return void(ids_[next_] = publish(Referring(deed.draft, "relabels", target())));
    case QuarterDeed::Kind::kWithdraw:
      ++ended_;
      Must(client.Withdraw(target()), "withdraw");
      return;
    case QuarterDeed::Kind::kShare:
      Sync(deed.member);
      Must(client.Share({target(), {*ParseAudienceToken(deed.to)}, "For your shift."}), "share");
      return;
  }
}

void QuarterNetwork::PlayUntil(absl::Time until) {
  for (; next_ < deeds_.size() && deeds_[next_].at < until; ++next_) {
    FakeClock& clock = network_.clock();
    clock.Set(std::max(clock.Now() + absl::Seconds(1), deeds_[next_].at));
    Keep(clock.Now());
    Do(deeds_[next_]);
  }
  gathered_.clear();
  network_.clock().Set(std::max(until, network_.clock().Now()));
  Keep(until);
  Read();
}

void QuarterNetwork::PlayThrough(const Week& week) {
  while (FirstWeekOfQuarter().Plus(weeks_).begin() <= week.begin()) {
    PlayUntil(FirstWeekOfQuarter().Plus(weeks_++).due());
  }
}

// The desk reads what came and acknowledges all but the last few.
void QuarterNetwork::Read() {
  Sync(kDigestSeat);
  Sync(kFrontDesk);
  const uint64_t last = Must(Of(kFrontDesk).LastEntry(), "last entry");
  if (last <= 6) return;
  const absl::Status acknowledged = Of(kFrontDesk).AcknowledgeThrough(last - 6);
  SHIELD_CHECK(acknowledged.ok());
}

const Gathered& QuarterNetwork::GatheredFrom(absl::string_view member, GatheredFor whom,
                                             Language language) {
  const auto found = gathered_.find({whom, language});
  if (found != gathered_.end()) return found->second;
  Gathered gathered = Must(
      Gather(Of(member), network_.HomeOf(member), whom, language, Fetching::kAllowed), "gather");
  return gathered_.emplace(std::pair(whom, language), std::move(gathered)).first->second;
}

MadeEdition QuarterNetwork::Make(const Week& week, Tier tier, Language language) {
  const Gathered& gathered = tier == Tier::kMine
                                 ? GatheredFrom(kFrontDesk, GatheredFor::kMine, language)
                                 : GatheredFrom(kDigestSeat, GatheredFor::kOthers, language);
  const BriefingRequest request{
      .week = week, .tier = tier, .language = language, .generator = kGenerator};
  MadeEdition made = Must(MakeEdition(gathered, request, network_.clock().Now()), "edition");
  Settle(made.edition);
  return made;
}

Draft QuarterNetwork::DraftOf(const MadeEdition& made) {
  const Gathered& gathered = GatheredFrom(kDigestSeat, GatheredFor::kOthers, made.edition.language);
  return DraftOfEdition(
      made, ForEveryone(gathered.directory->directory(), gathered.candidates, made), {});
}

}  // namespace shield::testing
