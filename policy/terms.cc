#include "policy/terms.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/decision.h"

namespace shield {

bool Terms::Refers(Relation relation) const {
  return std::find(relations.begin(), relations.end(), relation) != relations.end();
}

Terms TermsOf(const Statement& statement, const OrgRecord& source,
              std::vector<AudienceToken> audience) {
  Terms terms{.author = statement.author,
              .source = source.id,
              .community = source.community,
              .bulletin_class = statement.bulletin_class,
              .status = statement.status,
              .tlp = statement.tlp,
              .issued = statement.issued,
              .not_before = statement.not_before,
              .expires = statement.expires,
              .targets = TargetsOf(audience)};
  for (const Reference& reference : statement.references) {
    terms.relations.push_back(reference.relation);
  }
  return terms;
}

absl::StatusOr<Terms> TermsOf(const Directory& directory, const Statement& statement,
                              std::vector<AudienceToken> audience) {
  const MemberRecord* author = directory.FindMember(statement.author);
  if (author == nullptr) {
    return WithRule(absl::PermissionDeniedError(absl::StrCat(
                        "the author `", statement.author.text(), "` is not in the directory")),
                    RuleName(Rule::kUnknownCaller));
  }
  return TermsOf(statement, directory.OrgOf(*author), std::move(audience));
}

Reader Reader::Holder(MemberId member) {
  return Reader{.member = std::move(member), .in_snapshot = true};
}

Reader Reader::WithoutEntry(MemberId member) { return Reader{.member = std::move(member)}; }

Reader Reader::Public() { return Reader{.door = Door::kPublic}; }

}  // namespace shield
