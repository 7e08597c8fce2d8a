#include "client/cli/watch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"
#include "client/cli/open_client.h"
#include "client/cli/terminal_text.h"

namespace shield::cli {
namespace {

// What the watching person is told of the line, and when there is no use in waiting.
class Line {
 public:
  Line(Output& out, Clock& clock, absl::Duration patience)
      : out_(out), clock_(clock), give_up_(clock.Now() + patience) {}

  absl::Status Changed(const absl::Status& link) {
    if (link.ok()) {
      if (lost_) out_.Note("shield: the broker is back");
      lost_ = false;
      reached_ = true;
      return absl::OkStatus();
    }
    if (!reached_ && clock_.Now() >= give_up_) return link;
    if (!lost_) {
      out_.Note(
          TerminalLine(absl::StrCat("shield: the broker is lost, trying again: ", link.message())));
    }
    lost_ = true;
    return absl::OkStatus();
  }

 private:
  Output& out_;
  Clock& clock_;
  const absl::Time give_up_;
  bool reached_ = false;
  bool lost_ = false;
};

absl::Status CheckFormat(const Output& out, const WatchOptions& options) {
  if (out.format() != Format::kJson) return absl::OkStatus();
  if (options.max >= 1 && options.max <= kMostInOneObject) return absl::OkStatus();
  return WithHint(UsageError("a watch is a stream, and --json gives one object at its end"),
                  absl::StrCat("use --jsonl, or --max N up to ", kMostInOneObject));
}

}  // namespace

absl::Status Watch(Session& session, const WatchOptions& options) {
  RETURN_IF_ERROR(CheckFormat(session.out(), options));
  ASSIGN_OR_RETURN(const absl::Duration timeout, session.Timeout());
  Line line(session.out(), session.environment().clock, timeout);
  ASSIGN_OR_RETURN(Client client, OpenClient(session, [&line](const absl::Status& link) {
                     return line.Changed(link);
                   }));
  session.environment().interrupt.OnRaise([client]() mutable { client.Stop(); });
  int64_t shown = 0;
  nlohmann::json entries = nlohmann::json::array();
  const absl::Status ended = client.Subscribe([&](const OpenedBulletin& bulletin) {
    PrintBulletin(session.out(), bulletin);
    if (session.out().format() == Format::kJson) {
      entries.push_back(BulletinJson(bulletin));
    } else {
      session.out().Object(BulletinJson(bulletin));
    }
    session.out().Flush();
    if (options.acknowledge) RETURN_IF_ERROR(client.Acknowledge(bulletin.item.seq));
    if (++shown == options.max) client.Stop();
    return absl::OkStatus();
  });
  session.environment().interrupt.Forget();
  // The number asked for has been shown: that is an end, not an interruption.
  const bool complete = options.max > 0 && shown >= options.max;
  const absl::Status outcome = complete ? absl::OkStatus() : ended;
  if (session.out().format() != Format::kJson) return outcome;
  return session.out().ObjectUnless(outcome, {{"entries", std::move(entries)}});
}

}  // namespace shield::cli
