#include "client/cli/admission_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/counted.h"
#include "client/digest/edition_choice.h"

namespace shield::cli {
namespace {

bool IsIn(const Week& week, absl::Time appeared) {
  return week.begin() <= appeared && appeared < week.end();
}

void AppendBulletin(const Output& out, const BulletinId& id, Tlp tlp, absl::string_view verdict,
                    absl::string_view title, std::vector<std::string>& lines) {
  lines.push_back(
      absl::StrFormat("  %s  %-16s  %s", id.ToHex(), std::string(TlpWithPrefix(tlp)), verdict));
  if (!title.empty()) lines.push_back(TitleLine(title, out.columns()));
}

// Of what has ended, it is told that it has.
std::string VerdictOf(const BriefedBulletin& bulletin) {
  if (bulletin.state == InboxState::kLive) return "may enter";
  return absl::StrCat("may enter, as ", PrintInboxState(bulletin.state));
}

// A rule that does not say by its name what is the matter, with what is.
std::string ReasonOf(const std::string& rule) {
  if (rule != "AUDIENCE_HIDDEN") return rule;
  return absl::StrCat(rule, ", its audience is hidden from this seat");
}

nlohmann::json BulletinOf(const BulletinId& id, Tlp tlp, const std::string& title,
                          absl::Time appeared) {
  return {{"id", id.ToHex()},
          {"tlp", TlpWithPrefix(tlp)},
          {"title", title},
          {"appeared", PrintTime(appeared)}};
}

}  // namespace

Tlp LabelOfAdmission(const Admission& admission, const Week& week, Tlp at_least) {
  Tlp label = at_least;
  for (const BriefedBulletin& bulletin : admission.bulletins) {
    if (IsIn(week, Appeared(bulletin))) label = MostRestrictive(label, bulletin.tlp);
  }
  for (const Admission::Left& left : admission.left_out) {
    if (IsIn(week, left.appeared)) label = MostRestrictive(label, left.tlp);
  }
  return label;
}

std::vector<std::string> AdmissionLines(const Output& out, const Admission& admission,
                                        const Week& week) {
  std::vector<std::string> lines = {absl::StrCat("of ", week.Print(), ":")};
  size_t others = 0;
  for (const BriefedBulletin& bulletin : admission.bulletins) {
    if (IsIn(week, Appeared(bulletin))) {
      AppendBulletin(out, bulletin.id, bulletin.tlp, VerdictOf(bulletin), bulletin.content.title,
                     lines);
    } else {
      ++others;
    }
  }
  size_t others_left = 0;
  for (const Admission::Left& left : admission.left_out) {
    if (IsIn(week, left.appeared)) {
      AppendBulletin(out, left.id, left.tlp, absl::StrCat("may not: ", ReasonOf(left.rule)),
                     left.title, lines);
    } else {
      ++others_left;
    }
  }
  lines.push_back(absl::StrCat("of other weeks ", Counted(others, "bulletin"), " may enter, ",
                               others_left, " may not"));
  return lines;
}

nlohmann::json AdmissionJson(const Admission& admission) {
  nlohmann::json may_enter = nlohmann::json::array();
  for (const BriefedBulletin& bulletin : admission.bulletins) {
    may_enter.push_back(
        BulletinOf(bulletin.id, bulletin.tlp, bulletin.content.title, Appeared(bulletin)));
    may_enter.back()["state"] = PrintInboxState(bulletin.state);
  }
  nlohmann::json left_out = nlohmann::json::array();
  for (const Admission::Left& left : admission.left_out) {
    left_out.push_back(BulletinOf(left.id, left.tlp, left.title, left.appeared));
    left_out.back()["rule"] = left.rule;
  }
  return {{"may_enter", std::move(may_enter)}, {"left_out", std::move(left_out)}};
}

}  // namespace shield::cli
