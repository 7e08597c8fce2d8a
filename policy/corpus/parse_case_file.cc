// ParseCaseFile: from lines to cases.
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "policy/corpus/case_actions.h"
#include "policy/corpus/case_bulletin.h"
#include "policy/corpus/case_fields.h"
#include "policy/corpus/case_file.h"
#include "policy/corpus/case_time.h"
#include "policy/corpus/fixture.h"
#include "policy/fields.h"

namespace shield {
namespace {

constexpr absl::string_view kFirstLine = "shield/policy-cases/v1";

// The file as it grows, line by line: the directory first, then bulletins and cases.
class CaseFileReader {
 public:
  absl::Status Add(absl::string_view line, size_t number);
  absl::StatusOr<CaseFile> Finish(size_t lines) &&;

 private:
  absl::Status AddTime(CaseFields fields);
  absl::Status AddRecord(CaseFields fields);
  absl::Status AddBulletin(CaseFields fields);
  absl::Status AddCase(CaseFields fields);
  absl::Status TakeActor(CaseFields& fields, PolicyCase& policy_case) const;
  absl::Status TakeOwnFields(CaseFields& fields, PolicyCase& policy_case) const;
  absl::Status TakeShare(CaseFields& fields, PolicyCase& policy_case) const;
  absl::Status TakeItems(CaseFields& fields, PolicyCase& policy_case) const;
  absl::Status TakeParts(CaseFields& fields, PolicyCase& policy_case) const;
  absl::Status TakeQuote(CaseFields& fields, PolicyCase& policy_case) const;
  absl::StatusOr<Tlp> ParseLabel(const CaseFields& fields, absl::string_view text) const;
  // Makes the directory of the records so far, once.
  absl::Status NeedDirectory(size_t number);

