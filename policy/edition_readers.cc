#include "policy/edition_readers.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/audience.h"
#include "policy/seal_key.h"

namespace shield {
namespace {

using Readers = std::vector<size_t>;

absl::Status CheckEdition(const Directory& directory, const EditionTerms& edition) {
  if (edition.tlp != Tlp::kGreen && edition.tlp != Tlp::kAmber &&
      edition.tlp != Tlp::kAmberStrict) {
    return WithRule(absl::InvalidArgumentError("an edition is GREEN, AMBER or AMBER+STRICT"),
                    RuleName(Rule::kInvalidLabel));
  }
  if (!directory.complete()) {
    return absl::FailedPreconditionError(
        "an edition for others needs the whole directory: not every reader is known here");
  }
  return absl::OkStatus();
}

// Texts one after the other, each with its length: no two lists have the same.
void AppendText(absl::string_view text, std::string& key) {
  absl::StrAppend(&key, text.size(), ":", text);
}

template <typename Ids>
void AppendIds(const Ids& ids, std::string& key) {
  absl::StrAppend(&key, "[");
  for (const auto& id : ids) AppendText(id.text(), key);
  absl::StrAppend(&key, "]");
}

void AppendCodes(const std::vector<std::string>& codes, std::string& key) {
  absl::StrAppend(&key, "[");
  for (const std::string& code : codes) AppendText(code, key);
  absl::StrAppend(&key, "]");
}

void AppendTargets(const Targets& targets, std::string& key) {
  AppendIds(targets.orgs, key);
  AppendIds(targets.members, key);
  AppendIds(targets.not_orgs, key);
  AppendIds(targets.not_members, key);
  AppendIds(targets.communities, key);
  AppendCodes(targets.sectors, key);
  AppendCodes(targets.regions, key);
  absl::StrAppend(&key, targets.vetting.value_or(-1), ",", targets.everyone, ",", targets.hidden,
                  ",", targets.unreadable.has_value());
}

void AppendPermissions(const std::vector<Permission>& permissions, std::string& key) {
  for (const Permission& permission : permissions) {
    absl::StrAppend(&key, "{");
    if (permission.org.has_value()) AppendText(permission.org->text(), key);
    absl::StrAppend(&key, "/");
    if (permission.member.has_value()) AppendText(permission.member->text(), key);
    absl::StrAppend(&key, "/", absl::ToUnixNanos(permission.period.from), "/",
                    absl::FormatDuration(permission.period.until - absl::UnixEpoch()), "}");
  }
}

}  // namespace

absl::StatusOr<Terms> TermsOfEdition(const Directory& directory, const EditionTerms& edition,
                                     absl::Time at) {
  const MemberRecord* author = directory.FindMember(edition.author);
  if (author == nullptr) {
    return WithRule(
        absl::PermissionDeniedError(absl::StrCat("the author of the edition, `",
                                                 edition.author.text(), "`, is not enrolled")),
        RuleName(Rule::kUnknownCaller));
  }
  const OrgRecord& source = directory.OrgOf(*author);
  return Terms{.author = author->id,
               .source = source.id,
               .community = source.community,
               .bulletin_class = BulletinClass::kContent,
               .tlp = edition.tlp,
               .issued = at,
               .not_before = at,
               .expires = at + absl::Hours(1),
               .targets = TargetsOf(CompleteAudience(edition.to, BulletinClass::kContent,
                                                     edition.tlp, source.community))};
}

Verdict AskPolicy(const Reading& reading, const MemberRecord& member, const OrgRecord& org,
                  bool in_snapshot) {
  return reading.Of(member, org,
                    in_snapshot ? Reader::Holder(member.id) : Reader::WithoutEntry(member.id));
}

absl::StatusOr<EditionReaders> EditionReaders::Resolve(const Directory& directory,
                                                       const EditionTerms& edition, absl::Time at,
                                                       AskReader ask) {
  RETURN_IF_ERROR(CheckEdition(directory, edition));
  ASSIGN_OR_RETURN(const Terms terms, TermsOfEdition(directory, edition, at));
  ASSIGN_OR_RETURN(const Recipients recipients, ResolveRecipients(directory, terms, at));
  EditionReaders readers(directory, at, ask);
  Readers indexes;
  indexes.reserve(recipients.recipients.size());
  for (const Chosen& chosen : recipients.recipients) {
    if (chosen.member == edition.author || !CanBeSealedTo(directory, chosen.member, at)) continue;
    indexes.push_back(IndexOf(directory, *directory.FindMember(chosen.member)));
  }
  readers.SortIntoKinds(indexes);
  return readers;
}

EditionReaders EditionReaders::Of(const Directory& directory, const MemberSet& members,
                                  absl::Time at, AskReader ask) {
  EditionReaders readers(directory, at, ask);
  Readers indexes;
  for (size_t i = 0; i < directory.members().size(); ++i) {
    if (members.Contains(i)) indexes.push_back(i);
  }
  readers.SortIntoKinds(indexes);
  return readers;
}

// All of them are in good standing at `at_`, or they would not be readers: an account tells no two
// apart.
void EditionReaders::SortIntoKinds(const Readers& readers) {
  std::map<std::tuple<OrgId, std::vector<Role>, int, bool>, Kind> kinds;
  for (size_t reader : readers) {
    const MemberRecord& member = directory_.members()[reader];
    kinds[{member.org, member.roles, member.vetting, member.exercise}].push_back(reader);
    all_.Add(reader);
  }
  kinds_.reserve(kinds.size());
  for (auto& [facts, kind] : kinds) kinds_.push_back(std::move(kind));
}

// Everything a decision about readers looks at. What refuses a bulletin to everyone is asked of
// each bulletin by itself.
std::string EditionReaders::KeyOf(const Terms& terms) const {
  std::string key;
  AppendText(terms.source.text(), key);
  AppendText(terms.community.text(), key);
  absl::StrAppend(&key, static_cast<int>(terms.bulletin_class), ",", static_cast<int>(terms.status),
                  ",", static_cast<int>(terms.tlp), ",", at_ < terms.not_before, ",",
                  terms.Refers(Relation::kPermits));
  AppendTargets(terms.targets, key);
  AppendPermissions(terms.permissions, key);
  const MemberRecord* author = directory_.FindMember(terms.author);
  if (author != nullptr && all_.Contains(IndexOf(directory_, *author))) {
    AppendText(terms.author.text(), key);
  }
  return key;
}

// The readers that the bulletin knows by name, ascending.
Readers EditionReaders::Named(const Terms& terms) const {
  Readers named;
  const auto add = [&](const MemberId& id) {
    const MemberRecord* member = directory_.FindMember(id);
    if (member == nullptr) return;
    const size_t index = IndexOf(directory_, *member);
    if (all_.Contains(index)) named.push_back(index);
  };
  add(terms.author);
  for (const MemberId& id : terms.targets.members) add(id);
  for (const MemberId& id : terms.targets.not_members) add(id);
  for (const Permission& permission : terms.permissions) {
    if (permission.member.has_value()) add(*permission.member);
  }
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  return named;
}

// Whether `sent`, which let a reader in who was sent the bulletin, lets it in otherwise as well. A
// hidden word may exclude anyone: then only whom it was sent to is known to be let in.
bool EditionReaders::MayHaveUnsent(const Reading& reading, const Terms& terms, Rule sent,
                                   const MemberRecord& member) const {
  if (terms.targets.hidden || terms.targets.unreadable.has_value()) return false;
  if (IsForAll(terms) || sent == Rule::kSourceOrg || sent == Rule::kAuthor) return true;
  // Nothing but these two lets in who was not sent it: the question is spared.
  if (terms.tlp != Tlp::kClear && terms.permissions.empty()) return false;
  return ask_(reading, member, directory_.OrgOf(member), /*in_snapshot=*/false).allowed;
}

EditionReaders::Answer EditionReaders::AskAll(const Terms& terms) const {
  const Reading reading(directory_, terms, at_, Reading::Question::kFetch);
  Answer answer{.only_when_sent = MemberSet(directory_)};
  // Of `first`, who stands for all of `kind` that are not among `but`. False: it may not have it.
  const auto ask = [&](size_t first, const Readers& kind, const MemberSet& but) {
    const MemberRecord& member = directory_.members()[first];
    const Verdict sent = ask_(reading, member, directory_.OrgOf(member), /*in_snapshot=*/true);
    if (!sent.allowed) {
      answer.fault = sent.rule;
      answer.reader = first;
      return false;
    }
    if (MayHaveUnsent(reading, terms, sent.rule, member)) return true;
    for (size_t reader : kind) {
      if (!but.Contains(reader)) answer.only_when_sent.Add(reader);
    }
    return true;
  };
  MemberSet named(directory_);
  for (size_t reader : Named(terms)) {
    if (!ask(reader, {reader}, MemberSet())) return answer;
    named.Add(reader);
  }
  for (const Kind& kind : kinds_) {
    const auto first = std::find_if(kind.begin(), kind.end(),
                                    [&named](size_t reader) { return !named.Contains(reader); });
    if (first != kind.end() && !ask(*first, kind, named)) return answer;
  }
  return answer;
}

EditionReaders::EachAnswer EditionReaders::AskEach(const Terms& terms) const {
  const Reading reading(directory_, terms, at_, Reading::Question::kFetch);
  EachAnswer answer{.only_when_sent = MemberSet(directory_)};
  for (size_t reader = 0; reader < directory_.members().size(); ++reader) {
    if (!all_.Contains(reader)) continue;
    const MemberRecord& member = directory_.members()[reader];
    const Verdict sent = ask_(reading, member, directory_.OrgOf(member), /*in_snapshot=*/true);
    if (!sent.allowed) {
      answer.refused.emplace_back(reader, sent.rule);
    } else if (!MayHaveUnsent(reading, terms, sent.rule, member)) {
      answer.only_when_sent.Add(reader);
    }
  }
  return answer;
}

const EditionReaders::Answer& EditionReaders::Ask(const Terms& terms) {
  const auto [found, is_new] = answers_.try_emplace(KeyOf(terms));
  if (is_new) found->second = AskAll(terms);
  return found->second;
}

}  // namespace shield
