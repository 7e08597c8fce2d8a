#include "policy/publisher.h"

#include <algorithm>

#include "policy/account.h"

namespace shield {
namespace {

bool SendsMessages(const MemberRecord& author) {
  return author.Has(Role::kAnalyst) || author.Has(Role::kReader) || author.Has(Role::kDesk);
}

std::optional<Rule> ContentFault(const MemberRecord& author, const OrgRecord& org, Tlp tlp) {
  if (IsAnalyst(author, org)) return std::nullopt;
  if (!IsDigestSeat(author, org)) return Rule::kPublisherNotAuthorised;
  if (tlp == Tlp::kRed) return Rule::kServiceNoRed;
  return std::nullopt;
}

std::optional<Rule> UnlessAllowed(bool allowed) {
  if (allowed) return std::nullopt;
  return Rule::kPublisherNotAuthorised;
}

}  // namespace

std::optional<Rule> LabelFault(const Terms& terms) {
  if (!terms.signature_valid) return Rule::kBadSignature;
  if (terms.tlp == Tlp::kUnspecified) return Rule::kLabelRequired;
  if (std::find(kAllTlp.begin(), kAllTlp.end(), terms.tlp) == kAllTlp.end()) {
    return Rule::kInvalidLabel;
  }
  if (terms.inner_label.has_value() && *terms.inner_label != terms.tlp) {
    return Rule::kAmbiguousLabel;
  }
  return std::nullopt;
}

std::optional<Rule> ClassFault(const MemberRecord& author, const OrgRecord& org,
                               const Terms& terms) {
  switch (terms.bulletin_class) {
    case BulletinClass::kContent:
      return ContentFault(author, org, terms.tlp);
    case BulletinClass::kReport:
      return UnlessAllowed(SendsMessages(author) && org.kind != OrgKind::kClient);
    case BulletinClass::kDirect:
      return UnlessAllowed(SendsMessages(author) &&
                           (org.kind != OrgKind::kClient || terms.Refers(Relation::kShares)));
    case BulletinClass::kControl:
      return UnlessAllowed(SeesContent(author));
    case BulletinClass::kUnspecified:
      break;
  }
  return Rule::kPublisherNotAuthorised;
}

std::optional<Rule> PublisherFault(const Directory& directory, const Terms& terms, absl::Time now) {
  if (terms.author_standing == AuthorStanding::kKeyEnded) return Rule::kPublisherKeyRevoked;
  if (terms.author_standing == AuthorStanding::kProvenAtPublish) return std::nullopt;
  const MemberRecord* author = directory.FindMember(terms.author);
  if (author == nullptr || author->org != terms.source) return Rule::kPublisherNotAuthorised;
  const OrgRecord& org = directory.OrgOf(*author);
  if (std::optional<Rule> fault = ClassFault(*author, org, terms)) return fault;
  const std::optional<Rule> account = AccountFault(*author, org, now);
  if (!account.has_value()) return std::nullopt;
  if (account == Rule::kRecipientRevoked) return Rule::kPublisherKeyRevoked;
  if (terms.bulletin_class == BulletinClass::kReport && IsOnlySuspended(*author, org, now)) {
    return std::nullopt;
  }
  return Rule::kPublisherNotAuthorised;
}

std::optional<Rule> ReportMark(const Directory& directory, const Terms& terms, absl::Time now) {
  if (terms.bulletin_class != BulletinClass::kReport) return std::nullopt;
  const MemberRecord* author = directory.FindMember(terms.author);
  if (author == nullptr) return std::nullopt;
  if (!IsOnlySuspended(*author, directory.OrgOf(*author), now)) return std::nullopt;
  return Rule::kUntrustedSource;
}

}  // namespace shield