  std::optional<absl::Time> t0_;
  DirectoryRecords records_;
  CaseFile file_;
};

absl::Status CaseFileReader::Add(absl::string_view line, size_t number) {
  if (line.size() > kMaxCaseLineBytes) {
    return RefuseCaseLine(number, absl::StrCat("it is longer than ", kMaxCaseLineBytes, " bytes"));
  }
  if (number == 1) {
    if (line == kFirstLine) return absl::OkStatus();
    return RefuseCaseLine(number, absl::StrCat("the first line must be `", kFirstLine, "`"));
  }
  if (line.empty() || line[0] == '#') return absl::OkStatus();
  ASSIGN_OR_RETURN(CaseFields fields, CaseFields::Parse(line, number));
  if (fields.kind() == "time") return AddTime(std::move(fields));
  if (!t0_.has_value()) return fields.Refuse("a `time T0 at=…` line must come first");
  if (fields.kind() == "org" || fields.kind() == "member") return AddRecord(std::move(fields));
  if (fields.kind() != "bulletin" && fields.kind() != "case") {
    return fields.Refuse("a line begins with time, org, member, bulletin or case");
  }
  RETURN_IF_ERROR(NeedDirectory(number));
  return fields.kind() == "bulletin" ? AddBulletin(std::move(fields)) : AddCase(std::move(fields));
}

absl::Status CaseFileReader::AddTime(CaseFields fields) {
  if (fields.id() != "T0" || t0_.has_value()) {
    return fields.Refuse("there is one moment, T0, and it is set once");
  }
  ASSIGN_OR_RETURN(const std::string text, fields.Need("at"));
  const std::optional<absl::Time> t0 =
      absl::StartsWith(text, "T0") ? std::nullopt : ParseCaseTime(text, absl::UnixEpoch());
  if (!t0.has_value()) return fields.Refuse(absl::StrCat(Quoted(text), " is no moment"));
  t0_ = t0;
  return fields.Finish();
}

absl::Status CaseFileReader::AddRecord(CaseFields fields) {
  if (file_.directory != nullptr) {
    return fields.Refuse("the directory is complete once the first bulletin or case has come");
  }
  if (fields.kind() == "org") {
    ASSIGN_OR_RETURN(OrgRecord org, ParseFixtureOrg(std::move(fields), *t0_));
    records_.orgs.push_back(std::move(org));
  } else {
    ASSIGN_OR_RETURN(MemberRecord member, ParseFixtureMember(std::move(fields), *t0_));
    records_.members.push_back(std::move(member));
  }
  return absl::OkStatus();
}

absl::Status CaseFileReader::NeedDirectory(size_t number) {
  if (file_.directory != nullptr) return absl::OkStatus();
  absl::StatusOr<std::shared_ptr<const Directory>> directory =
      MakeFixture(std::move(records_), *t0_);
  if (!directory.ok()) {
    return RefuseCaseLine(
        number, absl::StrCat("the lines above make no directory: ", directory.status().message()));
  }
  file_.directory = *std::move(directory);
  return absl::OkStatus();
}

absl::Status CaseFileReader::AddBulletin(CaseFields fields) {
  ASSIGN_OR_RETURN(CaseBulletin bulletin, TakeBulletin(fields, *file_.directory, *t0_));
  RETURN_IF_ERROR(fields.Finish());
  if (!file_.bulletins.emplace(fields.id(), std::move(bulletin)).second) {
    return fields.Refuse("a bulletin of this name stands above");
  }
  return absl::OkStatus();
}

absl::Status CaseFileReader::AddCase(CaseFields fields) {
  if (file_.cases.size() == kMaxCases) {
    return fields.Refuse(absl::StrCat("a file holds at most ", kMaxCases, " cases"));
  }
  ASSIGN_OR_RETURN(const std::string word, fields.Need("action"));
  const CaseActionWord* action = FindCaseAction(word);
  if (action == nullptr) return fields.Refuse(absl::StrCat(Quoted(word), " is no action"));
  PolicyCase policy_case{.line = fields.number(),
                         .id = fields.id(),
                         .action = action->action,
                         .relation = action->relation};
  ASSIGN_OR_RETURN(policy_case.now, TakeMoment(fields, "time", *t0_, *t0_));
  ASSIGN_OR_RETURN(policy_case.expected, fields.Need("expect"));
  if (HasActor(action->action)) RETURN_IF_ERROR(TakeActor(fields, policy_case));
  if (IsAboutBulletin(action->action)) {
    ASSIGN_OR_RETURN(policy_case.bulletin, TakeBulletin(fields, *file_.directory, *t0_));
  }
  RETURN_IF_ERROR(TakeOwnFields(fields, policy_case));
  RETURN_IF_ERROR(fields.Finish());
  file_.cases.push_back(std::move(policy_case));
  return absl::OkStatus();
}

absl::Status CaseFileReader::TakeActor(CaseFields& fields, PolicyCase& policy_case) const {
  ASSIGN_OR_RETURN(const std::string text, fields.Need("actor"));
  ASSIGN_OR_RETURN(policy_case.actor, ParseReader(fields, text));
  const bool by_reading =
      policy_case.action == CaseAction::kRead || policy_case.action == CaseAction::kShare;
  if (!by_reading && !policy_case.actor.member.has_value()) {
    return fields.Refuse("only a member can do this");
  }
  Reader& actor = policy_case.actor;
  ASSIGN_OR_RETURN(actor.in_snapshot, TakeYes(fields, "snapshot", actor.in_snapshot));
  return TakeReaderFacts(fields, "", actor);
}

absl::Status CaseFileReader::TakeOwnFields(CaseFields& fields, PolicyCase& policy_case) const {
  switch (policy_case.action) {
    case CaseAction::kShare:
      return TakeShare(fields, policy_case);
    case CaseAction::kRelate:
      if (const std::optional<std::string> text = fields.Take("label")) {
        ASSIGN_OR_RETURN(policy_case.label, ParseLabel(fields, *text));
      }
      return absl::OkStatus();
    case CaseAction::kLabel:
    case CaseAction::kImport: {
      ASSIGN_OR_RETURN(policy_case.text, fields.Need("text"));
      return absl::OkStatus();
    }
    case CaseAction::kDigest:
    case CaseAction::kSendDigest:
      return TakeItems(fields, policy_case);
    case CaseAction::kParts:
      return TakeParts(fields, policy_case);
    case CaseAction::kQuote:
      return TakeQuote(fields, policy_case);
    default:
      return absl::OkStatus();
  }
}

absl::Status CaseFileReader::TakeShare(CaseFields& fields, PolicyCase& policy_case) const {
  ASSIGN_OR_RETURN(const std::string reader, fields.Need("reader"));
  ASSIGN_OR_RETURN(policy_case.reader, ParseReader(fields, reader));
  RETURN_IF_ERROR(TakeReaderFacts(fields, "reader-", policy_case.reader));
  ASSIGN_OR_RETURN(policy_case.reason_given, TakeYes(fields, "reason", false));
  ASSIGN_OR_RETURN(policy_case.by_share, TakeYes(fields, "by-share", false));
  if (const std::optional<std::string> text = fields.Take("label")) {
    ASSIGN_OR_RETURN(policy_case.label, ParseLabel(fields, *text));
  }
  return absl::OkStatus();
}

absl::Status CaseFileReader::TakeItems(CaseFields& fields, PolicyCase& policy_case) const {
  policy_case.items = fields.TakeList("items");
  policy_case.changed = fields.TakeList("withdrawn");
  if (policy_case.items.size() > kMaxDigestItems) {
    return fields.Refuse(absl::StrCat("a digest has at most ", kMaxDigestItems, " items"));
  }
  for (const auto* names : {&policy_case.items, &policy_case.changed}) {
    for (const std::string& name : *names) {
      if (file_.bulletins.contains(name)) continue;
      return fields.Refuse(absl::StrCat("no bulletin ", Quoted(name), " stands above"));
    }
  }
  return absl::OkStatus();
}

absl::Status CaseFileReader::TakeParts(CaseFields& fields, PolicyCase& policy_case) const {
  ASSIGN_OR_RETURN(const std::string whole, fields.Need("tlp"));
  ASSIGN_OR_RETURN(policy_case.label, ParseLabel(fields, whole));
  for (const std::string& part : fields.TakeList("parts")) {
    ASSIGN_OR_RETURN(const Tlp tlp, ParseLabel(fields, part));
    policy_case.parts.push_back(tlp);
  }
  return absl::OkStatus();
}

absl::Status CaseFileReader::TakeQuote(CaseFields& fields, PolicyCase& policy_case) const {
  ASSIGN_OR_RETURN(const std::string consent, fields.Need("consent"));
  ASSIGN_OR_RETURN(const std::string quotation, fields.Need("as"));
  const bool known = consent == "none" || consent == "anonymous" || consent == "named";
  if (!known) return fields.Refuse("consent is none, anonymous or named");
  if (quotation != "anonymised" && quotation != "named") {
    return fields.Refuse("as is anonymised or named");
  }
  if (consent != "none") {
    policy_case.consent = consent == "named" ? Consent::kNamed : Consent::kAnonymous;
  }
  policy_case.quotation = quotation == "named" ? Quotation::kNamed : Quotation::kAnonymised;
  return absl::OkStatus();
}

absl::StatusOr<Tlp> CaseFileReader::ParseLabel(const CaseFields& fields,
                                               absl::string_view text) const {
  const absl::StatusOr<Tlp> tlp = ParseTlp(text);
  if (!tlp.ok()) return fields.Refuse(tlp.status().message());
  return *tlp;
}

absl::StatusOr<CaseFile> CaseFileReader::Finish(size_t lines) && {
  if (file_.cases.empty()) return RefuseCaseLine(lines, "the file ends without a case");
  return std::move(file_);
}

}  // namespace

absl::StatusOr<CaseFile> ParseCaseFile(absl::string_view text) {
  if (text.size() > kMaxCaseFileBytes) {
    return RefuseCaseLine(1, absl::StrCat("the file is longer than ", kMaxCaseFileBytes, " bytes"));
  }
  CaseFileReader reader;
  size_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    absl::ConsumeSuffix(&line, "\r");
    RETURN_IF_ERROR(reader.Add(line, number));
  }
  return std::move(reader).Finish(number);
}

}  // namespace shield
