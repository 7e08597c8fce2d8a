#include "policy/corpus/case_bulletin.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "policy/corpus/case_time.h"
#include "policy/fields.h"

namespace shield {
namespace {

constexpr absl::Duration kUsualLife = absl::Hours(30 * 24);

// Takes `name`, whose word stands in `words` at the index of its value.
template <typename Enum>
absl::StatusOr<Enum> TakeWord(CaseFields& fields, absl::string_view name,
                              std::initializer_list<absl::string_view> words) {
  const std::optional<std::string> text = fields.Take(name);
  if (!text.has_value()) return static_cast<Enum>(0);
  int place = 0;
  for (absl::string_view word : words) {
    if (*text == word) return static_cast<Enum>(place);
    ++place;
  }
  return fields.Refuse(absl::StrCat(Quoted(*text), " is no ", name));
}

// A label as a person writes it; "none" for no label; "#99" for the value 99 of a newer peer.
absl::Status SetLabel(const CaseFields& fields, absl::string_view text, CaseBulletin& bulletin) {
  if (absl::ConsumePrefix(&text, "#")) {
    int value = 0;
    if (!absl::SimpleAtoi(text, &value)) return fields.Refuse("after # comes a number");
    bulletin.terms.tlp = static_cast<Tlp>(value);
    return absl::OkStatus();
  }
  if (text == "none") return absl::OkStatus();
  const absl::StatusOr<Tlp> tlp = ParseTlp(text);
  if (tlp.ok()) {
    bulletin.terms.tlp = *tlp;
  } else {
    bulletin.refused_by = RuleOf(tlp.status());
  }
  return absl::OkStatus();
}

absl::Status TakeAudience(CaseFields& fields, CaseBulletin& bulletin) {
  std::vector<AudienceToken> tokens;
  bulletin.words = fields.TakeList("to");
  for (const std::string& word : bulletin.words) {
    absl::StatusOr<AudienceToken> token = ParseAudienceToken(word);
    if (token.ok()) {
      tokens.push_back(*std::move(token));
    } else if (RuleOf(token.status()) == "UNKNOWN_CODE") {
      bulletin.refused_by = "UNKNOWN_CODE";
    } else {
      return fields.Refuse(token.status().message());
    }
  }
  bulletin.terms.targets = TargetsOf(tokens);
  return absl::OkStatus();
}

// "org:k@T0..T0+3d" or "member:k1@…"
absl::StatusOr<Permission> ParseGrant(const CaseFields& fields, absl::string_view text,
                                      absl::Time t0) {
  const auto refused = fields.Refuse(
      absl::StrCat(Quoted(text), " is not of the form org:<id>@<from>..<until> or member:…"));
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '@');
  if (parts.size() != 2) return refused;
  const std::vector<absl::string_view> times = absl::StrSplit(parts[1], "..");
  if (times.size() != 2) return refused;
  const std::optional<absl::Time> from = ParseCaseTime(times[0], t0);
  const std::optional<absl::Time> until = ParseCaseTime(times[1], t0);
  if (!from.has_value() || !until.has_value()) return refused;
  Permission permission{.period = {*from, *until}};
  absl::string_view subject = parts[0];
  if (absl::ConsumePrefix(&subject, "org:")) {
    permission.org = OrgId::Parse(subject);
  } else if (absl::ConsumePrefix(&subject, "member:")) {
    permission.member = MemberId::Parse(subject);
  }
  if (!permission.org.has_value() && !permission.member.has_value()) return refused;
  return permission;
}

absl::Status TakeRelations(CaseFields& fields, absl::Time t0, Terms& terms) {
  for (const std::string& word : fields.TakeList("refs")) {
    const std::optional<Relation> relation = ParseRelation(word);
    if (!relation.has_value()) return fields.Refuse(absl::StrCat(Quoted(word), " is no relation"));
    terms.relations.push_back(*relation);
  }
  for (const std::string& text : fields.TakeList("grants")) {
    ASSIGN_OR_RETURN(Permission permission, ParseGrant(fields, text, t0));
    terms.permissions.push_back(std::move(permission));
  }
  return absl::OkStatus();
}

absl::Status TakeWindow(CaseFields& fields, absl::Time t0, Terms& terms) {
  ASSIGN_OR_RETURN(terms.issued, TakeMoment(fields, "issued", t0, t0));
  ASSIGN_OR_RETURN(terms.not_before, TakeMoment(fields, "from", terms.issued, t0));
  ASSIGN_OR_RETURN(terms.expires, TakeMoment(fields, "until", terms.issued + kUsualLife, t0));
  return absl::OkStatus();
}

absl::Status TakeFacts(CaseFields& fields, Terms& terms) {
  const std::string class_word = fields.Take("class").value_or("content");
  const std::optional<BulletinClass> bulletin_class = ParseBulletinClass(class_word);
  if (!bulletin_class.has_value()) {
    return fields.Refuse(absl::StrCat(Quoted(class_word), " is no class"));
  }
  terms.bulletin_class = *bulletin_class;
  const std::string status_word = fields.Take("status").value_or("actual");
  const std::optional<BulletinStatus> status = ParseBulletinStatus(status_word);
  if (!status.has_value()) {
    return fields.Refuse(absl::StrCat(Quoted(status_word), " is no status"));
  }
  terms.status = *status;
  ASSIGN_OR_RETURN(terms.state,
                   TakeWord<BulletinState>(fields, "state", {"live", "withdrawn", "superseded"}));
  ASSIGN_OR_RETURN(terms.author_standing,
                   TakeWord<AuthorStanding>(fields, "key", {"active", "proven", "ended"}));
  enum class Signature { kGood, kBad };
  ASSIGN_OR_RETURN(const Signature signature,
                   TakeWord<Signature>(fields, "signature", {"good", "bad"}));
  terms.signature_valid = signature == Signature::kGood;
  if (const std::optional<std::string> inner = fields.Take("inner")) {
    const absl::StatusOr<Tlp> tlp = ParseTlp(*inner);
    if (!tlp.ok()) return fields.Refuse(tlp.status().message());
    terms.inner_label = *tlp;
  }
  return absl::OkStatus();
}

// The organisation of the author; for an author who is not enrolled it must be given.
absl::StatusOr<OrgId> TakeSource(CaseFields& fields, const Directory& directory,
                                 const MemberId& author) {
  if (const std::optional<std::string> text = fields.Take("source")) {
    return AsId<OrgId>(fields, *text);
  }
  const MemberRecord* member = directory.FindMember(author);
  if (member != nullptr) return member->org;
  return fields.Refuse(absl::StrCat("the author `", author.text(),
                                    "` is not in the directory, and "
                                    "no source= says for whom they wrote"));
}

}  // namespace

