#include "client/cli/published_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/counted.h"
#include "client/cli/plan_text.h"
#include "client/text/terminal_text.h"

namespace shield::cli {

std::string ReachSentence(const PublicationPlan& plan) {
  return absl::StrCat("This ", TlpWithPrefix(plan.tlp), " bulletin reaches ",
                      Counted(plan.recipients.size(), "member"), " of ",
                      Counted(plan.organisations, "organisation"), ".",
                      plan.without_key.empty() ? "" : " Nothing is sealed to ",
                      NamesOf(plan.without_key),
                      plan.without_key.empty() ? "" : ", who have no key now.");
}

nlohmann::json PublishedJson(const Published& published) {
  return {{"id", published.id.ToHex()},
          {"recipients", published.recipients},
          {"directory_version", published.directory_version},
          {"log_index", published.log_index},
          {"told", published.told},
          {"acknowledge_by",
           published.acknowledge_by.has_value() ? PrintTime(*published.acknowledge_by) : ""},
          {"replayed", published.replayed},
          {"without_key", ReadersJson(published.without_key)},
          {"warnings", published.warnings}};
}

void NotePublishedSoFar(Session& session, const Published& published) {
  for (const std::string& warning : published.warnings) {
    session.out().Note(TerminalLine(absl::StrCat("shield: warning: ", WarningSentence(warning))));
  }
  if (published.replayed) {
    session.out().Note("shield: an earlier attempt had published it; it was not sent twice");
  }
}

void NotePublished(Session& session, const Published& published) {
  session.environment().interrupt.Settle();
  NotePublishedSoFar(session, published);
}

void ShowPublished(Session& session, Tlp tlp, const Published& published) {
  NotePublished(session, published);
  PrintPublished(session, tlp, published);
  session.out().Object(PublishedJson(published));
  TellDone(session, IsPublished(published.id));
}

std::string IsPublished(const BulletinId& id) {
  return absl::StrCat("bulletin `", id.ToHex(), "` is published");
}

void TellDone(Session& session, absl::string_view done) {
  if (session.out().Flush().ok()) return;
  session.out().Note(absl::StrCat("shield: ", done, "; do not do it again"));
}

void PrintPublished(Session& session, Tlp tlp, const Published& published) {
  Output& out = session.out();
  out.Line(out.Label(tlp));
  out.Line(absl::StrFormat("published %s to %s (directory %d, log index %d)", published.id.ToHex(),
                           Counted(published.recipients, "member"), published.directory_version,
                           published.log_index));
  if (!published.without_key.empty()) {
    out.Line(absl::StrCat("not sealed to ", NamesOf(published.without_key),
                          ": no key in the directory"));
  }
  if (published.told > 0) {
    out.Line(absl::StrFormat("%d more, who held what it replaces, were told", published.told));
  }
  if (published.acknowledge_by.has_value()) {
    out.Line(absl::StrCat("to be acknowledged by ", PrintTime(*published.acknowledge_by)));
  }
  out.Line(out.Label(tlp));
}

}  // namespace shield::cli