absl::StatusOr<absl::Time> TakeMoment(CaseFields& fields, absl::string_view name, absl::Time usual,
                                      absl::Time t0) {
  const std::optional<std::string> text = fields.Take(name);
  if (!text.has_value()) return usual;
  if (std::optional<absl::Time> time = ParseCaseTime(*text, t0)) return *time;
  return fields.Refuse(absl::StrCat(Quoted(*text), " is no moment"));
}

absl::StatusOr<bool> TakeYes(CaseFields& fields, absl::string_view name, bool usual) {
  const std::optional<std::string> text = fields.Take(name);
  if (!text.has_value()) return usual;
  if (*text == "yes") return true;
  if (*text == "no") return false;
  return fields.Refuse(absl::StrCat(name, " is yes or no"));
}

absl::StatusOr<CaseBulletin> TakeBulletin(CaseFields& fields, const Directory& directory,
                                          absl::Time t0) {
  ASSIGN_OR_RETURN(const std::string author_text, fields.Need("author"));
  ASSIGN_OR_RETURN(const std::string label, fields.Need("tlp"));
  ASSIGN_OR_RETURN(MemberId author, AsId<MemberId>(fields, author_text));
  ASSIGN_OR_RETURN(OrgId source, TakeSource(fields, directory, author));
  const OrgRecord* org = directory.FindOrg(source);
  if (org == nullptr) return fields.Refuse("the source is not in the directory");
  CaseBulletin bulletin{
      Terms{.author = std::move(author), .source = org->id, .community = org->community}};
  RETURN_IF_ERROR(SetLabel(fields, label, bulletin));
  RETURN_IF_ERROR(TakeAudience(fields, bulletin));
  RETURN_IF_ERROR(TakeFacts(fields, bulletin.terms));
  RETURN_IF_ERROR(TakeWindow(fields, t0, bulletin.terms));
  RETURN_IF_ERROR(TakeRelations(fields, t0, bulletin.terms));
  return bulletin;
}

absl::StatusOr<Reader> ParseReader(const CaseFields& fields, absl::string_view text) {
  if (text == "public") return Reader::Public();
  if (text == "nobody") return Reader{};
  ASSIGN_OR_RETURN(MemberId member, AsId<MemberId>(fields, text));
  return Reader::Holder(std::move(member));
}

absl::Status TakeReaderFacts(CaseFields& fields, absl::string_view prefix, Reader& reader) {
  const auto take = [&](absl::string_view name) { return fields.Take(absl::StrCat(prefix, name)); };
  if (const std::optional<std::string> org = take("org-then")) {
    ASSIGN_OR_RETURN(reader.org_at_publish, AsId<OrgId>(fields, *org));
  }
  if (const std::optional<std::string> hops = take("hops")) {
    if (!absl::SimpleAtoi(*hops, &reader.hops)) return fields.Refuse("hops is a number");
  }
  if (const std::optional<std::string> cap = take("peer-cap")) {
    const std::optional<int> level = ParseVetting(*cap);
    if (!level.has_value()) return fields.Refuse("peer-cap is a vetting level");
    reader.peer_cap = *level;
  }
  return absl::OkStatus();
}

}  // namespace shield
